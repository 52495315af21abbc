#include "examples/colorize_film/film_job.h"

#include <glib-unix.h>
#include <gst/pbutils/pbutils.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <utility>

#include "examples/colorize_film/compare_bridge.h"
#include "examples/colorize_film/crash_guard.h"
#include "examples/colorize_film/encoder_stage.h"
#include "examples/colorize_film/missing_plugin.h"
#include "examples/colorize_film/pieces/piece_notes.h"
#include "examples/colorize_film/steady_caps.h"
#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {
namespace {

constexpr guint kRedrawMilliseconds = 250;
constexpr guint kWatchSeconds = 1;

}  // namespace

FilmJob::FilmJob(Options options) : options_(std::move(options)) {
  result_ = make_result(options_);
  if (options_.picture)
    picture_file_ = std::make_unique<PartFile>(*options_.picture, options_.force);
  make_report();
  build({});
  watch_data();
  if (log_) log_->watch(film_);
}

FilmJob::FilmJob(Options options, const ColourRoute& route)
    : options_(std::move(options)), log_(route.log), on_signal_(route.on_signal) {
  build({true, false, route.enter});
  tap_ = std::make_unique<FrameTap>(film_, route.taker);
  tap_->count_damage(
      [this](GstClockTime from, GstClockTime to) { return streams_->damage(from, to); });
  route.prepare(*tap_);
  watch_data();
  if (log_) log_->watch(film_);
}

FilmJob::FilmJob(Options options, const JoinRoute& route)
    : options_(std::move(options)), join_(route), on_signal_(route.on_signal) {
  result_ = make_result(options_);
  make_report();
  build({false, true, 0});
  pieces_ = std::make_unique<PieceSource>(film_, options_.output, route.folder, route.pieces);
  watch_data();
}

void FilmJob::make_report() {
  if (!wants_report(options_)) return;
  report_ = std::make_unique<RunReport>(options_);
  own_log_ = std::make_unique<ShotLog>();
  log_ = own_log_.get();
}

void FilmJob::build(const FilmStreams::Route& route) {
  gst_pb_utils_init();
  const std::string path = result_ ? result_->path() : "";
  film_ = build_film_pipeline(options_, path, &pairs_, [this](GstSample* both) {
    const GstSegment* segment = gst_sample_get_segment(both);
    keep_picture(both, gst_segment_to_running_time(segment, GST_FORMAT_TIME,
                                                   GST_BUFFER_PTS(gst_sample_get_buffer(both))));
  });
  // What the second half has to say the first has said.
  streams_ = std::make_unique<FilmStreams>(
      film_, options_, route, [this, is_told = !route.colours](const std::string& sentence) {
        if (!is_told) warn(sentence);
      });
  loop_ = g_main_loop_new(nullptr, FALSE);
}

FilmJob::~FilmJob() {
  set_state(GST_STATE_NULL);
  pieces_.reset();  // asks the streams
  streams_.reset();
  tap_.reset();
  gst_object_unref(film_.pipeline);
  g_main_loop_unref(loop_);
  if (picture_) gst_sample_unref(picture_);
}

void FilmJob::set_state(GstState state) {
  const Deadline deadline(options_.patience_s);
  gst_element_set_state(film_.pipeline, state);
}

