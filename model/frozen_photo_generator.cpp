#include "model/frozen_photo_generator.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/tanh.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/MemoryFormat.h>

#include <cmath>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "model/blocks.h"
#include "model/network_weights.h"
#include "model/weight_folding.h"

namespace cgan {
namespace {

constexpr double kVariantDeviation = 0.5;  // of a bottleneck channel's own
constexpr int64_t kShortSide = 160;

// A decoder layer. Transposed convolution and 1x1 are linear, so that their product is one
// transposed convolution beside a 1x1 of the skip: nothing is concatenated.
struct FoldedUpBlock {
  at::Tensor up;     ///< (4 Cout, Cin, 1, 1), outputs in the order (row, column, channel)
  Convolution skip;  ///< 1x1
  Convolution conv1, conv2;
};

class Folder : public WeightFolding {
 public:
  using WeightFolding::WeightFolding;

  FoldedUpBlock up_block(const std::string& layer) const {
    const auto [scale, shift] = norm(layer + ".merge_norm");
    const auto up = tensor(layer + ".up");
    const int64_t inputs = up.size(0), outputs = up.size(1);
    const auto merge = scale_outputs(tensor(layer + ".merge.weight"), scale).flatten(1);
    const auto merge_up = merge.narrow(1, 0, outputs);
    const auto merge_skip = merge.narrow(1, outputs, merge.size(1) - outputs);
    // (2, 2, Cout, Cin): of each place in the 2x2 block the product of both matrices.
    const auto product = at::matmul(merge_up, up.permute({2, 3, 1, 0}));
    return {place(product.reshape({4 * outputs, inputs, 1, 1})),
            place(merge_skip.reshape({outputs, -1, 1, 1}), shift), folded(layer, "1"),
            folded(layer, "2")};
  }

  // The bias holds all that is the same in every picture.
  at::Tensor bottleneck_bias(const FrozenGenerator::Options& options) const {
    const auto [scale, shift] = norm("bottleneck.norm");
    const auto vividness = tensor("bottleneck.vividness.weight").squeeze(1);
    auto bias = shift + scale * vividness * options.vividness;
    if (options.variant != 0) {
      const auto deviation = tensor("bottleneck.norm.weight").abs() * kVariantDeviation;
      bias = bias + deviation * uniform(bias.numel(), options.variant);
    }
    return place(bias);
  }

 private:
  Convolution folded(const std::string& layer, const std::string& number) const {
    const auto [scale, shift] = norm(layer + ".norm" + number);
    return place(scale_outputs(tensor(layer + ".conv" + number + ".weight"), scale), shift);
  }

  // Mean 0, standard deviation 1. std::uniform_real_distribution draws differently in each standard
  // library; this does not.
  static at::Tensor uniform(int64_t count, uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto numbers = at::empty({count}, c10::kDouble);
    for (int64_t i = 0; i < count; ++i)
      numbers.data_ptr<double>()[i] =
          std::sqrt(3.0) * (2 * (static_cast<double>(random() >> 11) * 0x1p-53) - 1);
    return numbers;
  }
};

class FrozenPhotoGenerator final : public FrozenGenerator {
 public:
  /// @param encoder on the device and in the type of the inference
  FrozenPhotoGenerator(const Weights& weights, const PhotoGeneratorOptions& network,
                       EfficientNetLite0Encoder encoder, const Options& options)
      : network_(network), options_(options), encoder_(std::move(encoder)) {
    const Folder folder(weights, options);
    const auto scale = folder.norm("bottleneck.norm")[0];
    bottleneck_ = folder.place(scale_outputs(folder.tensor("bottleneck.conv.weight"), scale));
    global_ = folder.place(scale_outputs(folder.tensor("bottleneck.global.weight"), scale));
    bottleneck_bias_ = folder.bottleneck_bias(options);
    d1_ = folder.up_block("d1");
    d2_ = folder.up_block("d2");
    d3_ = folder.up_block("d3");
    d4_ = folder.up_block("d4");
    out_ = folder.plain("out");
  }

