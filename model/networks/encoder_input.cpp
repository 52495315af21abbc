#include "model/networks/encoder_input.h"

#include <ATen/TensorOperators.h>

namespace cgan {

at::Tensor as_channels_last(const at::Tensor& one_channel) {
  const auto x = one_channel.contiguous();
  return x.as_strided(x.sizes(), {x.size(2) * x.size(3), 1, x.size(3), 1});
}

at::Tensor encoder_input(const at::Tensor& gray) {
  return gray * (127.5 / 128) + 0.5 / 128;
}

}  // namespace cgan
