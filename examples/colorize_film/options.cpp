#include "examples/colorize_film/options.h"

#include <gio/gio.h>
#include <gst/gst.h>

#include <cstdio>
#include <cstdlib>
#include <limits>

#include "examples/colorize_film/codec.h"
#include "examples/colorize_film/command_line.h"
#include "examples/colorize_film/sequence.h"

namespace colorize_film {
namespace {

constexpr char kDescription[] =
    "Colours a black-and-white film with the element cgancolorize. Size, frame times, depth, "
    "chroma "
    "grid,\n"
    "pixel shape and colour description stay; sound and subtitles are copied as they are where the "
    "container\n"
    "of OUT takes them. OUT's ending names the container: .mp4, .mov, .mkv or .webm; "
    "name-%06d.png or .tif\n"
    "is a file for each picture. IN may be such pictures, too. IN and OUT may be - for standard "
    "input and\n"
    "output (Matroska).";

constexpr char kExamples[] =
    "Examples:\n"
    "  $ colorize-film street.mp4 street-colour.mp4\n"
    "  $ colorize-film --set saturation=1.2 --start 60 --duration 10 reel.mkv try.mkv\n"
    "  $ colorize-film --codec ffv1 scan.mov master.mkv\n"
    "  $ colorize-film --fps 18 scan-%06d.png colour-%06d.png\n"
    "  $ colorize-film --compare --encoder \"x264enc pass=qual quantizer=14\" in.mp4 both.mp4\n"
    "\n"
    "The properties for --set: gst-inspect-1.0 cgancolorize\n"
    "Ends with 0: done, 1: failed, 2: wrong usage, 75: another piece must be "
    "there first, 130: interrupted. Only a complete film gets "
    "the\n"
    "name OUT; until then it is called OUT.part.";

constexpr double kWhole = -std::numeric_limits<double>::max();  // no duration was given
constexpr double kLongest = 1e9;                                // thirty years
constexpr int kUnset = -1;

struct Raw {
  char* preset = nullptr;
  char** settings = nullptr;
  char** paths = nullptr;
  char* codec = nullptr;
  char* encoder = nullptr;
  char* fps = nullptr;
  char* picture = nullptr;
  char* report = nullptr;
  char* sheet = nullptr;
  int quality = kUnset;
  int chroma = kUnset;
  double start_s = 0;
  char* plan = nullptr;
  char* piece = nullptr;
  char* join = nullptr;
  double pieces_s = kUnset;
  double duration_s = kWhole;
  double patience_s = 120;
  gboolean allow_conversion = FALSE;
  gboolean compare = FALSE;
  gboolean deinterlace = FALSE;
  gboolean force = FALSE;
  gboolean version = FALSE;

