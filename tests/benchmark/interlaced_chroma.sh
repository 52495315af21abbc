#!/usr/bin/env bash
# How right the colours of interlaced film are, against the same film taken as whole frames: a clip
# in colour is coloured twice, as it is and with the fields of two frames woven into one, and both
# are compared with the clip field by field. The ratio of the two errors is what interlacing costs.
#
#   meson devenv -C build -w . tests/benchmark/interlaced_chroma.sh CLIP [PROPERTIES]
#
# CLIP: any film in colour, taken as 50 frames a second. PROPERTIES are the element's, in one word.
# Environment: FRAMES (default 100), SIZE (default 704x576).
set -euo pipefail

clip=${1:?"usage: $0 CLIP [PROPERTIES]"}
read -ra properties <<<"${2:-}"
frames=${FRAMES:-100} size=${SIZE:-704x576}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

ffmpeg_() { ffmpeg -nostdin -loglevel error -y "$@"; }

# Lossless; chroma of 4:2:2, so that fields part without a loss.
ffmpeg_ -i "$clip" -an -vf "setpts=N/50/TB,scale=${size/x/:},format=yuv422p" -r 50 \
  -frames:v "$frames" -c:v ffv1 "$folder/true.mkv"

colour() { # CAPS IN OUT
  gst-launch-1.0 -q filesrc "location=$folder/$2" ! matroskademux ! avdec_ffv1 \
    ! capssetter "caps=video/x-raw,$1" ! cgancolorize on-color=recolor "${properties[@]}" \
    ! avenc_ffv1 ! matroskamux ! filesink "location=$folder/$3"
}

# FORMAT: error of whole frames, of fields, their ratio.
compare() {
  local format=$1 woven="tinterlace=interleave_top,setfield=tff"
  [ "$format" = yuv422p ] || woven+=",scale=interl=1,format=$format"
  ffmpeg_ -i "$folder/true.mkv" -vf "$woven" -c:v ffv1 "$folder/woven.mkv"
  ffmpeg_ -i "$folder/true.mkv" -vf "format=yuv422p" -c:v ffv1 "$folder/whole.mkv"
  colour interlace-mode=progressive whole.mkv whole-coloured.mkv
  colour "interlace-mode=interleaved,field-order=top-field-first" woven.mkv fields-coloured.mkv
  ffmpeg_ -i "$folder/whole-coloured.mkv" -vf "$woven" -c:v ffv1 "$folder/whole-woven.mkv"
  local name
  for name in whole-woven fields-coloured; do
    ffmpeg -nostdin -hide_banner -i "$folder/$name.mkv" -i "$folder/woven.mkv" -lavfi \
      "[0]setpts=N/25/TB,setfield=tff,separatefields[a];[1]setpts=N/25/TB,setfield=tff,separatefields[b];[a][b]psnr=stats_file=$folder/$name.txt" \
      -f null - 2>/dev/null
  done
  # The first frame of a film has no colours before it to be mixed with.
  # shellcheck disable=SC2016
  local error='{ for (i = 1; i <= NF; ++i) { split($i, x, ":"); if (x[1] == "mse_u" || x[1] == "mse_v") sum += x[2] }
    if ($0 ~ /mse_y:0\.00/) same++ } END { printf "%.4f %.3f", sqrt(sum / NR / 2), same / NR }'
  local whole fields
  whole=$(awk "$error" "$folder/whole-woven.txt")
  fields=$(awk "$error" "$folder/fields-coloured.txt")
  awk -v name="$format" -v a="$whole" -v b="$fields" 'BEGIN {
    split(a, x); split(b, y)
    printf "| %s | %.2f | %.2f | %.3f | %.0f %% |\n", name, x[1], y[1], y[1] / x[1], 100 * y[2]
  }'
}

printf '| %s, %s frames of %s | whole frames, codes | fields, codes | ratio | fields with the same luma |\n| --- | --- | --- | --- | --- |\n' \
  "$(basename "$clip")" "$frames" "$size"
compare yuv422p
compare yuv420p
