#pragma once

#include <cstdint>

#include "plugin/colorizer/cuda/launch.h"
#include "plugin/colorizer/pixel/fill.h"
#include "plugin/colorizer/pixel/mix.h"

/// The loops over colours of TemporalPasses and ChromaFill as kernels, see launch.h: the same bits.
/// Planes of the picture are (height, width), those of chroma samples (height / scale,
/// width / scale), rows without gaps; pointers are those of the device.
namespace cgan::cuda {

/// Sets a plane to one value.
struct ClearKernel {
  float value;
  int64_t width, height;
  float* plane;  ///< Written.

  Extent extent() const { return {width, height}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width || y >= height) return;
    plane[y * width + x] = value;
  }
};

/// A picture of another stride.
struct TakeKernel {
  const float* from;
  int64_t stride, width, height;
  float* plane;  ///< Written.

  Extent extent() const { return {width, height}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width || y >= height) return;
    plane[y * width + x] = from[y * stride + x];
  }
};

/// Chroma samples at the size of the luma.
struct WidenKernel {
  const float* chroma;  ///< (2, height / scale, width / scale)
  int64_t width, height, scale;
  float* planes;  ///< (2, height, width), written

  Extent extent() const { return {width, 2 * height}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t line) const {
    if (x >= width || line >= 2 * height) return;
    planes[line * width + x] = chroma[line / scale * (width / scale) + x / scale];
  }
};

/// See TemporalPasses::compensate(): brings the drift up to date.
struct DriftKernel {
  const float *level, *confidence, *noise;
  int64_t width, height;
  float* drift;

  Extent extent() const { return {width, height}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width || y >= height) return;
    const int64_t i = y * width + x;
    drift[i] = pixel::next_drift(drift[i], level[i], confidence[i], pixel::drift_share(*noise));
  }
};

/// Pixels of each row whose colour cannot be trusted.
struct UncertainRowsKernel {
  const float *confidence, *age;
  int64_t width, height;
  int32_t* rows;  ///< (height), written

  Extent extent() const { return list_extent(height); }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    const int64_t row = list_place(x, y);
    if (row >= height) return;
    int32_t count = 0;
    for (int64_t i = row * width; i < (row + 1) * width; ++i)
      count += pixel::is_uncertain(confidence[i], age[i]) ? 1 : 0;
    rows[row] = count;
  }
};

/// A picture so far, each (height, width); see CpuTemporalPasses::History.
struct HistoryPlanes {
  float *luma, *cb, *cr, *age, *drift;
};

struct MixKernel {
  const float *luma, *chroma;  ///< New; of the network.
  const float* confidence;
  int64_t width, height, scale;
  float strength;
  HistoryPlanes past;  ///< Brought up to date.

  Extent extent() const { return {width, height}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width || y >= height) return;
    const int64_t i = y * width + x, samples = (width / scale) * (height / scale);
    const float* const colour = chroma + y / scale * (width / scale) + x / scale;
    const float keep = pixel::kept_share(past.age[i], past.drift[i], confidence[i], strength);
    past.luma[i] = pixel::between(luma[i], past.luma[i], keep);
    past.cb[i] = pixel::between(colour[0], past.cb[i], keep);
    past.cr[i] = pixel::between(colour[samples], past.cr[i], keep);
    past.age[i] = pixel::next_age(past.age[i], confidence[i]);
  }
};

struct FillWeightKernel {
  const float* confidence;
  int64_t width, height;
  float* weight;  ///< Written.

  Extent extent() const { return {width, height}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width || y >= height) return;
    const int64_t i = y * width + x;
    weight[i] = confidence[i] >= pixel::kTrusted ? 1.0f : pixel::kUnknownWeight;
  }
};

/// One pass of means, of the unknown pixels.
struct FillMeansKernel {
  pixel::FillPlanes planes;
  const float* confidence;
  int64_t step;
  pixel::FilledColour* filled;  ///< (height, width), written

  Extent extent() const { return {planes.width, planes.height}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= planes.width || y >= planes.height) return;
    const int64_t i = y * planes.width + x;
    if (confidence[i] < pixel::kTrusted) filled[i] = pixel::filled_colour(planes, x, y, step);
  }
};

struct PutFilledKernel {
  const pixel::FilledColour* filled;
  const float* confidence;
  int64_t width, height;
  float *cb, *cr, *weight;  ///< Of unknown pixels, written.

  Extent extent() const { return {width, height}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width || y >= height) return;
    const int64_t i = y * width + x;
    if (confidence[i] >= pixel::kTrusted) return;
    cb[i] = filled[i].cb;
    cr[i] = filled[i].cr;
    weight[i] = filled[i].weight;
  }
};

/// Where colours cannot be trusted: the present luma, of age 0.
struct RenewKernel {
  const float *present, *confidence;
  int64_t width, height;
  float *luma, *age;  ///< Brought up to date.

  Extent extent() const { return {width, height}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width || y >= height) return;
    const int64_t i = y * width + x;
    if (confidence[i] >= pixel::kTrusted) return;
    luma[i] = present[i];
    age[i] = 0.0f;
  }
};

/// Chroma samples from planes of the size of the luma.
struct OutputKernel {
  const float *cb, *cr;
  int64_t width, height, scale;
  float* chroma;  ///< (2, height / scale, width / scale), written

  Extent extent() const { return {width / scale, 2 * (height / scale)}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t line) const {
    if (x >= width / scale || line >= 2 * (height / scale)) return;
    const float* const plane = line < height / scale ? cb : cr;
    const float* const upper = plane + line % (height / scale) * scale * width + x * scale;
    chroma[line * (width / scale) + x] =
        scale == 1 ? upper[0]
                   : pixel::mean_of_four(upper[0], upper[1], upper[width], upper[width + 1]);
  }
};

/// Frames that colours are worth, at chroma samples; see TemporalPasses::past_evidence().
/// @tparam kIsMoved brought along motion; else drift and confidence are not looked at
template <bool kIsMoved>
struct EvidenceKernel {
  const float *age, *drift, *confidence;
  int64_t width, height, scale;
  float strength;
  float* evidence;  ///< (height / scale, width / scale), written

  Extent extent() const { return {width / scale, height / scale}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width / scale || y >= height / scale) return;
    const auto value = [&](int64_t i) {
      if constexpr (kIsMoved)
        return pixel::moved_worth(age[i], drift[i], confidence[i], strength);
      else
        return pixel::worth(age[i], strength);
    };
    evidence[y * (width / scale) + x] = pixel::sample_mean(value, width, scale, x, y);
  }
};

/// See TemporalPasses::join().
struct JoinKernel {
  const float *first, *first_evidence, *second, *second_evidence;
  int64_t width, height;  ///< Of a plane, samples.
  float* joined;          ///< (2, height, width), written

  Extent extent() const { return {width, height}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width || y >= height) return;
    const int64_t cb = y * width + x, cr = cb + width * height;
    const float share = pixel::second_share(first_evidence[cb], second_evidence[cb]);
    joined[cb] = pixel::between(first[cb], second[cb], share);
    joined[cr] = pixel::between(first[cr], second[cr], share);
  }
};

}  // namespace cgan::cuda
