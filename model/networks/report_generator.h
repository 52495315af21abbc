#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <optional>

#include "model/networks/blocks.h"
#include "model/networks/generator_options.h"

namespace cgan {

/// Masks of the dropout of d1 and d2: 0 or 1 / (1 - p). They are the generator's only randomness
/// and come from outside, so that training draws them per picture and a stream keeps one.
struct DropoutMasks {
  torch::Tensor d1;  ///< (N or 1, widths[3], tile/8, tile/8)
  torch::Tensor d2;  ///< (N or 1, widths[2], tile/4, tile/4)
};

/// Draws masks for `count` pictures from `random` (CPU generator), float32 on the CPU,
/// channels_last.
DropoutMasks draw_dropout_masks(const ReportGeneratorOptions& options, int64_t count,
                                at::Generator random);

/// The encoder-decoder with skips of the report "Image Colorization using GANs" (2022-2023):
/// five encoder and four decoder layers, all convolutional, no pooling; batch norm everywhere but
/// in the first and the last layer. 4,169,155 trainable numbers with the default options.
class ReportGeneratorImpl : public torch::nn::Module {
 public:
  /// @throws std::invalid_argument where an option is outside its range.
  explicit ReportGeneratorImpl(const ReportGeneratorOptions& options = {});

  /// @param gray (N, 1, H, W), -1..1, H and W multiples of 16 (the tile in training).
  /// @param masks dropout masks; without them nothing is dropped.
  /// @param features where given, receives e4's activation (N, widths[4], H/16, W/16), on which
  ///   training hangs an auxiliary task.
  /// @return (N, 3, H, W), RGB, -1..1.
  torch::Tensor forward(const torch::Tensor& gray,
                        const std::optional<DropoutMasks>& masks = std::nullopt,
                        torch::Tensor* features = nullptr);

  const ReportGeneratorOptions& options() const { return options_; }

 private:
  ReportGeneratorOptions options_;
  torch::nn::Conv2d e0_{nullptr}, out_{nullptr};
  DownBlock e1_{nullptr}, e2_{nullptr}, e3_{nullptr}, e4_{nullptr};
  UpBlock d1_{nullptr}, d2_{nullptr}, d3_{nullptr}, d4_{nullptr};
};
TORCH_MODULE(ReportGenerator);

}  // namespace cgan
