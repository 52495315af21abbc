#include "plugin/colorizer/cpu/frame_passes.h"

#include <algorithm>
#include <cmath>

namespace cgan {

CpuFramePasses::CpuFramePasses(const FramePlan& plan, WorkerPool& pool, const RowLoops& loops,
                               int64_t undecided)
    : height_(plan.format.height),
      grid_(plan.format.chroma_grid()),
      pack_plan_(plan.pack),
      pool_(pool),
      luma_copy_(plan.luma_copy),
      work_copy_(plan.work_copy, pool, loops),
      upsample_(plan.upsample, pool, loops),
      guide_(plan.guide, loops),
      packer_(plan.pack, loops),
      hold_(plan.pack, loops),
      own_chroma_(plan.own_chroma),
      measured_(undecided),
      rows_(pool.threads(), std::vector<float>(3 * grid_.width)) {
  if (plan.colour_meter.has_value()) colour_meter_.emplace(*plan.colour_meter, loops);
}

/// The luma that belongs to rows first..last - 1 of the chroma.
void CpuFramePasses::copy_luma(const LumaView& luma, const FrameView& out, int64_t first,
                               int64_t last) const {
  luma_copy_.rows(luma, out, first * grid_.step_y, std::min(last * grid_.step_y, height_));
}

void CpuFramePasses::write(const InputView& in, const WorkPicture* picture, const CganLook& look,
                           const FrameView& out) {
  if (picture != nullptr) upsample_.fit(picture->luma, picture->chroma);
  const int64_t width = grid_.width;
  const int64_t own =
      picture == nullptr ? width : std::llround(look.split * static_cast<double>(width));
  const pixel::LookConstants constants = pack_plan_.look_constants(look);
  for_row_bands(pool_, grid_.height, [&](int64_t first, int64_t last, int thread) {
    float* const luma = rows_[thread].data();
    float* const cb = luma + width;
    float* const cr = cb + width;
    copy_luma(in.luma, out, first, last);
    for (int64_t y = first; y < last; ++y) {
      own_chroma_.row(y, own, in.chroma, out);
      if (own == width) continue;
      guide_.row(in.luma, y, luma);
      upsample_.row(y, thread, luma, cb, cr);
      packer_.chroma_row(y, own, luma, cb, cr, constants, hold_, out);
    }
  });
  if (own < width) hold_.keep();
}

void CpuFramePasses::write_neutral(const LumaView& luma, const FrameView& out) {
  hold_.forget();
  copy_luma(luma, out, 0, grid_.height);
  packer_.write_neutral(out);
}

}  // namespace cgan
