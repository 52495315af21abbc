#!/usr/bin/env bash
# The pipelines of the README, each a function and a sub-command:
#
#   examples/pipelines.sh film_with_sound IN OUT.mkv     a film with AAC sound, which is copied
#   examples/pipelines.sh live                           a live source in a window
#   examples/pipelines.sh still IN.jpg|png OUT.png       a photograph
#   examples/pipelines.sh side_by_side IN OUT.mp4 WIDTH  original left, colours right; the film's width
#   examples/pipelines.sh player IN                      a film in a window, with its sound
#   examples/pipelines.sh bayer OUT.mp4                  a camera that gives raw Bayer mosaics
#
# Environment: VIDEO_SINK   what shows pictures (default: autovideosink)
#              AUDIO_SINK   what plays sound (default: autoaudiosink)
#              LIVE_SOURCE  where `live` gets its picture (default: the first camera)
#              BAYER_SOURCE where `bayer` gets its mosaics (default: a test picture of 60 frames)
set -euo pipefail

: "${VIDEO_SINK:=autovideosink}" "${AUDIO_SINK:=autoaudiosink}" "${LIVE_SOURCE:=v4l2src}"
: "${BAYER_SOURCE:=videotestsrc num-buffers=60 ! video/x-bayer,format=bggr,width=320,height=240}"

# An MP4 film with AAC sound; the sound goes from container to container as it is.
film_with_sound() {
  gst-launch-1.0 -e filesrc location="$1" ! qtdemux name=film \
    film.video_0 ! queue ! decodebin ! videoconvert ! queue ! cgancolorize ! queue ! x264enc pass=qual quantizer=18 ! h264parse ! mux. \
    film.audio_0 ! queue max-size-time=0 max-size-bytes=0 max-size-buffers=0 ! aacparse ! mux. \
    matroskamux name=mux ! filesink location="$2"
}

# The queue lets go of old frames, so that the picture is never later than the network.
live() {
  # shellcheck disable=SC2086  # descriptions of several words
  gst-launch-1.0 -e $LIVE_SOURCE ! decodebin ! videoconvert ! queue max-size-buffers=1 leaky=downstream \
    ! cgancolorize ! videoconvert ! $VIDEO_SINK
}

still() {
  gst-launch-1.0 filesrc location="$1" ! decodebin ! videoconvert ! cgancolorize \
    ! videoconvert ! pngenc snapshot=true ! filesink location="$2"
}

side_by_side() {
  gst-launch-1.0 -e filesrc location="$1" ! decodebin ! videoconvert ! tee name=film \
    film. ! queue ! both.sink_0 \
    film. ! queue ! cgancolorize ! both.sink_1 \
    compositor name=both sink_1::xpos="$3" ! videoconvert ! x264enc pass=qual quantizer=18 \
    ! h264parse ! mp4mux ! filesink location="$2"
}

player() {
  local address
  address=$(gst_uri "$1")
  gst-launch-1.0 playbin3 uri="$address" video-filter=cgancolorize \
    video-sink="$VIDEO_SINK" audio-sink="$AUDIO_SINK"
}

bayer() {
  # shellcheck disable=SC2086  # descriptions of several words
  gst-launch-1.0 -e $BAYER_SOURCE ! bayer2rgb ! videoconvert ! cgancolorize \
    ! x264enc pass=qual quantizer=18 ! h264parse ! mp4mux ! filesink location="$1"
}

# A path as the address that playbin wants; spaces and the like are written as numbers.
gst_uri() {
  python3 -c 'import pathlib, sys; print(pathlib.Path(sys.argv[1]).resolve().as_uri())' "$1"
}

pipeline=${1:-}
case $pipeline in
  film_with_sound | live | still | side_by_side | player | bayer)
    shift
    "$pipeline" "$@"
    ;;
  *)
    sed -n '2,9p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
