#!/usr/bin/env bash
# What the tests on clusters share; sourced. Needs PROGRAM (colorize-film) and WORK (a folder).

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
clip=$here/../../examples/market-street.mp4

# A film of six shots, three seconds each, with sound.
make_film() { # PATH
  ffmpeg -hide_banner -loglevel error -y -i "$clip" -f lavfi -i mandelbrot=s=160x120:r=12 \
    -f lavfi -i testsrc2=s=160x120:r=12 -f lavfi -i sine=d=18 -filter_complex "
      [0:v]trim=duration=3,scale=160:120,setsar=1,format=gray,split=2[a][b];
      [b]hflip,negate[b2];
      [1:v]trim=duration=3,format=gray,split=2[c][d];[d]vflip,negate[d2];
      [2:v]trim=duration=3,format=gray,split=2[e][f];[f]vflip,negate[f2];
      [a][c][e][b2][d2][f2]concat=n=6,format=yuv420p[v]" \
    -map '[v]' -map 3:a -c:v libx264 -qp 0 -g 12 -c:a aac "$1"
}

# Of every decoded frame and the sound's packets.
hash_of() { # PATH
  ffmpeg -hide_banner -loglevel error -i "$1" -map 0:v -f framemd5 - | grep -v '^#'
  ffmpeg -hide_banner -loglevel error -i "$1" -map 0:a -c copy -f md5 -
}

# Until the command succeeds; fails after a minute.
wait_for() { # COMMAND...
  local tries=0
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || {
      echo "waited in vain for: $*" >&2
      return 1
    }
    sleep 0.1
  done
}
