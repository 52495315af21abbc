#include "examples/colorize_film/film_streams.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "examples/colorize_film/container.h"
#include "examples/colorize_film/film_clock.h"
#include "examples/colorize_film/mp4_index.h"
#include "examples/colorize_film/reader_choice.h"
#include "examples/colorize_film/sequence.h"
#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {
namespace {

// A container may promise a little more than its streams hold (rounding, the last packet's length).
// More than this missing at the end means a broken file: half a second, in long films a percent.
GstClockTime tolerated_shortfall(GstClockTime length) {
  return std::clamp<GstClockTime>(length / 100, GST_SECOND / 2, 5 * GST_SECOND);
}

// Less is an encoder's own delay.
constexpr GstClockTime kLeastClockStart = GST_SECOND / 2;

GstClockTime to_time(double seconds) {
  return static_cast<GstClockTime>(seconds * static_cast<double>(GST_SECOND));
}

std::string in_seconds(GstClockTime time) {
  g_autofree char* text = g_strdup_printf("%.1f s", static_cast<double>(time) / GST_SECOND);
  return text;
}

// Leads `pad` into a new queue of `queues`; its other end, owned by the caller.
GstPad* through_queue(GstPad* pad, GstElement* queues) {
  g_autoptr(GstPad) sink = gst_element_request_pad_simple(queues, "sink_%u");
  gst_pad_link(pad, sink);
  GstIterator* inner = gst_pad_iterate_internal_links(sink);
  GValue item = G_VALUE_INIT;
  gst_iterator_next(inner, &item);
  auto* source = GST_PAD(g_value_dup_object(&item));
  g_value_unset(&item);
  gst_iterator_free(inner);
  return source;
}

}  // namespace

FilmStreams::FilmStreams(const FilmPipeline& film, const Options& options, const Route& route,
                         std::function<void(const std::string&)> warn)
    : film_(film),
      options_(options),
      route_(route),
      warn_(std::move(warn)),
      places_(film.pipeline) {
  g_signal_connect(film_.parser, "pad-added",
                   G_CALLBACK(+[](GstElement*, GstPad* pad, FilmStreams* streams) {
                     streams->on_parsed_pad(pad);
                   }),
                   this);
  g_signal_connect(film_.queues, "overrun",
                   G_CALLBACK(+[](GstElement*, FilmStreams* streams) { streams->announce(); }),
                   this);
}

FilmStreams::~FilmStreams() {
  for (const Stream& stream : streams_) {
    gst_object_unref(stream.pad);
    gst_object_unref(stream.queued);
  }
  if (decoded_) gst_object_unref(decoded_);
  for (GstEvent* event : side_events_) gst_event_unref(event);
}

void FilmStreams::plan() {
  {
    std::lock_guard lock(mutex_);
    is_planned_ = true;
    // A stream that has ended before its first data would keep the muxer waiting for ever.
    std::copy_if(streams_.begin(), streams_.end(), std::back_inserter(planned_),
                 [](const Stream& stream) { return !GST_PAD_IS_EOS(stream.queued); });
  }
  const auto video = std::find_if(planned_.begin(), planned_.end(), [](const Stream& stream) {
    g_autoptr(GstCaps) caps = caps_of(stream.pad);
    return is_picture(caps);
  });
  if (video == planned_.end()) throw RunError("'" + options_.input + "' holds no video.");

  seek_to_span(video->pad);
  if (!is_span()) frames_ = frames_of(video->pad);
  for (const Stream& stream : planned_) {
    if (stream.pad == video->pad)
      route_.colours ? take_video(stream) : leave_out(stream);
    else if (take_along(stream))
      ++tracks_;
  }
  keep_clock();
  g_autoptr(GstCaps) coded = caps_of(video->pad);
  keep_time_grid(film_.parser, options_.input, coded, film_.muxed);
  keep_timecode();
}

void FilmStreams::keep_timecode() {
  std::lock_guard lock(mutex_);
  // Which do not read the one that these have in each frame.
  for (const char* demuxer : {"mxfdemux", "dvdemux"})
    if (contains(film_.parser, demuxer)) side_info_.expect_timecode();
  if (!contains(film_.parser, "qtdemux")) return;
  side_info_.read_mp4(options_.input);
  if (side_info_.timecode() && keeps_timecode(film_.muxer))
    write_timecode(film_.muxer, film_.muxed, *side_info_.timecode(), to_time(options_.start_s));
}

