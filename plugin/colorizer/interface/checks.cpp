#include "plugin/colorizer/interface/checks.h"

#include <cstdio>

#include "plugin/colorizer/interface/colorizer_error.h"

namespace cgan {
namespace {

/// As short as it is written by hand.
std::string text_of(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", number);
  return text;
}

/// Each frame comes here: where nothing is wrong it allocates nothing.
/// @param name in a sentence, with its article
void check_range(const char* name, double value, double lowest, double highest) {
  if (value >= lowest && value <= highest) return;
  refuse_setting(std::string(name) + " is outside " + text_of(lowest) + ".." + text_of(highest) +
                     "; set it within.",
                 text_of(value));
}

}  // namespace

void refuse_setting(const std::string& message, const std::string& found) {
  throw ColorizerError(CGAN_ERROR_SETTINGS, message, "found " + found);
}

void refuse_frame(const std::string& message, const std::string& details) {
  throw ColorizerError(CGAN_ERROR_FRAME, message, details);
}

void check(const CganSettings& settings) {
  if (settings.model == nullptr || *settings.model == '\0') {
    refuse_setting("No model is named; name a built-in model or a .safetensors file.", "no name");
  }
  check_range("The overlap", settings.overlap, 0.0, CGAN_LARGEST_OVERLAP);
  check_range("The number of threads (0: one per core)", settings.threads, 0, CGAN_MOST_THREADS);
  check_range("The work size (0: the model's own choice)", settings.work_size, 0,
              CGAN_LARGEST_SIDE);
  check_range("The batch (0: all tiles of a frame)", settings.batch, 0, CGAN_LARGEST_BATCH);
  check_range("The lookahead", settings.lookahead, 0, CGAN_LONGEST_LOOKAHEAD);
  if (settings.precision < CGAN_PRECISION_AUTO || settings.precision > CGAN_PRECISION_INT8) {
    refuse_setting("The precision is unknown; use auto, fp32, bf16, fp16 or int8.",
                   std::to_string(static_cast<int>(settings.precision)));
  }
}

void check(const CganLook& look) {
  check_range("The strength", look.strength, 0.0, 1.0);
  check_range("The saturation", look.saturation, 0.0, CGAN_LARGEST_SATURATION);
  check_range("The steadiness in time", look.temporal, 0.0, 1.0);
  check_range("The threshold of a cut", look.cut_threshold, 0.0, 1.0);
  check_range("The uncertain share", look.uncertain, 0.0, 1.0);
  check_range("The vividness", look.vividness, -1.0, 1.0);
  check_range("The warmth", look.warmth, -1.0, 1.0);
  check_range("The split", look.split, 0.0, 1.0);
  if (look.on_colour < CGAN_ON_COLOUR_RECOLOUR || look.on_colour > CGAN_ON_COLOUR_KEEP) {
    refuse_setting("What to do with colour is unknown; use keep or recolor.",
                   std::to_string(static_cast<int>(look.on_colour)));
  }
}

}  // namespace cgan
