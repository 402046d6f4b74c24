# Hidden visibility leaves what the standard library marks as visible; the linker hides that, too.
if(BUILD_SHARED_LIBS AND CMAKE_SYSTEM_NAME STREQUAL "Linux")
  foreach(library IN ITEMS gaussfilt gaussfilt_pictures)
    if(TARGET ${library})
      target_link_options(${library} PRIVATE LINKER:--version-script=${PROJECT_SOURCE_DIR}/cmake/exports.map)
      set_property(TARGET ${library} APPEND PROPERTY LINK_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/exports.map)
    endif()
  endforeach()
endif()
