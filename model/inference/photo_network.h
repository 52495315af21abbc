#pragma once

#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/inference/feature_map.h"
#include "model/inference/float_layers.h"
#include "model/inference/photo_folding.h"
#include "model/networks/efficientnet_lite_shape.h"

namespace cgan {

/// Where a convolution stands in the network, by the names of activations.
struct Place {
  std::string input;
  std::string added;  ///< To its output; empty: nothing is.
  std::string output;
  Activation activation;  ///< Of the sum, where something is added.
};

/// The photo generator on the CPU in kernels of our own, whatever it computes in: one picture
/// after the other, layers in the order of the network, nothing of LibTorch but the tensors that go
/// in and come out.
///
/// @tparam Layers makes the layers of one arithmetic and has
///   Sample                            of an activation
///   Stem, Convolution, Depthwise      with run() as in float_layers.h
///   stem(convolution, name), convolution(Place, convolution), depthwise(convolution, in, name),
///   last(Place, convolution)          whose names are those of the activations that they put out,
///                                     see freeze_photo_generator()
///   border(name)                      the code of 0
///   means(map, name, means)           numbers
///   add_bias(convolution, bias, workspace)  what run() takes as its last argument
///   luma(mean), of -1..1, as a sample beside the encoder's first activation
template <typename Layers>
class PhotoNetwork : public FrozenPhotoForm {
  using Sample = typename Layers::Sample;
  using Map = FeatureMap<Sample>;

 public:
  PhotoNetwork(const PhotoGeneratorOptions& network, const Options& options,
               const PhotoFolding& folding, Layers layers)
      : FrozenPhotoForm(network),
        layers_(std::move(layers)),
        stem_(layers_.stem(folding.plain("encoder.stem"), "encoder.stem")) {
    const auto shape = encoder_shape(network.encoder);
    taps_ = shape.taps;
    std::string x = "encoder.stem";
    std::array<std::string, 5> tap_names;
    size_t tap = 0;
    for (size_t i = 0; i < shape.blocks.size(); ++i) {
      x = blocks_
              .emplace_back(layers_, folding, shape.blocks[i], x,
                            "encoder.blocks." + std::to_string(i) + ".")
              .name;
      if (i == taps_[tap]) tap_names[tap++] = x;
    }
    means_name_ = x;
    const auto folded = folding.bottleneck(options);
    set_bottleneck(folded);
    bottleneck_.emplace(
        layers_.convolution({x, "", "bottleneck.sum", Activation::kRelu}, {folded.conv, {}}));
    x = "bottleneck.sum";
    for (size_t i = 0; i < up_.size(); ++i) {
      const std::string name = "d" + std::to_string(i + 1);
      auto block = folding.up_block(name);
      const bool is_last = i + 1 == up_.size();
      if (is_last) layers_.prepare_luma(block, tap_names[0]);
      up_[i].emplace(layers_, block, x, tap_names[3 - i], name);
      x = name + ".sum";
      if (is_last)
        last_.emplace(
            layers_.last({name + ".conv1", name + ".merge", x, Activation::kRelu}, block.conv2));
      else
        up_[i]->conv2.emplace(layers_.convolution(
            {name + ".conv1", name + ".merge", x, Activation::kRelu}, block.conv2));
    }
    out_.emplace(folding.plain("out"), layers_.kernels());
  }

 protected:
  at::Tensor colour(const at::Tensor& luma, double vividness, Workspace& workspace) const override;

 private:
  struct Block {
    Block(Layers& layers, const PhotoFolding& folding, const BottleneckShape& shape,
          const std::string& in, const std::string& prefix)
        : stride(shape.stride), is_residual(shape.residual()) {
      if (shape.expansion != 1)
        expand.emplace(layers.convolution({in, "", prefix + "expand", Activation::kRelu6},
                                          folding.plain(prefix + "expand")));
      depthwise.emplace(layers.depthwise(folding.plain(prefix + "depthwise"),
                                         expand ? prefix + "expand" : in, prefix + "depthwise",
                                         shape.stride));
      name = prefix + (is_residual ? "sum" : "project");
      project.emplace(
          layers.convolution({prefix + "depthwise", is_residual ? in : "", name, Activation::kNone},
                             folding.plain(prefix + "project")));
    }
    std::string name;  ///< Of what it puts out.
    int64_t stride;
    bool is_residual;
    std::optional<typename Layers::Convolution> expand, project;
    std::optional<typename Layers::Depthwise> depthwise;
  };

