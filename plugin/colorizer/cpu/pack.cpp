#include "plugin/colorizer/cpu/pack.h"

#include <algorithm>

#include "plugin/colorizer/cpu/chroma_store.h"
#include "plugin/colorizer/format/sample.h"

namespace cgan {

Packer::Packer(const PackPlan& plan, const RowLoops& loops) : plan_(plan), loops_(loops) {}

/// @tparam Code holds a sample as it lies in memory
template <typename Code>
void Packer::write_row(int64_t y, int64_t first, const float* luma, const float* cb,
                       const float* cr, const pixel::LookConstants& look, ChromaHold& hold,
                       const FrameView& out) const {
  const int64_t width = plan_.grid.width;
  Code* const cb_held = hold.row<Code>(y);
  Code* const cr_held = cb_held + width;

  Code cb_codes[kChromaChunk], cr_codes[kChromaChunk];
  for (int64_t begin = first; begin < width; begin += kChromaChunk) {
    const int64_t count = std::min(kChromaChunk, width - begin);
    loops_.chroma_codes({luma + begin, cb + begin, cr + begin, count, plan_.gamut, look,
                         plan_.format.shift, static_cast<int>(sizeof(Code))},
                        cb_codes, cr_codes);
    hold.pass(cb_codes, count, cb_held + begin);
    hold.pass(cr_codes, count, cr_held + begin);
    store_chroma(plan_.format, cb_codes, cr_codes, begin, count, out.cb + y * out.cb_stride,
                 out.cr + y * out.cr_stride);
  }
}

void Packer::chroma_row(int64_t y, int64_t first, const float* luma, const float* cb,
                        const float* cr, const pixel::LookConstants& look, ChromaHold& hold,
                        const FrameView& out) const {
  with_sample(plan_.format.sample_bytes(), [&](auto sample) {
    write_row<CodeOf<decltype(sample)>>(y, first, luma, cb, cr, look, hold, out);
  });
}

void Packer::write_neutral(const FrameView& out) const {
  for (int64_t y = 0; y < plan_.grid.height; ++y) {
    store_neutral_chroma(plan_.format, plan_.grid.width, out.cb + y * out.cb_stride,
                         out.cr + y * out.cr_stride);
  }
}

}  // namespace cgan
