#!/usr/bin/env bash
# What another build makes of the same clips: luma and chroma of both, sample by sample.
#
#   tests/benchmark/compare_builds.sh OLD_BUILD NEW_BUILD CLIP... [-- PROPERTY...]
#
# Both are build folders with the plugin (-Dtraining=false -Dtests=false is enough). Environment: FRAMES
# (default 24) of each clip. Needs ffmpeg.
set -euo pipefail

[ $# -ge 3 ] || {
  echo "usage: $0 OLD_BUILD NEW_BUILD CLIP... [-- PROPERTY...]" >&2
  exit 2
}
old=$1 new=$2
shift 2
clips=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  clips+=("$1")
  shift
done
[ $# -eq 0 ] || shift
properties=("$@")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

colour() { # BUILD OUT
  GST_PLUGIN_PATH=$1/plugin/element GST_REGISTRY=$folder/$2.registry gst-launch-1.0 -q \
    filesrc "location=$folder/clip.mkv" ! matroskademux ! avdec_ffv1 \
    ! cgancolorize on-color=recolor "${properties[@]}" ! avenc_ffv1 ! matroskamux \
    ! filesink "location=$folder/$2.mkv"
}

printf '| clip (%s) | luma, most | chroma, mean codes | chroma, most |\n| --- | --- | --- | --- |\n' \
  "${properties[*]:-defaults}"
for clip in "${clips[@]}"; do
  ffmpeg -nostdin -loglevel error -y -i "$clip" -an -vf format=yuv420p -frames:v "${FRAMES:-24}" \
    -c:v ffv1 "$folder/clip.mkv"
  colour "$old" old
  colour "$new" new
  ffmpeg -nostdin -loglevel error -i "$folder/old.mkv" -i "$folder/new.mkv" -lavfi \
    "blend=all_mode=difference,signalstats,metadata=print:file=-" -f null - |
    awk -F= -v name="$(basename "$clip")" '
      /\.[UV]AVG/ { sum += $2; ++count }
      /\.[UV]MAX/ && $2 > most { most = $2 }
      /\.YMAX/ && $2 > luma { luma = $2 }
      END { printf "| %s | %d | %.3f | %d |\n", name, luma, sum / count, most }'
done