// What the container holds has come with the events before the first frame.
void FilmStreams::tell_losses() {
  std::lock_guard lock(mutex_);
  for (const std::string& loss : side_info_.losses(options_.input, film_.muxer, tracks_, is_span()))
    warn_(loss);
}

std::optional<int64_t> FilmStreams::frames_of(GstPad* pad) const {
  if (is_sequence_to_read(options_.input)) return find_sequence(options_.input).count;
  if (contains(film_.parser, "qtdemux") && options_.input != kStandardInput)
    return Mp4Index(options_.input).frames();
  gint64 frames = 0;
  if (contains(film_.parser, "avidemux") &&
      gst_pad_query_duration(pad, GST_FORMAT_DEFAULT, &frames) && frames > 0)
    return frames;
  return std::nullopt;
}

std::vector<GstEvent*> FilmStreams::take_picture_events() {
  std::lock_guard lock(mutex_);
  return std::exchange(side_events_, {});
}

void FilmStreams::release() {
  for (const Stream& stream : planned_) gst_pad_remove_probe(stream.queued, stream.gate);
}

FirstPicture FilmStreams::picture() const {
  g_autoptr(GstCaps) packets = caps_of(coded_);
  g_autoptr(GstCaps) frames = gst_pad_get_current_caps(decoded_);
  return read_first_picture(film_, options_.input, packets, frames, first_flags_);
}

void FilmStreams::admit_picture() {
  tell_losses();
  g_autoptr(GstPad) sink = gst_element_get_static_pad(film_.video_entry, "sink");
  gst_pad_link(decoded_, sink);
  gst_pad_remove_probe(decoded_, decoded_gate_);
}

void FilmStreams::seek_to_span(GstPad* pad) {
  gint64 length = -1;
  if (gst_pad_query_duration(pad, GST_FORMAT_TIME, &length) && length > 0)
    film_length_ = static_cast<GstClockTime>(length);
  // They share a clock, but only those whose data have come show it.
  for (const Stream& stream : planned_)
    clock_start_ = std::max(clock_start_, clock_start_of(film_.parser, stream.pad));

  const GstClockTime start = to_time(options_.start_s);
  GstClockTime stop = options_.duration_s ? start + to_time(*options_.duration_s) : film_length_;
  span_end_ = stop;
  if (GST_CLOCK_TIME_IS_VALID(film_length_)) {
    if (start >= film_length_)
      throw RunError("--start lies behind the end: '" + options_.input + "' lasts " +
                     in_seconds(film_length_) + ".");
    stop = std::min(stop, film_length_);
    // Some writers give the last moment of the clock as the length: the lesser one is certain.
    span_end_ =
        std::min(stop, film_length_ > clock_start_ ? film_length_ - clock_start_ : film_length_);
  }
  if (GST_CLOCK_TIME_IS_VALID(span_end_)) result_length_ = span_end_ - std::min(start, span_end_);
  // Of what is in no container the length is a guess.
  if (!options_.duration_s && !has_demuxer(film_.parser)) span_end_ = GST_CLOCK_TIME_NONE;
  // Only where there is an index: elsewhere nobody knows what a seek leads to.
  constexpr GstClockTime kLeastWay = 3 * GST_SECOND;
  constexpr GstClockTime kMargin = 2 * GST_SECOND;  // what decoders give first may be incomplete
  const bool has_index =
      contains(film_.parser, "matroskademux") || contains(film_.parser, "qtdemux");
  if (has_index && route_.enter >= kLeastWay) origin_ = route_.enter - kMargin;
  places_.set_origin(origin_);
  if (!is_span() && origin_ == 0) return;

  const auto flags = static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE);
  GstEvent* seek = gst_event_new_seek(
      1.0, GST_FORMAT_TIME, flags, GST_SEEK_TYPE_SET, static_cast<gint64>(start + origin_),
      options_.duration_s ? GST_SEEK_TYPE_SET : GST_SEEK_TYPE_NONE, static_cast<gint64>(stop));
  if (!gst_pad_send_event(pad, seek))
    throw RunError("'" + options_.input +
                   "' cannot be entered at a given second: do without --start and --duration.");
}

// A span begins at 0, a whole film where it began.
void FilmStreams::keep_clock() {
  if (options_.start_s > 0 || clock_start_ == 0) return;
  if (keeps_clock(film_.muxer))
    delay(film_.muxer, clock_start_);
  else if (clock_start_ >= kLeastClockStart)
    warn_("the clock of '" + options_.input + "' begins at " + in_seconds(clock_start_) +
          ", that of the result at 0: an .mkv keeps it.");
}

