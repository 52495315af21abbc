#include "examples/colorize_film/frame_times.h"

namespace colorize_film {
namespace {

constexpr GstClockTime kUsualLength = GST_SECOND / 25;

struct Times {
  GstClockTime said = GST_CLOCK_TIME_NONE;   // of the last frame
  GstClockTime given = GST_CLOCK_TIME_NONE;  // what it got

  // The time of the next frame.
  GstClockTime next(GstClockTime time, GstClockTime length) {
    const bool is_first = !GST_CLOCK_TIME_IS_VALID(given);
    const bool is_said = GST_CLOCK_TIME_IS_VALID(time);
    const bool stands_still = !is_said || time == said;
    if (is_said) said = time;
    if (is_first)
      given = is_said ? time : 0;
    else if (is_said && time > given)
      given = time;
    else
      given += stands_still ? length : length / 2;
    return given;
  }
};

}  // namespace

void make_times_grow(GstElement* element) {
  g_autoptr(GstPad) source = gst_element_get_static_pad(element, "src");
  gst_pad_add_probe(
      source,
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      [](GstPad*, GstPadProbeInfo* info, gpointer data) {
        auto* times = static_cast<Times*>(data);
        if (!(info->type & GST_PAD_PROBE_TYPE_BUFFER)) {
          // What follows counts anew.
          if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_SEGMENT) *times = {};
          return GST_PAD_PROBE_OK;
        }
        GstBuffer* frame = GST_PAD_PROBE_INFO_BUFFER(info);
        const GstClockTime length =
            GST_BUFFER_DURATION_IS_VALID(frame) && GST_BUFFER_DURATION(frame) > 0
                ? GST_BUFFER_DURATION(frame)
                : kUsualLength;
        const GstClockTime time = times->next(GST_BUFFER_PTS(frame), length);
        if (time == GST_BUFFER_PTS(frame)) return GST_PAD_PROBE_OK;
        frame = gst_buffer_make_writable(frame);
        GST_BUFFER_PTS(frame) = time;
        info->data = frame;
        return GST_PAD_PROBE_OK;
      },
      new Times, [](gpointer data) { delete static_cast<Times*>(data); });
}

}  // namespace colorize_film
