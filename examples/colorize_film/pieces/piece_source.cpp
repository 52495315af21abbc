#include "examples/colorize_film/pieces/piece_source.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <memory>
#include <utility>

#include "examples/colorize_film/container.h"
#include "examples/colorize_film/pieces/durable_file.h"
#include "examples/colorize_film/pieces/frame_tap.h"

namespace colorize_film {
namespace {

// As GStreamer's encoders do, so that decoding times before the first picture are above 0.
constexpr GstClockTime kZero = 1000 * 60 * 60 * GST_SECOND;
constexpr guint64 kWaitingPictures = 16;

using Element = std::unique_ptr<GstElement, void (*)(GstElement*)>;

void stop(GstElement* pipeline) {
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

[[noreturn]] void refuse(const std::string& path) {
  throw RunError("The piece '" + path +
                 "' is damaged or not there: remove it and run the same again.");
}

// Reads one piece; `sink` is set to its appsink.
Element make_reader(const std::string& path, GstAppSink*& sink) {
  Element reader(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new("piece"))), stop);
  GstElement* before = nullptr;
  for (const char* name : {"filesrc", "gdpdepay", "appsink"}) {
    GstElement* element = gst_element_factory_make(name, name);
    if (!element)
      throw RunError(std::string("GStreamer's element ") + name +
                     " is missing: install gstreamer1.0-plugins-bad.");
    gst_bin_add(GST_BIN(reader.get()), element);
    if (before) gst_element_link(before, element);
    if (!before) g_object_set(element, "location", path.c_str(), nullptr);
    before = element;
  }
  sink = GST_APP_SINK(before);
  g_object_set(before, "sync", FALSE, "max-buffers", guint{kWaitingPictures}, nullptr);
  gst_element_set_state(reader.get(), GST_STATE_PLAYING);
  return reader;
}

// Of the encoder, as the piece says.
GstCaps* caps_of_piece(const std::string& path) {
  GstAppSink* sink = nullptr;
  const Element reader = make_reader(path, sink);
  g_autoptr(GstSample) first = gst_app_sink_pull_sample(sink);
  if (!first) refuse(path);
  return gst_caps_ref(gst_sample_get_caps(first));
}

// All that colours sleeps.
void let_colouring_sleep(const FilmPipeline& film) {
  const GstElement* awake[] = {film.parser, film.queues, film.muxer};
  GstIterator* elements = gst_bin_iterate_elements(GST_BIN(film.pipeline));
  const auto sleep = [](const GValue* item, gpointer data) {
    const auto& others = *static_cast<decltype(awake)*>(data);
    auto* element = GST_ELEMENT(g_value_get_object(item));
    const bool is_end = GST_OBJECT_FLAG_IS_SET(element, GST_ELEMENT_FLAG_SINK) ||
                        GST_OBJECT_FLAG_IS_SET(element, GST_ELEMENT_FLAG_SOURCE);
    if (!is_end && std::find(std::begin(others), std::end(others), element) == std::end(others))
      gst_element_set_locked_state(element, TRUE);
  };
  gst_iterator_foreach(elements, sleep, &awake);
  gst_iterator_free(elements);
}

}  // namespace

