// colorize-film IN OUT: colours a film, whole, with its sound and subtitles.

#include <clocale>
#include <cstdio>
#include <exception>
#include <new>

#include "examples/colorize_film/crash_guard.h"
#include "examples/colorize_film/film_job.h"
#include "examples/colorize_film/options.h"
#include "examples/colorize_film/pieces/plan.h"
#include "examples/colorize_film/pieces/resumable_job.h"
#include "examples/colorize_film/vips_pictures.h"

namespace {

using namespace colorize_film;

// Returns what was done, one line.
std::string run(const Options& options) {
  switch (options.task) {
    case Task::kPlan:
      return make_plan(options);
    case Task::kPiece:
      return colour_piece(options);
    case Task::kJoin:
      return join_plan(options);
    case Task::kFilm:
      break;
  }
  if (is_coloured_in_pieces(options)) {
    ResumableJob job(options);
    job.run();
    return job.summary();
  }
  FilmJob job(options);
  job.run();
  return job.summary();
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");  // GLib reads texts among the arguments by it
  guard_against_crashes();
  try {
    const Options options = parse_options(argc, argv);
    register_vips_encoders();
    const std::string done = run(options);
    std::FILE* words = options.output == kStandardOutput ? stderr : stdout;
    std::fprintf(words, "%s\n", done.c_str());
    return kSuccess;
  } catch (const RunError& error) {
    std::fprintf(stderr, "colorize-film: %s\n", error.what());
    return error.exit_code;
  } catch (const std::bad_alloc&) {
    std::fputs(
        "colorize-film: There is not enough memory: end other programs, or lower work-size, "
        "batch or max-frame-delay by --set.\n",
        stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "colorize-film: This should not happen, please report it: %s.\n",
                 error.what());
  }
  return kFailure;
}
