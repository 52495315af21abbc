#pragma once

#include <cstdint>

#include "plugin/colorizer/format/plane_view.h"
#include "plugin/colorizer/plan/chroma_plan.h"

namespace cgan {

/// Brings the chroma that the input has of its own to the output, as the plan says. Thread-safety:
/// const after construction.
class OwnChroma {
 public:
  explicit OwnChroma(OwnChromaPlan plan);

  /// Writes samples 0..count - 1 of a row; nothing to do where both are the same memory.
  /// @param y row of the output's chroma grid
  /// @param count 0..grid.width
  void row(int64_t y, int64_t count, const ChromaView& in, const FrameView& out) const;

 private:
  void copy_row(int64_t y, int64_t count, const ChromaView& in, const FrameView& out) const;
  template <typename In, typename Out>
  void convert_row(int64_t y, int64_t count, const ChromaView& in, const FrameView& out) const;

  OwnChromaPlan plan_;
};

}  // namespace cgan
