#pragma once

#include <cstdint>
#include <vector>

#include "plugin/colorizer/format/stream_format.h"
#include "plugin/colorizer/format/work_size.h"
#include "plugin/colorizer/pixel/luma_site.h"
#include "plugin/colorizer/plan/taps.h"

namespace cgan {

/// How the luma of the input becomes that of the output. Where depth and range stay, bit for bit.
/// Else code by code, Y' of the input's depth and range written in the output's (Rec. ITU-T H.273,
/// 8.3):
///   limited: code = 2^(n-8) (219 Y' + 16)      full: code = (2^n - 1) Y'
/// to the nearest code. So limited range grows exactly, by zero bits (16 -> 64 -> 256, 235 -> 940
/// -> 3760), as codes outside black and white do; full range keeps 0 and the highest code at the
/// ends; full gray to limited YUV gives 16..235 in 8 bits. A sample above the codes of its depth
/// counts as the highest one.
struct LumaCopyPlan {
  int64_t width, height;
  int in_bytes, out_bytes;  ///< Of a sample.
  int in_shift;
  std::vector<uint16_t> table;  ///< Sample in >> in_shift -> sample out; empty: rows are copied.

  static LumaCopyPlan of(const StreamFormat& format);
};

/// How the luma of the input becomes the work copy: the area mean at work size, -1 (black) ..
/// 1 (white) by depth and range, with the margin mirrored (period 2n, the border pixel repeated),
/// which works down to one pixel.
struct WorkCopyPlan {
  WorkSize size;
  int64_t frame_width;
  int in_bytes;
  float scale, offset;  ///< Sum of weighted samples -> -1..1.
  std::vector<Span> columns, rows;

  static WorkCopyPlan of(const StreamFormat& format, const WorkSize& size);
};

/// How the luma of the input is brought to the chroma samples of the output: the mean over an area
/// of step_x by step_y pixels around each sample's site. So a sample between two pixels sees both
/// by half, one on every other pixel sees that one by half and its neighbours by a quarter. Pixels
/// beyond the border are the border's.
struct LumaGuidePlan {
  int64_t frame_width, frame_height;
  int in_bytes;
  ChromaGrid grid;
  pixel::Cover across, down;
  float scale, offset;  ///< signal 0..1 = sum of weighted samples * scale + offset

  static LumaGuidePlan of(const StreamFormat& format);
};

}  // namespace cgan
