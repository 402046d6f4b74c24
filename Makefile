# The short front door. Each target does its own set-up; what it needs is listed in tools/packages.txt.
#
#   make run                      blur the picture of the repository; result and before/after lie in out/
#   make run ARGS="blur photo.jpg out.jpg --sigma 4"      any command line of gaussfilt
#   make test                     build everything with -Werror, run every test
#   make test-peers               scikit-image's and Pillow's own tests against gaussfilt.skimage and gaussfilt.pillow
#   make deb                      Debian packages: program, libraries, headers
#   make docs                     docs/cli/tasks.md, docs/kernels.md and the pictures of docs/gallery.md
#   make bench-quick              the benchmarks on smaller pictures, in under two minutes; results in out/bench
#   make calibrate                src/methods/cost.h, the constants of the cost model, measured on this machine
#   make accuracy                 stated bounds beside measured errors; the table is bench/results/accuracy.md
#   make bench  make bench-pictures  make bench-apply  make check  make lint  make format  make clean
#   make check STAGES="asan fresh"                        some stages of the campaign; tools/check.sh lists them
#
# JOBS=N limits the compilers and tests at work; CMAKE_FLAGS=... is handed to cmake.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := run
.PHONY: setup run test test-peers deb docs bench bench-quick calibrate accuracy bench-pictures bench-apply check lint format clean
MAKEFLAGS += --no-print-directory

JOBS ?= $(shell nproc)
export JOBS CMAKE_FLAGS
# The Python package and the library are made of the same files: what the compiler made of one serves the other.
export CCACHE_DIR ?= $(CURDIR)/build/ccache
export CCACHE_NOHASHDIR ?= 1
is_default := $(if $(ARGS),,yes)
ARGS ?= blur examples/sample.png out/sample-blurred.png --sigma 4 --compare out/sample-compare.png
release := build/release
gaussfilt := $(release)/cli/gaussfilt
python := build/venv/bin/python

setup:
	@tools/setup.sh build pictures test bench

# Says nothing where nothing is to be built. Without ARGS the README's Python lines run too.
run:
	@tools/setup.sh build pictures $(if $(is_default),python)
	@tools/configure.sh release GAUSSFILT_CLI
	@ninja -C $(release) -n gaussfilt_cli | grep -q 'no work to do' || ninja -C $(release) -j $(JOBS) gaussfilt_cli
	@mkdir -p out
	@$(gaussfilt) $(ARGS)
	@$(if $(is_default),tools/python.sh && $(python) examples/first.py)

# A failed build is a failed test: the closing line says so.
test:
	@tools/setup.sh build pictures test python
	@{ tools/configure.sh release GAUSSFILT_CLI GAUSSFILT_TESTS GAUSSFILT_WERROR && cmake --build $(release) -j $(JOBS) && \
	  tools/python.sh test; } || { echo "0 passed, 1 failed"; exit 1; }
	@tools/test.py $(release) --venv build/venv

# scikit-image's and Pillow's own tests of these filters, against ours. Their sdists come from pip's index once, into
# build/peers.
test-peers:
	@tools/setup.sh build python
	@tools/python.sh test
	@$(python) python/tests/peers.py build/peers

# Debian packages for this machine, in build/deb/packages.
deb:
	@tools/setup.sh build pictures deb
	@tools/configure.sh deb GAUSSFILT_CLI
	@cmake --build build/deb -j $(JOBS)
	@cd build/deb && cpack -G DEB -B packages >packages.log 2>&1 || { cat packages.log; exit 1; }
	@ls build/deb/packages/*.deb

docs:
	@tools/setup.sh build pictures python
	@tools/python.sh docs
	@$(python) docs/gallery.py --out docs/images/gallery
	@tools/configure.sh release GAUSSFILT_CLI
	@cmake --build $(release) -j $(JOBS) --target gaussfilt_cli
	@$(python) docs/cli/tasks.py --program $(gaussfilt)
	@$(python) docs/kernels.py $(gaussfilt)

# The tables and plots of bench/results, for this machine.
bench: results := bench/results
bench-quick: results := out/bench
bench-quick: sizes := --quick
bench bench-quick:
	@tools/setup.sh build pictures test bench python
	@tools/configure.sh release GAUSSFILT_BENCH
	@cmake --build $(release) -j $(JOBS) --target bench_filters calibrate
	@tools/python.sh bench vips
	@mkdir -p $(results)
	@python3 bench/filters.py --bench $(release)/bench/bench_filters $(sizes) --markdown $(results)/filters.md
	@$(python) bench/rivals.py $(sizes) $(BENCH_ARGS) --json $(results)/rivals.json --markdown $(results)/rivals.md \
	  --plots $(results)

# Commit what it writes only from a machine that rested: it decides which arithmetic the planner takes, everywhere.
calibrate:
	@tools/setup.sh build pictures test bench
	@tools/configure.sh release GAUSSFILT_BENCH
	@cmake --build $(release) -j $(JOBS) --target calibrate
	@$(release)/bench/calibrate >$(release)/cost.h
	@mv $(release)/cost.h src/methods/cost.h

# Fails where a measured error is over its bound; takes half a minute.
accuracy:
	@tools/setup.sh build pictures test bench
	@tools/configure.sh release GAUSSFILT_BENCH
	@cmake --build $(release) -j $(JOBS) --target accuracy
	@mkdir -p bench/results
	@$(release)/bench/accuracy | tee bench/results/accuracy.md

# The program beside other programs, whole processes; run it on a quiet machine.
bench-pictures:
	@tools/setup.sh build pictures python bench-pictures
	@tools/configure.sh release GAUSSFILT_CLI
	@cmake --build $(release) -j $(JOBS) --target gaussfilt_cli
	@tools/python.sh bench
	@$(python) bench/pictures.py --program $(gaussfilt) $(BENCH_ARGS) --markdown bench/results/pictures.md

# A thousand small pictures beside a loop with Pillow.
bench-apply:
	@tools/setup.sh build pictures python
	@tools/configure.sh release GAUSSFILT_CLI
	@cmake --build $(release) -j $(JOBS) --target gaussfilt_cli
	@tools/python.sh test
	@$(python) bench/apply.py --program $(gaussfilt) $(BENCH_ARGS)

check:
	@tools/setup.sh build pictures python test bench check
	@tools/check.sh $(STAGES)

lint:
	@tools/setup.sh build pictures python test check
	@tools/check.sh lint

format:
	@tools/setup.sh test
	@python3 tests/policy/format.py --write

clean:
	rm -rf build/release build/deb build/dev build/asan build/tsan build/clang out
