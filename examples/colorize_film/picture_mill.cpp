#include "examples/colorize_film/picture_mill.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include "examples/colorize_film/options.h"

namespace colorize_film {

PictureMill::PictureMill(const std::string& chain) {
  const std::string text = "appsrc name=source format=time ! " + chain +
                           " ! appsink name=sink sync=false async=false max-buffers=1";
  g_autoptr(GError) error = nullptr;
  pipeline_ = gst_parse_launch_full(text.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error);
  if (!pipeline_)
    throw RunError(std::string("Pictures cannot be written: ") + error->message +
                   ". Install gstreamer1.0-plugins-good.");
  source_ = gst_bin_get_by_name(GST_BIN(pipeline_), "source");
  sink_ = gst_bin_get_by_name(GST_BIN(pipeline_), "sink");
  gst_element_set_state(pipeline_, GST_STATE_PLAYING);
}

PictureMill::~PictureMill() {
  gst_element_set_state(pipeline_, GST_STATE_NULL);
  gst_object_unref(source_);
  gst_object_unref(sink_);
  gst_object_unref(pipeline_);
}

GstSample* PictureMill::turn(GstSample* picture) {
  constexpr GstClockTime kPatience = 30 * GST_SECOND;
  // Times of their own would be those of a film; here each comes for itself.
  GstBuffer* frame = gst_buffer_copy(gst_sample_get_buffer(picture));
  GST_BUFFER_PTS(frame) = GST_BUFFER_DTS(frame) = GST_BUFFER_DURATION(frame) = GST_CLOCK_TIME_NONE;
  g_autoptr(GstSample) one = gst_sample_new(frame, gst_sample_get_caps(picture), nullptr, nullptr);
  gst_buffer_unref(frame);
  GstSample* turned = gst_app_src_push_sample(GST_APP_SRC(source_), one) == GST_FLOW_OK
                          ? gst_app_sink_try_pull_sample(GST_APP_SINK(sink_), kPatience)
                          : nullptr;
  if (!turned) throw RunError("A picture of the film cannot be turned into one for the report.");
  return turned;
}

GstSample* sample_of_jpeg(const std::string& jpeg) {
  g_autoptr(GstCaps) caps = gst_caps_new_empty_simple("image/jpeg");
  GstBuffer* buffer = gst_buffer_new_memdup(jpeg.data(), jpeg.size());
  GstSample* sample = gst_sample_new(buffer, caps, nullptr, nullptr);
  gst_buffer_unref(buffer);
  return sample;
}

std::string bytes_of(GstSample* picture) {
  GstBuffer* buffer = gst_sample_get_buffer(picture);
  std::string bytes(gst_buffer_get_size(buffer), '\0');
  gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
  return bytes;
}

}  // namespace colorize_film
