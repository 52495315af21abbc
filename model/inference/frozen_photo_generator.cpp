#include "model/inference/frozen_photo_generator.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/tanh.h>
#include <c10/core/InferenceMode.h>

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/inference/frozen_convolution.h"
#include "model/inference/frozen_photo_generator_fp32.h"
#include "model/inference/int8/frozen_photo_generator_int8.h"
#include "model/inference/photo_folding.h"
#include "model/networks/efficientnet_lite_shape.h"
#include "model/networks/encoder_input.h"
#include "model/networks/tensor_shapes.h"
#include "model/threads/serial_libtorch.h"
#include "model/weights/generator_weights.h"

namespace cgan {
namespace {

class Observed {
 public:
  explicit Observed(ActivationObserver observe) : observe_(std::move(observe)) {}
  /// @return `output`, which has been shown.
  const at::Tensor& operator()(const std::string& block, const char* part,
                               const at::Tensor& output) const {
    if (observe_) observe_(block + part, output);
    return output;
  }

 private:
  ActivationObserver observe_;
};

class FrozenBlock {
 public:
  FrozenBlock(const PhotoFolding& folding, const BottleneckShape& shape, const std::string& name)
      : name_(name),
        depthwise_(folding.plain(name + "depthwise"), Activation::kRelu6, shape.stride,
                   shape.wide()),
        project_(folding.plain(name + "project")),
        is_residual_(shape.residual()) {
    if (shape.expansion != 1) expand_.emplace(folding.plain(name + "expand"), Activation::kRelu6);
  }

  at::Tensor operator()(const at::Tensor& input, const Observed& observed) const {
    const auto wide = expand_ ? observed(name_, "expand", (*expand_)(input)) : input;
    const auto x = project_(observed(name_, "depthwise", depthwise_(wide)));
    observed(name_, "project", x);
    return is_residual_ ? observed(name_, "sum", x.add_(input)) : x;
  }

 private:
  std::string name_;
  std::optional<FrozenConvolution> expand_;
  FrozenConvolution depthwise_, project_;
  bool is_residual_;
};

class FrozenUpBlock {
 public:
  FrozenUpBlock(const FoldedUpBlock& folded, const std::string& name)
      : name_(name + "."),
        up_({folded.up, {}}),
        skip_(folded.skip),
        conv1_(folded.conv1, Activation::kRelu),
        conv2_(folded.conv2) {}

  at::Tensor operator()(const at::Tensor& input, const at::Tensor& tap,
                        const Observed& observed) const {
    const int64_t count = input.size(0), height = input.size(2), width = input.size(3);
    auto x = observed(name_, "skip", skip_(tap));
    const int64_t channels = x.size(1);
    // The shuffle to 2x2 blocks happens while adding. Both tensors are channels_last.
    const auto blocks = observed(name_, "up", up_(input))
                            .permute({0, 2, 3, 1})
                            .reshape({count, height, width, 2, 2, channels})
                            .permute({0, 1, 3, 2, 4, 5});
    x.permute({0, 2, 3, 1}).view({count, height, 2, width, 2, channels}).add_(blocks);
    observed(name_, "merge", at::relu_(x));
    const auto y = conv2_(observed(name_, "conv1", conv1_(x)));
    observed(name_, "conv2", y);
    return observed(name_, "sum", at::relu_(y.add_(x)));
  }

 private:
  std::string name_;
  FrozenConvolution up_, skip_, conv1_, conv2_;
};

/// In LibTorch's layers: on CUDA, in bfloat16 and where somebody observes.
class FrozenPhotoGenerator final : public FrozenPhotoForm {
 public:
  FrozenPhotoGenerator(const PhotoGeneratorOptions& network, const Options& options,
                       const PhotoFolding& folding, ActivationObserver observe)
      : FrozenPhotoForm(network),
        options_(options),
        observed_(std::move(observe)),
        stem_(folding.plain("encoder.stem"), Activation::kRelu6, 2),
        folded_bottleneck_(folding.bottleneck(options)),
        bottleneck_({folded_bottleneck_.conv, {}}),
        d1_(folding.up_block("d1"), "d1"),
        d2_(folding.up_block("d2"), "d2"),
        d3_(folding.up_block("d3"), "d3"),
        d4_(folding.up_block("d4"), "d4"),
        out_(folding.plain("out")) {
    const auto shape = encoder_shape(network.encoder);
    taps_ = shape.taps;
    for (size_t i = 0; i < shape.blocks.size(); ++i)
      blocks_.emplace_back(folding, shape.blocks[i], "encoder.blocks." + std::to_string(i) + ".");
  }

  at::Tensor colour(const at::Tensor& luma, double vividness, Workspace&) const override {
    return colour_by(luma, vividness);
  }
  at::Tensor chroma_there(const at::Tensor& luma, const at::Tensor& vividness) const override {
    return colour_by(luma, vividness);
  }

 private:
  template <typename Number>
  at::Tensor colour_by(const at::Tensor& luma, const Number& vividness) const {
    const c10::InferenceMode inference;
    const SerialLibTorch serial;
    check(luma);
    const auto gray = as_channels_last(luma.to(options_.device, options_.type));
    EncoderTaps taps;
    size_t tap = 0;
    auto x = observed_("encoder.", "stem", stem_(encoder_input(gray)));
    for (size_t i = 0; i < blocks_.size(); ++i) {
      x = blocks_[i](x, observed_);
      if (i == taps_[tap]) taps[tap++] = x;
    }
    const auto whole = folded_bottleneck_.same_everywhere(at::mean(x, {2, 3}), vividness);
    x = observed_("bottleneck.", "conv", bottleneck_(x));
    x = at::relu_(x.add_(whole.view({whole.size(0), -1, 1, 1})));
    observed_("bottleneck.", "sum", x);
    x = d1_(x, taps[3], observed_);
    x = d2_(x, taps[2], observed_);
    x = d3_(x, taps[1], observed_);
    x = d4_(x, at::cat({taps[0], at::avg_pool2d(gray, 2)}, 1), observed_);
    return at::tanh(out_(x).to(c10::kFloat)).mul_(0.5).contiguous();
  }

  Options options_;
  Observed observed_;
  FrozenConvolution stem_;
  std::vector<FrozenBlock> blocks_;
  std::array<size_t, 5> taps_;
  FoldedBottleneck folded_bottleneck_;
  FrozenConvolution bottleneck_;
  FrozenUpBlock d1_, d2_, d3_, d4_;
  FrozenConvolution out_;
};

}  // namespace

std::unique_ptr<FrozenGenerator> freeze_photo_generator(const Weights& weights,
                                                        const FrozenGenerator::Options& options,
                                                        ActivationObserver observe) {
  const auto network = photo_generator_options(weights);
  // Throws where a name is missing or a shape differs, so that the folding need not ask.
  check_tensors(weights, tensor_shapes(network));
  const c10::InferenceMode inference;
  auto in_float = options;
  if (options.type == c10::kQInt8) in_float.type = c10::kFloat;
  const PhotoFolding folding(weights, in_float);
  if (options.type == c10::kQInt8)
    return freeze_photo_generator_int8(weights, network, options, folding);
  if (options.type == c10::kFloat && options.device.is_cpu() && !observe)
    return freeze_photo_generator_fp32(network, options, folding);
  return std::make_unique<FrozenPhotoGenerator>(network, options, folding, std::move(observe));
}

std::unique_ptr<FrozenGenerator> freeze_photo_generator(const Weights& weights,
                                                        const FrozenGenerator::Options& options) {
  return freeze_photo_generator(weights, options, {});
}

}  // namespace cgan
