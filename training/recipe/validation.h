#pragma once

#include <nlohmann/json_fwd.hpp>

#include <c10/core/Device.h>

#include <cstdint>
#include <string>

#include "model/report_generator.h"
#include "training/data/dataset.h"

namespace cgan {

/// What a generator does on pictures that it was not trained on, cheap enough for every epoch.
/// @param generator in evaluation mode, on `device`
/// @param limit at most so many pictures, the first ones
/// Scored is what a viewer sees, the input's luma with the generator's chroma, but for `own_...`
/// and `l1`.
/// @return plain keys: `accuracy_2`, `accuracy_5` (per cent), `mae` with the input's L and
///   `own_...` with the generator's, `l1` (RGB, -1..1), `chroma_error` (mean |difference| of Cb
///   and Cr, -0.5..0.5), `spread_generated`, `spread_original` (of mean chroma over pictures, as in
///   reverse training) and `hues`: per name of a hue its `error`, `hit`, `share` and
///   `predicted_share` as in training/metrics/hue_scores.h.
nlohmann::json validate(ReportGenerator& generator, const Dataset& data, int64_t limit,
                        c10::Device device);

/// Writes gray | generated | original of `count` pictures spread evenly over a data set.
void write_example_grid(const std::string& path, ReportGenerator& generator, const Dataset& data,
                        int64_t count, c10::Device device);

}  // namespace cgan
