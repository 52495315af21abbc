#pragma once

// What the user asked of colorize-film, read from the command line.

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace colorize_film {

// What the program ends with.
// kTryLater is EX_TEMPFAIL of sysexits.h.
enum ExitCode { kSuccess = 0, kFailure = 1, kUsage = 2, kTryLater = 75, kInterrupted = 130 };

// Ends the run: `what()` is a sentence for the user, `exit_code` what the program returns.
struct RunError : std::runtime_error {
  explicit RunError(const std::string& sentence, ExitCode code = kFailure)
      : std::runtime_error(sentence), exit_code(code) {}
  ExitCode exit_code;
};

// What makes a film that is read out of one that is not, without loss; behind "convert it first".
constexpr char kConversion[] = " (ffmpeg -i IN -c:v ffv1 -c:a copy new.mkv)";

// The names of IN and OUT where they are standard input and output.
constexpr char kStandardInput[] = "-";
constexpr char kStandardOutput[] = "-";

// Frames a second, as a fraction.
struct FrameRate {
  int frames = 24;
  int seconds = 1;
};

// What is to be done.
enum class Task {
  kFilm,   // IN -> OUT
  kPlan,   // the pieces of IN -> a plan
  kPiece,  // one piece of a plan
  kJoin,   // all pieces of a plan -> OUT
};

struct Options {
  Task task = Task::kFilm;
  std::string plan;    // path of the plan; but for kFilm
  size_t piece = 0;    // number of the piece, from 0 on; for kPiece
  std::string input;   // path of the film, pattern of its pictures, or kStandardInput; not for
                       // kPiece and kJoin
  std::string output;  // path or pattern, whose ending decides the container, or kStandardOutput;
                       // not for kPlan and kPiece
  bool force = false;  // an existing output may be replaced

  std::optional<std::string> preset;  // of cgancolorize, before the settings
  std::vector<std::pair<std::string, std::string>> settings;  // (property, value) of cgancolorize
  std::optional<std::string> codec;    // codec.h; none: the best one for the container
  std::optional<int> quality;          // 0 to 100, of the codec; none: the usual one
  std::optional<std::string> encoder;  // gst-launch description in the place of both
  std::optional<int> chroma;           // 420, 422 or 444 for the result; none: as the film has it
  bool allow_conversion = false;       // the encoder may lose depth or chroma
  std::optional<FrameRate> fps;        // of a film of pictures; none: 24
  double start_s = 0;                  // seconds of the film left out, >= 0
  std::optional<double> duration_s;    // seconds of the film coloured, > 0; none: to its end
  bool compare = false;                // original left, colours right
  bool deinterlace = false;
  std::optional<double> pieces_s;  // length of the pieces, 0: in one go; none: as suits the film
  double patience_s = 0;           // seconds without any data after which the run fails; 0: never
  std::optional<std::string> report;   // HTML path: what became of each shot
  std::optional<std::string> sheet;    // PNG path: all shots at a glance
  std::optional<std::string> picture;  // PNG path for one frame, original and result side by side
};

// Reads the command line; `--help` and `--version` print and end the program.
// Throws RunError with kUsage for what cannot be meant: unknown options, missing or equal paths, a
// span that is none.
Options parse_options(int argc, char** argv);

}  // namespace colorize_film
