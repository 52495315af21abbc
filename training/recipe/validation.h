#pragma once

#include <nlohmann/json_fwd.hpp>

#include <c10/core/Device.h>

#include <cstdint>
#include <memory>
#include <string>

#include "training/data/dataset.h"
#include "training/losses/feature_network.h"
#include "training/recipe/trained_networks.h"

namespace cgan {

/// What a generator does on pictures that it was not trained on, cheap enough for every epoch.
/// @param generator in evaluation mode, on `device`
/// @param tile side of the squares that are cut out of the pictures' middle
/// @param limit at most so many pictures, spread evenly over the set
/// Scored is what a viewer sees, the input's luma with the generator's chroma, but for `own_...`
/// and `l1`; at the size of the generator's pictures, half the input's for the photo generator.
/// @param features see FeatureComparison; null: nothing is compared in features
/// @return plain keys: `accuracy_2`, `accuracy_5` (per cent), `mae` with the input's L and
///   `own_...` with the generator's, `l1` (RGB, -1..1), `chroma_error` (mean |difference| of Cb
///   and Cr, -0.5..0.5), `ab_distance` (mean, Lab), `psnr_gain` (dB, pooled error against grey's),
///   `worse_than_grey` (share of the pictures), `colourfulness_ratio` (signed, of the means over
///   pictures), `spread_generated`, `spread_original` (of mean chroma
///   over pictures, as in reverse training) and `hues`: per name of a hue its `error`, `hit`,
///   `share` and `predicted_share` as in training/metrics/hue_scores.h; with `features` also those
///   of FeatureComparison, of the picture at its full size.
nlohmann::json validate(TrainedGenerator& generator, const Dataset& data, int64_t tile,
                        int64_t limit, c10::Device device,
                        const std::shared_ptr<FeatureNetwork>& features = nullptr);

/// Writes gray | generated | original of `count` pictures spread evenly over a data set.
void write_example_grid(const std::string& path, TrainedGenerator& generator, const Dataset& data,
                        int64_t tile, int64_t count, c10::Device device);

}  // namespace cgan
