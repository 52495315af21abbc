#!/usr/bin/env bash
# What only a CUDA card can prove, in one run of a few minutes on a machine that has one, a CUDA
# toolkit and a LibTorch that Python installed, and no network:
#
#   tests/gpu.sh fetch             with a network: what a bare machine lacks, into carry/
#   tests/gpu.sh [RESULTS]         everything; RESULTS is a folder, build-gpu/results if not given
#
# Builds the colorizer with both backends and the card's benchmark, runs the tests of the colorizer, a
# short stream under compute-sanitizer, and the benchmark; with the GStreamer that was brought along
# (else this is skipped) also the element, its tests and two pipelines, then films from nvh264dec into a
# sink (card_films.py). Each phase has its own time limit, all together 8 minutes. RESULTS gets
# gpu.json, gpu.md and a log of each phase. What could not run is listed as skipped with its reason; ends
# with 1 where a phase failed, not where one was skipped.
#
# Environment: BUILD_DIR  where to build (default: build-gpu in the repository)
#              LIBTORCH   folder of a LibTorch with CUDA (default: that of python3)
# shellcheck disable=SC2317  # functions that phase() calls by their names
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${BUILD_DIR:-$root/build-gpu}
packages=$root/carry

# What compiles and tests, beside nvcc, g++ and ninja. Meson as its wheel, which runs in every Python.
needed=(libgtest-dev libgmock-dev googletest libbenchmark-dev libbenchmark1debian nlohmann-json3-dev
  pkgconf pkgconf-bin libpkgconf3)
# GStreamer with its library for CUDA, its own CUDA elements, and all that these load: 18 MB with the
# above.
needed+=(libgstreamer1.0-0 libgstreamer1.0-dev gstreamer1.0-tools libgstreamer-plugins-base1.0-0
  libgstreamer-plugins-base1.0-dev gstreamer1.0-plugins-base libgstreamer-plugins-bad1.0-0
  libgstreamer-plugins-bad1.0-dev gstreamer1.0-plugins-bad libgstreamer-gl1.0-0
  libglib2.0-0 libglib2.0-dev liborc-0.4-0 libunwind8 libdw1 libelf1 libcap2 libffi8 libpcre2-8-0
  libmount1 libblkid1 libselinux1 libgudev-1.0-0 libudev1 libgraphene-1.0-0 libjpeg62-turbo libpng16-16
  zlib1g-dev libgl-dev libgles-dev libgles2 libgl1 libegl1 libglx0 libglvnd0 libgbm1 libdrm2 libexpat1 libx11-6 libx11-xcb1 libxcb1
  libxau6 libxdmcp6 libbsd0 libmd0 libwayland-client0 libwayland-cursor0 libwayland-egl1
  libwayland-server0)
meson_wheel=meson==1.5.2

# Grey moving pictures for a machine that has no encoder: 12 s, 1 and 3 MB.
make_film() { # HEIGHT
  ffmpeg -v error -nostdin -y -f lavfi -i "testsrc2=size=$(($1 * 16 / 9))x$1:rate=25" -vf hue=s=0 \
    -frames:v 300 -c:v libx264 -preset veryfast -crf 32 -g 100 -pix_fmt yuv420p \
    "$packages/film-$1.h264"
}

if [ "${1:-}" = fetch ]; then
  mkdir -p "$packages"
  (cd "$packages" && apt-get -q=2 download "${needed[@]}" &&
    pip3 download --quiet --no-deps --only-binary=:all: --dest . "$meson_wheel")
  for height in 1080 2160; do
    make_film "$height" || echo "no film of $height lines: ffmpeg with libx264 makes it"
  done
  du -sh "$packages"
  exit
fi

results=${1:-$build/results}
mkdir -p "$build" "$results"
rows=$results/phases.tsv films=$results/films.jsonl
: >"$rows"
: >"$films"
readonly whole=480  # seconds

note() { # PHASE STATE SECONDS TEXT
  printf '%s\t%s\t%s\t%s\n' "$@" | tee -a "$rows"
}

