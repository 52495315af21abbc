#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace cgan::test {

/// A picture at work size with its true colours: planes (height, width).
struct Picture {
  Picture(int64_t width, int64_t height)
      : width(width), height(height), luma(width * height), cb(luma.size()), cr(luma.size()) {}
  int64_t width, height;
  std::vector<float> luma, cb, cr;
};

/// Smooth noise of the plane, 0..1: random numbers on a grid, interpolated.
inline float plane_noise(int64_t x, int64_t y, int64_t grid, uint32_t seed) {
  const auto corner = [seed](int64_t i, int64_t j) {
    uint32_t mixed = seed * 0x9E3779B9u + static_cast<uint32_t>(i) * 0x85EBCA6Bu +
                     static_cast<uint32_t>(j) * 0xC2B2AE35u;
    mixed = (mixed ^ (mixed >> 15)) * 0x2C1B3C6Du;
    mixed = (mixed ^ (mixed >> 12)) * 0x297A2D39u;
    return static_cast<float>((mixed ^ (mixed >> 15)) >> 8) / static_cast<float>(1 << 24);
  };
  const int64_t i = std::floor(static_cast<double>(x) / grid);
  const int64_t j = std::floor(static_cast<double>(y) / grid);
  const float right = static_cast<float>(x - i * grid) / grid;
  const float below = static_cast<float>(y - j * grid) / grid;
  const float upper = corner(i, j) + right * (corner(i + 1, j) - corner(i, j));
  const float lower = corner(i, j + 1) + right * (corner(i + 1, j + 1) - corner(i, j + 1));
  return upper + below * (lower - upper);
}

/// Textured scenery with soft colours, seen from (left, top) on.
inline Picture scenery(int64_t width, int64_t height, uint32_t seed, int64_t left = 0,
                       int64_t top = 0) {
  Picture picture(width, height);
  seed *= 8;  // each scene has five planes of noise of its own
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      const int64_t i = x + left, j = y + top, at = y * width + x;
      picture.luma[at] = -0.8f + 0.9f * plane_noise(i, j, 37, seed) +
                         0.5f * plane_noise(i, j, 11, seed + 1) +
                         0.2f * plane_noise(i, j, 3, seed + 2);
      picture.cb[at] = 0.5f * plane_noise(i, j, 29, seed + 3) - 0.25f;
      picture.cr[at] = 0.5f * plane_noise(i, j, 29, seed + 4) - 0.25f;
    }
  }
  return picture;
}

/// A textured square of one colour, lighter than the scenery.
inline void paint_square(Picture& picture, int64_t left, int64_t top, int64_t side, float cb,
                         float cr) {
  for (int64_t y = std::max<int64_t>(top, 0); y < std::min(top + side, picture.height); ++y) {
    for (int64_t x = std::max<int64_t>(left, 0); x < std::min(left + side, picture.width); ++x) {
      const int64_t at = y * picture.width + x;
      picture.luma[at] = 0.2f + 0.6f * plane_noise(x - left, y - top, 5, 99);
      picture.cb[at] = cb;
      picture.cr[at] = cr;
    }
  }
}

inline void add_grain(Picture& picture, float deviation, uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> grain(0.0f, deviation);
  for (float& luma : picture.luma) luma = std::clamp(luma + grain(random), -1.0f, 1.0f);
}

/// Another exposure: black stays black.
inline void expose(Picture& picture, float gain) {
  for (float& luma : picture.luma) luma = std::min(gain * (luma + 1.0f) - 1.0f, 1.0f);
}

inline void dissolve(Picture& picture, const Picture& into, float share) {
  for (size_t i = 0; i < picture.luma.size(); ++i) {
    picture.luma[i] += share * (into.luma[i] - picture.luma[i]);
    picture.cb[i] += share * (into.cb[i] - picture.cb[i]);
    picture.cr[i] += share * (into.cr[i] - picture.cr[i]);
  }
}

/// What a network would say of the picture: (2, height / scale, width / scale), the true colours
/// and an error that is smooth over the picture and another with every seed.
inline std::vector<float> network_chroma(const Picture& picture, int64_t scale, float error,
                                         uint32_t seed) {
  const int64_t width = picture.width / scale, height = picture.height / scale;
  std::vector<float> chroma;
  for (const std::vector<float>* plane : {&picture.cb, &picture.cr}) {
    ++seed;
    for (int64_t y = 0; y < height; ++y) {
      for (int64_t x = 0; x < width; ++x) {
        float sum = 0.0f;
        for (int64_t i = 0; i < scale * scale; ++i) {
          sum += (*plane)[(y * scale + i / scale) * picture.width + x * scale + i % scale];
        }
        chroma.push_back(sum / static_cast<float>(scale * scale) +
                         error * (plane_noise(x, y, 20, seed * 7919u) - 0.5f));
      }
    }
  }
  return chroma;
}

/// Mean absolute difference of as many samples.
inline double difference(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0.0;
  for (size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum / static_cast<double>(a.size());
}

}  // namespace cgan::test
