# Debian packages by CPack: gaussfilt (program, man page, completions), its two libraries, and what one needs to build
# with them. `make deb` configures the preset deb for it: prefix /usr, no run paths.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME gaussfilt)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The gaussfilt authors <gaussfilt@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL core pictures cli dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/src ${PROJECT_BINARY_DIR}/src/pictures)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(soversion ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
set(packaging_dir ${PROJECT_BINARY_DIR}/packaging)
string(TIMESTAMP packaging_date "%a, %d %b %Y %H:%M:%S +0000" UTC)  # heeds SOURCE_DATE_EPOCH

# `component` as the package `package`: its section, its description after the summary, what it depends on besides the
# libraries that dpkg-shlibdeps finds. Copyright and changelog lie where Debian looks for them.
function(gaussfilt_package component package section description depends)
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${package} PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section} PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS "${depends}" PARENT_SCOPE)
  set(CPACK_COMPONENT_${upper}_DESCRIPTION "${description}" PARENT_SCOPE)
  set(changelog ${packaging_dir}/${package}/changelog)
  file(WRITE ${changelog} "${package} (${PROJECT_VERSION}) unstable; urgency=medium\n\n"
    "  * What is new stands in the project's CHANGELOG.md.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${packaging_date}\n")
  if(GAUSSFILT_GZIP)
    execute_process(COMMAND ${GAUSSFILT_GZIP} -9nf ${changelog} COMMAND_ERROR_IS_FATAL ANY)
    set(changelog ${changelog}.gz)
  endif()
  set(place ${CMAKE_INSTALL_DATADIR}/doc/${package})
  install(FILES ${changelog} DESTINATION ${place} COMPONENT ${component})
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${place} RENAME copyright COMPONENT ${component})
endfunction()

# A library's package tells dpkg which package to depend on for its soname, and ldconfig that it is there.
function(gaussfilt_library_package component package library)
  string(TOUPPER ${component} upper)
  set(place ${packaging_dir}/${package})
  file(WRITE ${place}/shlibs "${library} ${soversion} ${package} (>= ${PROJECT_VERSION})\n")
  file(WRITE ${place}/triggers "activate-noawait ldconfig\n")
  set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA "${place}/shlibs;${place}/triggers" PARENT_SCOPE)
endfunction()

set(core_package libgaussfilt${soversion})
set(pictures_package libgaussfilt-pictures${soversion})
set(same "(= ${PROJECT_VERSION})")
gaussfilt_package(core ${core_package} libs "The library." "")
gaussfilt_library_package(core ${core_package} libgaussfilt)
gaussfilt_package(pictures ${pictures_package} libs "The library for picture files." "${core_package} ${same}")
gaussfilt_library_package(pictures ${pictures_package} libgaussfilt_pictures)
gaussfilt_package(cli gaussfilt graphics "The program for picture files and folders."
  "${core_package} ${same}, ${pictures_package} ${same}")
gaussfilt_package(dev libgaussfilt-dev libdevel "Headers, CMake package and pkg-config files of the libraries."
  "${core_package} ${same}, ${pictures_package} ${same}")

include(CPack)
