#pragma once

#include <cstdint>
#include <vector>

#include "model/threads/worker_pool.h"
#include "plugin/colorizer/format/frame_view.h"

namespace cgan {

/// Brings the luma of the input to the output. Where depth and range stay, bit for bit. Else code
/// by code, Y' of the input's depth and range written in the output's (Rec. ITU-T H.273, 8.3):
///   limited: code = 2^(n-8) (219 Y' + 16)      full: code = (2^n - 1) Y'
/// to the nearest code. So limited range grows exactly, by zero bits (16 -> 64 -> 256, 235 -> 940
/// -> 3760), as codes outside black and white do; full range keeps 0 and the highest code at the
/// ends; full gray to limited YUV gives 16..235 in 8 bits. A sample above the codes of its depth
/// counts as the highest one.
/// Thread-safety: const after construction.
class LumaCopy {
 public:
  /// @param pool must outlive the copy
  LumaCopy(const StreamFormat& format, WorkerPool& pool);

  /// Nothing to do where both are the same memory.
  void run(const LumaView& in, const FrameView& out) const;

 private:
  template <typename In, typename Out>
  void convert(const LumaView& in, const FrameView& out) const;

  int64_t width_, height_;
  int in_bytes_, out_bytes_, in_shift_;
  WorkerPool& pool_;
  std::vector<uint16_t> table_;  ///< Sample in >> in_shift_ -> sample out; empty: rows are copied.
};

}  // namespace cgan
