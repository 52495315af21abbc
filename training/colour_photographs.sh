#!/usr/bin/env bash
# Makes colour photographs grey and colours them again with the element, for cgan-evaluate --results.
#
#   training/colour_photographs.sh PHOTOGRAPHS OUT [PROPERTIES]
#
# PHOTOGRAPHS is a folder of JPEG files of any size; PROPERTIES are the element's, in one word:
# "precision=fp32 vividness=0.4". Into the new folder OUT go PNG files of the same names. Each
# picture is coloured for itself. Needs cgancolorize, which `meson devenv -C build -w .` finds.
set -euo pipefail

if [ $# -lt 2 ] || [ $# -gt 3 ]; then
  echo "Usage: $0 PHOTOGRAPHS OUT [PROPERTIES]" >&2
  exit 2
fi
photographs=$(realpath "$1")
out=$2
read -ra properties <<<"${3:-}"
if [ -e "$out" ]; then
  echo "$0: '$out' is there already; name a new folder, so that two runs do not mix." >&2
  exit 1
fi
shopt -s nullglob nocaseglob
files=("$photographs"/*.jpg "$photographs"/*.jpeg)
if [ ${#files[@]} -eq 0 ]; then
  echo "$0: there are no JPEG files in '$photographs'." >&2
  exit 1
fi
if ! gst-inspect-1.0 cgancolorize >/dev/null 2>&1; then
  echo "$0: cgancolorize is missing; run 'meson devenv -C build -w .'." >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for i in "${!files[@]}"; do ln -s "${files[i]}" "$work/$(printf '%05d' "$i").jpg"; done
# Chroma at full resolution: what is measured is the element, not an encoder's 4:2:0.
gst-launch-1.0 -q multifilesrc location="$work/%05d.jpg" caps=image/jpeg,framerate=1/1 ! jpegdec ! \
  videoconvert ! video/x-raw,format=GRAY8 ! cgancolorize temporal=0 "${properties[@]}" ! \
  video/x-raw,format=Y444 ! videoconvert ! video/x-raw,format=RGB ! \
  pngenc compression-level=1 ! multifilesink location="$work/%05d.png"
mkdir -p "$out"
for i in "${!files[@]}"; do
  name=$(basename "${files[i]}")
  mv "$work/$(printf '%05d' "$i").png" "$out/${name%.*}.png"
done
