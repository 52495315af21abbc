#include "examples/colorize_film/film_job.h"

#include <glib-unix.h>
#include <gst/pbutils/pbutils.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <utility>

#include "examples/colorize_film/container.h"

namespace colorize_film {
namespace {

constexpr guint kRedrawMilliseconds = 250;
constexpr char kStreamsKnown[] = "colorize-film-streams-known";

// A container may promise a little more than its streams hold (rounding, the last packet's length).
// More than this missing at the end means a broken file: half a second, in long films a percent.
GstClockTime tolerated_shortfall(GstClockTime length) {
  return std::clamp<GstClockTime>(length / 100, GST_SECOND / 2, 5 * GST_SECOND);
}

GstClockTime to_time(double seconds) {
  return static_cast<GstClockTime>(seconds * static_cast<double>(GST_SECOND));
}

std::string in_seconds(GstClockTime time) {
  g_autofree char* text = g_strdup_printf("%.1f s", static_cast<double>(time) / GST_SECOND);
  return text;
}

GstSegment segment_of(GstPad* pad) {
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  g_autoptr(GstEvent) event = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
  if (event) gst_event_copy_segment(event, &segment);
  return segment;
}

bool is_kind(const GstCaps* caps, const char* prefix) {
  return gst_caps_get_size(caps) > 0 &&
         g_str_has_prefix(gst_structure_get_name(gst_caps_get_structure(caps, 0)), prefix);
}

// Whether the film can do without what is missing: all but the picture and the container.
bool is_dispensable(GstMessage* missing_plugin) {
  const GValue* detail =
      gst_structure_get_value(gst_message_get_structure(missing_plugin), "detail");
  if (!detail || !GST_VALUE_HOLDS_CAPS(detail)) return false;
  const GstCaps* caps = gst_value_get_caps(detail);
  const char* const kinds[] = {"audio/",
                               "text/",
                               "subpicture/",
                               "subtitle/",
                               "meta/",
                               "closedcaption/",
                               "application/x-subtitle",
                               "application/x-ass",
                               "application/x-ssa"};
  return std::any_of(std::begin(kinds), std::end(kinds),
                     [caps](const char* kind) { return is_kind(caps, kind); });
}

// What a pad of parsebin carries; without its final details before its first data (MPEG-TS).
GstCaps* caps_of(GstPad* pad) {
  GstCaps* caps = gst_pad_get_current_caps(pad);
  return caps ? caps : gst_pad_query_caps(pad, nullptr);
}

bool has_odd_size(const GstCaps* caps) {
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  int width = 0;
  int height = 0;
  gst_structure_get(structure, "width", G_TYPE_INT, &width, "height", G_TYPE_INT, &height, nullptr);
  return width % 2 != 0 || height % 2 != 0;
}

std::string describe(const GstCaps* caps) {
  g_autofree char* codec =
      gst_caps_is_fixed(caps) ? gst_pb_utils_get_codec_description(caps) : nullptr;
  return codec ? codec : gst_structure_get_name(gst_caps_get_structure(caps, 0));
}

}  // namespace

FilmJob::FilmJob(Options options) : options_(std::move(options)) {
  if (!g_file_test(options_.input.c_str(), G_FILE_TEST_IS_REGULAR))
    throw RunError("There is no film '" + options_.input + "'.");
  gst_pb_utils_init();
  result_ = std::make_unique<PartFile>(options_.output, options_.force);
  if (options_.picture)
    picture_file_ = std::make_unique<PartFile>(*options_.picture, options_.force);
  film_ = build_film_pipeline(options_, result_->path(), &pairs_, [this](GstSample* both) {
    const GstSegment* segment = gst_sample_get_segment(both);
    keep_picture(both, gst_segment_to_running_time(segment, GST_FORMAT_TIME,
                                                   GST_BUFFER_PTS(gst_sample_get_buffer(both))));
  });
  loop_ = g_main_loop_new(nullptr, FALSE);
  watch_data();
}

FilmJob::~FilmJob() {
  gst_element_set_state(film_.pipeline, GST_STATE_NULL);
  for (const Stream& stream : streams_) gst_object_unref(stream.pad);
  gst_object_unref(film_.pipeline);
  g_main_loop_unref(loop_);
  if (picture_) gst_sample_unref(picture_);
}

void FilmJob::watch_data() {
  g_signal_connect(
      film_.parser, "pad-added",
      G_CALLBACK(+[](GstElement*, GstPad* pad, FilmJob* job) { job->on_parsed_pad(pad); }), this);
  g_autoptr(GstPad) grey = gst_element_get_static_pad(film_.colorizer, "sink");
  gst_pad_add_probe(
      grey, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer job) {
        static_cast<FilmJob*>(job)->on_original(pad, GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
  g_autoptr(GstPad) coloured = gst_element_get_static_pad(film_.coloured, "src");
  gst_pad_add_probe(
      coloured, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer job) {
        static_cast<FilmJob*>(job)->on_coloured(pad, GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
}

void FilmJob::run() {
  needs_picture_ = options_.picture.has_value();
  g_autoptr(GstBus) bus = gst_element_get_bus(film_.pipeline);
  const guint watch = gst_bus_add_watch(
      bus,
      [](GstBus*, GstMessage* message, gpointer job) -> gboolean {
        static_cast<FilmJob*>(job)->on_message(message);
        return G_SOURCE_CONTINUE;
      },
      this);
  const auto on_signal = [](gpointer job) -> gboolean {
    static_cast<FilmJob*>(job)->finish("Interrupted: nothing was written.", kInterrupted);
    return G_SOURCE_CONTINUE;
  };
  std::vector<guint> sources = {watch, g_unix_signal_add(SIGINT, on_signal, this),
                                g_unix_signal_add(SIGTERM, on_signal, this),
                                g_timeout_add(
                                    kRedrawMilliseconds,
                                    [](gpointer job) -> gboolean {
                                      static_cast<FilmJob*>(job)->progress_.draw();
                                      return G_SOURCE_CONTINUE;
                                    },
                                    this)};
  // The terminal was closed, unless nohup has seen to that.
  struct sigaction hang_up = {};
  if (sigaction(SIGHUP, nullptr, &hang_up) == 0 && hang_up.sa_handler != SIG_IGN)
    sources.push_back(g_unix_signal_add(SIGHUP, on_signal, this));

  // A failure here has posted its error, which the loop reads.
  gst_element_set_state(film_.pipeline, GST_STATE_PLAYING);
  g_main_loop_run(loop_);
  progress_.clear();
  gst_element_set_state(film_.pipeline, GST_STATE_NULL);
  for (guint source : sources) g_source_remove(source);

  if (!failure_.empty()) throw RunError(failure_, exit_code_);
  check_complete();
  result_->keep();
  if (picture_file_ && !picture_)
    throw RunError("The film is written, but no frame lies at its middle for the picture '" +
                   *options_.picture + "'.");
  if (picture_file_) write_png(picture_, *picture_file_);
  if (damaged_places_ > 0)
    warn(std::to_string(damaged_places_) + " damaged places in '" + options_.input +
         "': look there before you trust the result.");
}

std::string FilmJob::summary() const {
  g_autofree char* text = g_strdup_printf(
      "%s: %ld frames coloured in %.1f s (%.1f frames/s)", options_.output.c_str(),
      static_cast<long>(progress_.frames()), progress_.seconds(),
      static_cast<double>(progress_.frames()) / std::max(progress_.seconds(), 1e-3));
  return text;
}

// The streams, once all are known.

void FilmJob::plan_streams() {
  std::vector<Stream> streams;
  {
    std::lock_guard lock(streams_mutex_);
    are_streams_planned_ = true;
    // A stream that has ended before its first data would keep the muxer waiting for ever.
    std::copy_if(streams_.begin(), streams_.end(), std::back_inserter(streams),
                 [](const Stream& stream) { return !GST_PAD_IS_EOS(stream.pad); });
  }
  GstPad* video = nullptr;
  for (const Stream& stream : streams) {
    g_autoptr(GstCaps) caps = caps_of(stream.pad);
    if (!video && (is_kind(caps, "video/") || is_kind(caps, "image/"))) video = stream.pad;
  }
  if (!video) throw RunError("'" + options_.input + "' holds no video.");

  seek_to_span(video);
  for (const Stream& stream : streams) {
    g_autoptr(GstCaps) caps = caps_of(stream.pad);
    if (stream.pad == video)
      take_video(stream.pad);
    else
      take_along(stream.pad, caps);
  }
  progress_.start(result_length_);
  for (const Stream& stream : streams) gst_pad_remove_probe(stream.pad, stream.gate);
}

void FilmJob::seek_to_span(GstPad* pad) {
  gint64 length = -1;
  if (gst_pad_query_duration(pad, GST_FORMAT_TIME, &length) && length > 0)
    film_length_ = static_cast<GstClockTime>(length);

  const GstClockTime start = to_time(options_.start_s);
  GstClockTime stop = options_.duration_s ? start + to_time(*options_.duration_s) : film_length_;
  if (GST_CLOCK_TIME_IS_VALID(film_length_)) {
    if (start >= film_length_)
      throw RunError("--start lies behind the end: '" + options_.input + "' lasts " +
                     in_seconds(film_length_) + ".");
    stop = std::min(stop, film_length_);
  }
  span_end_ = stop;
  if (GST_CLOCK_TIME_IS_VALID(stop)) {
    result_length_ = stop - start;
    picture_time_ = result_length_ / 2;
  }
  if (options_.start_s <= 0 && !options_.duration_s) return;

  const auto flags = static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE);
  GstEvent* seek = gst_event_new_seek(
      1.0, GST_FORMAT_TIME, flags, GST_SEEK_TYPE_SET, static_cast<gint64>(start),
      options_.duration_s ? GST_SEEK_TYPE_SET : GST_SEEK_TYPE_NONE, static_cast<gint64>(stop));
  if (!gst_pad_send_event(pad, seek))
    throw RunError("'" + options_.input +
                   "' cannot be entered at a given second: do without --start and --duration.");
}

GstPad* FilmJob::through_queue(GstPad* pad) {
  g_autoptr(GstPad) sink = gst_element_request_pad_simple(film_.queues, "sink_%u");
  gst_pad_link(pad, sink);
  GstIterator* inner = gst_pad_iterate_internal_links(sink);
  GValue item = G_VALUE_INIT;
  gst_iterator_next(inner, &item);
  auto* source = GST_PAD(g_value_dup_object(&item));
  g_value_unset(&item);
  gst_iterator_free(inner);
  return source;
}

void FilmJob::take_video(GstPad* pad) {
  g_autoptr(GstCaps) caps = caps_of(pad);
  if (has_odd_size(caps)) allow_odd_size(film_.encoder);
  GstElement* decoder = gst_element_factory_make("decodebin", nullptr);
  if (!decoder)
    throw RunError("GStreamer's decodebin is missing: install gstreamer1.0-plugins-base.");
  gst_bin_add(GST_BIN(film_.pipeline), decoder);
  g_signal_connect(
      decoder, "pad-added",
      G_CALLBACK(+[](GstElement*, GstPad* decoded, FilmJob* job) { job->on_decoded_pad(decoded); }),
      this);
  gst_element_sync_state_with_parent(decoder);
  g_autoptr(GstPad) queued = through_queue(pad);
  g_autoptr(GstPad) sink = gst_element_get_static_pad(decoder, "sink");
  gst_pad_link(queued, sink);
}

void FilmJob::take_along(GstPad* pad, const GstCaps* caps) {
  if (is_kind(caps, "video/") || is_kind(caps, "image/")) {
    warn("a further video stream (" + describe(caps) +
         ") is left out: only the first is coloured.");
    return;
  }
  g_autoptr(GstPad) queued = through_queue(pad);
  if (link_to_muxer(GST_BIN(film_.pipeline), queued, caps, film_.muxer)) return;
  g_autoptr(GstPad) queue_sink = gst_pad_get_peer(pad);
  gst_pad_unlink(pad, queue_sink);
  gst_element_release_request_pad(film_.queues, queue_sink);
  const char* what = is_kind(caps, "audio/") ? "a sound track (" : "a subtitle track (";
  warn(what + describe(caps) + ") cannot be copied into '" + options_.output + "' and is left out" +
       (g_str_has_prefix(G_OBJECT_TYPE_NAME(film_.muxer), "GstMatroska")
            ? "."
            : ": an .mkv may keep it."));
}

void FilmJob::check_complete() const {
  if (progress_.frames() == 0)
    throw RunError("'" + options_.input +
                   "' gave no picture: it is damaged, or the span is empty.");
  const GstClockTime last = last_moment_;
  if (GST_CLOCK_TIME_IS_VALID(span_end_) && last + tolerated_shortfall(span_end_) < span_end_)
    throw RunError(
        "'" + options_.input + "' ends after " + in_seconds(last) + " of " + in_seconds(span_end_) +
        ": it is truncated or damaged. Colour what is there with --duration " +
        std::to_string((last - std::min(last, to_time(options_.start_s))) / GST_SECOND) + ".");
}

// Messages.

void FilmJob::finish(const std::string& sentence, ExitCode code) {
  if (failure_.empty()) {
    failure_ = sentence;
    exit_code_ = code;
  }
  g_main_loop_quit(loop_);
}

void FilmJob::warn(const std::string& sentence) {
  progress_.clear();
  std::fprintf(stderr, "colorize-film: warning: %s\n", sentence.c_str());
}

void FilmJob::on_error(GstMessage* message) {
  g_autoptr(GError) error = nullptr;
  g_autofree char* details = nullptr;
  gst_message_parse_error(message, &error, &details);
  const bool is_input =
      gst_object_has_as_ancestor(GST_MESSAGE_SRC(message), GST_OBJECT(film_.parser));
  std::string sentence =
      is_input ? "'" + options_.input + "' cannot be read as a film: " + error->message
               : std::string(GST_OBJECT_NAME(GST_MESSAGE_SRC(message))) + ": " + error->message;
  // The first line of the details is a place in GStreamer's source; what follows are facts.
  const char* facts = details ? std::strchr(details, '\n') : nullptr;
  if (facts && facts[1]) sentence += std::string("\n  ") + (facts + 1);
  finish(sentence, kFailure);
}

void FilmJob::on_message(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_EOS:
      g_main_loop_quit(loop_);
      break;
    case GST_MESSAGE_ERROR:
      on_error(message);
      break;
    case GST_MESSAGE_WARNING:
      ++damaged_places_;
      break;
    case GST_MESSAGE_APPLICATION:
      if (!gst_message_has_name(message, kStreamsKnown)) break;
      try {
        plan_streams();
      } catch (const RunError& error) {
        finish(error.what(), error.exit_code);
      }
      break;
    case GST_MESSAGE_ELEMENT:
      if (gst_is_missing_plugin_message(message) && !is_dispensable(message)) {
        g_autofree char* what = gst_missing_plugin_message_get_description(message);
        finish("'" + options_.input + "' needs what is not installed: " + what +
                   ". Install gstreamer1.0-libav or gstreamer1.0-plugins-bad.",
               kFailure);
      }
      break;
    default:
      break;
  }
}

// From GStreamer's threads.

void FilmJob::on_parsed_pad(GstPad* pad) {
  // parsebin lets data go when it has shown all its pads, so the first data, or the end of an empty
  // stream, says that all are known.
  const gulong gate = gst_pad_add_probe(
      pad, static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER),
      [](GstPad*, GstPadProbeInfo*, gpointer job) {
        static_cast<FilmJob*>(job)->announce_streams();
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      [](GstPad*, GstPadProbeInfo* info, gpointer job) {
        if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS)
          static_cast<FilmJob*>(job)->announce_streams();
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* parsed, GstPadProbeInfo* info, gpointer job) {
        const GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
        const GstSegment segment = segment_of(parsed);
        GstClockTime end = GST_BUFFER_PTS(buffer);
        if (!GST_CLOCK_TIME_IS_VALID(end)) return GST_PAD_PROBE_OK;
        if (GST_BUFFER_DURATION_IS_VALID(buffer)) end += GST_BUFFER_DURATION(buffer);
        const GstClockTime moment = gst_segment_to_stream_time(&segment, GST_FORMAT_TIME, end);
        auto& last = static_cast<FilmJob*>(job)->last_moment_;
        GstClockTime known = last;
        // Beyond the span counts as its end: the stream has got there.
        const GstClockTime reached = GST_CLOCK_TIME_IS_VALID(moment) ? moment : segment.stop;
        while (GST_CLOCK_TIME_IS_VALID(reached) && reached > known &&
               !last.compare_exchange_weak(known, reached)) {
        }
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
  std::lock_guard lock(streams_mutex_);
  if (are_streams_planned_) {
    gst_pad_remove_probe(pad, gate);
    return;
  }
  streams_.push_back({GST_PAD(gst_object_ref(pad)), gate});
}

void FilmJob::announce_streams() {
  if (are_streams_announced_.exchange(true)) return;
  gst_element_post_message(film_.pipeline,
                           gst_message_new_application(GST_OBJECT(film_.pipeline),
                                                       gst_structure_new_empty(kStreamsKnown)));
}

void FilmJob::on_decoded_pad(GstPad* pad) {
  if (has_decoded_.exchange(true)) return;
  g_autoptr(GstPad) sink = gst_element_get_static_pad(film_.video_entry, "sink");
  gst_pad_link(pad, sink);
}

void FilmJob::on_original(GstPad* pad, GstBuffer* buffer) {
  bool is_wanted = options_.compare;
  if (needs_picture_) {
    const GstSegment segment = segment_of(pad);
    is_wanted = is_wanted || gst_segment_to_running_time(&segment, GST_FORMAT_TIME,
                                                         GST_BUFFER_PTS(buffer)) >= picture_time_;
  }
  if (is_wanted) pairs_.keep_original(pad, buffer);
}

void FilmJob::on_coloured(GstPad* pad, GstBuffer* buffer) {
  const GstSegment segment = segment_of(pad);
  const GstClockTime position =
      gst_segment_to_running_time(&segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  progress_.count_frame(position);
  if (options_.compare || !needs_picture_) return;
  g_autoptr(GstSample) original = pairs_.take_original(GST_BUFFER_PTS(buffer));
  if (!original) return;
  g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
  g_autoptr(GstSample) coloured = gst_sample_new(buffer, caps, &segment, nullptr);
  try {
    g_autoptr(GstSample) both = side_by_side(original, coloured);
    keep_picture(both, position);
  } catch (const RunError& error) {
    GST_ELEMENT_ERROR(film_.video_entry, STREAM, FAILED, ("%s", error.what()), (nullptr));
  }
}

void FilmJob::keep_picture(GstSample* both, GstClockTime position) {
  if (!needs_picture_ || position < picture_time_) return;
  needs_picture_ = false;
  picture_ = gst_sample_ref(both);
}

}  // namespace colorize_film
