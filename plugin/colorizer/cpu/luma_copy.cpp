#include "plugin/colorizer/cpu/luma_copy.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "plugin/colorizer/format/sample.h"

namespace cgan {
namespace {

std::vector<uint16_t> conversion_table(const StreamFormat& format) {
  const CodeScale from = luma_codes(format.in_range, format.in.depth);
  const CodeScale to = luma_codes(format.out_range, format.out.depth);
  const double highest = (1 << format.out.depth) - 1;
  const int highest_in = (1 << format.in.depth) - 1;
  // Wide enough for everything that a sample can hold: nobody promises codes of the depth.
  std::vector<uint16_t> table(size_t{1} << (8 * format.in.sample_bytes() - format.in.shift));
  for (size_t bits = 0; bits < table.size(); ++bits) {
    const int code = std::min(static_cast<int>(bits), highest_in);
    // The product is a whole number, so that a result in the middle of two codes is exact.
    const double exact = (code - from.offset) * to.scale / from.scale;
    const double nearest = std::floor(std::clamp(exact + to.offset, 0.0, highest) + 0.5);
    table[bits] = static_cast<uint16_t>(static_cast<int>(nearest) << format.out.shift);
  }
  return table;
}

inline void store(uint16_t sample, Sample8& to) {
  to = static_cast<Sample8>(sample);
}
inline void store(uint16_t sample, Sample16& to) {
  to.bits = sample;
}

}  // namespace

LumaCopy::LumaCopy(const StreamFormat& format, WorkerPool& pool)
    : width_(format.width),
      height_(format.height),
      in_bytes_(format.in.sample_bytes()),
      out_bytes_(format.out.sample_bytes()),
      in_shift_(format.in.shift),
      pool_(pool),
      table_(format.keeps_luma() ? std::vector<uint16_t>() : conversion_table(format)) {}

template <typename In, typename Out>
void LumaCopy::convert(const LumaView& in, const FrameView& out) const {
  const uint16_t* const table = table_.data();
  for_row_bands(pool_, height_, [&](int64_t first, int64_t last, int) {
    for (int64_t y = first; y < last; ++y) {
      const auto* from = reinterpret_cast<const In*>(in.row(y));
      auto* to = reinterpret_cast<Out*>(out.luma + y * out.luma_stride);
      for (int64_t x = 0; x < width_; ++x) store(table[from[x] >> in_shift_], to[x]);
    }
  });
}

void LumaCopy::run(const LumaView& in, const FrameView& out) const {
  if (in.data == out.luma) return;
  if (table_.empty()) {
    for (int64_t y = 0; y < height_; ++y) {
      std::memcpy(out.luma + y * out.luma_stride, in.row(y), width_ * in_bytes_);
    }
  } else if (in_bytes_ == 1) {
    out_bytes_ == 1 ? convert<Sample8, Sample8>(in, out) : convert<Sample8, Sample16>(in, out);
  } else {
    out_bytes_ == 1 ? convert<Sample16, Sample8>(in, out) : convert<Sample16, Sample16>(in, out);
  }
}

}  // namespace cgan
