#include "examples/colorize_film/closed_captions.h"

#include <gst/video/video-anc.h>

#include "examples/colorize_film/steady_caps.h"
#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {

bool keeps_captions(GstElement* encoder) {
  return contains(encoder, "x264enc");
}

void remark_captions(GstElement* element, const std::string& sentence) {
  g_autoptr(GstPad) sink = gst_element_get_static_pad(element, "sink");
  gst_pad_add_probe(
      sink, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer data) {
        if (!gst_buffer_get_video_caption_meta(GST_PAD_PROBE_INFO_BUFFER(info)))
          return GST_PAD_PROBE_OK;
        g_autoptr(GstElement) owner = gst_pad_get_parent_element(pad);
        remark(owner, *static_cast<std::string*>(data));
        return GST_PAD_PROBE_REMOVE;
      },
      new std::string(sentence), [](gpointer data) { delete static_cast<std::string*>(data); });
}

}  // namespace colorize_film
