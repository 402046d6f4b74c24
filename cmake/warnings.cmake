# Flags for every target of ours: language level, warnings, visibility, sanitizers.
function(gaussfilt_defaults target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON)
  # Bits must not depend on what the compiler likes to fuse: FMA only where a pass asks for it.
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wshadow -ffp-contract=off
    $<$<BOOL:${GAUSSFILT_WERROR}>:-Werror>)
  if(GAUSSFILT_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${GAUSSFILT_SANITIZE} -fno-sanitize-recover=all
      -fno-omit-frame-pointer -g)
    target_link_options(${target} PUBLIC -fsanitize=${GAUSSFILT_SANITIZE})
  endif()
endfunction()
