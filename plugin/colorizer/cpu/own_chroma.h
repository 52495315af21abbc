#pragma once

#include <cstdint>
#include <vector>

#include "plugin/colorizer/format/frame_view.h"

namespace cgan {

/// Brings the chroma that the input has of its own to the output. Where both have one format and
/// range, to the bit. Else each sample of the output is interpolated linearly between the four of
/// the input around its site, and written by Rec. ITU-T H.273, 8.3, C the signal -0.5..0.5:
///   limited: code = 2^(n-8) (224 C + 128)      full: code = (2^n - 1) C + 2^(n-1)
/// to the nearest code; so with one grid limited range grows by zero bits. Gray input gives neutral
/// chroma.
/// Thread-safety: const after construction.
class OwnChroma {
 public:
  explicit OwnChroma(const StreamFormat& format);

  /// Writes samples 0..count - 1 of a row; nothing to do where both are the same memory.
  /// @param y row of the output's chroma grid
  /// @param count 0..grid.width
  void row(int64_t y, int64_t count, const ChromaView& in, const FrameView& out) const;

 private:
  /// A sample of the output along one axis: left * (1 - share) + right * share.
  struct Tap {
    int32_t left, right;
    float share;
  };
  /// @param first, step centres of the output's samples in luma pixels; from_first, from_step of
  ///   the input's
  static std::vector<Tap> taps(int64_t count, double first, int64_t step, int64_t from_count,
                               double from_first, int64_t from_step);
  void copy_row(int64_t y, int64_t count, const ChromaView& in, const FrameView& out) const;
  /// @tparam In a sample as it lies in memory  @tparam Code the same of the output
  template <typename In, typename Code>
  void convert_row(int64_t y, int64_t count, const ChromaView& in, const FrameView& out) const;

  PixelFormat in_, out_;
  bool is_copy_;
  float scale_, offset_;  ///< code out = code in * scale + offset
  float highest_;         ///< Code of the output.
  std::vector<Tap> columns_, lines_;
};

}  // namespace cgan
