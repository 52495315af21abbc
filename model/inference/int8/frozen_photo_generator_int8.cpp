#include "model/inference/int8/frozen_photo_generator_int8.h"

#include <ATen/TensorOperators.h>

#include <map>
#include <optional>
#include <string>

#include "model/inference/int8/quantized_layers.h"
#include "model/inference/photo_network.h"
#include "model/weights/generator_weights.h"

namespace cgan {
namespace {

constexpr float kRelu6 = 6;

/// Codes of luma, -1..1, beside those of an activation.
constexpr float kLumaCodes = 127.5f;

class QuantizedLayers {
 public:
  using Sample = uint8_t;
  using Stem = QuantizedStem;
  using Convolution = QuantizedConvolution;
  using Last = QuantizedConvolution;
  using Depthwise = QuantizedDepthwise;

  QuantizedLayers(const Weights& weights, const Kernels& kernels)
      : weights_(&weights), ranges_(activation_ranges(weights)), kernels_(kernels) {}
  const Kernels& kernels() const { return kernels_; }

  QuantizedStem stem(const cgan::Convolution& convolution, const char* name) {
    return {convolution, put_out(name, Activation::kRelu6), kernels_};
  }
  QuantizedConvolution convolution(const Place& place, const cgan::Convolution& convolution) {
    return {convolution, of(place.input), put_out(place.output, place.activation), added(place),
            kernels_};
  }
  /// Its sum stays in float32.
  QuantizedConvolution last(const Place& place, const cgan::Convolution& convolution) const {
    return {convolution, of(place.input), std::nullopt, added(place), kernels_};
  }
  QuantizedDepthwise depthwise(const cgan::Convolution& convolution, const std::string& in,
                               const std::string& name, int64_t stride) {
    return {convolution, of(in), put_out(name, Activation::kRelu6), stride, kernels_};
  }
  /// The last input of the skip is luma of -1..1. luma() hands on codes of its own beside those of
  /// `tap`: the weights take over the difference.
  void prepare_luma(FoldedUpBlock& block, const std::string& tap) const {
    const QuantParams& params = of(tap);
    auto weight = block.skip.weight.clone();
    const auto last = weight.select(1, weight.size(1) - 1);
    const double zero = static_cast<double>(params.zero_point);
    block.skip.bias = block.skip.bias + last.flatten() * ((zero - kLumaCodes) / kLumaCodes);
    last.div_(kLumaCodes * params.scale);
    block.skip.weight = weight;
  }
  uint8_t border(const std::string& name) const {
    return static_cast<uint8_t>(of(name).zero_point);
  }

  uint8_t luma(float mean) const {
    return static_cast<uint8_t>(std::clamp(mean * kLumaCodes + (kLumaCodes + 0.5f), 0.0f, 255.0f));
  }
  void means(const FeatureMap<uint8_t>& map, const std::string& name, float* means) const {
    picture_means(map, of(name), means);
  }
  const float* add_bias(const QuantizedConvolution& convolution, const float* bias,
                        Workspace& workspace) const {
    float* const offsets = workspace.take<float>(convolution.columns());
    convolution.offsets_with(bias, offsets);
    return offsets;
  }

 private:
  const QuantParams& of(const std::string& name) const { return params_.at(name); }
  std::optional<QuantParams> added(const Place& place) const {
    return place.added.empty() ? std::nullopt : std::optional(of(place.added));
  }
  /// Its range by what follows: clipping is the activation.
  const QuantParams& put_out(const std::string& name, Activation activation) {
    const auto found = ranges_.find(name);
    if (found == ranges_.end())
      refuse_weights(*weights_, "its ranges for int8 lack the layer '" + name + "'");
    auto range = found->second;
    if (activation != Activation::kNone) {
      if (range.high <= 0)
        refuse_weights(*weights_, "the activation range of '" + name + "' ends at 0, before ReLU");
      range.low = 0;
      if (activation == Activation::kRelu6) range.high = std::min(range.high, kRelu6);
    }
    return params_.insert_or_assign(name, QuantParams(range)).first->second;
  }

  const Weights* weights_;  ///< While layers are made.
  ActivationRanges ranges_;
  const Kernels& kernels_;
  std::map<std::string, QuantParams> params_;  ///< Of the activations so far.
};

}  // namespace

bool int8_pays(InstructionSet set) {
  return set != InstructionSet::kBaseline;
}

std::unique_ptr<FrozenGenerator> freeze_photo_generator_int8(
    const Weights& weights, const PhotoGeneratorOptions& network,
    const FrozenGenerator::Options& options, const PhotoFolding& folding) {
  return std::make_unique<PhotoNetwork<QuantizedLayers>>(
      network, options, folding, QuantizedLayers(weights, kernels_of(options.instruction_set)));
}

}  // namespace cgan