  ~Raw() {
    g_free(preset);
    g_strfreev(settings);
    g_strfreev(paths);
    g_free(codec);
    g_free(encoder);
    g_free(fps);
    g_free(picture);
    g_free(report);
    g_free(sheet);
    g_free(plan);
    g_free(piece);
    g_free(join);
  }
};

[[noreturn]] void refuse(const std::string& sentence) {
  throw RunError(sentence + " See colorize-film --help.", kUsage);
}

FrameRate frame_rate(const std::string& text) {
  GValue value = G_VALUE_INIT;
  g_value_init(&value, GST_TYPE_FRACTION);
  const bool is_read = gst_value_deserialize(&value, text.c_str());
  const FrameRate rate{is_read ? gst_value_get_fraction_numerator(&value) : 0,
                       is_read ? gst_value_get_fraction_denominator(&value) : 1};
  g_value_unset(&value);
  constexpr int kMost = 1000;
  if (rate.frames <= 0 || rate.frames / rate.seconds > kMost)
    refuse("--fps takes frames a second, such as 18 or 24000/1001, not '" + text + "'.");
  return rate;
}

// What the result is to be made of.
void read_form(const Raw& raw, Options& options) {
  if (raw.codec) check_codec(options.codec.emplace(raw.codec));
  if (raw.encoder) options.encoder = raw.encoder;
  if (raw.encoder && (raw.codec || raw.quality != kUnset))
    refuse("--encoder takes the place of --codec and --quality: give one or the other.");
  if (raw.quality != kUnset) {
    if (raw.quality < 0 || raw.quality > 100) refuse("--quality takes 0 to 100.");
    options.quality = raw.quality;
  }
  if (raw.chroma != kUnset) {
    if (raw.chroma != 420 && raw.chroma != 422 && raw.chroma != 444)
      refuse("--chroma takes 420, 422 or 444.");
    options.chroma = raw.chroma;
  }
  options.allow_conversion = raw.allow_conversion;
  if (!raw.fps) return;
  if (!is_sequence_to_read(options.input))
    refuse("--fps is for pictures such as name-%06d.png: a film has its own times.");
  options.fps = frame_rate(raw.fps);
}

// True also for two names of one file (links, other spellings).
bool is_same_file(const std::string& one, const std::string& other) {
  const auto identity = [](const std::string& path) {
    g_autoptr(GFile) file = g_file_new_for_path(path.c_str());
    g_autoptr(GFileInfo) info =
        g_file_query_info(file, G_FILE_ATTRIBUTE_ID_FILE, G_FILE_QUERY_INFO_NONE, nullptr, nullptr);
    const char* id =
        info ? g_file_info_get_attribute_string(info, G_FILE_ATTRIBUTE_ID_FILE) : nullptr;
    return std::string(id ? id : "");
  };
  return one == other || (!identity(one).empty() && identity(one) == identity(other));
}

void read_span(const Raw& raw, Options& options) {
  options.start_s = raw.start_s;
  options.patience_s = raw.patience_s;
  if (!(raw.start_s >= 0 && raw.start_s < kLongest)) refuse("--start takes seconds from 0 on.");
  if (raw.duration_s != kWhole) {
    if (!(raw.duration_s > 0 && raw.duration_s < kLongest))
      refuse("--duration takes seconds above 0.");
    options.duration_s = raw.duration_s;
  }
  if (!(raw.patience_s >= 0 && raw.patience_s < kLongest))
    refuse("--patience takes seconds from 0 on.");
  if (raw.pieces_s != kUnset) {
    if (!(raw.pieces_s >= 0 && raw.pieces_s < kLongest))
      refuse("--pieces takes seconds from 0 on.");
    options.pieces_s = raw.pieces_s;
  }
  if (options.input == kStandardInput && (options.start_s > 0 || options.duration_s))
    refuse("--start and --duration need a file, not standard input.");
}

void check_paths(const Options& options) {
  if (options.task == Task::kFilm && options.output != kStandardOutput &&
      is_same_file(options.input, options.output))
    refuse("IN and OUT are the same file: name another OUT.");
  std::vector<std::string> files = {options.input, options.output};
  for (const auto& [name, path] :
       {std::pair("--picture", options.picture), std::pair("--report", options.report),
        std::pair("--sheet", options.sheet)}) {
    if (!path) continue;
    for (const std::string& other : files)
      if (is_same_file(*path, other))
        refuse(std::string(name) + " must name a file other than '" + other + "'.");
    files.push_back(*path);
  }
}

// The words that are no options, as the task wants them.
void take_paths(const Raw& raw, Options& options) {
  const std::pair<const char*, Task> plans[] = {
      {raw.plan, Task::kPlan}, {raw.piece, Task::kPiece}, {raw.join, Task::kJoin}};
  for (const auto& [plan, task] : plans) {
    if (!plan) continue;
    if (options.task != Task::kFilm) refuse("Give one of --plan, --piece and --join.");
    options.task = task;
    options.plan = plan;
  }
  const char* const wanted = options.task == Task::kFilm    ? "the film and the result: IN OUT."
                             : options.task == Task::kPlan  ? "the film: --plan FILE IN."
                             : options.task == Task::kPiece ? "a number: --piece FILE N."
                                                            : "the result: --join FILE OUT.";
  const guint count = raw.paths ? g_strv_length(raw.paths) : 0;
  if (count != (options.task == Task::kFilm ? 2 : 1)) refuse(std::string("Give ") + wanted);
  guint64 number = 0;
  if (options.task == Task::kFilm) {
    options.input = raw.paths[0];
    options.output = raw.paths[1];
  } else if (options.task == Task::kPlan) {
    options.input = raw.paths[0];
  } else if (options.task == Task::kJoin) {
    options.output = raw.paths[0];
  } else if (!g_ascii_string_to_unsigned(raw.paths[0], 10, 0, G_MAXUINT32, &number, nullptr)) {
    refuse(std::string("Give ") + wanted);
  }
  options.piece = number;
}

void read_command_line(int argc, char** argv, Raw& raw) {
  const GOptionEntry entries[] = {
      {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &raw.settings,
       "Set a property of cgancolorize; may be given more than once", "PROPERTY=VALUE"},
      {"preset", 0, 0, G_OPTION_ARG_STRING, &raw.preset,
       "Load a preset of cgancolorize: archival-film, documentary, vivid, fast; --set goes over it",
       "NAME"},
      {"codec", 0, 0, G_OPTION_ARG_STRING, &raw.codec,
       "h264, h265, av1, vp9, prores, ffv1, png or tiff (default: the first of them that keeps "
       "depth "
       "and chroma in the container of OUT)",
       "NAME"},
      {"quality", 0, 0, G_OPTION_ARG_INT, &raw.quality,
       "Of the codec, 0 to 100 (default: 65, hardly any loss to be seen)", "NUMBER"},
      {"chroma", 0, 0, G_OPTION_ARG_INT, &raw.chroma,
       "420, 422 or 444 (default: as the film has it; 420 for grey)", "GRID"},
      {"allow-conversion", 0, 0, G_OPTION_ARG_NONE, &raw.allow_conversion,
       "A codec may lose depth or chroma", nullptr},
      {"fps", 0, 0, G_OPTION_ARG_STRING, &raw.fps,
       "Frames a second of a film of pictures (default: 24)", "RATE"},
      {"encoder", 'e', 0, G_OPTION_ARG_STRING, &raw.encoder,
       "Encoder as gst-launch-1.0 writes it, for experts", "\"NAME PROPERTY=VALUE ...\""},
      {"start", 0, 0, G_OPTION_ARG_DOUBLE, &raw.start_s, "Begin at this second of the film",
       "SECONDS"},
      {"duration", 0, 0, G_OPTION_ARG_DOUBLE, &raw.duration_s, "Colour only so many seconds",
       "SECONDS"},
      {"deinterlace", 0, 0, G_OPTION_ARG_NONE, &raw.deinterlace,
       "Make one frame of the two fields of each frame of interlaced film (else they stay)",
       nullptr},
      {"compare", 'c', 0, G_OPTION_ARG_NONE, &raw.compare,
       "Write original (left) and result (right) side by side", nullptr},
      {"picture", 'p', 0, G_OPTION_ARG_FILENAME, &raw.picture,
       "Also write the middle frame, original and result side by side", "FILE.png"},
      {"report", 0, 0, G_OPTION_ARG_FILENAME, &raw.report,
       "Also write a page of all shots, before and after, and of colour over time", "FILE.html"},
      {"sheet", 0, 0, G_OPTION_ARG_FILENAME, &raw.sheet, "Also write a picture of all shots",
       "FILE.png"},
      {"patience", 0, 0, G_OPTION_ARG_DOUBLE, &raw.patience_s,
       "Give up when nothing has moved for so long (default: 120; 0: never)", "SECONDS"},
      {"pieces", 0, 0, G_OPTION_ARG_DOUBLE, &raw.pieces_s,
       "Length of the pieces that outlive a run that is stopped (default: 8 for films of a minute "
       "and more; 0: in one go)",
       "SECONDS"},
      {"plan", 0, 0, G_OPTION_ARG_FILENAME, &raw.plan,
       "For many machines: divide IN at its cuts and write the pieces to FILE", "FILE"},
      {"piece", 0, 0, G_OPTION_ARG_FILENAME, &raw.piece,
       "Colour piece N, from 0 on, of a plan (into the folder FILE.pieces)", "FILE"},
      {"join", 0, 0, G_OPTION_ARG_FILENAME, &raw.join, "Join the pieces of a plan", "FILE"},
      {"force", 'f', 0, G_OPTION_ARG_NONE, &raw.force, "Replace OUT and the picture if they exist",
       nullptr},
      {"version", 0, 0, G_OPTION_ARG_NONE, &raw.version, "Print the version", nullptr},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &raw.paths, nullptr, "IN OUT"},
      {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};

  const std::string problem = read_words(argc, argv, entries, kDescription, kExamples);
  if (!problem.empty()) refuse(problem);
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Raw raw;
  read_command_line(argc, argv, raw);
  if (raw.version) {
    std::printf("colorize-film %s\n", CGANCOLORIZE_VERSION);
    std::exit(kSuccess);
  }
  Options options;
  take_paths(raw, options);
  options.force = raw.force;
  options.compare = raw.compare;
  options.deinterlace = raw.deinterlace;
  if (raw.preset) options.preset = raw.preset;
  if (raw.picture) options.picture = raw.picture;
  if (raw.report) options.report = raw.report;
  if (raw.sheet) options.sheet = raw.sheet;
  read_form(raw, options);
  const std::string problem = add_settings(raw.settings, options.settings);
  if (!problem.empty()) refuse(problem);
  read_span(raw, options);
  check_paths(options);
  return options;
}

}  // namespace colorize_film
