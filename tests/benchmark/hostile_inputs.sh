#!/usr/bin/env bash
# A hundred broken or hostile inputs for colorize-film: cut short, damaged, empty, mislabelled, without
# video, with hostile weights, into places that cannot be written. Each must end by itself, within a
# minute, with 0 and a film or with a sentence, an exit code of 1 or 2 and nothing left of the result.
#
#   meson devenv -C build -w . tests/benchmark/hostile_inputs.sh
#
# Environment: COLORIZE_FILM (default: that of the devenv's build folder). Needs ffmpeg. Ends with 1
# where one input does worse.
set -euo pipefail

colorize_film=${COLORIZE_FILM:-${GST_PLUGIN_PATH%%:*}/../../examples/colorize_film/colorize-film}
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
mkdir in out
total=0 done_=0 refused=0 bad=0

# Runs one input, with more arguments before it.
try() { # NAME IN OUT [ARGUMENT...]
  local name=$1 in=$2 out=$3 code=0
  shift 3
  timeout 60 "$colorize_film" --set model=cifar10 --patience 20 "$@" "$in" "$out" \
    >log 2>&1 </dev/null || code=$?
  total=$((total + 1))
  local fault=""
  case $code in
    0) [ -s "$out" ] && done_=$((done_ + 1)) || fault="no film" ;;
    1 | 2)
      refused=$((refused + 1))
      grep -q '^colorize-film: .*\.' log || fault="no sentence"
      [ "$(find out -type f | wc -l)" = 0 ] || fault+=" something is left: $(ls out)"
      ;;
    *) fault="exit code $code" ;;
  esac
  rm -rf out
  mkdir out
  [ -n "$fault" ] || return 0
  bad=$((bad + 1))
  echo "$name: $fault"
  sed 's/^/  /' log | tail -n 5
}

film() { # NAME ARGUMENT...: a second of film
  local name=$1
  shift
  ffmpeg -nostdin -loglevel error -y -f lavfi -i testsrc=s=64x48:r=12:d=1,hue=s=0 -f lavfi \
    -i sine=d=1 "$@" "in/$name"
}
film good.mp4 -c:v libx264 -pix_fmt yuv420p -c:a aac
film fast.mp4 -c:v libx264 -pix_fmt yuv420p -c:a aac -movflags faststart
film good.mkv -c:v libx264 -pix_fmt yuv420p -c:a aac
film good.ts -c:v libx264 -pix_fmt yuv420p -c:a aac
film good.avi -c:v mpeg4 -c:a mp2
film good.webm -c:v libvpx -c:a libvorbis
film good.mpg -c:v mpeg2video -r 25 -c:a mp2
film good.ogv -c:v libtheora -c:a libvorbis
kinds=(mp4 mkv ts avi webm mpg ogv)

size_of() { stat -c %s "$1"; }
for kind in "${kinds[@]}"; do
  size=$(size_of "in/good.$kind")
  for part in 1 10 25 40 80 97; do
    head -c $((size * part / 100 + 1)) "in/good.$kind" >"in/cut-$part.$kind"
    try "the first $part % of .$kind" "in/cut-$part.$kind" out/out.mkv
  done
  # A tenth of it from the middle on becomes 0xFF; then single bytes all over, from a fixed seed.
  cp "in/good.$kind" "in/hole.$kind"
  head -c $((size / 10)) /dev/zero | tr '\0' '\377' |
    dd of="in/hole.$kind" bs=1 seek=$((size / 2)) conv=notrunc status=none
  try "a hole in .$kind" "in/hole.$kind" out/out.mkv
  RANDOM=1
  for round in 1 2 3; do
    cp "in/good.$kind" "in/noise-$round.$kind"
    for ((i = 0; i < 40; ++i)); do
      printf '%b' "\\x$(printf %02x $((RANDOM % 256)))" |
        dd of="in/noise-$round.$kind" bs=1 seek=$(((RANDOM * 32768 + RANDOM) % size)) conv=notrunc \
          status=none
    done
    try "40 wrong bytes in .$kind ($round)" "in/noise-$round.$kind" out/out.mkv
  done
  : >"in/empty.$kind"
  try "nothing in .$kind" "in/empty.$kind" out/out.mkv
done

# Indices that point nowhere.
for name in stco stsz stts mvhd; do
  cp in/good.mp4 "in/$name.mp4"
  at=$(grep -abo "$name" in/good.mp4 | head -n 1 | cut -d: -f1)
  head -c 24 /dev/urandom | dd of="in/$name.mp4" bs=1 seek=$((at + 8)) conv=notrunc status=none
  try "a wrong $name" "in/$name.mp4" out/out.mp4
done
# A sound track, a picture without sound, a text and a program that call themselves films.
ffmpeg -nostdin -loglevel error -y -f lavfi -i sine=d=1 in/sound.mp4
try "no video in .mp4" in/sound.mp4 out/out.mp4
ffmpeg -nostdin -loglevel error -y -f lavfi -i sine=d=1 in/sound.ogg
try "no video in .ogg" in/sound.ogg out/out.mkv
for ((i = 0; i < 400; ++i)); do echo 'This is no film.'; done >in/text.mp4
try "a text" in/text.mp4 out/out.mp4
cp /bin/true in/program.mkv
try "a program" in/program.mkv out/out.mkv
head -c 65536 /dev/urandom >in/random.mkv
try "random bytes" in/random.mkv out/out.mkv
head -c 65536 /dev/zero >in/zeros.ts
try "zeros" in/zeros.ts out/out.mkv
try "a folder" in out/out.mkv
try "nothing there" in/none.mp4 out/out.mkv
ffmpeg -nostdin -loglevel error -y -f lavfi -i testsrc=s=8x8:r=12:d=1 -c:v ffv1 in/tiny.mkv
try "8x8 pixels" in/tiny.mkv out/out.mkv
ffmpeg -nostdin -loglevel error -y -f lavfi -i testsrc=s=64x48:r=12 -frames:v 1 -c:v libx264 in/one.mp4
try "one frame" in/one.mp4 out/out.mp4

# Weights.
head -c 4096 /dev/urandom >in/random.safetensors
printf '\377\377\377\377\377\377\377\177{}' >in/long.safetensors
printf '\002\0\0\0\0\0\0\0{}' >in/hollow.safetensors
printf '\012\0\0\0\0\0\0\0not json!!' >in/words.safetensors
printf '{}' >in/short.safetensors
for weights in random long hollow words short none; do
  try "weights: $weights" in/good.mp4 out/out.mp4 --set "model=$folder/in/$weights.safetensors"
done

# Results.
try "no such folder" in/good.mp4 out/none/out.mp4
try "an ending of no container" in/good.mp4 out/out.xyz
try "the input itself" in/good.mp4 in/good.mp4
mkdir out/folder.mp4
try "a folder as result" in/good.mp4 out/folder.mp4
try "an encoder that is none" in/good.mp4 out/out.mp4 --encoder "no-such-encoder x=1"
try "a setting that is none" in/good.mp4 out/out.mp4 --set "colour=blue"
try "a device that is none" in/good.mp4 out/out.mp4 --set "device=cuda:77"

printf '%d inputs: %d films, %d refused by a sentence, %d worse\n' "$total" "$done_" "$refused" "$bad"
[ "$bad" = 0 ]
