#include "examples/colorize_photo/options.h"

#include <glib.h>
#include <gst/gst.h>

#include <cstdio>
#include <cstdlib>

#include "examples/colorize_film/command_line.h"

namespace colorize_photo {
namespace {

constexpr char kDescription[] =
    "Colours black-and-white photographs with the element cgancolorize. Size, depth and the luma "
    "of\n"
    "every pixel stay; so do the colour profile and what the camera or scanner wrote (EXIF, XMP, "
    "IPTC).\n"
    "A picture that lies on its side is turned upright. The ending of OUT names the format: .jpg, "
    ".png,\n"
    ".tif or .webp. With several pictures, or a folder of them, OUT is a folder.";

constexpr char kExamples[] =
    "Examples:\n"
    "  $ colorize-photo grandmother.jpg grandmother-colour.jpg\n"
    "  $ colorize-photo --preset vivid scans/ coloured/\n"
    "  $ colorize-photo --set warmth=0.3 --set strength=0.8 a.tif b.tif coloured/\n"
    "\n"
    "A picture that is in colour already keeps it; --set on-color=recolor replaces it. The "
    "properties for\n"
    "--set: gst-inspect-1.0 cgancolorize\n"
    "Ends with 0: all done, 1: some failed, each with a sentence, 2: wrong usage. Only a complete "
    "picture\n"
    "gets its name.";

struct Raw {
  char* preset = nullptr;
  char** settings = nullptr;
  char** paths = nullptr;
  gboolean force = FALSE;
  gboolean version = FALSE;

  ~Raw() {
    g_free(preset);
    g_strfreev(settings);
    g_strfreev(paths);
  }
};

[[noreturn]] void refuse(const std::string& sentence) {
  throw RunError(sentence + " See colorize-photo --help.", colorize_film::kUsage);
}

void parse(Raw& raw, int argc, char** argv) {
  const GOptionEntry entries[] = {
      {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &raw.settings,
       "Set a property of cgancolorize; may be given more than once", "PROPERTY=VALUE"},
      {"preset", 0, 0, G_OPTION_ARG_STRING, &raw.preset,
       "Load a preset of cgancolorize: archival-film, documentary, vivid; --set goes over it",
       "NAME"},
      {"force", 'f', 0, G_OPTION_ARG_NONE, &raw.force, "Replace results that exist", nullptr},
      {"version", 0, 0, G_OPTION_ARG_NONE, &raw.version, "Print the version", nullptr},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &raw.paths, nullptr, "IN... OUT"},
      {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};

  const std::string problem =
      colorize_film::read_words(argc, argv, entries, kDescription, kExamples);
  if (!problem.empty()) refuse(problem);
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Raw raw;
  parse(raw, argc, argv);
  if (raw.version) {
    std::printf("colorize-photo %s\n", CGANCOLORIZE_VERSION);
    std::exit(colorize_film::kSuccess);
  }
  const guint paths = raw.paths ? g_strv_length(raw.paths) : 0;
  if (paths < 2) refuse("Give the photographs and the result: IN... OUT.");

  Options options;
  options.inputs.assign(raw.paths, raw.paths + paths - 1);
  options.output = raw.paths[paths - 1];
  options.force = raw.force;
  if (raw.preset) options.preset = raw.preset;
  const std::string problem = colorize_film::add_settings(raw.settings, options.settings);
  if (!problem.empty()) refuse(problem);
  return options;
}

}  // namespace colorize_photo
