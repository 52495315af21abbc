// colorize-photo IN... OUT: colours photographs.

#include <glib.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <exception>
#include <exiv2/exiv2.hpp>
#include <new>
#include <vips/vips8>

#include "examples/colorize_photo/metadata.h"
#include "examples/colorize_photo/options.h"
#include "examples/colorize_photo/photo_colorizer.h"
#include "examples/colorize_photo/photo_jobs.h"
#include "examples/colorize_photo/picture_file.h"
#include "examples/colorize_photo/recolour.h"

namespace {

using namespace colorize_photo;

// libvips' words in one line, in brackets; nothing where it has none.
std::string reason_of(const vips::VError& error) {
  std::string words = error.what();
  vips_error_clear();
  while (!words.empty() && words.back() == '\n') words.pop_back();
  std::replace(words.begin(), words.end(), '\n', ';');
  return words.empty() ? "" : " (" + words + ")";
}

// Whole or not at all: written under another name, then renamed.
void write_whole(const std::string& path, const std::string& bytes) {
  g_autoptr(GError) error = nullptr;
  if (!g_file_set_contents_full(path.c_str(), bytes.data(), static_cast<gssize>(bytes.size()),
                                G_FILE_SET_CONTENTS_CONSISTENT, 0666, &error))
    throw RunError(std::string("The result cannot be written: ") + error->message +
                   ". Name another place or a shorter name, or make room.");
}

// A file whose metadata cannot be read is still a picture.
std::string with_its_metadata(const std::string& encoded, const std::string& input,
                              const vips::VImage& picture, std::vector<std::string>& notes) {
  try {
    return with_metadata_of(input, encoded, picture.width(), picture.height());
  } catch (const Exiv2::AnyError& error) {
    notes.push_back(std::string("Its EXIF, IPTC and XMP may not be whole (") + error.what() + ").");
    return encoded;
  }
}

void colour(const PhotoJob& job, bool may_replace, PhotoColorizer& colorizer) {
  if (!may_replace && g_file_test(job.output.c_str(), G_FILE_TEST_EXISTS))
    throw RunError("'" + job.output + "' exists: name another file, or replace it with --force.");
  Picture picture;
  std::string what = "coloured";
  try {
    picture = read_picture(job.input);
    vips::VImage result = picture.pixels;
    if (const auto chroma = colorizer.colours(picture.pixels))
      result = recoloured(picture.pixels, *chroma);
    else
      what = "in colour already, kept (--set on-color=recolor replaces its colour)";
    if (!picture.alpha.is_null()) result = result.bandjoin(picture.alpha);
    write_whole(job.output, with_its_metadata(encode_picture(result, job.output, picture.notes),
                                              job.input, result, picture.notes));
  } catch (const vips::VError& error) {
    throw RunError("'" + job.input + "' is damaged or of an unknown kind" + reason_of(error) +
                   ": repair it, or convert it first.");
  }
  for (const std::string& note : picture.notes)
    std::fprintf(stderr, "colorize-photo: '%s': %s\n", job.input.c_str(), note.c_str());
  std::printf("%s: %s\n", job.output.c_str(), what.c_str());
  std::fflush(stdout);
}

// A picture that fails does not keep the others from their colours.
int run(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  const std::vector<PhotoJob> jobs = photo_jobs(options);
  PhotoColorizer colorizer(options);
  int result = colorize_film::kSuccess;
  for (const PhotoJob& job : jobs) {
    try {
      colour(job, options.force, colorizer);
    } catch (const RunError& error) {
      std::fprintf(stderr, "colorize-photo: %s\n", error.what());
      result = colorize_film::kFailure;
    }
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");  // GLib reads texts among the arguments by it
  if (VIPS_INIT(argv[0]) != 0) {
    std::fprintf(stderr, "colorize-photo: libvips cannot start: %s", vips_error_buffer());
    return colorize_film::kFailure;
  }
  // Only readers that are made for files of strangers. What they warn of is said in our own
  // sentence.
  vips_block_untrusted_set(TRUE);
  vips_cache_set_max(0);  // nothing is asked for twice
  g_log_set_handler(
      "VIPS", G_LOG_LEVEL_WARNING, [](auto...) {}, nullptr);
  try {
    return run(argc, argv);
  } catch (const RunError& error) {
    std::fprintf(stderr, "colorize-photo: %s\n", error.what());
    return error.exit_code;
  } catch (const std::bad_alloc&) {
    std::fputs("colorize-photo: There is not enough memory: end other programs first.\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "colorize-photo: This should not happen, please report it: %s.\n",
                 error.what());
  }
  return colorize_film::kFailure;
}
