#include "model/networks/norm_activation.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <vector>

#include "model/networks/norm_loops.h"

namespace cgan {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

// Rows that are summed in float before the sum goes to double: short enough to lose nothing.
constexpr int64_t kBlock = 64;

// Where the four C-channel pixels of an input row go, and where the other operands of an output
// pixel lie. Without a shuffle a row is one pixel.
struct Geometry {
  int64_t pixels;    // output pixels of all pictures
  int64_t channels;  // C
  int64_t width;     // of the output; 0: no shuffle
  int64_t height;
  int64_t out_channels;  // C + Cs: distance between output pixels

  int64_t input_offset(int64_t pixel) const {
    if (width == 0) return pixel * channels;
    const int64_t x = pixel % width, row = pixel / width;
    const int64_t y = row % height, n = row / height;
    const int64_t source = (n * (height / 2) + y / 2) * (width / 2) + x / 2;
    return (source * 4 + (y % 2) * 2 + x % 2) * channels;
  }
};

// Factors of dropout; ones where nothing is dropped, so that the loops need no branch.
struct Mask {
  at::Tensor factors;  // (pixels or fewer, C), contiguous; repeats
  const float* at(int64_t pixel) const {
    return factors.data_ptr<float>() + pixel % factors.size(0) * factors.size(1);
  }
};

// y(pixel) = LeakyReLU(x scale + shift): scale and shift hold batch norm.
void affine_of_norm(const at::Tensor& mean, const at::Tensor& variance, const at::Tensor& gamma,
                    const at::Tensor& beta, double epsilon, at::Tensor& scale, at::Tensor& shift) {
  scale = gamma.detach() * (variance + epsilon).rsqrt();
  shift = beta.detach() - mean * scale;
}

// autograd::Function takes no undefined tensors: an empty one stands for "none".
bool is_present(const at::Tensor& tensor) {
  return tensor.numel() > 0;
}

Mask mask_of(const at::Tensor& mask, int64_t channels) {
  return {is_present(mask) ? mask.contiguous().view({-1, channels}) : at::ones({1, channels})};
}

Geometry geometry_of(const at::Tensor& input, int64_t channels, const at::Tensor& skip) {
  if (!is_present(skip)) return {input.size(0), channels, 0, 0, channels};
  return {skip.size(0) * skip.size(1) * skip.size(2), channels, skip.size(2), skip.size(1),
          channels + skip.size(3)};
}

class NormLeakyRelu : public torch::autograd::Function<NormLeakyRelu> {
 public:
  static variable_list forward(AutogradContext* context, const Variable& input,
                               const Variable& bias, const Variable& gamma, const Variable& beta,
                               const Variable& mask, const Variable& skip, double epsilon,
                               double slope) {
    const NormLoops& loops = norm_loops();
    const int64_t channels = gamma.numel();
    const Geometry g = geometry_of(input, channels, skip);
    const float* x = input.data_ptr<float>();

    std::vector<double> sum(channels), squares(channels);
    std::vector<float> block_sum(channels), block_squares(channels);
    for (int64_t begin = 0; begin < g.pixels; begin += kBlock) {
      std::fill(block_sum.begin(), block_sum.end(), 0.f);
      std::fill(block_squares.begin(), block_squares.end(), 0.f);
      loops.add_moments(x + begin * channels, std::min(kBlock, g.pixels - begin), channels,
                        block_sum.data(), block_squares.data());
      for (int64_t c = 0; c < channels; ++c) {
        sum[c] += block_sum[c];
        squares[c] += block_squares[c];
      }
    }
    auto mean = at::empty({channels}, gamma.options().requires_grad(false));
    auto variance = at::empty_like(mean);
    for (int64_t c = 0; c < channels; ++c) {
      const double m = sum[c] / g.pixels;
      mean.data_ptr<float>()[c] = static_cast<float>(m);
      variance.data_ptr<float>()[c] =
          static_cast<float>(std::max(0.0, squares[c] / g.pixels - m * m));
    }

    at::Tensor scale, shift;
    affine_of_norm(mean, variance, gamma, beta, epsilon, scale, shift);
    auto value =
        is_present(skip)
            ? at::empty({skip.size(0), skip.size(1), skip.size(2), g.out_channels}, input.options())
            : at::empty_like(input);
    const Mask drop = mask_of(mask, channels);
    const float* s = is_present(skip) ? skip.data_ptr<float>() : nullptr;
    const int64_t skip_channels = g.out_channels - channels;
    float* y = value.data_ptr<float>();
    for (int64_t p = 0; p < g.pixels; ++p, y += g.out_channels) {
      loops.activate(x + g.input_offset(p), scale.data_ptr<float>(), shift.data_ptr<float>(),
                     static_cast<float>(slope), drop.at(p), channels, y);
      if (s) std::copy_n(s + p * skip_channels, skip_channels, y + channels);
    }

    context->save_for_backward({input, mean, variance, gamma, beta, mask, skip});
    context->saved_data["epsilon"] = epsilon;
    context->saved_data["slope"] = slope;
    const at::Tensor biased_mean = mean + bias.detach();
    context->mark_non_differentiable({biased_mean, variance});
    return {value, biased_mean, variance};
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &input = saved[0], &mean = saved[1], &variance = saved[2], &gamma = saved[3],
               &beta = saved[4], &mask = saved[5], &skip = saved[6];
    const double epsilon = context->saved_data["epsilon"].toDouble();
    const float slope = static_cast<float>(context->saved_data["slope"].toDouble());
    const NormLoops& loops = norm_loops();
    const int64_t channels = gamma.numel();
    const Geometry g = geometry_of(input, channels, skip);
    const auto gradient = gradients[0].contiguous();
    at::Tensor scale, shift;
    affine_of_norm(mean, variance, gamma, beta, epsilon, scale, shift);

    const float *x = input.data_ptr<float>(), *dy = gradient.data_ptr<float>();
    const float *a = scale.data_ptr<float>(), *b = shift.data_ptr<float>();
    const Mask drop = mask_of(mask, channels);
    std::vector<double> sum(channels), sum_x(channels);
    std::vector<float> block_sum(channels), block_sum_x(channels);
    for (int64_t begin = 0; begin < g.pixels; begin += kBlock) {
      std::fill(block_sum.begin(), block_sum.end(), 0.f);
      std::fill(block_sum_x.begin(), block_sum_x.end(), 0.f);
      for (int64_t p = begin; p < std::min(begin + kBlock, g.pixels); ++p)
        loops.add_gradient_sums(x + g.input_offset(p), dy + p * g.out_channels, a, b, slope,
                                drop.at(p), channels, block_sum.data(), block_sum_x.data());
      for (int64_t c = 0; c < channels; ++c) {
        sum[c] += block_sum[c];
        sum_x[c] += block_sum_x[c];
      }
    }

    // With x^ = (x - mean) / s: d gamma = sum g x^, d beta = sum g and
    // dx = gamma / s (g - mean(g) - x^ mean(g x^)).
    const auto deviation = (variance + epsilon).sqrt();
    auto d_gamma = at::empty_like(mean), d_beta = at::empty_like(mean);
    std::vector<float> slope_x(channels), constant(channels);
    for (int64_t c = 0; c < channels; ++c) {
      const double m = mean.data_ptr<float>()[c], s = deviation.data_ptr<float>()[c];
      const double g_hat = (sum_x[c] - m * sum[c]) / s;
      d_gamma.data_ptr<float>()[c] = static_cast<float>(g_hat);
      d_beta.data_ptr<float>()[c] = static_cast<float>(sum[c]);
      const double factor = -static_cast<double>(a[c]) * g_hat / g.pixels / s;
      slope_x[c] = static_cast<float>(factor);
      constant[c] = static_cast<float>(-factor * m - a[c] * sum[c] / g.pixels);
    }
    auto d_input = at::empty_like(input);
    float* dx = d_input.data_ptr<float>();
    for (int64_t p = 0; p < g.pixels; ++p) {
      const int64_t offset = g.input_offset(p);
      loops.input_gradient(x + offset, dy + p * g.out_channels, a, b, slope, drop.at(p),
                           slope_x.data(), constant.data(), channels, dx + offset);
    }
    const auto d_skip =
        is_present(skip) ? gradient.narrow(3, channels, skip.size(3)) : at::Tensor();
    return {d_input, at::zeros_like(mean), d_gamma,     d_beta, at::Tensor(),
            d_skip,  at::Tensor(),         at::Tensor()};
  }
};

NormResult as_result(const variable_list& list) {
  return {list[0], list[1], list[2]};
}

}  // namespace

NormResult norm_leaky_relu(const at::Tensor& input, const at::Tensor& bias, const at::Tensor& gamma,
                           const at::Tensor& beta, double epsilon, double slope) {
  return as_result(NormLeakyRelu::apply(input, bias, gamma, beta, at::empty({0}), at::empty({0}),
                                        epsilon, slope));
}

NormResult norm_leaky_relu_shuffle(const at::Tensor& input, const at::Tensor& bias,
                                   const at::Tensor& gamma, const at::Tensor& beta,
                                   const at::Tensor& mask, const at::Tensor& skip, double epsilon,
                                   double slope) {
  return as_result(NormLeakyRelu::apply(
      input, bias, gamma, beta, mask.defined() ? mask : at::empty({0}), skip, epsilon, slope));
}

}  // namespace cgan
