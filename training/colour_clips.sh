#!/usr/bin/env bash
# Makes colour clips grey and colours them again with the element, for cgan-evaluate-video.
#
#   training/colour_clips.sh [--grain SIGMA] [--seed N] CLIPS OUT [PROPERTIES]
#
# CLIPS is a folder of video files; PROPERTIES are the element's, in one word:
# "refresh=1 temporal=0". Into the new folder OUT go PNG frames, with a sub-folder for each clip:
# originals/, grey/ (the originals' luma, with grain of SIGMA 8-bit codes) and results/. Needs
# cgancolorize and cgan-evaluate-video, both of which `meson devenv -C build -w .` finds.
set -euo pipefail

usage() {
  echo "Usage: $0 [--grain SIGMA] [--seed N] CLIPS OUT [PROPERTIES]" >&2
  exit 2
}

film=()
while [[ ${1:-} == --* ]]; do
  [[ $1 =~ ^--(grain|seed)$ && $# -gt 1 ]] || usage
  film+=("$1" "$2")
  shift 2
done
[ $# -eq 2 ] || [ $# -eq 3 ] || usage
clips=$1
out=$2
# multifilesink reads a format of it
[[ $out != *%* ]] || usage
read -ra properties <<<"${3:-}"

if [ ! -d "$clips" ]; then
  echo "$0: there is no folder '$clips' of clips." >&2
  exit 1
fi
if [ -e "$out" ]; then
  echo "$0: '$out' is there already; name a new folder, so that frames of two runs do not mix." >&2
  exit 1
fi
if ! command -v cgan-evaluate-video >/dev/null ||
  ! gst-inspect-1.0 cgancolorize >/dev/null 2>&1; then
  echo "$0: cgancolorize or cgan-evaluate-video is missing; run 'meson devenv -C build -w .'." >&2
  exit 1
fi

shopt -s nullglob
for clip in "$clips"/*; do
  name=$(basename "$clip")
  frames=$out/originals/${name//%/_}
  mkdir -p "$frames"
  gst-launch-1.0 -q filesrc location="$clip" ! decodebin ! videoconvert ! video/x-raw,format=RGB ! \
    pngenc compression-level=1 ! multifilesink location="$frames/%05d.png"
done
cgan-evaluate-video --originals "$out/originals" --write-grey "$out/grey" "${film[@]}"
for grey in "$out"/grey/*; do
  frames=$out/results/$(basename "$grey")
  mkdir -p "$frames"
  # Chroma at full resolution: what is measured is the element, not an encoder's 4:2:0.
  gst-launch-1.0 -q multifilesrc location="$grey/%05d.png" caps=image/png,framerate=25/1 ! \
    pngdec ! videoconvert ! video/x-raw,format=GRAY8 ! cgancolorize "${properties[@]}" ! \
    video/x-raw,format=Y444 ! videoconvert ! video/x-raw,format=RGB ! \
    pngenc compression-level=1 ! multifilesink location="$frames/%05d.png"
done
echo "cgan-evaluate-video --originals $out/originals --results $out/results --grey-input $out/grey"
