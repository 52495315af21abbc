#!/usr/bin/env bash
# What only a CUDA card can prove, in one run of a few minutes on a machine that has one, a CUDA
# toolkit and a LibTorch that Python installed, and no network:
#
#   tests/gpu.sh fetch             with a network: what a bare machine lacks, into carry/
#   tests/gpu.sh [RESULTS]         everything; RESULTS is a folder, build-gpu/results if not given
#
# Builds the colorizer with both backends and the card's benchmark, without GStreamer, runs the tests
# of the model and the colorizer, a short stream under compute-sanitizer, and the benchmark. Each
# phase has its own time limit, all together 8 minutes. RESULTS gets gpu.json, gpu.md and a log of
# each phase. What could not run is listed as skipped with its reason; ends with 1 where a phase
# failed, not where one was skipped.
#
# Environment: BUILD_DIR  where to build (default: build-gpu in the repository)
#              LIBTORCH   folder of a LibTorch with CUDA (default: that of python3)
# shellcheck disable=SC2317  # functions that phase() calls by their names
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${BUILD_DIR:-$root/build-gpu}
packages=$root/carry

# What compiles and tests, beside nvcc, g++ and ninja: 4 MB in all. Meson as its wheel, which runs in
# every Python.
needed=(libgtest-dev libgmock-dev googletest libbenchmark-dev libbenchmark1debian nlohmann-json3-dev)
meson_wheel=meson==1.5.2

if [ "${1:-}" = fetch ]; then
  mkdir -p "$packages"
  (cd "$packages" && apt-get -q=2 download "${needed[@]}" &&
    pip3 download --quiet --no-deps --only-binary=:all: --dest . "$meson_wheel")
  du -sh "$packages"
  exit
fi

results=${1:-$build/results}
mkdir -p "$build" "$results"
rows=$results/phases.tsv
: >"$rows"

note() { # PHASE STATE SECONDS TEXT
  printf '%s\t%s\t%s\t%s\n' "$@" | tee -a "$rows"
}

# Runs a command within its limit; its last line of output says what was found.
phase() { # NAME LIMIT COMMAND...
  local name=$1 limit=$2 from=$SECONDS status=0
  shift 2
  local log=$results/$name.log
  timeout --kill-after=5 "$limit" "$@" >"$log" 2>&1 || status=$?
  local text
  text=$(grep -v '^[[:space:]]*$' "$log" | tail -1 | cut -c1-200)
  case $status in
    0) note "$name" passed $((SECONDS - from)) "$text" ;;
    124 | 137) note "$name" failed $((SECONDS - from)) "stopped after $limit s" ;;
    *) note "$name" failed $((SECONDS - from)) "$text" ;;
  esac
  return "$status"
}

skip() { # NAME REASON
  note "$1" skipped 0 "$2"
}

# --- what is here ---

