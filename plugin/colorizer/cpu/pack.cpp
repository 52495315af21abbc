#include "plugin/colorizer/cpu/pack.h"

#include <algorithm>

#include "model/kernels/wide_loops.h"
#include "plugin/colorizer/cpu/chroma_store.h"
#include "plugin/colorizer/format/sample.h"
#include "plugin/colorizer/pixel/gamut_code.h"

namespace cgan {

Packer::Packer(const PackPlan& plan) : plan_(plan) {}

/// @tparam Code holds a sample as it lies in memory
template <typename Code>
CGAN_WIDE void Packer::write_row(int64_t y, int64_t first, const float* luma, const float* cb,
                                 const float* cr, const pixel::LookConstants& look,
                                 ChromaHold& hold, const FrameView& out) const {
  // Copies: the compiler cannot know that writing codes does not change what lies elsewhere.
  const pixel::GamutConstants of_stream = plan_.gamut;
  const pixel::LookConstants of_look = look;
  const int64_t width = plan_.grid.width;
  // One byte knows no shift.
  const int shift = sizeof(Code) == 1 ? 0 : plan_.format.shift;
  Code* const cb_held = hold.row<Code>(y);
  Code* const cr_held = cb_held + width;

  Code cb_codes[kChromaChunk], cr_codes[kChromaChunk];
  for (int64_t begin = first; begin < width; begin += kChromaChunk) {
    const int64_t count = std::min(kChromaChunk, width - begin);
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
      const pixel::ChromaCodes codes =
          pixel::gamut_codes(cb[begin + i], cr[begin + i], luma[begin + i], of_stream, of_look);
      cb_codes[i] = static_cast<Code>(codes.cb << shift);
      cr_codes[i] = static_cast<Code>(codes.cr << shift);
    }
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
