#include "tests/examples/example_film.h"

#include <gst/app/gstappsink.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>

#include "tests/examples/example_run.h"

namespace {

struct Pipeline {
  explicit Pipeline(const std::string& description) {
    gst_init(nullptr, nullptr);
    GError* error = nullptr;
    element = gst_parse_launch(description.c_str(), &error);
    if (error) throw std::runtime_error(description + ": " + error->message);
  }
  ~Pipeline() {
    gst_element_set_state(element, GST_STATE_NULL);
    gst_object_unref(element);
  }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  void wait() const {
    gst_element_set_state(element, GST_STATE_PLAYING);
    g_autoptr(GstBus) bus = gst_element_get_bus(element);
    g_autoptr(GstMessage) message = gst_bus_timed_pop_filtered(
        bus, 60 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
    if (!message) throw std::runtime_error("the pipeline did not end");
    if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR) return;
    g_autoptr(GError) error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    throw std::runtime_error(error->message);
  }

  GstElement* element;
};

void append_plane(const GstVideoFrame& frame, int component, std::vector<uint8_t>& bytes) {
  const auto* data = static_cast<const uint8_t*>(GST_VIDEO_FRAME_COMP_DATA(&frame, component));
  for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(&frame, component); ++y) {
    const uint8_t* row =
        data + static_cast<std::ptrdiff_t>(y) * GST_VIDEO_FRAME_COMP_STRIDE(&frame, component);
    bytes.insert(bytes.end(), row, row + GST_VIDEO_FRAME_COMP_WIDTH(&frame, component));
  }
}

std::string quoted(const std::string& path) {
  return "\"" + path + "\"";
}

}  // namespace

void run_pipeline(const std::string& description) {
  Pipeline(description).wait();
}

void run_ffmpeg(const std::string& arguments, const std::string& path) {
  std::vector<std::string> command{"ffmpeg", "-hide_banner", "-loglevel", "error", "-y"};
  std::istringstream words(arguments);
  for (std::string word; words >> word;) command.push_back(word);
  command.push_back(path);
  const Outcome outcome = run(command);
  if (outcome.exit_code != 0) throw std::runtime_error("ffmpeg: " + outcome.output);
}

Film decode(const std::string& path) {
  Film film{};
  const Pipeline pipeline("filesrc location=" + quoted(path) +
                          " ! parsebin name=parser ! decodebin ! videoconvert"
                          " ! video/x-raw,format=I420 ! appsink name=out sync=false");
  gst_element_set_state(pipeline.element, GST_STATE_PLAYING);
  g_autoptr(GstElement) out = gst_bin_get_by_name(GST_BIN(pipeline.element), "out");
  while (GstSample* pulled = gst_app_sink_try_pull_sample(GST_APP_SINK(out), 30 * GST_SECOND)) {
    g_autoptr(GstSample) sample = pulled;
    gst_video_info_from_caps(&film.info, gst_sample_get_caps(sample));
    GstVideoFrame frame;
    if (!gst_video_frame_map(&frame, &film.info, gst_sample_get_buffer(sample), GST_MAP_READ))
      throw std::runtime_error("a frame cannot be mapped");
    Picture picture{gst_segment_to_running_time(gst_sample_get_segment(sample), GST_FORMAT_TIME,
                                                GST_BUFFER_PTS(gst_sample_get_buffer(sample))),
                    {},
                    {}};
    append_plane(frame, GST_VIDEO_COMP_Y, picture.luma);
    append_plane(frame, GST_VIDEO_COMP_U, picture.chroma);
    append_plane(frame, GST_VIDEO_COMP_V, picture.chroma);
    gst_video_frame_unmap(&frame);
    film.pictures.push_back(std::move(picture));
  }
  if (film.pictures.empty()) throw std::runtime_error(path + " holds no picture");
  return film;
}

std::vector<std::string> packets(const std::string& path, const std::string& kind) {
  struct Collector {
    std::string kind;
    GstElement* pipeline;
    std::mutex mutex;
    std::vector<std::string> packets;
  };
  const Pipeline pipeline("filesrc location=" + quoted(path) + " ! parsebin name=parser");
  Collector collector{kind, pipeline.element, {}, {}};
  g_autoptr(GstElement) parser = gst_bin_get_by_name(GST_BIN(pipeline.element), "parser");
  const auto on_pad = +[](GstElement*, GstPad* pad, Collector* all) {
    GstElement* sink = gst_element_factory_make("fakesink", nullptr);
    g_object_set(sink, "async", FALSE, "sync", FALSE, nullptr);
    gst_bin_add(GST_BIN(all->pipeline), sink);
    gst_element_sync_state_with_parent(sink);
    g_autoptr(GstPad) sink_pad = gst_element_get_static_pad(sink, "sink");
    gst_pad_link(pad, sink_pad);
    g_autoptr(GstCaps) caps = gst_pad_query_caps(pad, nullptr);
    if (!g_str_has_prefix(gst_structure_get_name(gst_caps_get_structure(caps, 0)),
                          all->kind.c_str()))
      return;
    gst_pad_add_probe(
        pad, GST_PAD_PROBE_TYPE_BUFFER,
        [](GstPad*, GstPadProbeInfo* info, gpointer data) {
          auto* collected = static_cast<Collector*>(data);
          GstMapInfo map;
          gst_buffer_map(GST_PAD_PROBE_INFO_BUFFER(info), &map, GST_MAP_READ);
          std::lock_guard lock(collected->mutex);
          collected->packets.emplace_back(reinterpret_cast<char*>(map.data), map.size);
          gst_buffer_unmap(GST_PAD_PROBE_INFO_BUFFER(info), &map);
          return GST_PAD_PROBE_OK;
        },
        all, nullptr);
  };
  g_signal_connect(parser, "pad-added", G_CALLBACK(on_pad), &collector);
  pipeline.wait();
  return collector.packets;
}

GstClockTime duration(const std::string& path) {
  const Pipeline pipeline("filesrc location=" + quoted(path) +
                          " ! parsebin ! fakesink name=out sync=false");
  gst_element_set_state(pipeline.element, GST_STATE_PAUSED);
  gst_element_get_state(pipeline.element, nullptr, nullptr, 30 * GST_SECOND);
  gint64 length = -1;
  if (!gst_element_query_duration(pipeline.element, GST_FORMAT_TIME, &length))
    throw std::runtime_error(path + " has no duration");
  return static_cast<GstClockTime>(length);
}

void make_film_with_sound(const std::string& path, const std::string& muxer) {
  // The sound is one second of 12 buffers; the encoder's own delay adds a little.
  run_pipeline(
      "videotestsrc num-buffers=12 pattern=smpte ! video/x-raw,format=I420,width=64,height=48,"
      "framerate=12/1 ! x264enc key-int-max=6 ! video/x-h264,profile=high ! h264parse ! queue ! "
      "mux."
      " audiotestsrc num-buffers=12 samplesperbuffer=4000 ! audio/x-raw,rate=48000,channels=2"
      " ! avenc_aac ! aacparse ! queue ! mux. " +
      muxer + " name=mux ! filesink location=" + quoted(path));
}

int colour_of(const Picture& picture) {
  int distance = 0;
  for (uint8_t value : picture.chroma) distance = std::max(distance, std::abs(value - 128));
  return distance;
}
