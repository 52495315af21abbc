#pragma once

#include <cstdint>

#include "plugin/colorizer/format/frame_view.h"

namespace cgan {

/// The frame's luma at its chroma samples: the mean over an area of step_x by step_y pixels around
/// each sample's site. So a sample between two pixels sees both by half, one on every other pixel
/// sees that one by half and its neighbours by a quarter. Pixels beyond the border are the
/// border's. Knows the input's depth and range and the output's chroma grid.
/// Thread-safety: const after construction.
class LumaGuide {
 public:
  explicit LumaGuide(const StreamFormat& format);

  /// @param y row of the chroma grid
  /// @param luma (grid.width), written, 0..1 by the range; codes outside it are limited
  void row(const LumaView& frame, int64_t y, float* luma) const {
    (this->*write_row_)(frame, y, luma);
  }

 private:
  /// The pixels of one axis that a sample is the mean of.
  enum class Cover { kPixel, kPair, kThree };
  using WriteRow = void (LumaGuide::*)(const LumaView&, int64_t, float*) const;

  static Cover cover(int64_t step, double first);
  template <typename Sample>
  static WriteRow choose(Cover across, Cover down);
  template <Cover kDown, typename Sample>
  static int column(const Sample* const* rows, int64_t x);
  template <typename Sample, Cover kAcross, Cover kDown>
  void write_row(const LumaView& frame, int64_t y, float* luma) const;

  int64_t frame_width_, frame_height_;
  ChromaGrid grid_;
  float scale_, offset_;  ///< signal = sample * scale + offset
  WriteRow write_row_;
};

}  // namespace cgan
