#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <string>

#include "model/inference/frozen_generator.h"
#include "model/weights/weights.h"

namespace cgan {

struct Convolution {
  at::Tensor weight;
  at::Tensor bias;  ///< Undefined: none.
};

/// Takes layers out of weights, computes with them in double and lays the result down in the type
/// and on the device of the inference. Names must exist. The weights outlive it.
class WeightFolding {
 public:
  WeightFolding(const Weights& weights, const FrozenGenerator::Options& options)
      : weights_(weights), options_(options) {}

  /// float64
  at::Tensor tensor(const std::string& name) const;
  /// Batch norm in inference mode as {scale, shift}, both (C), float64: x scale + shift.
  std::array<at::Tensor, 2> norm(const std::string& name) const;

  /// Convolution `name` as it is.
  Convolution plain(const std::string& name) const;
  /// In the inference's type and on its device; four axes channels_last.
  Convolution place(const at::Tensor& weight, const at::Tensor& bias) const;
  at::Tensor place(const at::Tensor& tensor) const;

 private:
  const Weights& weights_;
  const FrozenGenerator::Options& options_;
};

/// Scales the outputs of a convolution or dense layer, (Cout, ...), by scale (Cout).
at::Tensor scale_outputs(const at::Tensor& weight, const at::Tensor& scale);

}  // namespace cgan
