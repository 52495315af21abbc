#include "plugin/colorizer/format/work_size.h"

#include <algorithm>
#include <cmath>

namespace cgan {
namespace {

int64_t round_up(int64_t value, int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

}  // namespace

WorkSize work_size_for(int64_t frame_width, int64_t frame_height, int64_t short_side,
                       const TileRule& rule) {
  const int64_t frame_short = std::min(frame_width, frame_height);
  const double scale = std::min(1.0, static_cast<double>(short_side) / frame_short);
  const auto scaled = [scale](int64_t side) {
    return std::max<int64_t>(1, std::llround(side * scale));
  };
  WorkSize size = {scaled(frame_width), scaled(frame_height), 0, 0, 0, 0};
  const auto pad = [&rule](int64_t side, int64_t& padded, int64_t& tile) {
    const bool fits = side <= rule.largest;
    padded = round_up(side, fits ? rule.multiple : rule.alignment);
    tile = fits ? padded : rule.largest;
  };
  pad(size.width, size.padded_width, size.tile_width);
  pad(size.height, size.padded_height, size.tile_height);
  return size;
}

}  // namespace cgan
