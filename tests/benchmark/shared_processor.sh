#!/usr/bin/env bash
# What cgancolorize costs, and how fast it is, alone and where others want the processor, too: one
# element alone, beside 2 and 8 busy loops, four elements in one process, and colorize-film. The
# example film scaled to WIDTHxHEIGHT; every figure is the difference of a long run and a short one,
# which takes off what starting costs, and the median of ROUNDS. Run it with nothing else on the
# machine:
#
#   meson devenv -C build -w . tests/benchmark/shared_processor.sh [PROPERTIES]
#
# PROPERTIES are the element's, in one word: "precision=fp32 threads=1". Environment: SIZE (default
# 640x480), SHORT and LONG (frames, default 60 and 360), ROUNDS (default 3), COLORIZE_FILM (default:
# that of the devenv's build folder).
set -euo pipefail

film=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/examples/market-street.mp4
read -ra properties <<<"${1:-}"
size=${SIZE:-640x480} short=${SHORT:-60} long=${LONG:-360} rounds=${ROUNDS:-3}
width=${size%x*} height=${size#*x}
colorize_film=${COLORIZE_FILM:-${GST_PLUGIN_PATH%%:*}/../../examples/colorize_film/colorize-film}
cores=$(nproc)

folder=$(mktemp -d)
busy=()
stop_busy() {
  [ ${#busy[@]} -eq 0 ] || kill "${busy[@]}" 2>/dev/null || true
  busy=()
}
trap 'stop_busy; rm -rf "$folder"' EXIT

start_busy() { # COUNT
  local i
  for ((i = 0; i < $1; ++i)); do
    (while :; do :; done) &
    busy+=($!)
  done
}

gst-launch-1.0 -q filesrc "location=$film" ! decodebin ! videoconvert ! videoscale \
  ! "video/x-raw,format=I420,width=$width,height=$height,pixel-aspect-ratio=1/1" \
  ! filesink "location=$folder/film.raw"

# Runs a command; "WALL CPU" in seconds.
timed() {
  local TIMEFORMAT='%R %U %S'
  { time "$@" >"$folder/output" 2>&1; } 2>"$folder/time" || {
    cat "$folder/output" >&2
    return 1
  }
  awk '{ print $1, $2 + $3 }' "$folder/time"
}

# "FRAMES_PER_SECOND CPU_SECONDS_PER_FRAME" of a command that takes a number of frames last.
rate() { # COPIES COMMAND...
  local copies=$1 from to
  shift
  from=$(timed "$@" "$short")
  to=$(timed "$@" "$long")
  awk -v a="$from" -v b="$to" -v n=$((copies * (long - short))) 'BEGIN {
    split(a, x); split(b, y)
    printf "%.2f %.5f", n / (y[1] - x[1]), (y[2] - x[2]) / n
  }'
}

source_of() { # FRAMES
  echo "multifilesrc location=$folder/film.raw loop=true ! rawvideoparse width=$width height=$height format=i420 framerate=12/1 ! identity eos-after=$(($1 + 1))"
}

elements() { # COPIES FRAMES
  local -a line=()
  local i
  for ((i = 0; i < $1; ++i)); do
    read -ra chain <<<"$(source_of "$2") ! cgancolorize ${properties[*]} ! fakesink"
    line+=("${chain[@]}")
  done
  gst-launch-1.0 -q "${line[@]}"
}

encoded() { # FRAMES
  local -a chain
  read -ra chain <<<"$(source_of "$1") ! videoconvert ! x264enc pass=qual quantizer=12 ! h264parse ! matroskamux"
  gst-launch-1.0 -q "${chain[@]}" ! filesink "location=$folder/$1.mkv"
}

# Decoder and encoder of colorize-film without the element, on what it made: colours are work for an
# encoder.
recoded() { # FRAMES
  gst-launch-1.0 -q filesrc "location=$folder/coloured-$1.mkv" ! decodebin ! videoconvert ! queue \
    ! x264enc pass=qual quantizer=18 ! h264parse ! matroskamux ! filesink "location=$folder/out.mkv"
}

tool() { # FRAMES
  local -a set=()
  local property
  for property in "${properties[@]}"; do set+=(--set "$property"); done
  "$colorize_film" --force "${set[@]}" "$folder/$1.mkv" "$folder/coloured-$1.mkv"
}

grep -o -w -E 'avx2|avx512_vnni|avx_vnni' /proc/cpuinfo | sort | uniq -c | awk '{ printf "%s ", $2 }'
printf '(%s), %s cores, %s, %s\n\n' "${CGANCOLORIZE_INSTRUCTION_SET:-all of these}" "$cores" "$size" \
  "${properties[*]:-defaults}"
# One line of the table from lines of "RATE CPU ALONE_RATE ALONE_CPU": the medians of each column and
# of the shares of alone.
row() { # NAME
  awk -v name="$1" '
    function median(values, n, i, j, swap) {
      for (i = 2; i <= n; ++i)
        for (j = i; j > 1 && values[j - 1] > values[j]; --j) {
          swap = values[j]; values[j] = values[j - 1]; values[j - 1] = swap
        }
      return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
    }
    { rate[NR] = $1; cost[NR] = $2; rates[NR] = $1 / $3; costs[NR] = $2 / $4 }
    END {
      printf "| %s | %.1f | %.2f | %.1f | %.2f |\n", name, median(rate, NR), median(rates, NR),
        1000 * median(cost, NR), median(costs, NR)
    }'
}

# A row beside `BUSY` loops: each of its runs lies between two of one element alone, for a processor's
# speed drifts by more within minutes than what is measured.
against_alone() { # NAME BUSY COPIES
  local round before after now
  before=$(rate 1 elements 1)
  for ((round = 0; round < rounds; ++round)); do
    start_busy "$2"
    now=$(rate "$3" elements "$3")
    stop_busy
    after=$(rate 1 elements 1)
    awk -v a="$before" -v b="$now" -v c="$after" 'BEGIN {
      split(a, x); split(b, y); split(c, z)
      print y[1], y[2], (x[1] + z[1]) / 2, (x[2] + z[2]) / 2
    }'
    before=$after
  done | row "$1"
}

printf '| what | frames/s | of alone | CPU ms a frame | of alone |\n| --- | --- | --- | --- | --- |\n'
against_alone 'one element alone' 0 1
for count in 2 8; do against_alone "beside $count busy loops" "$count" 1; done
against_alone 'four elements in one process, in all' 0 4
if [ -x "$colorize_film" ]; then
  encoded "$short"
  encoded "$long"
  film_rate=$(rate 1 tool)
  both=$(rate 1 recoded)
  alone=$(rate 1 elements 1)
  echo "$both $alone" | row 'decoder and encoder without the element'
  echo "$film_rate $alone" | row 'colorize-film'
  awk -v a="$alone" -v b="$both" -v f="$film_rate" -v cores="$cores" 'BEGIN {
    split(a, x); split(b, y); split(f, z)
    printf "\ncolorize-film reaches %.2f of what the processor time of element, decoder and encoder allows.\n",
      z[1] * (x[2] + y[2]) / cores
  }'
fi
