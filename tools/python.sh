#!/usr/bin/env bash
# The Python package in a virtual environment of the project's own, build/venv: made where it is missing, brought up to
# date where a source is newer. Says nothing where there is nothing to do.
# Usage: tools/python.sh GROUP...      groups of tools/requirements.txt; build is always among them
set -euo pipefail
cd "$(dirname "$0")/.."

venv=build/venv
stamps=$venv/stamps
pip=("$venv/bin/python" -m pip --disable-pip-version-check -q)

if [[ ! -d $stamps ]]; then
  echo "python: making $venv"
  python3 -m venv --clear "$venv"
  mkdir "$stamps"
fi

for group in build "$@"; do
  mapfile -t wanted < <(sed -n "s/^$group: *//p" tools/requirements.txt | tr ' ' '\n')
  if ((${#wanted[@]} == 0)); then
    echo "python: no group '$group' in tools/requirements.txt" >&2
    exit 2
  fi
  [[ $(cat "$stamps/$group" 2>/dev/null) == "${wanted[*]}" ]] && continue
  echo "python: installing ${wanted[*]}"
  "${pip[@]}" install "${wanted[@]}"
  echo "${wanted[*]}" >"$stamps/$group"
done

sources=(include src faces python cmake CMakeLists.txt pyproject.toml README.md)
if [[ ! -f $stamps/package || -n $(find "${sources[@]}" -newer "$stamps/package" -type f ! -name '*.pyc' -print -quit) ]]; then
  echo "python: building and installing the package"
  touch "$stamps/package.begun"
  if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache; fi
  CXX=${CXX:-c++} CMAKE_BUILD_PARALLEL_LEVEL=${JOBS:-$(nproc)} "${pip[@]}" install --no-build-isolation --no-deps --force-reinstall \
    --config-settings cmake.define.GAUSSFILT_WERROR=ON .
  mv "$stamps/package.begun" "$stamps/package"
fi
