#!/usr/bin/env bash
# Configures a preset's tree where it is not there yet or lacks one of the named options.
# Usage: tools/configure.sh PRESET OPTION...
# What was switched on stays on, so that run, test and bench share one tree; without GAUSSFILT_TESTS a new tree needs
# no test packages. CMAKE_FLAGS of the environment is handed to cmake.
set -euo pipefail

preset=$1
shift
cache=build/$preset/CMakeCache.txt
read -ra flags <<<"${CMAKE_FLAGS:-}"

if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache; fi
stale=0
for option in "$@"; do
  flags+=("-D$option=ON")
  grep -q "^$option:[A-Z]*=ON" "$cache" 2>/dev/null || stale=1
done
if [[ ! -f build/$preset/build.ninja ]]; then
  cmake --preset "$preset" -DGAUSSFILT_TESTS=OFF "${flags[@]}"
elif ((stale)) || [[ -n "${CMAKE_FLAGS:-}" ]]; then
  cmake "${flags[@]}" "build/$preset"
fi