void FilmJob::watch_data() {
  g_autoptr(GstPad) grey = gst_element_get_static_pad(film_.colorizer, "sink");
  gst_pad_add_probe(
      grey, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer job) {
        ++static_cast<FilmJob*>(job)->moved_;
        static_cast<FilmJob*>(job)->on_original(pad, GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
  g_autoptr(GstPad) coloured = gst_element_get_static_pad(film_.coloured, "src");
  gst_pad_add_probe(
      coloured, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer job) {
        ++static_cast<FilmJob*>(job)->moved_;
        static_cast<FilmJob*>(job)->on_coloured(pad, GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
  gst_pad_add_probe(
      film_.muxed, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer job) {
        ++static_cast<FilmJob*>(job)->moved_;
        // Without a time it is a header of the encoder.
        if (GST_BUFFER_PTS_IS_VALID(GST_PAD_PROBE_INFO_BUFFER(info)))
          static_cast<FilmJob*>(job)->on_written(pad, GST_PAD_PROBE_INFO_BUFFER(info));
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
    auto* own = static_cast<FilmJob*>(job);
    own->finish(own->on_signal_, kInterrupted);
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
                                    this),
                                g_timeout_add_seconds(
                                    kWatchSeconds,
                                    [](gpointer job) -> gboolean {
                                      static_cast<FilmJob*>(job)->watch_progress();
                                      return G_SOURCE_CONTINUE;
                                    },
                                    this)};
  // The terminal was closed, unless nohup has seen to that.
  struct sigaction hang_up = {};
  if (sigaction(SIGHUP, nullptr, &hang_up) == 0 && hang_up.sa_handler != SIG_IGN)
    sources.push_back(g_unix_signal_add(SIGHUP, on_signal, this));

  if (result_) result_->claim();
  if (picture_file_) picture_file_->claim();
  if (report_) report_->claim();
  // A failure here has posted its error, which the loop reads.
  set_state(GST_STATE_PLAYING);
  g_main_loop_run(loop_);
  progress_.clear();
  release_compare_bridge(film_.pipeline);
  set_state(GST_STATE_NULL);
  for (guint source : sources) g_source_remove(source);

  if (!failure_.empty()) throw RunError(failure_, exit_code_);
  check_frames();
  if (!is_part_of_film_) streams_->check_complete();
  if (result_) result_->keep();
  if (picture_file_ && !picture_)
    throw RunError("The film is written, but no frame lies at its middle for the picture '" +
                   *options_.picture + "'.");
  if (picture_file_) write_png(picture_, *picture_file_);
  if (!tap_) tell_damage();  // else who joins the pieces does
  if (!report_) return;
  RunNotes notes = log_->take_before(GST_CLOCK_TIME_NONE);
  if (join_) {
    const RunNotes warned = std::move(notes);
    notes = read_notes(join_->folder, join_->pieces);
    notes.append({{}, {}, warned.warnings, 0});
  }
  report_->write(notes);
}

Damage FilmJob::damage() const {
  if (!join_) return streams_->damage(0, GST_CLOCK_TIME_NONE);
  Damage whole;
  for (const Piece& piece : join_->pieces) whole.add(piece.damage);
  return whole;
}

void FilmJob::tell_damage() {
  const auto [frames, places] = damage();
  if (frames > 0)
    warn(std::to_string(frames) + " frames of '" + options_.input +
         "' are missing or could not be decoded: it is damaged, or its frames come unevenly.");
  if (places > 0)
    warn(std::to_string(places) + " damaged places in '" + options_.input +
         "': look there before you trust the result.");
}

// Ticks are counted, not the clock, which runs on while the process is stopped.
void FilmJob::watch_progress() {
  const int64_t moved = moved_;
  still_s_ = moved == last_moved_ ? still_s_ + kWatchSeconds : 0;
  last_moved_ = moved;
  if (options_.patience_s <= 0 || still_s_ < options_.patience_s) return;
  g_autofree char* seconds = g_strdup_printf("%.0f s", still_s_);
  finish(std::string("Nothing has moved for ") + seconds + ": GStreamer cannot read '" +
             options_.input + "' to its end, or an encoder stands still. Convert the film first" +
             kConversion + ", or wait longer with --patience.",
         kFailure);
}

void FilmJob::check_frames() {
  const int64_t coloured = progress_.frames();
  if (coloured == 0)
    throw RunError("'" + options_.input +
                   "' gave no picture: it is damaged, or the span is empty.");
  if (tap_ || written_ >= coloured) return;
  const std::string sentence = "only " + std::to_string(written_) + " of " +
                               std::to_string(coloured) + " coloured frames came into '" +
                               options_.output + "'";
  // An encoder of the user's may leave frames out on purpose.
  if (!options_.encoder)
    throw RunError("GStreamer lost frames, " + sentence + ": name another encoder with --encoder.");
  warn(sentence + ": the others were lost in --encoder.");
}

std::string FilmJob::summary() const {
  const int64_t frames = written_;
  g_autofree char* text =
      g_strdup_printf("%s: %ld frames coloured in %.1f s (%.1f frames/s)", options_.output.c_str(),
                      static_cast<long>(frames), progress_.seconds(),
                      static_cast<double>(frames) / std::max(progress_.seconds(), 1e-3));
  return text;
}

void FilmJob::begin() {
  streams_->plan();
  const GstClockTime length = streams_->result_length();
  if (GST_CLOCK_TIME_IS_VALID(length)) picture_time_ = length / 2;
  progress_.start(length, streams_->frames());
  if (tap_) tap_->set_origin(streams_->origin());
  if (log_) log_->set_origin(streams_->origin());
  if (pieces_)
    pieces_->start([this] { return streams_->has_passed_picture(); },
                   [this] { return streams_->take_picture_events(); });
  streams_->release();
}

void FilmJob::begin_picture() {
  open_encoder(film_, options_, streams_->picture(),
               [this](const std::string& sentence) { warn(sentence); });
  streams_->admit_picture();
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
  if (log_) log_->add_warning(sentence);
  std::fprintf(stderr, "colorize-film: warning: %s\n", sentence.c_str());
}

void FilmJob::on_error(GstMessage* message) {
  g_autoptr(GError) error = nullptr;
  g_autofree char* details = nullptr;
  gst_message_parse_error(message, &error, &details);
  GstObject* const source = GST_MESSAGE_SRC(message);
  const bool is_parser = gst_object_has_as_ancestor(source, GST_OBJECT(film_.parser));
  const bool is_decoder = !is_parser && streams_->is_watched_for_damage(source);
  // Of what stops its data a source or a queue knows no more than that.
  const bool is_unsaid = !options_.encoder &&
                         g_error_matches(error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED) &&
                         details && std::strstr(details, "streaming stopped");
  std::string sentence =
      is_parser || is_decoder || is_unsaid
          ? "'" + options_.input + "' cannot be read as a film: " + error->message
          : std::string(GST_OBJECT_NAME(source)) + ": " + error->message;
  if (sentence.back() != '.') sentence += ".";
  if (is_parser || is_unsaid)
    sentence += std::string(" Convert it first if it is one") + kConversion + ".";
  if (is_decoder)
    sentence += " Convert it first (ffmpeg -i IN -pix_fmt yuv444p12le -c:v ffv1 new.mkv).";
  // The first line of the details is a place in GStreamer's source; what follows are facts.
  const char* facts = details ? std::strchr(details, '\n') : nullptr;
  if (facts && facts[1]) sentence += std::string("\n  ") + (facts + 1);
  finish(sentence, kFailure);
}

void FilmJob::on_warning(GstMessage* message) {
  if (streams_->is_watched_for_damage(GST_MESSAGE_SRC(message))) return;
  g_autoptr(GError) warning = nullptr;
  gst_message_parse_warning(message, &warning, nullptr);
  warn(warning->message);
}

void FilmJob::on_application(GstMessage* message) {
  if (gst_message_has_name(message, kRemark))
    warn(gst_structure_get_string(gst_message_get_structure(message), "sentence"));
  if (gst_message_has_name(message, FrameTap::kEnded)) {
    const char* sentence = gst_structure_get_string(gst_message_get_structure(message), "sentence");
    if (sentence) return finish(sentence, kFailure);
    is_part_of_film_ = true;
    g_main_loop_quit(loop_);
  }
  try {
    if (gst_message_has_name(message, FilmStreams::kKnown)) begin();
    if (gst_message_has_name(message, FilmStreams::kDecoded)) begin_picture();
  } catch (const RunError& error) {
    finish(error.what(), error.exit_code);
  }
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
      on_warning(message);
      break;
    case GST_MESSAGE_APPLICATION:
      on_application(message);
      break;
    case GST_MESSAGE_ELEMENT:
      if (gst_is_missing_plugin_message(message) && !is_dispensable(message))
        finish(tell_missing(message, options_.input), kFailure);
      break;
    default:
      break;
  }
}

// From GStreamer's threads.

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
  progress_.count_frame(position + streams_->origin());
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

void FilmJob::on_written(GstPad* pad, GstBuffer* picture) {
  ++written_;
  if (!pieces_) return;
  const GstSegment segment = segment_of(pad);
  progress_.count_frame(
      gst_segment_to_running_time(&segment, GST_FORMAT_TIME, GST_BUFFER_PTS(picture)));
}

void FilmJob::keep_picture(GstSample* both, GstClockTime position) {
  if (!needs_picture_ || position < picture_time_) return;
  needs_picture_ = false;
  picture_ = gst_sample_ref(both);
}

}  // namespace colorize_film
