#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "plugin/colorizer/colorizer_interface.h"

namespace cgan::test {

/// Owns the planes of a frame of one format; rows are padded, and the padding is marked so that a
/// write outside the picture shows.
class SyntheticFrame {
 public:
  static constexpr uint8_t kPadding = 0xA5;

  SyntheticFrame(CganFormat format, int64_t width, int64_t height, int64_t padding = 0)
      : width_(width), height_(height), frame_{} {
    const int64_t half_width = (width + 1) / 2, half_height = (height + 1) / 2;
    add(0, width, height, padding);
    if (format == CGAN_FORMAT_NV12) add(1, 2 * half_width, half_height, padding);
    for (int plane = 1; plane < 3; ++plane) {
      if (format == CGAN_FORMAT_I420) add(plane, half_width, half_height, padding);
      if (format == CGAN_FORMAT_Y444) add(plane, width, height, padding);
    }
  }
  SyntheticFrame(const SyntheticFrame&) = delete;
  SyntheticFrame& operator=(const SyntheticFrame&) = delete;

  const CganFrame& frame() const { return frame_; }
  CganFrame& frame() { return frame_; }
  int64_t row_bytes(int plane) const { return row_bytes_[plane]; }
  int64_t rows(int plane) const { return rows_[plane]; }
  uint8_t& at(int plane, int64_t x, int64_t y) {
    return frame_.data[plane][y * frame_.stride[plane] + x];
  }

  /// Luma of random codes over the whole range of a byte.
  void fill_random(uint32_t seed) {
    std::mt19937 random(seed);
    for (int64_t y = 0; y < height_; ++y) {
      for (int64_t x = 0; x < width_; ++x) at(0, x, y) = static_cast<uint8_t>(random());
    }
  }
  /// Luma with soft shapes, edges and a little grain: what the network is meant for.
  void fill_scene(uint32_t seed) {
    std::mt19937 random(seed);
    for (int64_t y = 0; y < height_; ++y) {
      for (int64_t x = 0; x < width_; ++x) {
        const int64_t shade = 40 + 120 * x / width_ + ((x / 13 + y / 17) % 2) * 50;
        at(0, x, y) = static_cast<uint8_t>(shade + random() % 8);
      }
    }
  }
  /// The bytes of a plane without padding.
  std::vector<uint8_t> bytes(int plane) {
    std::vector<uint8_t> result;
    for (int64_t y = 0; y < rows_[plane]; ++y) {
      for (int64_t x = 0; x < row_bytes_[plane]; ++x) result.push_back(at(plane, x, y));
    }
    return result;
  }
  bool padding_is_untouched() {
    for (int plane = 0; plane < 3; ++plane) {
      for (int64_t y = 0; y < rows_[plane]; ++y) {
        for (int64_t x = row_bytes_[plane]; x < frame_.stride[plane]; ++x) {
          if (at(plane, x, y) != kPadding) return false;
        }
      }
    }
    return true;
  }

 private:
  void add(int plane, int64_t row_bytes, int64_t rows, int64_t padding) {
    const int64_t stride = row_bytes + padding;
    memory_[plane].assign(stride * rows, kPadding);
    frame_.data[plane] = memory_[plane].data();
    frame_.stride[plane] = stride;
    row_bytes_[plane] = row_bytes;
    rows_[plane] = rows;
  }

  int64_t width_, height_;
  std::vector<uint8_t> memory_[3];
  int64_t row_bytes_[3] = {}, rows_[3] = {};
  CganFrame frame_;
};

}  // namespace cgan::test
