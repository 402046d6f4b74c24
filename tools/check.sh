#!/usr/bin/env bash
# The long campaign: what one runs before closing an issue. Usage: tools/check.sh [STAGE...]; without a stage, all:
#   lint       clang-tidy on library, command line and reference
#   clang      build and tests with clang++, the second compiler; the Python module is built too
#   asan       build and tests with AddressSanitizer and UndefinedBehaviorSanitizer
#   fuzz       recipes, files of regions, kernels and Gaussians under libFuzzer, FUZZ_SECONDS (default 20) each
#   tsan       the core and its tests with ThreadSanitizer, on the std::thread executor
#   python     the Python tests with new and more examples, the peers' own tests, wheels of every python3.N at hand
#   browser    the page of `gaussfilt report` in headless Chromium
#   fresh      `make run` and `make test` from a clone, in a minimal Debian 12 with nothing but git and make
#   deb        `make deb` in a minimal Debian 12; its packages installed and used in another one that has nothing else
#   highway12  `make test` in Debian 13, with Highway 1.2 and a newer compiler
#   aarch64    cross-built for arm64; golden and property tests under qemu-user
# The last four need root (sudo), for debootstrap and chroot; their systems lie in build/roots (GAUSSFILT_ROOTS),
# outside which nothing is written. Logs: build/check/STAGE.log.
set -euo pipefail
cd "$(dirname "$0")/.."

all=(lint clang asan fuzz tsan python browser fresh deb highway12 aarch64)
roots=${GAUSSFILT_ROOTS:-build/roots}
JOBS=${JOBS:-$(nproc)}
export JOBS

as_root() {
  if ((EUID == 0)); then "$@"; else sudo --preserve-env=JOBS "$@"; fi
}

build_preset() {
  tools/configure.sh "$1" GAUSSFILT_TESTS
  cmake --build "build/$1" -j "$JOBS"
}

configure_clang() {
  tools/python.sh
  CMAKE_FLAGS="${CMAKE_FLAGS:-} -DPython_EXECUTABLE=$PWD/build/venv/bin/python" \
    tools/configure.sh clang GAUSSFILT_TESTS GAUSSFILT_PYTHON
}

stage_lint() {
  configure_clang
  run-clang-tidy -quiet -p build/clang -j "$JOBS" "$PWD/(src|faces|cli|python|reference)/.*\.cpp$" 2>&1 |
    { grep -v -E '^(clang-tidy|[^ ]*[0-9]+ warnings? |Use -header-filter|Suppressed )' || true; }
}

stage_clang() {
  configure_clang
  cmake --build build/clang -j "$JOBS"
  tools/test.py build/clang
}

stage_asan() {
  build_preset asan
  ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1 \
    LSAN_OPTIONS=suppressions=$PWD/tools/lsan.supp:print_suppressions=0 tools/test.py build/asan
}

stage_fuzz() {
  local name seconds=${FUZZ_SECONDS:-20}
  tools/configure.sh fuzz GAUSSFILT_FUZZ
  cmake --build build/fuzz -j "$JOBS" --target fuzz_recipe fuzz_regions fuzz_kernel fuzz_gaussian
  python3 fuzz/corpus.py build/fuzz/corpus
  for name in recipe regions kernel gaussian; do
    mkdir -p "build/fuzz/found/$name"
    LSAN_OPTIONS=suppressions=$PWD/tools/lsan.supp:print_suppressions=0 "build/fuzz/fuzz/fuzz_$name" -max_total_time="$seconds" \
      -max_len=4096 -timeout=10 -print_final_stats=1 -artifact_prefix="build/fuzz/$name-" "build/fuzz/found/$name" \
      "build/fuzz/corpus/$name"
  done
}

stage_tsan() {
  build_preset tsan
  local still=(setarch "$(uname -m)" -R)  # ThreadSanitizer of g++ 12 cannot bear much randomness of addresses
  "${still[@]}" true 2>/dev/null || still=()
  "${still[@]}" tools/test.py build/tsan
}

stage_python() {
  tools/python.sh test
  GAUSSFILT_EXAMPLES=${GAUSSFILT_EXAMPLES:-500} build/venv/bin/python -m pytest -q -n "$JOBS" \
    --hypothesis-profile=campaign python/tests
  build/venv/bin/python python/tests/peers.py build/peers
  local python version
  for version in 3.12 3.13 3.14; do
    python=$(command -v "python$version") && "$python" -c 'import venv' 2>/dev/null || continue
    rm -rf "build/venv-$version"
    "$python" -m venv "build/venv-$version"
    "build/venv-$version/bin/python" -m pip -q --disable-pip-version-check install . pytest hypothesis numpy scipy
    "build/venv-$version/bin/python" -m gaussfilt
    "build/venv-$version/bin/python" -m pytest -q python/tests/test_gaussian.py python/tests/test_threads.py \
      python/tests/test_errors.py python/tests/test_memory.py python/tests/test_composites.py
  done
}

# Without a browser `make test` leaves these out; here they must run.
stage_browser() {
  tools/configure.sh release GAUSSFILT_CLI
  cmake --build build/release -j "$JOBS" --target gaussfilt_cli
  tools/python.sh test
  GAUSSFILT_BROWSER=required GAUSSFILT_PROGRAM=build/release/cli/gaussfilt build/venv/bin/python -m pytest -q \
    tests/cli/test_report_page.py
}

