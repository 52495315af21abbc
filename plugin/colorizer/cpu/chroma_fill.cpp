#include "plugin/colorizer/cpu/chroma_fill.h"

#include "plugin/colorizer/pixel/fill.h"

namespace cgan {

ChromaFill::ChromaFill(int64_t width, int64_t height)
    : width_(width), height_(height), weight_(width * height), filled_(width * height) {}

void ChromaFill::run(const float* luma, const float* confidence, float known, float* cb,
                     float* cr) {
  const int64_t pixels = width_ * height_;
  for (int64_t i = 0; i < pixels; ++i)
    weight_[i] = confidence[i] >= known ? 1.0f : pixel::kUnknownWeight;
  const auto for_unknown = [&](const auto& visit) {
    for (int64_t y = 0; y < height_; ++y) {
      for (int64_t x = 0; x < width_; ++x) {
        if (confidence[y * width_ + x] < known) visit(x, y);
      }
    }
  };
  const pixel::FillPlanes planes = {luma, cb, cr, weight_.data(), width_, height_};
  for (const int64_t step : pixel::kFillSteps) {
    for_unknown([&](int64_t x, int64_t y) {
      filled_[y * width_ + x] = pixel::filled_colour(planes, x, y, step);
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
