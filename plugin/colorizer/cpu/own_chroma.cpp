#include "plugin/colorizer/cpu/own_chroma.h"

#include <algorithm>
#include <cstring>

#include "plugin/colorizer/cpu/chroma_store.h"
#include "plugin/colorizer/format/sample.h"

namespace cgan {

OwnChroma::OwnChroma(const StreamFormat& format)
    : in_(format.in),
      out_(format.out),
      is_copy_(format.in.format == format.out.format && format.in_range == format.out_range),
      scale_(0.0f),
      offset_(0.0f),
      highest_(static_cast<float>((1 << format.out.depth) - 1)) {
  if (!in_.has_chroma()) return;
  const CodeScale from = chroma_codes(format.in_range, in_.depth);
  const CodeScale to = chroma_codes(format.out_range, out_.depth);
  scale_ = static_cast<float>(to.scale / from.scale);
  offset_ = static_cast<float>(to.offset - from.offset * to.scale / from.scale);
  const ChromaGrid source = format.in_chroma_grid(), grid = format.chroma_grid();
  columns_ =
      taps(grid.width, grid.first_x, grid.step_x, source.width, source.first_x, source.step_x);
  lines_ =
      taps(grid.height, grid.first_y, grid.step_y, source.height, source.first_y, source.step_y);
}

std::vector<OwnChroma::Tap> OwnChroma::taps(int64_t count, double first, int64_t step,
                                            int64_t from_count, double from_first,
                                            int64_t from_step) {
  std::vector<Tap> result(count);
  for (int64_t i = 0; i < count; ++i) {
    const double at = first + static_cast<double>(i * step) - from_first;
    const double position =
        std::clamp(at / static_cast<double>(from_step), 0.0, static_cast<double>(from_count - 1));
    const auto left = static_cast<int32_t>(position);
    const auto right = static_cast<int32_t>(std::min<int64_t>(left + 1, from_count - 1));
    result[i] = {left, right, static_cast<float>(position - left)};
  }
  return result;
}

void OwnChroma::row(int64_t y, int64_t count, const ChromaView& in, const FrameView& out) const {
  const bool is_wide_in = in_.sample_bytes() > 1, is_wide_out = out_.sample_bytes() > 1;
  if (!in_.has_chroma()) {
    uint8_t* const cb = out.cb + y * out.cb_stride;
    uint8_t* const cr = out.cr + y * out.cr_stride;
    is_wide_out ? store_neutral_chroma<uint16_t>(out_, count, cb, cr)
                : store_neutral_chroma<uint8_t>(out_, count, cb, cr);
  } else if (is_copy_) {
    copy_row(y, count, in, out);
  } else if (is_wide_in) {
    convert_row<Sample16, uint16_t>(y, count, in, out);  // no depth is lost
  } else if (is_wide_out) {
    convert_row<Sample8, uint16_t>(y, count, in, out);
  } else {
    convert_row<Sample8, uint8_t>(y, count, in, out);
  }
}

void OwnChroma::copy_row(int64_t y, int64_t count, const ChromaView& in,
                         const FrameView& out) const {
  const int64_t bytes = in_.sample_bytes();
  const auto copy = [&](const uint8_t* from, uint8_t* to, int64_t length) {
    if (from != to) std::memcpy(to, from, length);
  };
  const uint8_t* const cb = in.cb + y * in.cb_stride;
  const uint8_t* const cr = in.cr + y * in.cr_stride;
  uint8_t* const to_cb = out.cb + y * out.cb_stride;
  uint8_t* const to_cr = out.cr + y * out.cr_stride;
  if (in_.layout == ChromaLayout::kInterleaved) {
    copy(std::min(cb, cr), std::min(to_cb, to_cr), 2 * count * bytes);
  } else {
    copy(cb, to_cb, count * bytes);
    copy(cr, to_cr, count * bytes);
  }
}

template <typename In, typename Code>
void OwnChroma::convert_row(int64_t y, int64_t count, const ChromaView& in,
                            const FrameView& out) const {
  const Tap line = lines_[y];
  const int64_t apart = in_.layout == ChromaLayout::kInterleaved ? 2 : 1;
  const int in_shift = in_.shift, out_shift = out_.shift;
  const auto code_at = [&](const uint8_t* plane, ptrdiff_t stride, const Tap& column) {
    const auto* upper = reinterpret_cast<const In*>(plane + line.left * stride);
    const auto* lower = reinterpret_cast<const In*>(plane + line.right * stride);
    const auto between = [&](const In* row) {
      const auto left = static_cast<float>(row[apart * column.left] >> in_shift);
      const auto right = static_cast<float>(row[apart * column.right] >> in_shift);
      return left + column.share * (right - left);
    };
    const float above = between(upper);
    const float code = (above + line.share * (between(lower) - above)) * scale_ + offset_;
    const auto nearest = static_cast<int>(std::clamp(code, 0.0f, highest_) + 0.5f);
    return static_cast<Code>(nearest << out_shift);
  };
  Code cb[kChromaChunk], cr[kChromaChunk];
  for (int64_t begin = 0; begin < count; begin += kChromaChunk) {
    const int64_t length = std::min(kChromaChunk, count - begin);
    for (int64_t i = 0; i < length; ++i) {
      const Tap& column = columns_[begin + i];
      cb[i] = code_at(in.cb, in.cb_stride, column);
      cr[i] = code_at(in.cr, in.cr_stride, column);
    }
    store_chroma(out_, cb, cr, begin, length, out.cb + y * out.cb_stride,
                 out.cr + y * out.cr_stride);
  }
}

}  // namespace cgan
