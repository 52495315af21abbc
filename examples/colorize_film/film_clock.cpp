#include "examples/colorize_film/film_clock.h"

#include "examples/colorize_film/mp4_index.h"
#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {

GstClockTime clock_start_of(GstElement* parser, GstPad* pad) {
  const bool is_matroska = contains(parser, "matroskademux");
  const GstSegment segment = segment_of(pad);
  return is_matroska && segment.start > segment.time ? segment.start - segment.time : 0;
}

void keep_time_grid(GstElement* parser, const std::string& input, const GstCaps* coded,
                    GstPad* muxed) {
  constexpr char kGrid[] = "trak-timescale";
  // Of MPEG; also milliseconds, and all rates that are whole numbers, lie on it. Other rates than
  // those of colour television are averages of uneven times.
  constexpr guint kUsual = 90000;
  constexpr int kOfColourTelevision = 1001;
  if (!g_object_class_find_property(G_OBJECT_GET_CLASS(muxed), kGrid)) return;
  guint grid = contains(parser, "qtdemux") ? Mp4Index(input).timescale() : 0;
  int frames = 0, seconds = 1;
  gst_structure_get_fraction(gst_caps_get_structure(coded, 0), "framerate", &frames, &seconds);
  if (grid == 0 && seconds != kOfColourTelevision) grid = kUsual;
  g_object_set(muxed, kGrid, grid, nullptr);  // 0: that of the rate
}

void delay(GstElement* muxer, GstClockTime by) {
  const auto delay_pad = [](GstElement*, GstPad* pad, gpointer offset) -> gboolean {
    gst_pad_set_offset(pad, *static_cast<gint64*>(offset));
    return TRUE;
  };
  auto offset = static_cast<gint64>(by);
  gst_element_foreach_sink_pad(muxer, delay_pad, &offset);
}

}  // namespace colorize_film
