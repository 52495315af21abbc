#pragma once

#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>

#include <functional>
#include <memory>
#include <utility>

#include "model/inference/frozen_generator.h"
#include "plugin/colorizer/colorizer.h"
#include "tests/colorizer/settings.h"

namespace cgan::test {

/// A generator whose network is any function: luma (N, 1, T, T) -> chroma (N, 2, T, T).
class SubstituteGenerator : public FrozenGenerator {
 public:
  using Network = std::function<at::Tensor(const at::Tensor&)>;
  explicit SubstituteGenerator(Network network) : network_(std::move(network)) {}

  int64_t tile() const override { return 32; }
  int64_t short_side() const override { return 96; }
  int64_t field() const override { return 32; }
  int64_t multiple() const override { return 32; }
  int64_t chroma_scale() const override { return 1; }

 protected:
  at::Tensor colour(const at::Tensor& luma, double, Workspace&) const override {
    return network_(luma);
  }

 private:
  Network network_;
};

/// Bright is reddish, dark is bluish: colour that follows the picture.
inline at::Tensor warm_light(const at::Tensor& luma) {
  return at::cat({luma.mul(-0.15), luma.mul(0.2)}, 1);
}

/// A colorizer around a network of the test's own.
inline Colorizer with_network(SubstituteGenerator::Network network, int threads = 1) {
  return Colorizer(settings(static_cast<uint32_t>(threads)),
                   std::make_unique<SubstituteGenerator>(std::move(network)));
}

}  // namespace cgan::test
