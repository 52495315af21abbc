#!/usr/bin/env bash
# Frames a second of cgancolorize in a pipeline, by its `stats`: the example film, scaled to usual
# sizes and decoded beforehand. Run it with nothing else on the machine:
#
#   meson devenv -C build -w . tests/benchmark/pipeline_speed.sh [PROPERTIES]
#
# PROPERTIES are the element's, in one word: "precision=fp32 threads=1".
set -euo pipefail

film=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/examples/market-street.mp4
read -ra properties <<<"${1:-}"

raw=$(mktemp)
trap 'rm -f "$raw"' EXIT

printf '%-10s %-8s %8s  %s\n' size refresh frames/s 'ms: network, filter over time, passes'
for size in 640x480 720x576 1280x720 1920x1080; do
  width=${size%x*} height=${size#*x}
  gst-launch-1.0 -q filesrc "location=$film" ! decodebin ! videoconvert ! videoscale \
    ! "video/x-raw,format=I420,width=$width,height=$height,pixel-aspect-ratio=1/1" \
    ! filesink "location=$raw"
  for refresh in 1 0; do
    stats=$(gst-launch-1.0 -m filesrc "location=$raw" ! rawvideoparse "width=$width" \
      "height=$height" format=i420 framerate=12/1 \
      ! cgancolorize "refresh=$refresh" stats-interval=1 "${properties[@]}" ! fakesink |
      grep -o 'cgancolorize-stats.*' | tail -n 1)
    value() { sed -E "s/.*[ ]$1=\([a-z0-9]+\)([0-9.]+).*/\1/" <<<"$stats"; }
    printf '%-10s %-8s %8.0f  %.1f, %.1f, %.1f\n' "$size" "$refresh" "$(value frames-per-second)" \
      "$(value network-ms)" "$(value steady-ms)" "$(value frame-ms)"
  done
done