  struct UpBlock {
    UpBlock(Layers& layers, const FoldedUpBlock& folded, const std::string& in,
            const std::string& tap, const std::string& name)
        : up(layers.convolution({in, "", name + ".up", Activation::kNone}, {folded.up, {}})),
          skip(layers.convolution({tap, name + ".up", name + ".merge", Activation::kRelu},
                                  folded.skip)),
          conv1(layers.convolution({name + ".merge", "", name + ".conv1", Activation::kRelu},
                                   folded.conv1)),
          merge_border(layers.border(name + ".merge")),
          conv1_border(layers.border(name + ".conv1")) {}
    typename Layers::Convolution up, skip, conv1;
    std::optional<typename Layers::Convolution> conv2;  ///< None of the last block.
    Sample merge_border, conv1_border;
  };

  void set_bottleneck(const FoldedBottleneck& folded);
  FeatureMap<float> encoder_luma(const float* luma, int64_t height, int64_t width,
                                 Workspace& workspace) const;
  Map run(const Block& block, const Map& in, Workspace& workspace) const;
  Map begin_decoder(const Map& in, double vividness, Workspace& workspace) const;
  Map with_luma(const Map& tap, const float* luma, Workspace& workspace) const;
  /// What conv2 of a block takes: its input and what is added.
  std::array<Map, 2> run(const UpBlock& block, const Map& in, const Map& tap,
                         Workspace& workspace) const;
  void colour_picture(const float* luma, int64_t height, int64_t width, double vividness,
                      Workspace& workspace, float* chroma) const;

