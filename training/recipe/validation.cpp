#include "training/recipe/validation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "model/colour.h"
#include "training/data/batches.h"
#include "training/losses/colour_terms.h"
#include "training/losses/reverse.h"
#include "training/metrics/hue_scores.h"
#include "training/metrics/lab_metrics.h"
#include "training/recipe/picture_grid.h"

namespace cgan {
namespace {

constexpr int64_t kBatch = 50;
/// Pairs of pictures grow with the square of their number; a thousand are plenty.
constexpr int64_t kSpreadPictures = 1000;

at::Tensor shown_picture(const at::Tensor& gray, const at::Tensor& generated) {
  return with_luma(gray, generated).clamp(-1, 1);
}

}  // namespace

nlohmann::json validate(ReportGenerator& generator, const Dataset& data, int64_t limit,
                        c10::Device device) {
  at::NoGradGuard no_graph;
  const int64_t count = std::min(limit, data.size()), tile = generator->options().tile;
  LabMetrics own_lightness, input_lightness;
  HueScores hues;
  double l1 = 0, chroma = 0;
  std::vector<at::Tensor> spread_generated, spread_original;
  for (int64_t first = 0; first < count; first += kBatch) {
    std::vector<int64_t> indices(std::min(kBatch, count - first));
    std::iota(indices.begin(), indices.end(), first);
    const auto batch = make_batch(data, indices, tile, {}, 0, 0);
    const auto y = batch.colour.to(device);
    const auto g = generator->forward(batch.gray.to(device));
    const auto share = static_cast<double>(indices.size()) / static_cast<double>(count);
    l1 += share * l1_distance(g, y).item<double>();
    chroma += share * chroma_loss(g, y, ChromaNorm::kL1).item<double>();
    const auto shown = shown_picture(batch.gray.to(device), g) * 0.5 + 0.5, y_rgb = y * 0.5 + 0.5;
    const auto shown_lab = rgb_to_lab(shown), y_lab = rgb_to_lab(y_rgb);
    hues.add(shown, shown_lab, y_rgb, y_lab);
    own_lightness.add(rgb_to_lab(g * 0.5 + 0.5), y_lab);
    input_lightness.add(with_lightness_of(shown_lab, y_lab), y_lab);
    if (first < kSpreadPictures) {
      spread_generated.push_back(coarse_chroma(shown_lab));
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
  return {{"accuracy_2", input.accuracy_2},
          {"accuracy_5", input.accuracy_5},
          {"mae", input.mae},
          {"own_accuracy_2", own.accuracy_2},
          {"own_accuracy_5", own.accuracy_5},
          {"own_mae", own.mae},
          {"l1", l1},
          {"chroma_error", chroma},
          {"spread_generated", spread(spread_generated)},
          {"spread_original", spread(spread_original)},
          {"hues", by_hue},
          {"pictures", count}};
}

void write_example_grid(const std::string& path, ReportGenerator& generator, const Dataset& data,
                        int64_t count, c10::Device device) {
  at::NoGradGuard no_graph;
  count = std::min(count, data.size());
  std::vector<int64_t> indices;
  for (int64_t i = 0; i < count; ++i) indices.push_back(i * data.size() / count);
  const auto batch = make_batch(data, indices, generator->options().tile, {}, 0, 0);
  const auto generated = shown_picture(batch.gray, generator->forward(batch.gray.to(device)).cpu());
  const int64_t zoom = std::max<int64_t>(1, 64 / generator->options().tile);
  write_picture_grid(path, batch.gray, generated, batch.colour, zoom);
}

}  // namespace cgan
