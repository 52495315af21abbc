#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <random>
#include <utility>

#include "tests/colorizer/synthetic_film.h"
#include "tests/colorizer/synthetic_frame.h"

namespace cgan::test {

/// Cb and Cr of a place, in codes of 8 bits around 0: x and y 0..1 over the picture, luma 0..1.
using Dye = std::function<std::pair<double, double>(double x, double y, double luma)>;

/// A print without colour, in limited range: luma of scenery, and of its chroma what the dye makes.
/// @param gain of luma and chroma, as of a fade
inline void print(SyntheticFrame& frame, const Dye& dye, uint32_t scene = 1, double gain = 1.0) {
  const PixelFormat& format = frame.format();
  const int64_t width = frame.row_bytes(0) / format.sample_bytes(), height = frame.rows(0);
  const int step = 1 << (format.depth - 8);
  const Picture picture = scenery(width, height, scene);
  const auto code = [&](double eight_bits, double zero) {
    return static_cast<int>(std::lround((zero + gain * eight_bits) * step));
  };
  const auto luma_at = [&](int64_t x, int64_t y) {
    const int64_t at = std::min(y, height - 1) * width + std::min(x, width - 1);
    return 0.5 + 0.5 * std::clamp(picture.luma[at], -1.0f, 1.0f);
  };
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) frame.set_luma(x, y, code(219 * luma_at(x, y), 16));
  }
  for (int64_t y = 0; y < frame.chroma_height(); ++y) {
    for (int64_t x = 0; x < frame.chroma_width(); ++x) {
      double luma = 0.0;
      for (int i = 0; i < format.step_x * format.step_y; ++i) {
        luma +=
            luma_at(x * format.step_x + i % format.step_x, y * format.step_y + i / format.step_x);
      }
      const auto [cb, cr] =
          dye((static_cast<double>(x) + 0.5) / static_cast<double>(frame.chroma_width()),
              (static_cast<double>(y) + 0.5) / static_cast<double>(frame.chroma_height()),
              luma / (format.step_x * format.step_y));
      frame.set_cb(x, y, code(cb, 128));
      frame.set_cr(x, y, code(cr, 128));
    }
  }
}

inline std::pair<double, double> undyed(double, double, double) {
  return {0.0, 0.0};
}
inline std::pair<double, double> sepia(double, double, double luma) {
  return {-28.0 * luma, 18.0 * luma};
}
inline std::pair<double, double> greenish(double, double, double luma) {
  return {-8.0 * luma - 3.0, -14.0 * luma};
}
/// Shadows blue, lights yellow: toned and tinted.
inline std::pair<double, double> two_tones(double, double, double luma) {
  const double dark = (1.0 - luma) * (1.0 - luma);
  return {30.0 * dark - 20.0 * luma, -10.0 * dark + 14.0 * luma};
}
/// Things of many faint colours, a few codes from gray each.
inline std::pair<double, double> muted(double x, double y, double) {
  const auto thing = [&](uint32_t seed) {
    return 24.0 *
               plane_noise(static_cast<int64_t>(400 * x), static_cast<int64_t>(300 * y), 60, seed) -
           12.0;
  };
  return {thing(7), thing(8)};
}

/// The dye and noise of a tape: another in each sample, or smeared along the line.
inline Dye with_noise(Dye dye, double deviation, int smear) {
  return [dye = std::move(dye), deviation, smear, random = std::mt19937(5),
          queue = std::array<std::pair<double, double>, 16>{},
          at = 0](double x, double y, double luma) mutable {
    std::normal_distribution<double> noise(0.0, deviation / std::sqrt(smear));
    queue[at++ % smear] = {noise(random), noise(random)};
    auto [cb, cr] = dye(x, y, luma);
    for (int i = 0; i < smear; ++i) {
      cb += queue[i].first;
      cr += queue[i].second;
    }
    return std::pair{cb, cr};
  };
}

/// The dye, and strong colours in a rectangle.
inline Dye with_sign(Dye dye, double left, double top, double width, double height) {
  return [=](double x, double y, double luma) {
    const bool is_inside = x >= left && x < left + width && y >= top && y < top + height;
    return is_inside ? std::pair{-60.0, 70.0} : dye(x, y, luma);
  };
}

}  // namespace cgan::test
