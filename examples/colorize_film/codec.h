#pragma once

// Encoders by intent: a codec and a quality, or the one that keeps the most.

#include <gst/gst.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "examples/colorize_film/options.h"
#include "examples/colorize_film/sampling.h"

namespace colorize_film {

// Of --quality where none is given: next to no visible loss.
constexpr int kUsualQuality = 65;

// Throws RunError (kUsage) for a name that is no codec; the sentence lists those that are.
void check_codec(const std::string& codec);

struct ChosenEncoder {
  GstElement* element = nullptr;  // a bin with one sink and one source pad; floating
  Sampling sampling;              // of the frames that it is to get
  std::string remark;             // a sentence for the user; empty: nothing to say
};

// The encoder that `options` name (--encoder, --codec), or the first one of `codecs` that keeps
// `wanted` of a picture of `width` and `height`, with its quality set; `with_fields`: one that
// keeps fields comes before all that do not. Throws RunError: kUsage where it cannot be or would
// lose depth or chroma and the options do not allow that, kFailure if none is installed.
ChosenEncoder choose_encoder(const Options& options, const std::vector<std::string_view>& codecs,
                             const Sampling& wanted, int width, int height, bool with_fields);

}  // namespace colorize_film