void FilmStreams::take_video(const Stream& stream) {
  coded_ = stream.queued;
  GstElement* decoder = gst_element_factory_make("decodebin", nullptr);
  if (!decoder)
    throw RunError("GStreamer's decodebin is missing: install gstreamer1.0-plugins-base.");
  choose_readers(decoder);
  gst_bin_add(GST_BIN(film_.pipeline), decoder);
  g_signal_connect(decoder, "pad-added",
                   G_CALLBACK(+[](GstElement*, GstPad* decoded, FilmStreams* streams) {
                     streams->on_decoded_pad(decoded);
                   }),
                   this);
  gst_element_sync_state_with_parent(decoder);
  g_autoptr(GstPad) sink = gst_element_get_static_pad(decoder, "sink");
  places_.watch(decoder, sink);
  // Packets need not have times.
  g_autoptr(GstPad) frames = gst_element_get_static_pad(film_.video_entry, "sink");
  watch_moments(frames);
  gst_pad_link(stream.queued, sink);
  if (is_span()) return;  // at its borders packets and frames do not match
  // The pad behind the queue need not know it yet.
  g_autoptr(GstCaps) coded = caps_of(stream.pad);
  lost_.watch(film_.parser, coded, stream.queued, frames, origin_);
}

bool FilmStreams::take_along(const Stream& stream) {
  g_autoptr(GstCaps) caps = caps_of(stream.pad);
  if (is_picture(caps)) {
    leave_out(stream);
    warn_("a further video stream (" + describe(caps) +
          ") is left out: only the first is coloured.");
    return false;
  }
  const bool is_taken = link_to_muxer(GST_BIN(film_.pipeline), stream.queued, caps, film_.muxer);
  if (is_taken && route_.keeps_tracks) return true;
  if (is_taken) {
    g_autoptr(GstPad) next = gst_pad_get_peer(stream.queued);
    gst_pad_unlink(stream.queued, next);
  }
  leave_out(stream);
  if (is_taken) return true;
  const char* what = is_kind(caps, "audio/") ? "a sound track (" : "a subtitle track (";
  const bool is_matroska =
      film_.muxer && g_str_has_prefix(G_OBJECT_TYPE_NAME(film_.muxer), "GstMatroska");
  warn_(what + describe(caps) + ") cannot be copied into '" + options_.output +
        "' and is left out" + (is_matroska ? "." : ": an .mkv may keep it."));
  return false;
}

// Its data must go somewhere: a stream that stops would stop the demuxer.
void FilmStreams::leave_out(const Stream& stream) {
  GstElement* nowhere = gst_element_factory_make("fakesink", nullptr);
  if (!nowhere) throw RunError("GStreamer's fakesink is missing: install libgstreamer1.0-0.");
  g_object_set(nowhere, "async", FALSE, "sync", FALSE, nullptr);
  gst_bin_add(GST_BIN(film_.pipeline), nowhere);
  gst_element_sync_state_with_parent(nowhere);
  g_autoptr(GstPad) sink = gst_element_get_static_pad(nowhere, "sink");
  gst_pad_link(stream.queued, sink);
}

void FilmStreams::check_complete() const {
  const GstClockTime last = last_moment_;
  if (GST_CLOCK_TIME_IS_VALID(span_end_) && last + tolerated_shortfall(span_end_) < span_end_)
    throw RunError(
        "'" + options_.input + "' ends after " + in_seconds(last) + " of " + in_seconds(span_end_) +
        ": it is truncated or damaged. Colour what is there with --duration " +
        std::to_string((last - std::min(last, to_time(options_.start_s))) / GST_SECOND) + ".");
}

// From GStreamer's threads.

