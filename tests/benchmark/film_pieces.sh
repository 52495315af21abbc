#!/usr/bin/env bash
# What pieces of a film cost, and what many machines gain, on a film of 80 seconds (the example film
# sixteen times over) and H.264; each ratio from runs in turn. Run it with nothing else on the machine,
# some six minutes:
#
#   meson devenv -C build -w . tests/benchmark/film_pieces.sh
#
# pieces:  one run in pieces against one in one go, time and size
# workers: two workers of one thread each, a film each by its plan, against one of two threads that
#          makes both
#
# Environment: ROUNDS (default 3), COLORIZE_FILM (default: that of the devenv's build folder). Needs
# ffmpeg. The load of the machine is printed: where it is far above 2 at the end, other work was there.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
colorize_film=${COLORIZE_FILM:-${GST_PLUGIN_PATH%%:*}/../../examples/colorize_film/colorize-film}
rounds=${ROUNDS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
ffmpeg -nostdin -loglevel error -stream_loop 15 -i "$root/examples/market-street.mp4" -c copy film.mkv

seconds_of() { # COMMAND...: of the clock
  local TIMEFORMAT=%R
  { time "$@" >/dev/null 2>log; } 2>&1 || { cat log >&2 && return 1; }
}

ratio() { awk -v one="$1" -v other="$2" 'BEGIN { printf "%.3f", one / other }'; }

make_pieces() { # PLAN: all of them, one after the other
  local plan=$1 count number
  count=$(grep -c '"in-shot"' "$plan")
  for ((number = 0; number < count; number++)); do
    "$colorize_film" --piece "$plan" "$number" || return 1
  done
}

one_worker() { make_pieces 2-0.json && make_pieces 2-1.json; }

two_workers() {
  local first
  make_pieces 1-0.json &
  first=$!
  make_pieces 1-1.json && wait "$first"
}

for ((round = 1; round <= rounds; round++)); do
  pieces=$(seconds_of "$colorize_film" --force film.mkv pieces.mkv)
  whole=$(seconds_of "$colorize_film" --force --pieces 0 film.mkv whole.mkv)
  echo "pieces: $pieces s, in one go $whole s: $(ratio "$pieces" "$whole") of its time," \
    "$(ratio "$(stat -c %s pieces.mkv)" "$(stat -c %s whole.mkv)") of its size"
done

for ((round = 1; round <= rounds; round++)); do
  for threads in 1 2; do
    for film in 0 1; do
      rm -rf "$threads-$film.json" "$threads-$film.json.pieces"
      "$colorize_film" --set "threads=$threads" --plan "$threads-$film.json" film.mkv >/dev/null
    done
  done
  one=$(seconds_of one_worker)
  two=$(seconds_of two_workers)
  echo "workers: one $one s, two $two s: $(ratio "$one" "$two") of its frames a second"
done
echo "load: $(cut -d' ' -f1 /proc/loadavg); $(nproc) cores, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)"
