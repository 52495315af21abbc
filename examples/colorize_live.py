#!/usr/bin/python3
"""Colours a live picture in a window: a camera, or a film (default: the example).

    examples/colorize_live.py [/dev/video0 | FILM] [SINK]

SINK is any description of a video sink (default: autovideosink); the test uses one without a window.
Needs Debian's python3-gi and gir1.2-gstreamer-1.0, and GST_PLUGIN_PATH if the plugin is not installed.
"""
import pathlib
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402


def source(where):
    """A camera, of whose pictures one waits at most: what is shown is as late as the network is,
    never later. A film waits by itself."""
    if where.startswith("/dev/"):
        return (f"v4l2src device={where} ! decodebin ! videoconvert"
                " ! queue max-size-buffers=1 leaky=downstream")
    return "filesrc name=film ! decodebin ! videoconvert ! queue"


def on_message(_bus, message, loop, outcome):
    if message.type == Gst.MessageType.ERROR:
        error, details = message.parse_error()
        outcome.append(f"{message.src.get_name()}: {error.message}\n{details}")
        loop.quit()
    elif message.type == Gst.MessageType.EOS:
        loop.quit()


def main(where, sink):
    Gst.init(None)
    pipeline = Gst.parse_launch(
        f"{source(where)} ! cgancolorize name=colour ! videoconvert ! {sink}")
    if (film := pipeline.get_by_name("film")) is not None:
        film.set_property("location", where)
    pipeline.get_by_name("colour").set_property("saturation", 1.2)
    loop, outcome = GLib.MainLoop(), []
    bus = pipeline.get_bus()
    bus.add_signal_watch()
    bus.connect("message", on_message, loop, outcome)
    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, 2, lambda: loop.quit() or True)  # Ctrl-C
    pipeline.set_state(Gst.State.PLAYING)
    loop.run()
    pipeline.set_state(Gst.State.NULL)
    return outcome[0] if outcome else 0


if __name__ == "__main__":
    if len(sys.argv) > 3 or any(argument in ("-h", "--help") for argument in sys.argv):
        sys.exit(__doc__)
    example = pathlib.Path(__file__).with_name("market-street.mp4")
    sys.exit(main(*sys.argv[1:], *[str(example), "autovideosink"][len(sys.argv) - 1:]))
