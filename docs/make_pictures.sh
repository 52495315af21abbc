#!/usr/bin/env bash
# Makes gallery.jpg and film.jpg of docs/ again, after new weights:
#
#   meson devenv -C build -w . docs/make_pictures.sh FILM
#
# FILM is the quick start's market-street.mp4. The stills come from the Python packages
# scikit-image and scikit-learn, which are fetched; docs/pictures.md names their authors. Needs
# cgancolorize, pip, ffmpeg and ImageMagick.
set -euo pipefail

if [ $# -ne 1 ]; then
  echo "Usage: $0 FILM" >&2
  exit 2
fi
film=$(realpath "$1")
docs=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pip download -q --no-deps -d "$work" scikit-image==0.26.0 scikit-learn==1.9.1
for wheel in "$work"/*.whl; do python3 -m zipfile -e "$wheel" "$work/wheels"; done
skimage=$work/wheels/skimage/data
sklearn=$work/wheels/sklearn/datasets/images

# colour IN OUT [PROPERTY...]: a still, grey first, each for itself.
colour() {
  local in=$1 out=$2
  shift 2
  gst-launch-1.0 -q filesrc location="$in" ! decodebin ! videoconvert ! \
    video/x-raw,format=GRAY8 ! cgancolorize temporal=0 "$@" ! video/x-raw,format=Y444 ! \
    videoconvert ! video/x-raw,format=RGB ! pngenc ! filesink location="$out"
}

# A row: gray, cifar10, photo, original.
row() {
  local picture=$1 name
  name=$(basename "${picture%.*}")
  convert "$picture" -resize x192 "$work/$name-original.png"
  convert "$picture" -colorspace gray -resize x192 "$work/$name-gray.png"
  for model in cifar10 photo; do
    colour "$picture" "$work/large.png" model=$model
    convert "$work/large.png" -resize x192 "$work/$name-$model.png"
  done
  convert "$work/$name"-{gray,cifar10,photo,original}.png -bordercolor white -border 1 +append \
    "$work/row-$name.png"
}

for picture in "$skimage"/{astronaut.png,chelsea.png,coffee.png,rocket.jpg} \
  "$sklearn"/{china,flower}.jpg; do
  row "$picture"
done
convert "$work"/row-{astronaut,chelsea,coffee,rocket,china,flower}.png -append -quality 88 \
  "$docs/gallery.jpg"

# Six moments of the film, gray above, coloured below: as a film, so that the filter over time
# takes part.
gst-launch-1.0 -q filesrc location="$film" ! decodebin ! videoconvert ! cgancolorize ! \
  video/x-raw,format=Y444 ! avenc_ffv1 ! matroskamux ! filesink location="$work/coloured.mkv"
seconds=$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$film")
for moment in 1 2 3 4 5 6; do
  at=$(awk -v all="$seconds" -v k=$moment 'BEGIN { print all * (k - 0.5) / 6 }')
  for kind in gray colour; do
    from=$film
    [ $kind = gray ] || from=$work/coloured.mkv
    ffmpeg -v error -ss "$at" -i "$from" -frames:v 1 -vf scale=-2:180 "$work/$kind-$moment.png"
  done
done
montage "$work"/gray-{1,2,3}.png "$work"/colour-{1,2,3}.png "$work"/gray-{4,5,6}.png \
  "$work"/colour-{4,5,6}.png -tile 3x4 -geometry +1+1 -quality 88 "$docs/film.jpg"
