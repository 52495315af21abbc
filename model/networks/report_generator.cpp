#include "model/networks/report_generator.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <mutex>

namespace cgan {

DropoutMasks draw_dropout_masks(const ReportGeneratorOptions& options, int64_t count,
                                at::Generator random) {
  // Four activations from one 64-bit draw: bernoulli_() spends a draw on each and took a twentieth
  // of a training step. Probabilities are rounded to 1/65536.
  auto* source = at::check_generator<at::CPUGeneratorImpl>(random);
  const auto threshold = static_cast<uint64_t>(std::lround(options.dropout * 65536));
  const auto keep = static_cast<float>(1 / (1 - options.dropout));
  const std::lock_guard<std::mutex> lock(source->mutex_);
  const auto draw = [&](int64_t channels, int64_t side) {
    auto mask = torch::empty({count, channels, side, side}, torch::MemoryFormat::ChannelsLast);
    float* out = mask.data_ptr<float>();
    uint64_t bits = 0;
    for (int64_t i = 0; i < mask.numel(); ++i, bits >>= 16) {
      if (i % 4 == 0) bits = source->random64();
      out[i] = (bits & 0xffff) < threshold ? 0.f : keep;
    }
    return mask;
  };
  DropoutMasks masks;
  masks.d1 = draw(options.widths[3], options.tile / 8);
  masks.d2 = draw(options.widths[2], options.tile / 4);
  return masks;
}

ReportGeneratorImpl::ReportGeneratorImpl(const ReportGeneratorOptions& options)
    : options_(options) {
  check(options);
  const auto& w = options.widths;
  const auto up = options.upsampling;
  e0_ = register_module("e0", torch::nn::Conv2d(1, w[0], 1));
  e1_ = register_module("e1", DownBlock(w[0], w[1], true));
  e2_ = register_module("e2", DownBlock(w[1], w[2], true));
  e3_ = register_module("e3", DownBlock(w[2], w[3], true));
  e4_ = register_module("e4", DownBlock(w[3], w[4], true));
  d1_ = register_module("d1", UpBlock(w[4], w[3], up));
  d2_ = register_module("d2", UpBlock(2 * w[3], w[2], up));
  d3_ = register_module("d3", UpBlock(2 * w[2], w[1], up));
  d4_ = register_module("d4", UpBlock(2 * w[1], w[0], up));
  out_ = register_module("out", torch::nn::Conv2d(2 * w[0], 3, 1));
}

torch::Tensor ReportGeneratorImpl::forward(const torch::Tensor& gray,
                                           const std::optional<DropoutMasks>& masks,
                                           torch::Tensor* features) {
  const auto x0 = torch::leaky_relu(e0_(gray), kLeakySlope);
  const auto x1 = e1_(x0), x2 = e2_(x1), x3 = e3_(x2), x4 = e4_(x3);
  if (features) *features = x4;
  const DropoutMasks& m = masks ? *masks : DropoutMasks();
  auto y = d1_(x4, x3, m.d1);
  y = d2_(y, x2, m.d2);
  y = d3_(y, x1, torch::Tensor());
  y = d4_(y, x0, torch::Tensor());
  return torch::tanh(out_(y));
}

}  // namespace cgan
