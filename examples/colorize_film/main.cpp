// colorize-film IN OUT: colours a film, whole, with its sound and subtitles.

#include <clocale>
#include <cstdio>

#include "examples/colorize_film/film_job.h"
#include "examples/colorize_film/options.h"

int main(int argc, char** argv) {
  using namespace colorize_film;
  std::setlocale(LC_CTYPE, "");  // GLib reads texts among the arguments by it
  try {
    FilmJob job(parse_options(argc, argv));
    job.run();
    std::printf("%s\n", job.summary().c_str());
    return kSuccess;
  } catch (const RunError& error) {
    std::fprintf(stderr, "colorize-film: %s\n", error.what());
    return error.exit_code;
  }
}