  Layers layers_;
  typename Layers::Stem stem_;
  std::vector<Block> blocks_;
  std::array<size_t, 5> taps_;
  std::string means_name_;
  std::optional<typename Layers::Convolution> bottleneck_;
  std::vector<float> global_, vividness_, bias_;  ///< (inputs, outputs), (outputs), (outputs)
  std::array<std::optional<UpBlock>, 4> up_;
  std::optional<typename Layers::Last> last_;
  std::optional<ChromaLayer> out_;
};

template <typename Layers>
void PhotoNetwork<Layers>::set_bottleneck(const FoldedBottleneck& folded) {
  const auto numbers = [](const at::Tensor& tensor) {
    const auto dense = tensor.contiguous();
    return std::vector<float>(dense.template data_ptr<float>(),
                              dense.template data_ptr<float>() + dense.numel());
  };
  global_ = numbers(folded.global.t());
  vividness_ = numbers(folded.vividness);
  bias_ = numbers(folded.bias);
}

/// The numbers that the encoder knows, (255 y - 127) / 128 with y in 0..1, as encoder_input() gives
/// them, and a row and a column of zeros behind.
template <typename Layers>
FeatureMap<float> PhotoNetwork<Layers>::encoder_luma(const float* luma, int64_t height,
                                                     int64_t width, Workspace& workspace) const {
  constexpr float kScale = 127.5f / 128, kOffset = 0.5f / 128;
  const auto map = take_map<float>(workspace, height + 1, width + 1, 1);
  for (int64_t y = 0; y < height; ++y) {
    float* const row = map.row(y);
    for (int64_t x = 0; x < width; ++x) row[x] = luma[y * width + x] * kScale + kOffset;
    row[width] = 0;
  }
  std::fill_n(map.row(height), width + 1, 0.0f);
  return map;
}

template <typename Layers>
typename PhotoNetwork<Layers>::Map PhotoNetwork<Layers>::run(const Block& block, const Map& in,
                                                             Workspace& workspace) const {
  const int64_t height = in.height / block.stride, width = in.width / block.stride;
  const auto out = take_map<Sample>(workspace, height, width, block.project->outputs());
  const auto mark = workspace.mark();
  auto wide = in;
  if (block.expand) {
    wide = take_map<Sample>(workspace, in.height, in.width, block.expand->outputs());
    block.expand->run(in, wide, workspace.pool());
  }
  const auto filtered = take_map<Sample>(workspace, height, width, wide.channels);
  block.depthwise->run(wide, filtered, workspace.pool());
  block.project->run(filtered, out, workspace.pool(),
                     block.is_residual ? AddedMap<Sample>::pixels(in) : AddedMap<Sample>{});
  workspace.rewind(mark);
  return out;
}

template <typename Layers>
typename PhotoNetwork<Layers>::Map PhotoNetwork<Layers>::begin_decoder(const Map& in,
                                                                       double vividness,
                                                                       Workspace& workspace) const {
  const int64_t outputs = bottleneck_->outputs();
  const auto out = take_map<Sample>(workspace, in.height, in.width, outputs);
  float* const means = workspace.take<float>(in.channels);
  layers_.means(in, means_name_, means);
  float* const bias = workspace.take<float>(outputs);
  for (int64_t o = 0; o < outputs; ++o)
    bias[o] = bias_[static_cast<size_t>(o)] +
              static_cast<float>(vividness) * vividness_[static_cast<size_t>(o)];
  for (int64_t i = 0; i < in.channels; ++i) {
    const float* const weights = global_.data() + i * outputs;
    for (int64_t o = 0; o < outputs; ++o) bias[o] += means[i] * weights[o];
  }
  bottleneck_->run(in, out, workspace.pool(), {}, layers_.add_bias(*bottleneck_, bias, workspace));
  return out;
}

/// The first tap with the mean of 2x2 pixels of luma as one more channel.
template <typename Layers>
typename PhotoNetwork<Layers>::Map PhotoNetwork<Layers>::with_luma(const Map& tap,
                                                                   const float* luma,
                                                                   Workspace& workspace) const {
  const auto out = take_map<Sample>(workspace, tap.height, tap.width, tap.channels + 1);
  for_row_bands(workspace.pool(), tap.height, [&](int64_t first, int64_t last, int) {
    for (int64_t y = first; y < last; ++y) {
      const Sample* from = tap.row(y);
      Sample* to = out.row(y);
      const float *upper = luma + 4 * y * tap.width, *lower = upper + 2 * tap.width;
      for (int64_t x = 0; x < tap.width; ++x, from += tap.channels, upper += 2, lower += 2) {
        to = std::copy_n(from, tap.channels, to);
        *to++ = layers_.luma(0.25f * ((upper[0] + upper[1]) + (lower[0] + lower[1])));
      }
    }
  });
  return out;
}

template <typename Layers>
std::array<typename PhotoNetwork<Layers>::Map, 2> PhotoNetwork<Layers>::run(
    const UpBlock& block, const Map& in, const Map& tap, Workspace& workspace) const {
  const auto up = take_map<Sample>(workspace, in.height, in.width, block.up.outputs());
  block.up.run(in, up, workspace.pool());
  const auto bordered = [&](int64_t channels, Sample border) {
    return take_bordered_map<Sample>(workspace, tap.height, tap.width, channels, border);
  };
  const auto merged = bordered(block.skip.outputs(), block.merge_border);
  block.skip.run(tap, merged, workspace.pool(), AddedMap<Sample>::blocks(up));
  const auto first = bordered(block.conv1.outputs(), block.conv1_border);
  block.conv1.run(merged, first, workspace.pool());
  return {first, merged};
}

template <typename Layers>
void PhotoNetwork<Layers>::colour_picture(const float* luma, int64_t height, int64_t width,
                                          double vividness, Workspace& workspace,
                                          float* chroma) const {
  workspace.give_back();
  const auto input = encoder_luma(luma, height, width, workspace);
  auto x = take_map<Sample>(workspace, height / 2, width / 2, stem_.outputs());
  stem_.run(input, x, workspace.pool());
  std::array<Map, 5> taps;
  size_t tap = 0;
  for (size_t i = 0; i < blocks_.size(); ++i) {
    x = run(blocks_[i], x, workspace);
    if (i == taps_[tap]) taps[tap++] = x;
  }
  x = begin_decoder(x, vividness, workspace);
  taps[0] = with_luma(taps[0], luma, workspace);
  for (size_t i = 0; i < up_.size(); ++i) {
    const auto [first, merged] = run(*up_[i], x, taps[3 - i], workspace);
    const auto added = AddedMap<Sample>::pixels(merged);
    if (up_[i]->conv2) {
      x = take_map<Sample>(workspace, first.height, first.width, first.channels);
      up_[i]->conv2->run(first, x, workspace.pool(), added);
    } else {
      const auto last = take_map<float>(workspace, first.height, first.width, first.channels);
      last_->run(first, last, workspace.pool(), added);
      out_->run(last, chroma, workspace.pool());
    }
  }
}

template <typename Layers>
at::Tensor PhotoNetwork<Layers>::colour(const at::Tensor& luma, double vividness,
                                        Workspace& workspace) const {
  const c10::InferenceMode inference;
  check(luma);
  const auto source = luma.to(at::kCPU, at::kFloat).contiguous();
  const int64_t height = luma.size(2), width = luma.size(3);
  auto chroma = at::empty({luma.size(0), 2, height / 2, width / 2});
  for (int64_t n = 0; n < luma.size(0); ++n)
    colour_picture(source.template data_ptr<float>() + n * height * width, height, width, vividness,
                   workspace, chroma.template data_ptr<float>() + n * height * width / 2);
  return chroma;
}

}  // namespace cgan