# Runs a command within its limit and that of the whole; its last line of output says what was found.
phase() { # NAME LIMIT COMMAND...
  local name=$1 limit=$2 from=$SECONDS status=0
  shift 2
  if [ $((SECONDS + limit)) -gt $whole ]; then
    skip "$name" "$((whole - SECONDS)) s are left of $whole, it may take $limit s"
    return 1
  fi
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
  # ninja calls it as a module, too, where it sets up anew.
  export PYTHONPATH=$prefix/python
  printf '#!/bin/sh\nexec python3 -m mesonbuild.mesonmain "$@"\n' >"$prefix/usr/bin/meson"
  chmod +x "$prefix/usr/bin/meson"
  export PATH=$prefix/usr/bin:$PATH
  export CPLUS_INCLUDE_PATH=$prefix/usr/include
  local libraries=$prefix/usr/lib/x86_64-linux-gnu
  export LIBRARY_PATH=$libraries LD_LIBRARY_PATH=$libraries:$prefix/lib/x86_64-linux-gnu
  export PKG_CONFIG_PATH=$libraries/pkgconfig:$prefix/usr/share/pkgconfig
  # Their files name the folders of a system that they are not installed on, and what only a static
  # program would link.
  find "$prefix" -name '*.pc' -exec \
    sed -i -e "s|=/usr|=$prefix/usr|" -e '/^Requires.private/d' {} +
  # GStreamer warns of plugins whose libraries were not brought along.
  for file in "$libraries"/gstreamer-1.0/*.so; do
    if ldd "$file" | grep -q 'not found'; then rm "$file"; fi
  done
  export GST_PLUGIN_SYSTEM_PATH_1_0=$libraries/gstreamer-1.0
  export GST_PLUGIN_SCANNER_1_0=$libraries/gstreamer1.0/gstreamer-1.0/gst-plugin-scanner
}

card=$(nvidia-smi --query-gpu=name,driver_version,compute_cap --format=csv,noheader 2>/dev/null | head -1)
torch=$(python3 -c 'import os, torch; print(os.path.dirname(torch.__file__))' 2>/dev/null) || torch=
torch=${LIBTORCH:-$torch}
if [ -z "$card" ]; then no_card="no CUDA card: nvidia-smi names none"; else no_card=; fi
capability=$(printf '%s' "${card##*, }" | tr -d .)

[ ! -d "$packages" ] || unpack
if pkg-config --exists gstreamer-cuda-1.0 gstreamer-check-1.0 2>/dev/null; then
  element=true
else
  element=false
fi
missing=
for program in nvcc meson ninja g++; do command -v "$program" >/dev/null || missing+=" $program"; done
[ -n "$torch" ] || missing+=" LibTorch"
note machine "$([ -n "$card" ] && echo passed || echo skipped)" 0 "${card:-$no_card}; LibTorch ${torch:-none}"

# --- phases ---

compile() {
  set -e
  [ -f "$build/meson/build.ninja" ] ||
    meson setup "$build/meson" "$root" --buildtype=release "-Dlibtorch=$torch" -Dcuda=enabled \
      "-Dgpu-architectures=${capability:-90}" "-Delement=$element" -Dtraining=false \
      -Dphoto=disabled -Dman=disabled
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

# The element and its tests, which run on a driver without a card, also where there is one.
test_element() {
  set -e
  local of=tests/element
  ninja -C "$build/meson" plugin/element/libgstcgancolorize.so plugin/colorizer/libcgancolorizer.so \
    "$of/element_test" "$of/libcolorizer_without_entry.so" "$of/libcolorizer_of_other_abi.so" \
    "$of/libcolorizer_missing_function.so" "$of/cuda_memory/element_cuda_test" \
    "$of/cuda_memory/libnvcuvid.so.1"
  (cd "$build/meson" && meson test --no-rebuild --print-errorlogs element element-cuda)
  if [ -z "$card" ]; then
    echo "the element's tests; the pipelines need a card"
    return
  fi
  local from="videotestsrc num-buffers=100" size="width=1920,height=1080"
  # shellcheck disable=SC2086  # words of a pipeline
  gst-launch-1.0 -q $from ! "video/x-raw,format=I420,$size" ! $colour ! fakesink
  # shellcheck disable=SC2086
  gst-launch-1.0 -q $from ! "video/x-raw,format=NV12,$size" ! cudaupload ! $colour !\
    'video/x-raw(memory:CUDAMemory)' ! fakesink
  echo "the element's tests and pipelines from the host's memory and the card's"
}

measure() {
  "$benchmarks/card-benchmark" --benchmark_min_time=0.5 \
    --benchmark_out="$results/benchmark.json" --benchmark_out_format=json
}

# A film that is long enough to measure, of those that were brought along.
film_of() { # HEIGHT TIMES
  local film=$build/film-$1.h264 i
  : >"$film"
  for ((i = 0; i < $2; ++i)); do cat "$packages/film-$1.h264" >>"$film"; done
  printf 'filesrc location=%s ! h264parse ! nvh264dec' "$film"
}
on_the_card='video/x-raw(memory:CUDAMemory)'
colour="cgancolorize device=cuda device-passes=true"

# All pictures decoded on the card; what the decoder alone gives is beside it.
run_film() { # NAME
  local film
  case $1 in
    film-*-2160) film=$(film_of 2160 5) ;;
    film-memory) film=$(film_of 1080 1) ;;
    *) film=$(film_of 1080 10) ;;
  esac
  case $1 in
    film-decoder-*) set -- speed "$1" '' "$film ! $on_the_card" ;;
    film-card-1080) set -- speed "$1" 500 "$film ! $on_the_card ! $colour ! $on_the_card" ;;
    film-card-2160) set -- speed "$1" 200 "$film ! $on_the_card ! $colour ! $on_the_card" ;;
    film-host-1080) set -- speed "$1" 300 "$film ! video/x-raw ! videoconvert n-threads=4 !
      video/x-raw,format=I420 ! queue ! $colour ! video/x-raw,format=I420" ;;
    film-memory) set -- memory "$1" "$film ! $colour" "$film ! $colour ! $colour on-colour=recolor" ;;
  esac
  python3 "$root/tests/card_films.py" "$films" "$@"
}
export -f compile run_tests sanitize test_element measure film_of run_film
export root build results films packages torch card capability element tests benchmarks on_the_card colour

# The first reason why films cannot run; nothing: they can.
no_films() {
  if [ -z "$built" ]; then
    echo "nothing was built"
  elif [ "$element" != true ]; then
    echo "$no_element"
  elif [ -n "$no_card" ]; then
    echo "$no_card"
  elif ! gst-inspect-1.0 nvh264dec >/dev/null 2>&1; then
    echo "GStreamer has no nvh264dec: the driver's libnvcuvid.so.1 is missing, or this card decodes no H.264"
  fi
}

built=
if [ -n "$missing" ]; then
  skip build "missing:$missing"
elif phase build 170 bash -c compile; then
  built=yes
fi
if [ -z "$built" ]; then
  for name in tests-on-card memcheck racecheck benchmark; do skip "$name" "nothing was built"; done
elif [ -n "$no_card" ]; then
  phase tests-on-host 120 bash -c "run_tests '$on_card'"
  for name in tests-on-card memcheck racecheck benchmark; do skip "$name" "$no_card"; done
else
  phase tests-on-card 80 bash -c "run_tests '$on_card'"
  for tool in memcheck racecheck; do
    if command -v compute-sanitizer >/dev/null; then
      phase "$tool" 40 bash -c "sanitize $tool"
    else
      skip "$tool" "no compute-sanitizer on this machine"
    fi
  done
  phase benchmark 60 bash -c measure
fi
export CGANCOLORIZE_LIBRARY=$build/meson/plugin/colorizer/libcgancolorizer.so
export GST_PLUGIN_PATH=$build/meson/plugin/element
no_element="no GStreamer with its CUDA library: tests/gpu.sh fetch brings it along"
if [ -z "$built" ]; then
  skip element "nothing was built"
elif [ "$element" = true ]; then
  phase element 60 bash -c test_element
else
  skip element "$no_element"
fi
reason=$(no_films)
for name in film-card-1080 film-card-2160 film-host-1080 film-memory film-decoder-1080 film-decoder-2160; do
  film="film-1080.h264"
  if [[ $name == *-2160 ]]; then film="film-2160.h264"; fi
  if [ -n "$reason" ]; then
    skip "$name" "$reason"
  elif [ ! -f "$packages/$film" ]; then
    skip "$name" "no $film: tests/gpu.sh fetch makes it where ffmpeg is"
  else
    phase "$name" 25 bash -c "run_film $name"
  fi
done

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
films = [json.loads(line) for line in (results / 'films.jsonl').read_text().splitlines()]
whole = {'phases': phases, 'benchmarks': benchmarks, 'films': films}
(results / 'gpu.json').write_text(json.dumps(whole, indent=1) + '\n')
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
if films:
    table += ['', '| film | must reach | frames/s | and |', '| --- | --- | --- | --- |']
    for film in films:
        bound = film.get('must_reach')
        reach = f'at least {bound:.0f} frames/s' if bound else ''
        memory = [f'{name} {film[name]}' for name in ('first_MB', 'second_MB') if name in film]
        verdict = ['reached' if film['reached'] else 'not reached'] if bound else []
        rate = f'{film["frames_per_second"]:.0f}' if 'frames_per_second' in film else ''
        table.append(f'| {film["name"]} | {reach} | {rate} | {", ".join(memory + verdict)} |')
(results / 'gpu.md').write_text('\n'.join(table) + '\n')
sys.exit(any(p['state'] == 'failed' for p in phases))
PYTHON
status=$?
cat "$results/gpu.md"
exit "$status"