PieceSource::PieceSource(const FilmPipeline& film, const std::string& output, std::string folder,
                         std::vector<Piece> pieces)
    : folder_(std::move(folder)),
      pieces_(std::move(pieces)),
      pipeline_(film.pipeline),
      source_(gst_element_factory_make("appsrc", "pieces")),
      last_dts_(G_MININT64) {
  if (pieces_.empty()) throw RunError("There are no pieces to join: colour the film first.");
  if (!source_)
    throw RunError("GStreamer's element appsrc is missing: install gstreamer1.0-plugins-base.");
  gst_util_set_object_arg(G_OBJECT(source_), "format", "time");
  g_object_set(source_, "block", TRUE, "max-buffers", kWaitingPictures, "max-bytes", guint64{0},
               "handle-segment-change", TRUE, nullptr);
  gst_bin_add(GST_BIN(film.pipeline), source_);
  g_autoptr(GstPad) encoded = gst_element_get_static_pad(source_, "src");
  let_colouring_sleep(film);
  g_autoptr(GstCaps) caps = caps_of_piece(folder_ + "/" + pieces_.front().file);
  if (!link_to_muxer(GST_BIN(film.pipeline), encoded, caps, film.muxer, film.muxed))
    throw RunError("The container of '" + output +
                       "' does not take what this encoder writes: use another ending, such as "
                       ".mkv.",
                   kUsage);
  // Events and pictures of one thread stay in their order.
  gst_pad_add_probe(
      encoded, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo*, gpointer source) {
        for (GstEvent* event : std::exchange(static_cast<PieceSource*>(source)->events_, {}))
          gst_pad_push_event(pad, event);
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
}

PieceSource::~PieceSource() {
  stops_ = true;
  if (reader_.joinable()) reader_.join();
  for (GstEvent* event : events_) gst_event_unref(event);
}

void PieceSource::start(std::function<bool()> is_ready,
                        std::function<std::vector<GstEvent*>()> take_events) {
  reader_ =
      std::thread([this, is_ready = std::move(is_ready), take_events = std::move(take_events)] {
        send_all(is_ready, take_events);
      });
}

void PieceSource::send_all(const std::function<bool()>& is_ready,
                           const std::function<std::vector<GstEvent*>()>& take_events) {
  while (!is_ready()) {
    if (stops_) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  try {
    events_ = take_events();
    for (const Piece& piece : pieces_)
      if (!send(piece)) return;  // the pipeline has its own sentence
    gst_app_src_end_of_stream(GST_APP_SRC(source_));
  } catch (const std::exception& error) {
    GstStructure* what =
        gst_structure_new(FrameTap::kEnded, "sentence", G_TYPE_STRING, error.what(), nullptr);
    gst_element_post_message(pipeline_, gst_message_new_application(GST_OBJECT(pipeline_), what));
  }
}

bool PieceSource::send(const Piece& piece) {
  const std::string path = folder_ + "/" + piece.file;
  if (checksum_of_file(path) != piece.checksum) refuse(path);
  GstAppSink* sink = nullptr;
  const Element reader = make_reader(path, sink);
  int64_t pictures = 0;
  while (GstSample* sample = gst_app_sink_pull_sample(sink)) {
    std::unique_ptr<GstSample, decltype(&gst_sample_unref)> owner(sample, gst_sample_unref);
    if (GST_BUFFER_PTS_IS_VALID(gst_sample_get_buffer(sample))) ++pictures;
    if (!push(sample)) return false;
  }
  if (pictures != piece.frames) refuse(path);
  return true;
}

// An encoder that knows the muxer adds what only that says of its caps; the pieces' did not.
GstCaps* PieceSource::caps_for_next(GstCaps* of_piece) const {
  g_autoptr(GstPad) source = gst_element_get_static_pad(source_, "src");
  g_autoptr(GstPad) next = gst_pad_get_peer(source);
  g_autoptr(GstCaps) taken = gst_pad_get_pad_template_caps(next);
  g_autoptr(GstCaps) both = gst_caps_intersect_full(of_piece, taken, GST_CAPS_INTERSECT_FIRST);
  return gst_caps_ref(gst_caps_is_fixed(both) ? both : of_piece);
}

bool PieceSource::push(GstSample* sample) {
  const GstSegment* from = gst_sample_get_segment(sample);
  GstBuffer* picture = gst_buffer_copy(gst_sample_get_buffer(sample));
  const auto moved = [from](GstClockTime time, GstClockTimeDiff& to) {
    guint64 running = 0;
    const int sign = GST_CLOCK_TIME_IS_VALID(time)
                         ? gst_segment_to_running_time_full(from, GST_FORMAT_TIME, time, &running)
                         : 0;
    to = sign * static_cast<GstClockTimeDiff>(running);
    return sign != 0;
  };
  GstClockTimeDiff pts = 0;
  GstClockTimeDiff dts = 0;
  if (moved(GST_BUFFER_PTS(picture), pts)) GST_BUFFER_PTS(picture) = kZero + pts;
  if (moved(GST_BUFFER_DTS(picture), dts)) {
    // Each encoder begins its decoding times anew, a little before its first picture.
    dts = std::max(dts, last_dts_ + 1);
    last_dts_ = dts;
    GST_BUFFER_DTS(picture) = kZero + dts;
  }
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.start = kZero;
  g_autoptr(GstCaps) caps = caps_for_next(gst_sample_get_caps(sample));
  g_autoptr(GstSample) whole = gst_sample_new(picture, caps, &segment, nullptr);
  gst_buffer_unref(picture);
  return gst_app_src_push_sample(GST_APP_SRC(source_), whole) == GST_FLOW_OK;
}

}  // namespace colorize_film
