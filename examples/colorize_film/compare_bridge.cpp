#include "examples/colorize_film/compare_bridge.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include <utility>

#include "examples/colorize_film/options.h"

namespace colorize_film {
namespace {

constexpr char kSourceName[] = "compare-source";

struct Bridge {
  FramePairs* pairs;
  std::function<void(GstSample*)> on_frame;
  GstAppSrc* source;  // owned by the bin, which also owns the sink that owns this
};

GstFlowReturn on_coloured(GstAppSink* sink, gpointer data) {
  auto* bridge = static_cast<Bridge*>(data);
  g_autoptr(GstSample) coloured = gst_app_sink_pull_sample(sink);
  if (!coloured) return GST_FLOW_EOS;
  g_autoptr(GstSample) original =
      bridge->pairs->take_original(GST_BUFFER_PTS(gst_sample_get_buffer(coloured)));
  if (!original) {
    GST_ELEMENT_ERROR(sink, STREAM, FAILED,
                      ("A coloured frame has no original of the same time: do without --compare."),
                      (nullptr));
    return GST_FLOW_ERROR;
  }
  try {
    g_autoptr(GstSample) both = side_by_side(original, coloured);
    bridge->on_frame(both);
    return gst_app_src_push_sample(bridge->source, both);
  } catch (const RunError& error) {
    GST_ELEMENT_ERROR(sink, STREAM, FAILED, ("%s", error.what()), (nullptr));
    return GST_FLOW_ERROR;
  }
}

void on_end(GstAppSink*, gpointer data) {
  gst_app_src_end_of_stream(static_cast<Bridge*>(data)->source);
}

}  // namespace

GstElement* make_compare_bridge(FramePairs* pairs, std::function<void(GstSample*)> on_frame) {
  GstElement* bin = gst_bin_new("compare");
  GstElement* sink = gst_element_factory_make("appsink", nullptr);
  GstElement* source = gst_element_factory_make("appsrc", kSourceName);
  if (!sink || !source)
    throw RunError("GStreamer's appsink is missing: install gstreamer1.0-plugins-base.");
  gst_bin_add_many(GST_BIN(bin), sink, source, nullptr);
  g_object_set(sink, "sync", FALSE, "async", FALSE, "max-buffers", 2U, nullptr);
  g_object_set(source, "format", GST_FORMAT_TIME, "block", TRUE, "max-buffers",
               G_GUINT64_CONSTANT(4), "max-bytes", G_GUINT64_CONSTANT(0), "handle-segment-change",
               TRUE, nullptr);

  auto* bridge = new Bridge{pairs, std::move(on_frame), GST_APP_SRC(source)};
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = on_coloured;
  callbacks.eos = on_end;
  gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, bridge,
                             [](gpointer data) { delete static_cast<Bridge*>(data); });

  g_autoptr(GstPad) inner_sink = gst_element_get_static_pad(sink, "sink");
  g_autoptr(GstPad) inner_source = gst_element_get_static_pad(source, "src");
  gst_element_add_pad(bin, gst_ghost_pad_new("sink", inner_sink));
  gst_element_add_pad(bin, gst_ghost_pad_new("src", inner_source));
  // The appsink would count as a sink of the pipeline; the bin is a filter.
  GST_OBJECT_FLAG_UNSET(bin, GST_ELEMENT_FLAG_SINK | GST_ELEMENT_FLAG_SOURCE);
  return bin;
}

void release_compare_bridge(GstElement* pipeline) {
  g_autoptr(GstElement) source = gst_bin_get_by_name(GST_BIN(pipeline), kSourceName);
  // No limit: who waits looks again.
  if (source) g_object_set(source, "max-buffers", G_GUINT64_CONSTANT(0), nullptr);
}

}  // namespace colorize_film
