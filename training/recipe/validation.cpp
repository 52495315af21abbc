#include "training/recipe/validation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "model/colour.h"
#include "training/data/batches.h"
#include "training/losses/colour_terms.h"
#include "training/losses/colourfulness.h"
#include "training/losses/reverse.h"
#include "training/metrics/colour_difference.h"
#include "training/metrics/feature_comparison.h"
#include "training/metrics/hue_scores.h"
#include "training/metrics/lab_metrics.h"
#include "training/metrics/picture_grid.h"

namespace cgan {
namespace {

constexpr int64_t kBatch = 50;
/// Pairs of pictures grow with the square of their number; a thousand are plenty.
constexpr int64_t kSpreadPictures = 1000;

/// Pictures as the generator makes them, beside their originals. RGB, -1..1, on the device.
struct Shown {
  at::Tensor own;       ///< the generator's own picture
  at::Tensor picture;   ///< the luma of `gray` with its chroma, clipped
  at::Tensor original;  ///< (N, 3, h, w)
  at::Tensor gray;      ///< (N, 1, h, w)
};

Shown show(TrainedGenerator& generator, const Batch& batch, c10::Device device) {
  Shown shown;
  shown.original = at_scale(batch.colour.to(device), generator.scale());
  shown.gray = at_scale(batch.gray.to(device), generator.scale());
  shown.own = generator.colour(batch.gray.to(device), shown.gray, {}, {}).picture;
  shown.picture = with_luma(shown.gray, shown.own).clamp(-1, 1);
  return shown;
}

/// The pictures as the element shows them: the full luma with the chroma enlarged.
ScoredPictures at_full_size(const Shown& shown, const Batch& batch) {
  const auto chroma =
      at::upsample_bilinear2d(shown.own, batch.gray.sizes().slice(2), /*align_corners=*/false);
  const auto picture = with_luma(batch.gray, chroma.cpu()).clamp(-1, 1);
  return {batch.colour * 0.5 + 0.5, picture * 0.5 + 0.5, {}, batch.labels};
}

}  // namespace

nlohmann::json validate(TrainedGenerator& generator, const Dataset& data, int64_t tile,
                        int64_t limit, c10::Device device,
                        const std::shared_ptr<FeatureNetwork>& features) {
  at::NoGradGuard no_graph;
  const int64_t count = std::min(limit, data.size());
  LabMetrics own_lightness, input_lightness;
  HueScores hues;
  double l1 = 0, chroma = 0, error = 0, grey_error = 0, colour = 0, original_colour = 0;
  double worse = 0, distance = 0;
  std::vector<at::Tensor> spread_generated, spread_original;
  std::optional<FeatureComparison> comparison;
  if (features) comparison.emplace(features);
  for (int64_t first = 0; first < count; first += kBatch) {
    std::vector<int64_t> indices;
    for (int64_t i = first; i < std::min(first + kBatch, count); ++i)
      indices.push_back(i * data.size() / count);
    const auto batch = make_batch(data, indices, tile, {}, 0, 0);
    const auto shown = show(generator, batch, device);
    if (comparison) comparison->add(at_full_size(shown, batch));
    const auto share = static_cast<double>(indices.size()) / static_cast<double>(count);
    l1 += share * l1_distance(shown.own, shown.original).item<double>();
    chroma += share * chroma_loss(shown.own, shown.original, ChromaNorm::kL1).item<double>();
    const auto g = shown.picture * 0.5 + 0.5, y = shown.original * 0.5 + 0.5;
    const auto g_lab = rgb_to_lab(g), y_lab = rgb_to_lab(y);
    hues.add(g, g_lab, y, y_lab);
    own_lightness.add(rgb_to_lab(shown.own * 0.5 + 0.5), y_lab);
    input_lightness.add(with_lightness_of(g_lab, y_lab), y_lab);
    const auto own_error = squared_error(g, y);
    const auto own_grey_error = squared_error((shown.gray * 0.5 + 0.5).expand_as(y), y);
    error += share * own_error.mean().item<double>();
    grey_error += share * own_grey_error.mean().item<double>();
    worse += share * (own_error > own_grey_error).to(at::kDouble).mean().item<double>();
    distance += share * chroma_distance(g_lab, y_lab).mean().item<double>();
    colour += share * colourfulness(g).mean().item<double>();
    original_colour += share * colourfulness(y).mean().item<double>();
    if (first < kSpreadPictures) {
      spread_generated.push_back(coarse_chroma(g_lab));
      spread_original.push_back(coarse_chroma(y_lab));
    }
  }
  const auto spread = [](const std::vector<at::Tensor>& chromas) {
    return chroma_spread(at::cat(chromas)).item<double>();
  };
  const auto own = own_lightness.scores(), input = input_lightness.scores();
  nlohmann::json by_hue;
  const auto hue_scores = hues.scores();
  for (int64_t hue = 0; hue < kHues; ++hue)
    by_hue[kHueNames[hue]] = {{"error", hue_scores[hue].error},
                              {"hit", hue_scores[hue].hit},
                              {"share", hue_scores[hue].share},
                              {"predicted_share", hue_scores[hue].predicted_share}};
  nlohmann::json scores = {
      {"accuracy_2", input.accuracy_2},
      {"accuracy_5", input.accuracy_5},
      {"mae", input.mae},
      {"own_accuracy_2", own.accuracy_2},
      {"own_accuracy_5", own.accuracy_5},
      {"own_mae", own.mae},
      {"l1", l1},
      {"chroma_error", chroma},
      {"ab_distance", distance},
      {"psnr_gain", psnr(error) - psnr(grey_error)},
      {"worse_than_grey", worse},
      {"colourfulness_ratio", original_colour > 0 ? colour / original_colour : 0},
      {"spread_generated", spread(spread_generated)},
      {"spread_original", spread(spread_original)},
      {"hues", by_hue},
      {"pictures", count}};
  if (comparison) scores.update(comparison->json());
  return scores;
}

void write_example_grid(const std::string& path, TrainedGenerator& generator, const Dataset& data,
                        int64_t tile, int64_t count, c10::Device device) {
  at::NoGradGuard no_graph;
  count = std::min(count, data.size());
  std::vector<int64_t> indices;
  for (int64_t i = 0; i < count; ++i) indices.push_back(i * data.size() / count);
  const auto shown = show(generator, make_batch(data, indices, tile, {}, 0, 0), device);
  const int64_t zoom = std::max<int64_t>(1, 64 / shown.gray.size(2));
  write_picture_grid(path, shown.gray.cpu(), shown.picture.cpu(), shown.original.cpu(), zoom);
}

}  // namespace cgan
