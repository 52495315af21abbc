#include "plugin/colorizer/cpu/own_chroma.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "plugin/colorizer/cpu/chroma_store.h"
#include "plugin/colorizer/format/sample.h"
#include "plugin/colorizer/pixel/convert.h"

namespace cgan {

OwnChroma::OwnChroma(OwnChromaPlan plan) : plan_(std::move(plan)) {}

void OwnChroma::row(int64_t y, int64_t count, const ChromaView& in, const FrameView& out) const {
  if (!plan_.in.has_chroma()) {
    store_neutral_chroma(plan_.out, count, out.cb + y * out.cb_stride, out.cr + y * out.cr_stride);
  } else if (plan_.is_copy) {
    copy_row(y, count, in, out);
  } else {
    with_sample(plan_.in.sample_bytes(), [&](auto from) {
      with_sample(plan_.out.sample_bytes(),
                  [&](auto to) { convert_row<decltype(from), decltype(to)>(y, count, in, out); });
    });
  }
}

void OwnChroma::copy_row(int64_t y, int64_t count, const ChromaView& in,
                         const FrameView& out) const {
  const int64_t bytes = plan_.in.sample_bytes();
  const auto copy = [&](const uint8_t* from, uint8_t* to, int64_t length) {
    if (from != to) std::memcpy(to, from, length);
  };
  const uint8_t* const cb = in.cb + y * in.cb_stride;
  const uint8_t* const cr = in.cr + y * in.cr_stride;
  uint8_t* const to_cb = out.cb + y * out.cb_stride;
  uint8_t* const to_cr = out.cr + y * out.cr_stride;
  if (plan_.in.layout == ChromaLayout::kInterleaved) {
    copy(std::min(cb, cr), std::min(to_cb, to_cr), 2 * count * bytes);
  } else {
    copy(cb, to_cb, count * bytes);
    copy(cr, to_cr, count * bytes);
  }
}

template <typename In, typename Out>
void OwnChroma::convert_row(int64_t y, int64_t count, const ChromaView& in,
                            const FrameView& out) const {
  using Code = CodeOf<Out>;
  const Tap line = plan_.lines[y];
  const int64_t apart = plan_.in.layout == ChromaLayout::kInterleaved ? 2 : 1;
  const int in_shift = plan_.in.shift, out_shift = plan_.out.shift;
  const auto code_at = [&](const uint8_t* plane, ptrdiff_t stride, const Tap& column) {
    const auto* upper = reinterpret_cast<const In*>(plane + line.left * stride);
    const auto* lower = reinterpret_cast<const In*>(plane + line.right * stride);
    const auto at = [&](const In* row, int64_t x) {
      return static_cast<float>(row[apart * x] >> in_shift);
    };
    const int nearest =
        pixel::converted_chroma(at(upper, column.left), at(upper, column.right),
                                at(lower, column.left), at(lower, column.right), column.share,
                                line.share, plan_.scale, plan_.offset, plan_.highest);
    return static_cast<Code>(nearest << out_shift);
  };
  Code cb[kChromaChunk], cr[kChromaChunk];
  for (int64_t begin = 0; begin < count; begin += kChromaChunk) {
    const int64_t length = std::min(kChromaChunk, count - begin);
    for (int64_t i = 0; i < length; ++i) {
      const Tap& column = plan_.columns[begin + i];
      cb[i] = code_at(in.cb, in.cb_stride, column);
      cr[i] = code_at(in.cr, in.cr_stride, column);
    }
    store_chroma(plan_.out, cb, cr, begin, length, out.cb + y * out.cb_stride,
                 out.cr + y * out.cr_stride);
  }
}

}  // namespace cgan