# Puts the project into the home of user dev: the last commit, or the working tree where that differs from it.
project_into() {
  local home=$1/srv/dev
  as_root rm -rf "$home/gaussfilt"
  if git rev-parse -q --verify HEAD >/dev/null && [[ -z $(git status --porcelain) ]]; then
    as_root git -c safe.directory='*' clone -q "file://$PWD" "$home/gaussfilt"
  else
    echo "the working tree has uncommitted changes: it is what is tested"
    as_root mkdir "$home/gaussfilt"
    git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
      [[ -e $file ]] && printf '%s\0' "$file"
    done | tar --null -T - -c | as_root tar -x -C "$home/gaussfilt"
  fi
  as_root chroot "$1" chown -R dev:dev /srv/dev
}

new_root() { as_root tools/debian_root.sh new "$1" "$2" && project_into "$2"; }
in_root() { as_root tools/debian_root.sh in "$@"; }

stage_fresh() {
  local root=$roots/fresh
  new_root bookworm "$root"
  in_root "$root" dev '! command -v g++ && ! command -v cmake'
  in_root "$root" dev 'cd gaussfilt && make run && test -s out/sample-blurred.png && test -s out/sample-compare.png'
  in_root "$root" dev 'cd gaussfilt && make run >second.log 2>&1 && cat second.log && rm out/*'
  if as_root grep -E 'setup:|\[[0-9]+/[0-9]+\]|-- ' "$root/srv/dev/gaussfilt/second.log"; then
    echo "the second 'make run' set up or built something"
    return 1
  fi
  in_root "$root" dev 'cd gaussfilt && make run ARGS="blur examples/sample.png \"out/two words.png\" --sigma 1" && test -s "out/two words.png"'
  in_root "$root" dev 'cd gaussfilt && .ci/run'
  as_root tools/debian_root.sh remove "$root"
}

stage_deb() {
  local root=$roots/deb user=$roots/deb-user
  new_root bookworm "$root"
  in_root "$root" dev 'cd gaussfilt && make deb'
  in_root "$root" root 'apt-get install -y --no-install-recommends lintian >/dev/null'
  in_root "$root" dev 'lintian --fail-on error gaussfilt/build/deb/packages/*.deb'
  new_root bookworm "$user"
  as_root cp -r "$root/srv/dev/gaussfilt/build/deb/packages" "$user/srv/packages"
  as_root tools/debian_root.sh remove "$root"
  in_root "$user" root 'apt-get -qq update && apt-get install -y --no-install-recommends man-db >/dev/null'
  in_root "$user" root 'cd /srv/packages && rm ./*-dev_*.deb && apt-get install -y --no-install-recommends ./*.deb'
  in_root "$user" dev 'gaussfilt --version && man -w gaussfilt && test -s /usr/share/bash-completion/completions/gaussfilt'
  in_root "$user" dev 'gaussfilt blur gaussfilt/examples/sample.png out.png --sigma 4 && gaussfilt info out.png'
  in_root "$user" root 'apt-get purge -y gaussfilt "libgaussfilt*" >/dev/null && ! command -v gaussfilt'
  as_root tools/debian_root.sh remove "$user"
}

stage_highway12() {
  local root=$roots/highway12
  new_root trixie "$root"
  in_root "$root" dev 'cd gaussfilt && make test'
  in_root "$root" dev 'dpkg-query -W libhwy-dev g++ && dpkg --compare-versions "$(dpkg-query -W -f "\${Version}" libhwy-dev)" ge 1.2'
  as_root tools/debian_root.sh remove "$root"
}

stage_aarch64() {
  local root=$roots/aarch64
  new_root bookworm "$root"
  in_root "$root" root 'dpkg --add-architecture arm64'
  in_root "$root" dev 'cd gaussfilt && tools/setup.sh aarch64'
  in_root "$root" dev 'cd gaussfilt && cmake -S . -B build/aarch64 -G Ninja -DGAUSSFILT_PICTURES=OFF \
    -DCMAKE_TOOLCHAIN_FILE=cmake/aarch64.cmake && cmake --build build/aarch64 -j $JOBS && tools/test.py build/aarch64'
  as_root tools/debian_root.sh remove "$root"
}

if [[ ${1:-} == --stage ]]; then  # one stage in a shell of its own, so that any failing command ends it
  "stage_$2"
  exit
fi

wanted=("$@")
((${#wanted[@]})) || wanted=("${all[@]}")
for stage in "${wanted[@]}"; do
  if [[ " ${all[*]} " != *" $stage "* ]]; then
    echo "check: no stage '$stage'; there are: ${all[*]}" >&2
    exit 2
  fi
done

mkdir -p build/check
summary=()
failed=0
for stage in "${wanted[@]}"; do
  log=build/check/$stage.log
  echo "== $stage (log: $log)"
  begin=$SECONDS
  if "$BASH" tools/check.sh --stage "$stage" >"$log" 2>&1; then
    verdict=PASS
  else
    verdict=FAIL
    failed=$((failed + 1))
    tail -n 40 "$log"
  fi
  counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1 || true)
  summary+=("$(printf '%s  %-10s %5d s  %s' "$verdict" "$stage" $((SECONDS - begin)) "$counts")")
  echo "${summary[-1]}"
done

echo
printf '%s\n' "${summary[@]}"
((failed == 0))
