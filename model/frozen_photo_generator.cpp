#include "model/frozen_photo_generator.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/tanh.h>
#include <c10/core/InferenceMode.h>

#include <string>
#include <utility>

#include "model/blocks.h"
#include "model/frozen_photo_generator_int8.h"
#include "model/network_weights.h"
#include "model/photo_folding.h"

namespace cgan {
namespace {

class FrozenPhotoGenerator final : public FrozenPhotoForm {
 public:
  /// @param encoder on the device and in the type of the inference
  FrozenPhotoGenerator(const Weights& weights, const PhotoGeneratorOptions& network,
                       EfficientNetLite0Encoder encoder, const Options& options,
                       ActivationObserver observe)
      : FrozenPhotoForm(network),
        options_(options),
        observe_(std::move(observe)),
        encoder_(std::move(encoder)) {
    const PhotoFolding folding(weights, options);
    bottleneck_ = folding.bottleneck(options);
    d1_ = folding.up_block("d1");
    d2_ = folding.up_block("d2");
    d3_ = folding.up_block("d3");
    d4_ = folding.up_block("d4");
    out_ = folding.plain("out");
  }

  at::Tensor chroma(const at::Tensor& luma) override {
    const c10::InferenceMode inference;
    check(luma);
    const auto gray = as_channels_last(luma.to(options_.device, options_.type));
    const auto taps = encoder_->forward(gray, observe_);
    const auto whole = bottleneck_.same_everywhere(at::mean(taps[4], {2, 3}), vividness());
    auto x = at::conv2d(taps[4], bottleneck_.conv);
    observe("bottleneck.conv", x);
    x = at::relu_(x.add_(whole.view({whole.size(0), -1, 1, 1})));
    observe("bottleneck.sum", x);
    x = up(x, taps[3], d1_, "d1");
    x = up(x, taps[2], d2_, "d2");
    x = up(x, taps[1], d3_, "d3");
    x = up(x, at::cat({taps[0], at::avg_pool2d(gray, 2)}, 1), d4_, "d4");
    x = at::conv2d(x, out_.weight, out_.bias, 1, 1);
    return at::tanh(x.to(c10::kFloat)).mul_(0.5).contiguous();
  }

 private:
  void observe(const char* layer, const at::Tensor& output) const {
    if (observe_) observe_(layer, output);
  }
  void observe(const char* block, const char* part, const at::Tensor& output) const {
    if (observe_) observe_(std::string(block) + "." + part, output);
  }

  at::Tensor up(const at::Tensor& input, const at::Tensor& skip, const FoldedUpBlock& layer,
                const char* name) const {
    const int64_t count = input.size(0), height = input.size(2), width = input.size(3);
    const int64_t channels = layer.skip.weight.size(0);
    auto x = at::conv2d(skip, layer.skip.weight, layer.skip.bias);
    observe(name, "skip", x);
    const auto upsampled = at::conv2d(input, layer.up);
    observe(name, "up", upsampled);
    // The shuffle to 2x2 blocks happens while adding. Both tensors are channels_last.
    const auto blocks = upsampled.permute({0, 2, 3, 1})
                            .reshape({count, height, width, 2, 2, channels})
                            .permute({0, 1, 3, 2, 4, 5});
    x.permute({0, 2, 3, 1}).view({count, height, 2, width, 2, channels}).add_(blocks);
    at::relu_(x);
    observe(name, "merge", x);
    auto y = at::conv2d(x, layer.conv1.weight, layer.conv1.bias, 1, 1);
    at::relu_(y);
    observe(name, "conv1", y);
    y = at::conv2d(y, layer.conv2.weight, layer.conv2.bias, 1, 1);
    observe(name, "conv2", y);
    y = at::relu_(y.add_(x));
    observe(name, "sum", y);
    return y;
  }

  Options options_;
  ActivationObserver observe_;
  EfficientNetLite0Encoder encoder_;
  FoldedBottleneck bottleneck_;
  FoldedUpBlock d1_, d2_, d3_, d4_;
  Convolution out_;
};

}  // namespace

std::unique_ptr<FrozenGenerator> freeze_photo_generator(const Weights& weights,
                                                        const FrozenGenerator::Options& options,
                                                        ActivationObserver observe) {
  const auto network = photo_generator_options(weights);
  // Throws where a name is missing or a shape differs, so that the folding need not ask.
  PhotoGenerator unfolded(network);
  load_weights(unfolded, weights);
  if (options.type == c10::kQInt8) return freeze_photo_generator_int8(weights, network, options);
  // The encoder has nothing to fold and is taken as it is.
  auto encoder = unfolded->encoder();
  encoder->to(options.device, options.type);
  const c10::InferenceMode inference;
  return std::make_unique<FrozenPhotoGenerator>(weights, network, std::move(encoder), options,
                                                std::move(observe));
}

std::unique_ptr<FrozenGenerator> freeze_photo_generator(const Weights& weights,
                                                        const FrozenGenerator::Options& options) {
  return freeze_photo_generator(weights, options, {});
}

}  // namespace cgan
