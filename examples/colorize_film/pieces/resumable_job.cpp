#include "examples/colorize_film/pieces/resumable_job.h"

#include <gst/video/video.h>

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "examples/colorize_film/codec.h"
#include "examples/colorize_film/container.h"
#include "examples/colorize_film/film_job.h"
#include "examples/colorize_film/pieces/film_length.h"
#include "examples/colorize_film/pieces/folder_lock.h"
#include "examples/colorize_film/pieces/piece_cutter.h"
#include "examples/colorize_film/pieces/piece_notes.h"
#include "examples/colorize_film/sampling.h"

namespace colorize_film {
namespace {

constexpr double kUsualLength = 8;  // seconds of a piece: what is lost at worst
// A shorter film is made anew as quickly as it is resumed.
constexpr GstClockTime kShortestFilm = 60 * GST_SECOND;

GstClockTime to_time(double seconds) {
  return static_cast<GstClockTime>(seconds * static_cast<double>(GST_SECOND));
}

}  // namespace

bool is_coloured_in_pieces(const Options& options) {
  const bool is_possible = !options.compare && !options.picture &&
                           options.output != kStandardOutput && !writes_pictures(options.output) &&
                           g_file_test(options.input.c_str(), G_FILE_TEST_IS_REGULAR);
  if (options.pieces_s) {
    if (!is_possible && *options.pieces_s > 0)
      throw RunError(
          "--pieces needs films in files, and does not go with --compare and --picture: leave one "
          "of them out.",
          kUsage);
    return *options.pieces_s > 0;
  }
  if (!is_possible) return false;
  if (Journal(options.output).exists()) return true;
  const GstClockTime length =
      options.duration_s ? to_time(*options.duration_s) : film_length(options.input);
  return GST_CLOCK_TIME_IS_VALID(length) && length >= kShortestFilm;
}

void colour_from(const Options& options, GstClockTime enter, const std::string& on_signal,
                 const std::function<Taking()>& begin) {
  for (const bool may_seek : {true, false}) {
    const Taking taking = begin();
    FilmJob job(options, ColourRoute{*taking.taker, taking.prepare, taking.log.get(),
                                     may_seek ? enter : 0, on_signal});
    try {
      return job.run();
    } catch (const RunError&) {
      if (!may_seek || !job.has_entered_wrong()) throw;
    }
  }
}

PieceWriter::MakeEncoder encoders_of(const Options& options) {
  return [options](GstCaps* frames) {
    GstVideoInfo info;
    if (!gst_video_info_from_caps(&info, frames))
      throw RunError("The coloured frames have no format: please report it.");
    const auto codecs =
        options.codec ? std::vector<std::string_view>{*options.codec} : codecs_of(options.output);
    return choose_encoder(options, codecs, sampling_of(info), info.width, info.height,
                          GST_VIDEO_INFO_IS_INTERLACED(&info))
        .element;
  };
}

ResumableJob::ResumableJob(Options options)
    : options_(std::move(options)), journal_(options_.output) {}

void ResumableJob::run() {
  PartFile(options_.output, options_.force);  // refuses what cannot become the result
  const RunReport refuses_too(options_);
  const gint64 started_us = g_get_monotonic_time();
  const FolderLock lock(journal_.folder());
  open_journal();
  frames_before_ = journal_.frames();
  if (!journal_.is_ended()) colour();
  frames_ = journal_.frames();
  join();
  journal_.remove();
  seconds_ = static_cast<double>(g_get_monotonic_time() - started_us) / G_USEC_PER_SEC;
}

void ResumableJob::open_journal() {
  const nlohmann::json identity = identity_of(options_);
  if (!journal_.exists()) return journal_.begin(identity);
  try {
    journal_.resume(identity);
    if (wants_report(options_)) check_notes();
  } catch (const RunError&) {
    if (!options_.force) throw;
    return journal_.begin(identity);
  }
  if (!journal_.pieces().empty())
    std::fprintf(stderr, "colorize-film: %ld frames are there from an earlier run: it goes on.\n",
                 static_cast<long>(journal_.frames()));
}

void ResumableJob::check_notes() const {
  for (const Piece& piece : journal_.pieces())
    if (!g_file_test(notes_path(journal_.path(piece.file)).c_str(), G_FILE_TEST_EXISTS))
      throw RunError("'" + journal_.folder() +
                     "' holds pieces of an earlier run, but without --report and --sheet: leave "
                     "them out, or begin anew with --force.");
}

void ResumableJob::colour() {
  const GstClockTime length = to_time(options_.pieces_s.value_or(kUsualLength));
  const GstClockTime enter = journal_.next() ? journal_.next()->time : 0;
  colour_from(options_, enter,
              "Interrupted: what is finished is kept in '" + journal_.folder() +
                  "', the same command goes on there.",
              [&] {
                auto log = wants_report(options_) ? std::make_unique<ShotLog>() : nullptr;
                auto cutter = std::make_unique<PieceCutter>(journal_, encoders_of(options_), length,
                                                            log.get());
                const auto prepare = [own = cutter.get()](FrameTap& tap) { own->follow(tap); };
                return Taking{std::move(log), std::move(cutter), prepare};
              });
}

void ResumableJob::join() {
  FilmJob job(options_, JoinRoute{journal_.folder(), journal_.pieces(),
                                  "Interrupted: the pieces are kept in '" + journal_.folder() +
                                      "', the same command joins them."});
  job.run();
  if (job.frames() != journal_.frames())
    throw RunError("GStreamer lost frames when it joined the pieces: please report it.");
}

std::string ResumableJob::summary() const {
  const auto coloured = static_cast<double>(frames_ - frames_before_);
  g_autofree char* text =
      g_strdup_printf("%s: %ld frames coloured in %.1f s (%.1f frames/s)", options_.output.c_str(),
                      static_cast<long>(frames_), seconds_, coloured / std::max(seconds_, 1e-3));
  return frames_before_ == 0 ? text
                             : std::string(text) + ", " + std::to_string(frames_before_) +
                                   " of them by earlier runs";
}

}  // namespace colorize_film
