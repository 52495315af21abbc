#include "examples/colorize_film/film_clock.h"

#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {

GstClockTime clock_start_of(GstElement* parser, GstPad* pad) {
  const bool is_matroska = contains(parser, "matroskademux");
  const GstSegment segment = segment_of(pad);
  return is_matroska && segment.start > segment.time ? segment.start - segment.time : 0;
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
