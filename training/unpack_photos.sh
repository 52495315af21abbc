#!/bin/sh
# Unpacks tars of photographs into one folder that cgan-train, cgan-evaluate and cgan-calibrate read:
#   unpack_photos.sh FOLDER TAR...
# WebP becomes BMP, which stb_image reads fastest (it has no WebP); .jpg, .png and .bmp stay as they
# are. A tar that lies in FOLDER already is passed over; one that was cut short is unpacked anew.
# Needs dwebp (Debian's package webp) where there is WebP.
set -eu

die() {
  echo "unpack_photos.sh: $*" >&2
  exit 1
}

[ $# -ge 2 ] || die "usage: unpack_photos.sh FOLDER TAR..."
folder=$1
shift
# Before anything is written: all that is named must be there.
for tar in "$@"; do
  [ -r "$tar" ] || die "there is no tar '$tar'"
done
mkdir -p "$folder"

# Beside the folder: half a tar must never be taken for pictures to train on.
part=$(mktemp -d "${folder%/}.part.XXXXXX")
trap 'rm -rf "$part"' EXIT
trap 'exit 130' INT TERM

for tar in "$@"; do
  name=$(basename "$tar")
  # Size and time as well as the name: another tar of the same name is another tar.
  seal="$name $(stat -L -c '%s %Y' "$tar")"
  if grep -qxF "$seal" "$folder/.unpacked" 2>/dev/null; then
    echo "$name: there already"
    continue
  fi
  tar -xf "$tar" -C "$part" --no-same-owner || die "'$tar' cannot be unpacked"
  webp=$(find "$part" -type f -name '*.webp' | wc -l)
  if [ "$webp" -gt 0 ]; then
    command -v dwebp >/dev/null || die "'$tar' holds WebP: install dwebp (package webp)"
    # shellcheck disable=SC2016  # the inner shell expands its own variables
    find "$part" -type f -name '*.webp' -print0 |
      xargs -0 -n 64 -P "$(nproc)" sh -ec '
        for picture in "$@"; do
          dwebp -quiet -bmp "$picture" -o "${picture%.webp}.bmp"
          rm "$picture"
        done' sh || die "a picture of '$tar' cannot be decoded"
  fi
  pictures=$(find "$part" -type f | wc -l)
  find "$part" -type f -exec mv -f -t "$folder" {} +
  echo "$seal" >>"$folder/.unpacked"
  echo "$name: $pictures pictures, $webp of them from WebP"
done
