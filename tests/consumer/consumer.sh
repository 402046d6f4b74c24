#!/usr/bin/env bash
# Builds project/ against gaussfilt in one way, runs it, and lets its exit code decide.
# Usage: consumer.sh STEP WORK_DIR PICTURES [BUILD_TREE]
#   install BUILD_TREE    installs into WORK_DIR/first, then moves that to WORK_DIR/prefix: packages must not mind
#   find_package          an installed gaussfilt, by CMake
#   pkg_config            an installed gaussfilt, by pkg-config and the compiler alone
#   components            refuses a component that is not installed
#   subdirectory          gaussfilt as a part of the project, static; installed from there as well
#   static                the static one that `subdirectory` installed, by CMake and by pkg-config
# The environment has CXX, SOURCE (of gaussfilt), LIBDIR (relative) and JOBS.
set -euo pipefail

step=$1
work=$2
pictures=$3
project=$SOURCE/tests/consumer/project
mkdir -p "$work"

cmake_consumer() {  # name, options: configures, builds, runs
  local build=$work/$1
  shift
  rm -rf "$build/CMakeCache.txt"
  cmake -S "$project" -B "$build" -G Ninja -DCMAKE_CXX_COMPILER="$CXX" -DWITH_PICTURES="$pictures" "$@"
  cmake --build "$build" -j "$JOBS"
  "$build/consumer"
}

pkg_config_consumer() {  # prefix, pkg-config options
  local prefix=$1
  shift
  local modules=(gaussfilt) defines=()
  if [[ $pictures == ON ]]; then
    modules+=(gaussfilt_pictures)
    defines=(-DWITH_PICTURES)
  fi
  export PKG_CONFIG_PATH=$prefix/$LIBDIR/pkgconfig
  local flags
  read -ra flags <<<"$(pkg-config --cflags --libs "$@" "${modules[@]}" | tr '\n' ' ')"
  [[ "${flags[*]}" == *"$prefix"* ]] || { echo "the .pc files do not follow the prefix: ${flags[*]}"; exit 1; }
  "$CXX" -std=c++20 "${defines[@]}" "$project/main.cpp" -o "$work/plain" "${flags[@]}"
  LD_LIBRARY_PATH=$prefix/$LIBDIR "$work/plain"
}

case $step in
  install)
    rm -rf "$work/first" "$work/prefix"
    cmake --install "$4" --prefix "$work/first" >/dev/null
    mv "$work/first" "$work/prefix"
    if [[ -x $work/prefix/bin/gaussfilt ]]; then "$work/prefix/bin/gaussfilt" --version; fi
    # Nothing private, and no path of the build.
    if grep -rlF -e "$4" -e "$work/first" "$work/prefix" --include='*.cmake' --include='*.pc' --include='*.h'; then
      echo "the files above name the build tree or the first prefix"
      exit 1
    fi
    ;;
  find_package) cmake_consumer found -DCMAKE_PREFIX_PATH="$work/prefix" ;;
  pkg_config) pkg_config_consumer "$work/prefix" ;;
  components)
    printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(x LANGUAGES CXX)' \
      'find_package(gaussfilt REQUIRED COMPONENTS cuda)' >"$work/CMakeLists.txt"
    rm -rf "$work/refused"
    if cmake -S "$work" -B "$work/refused" -DCMAKE_PREFIX_PATH="$work/prefix" >"$work/refused.log" 2>&1; then
      echo "a component that does not exist was found"
      exit 1
    fi
    tr -s ' \n' ' ' <"$work/refused.log" | grep -o "gaussfilt is installed without the component 'cuda'\|installed without the component 'cuda'"
    ;;
  subdirectory)
    # Compiled with the flags of the library itself, it comes out of the compiler's cache.
    cmake_consumer sub -DGAUSSFILT_SOURCE="$SOURCE" -DGAUSSFILT_PICTURES="$pictures" -DBUILD_SHARED_LIBS=OFF \
      -DGAUSSFILT_INSTALL=ON -DCMAKE_BUILD_TYPE=Release -DGAUSSFILT_WERROR=ON -DCMAKE_INSTALL_LIBDIR="$LIBDIR"
    rm -rf "$work/static"
    cmake --install "$work/sub" --prefix "$work/static" >/dev/null
    ;;
  static)
    cmake_consumer found_static -DCMAKE_PREFIX_PATH="$work/static"
    pkg_config_consumer "$work/static" --static
    ;;
  *)
    echo "unknown step '$step'" >&2
    exit 2
    ;;
esac
