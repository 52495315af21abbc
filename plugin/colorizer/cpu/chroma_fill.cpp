#include "plugin/colorizer/cpu/chroma_fill.h"

#include <algorithm>

#include "plugin/colorizer/pixel/match.h"

namespace cgan {
namespace {

constexpr int64_t kSteps[] = {1, 2, 4, 8, 16, 4, 1};
// What an unknown pixel held counts next to nothing, but is there where nothing else is.
constexpr float kUnknownWeight = 1e-4f;

}  // namespace

ChromaFill::ChromaFill(int64_t width, int64_t height)
    : width_(width), height_(height), weight_(width * height), filled_(width * height) {}

ChromaFill::Colour ChromaFill::mean_around(const float* luma, const float* cb, const float* cr,
                                           int64_t x, int64_t y, int64_t step) const {
  const float own = luma[y * width_ + x];
  Colour sum = {0.0f, 0.0f, 0.0f};
  for (int64_t j = y - step; j <= y + step; j += step) {
    if (j < 0 || j >= height_) continue;
    for (int64_t i = x - step; i <= x + step; i += step) {
      if (i < 0 || i >= width_) continue;
      const int64_t at = j * width_ + i;
      const float likeness = pixel::likeness(own, luma[at]);
      const float weight = weight_[at] * likeness * likeness;
      sum.cb += weight * cb[at];
      sum.cr += weight * cr[at];
      sum.weight += weight;
    }
  }
  // The pixel itself is among them, so the sum is never 0.
  const float share = 1.0f / sum.weight;
  return {share * sum.cb, share * sum.cr, std::min(0.5f, sum.weight)};
}

void ChromaFill::run(const float* luma, const float* confidence, float known, float* cb,
                     float* cr) {
  const int64_t pixels = width_ * height_;
  for (int64_t i = 0; i < pixels; ++i) weight_[i] = confidence[i] >= known ? 1.0f : kUnknownWeight;
  const auto for_unknown = [&](const auto& visit) {
    for (int64_t y = 0; y < height_; ++y) {
      for (int64_t x = 0; x < width_; ++x) {
        if (confidence[y * width_ + x] < known) visit(x, y);
      }
    }
  };
  for (const int64_t step : kSteps) {
    for_unknown([&](int64_t x, int64_t y) {
      filled_[y * width_ + x] = mean_around(luma, cb, cr, x, y, step);
    });
    for_unknown([&](int64_t x, int64_t y) {
      const int64_t at = y * width_ + x;
      cb[at] = filled_[at].cb;
      cr[at] = filled_[at].cr;
      weight_[at] = filled_[at].weight;
    });
  }
}

}  // namespace cgan
