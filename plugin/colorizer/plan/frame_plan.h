#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "plugin/colorizer/plan/chroma_plan.h"
#include "plugin/colorizer/plan/luma_plan.h"

namespace cgan {

/// Which samples of a frame with chroma are looked at for colours of its own, spread evenly: cells
/// of kCellSide by kCellSide samples, at most 192 x 144 in all.
struct ColourMeterPlan {
  static constexpr int64_t kCellSide = 4;

  PixelFormat in;
  int64_t width, height;               ///< Of the frame, luma pixels.
  int64_t across, down;                ///< Cells.
  std::vector<int64_t> columns, rows;  ///< Of the chroma samples that are looked at.
  float luma_scale, luma_offset;       ///< signal 0..1 = sample * scale + offset
  float chroma_scale, chroma_offset;   ///< codes of 8 bits around 0 = sample * scale + offset

  /// Sum of the samples that share one of chroma -> signal.
  float shared_luma_scale() const { return luma_scale / static_cast<float>(in.step_x * in.step_y); }

  /// @param format of an input with chroma
  static ColourMeterPlan of(const StreamFormat& format);
};

/// All that a stream's caps decide for the passes over its frames, as plain data that every backend
/// reads.
struct FramePlan {
  StreamFormat format;
  LumaCopyPlan luma_copy;
  WorkCopyPlan work_copy;
  LumaGuidePlan guide;
  UpsamplePlan upsample;
  OwnChromaPlan own_chroma;
  PackPlan pack;
  std::optional<ColourMeterPlan> colour_meter;  ///< None for gray.

  /// @param chroma_width, chroma_height the network's whole grid, margin included
  /// @param chroma_scale luma pixels of the work copy per chroma sample of the network, 1 or 2
  static FramePlan of(const StreamFormat& format, const WorkSize& size, int64_t chroma_width,
                      int64_t chroma_height, int64_t chroma_scale);
};

}  // namespace cgan
