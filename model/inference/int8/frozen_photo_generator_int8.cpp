#include "model/inference/int8/frozen_photo_generator_int8.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/tanh.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/inference/frozen_convolution.h"
#include "model/inference/int8/activation_ranges.h"
#include "model/inference/int8/byte_convolution.h"
#include "model/inference/int8/byte_layers.h"
#include "model/inference/int8/quantized_engine.h"
#include "model/inference/photo_folding.h"
#include "model/networks/efficientnet_lite_shape.h"
#include "model/threads/serial_libtorch.h"
#include "model/weights/generator_weights.h"

namespace cgan {
namespace {

constexpr float kRelu6 = 6;

// Ranges by what follows the convolution: clipping is the activation.
class LayerRanges {
 public:
  explicit LayerRanges(const Weights& weights)
      : weights_(weights), ranges_(activation_ranges(weights)) {}

  ActivationRange linear(const std::string& layer) const {
    const auto found = ranges_.find(layer);
    if (found == ranges_.end())
      refuse_weights(weights_, "its ranges for int8 lack the layer '" + layer + "'");
    return found->second;
  }
  ActivationRange relu(const std::string& layer) const {
    const auto range = linear(layer);
    if (range.high <= 0)
      refuse_weights(weights_, "the activation range of '" + layer + "' ends at 0, before ReLU");
    return {0, range.high};
  }
  ActivationRange relu6(const std::string& layer) const {
    return {0, std::min(relu(layer).high, kRelu6)};
  }

 private:
  const Weights& weights_;
  ActivationRanges ranges_;
};

struct ByteBlock {
  ByteBlock(const PhotoFolding& folding, const LayerRanges& ranges, const BottleneckShape& shape,
            const std::string& name)
      : depthwise(folding.plain(name + "depthwise"), ranges.relu6(name + "depthwise"), shape.stride,
                  shape.wide()),
        project(folding.plain(name + "project"), ranges.linear(name + "project")) {
    if (shape.expansion != 1)
      expand.emplace(folding.plain(name + "expand"), ranges.relu6(name + "expand"));
    if (shape.residual()) sum_rounding.emplace(ranges.linear(name + "sum"));
  }

  at::Tensor operator()(const at::Tensor& input) {
    const auto x = depthwise(expand ? (*expand)(input) : input);
    return sum_rounding ? project.sum_with(x, input, *sum_rounding) : project(x);
  }

  std::optional<ByteConvolution> expand;
  ByteConvolution depthwise, project;
  std::optional<Rounding> sum_rounding;
};

struct ByteUpBlock {
  ByteUpBlock(const FoldedUpBlock& folded, const LayerRanges& ranges, const std::string& name)
      : up({folded.up, {}}, ranges.linear(name + ".up")),
        skip(folded.skip, ranges.linear(name + ".skip")),
        conv1(folded.conv1, ranges.relu(name + ".conv1")),
        conv2(folded.conv2, ranges.linear(name + ".conv2")),
        merge_rounding(ranges.relu(name + ".merge")),
        sum_rounding(ranges.relu(name + ".sum")) {}

  at::Tensor operator()(const at::Tensor& input, const at::Tensor& tap) {
    const auto x = skip.sum_with_blocks(tap, up(input), merge_rounding);
    return conv2.sum_with(conv1(x), x, sum_rounding);
  }

  ByteConvolution up, skip, conv1, conv2;
  Rounding merge_rounding, sum_rounding;
};

// The last input of the skip is luma of -1..1. join_luma() hands on its codes beside bytes of
// `rounding`: the weights take over the difference.
FoldedUpBlock for_luma_codes(FoldedUpBlock block, const Rounding& rounding) {
  auto weight = block.skip.weight.clone();
  const auto last = weight.select(1, weight.size(1) - 1);
  block.skip.bias =
      block.skip.bias + last.flatten() * ((static_cast<double>(rounding.zero) - 127.5) / 127.5);
  last.div_(127.5 * rounding.scale);
  block.skip.weight = weight;
  return block;
}

class FrozenPhotoGeneratorInt8 final : public FrozenPhotoForm {
 public:
  FrozenPhotoGeneratorInt8(const PhotoGeneratorOptions& network, const Options& options,
                           const PhotoFolding& folding, const LayerRanges& ranges)
      : FrozenPhotoForm(network),
        stem_(folding.plain("encoder.stem"), ranges.relu6("encoder.stem"), 2),
        folded_bottleneck_(folding.bottleneck(options)),
        bottleneck_({folded_bottleneck_.conv, {}}, ranges.linear("bottleneck.conv")),
        bottleneck_rounding_(ranges.relu("bottleneck.sum")),
        d1_(folding.up_block("d1"), ranges, "d1"),
        d2_(folding.up_block("d2"), ranges, "d2"),
        d3_(folding.up_block("d3"), ranges, "d3"),
        d4_(for_luma_codes(folding.up_block("d4"),
                           Rounding(ranges.linear("encoder.blocks.0.project"))),
            ranges, "d4"),
        out_(folding.plain("out")) {
    const auto shape = encoder_shape(network.encoder);
    taps_ = shape.taps;
    for (size_t i = 0; i < shape.blocks.size(); ++i)
      blocks_.emplace_back(folding, ranges, shape.blocks[i],
                           "encoder.blocks." + std::to_string(i) + ".");
  }

  at::Tensor colour(const at::Tensor& luma, double vividness, Workspace&) const override {
    const c10::InferenceMode inference;
    const SerialLibTorch serial;
    check(luma);
    const auto codes = luma_bytes(luma.to(at::kCPU, c10::kFloat));
    std::array<at::Tensor, 5> taps;
    size_t tap = 0;
    auto x = stem_(codes);
    for (size_t i = 0; i < blocks_.size(); ++i) {
      x = blocks_[i](x);
      if (i == taps_[tap]) taps[tap++] = x;
    }
    const auto whole = folded_bottleneck_.same_everywhere(picture_means(x), vividness);
    x = shifted(bottleneck_(x), whole, bottleneck_rounding_);
    x = d1_(x, taps[3]);
    x = d2_(x, taps[2]);
    x = d3_(x, taps[1]);
    x = d4_(x, join_luma(taps[0], codes));
    return at::tanh(out_(numbers(x))).mul_(0.5).contiguous();
  }

 private:
  mutable ByteConvolution stem_;
  mutable std::vector<ByteBlock> blocks_;
  std::array<size_t, 5> taps_;
  FoldedBottleneck folded_bottleneck_;
  mutable ByteConvolution bottleneck_;
  Rounding bottleneck_rounding_;
  mutable ByteUpBlock d1_, d2_, d3_, d4_;
  FrozenConvolution out_;
};

}  // namespace

std::unique_ptr<FrozenGenerator> freeze_photo_generator_int8(
    const Weights& weights, const PhotoGeneratorOptions& network,
    const FrozenGenerator::Options& options) {
  const auto obstacle = int8_obstacle();
  if (!obstacle.empty()) throw std::invalid_argument("int8 does not run here: " + obstacle);
  const c10::InferenceMode inference;
  auto in_float = options;
  in_float.type = c10::kFloat;
  return std::make_unique<FrozenPhotoGeneratorInt8>(
      network, options, PhotoFolding(weights, in_float), LayerRanges(weights));
}

}  // namespace cgan
