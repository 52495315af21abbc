#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "model/inference/frozen_generator.h"
#include "model/inference/weight_folding.h"
#include "model/networks/generator_options.h"

/// What the inference forms of the photo generator have in common, whatever they compute in.
namespace cgan {

/// A decoder layer. Transposed convolution and 1x1 are linear, so that their product is one
/// transposed convolution beside a 1x1 of the skip: nothing is concatenated.
struct FoldedUpBlock {
  at::Tensor up;     ///< (4 Cout, Cin, 1, 1), outputs in the order (row, column, channel)
  Convolution skip;  ///< 1x1
  Convolution conv1, conv2;
};

/// Where the decoder begins: relu(conv(x) + same_everywhere(mean(x), v)).
struct FoldedBottleneck {
  /// @param mean (N, 320), of x over each picture
  /// @param wanted vividness, -1..1
  /// @return (N, C)
  at::Tensor same_everywhere(const at::Tensor& mean, double wanted) const;
  /// @param wanted the same, () on the device
  at::Tensor same_everywhere(const at::Tensor& mean, const at::Tensor& wanted) const;

  at::Tensor conv;       ///< (C, 320, 1, 1)
  at::Tensor global;     ///< (C, 320), of the mean
  at::Tensor vividness;  ///< (C)
  at::Tensor bias;       ///< (C), variant included
};

class PhotoFolding : public WeightFolding {
 public:
  using WeightFolding::WeightFolding;

  FoldedUpBlock up_block(const std::string& layer) const;
  FoldedBottleneck bottleneck(const FrozenGenerator::Options& options) const;

 private:
  Convolution folded(const std::string& layer, const std::string& number) const;
};

/// The geometry of a photo generator in any form.
class FrozenPhotoForm : public FrozenGenerator {
 public:
  explicit FrozenPhotoForm(const PhotoGeneratorOptions& network) : network_(network) {}

  int64_t tile() const final { return network_.tile; }
  int64_t short_side() const final;
  int64_t field() const final { return network_.tile; }
  int64_t multiple() const final { return kEncoderMultiple; }
  int64_t chroma_scale() const final { return 2; }

 protected:
  /// @throws std::invalid_argument for luma of another shape than chroma() takes.
  void check(const at::Tensor& luma) const;

 private:
  PhotoGeneratorOptions network_;
};

}  // namespace cgan