# Packages that were brought along, in a folder of their own.
unpack() {
  local file prefix=$build/packages
  for file in "$packages"/*.deb; do dpkg -x "$file" "$prefix"; done
  python3 -m zipfile -e "$packages"/meson-*.whl "$prefix/python"
  mkdir -p "$prefix/usr/bin"
  printf '#!/bin/sh\nPYTHONPATH=%s exec python3 -m mesonbuild.mesonmain "$@"\n' "$prefix/python" \
    >"$prefix/usr/bin/meson"
  chmod +x "$prefix/usr/bin/meson"
  export PATH=$prefix/usr/bin:$PATH
  export CPLUS_INCLUDE_PATH=$prefix/usr/include
  export LIBRARY_PATH=$prefix/usr/lib/x86_64-linux-gnu LD_LIBRARY_PATH=$prefix/usr/lib/x86_64-linux-gnu
  export PKG_CONFIG_PATH=$prefix/usr/lib/x86_64-linux-gnu/pkgconfig:$prefix/usr/share/pkgconfig
  # Their files name the folders of a system that they are not installed on.
  export PKG_CONFIG_SYSROOT_DIR=$prefix
}

card=$(nvidia-smi --query-gpu=name,driver_version,compute_cap --format=csv,noheader 2>/dev/null | head -1)
torch=$(python3 -c 'import os, torch; print(os.path.dirname(torch.__file__))' 2>/dev/null) || torch=
torch=${LIBTORCH:-$torch}
if [ -z "$card" ]; then no_card="no CUDA card: nvidia-smi names none"; else no_card=; fi
capability=$(printf '%s' "${card##*, }" | tr -d .)

[ ! -d "$packages" ] || unpack
missing=
for program in nvcc meson ninja g++; do command -v "$program" >/dev/null || missing+=" $program"; done
[ -n "$torch" ] || missing+=" LibTorch"
note machine "$([ -n "$card" ] && echo passed || echo skipped)" 0 "${card:-$no_card}; LibTorch ${torch:-none}"

# --- phases ---

compile() {
  set -e
  [ -f "$build/meson/build.ninja" ] ||
    meson setup "$build/meson" "$root" --buildtype=release "-Dlibtorch=$torch" -Dcuda=enabled \
      "-Dgpu-architectures=${capability:-90}" -Delement=false -Dtraining=false
  ninja -C "$build/meson" tests/colorizer/colorizer-tests tests/benchmark/card-benchmark
}

tests=$build/meson/tests/colorizer/colorizer-tests
benchmarks=$build/meson/tests/benchmark
on_card='*Card*:*Kernels*:*Cuda*'

run_tests() { # FILTER
  "$tests" --gtest_filter="$1" --gtest_brief=1 >"$results/cases.log" 2>&1
  local status=$?
  cat "$results/cases.log"
  awk '/tests ran|tests from .* ran/ {ran = $2} /PASSED/ {passed = $4} /SKIPPED/ && $4 ~ /^[0-9]+$/ {skipped = $4}
    END {printf "%d ran, %d passed, %d skipped\n", ran, passed, skipped}' "$results/cases.log"
  # Where there is a card, a test that finds none has failed.
  if [ -n "$card" ] && grep -q SKIPPED "$results/cases.log"; then status=1; fi
  return "$status"
}

sanitize() { # TOOL
  compute-sanitizer --tool "$1" --error-exitcode 9 "$tests" \
    --gtest_filter='*ColoursFramesOnACard*:*DoSoOnACard/2' --gtest_brief=1
}

measure() {
  "$benchmarks/card-benchmark" --benchmark_min_time=0.5 \
    --benchmark_out="$results/benchmark.json" --benchmark_out_format=json
}
export -f compile run_tests sanitize measure
export root build results torch card capability tests benchmarks

built=
if [ -n "$missing" ]; then
  skip build "missing:$missing"
elif phase build 200 bash -c compile; then
  built=yes
fi
if [ -z "$built" ]; then
  for name in tests-on-card memcheck racecheck benchmark; do skip "$name" "nothing was built"; done
elif [ -n "$no_card" ]; then
  phase tests-on-host 120 bash -c "run_tests '$on_card'"
  for name in tests-on-card memcheck racecheck benchmark; do skip "$name" "$no_card"; done
else
  phase tests-on-card 90 bash -c "run_tests '$on_card'"
  for tool in memcheck racecheck; do
    if command -v compute-sanitizer >/dev/null; then
      phase "$tool" 60 bash -c "sanitize $tool"
    else
      skip "$tool" "no compute-sanitizer on this machine"
    fi
  done
  phase benchmark 60 bash -c measure
fi
skip element "needs GStreamer's packages and decoder, which are not brought along"

# --- the tables ---

python3 - "$results" <<'PYTHON'
import json
import pathlib
import sys

results = pathlib.Path(sys.argv[1])
names = ('phase', 'state', 'seconds', 'found')
phases = [dict(zip(names, line.split('\t'))) for line in (results / 'phases.tsv').read_text().splitlines()]
for phase in phases:
    phase['seconds'] = int(phase['seconds'])
measured = results / 'benchmark.json'
benchmarks = json.loads(measured.read_text())['benchmarks'] if measured.is_file() else []
(results / 'gpu.json').write_text(json.dumps({'phases': phases, 'benchmarks': benchmarks}, indent=1) + '\n')
counters = ('waits', 'allocations', 'outside_network', 'of_copy', 'luma_codes', 'chroma_codes', 'first_MB', 'second_MB')
table = ['| phase | state | s | found |', '| --- | --- | --- | --- |']
table += [f'| {p["phase"]} | {p["state"]} | {p["seconds"]} | {p["found"]} |' for p in phases]
if benchmarks:
    table += ['', '| benchmark | must reach | us | frames/s | GB/s | and |', '| --- | --- | --- | --- | --- | --- |']
    for line in benchmarks:
        if line.get('error_occurred'):
            table.append(f'| {line["name"]} | | | | | {line["error_message"]} |')
            continue
        rate = f'{line["items_per_second"]:.0f}' if 'items_per_second' in line else ''
        moved = f'{line["bytes_per_second"] / 1e9:.0f}' if 'bytes_per_second' in line else ''
        more = ', '.join(f'{name} {line[name]:.3g}' for name in counters if name in line)
        table.append(f'| {line["name"]} | {line.get("label", "")} | {line["real_time"]:.0f} | {rate} | {moved} | {more} |')
(results / 'gpu.md').write_text('\n'.join(table) + '\n')
sys.exit(any(p['state'] == 'failed' for p in phases))
PYTHON
status=$?
cat "$results/gpu.md"
exit "$status"
