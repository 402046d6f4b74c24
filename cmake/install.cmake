# Installation: libraries, headers, CMake package, pkg-config files, in the components core, pictures, cli and dev.
# The tree may be moved after installation: run paths, CMake package and .pc files are relative.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/gaussfilt)
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
set(has_pictures OFF)
if(TARGET gaussfilt_pictures)
  set(has_pictures ON)
endif()

# `file`.pc for `target`: its prefix is found from the file's own place; what a static library needs besides itself
# stands in Requires.private and Libs.private, which pkg-config --static adds.
function(gaussfilt_pkgconfig file description requires requires_private libs_private)
  file(RELATIVE_PATH up /${pkgconfig_dir} /)
  string(REGEX REPLACE "/$" "" up "${up}")
  if(BUILD_SHARED_LIBS)
    set(requires_private "")
    set(libs_private "")
  endif()
  set(name ${file})
  configure_file(${PROJECT_SOURCE_DIR}/cmake/package.pc.in ${PROJECT_BINARY_DIR}/${file}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${file}.pc DESTINATION ${pkgconfig_dir} COMPONENT dev)
endfunction()

# `target` as a library of `component`, with a CMake export of its own, so that a user of the core never meets libvips.
function(gaussfilt_install_library target component export_name)
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${export_name} INSTALL_RPATH "$ORIGIN")
  install(TARGETS ${target} EXPORT ${target}Targets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${component} NAMELINK_COMPONENT dev
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ${component}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(EXPORT ${target}Targets NAMESPACE gaussfilt:: DESTINATION ${package_dir} COMPONENT dev)
endfunction()

if(GAUSSFILT_EXECUTOR STREQUAL "tbb")
  set(executor_module tbb)
  set(executor_libs "")
else()
  set(executor_module "")
  set(executor_libs -pthread)
endif()

gaussfilt_install_library(gaussfilt core gaussfilt)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/gaussfilt ${PROJECT_BINARY_DIR}/include/gaussfilt
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev FILES_MATCHING PATTERN "*.h"
  PATTERN pictures.h EXCLUDE PATTERN region_text.h EXCLUDE PATTERN kernel_text.h EXCLUDE PATTERN convolution.h EXCLUDE
  PATTERN recipe.h EXCLUDE PATTERN files.h EXCLUDE PATTERN sheets.h EXCLUDE)
gaussfilt_pkgconfig(gaussfilt "${PROJECT_DESCRIPTION}" "" "libhwy ${executor_module}" "-lstdc++ -lm ${executor_libs}")

if(has_pictures)
  set(picture_headers pictures.h region_text.h kernel_text.h convolution.h recipe.h files.h sheets.h)
  gaussfilt_install_library(gaussfilt_pictures pictures pictures)
  list(TRANSFORM picture_headers PREPEND ${PROJECT_SOURCE_DIR}/include/gaussfilt/)
  install(FILES ${picture_headers}
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gaussfilt COMPONENT dev)
  gaussfilt_pkgconfig(gaussfilt_pictures "The component pictures of gaussfilt: files in, files out"
    "gaussfilt = ${PROJECT_VERSION}" "vips libexif lcms2 libtiff-4" "-lstdc++")
endif()

if(TARGET gaussfilt_cli)
  file(RELATIVE_PATH lib_from_bin /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
  set_target_properties(gaussfilt_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${lib_from_bin}")
  install(TARGETS gaussfilt_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT cli)
  if(TARGET gaussfilt_cli_documents)
    get_target_property(documents gaussfilt_cli BINARY_DIR)
    install(FILES ${documents}/gaussfilt.1$<$<BOOL:${GAUSSFILT_GZIP}>:.gz> DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT cli)
    install(FILES ${documents}/gaussfilt.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
      RENAME gaussfilt COMPONENT cli)
    install(FILES ${documents}/_gaussfilt DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT cli)
    install(FILES ${documents}/gaussfilt.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT cli)
  endif()
endif()

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/gaussfiltConfig.cmake.in
  ${PROJECT_BINARY_DIR}/gaussfiltConfig.cmake INSTALL_DESTINATION ${package_dir}
  NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/gaussfiltConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/gaussfiltConfig.cmake ${PROJECT_BINARY_DIR}/gaussfiltConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT dev)
