#include "training/metrics/static_flicker.h"

#include <ATen/ATen.h>

#include "model/colour.h"

namespace cgan {
namespace {

constexpr double kStillCodes = 2;

}  // namespace

std::optional<StaticFlicker::Flicker> StaticFlicker::add(const at::Tensor& original,
                                                         const at::Tensor& result) {
  const auto codes = rgb_to_ycbcr(original) * 255;
  // Whole codes: two codes apart must not become three by a rounding error.
  const auto luma = codes.narrow(1, 0, 1).round();
  const auto original_chroma = codes.narrow(1, 1, 2);
  const auto result_chroma = (rgb_to_ycbcr(result) * 255).narrow(1, 1, 2);
  std::optional<Flicker> step;
  if (luma_.defined()) {
    const auto still = (luma - luma_).abs() <= kStillCodes;
    const auto step_sum = [&](const at::Tensor& now, const at::Tensor& before) {
      return ((now - before).abs() * still).sum(at::kDouble).item<double>() / 2;
    };
    const double original_step = step_sum(original_chroma, original_chroma_);
    const double result_step = step_sum(result_chroma, result_chroma_);
    const auto count = still.sum().item<int64_t>();
    if (count > 0) step = Flicker{result_step / count, original_step / count};
    original_sum_ += original_step;
    result_sum_ += result_step;
    still_ += count;
    pixels_ += still.numel();
  }
  luma_ = luma;
  original_chroma_ = original_chroma;
  result_chroma_ = result_chroma;
  return step;
}

std::optional<StaticFlicker::Flicker> StaticFlicker::score() const {
  if (still_ == 0) return {};
  return Flicker{result_sum_ / still_, original_sum_ / still_};
}

std::optional<double> StaticFlicker::still_share() const {
  if (pixels_ == 0) return {};
  return static_cast<double>(still_) / pixels_;
}

}  // namespace cgan