  at::Tensor chroma(const at::Tensor& luma) override {
    const c10::InferenceMode inference;
    check(luma);
    const auto gray = as_channels_last(luma.to(options_.device, options_.type));
    const auto taps = encoder_->forward(gray);
    const auto whole = at::linear(at::mean(taps[4], {2, 3}), global_, bottleneck_bias_);
    auto x = at::conv2d(taps[4], bottleneck_).add_(whole.view({whole.size(0), -1, 1, 1}));
    x = up(at::relu_(x), taps[3], d1_);
    x = up(x, taps[2], d2_);
    x = up(x, taps[1], d3_);
    x = up(x, at::cat({taps[0], at::avg_pool2d(gray, 2)}, 1), d4_);
    x = at::conv2d(x, out_.weight, out_.bias, 1, 1);
    return at::tanh(x.to(c10::kFloat)).mul_(0.5).contiguous();
  }

  int64_t tile() const override { return network_.tile; }
  int64_t short_side() const override { return kShortSide; }
  int64_t field() const override { return network_.tile; }
  int64_t multiple() const override { return kEncoderMultiple; }
  int64_t chroma_scale() const override { return 2; }

 private:
  void check(const at::Tensor& luma) const {
    if (luma.dim() == 4 && luma.size(1) == 1 && luma.numel() > 0 &&
        luma.size(2) % multiple() == 0 && luma.size(3) % multiple() == 0)
      return;
    std::ostringstream text;
    text << "the photo generator takes luma of the shape (N, 1, H, W) with H and W multiples of "
         << multiple() << ", not " << luma.sizes();
    throw std::invalid_argument(text.str());
  }

  static at::Tensor up(const at::Tensor& input, const at::Tensor& skip,
                       const FoldedUpBlock& layer) {
    const int64_t count = input.size(0), height = input.size(2), width = input.size(3);
    const int64_t channels = layer.skip.weight.size(0);
    auto x = at::conv2d(skip, layer.skip.weight, layer.skip.bias);
    // The shuffle to 2x2 blocks happens while adding. Both tensors are channels_last.
    const auto blocks = at::conv2d(input, layer.up)
                            .permute({0, 2, 3, 1})
                            .reshape({count, height, width, 2, 2, channels})
                            .permute({0, 1, 3, 2, 4, 5});
    x.permute({0, 2, 3, 1}).view({count, height, 2, width, 2, channels}).add_(blocks);
    at::relu_(x);
    auto y = at::conv2d(x, layer.conv1.weight, layer.conv1.bias, 1, 1);
    y = at::conv2d(at::relu_(y), layer.conv2.weight, layer.conv2.bias, 1, 1).add_(x);
    return at::relu_(y);
  }

  PhotoGeneratorOptions network_;
  Options options_;
  EfficientNetLite0Encoder encoder_;
  at::Tensor bottleneck_;       ///< (C, 320, 1, 1)
  at::Tensor global_;           ///< (C, 320), of the mean over the picture
  at::Tensor bottleneck_bias_;  ///< (C), vividness and variant included
  FoldedUpBlock d1_, d2_, d3_, d4_;
  Convolution out_;
};

}  // namespace

std::unique_ptr<FrozenGenerator> freeze_photo_generator(const Weights& weights,
                                                        const FrozenGenerator::Options& options) {
  const auto network = photo_generator_options(weights);
  // Throws where a name is missing or a shape differs, so that the folding need not ask.
  PhotoGenerator unfolded(network);
  load_weights(unfolded, weights);
  // The encoder has nothing to fold and is taken as it is.
  auto encoder = unfolded->encoder();
  encoder->to(options.device, options.type);
  const c10::InferenceMode inference;
  return std::make_unique<FrozenPhotoGenerator>(weights, network, std::move(encoder), options);
}

}  // namespace cgan
