// colorize-film IN OUT: colours a film, whole, with its sound and subtitles.

#include <clocale>
#include <cstdio>
#include <exception>
#include <new>

#include "examples/colorize_film/film_job.h"
#include "examples/colorize_film/options.h"

int main(int argc, char** argv) {
  using namespace colorize_film;
  std::setlocale(LC_CTYPE, "");  // GLib reads texts among the arguments by it
  try {
    const Options options = parse_options(argc, argv);
    FilmJob job(options);
    job.run();
    std::FILE* words = options.output == kStandardOutput ? stderr : stdout;
    std::fprintf(words, "%s\n", job.summary().c_str());
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
