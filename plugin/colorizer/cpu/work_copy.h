#pragma once

#include <cstdint>
#include <vector>

#include "model/threads/worker_pool.h"
#include "plugin/colorizer/format/frame_view.h"

namespace cgan {

/// Size of the copy of a frame's luma that the network sees.
struct WorkSize {
  int64_t width, height;                ///< The picture.
  int64_t padded_width, padded_height;  ///< With the mirrored margin at the right and below.
  int64_t tile_width, tile_height;      ///< Of the equal tiles that the padded picture is cut into.
};

/// How a network wants its tiles.
struct TileRule {
  int64_t largest;    ///< Side in pixels; a multiple of `multiple`.
  int64_t multiple;   ///< Sides of a tile are multiples of it.
  int64_t alignment;  ///< Tiles begin at multiples of it; divides `multiple`.
};

/// The frame scaled so that its short side is `short_side`, never upscaled. A side no longer than
/// the largest tile is one tile, padded to the next multiple: the network sees it whole; a longer
/// one is padded to the alignment and cut into largest tiles.
/// @param short_side pixels, positive
WorkSize work_size_for(int64_t frame_width, int64_t frame_height, int64_t short_side,
                       const TileRule& rule);

/// Luma of a frame -> area mean at work size, -1 (black) .. 1 (white) by depth and range, with the
/// margin mirrored (period 2n, the border pixel repeated), which works down to one pixel.
/// Everything is allocated by the constructor. Thread-safety: one thread at a time.
class WorkCopy {
 public:
  /// @param pool must outlive the copy
  WorkCopy(const StreamFormat& format, const WorkSize& size, WorkerPool& pool);

  /// @return (padded_height, padded_width), rows contiguous, valid until the next call.
  const float* run(const LumaView& luma);

 private:
  /// Pixels first..last of the source and the weights of the two at the ends; those between weigh
  /// 1. first == last: only first_weight counts.
  struct Span {
    int64_t first, last;
    float first_weight, last_weight;
  };
  static std::vector<Span> spans(int64_t source, int64_t target);
  template <typename Sample>
  void mean_row(const LumaView& luma, int64_t y, float* sums);
  template <typename Sample>
  void mean_rows(const LumaView& luma);

  int64_t frame_width_;
  int sample_bytes_;
  WorkSize size_;
  float scale_, offset_;  ///< Sum of weighted samples -> -1..1.
  std::vector<Span> columns_, rows_;
  WorkerPool& pool_;
  std::vector<std::vector<float>> sums_;  ///< One row of the frame for each thread.
  std::vector<float> work_;
};

}  // namespace cgan
