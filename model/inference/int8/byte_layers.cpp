#include "model/inference/int8/byte_layers.h"

#include <ATen/Parallel.h>
#include <ATen/ops/_empty_affine_quantized.h>
#include <ATen/ops/empty.h>
#include <c10/core/MemoryFormat.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "model/kernels/wide_loops.h"

namespace cgan {
namespace {

constexpr int64_t kGrain = 32768;  // bytes that are worth a thread
// Factors of codes in fixed point: the same bytes on every processor. Three hundredths of a code
// are lost; the largest sums stay within 32 bits.
constexpr int kFraction = 14;
constexpr double kLargestFactor = 64;  // an input of that many times the range of the output

int32_t fixed(double value) {
  return static_cast<int32_t>(std::lround(value * (1 << kFraction)));
}

const uint8_t* bytes_of(const at::Tensor& tensor) {
  return static_cast<const uint8_t*>(tensor.data_ptr());
}

uint8_t* writable(const at::Tensor& tensor) {
  return static_cast<uint8_t*>(tensor.data_ptr());
}

// Codes of a sum from the codes of its parts: (a * fa + b * fb + offset) >> kFraction.
struct SumFactors {
  SumFactors(const at::Tensor& a, const at::Tensor& b, const Rounding& out) {
    const double of_a = std::min(a.q_scale() / out.scale, kLargestFactor);
    const double of_b = std::min(b.q_scale() / out.scale, kLargestFactor);
    this->a = fixed(of_a);
    this->b = fixed(of_b);
    offset = fixed(static_cast<double>(out.zero) - of_a * static_cast<double>(a.q_zero_point()) -
                   of_b * static_cast<double>(b.q_zero_point()) + 0.5);
  }
  int32_t a, b, offset;
};

CGAN_WIDE void luma_row(const float* __restrict luma, int64_t count, uint8_t* __restrict codes) {
  for (int64_t i = 0; i < count; ++i) {
    const auto code = static_cast<int32_t>(luma[i] * 127.5f + 128.f);
    codes[i] = static_cast<uint8_t>(std::clamp(code, 0, 255));
  }
}

// `runs` times `length` bytes; those of a lie `a_step` apart.
CGAN_WIDE void sum_runs(const uint8_t* __restrict a, int64_t a_step, const uint8_t* __restrict b,
                        SumFactors factors, int64_t runs, int64_t length, uint8_t* __restrict out) {
  for (int64_t r = 0; r < runs; ++r, a += a_step, b += length, out += length)
    for (int64_t i = 0; i < length; ++i) {
      const int32_t code = (a[i] * factors.a + b[i] * factors.b + factors.offset) >> kFraction;
      out[i] = static_cast<uint8_t>(std::clamp(code, 0, 255));
    }
}

CGAN_WIDE void shift_pixels(const uint8_t* __restrict in, int32_t factor,
                            const int32_t* __restrict offsets, int64_t pixels, int64_t channels,
                            uint8_t* __restrict out) {
  for (int64_t p = 0; p < pixels; ++p, in += channels, out += channels)
    for (int64_t c = 0; c < channels; ++c) {
      const int32_t code = (in[c] * factor + offsets[c]) >> kFraction;
      out[c] = static_cast<uint8_t>(std::clamp(code, 0, 255));
    }
}

CGAN_WIDE void add_pixels(const uint8_t* __restrict in, int64_t pixels, int64_t channels,
                          int32_t* __restrict sums) {
  for (int64_t p = 0; p < pixels; ++p, in += channels)
    for (int64_t c = 0; c < channels; ++c) sums[c] += in[c];
}

CGAN_WIDE void to_numbers(const uint8_t* __restrict in, int64_t count, float scale, int32_t zero,
                          float* __restrict out) {
  for (int64_t i = 0; i < count; ++i) out[i] = scale * static_cast<float>(in[i] - zero);
}

}  // namespace

at::Tensor empty_bytes(at::IntArrayRef sizes, double scale, int64_t zero) {
  return at::_empty_affine_quantized(sizes, at::TensorOptions(c10::kQUInt8), scale, zero,
                                     c10::MemoryFormat::ChannelsLast);
}

at::Tensor luma_bytes(const at::Tensor& luma) {
  const auto source = luma.contiguous();
  const auto result = empty_bytes(luma.sizes(), 1.0 / 128, 127);
  luma_row(source.data_ptr<float>(), source.numel(), writable(result));
  return result;
}

at::Tensor join_luma(const at::Tensor& bytes, const at::Tensor& luma) {
  const int64_t channels = bytes.size(1), height = bytes.size(2), width = bytes.size(3);
  const auto result = empty_bytes({bytes.size(0), channels + 1, height, width}, bytes.q_scale(),
                                  bytes.q_zero_point());
  at::parallel_for(
      0, bytes.size(0) * height, kGrain / (width * channels) + 1, [&](int64_t first, int64_t last) {
        for (int64_t y = first; y < last; ++y) {
          const uint8_t* in = bytes_of(bytes) + y * width * channels;
          const uint8_t* upper = bytes_of(luma) + 4 * y * width;
          const uint8_t* lower = upper + 2 * width;
          uint8_t* out = writable(result) + y * width * (channels + 1);
          for (int64_t x = 0; x < width; ++x, upper += 2, lower += 2) {
            out = std::copy_n(in + x * channels, channels, out);
            *out++ = static_cast<uint8_t>((upper[0] + upper[1] + lower[0] + lower[1] + 2) / 4);
          }
        }
      });
  return result;
}

at::Tensor sum(const at::Tensor& a, const at::Tensor& b, const Rounding& rounding) {
  const auto result = empty_bytes(a.sizes(), rounding.scale, rounding.zero);
  const SumFactors factors(a, b, rounding);
  at::parallel_for(0, a.numel(), kGrain, [&](int64_t first, int64_t last) {
    sum_runs(bytes_of(a) + first, 0, bytes_of(b) + first, factors, 1, last - first,
             writable(result) + first);
  });
  return result;
}

at::Tensor shuffled_sum(const at::Tensor& blocks, const at::Tensor& b, const Rounding& rounding) {
  const auto result = empty_bytes(b.sizes(), rounding.scale, rounding.zero);
  const SumFactors factors(blocks, b, rounding);
  const int64_t width = blocks.size(3), both = 2 * b.size(1);  // the two pixels of a block's row
  at::parallel_for(0, b.size(0) * b.size(2), kGrain / (width * both) + 1,
                   [&](int64_t first, int64_t last) {
                     for (int64_t y = first; y < last; ++y) {
                       const int64_t row = y * width * both;
                       sum_runs(bytes_of(blocks) + (y / 2 * width * 2 + y % 2) * both, 2 * both,
                                bytes_of(b) + row, factors, width, both, writable(result) + row);
                     }
                   });
  return result;
}

at::Tensor shifted(const at::Tensor& bytes, const at::Tensor& shift, const Rounding& rounding) {
  const int64_t channels = bytes.size(1), pixels = bytes.size(2) * bytes.size(3);
  const auto result = empty_bytes(bytes.sizes(), rounding.scale, rounding.zero);
  const double factor = std::min(bytes.q_scale() / rounding.scale, kLargestFactor);
  const double zero =
      static_cast<double>(rounding.zero) - factor * static_cast<double>(bytes.q_zero_point()) + 0.5;
  const auto numbers = shift.contiguous();
  std::vector<int32_t> offsets(static_cast<size_t>(channels));
  for (int64_t n = 0; n < bytes.size(0); ++n) {
    for (int64_t c = 0; c < channels; ++c) {
      const double codes = numbers.data_ptr<float>()[n * channels + c] / rounding.scale;
      offsets[static_cast<size_t>(c)] =
          fixed(zero + std::clamp(codes, -255 * kLargestFactor, 255 * kLargestFactor));
    }
    shift_pixels(bytes_of(bytes) + n * pixels * channels, fixed(factor), offsets.data(), pixels,
                 channels, writable(result) + n * pixels * channels);
  }
  return result;
}

at::Tensor picture_means(const at::Tensor& bytes) {
  const int64_t channels = bytes.size(1), pixels = bytes.size(2) * bytes.size(3);
  const auto means = at::empty({bytes.size(0), channels});
  std::vector<int32_t> sums(static_cast<size_t>(channels));
  for (int64_t n = 0; n < bytes.size(0); ++n) {
    std::fill(sums.begin(), sums.end(), 0);
    add_pixels(bytes_of(bytes) + n * pixels * channels, pixels, channels, sums.data());
    for (int64_t c = 0; c < channels; ++c)
      means.data_ptr<float>()[n * channels + c] =
          static_cast<float>(bytes.q_scale() * (static_cast<double>(sums[static_cast<size_t>(c)]) /
                                                    static_cast<double>(pixels) -
                                                static_cast<double>(bytes.q_zero_point())));
  }
  return means;
}

at::Tensor numbers(const at::Tensor& bytes) {
  const auto result =
      at::empty(bytes.sizes(), at::TensorOptions(c10::kFloat), c10::MemoryFormat::ChannelsLast);
  at::parallel_for(0, bytes.numel(), kGrain, [&](int64_t first, int64_t last) {
    to_numbers(bytes_of(bytes) + first, last - first, static_cast<float>(bytes.q_scale()),
               static_cast<int32_t>(bytes.q_zero_point()), result.data_ptr<float>() + first);
  });
  return result;
}

}  // namespace cgan
