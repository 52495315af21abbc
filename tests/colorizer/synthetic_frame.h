#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "plugin/colorizer/format/pixel_format.h"
#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan::test {

/// Owns the planes of a frame of one format; rows are padded, and the padding is marked so that a
/// write outside the picture shows.
class SyntheticFrame {
 public:
  static constexpr uint8_t kPadding = 0xA5;

  /// @param padding bytes after each row
  /// @param gap bytes before each plane; odd ones put samples of two bytes at odd addresses
  SyntheticFrame(CganFormat format, int64_t width, int64_t height, int64_t padding = 0,
                 int64_t gap = 0)
      : format_(*find_pixel_format(format)), width_(width), height_(height), frame_{} {
    const int64_t bytes = format_.sample_bytes();
    add(0, width * bytes, height, padding, gap);
    if (!format_.has_chroma()) return;
    chroma_width_ = (width + format_.step_x - 1) / format_.step_x;
    chroma_height_ = (height + format_.step_y - 1) / format_.step_y;
    if (format_.layout == ChromaLayout::kInterleaved) {
      add(1, 2 * chroma_width_ * bytes, chroma_height_, padding, gap);
    } else {
      add(1, chroma_width_ * bytes, chroma_height_, padding, gap);
      add(2, chroma_width_ * bytes, chroma_height_, padding, gap);
    }
  }
  SyntheticFrame(const SyntheticFrame&) = delete;
  SyntheticFrame& operator=(const SyntheticFrame&) = delete;

  const CganFrame& frame() const { return frame_; }
  CganFrame& frame() { return frame_; }
  const PixelFormat& format() const { return format_; }
  int64_t chroma_width() const { return chroma_width_; }
  int64_t chroma_height() const { return chroma_height_; }
  int64_t row_bytes(int plane) const { return row_bytes_[plane]; }
  int64_t rows(int plane) const { return rows_[plane]; }
  uint8_t& at(int plane, int64_t x, int64_t y) {
    return frame_.data[plane][y * frame_.stride[plane] + x];
  }

  /// Codes of one pixel or chroma sample.
  int luma(int64_t x, int64_t y) { return sample(0, x, y) >> format_.shift; }
  int cb(int64_t x, int64_t y) { return chroma(x, y, format_.cr_first ? 1 : 0); }
  int cr(int64_t x, int64_t y) { return chroma(x, y, format_.cr_first ? 0 : 1); }
  void set_luma(int64_t x, int64_t y, int code) { set_sample(0, x, y, code << format_.shift); }
  void set_cb(int64_t x, int64_t y, int code) { set_chroma(x, y, format_.cr_first ? 1 : 0, code); }
  void set_cr(int64_t x, int64_t y, int code) { set_chroma(x, y, format_.cr_first ? 0 : 1, code); }

  /// Luma of random codes over the whole range of the depth; the bits below a code are random, too.
  void fill_random(uint32_t seed) {
    std::mt19937 random(seed);
    const int bits = format_.depth + format_.shift;
    for (int64_t y = 0; y < height_; ++y) {
      for (int64_t x = 0; x < width_; ++x) {
        set_sample(0, x, y, static_cast<int>(random() >> (32 - bits)));
      }
    }
  }
  /// Chroma of random bytes.
  void fill_random_chroma(uint32_t seed) {
    std::mt19937 random(seed);
    for (int plane = 1; plane < 3; ++plane) {
      for (int64_t y = 0; y < rows_[plane]; ++y) {
        for (int64_t x = 0; x < row_bytes_[plane]; ++x) {
          at(plane, x, y) = static_cast<uint8_t>(random());
        }
      }
    }
  }
  /// Luma with soft shapes, edges and a little grain: what the network is meant for.
  void fill_scene(uint32_t seed) {
    std::mt19937 random(seed);
    for (int64_t y = 0; y < height_; ++y) {
      for (int64_t x = 0; x < width_; ++x) {
        const int64_t shade = 40 + 120 * x / width_ + ((x / 13 + y / 17) % 2) * 50;
        const auto code = static_cast<int>(shade + random() % 8);
        set_luma(x, y, code << (format_.depth - 8));
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
      if (memory_[plane].empty()) continue;
      for (const uint8_t* byte = memory_[plane].data(); byte < frame_.data[plane]; ++byte) {
        if (*byte != kPadding) return false;
      }
      for (int64_t y = 0; y < rows_[plane]; ++y) {
        for (int64_t x = row_bytes_[plane]; x < frame_.stride[plane]; ++x) {
          if (at(plane, x, y) != kPadding) return false;
        }
      }
    }
    return true;
  }

 private:
  void add(int plane, int64_t row_bytes, int64_t rows, int64_t padding, int64_t gap) {
    const int64_t stride = row_bytes + padding;
    memory_[plane].assign(gap + stride * rows, kPadding);
    frame_.data[plane] = memory_[plane].data() + gap;
    frame_.stride[plane] = stride;
    row_bytes_[plane] = row_bytes;
    rows_[plane] = rows;
  }
  /// @param place 0: the component that comes first, 1: the other one
  int chroma(int64_t x, int64_t y, int place) {
    const bool is_interleaved = format_.layout == ChromaLayout::kInterleaved;
    const int bits = is_interleaved ? sample(1, 2 * x + place, y) : sample(1 + place, x, y);
    return bits >> format_.shift;
  }
  void set_chroma(int64_t x, int64_t y, int place, int code) {
    const bool is_interleaved = format_.layout == ChromaLayout::kInterleaved;
    const int64_t column = is_interleaved ? 2 * x + place : x;
    set_sample(is_interleaved ? 1 : 1 + place, column, y, code << format_.shift);
  }
  int sample(int plane, int64_t x, int64_t y) {
    if (format_.sample_bytes() == 1) return at(plane, x, y);
    return at(plane, 2 * x, y) | at(plane, 2 * x + 1, y) << 8;
  }
  void set_sample(int plane, int64_t x, int64_t y, int bits) {
    const int64_t bytes = format_.sample_bytes();
    at(plane, x * bytes, y) = static_cast<uint8_t>(bits);
    if (bytes == 2) at(plane, x * bytes + 1, y) = static_cast<uint8_t>(bits >> 8);
  }

  PixelFormat format_;
  int64_t width_, height_, chroma_width_ = 0, chroma_height_ = 0;
  std::vector<uint8_t> memory_[3];
  int64_t row_bytes_[3] = {}, rows_[3] = {};
  CganFrame frame_;
};

}  // namespace cgan::test
