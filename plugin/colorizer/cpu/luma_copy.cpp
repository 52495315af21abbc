#include "plugin/colorizer/cpu/luma_copy.h"

#include <cstring>
#include <utility>

#include "plugin/colorizer/format/sample.h"
#include "plugin/colorizer/pixel/convert.h"

namespace cgan {
namespace {

inline void store(uint16_t sample, Sample8& to) {
  to = static_cast<Sample8>(sample);
}
inline void store(uint16_t sample, Sample16& to) {
  to.bits = sample;
}

}  // namespace

LumaCopy::LumaCopy(LumaCopyPlan plan) : plan_(std::move(plan)) {}

template <typename In, typename Out>
void LumaCopy::convert(const LumaView& in, const FrameView& out, int64_t first,
                       int64_t last) const {
  const uint16_t* const table = plan_.table.data();
  for (int64_t y = first; y < last; ++y) {
    const auto* from = reinterpret_cast<const In*>(in.row(y));
    auto* to = reinterpret_cast<Out*>(out.luma + y * out.luma_stride);
    for (int64_t x = 0; x < plan_.width; ++x)
      store(pixel::converted_luma(table, from[x], plan_.in_shift), to[x]);
  }
}

void LumaCopy::rows(const LumaView& in, const FrameView& out, int64_t first, int64_t last) const {
  if (in.data == out.luma) return;
  if (plan_.table.empty()) {
    for (int64_t y = first; y < last; ++y)
      std::memcpy(out.luma + y * out.luma_stride, in.row(y), plan_.width * plan_.in_bytes);
    return;
  }
  with_sample(plan_.in_bytes, [&](auto from) {
    with_sample(plan_.out_bytes,
                [&](auto to) { convert<decltype(from), decltype(to)>(in, out, first, last); });
  });
}

}  // namespace cgan