void FilmStreams::on_parsed_pad(GstPad* pad) {
  std::lock_guard lock(mutex_);
  if (is_planned_) return;
  places_.watch(film_.parser, pad);
  GstPad* queued = through_queue(pad, film_.queues);
  const gulong gate = gst_pad_add_probe(
      queued, static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER),
      [](GstPad*, GstPadProbeInfo*, gpointer streams) {
        static_cast<FilmStreams*>(streams)->on_first_data();
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
  gst_pad_add_probe(
      queued, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      [](GstPad* queue, GstPadProbeInfo* info, gpointer streams) {
        return static_cast<FilmStreams*>(streams)->on_event(queue, GST_PAD_PROBE_INFO_EVENT(info));
      },
      this, nullptr);
  watch_moments(queued);
  streams_.push_back({GST_PAD(gst_object_ref(pad)), queued, gate});
}

void FilmStreams::watch_moments(GstPad* pad) {
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* passed, GstPadProbeInfo* info, gpointer streams) {
        static_cast<FilmStreams*>(streams)->on_buffer(passed, GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
}

// parsebin lets data go when it has shown all its pads, so the first data says that all are known;
// but some demuxers (DV) show the picture a moment after the sound. Without a picture, the end of
// all streams or a full queue ("overrun") says it.
void FilmStreams::on_first_data() {
  std::vector<Stream> known;
  {
    std::lock_guard lock(mutex_);
    known = streams_;
  }
  const bool has_picture = std::any_of(known.begin(), known.end(), [](const Stream& stream) {
    g_autoptr(GstCaps) caps = caps_of(stream.pad);
    return is_picture(caps);
  });
  if (has_picture) announce();
}

GstPadProbeReturn FilmStreams::on_event(GstPad* pad, GstEvent* event) {
  const GstEventType type = GST_EVENT_TYPE(event);
  if (type == GST_EVENT_EOS) on_end();
  const bool is_aside = type == GST_EVENT_TAG || (type == GST_EVENT_TOC && !is_span());
  g_autoptr(GstCaps) caps = is_aside && !route_.colours ? caps_of(pad) : nullptr;
  std::lock_guard lock(mutex_);
  side_info_.read(event);
  if (caps && is_picture(caps)) side_events_.push_back(gst_event_ref(event));
  // Chapters of the whole film are none of a span.
  return GST_EVENT_TYPE(event) == GST_EVENT_TOC && is_span() ? GST_PAD_PROBE_DROP
                                                             : GST_PAD_PROBE_OK;
}

void FilmStreams::on_end() {
  {
    std::lock_guard lock(mutex_);
    if (is_planned_ || ++ended_ < streams_.size()) return;
  }
  announce();
}

void FilmStreams::on_buffer(GstPad* pad, const GstBuffer* buffer) {
  if (!route_.colours && !has_passed_picture_) {
    g_autoptr(GstCaps) caps = caps_of(pad);
    if (is_picture(caps)) has_passed_picture_ = true;
  }
  GstClockTime end = GST_BUFFER_PTS(buffer);
  if (!GST_CLOCK_TIME_IS_VALID(end)) return;
  if (GST_BUFFER_DURATION_IS_VALID(buffer)) end += GST_BUFFER_DURATION(buffer);
  const GstSegment segment = segment_of(pad);
  const GstClockTime moment = gst_segment_to_stream_time(&segment, GST_FORMAT_TIME, end);
  // Beyond the span counts as its end: the stream has got there.
  const GstClockTime reached = GST_CLOCK_TIME_IS_VALID(moment) ? moment : segment.stop;
  GstClockTime known = last_moment_;
  while (GST_CLOCK_TIME_IS_VALID(reached) && reached > known &&
         !last_moment_.compare_exchange_weak(known, reached)) {
  }
}

void FilmStreams::announce() {
  if (!is_announced_.exchange(true)) post(kKnown);
}

void FilmStreams::on_decoded_pad(GstPad* pad) {
  if (has_decoded_.exchange(true)) return;
  decoded_ = GST_PAD(gst_object_ref(pad));
  decoded_gate_ = gst_pad_add_probe(
      pad,
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER |
                                   GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      [](GstPad*, GstPadProbeInfo* info, gpointer streams) {
        return static_cast<FilmStreams*>(streams)->on_decoded(info);
      },
      this, nullptr);
}

// Events before the first frame say what it is; the end may come without one.
GstPadProbeReturn FilmStreams::on_decoded(const GstPadProbeInfo* info) {
  const bool is_frame = info->type & GST_PAD_PROBE_TYPE_BUFFER;
  if (!is_frame && GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) != GST_EVENT_EOS)
    return GST_PAD_PROBE_PASS;
  if (is_picture_announced_) return GST_PAD_PROBE_OK;
  if (is_frame) first_flags_ = GST_BUFFER_FLAGS(GST_PAD_PROBE_INFO_BUFFER(info));
  is_picture_announced_ = true;
  post(kDecoded);
  return GST_PAD_PROBE_OK;
}

void FilmStreams::post(const char* name) const {
  gst_element_post_message(
      film_.pipeline,
      gst_message_new_application(GST_OBJECT(film_.pipeline), gst_structure_new_empty(name)));
}

}  // namespace colorize_film
