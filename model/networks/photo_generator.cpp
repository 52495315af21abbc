#include "model/networks/photo_generator.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/nn/init.h>
#include <torch/nn/options/conv.h>

#include <vector>

#include "model/networks/blocks.h"

namespace cgan {
namespace {

// Training starts near gray: chroma of about a hundredth.
constexpr double kFirstOutputDeviation = 1e-3;

}  // namespace

PhotoGeneratorImpl::PhotoGeneratorImpl(const PhotoGeneratorOptions& options) : options_(options) {
  check(options);
  const auto& w = options.widths;
  const auto taps = encoder_shape(options.encoder).channels;
  encoder_ = register_module("encoder", EfficientNetLiteEncoder(options.encoder));
  bottleneck_ = register_module("bottleneck", PhotoBottleneck(taps[4], w[0]));
  d1_ = register_module("d1", PhotoUpBlock(w[0], taps[3], w[1]));
  d2_ = register_module("d2", PhotoUpBlock(w[1], taps[2], w[2]));
  d3_ = register_module("d3", PhotoUpBlock(w[2], taps[1], w[3]));
  d4_ = register_module("d4", PhotoUpBlock(w[3], taps[0] + 1, w[4]));
  out_ = register_module("out", torch::nn::Conv2d(torch::nn::Conv2dOptions(w[4], 2, 3).padding(1)));
  torch::nn::init::normal_(out_->weight, 0, kFirstOutputDeviation);
  torch::nn::init::zeros_(out_->bias);
  store_in_training_format(*this);
}

PhotoDropout draw_photo_dropout(double probability, int64_t count,
                                const std::array<int64_t, 5>& channels, uint64_t seed) {
  PhotoDropout masks;
  for (size_t i = 0; i < masks.size(); ++i)
    masks[i] = torch::rand({count, channels[i], 1, 1}, at::detail::createCPUGenerator(seed + i))
                   .ge(probability)
                   .to(torch::kFloat)
                   .div_(1 - probability);
  return masks;
}

torch::Tensor PhotoGeneratorImpl::forward(const torch::Tensor& gray, const torch::Tensor& vividness,
                                          const PhotoDropout& dropout, torch::Tensor* features) {
  auto taps = encoder_(gray, frozen_taps_);
  for (size_t i = 0; i < taps.size(); ++i)
    if (dropout[i].defined()) taps[i] = taps[i] * dropout[i];
  auto x = bottleneck_(taps[4], vividness);
  if (features) *features = x.mean({2, 3});
  x = d1_(x, std::vector<torch::Tensor>{taps[3]});
  x = d2_(x, std::vector<torch::Tensor>{taps[2]});
  x = d3_(x, std::vector<torch::Tensor>{taps[1]});
  x = d4_(x, std::vector<torch::Tensor>{taps[0], torch::avg_pool2d(in_training_format(gray), 2)});
  return 0.5 * torch::tanh(out_(x));
}

}  // namespace cgan
