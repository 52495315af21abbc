#include "model/networks/discriminator.h"

namespace cgan {

DiscriminatorImpl::DiscriminatorImpl(const DiscriminatorOptions& options) : options_(options) {
  check(options);
  const auto& w = options.widths;
  const int64_t side = options.tile / 16;
  c1_ = register_module("c1", DownBlock(4, w[0], false));
  c2_ = register_module("c2", DownBlock(w[0], w[1], true));
  c3_ = register_module("c3", DownBlock(w[1], w[2], true));
  c4_ = register_module("c4", DownBlock(w[2], w[3], true));
  f1_ = register_module("f1", torch::nn::Linear(w[3] * side * side, options.hidden));
  f2_ = register_module("f2", torch::nn::Linear(options.hidden, 1));
}

torch::Tensor DiscriminatorImpl::forward(const torch::Tensor& gray, const torch::Tensor& colour) {
  const auto x = c4_(c3_(c2_(c1_(torch::cat({gray, colour}, 1)))));
  return f2_(torch::leaky_relu(f1_(x.flatten(1)), kLeakySlope)).squeeze(1);
}

}  // namespace cgan
