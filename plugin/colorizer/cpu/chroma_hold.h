#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "plugin/colorizer/cpu/row_loops.h"
#include "plugin/colorizer/plan/chroma_plan.h"
#include "plugin/colorizer/shot/state_archive.h"

namespace cgan {

/// Keeps chroma from trembling between neighbouring codes: grain in the frame's own luma moves the
/// chroma that is brought to full size by a fraction of a code, and rounding makes a whole one of
/// it. A sample keeps the code that was written last, or moves from it just so far that it is
/// within one code of eight bits of its new one, so that nothing is ever off by more; what is
/// without colour is grey. See pixel::held_code(). Thread-safety: row() from several threads with
/// different y.
class ChromaHold {
 public:
  explicit ChromaHold(const PackPlan& plan, const RowLoops& loops = row_loops_of())
      : loops_(loops),
        sample_bytes_(plan.format.sample_bytes()),
        width_(plan.grid.width),
        codes_(2 * width_ * plan.grid.height * sample_bytes_),
        tolerance_(plan.hold_tolerance),
        neutral_(plan.neutral) {}

  /// The next frame is taken as it comes, for example after a cut.
  void forget() { holds_ = false; }
  /// A frame is written.
  void keep() { holds_ = true; }
  void archive(StateArchive& archive) {
    archive.flag(holds_);
    if (holds_) archive.plane(codes_);
  }

  /// The codes of row y, to be read and written: grid.width of Cb, then as many of Cr.
  /// @tparam Code of the size of a sample
  template <typename Code>
  Code* row(int64_t y) {
    return reinterpret_cast<Code*>(codes_.data() + 2 * y * width_ * sample_bytes_);
  }
  /// Lets codes of a row pass or brings them near those that were written last.
  /// @param held the same samples of row(), brought up to date
  template <typename Code>
  void pass(Code* codes, int64_t count, Code* held) const {
    if (!holds_) {
      std::copy_n(codes, count, held);
      return;
    }
    loops_.hold_codes({count, tolerance_, neutral_, static_cast<int>(sizeof(Code))}, codes, held);
  }

 private:
  const RowLoops& loops_;
  int64_t sample_bytes_, width_;
  std::vector<uint8_t> codes_;
  int tolerance_, neutral_;  ///< As samples lie in memory.
  bool holds_ = false;
};

}  // namespace cgan
