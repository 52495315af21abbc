#include "model/report_generator.h"

#include <algorithm>
#include <stdexcept>

namespace cgan {

void check(const ReportGeneratorOptions& options) {
  if (options.tile <= 0 || options.tile % 16 != 0)
    throw std::invalid_argument("the generator's tile must be a positive multiple of 16, not " +
                                std::to_string(options.tile));
  if (std::any_of(options.widths.begin(), options.widths.end(), [](int64_t w) { return w <= 0; }))
    throw std::invalid_argument("the generator's widths must be positive");
  if (!(options.dropout >= 0 && options.dropout < 1))
    throw std::invalid_argument("the generator's dropout must lie in [0, 1)");
}

DropoutMasks draw_dropout_masks(const ReportGeneratorOptions& options, int64_t count,
                                at::Generator random) {
  const auto draw = [&](int64_t channels, int64_t side) {
    const auto mask =
        torch::empty({count, channels, side, side}, torch::MemoryFormat::ChannelsLast);
    return mask.bernoulli_(1 - options.dropout, random).div_(1 - options.dropout);
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
                                           const std::optional<DropoutMasks>& masks) {
  const auto x0 = torch::leaky_relu(e0_(gray), kLeakySlope);
  const auto x1 = e1_(x0), x2 = e2_(x1), x3 = e3_(x2), x4 = e4_(x3);
  const DropoutMasks& m = masks ? *masks : DropoutMasks();
  auto y = d1_(x4, x3, m.d1);
  y = d2_(y, x2, m.d2);
  y = d3_(y, x1, torch::Tensor());
  y = d4_(y, x0, torch::Tensor());
  return torch::tanh(out_(y));
}

}  // namespace cgan
