#include "training/data/tile_cut.h"

#include <algorithm>
#include <array>
#include <vector>

namespace cgan {
namespace {

/// -1 -> 1, -2 -> 2, length -> length - 2: the border pixel itself is not repeated.
int64_t reflect(int64_t position, int64_t length) {
  if (length == 1) return 0;
  const int64_t period = 2 * (length - 1);
  position = ((position % period) + period) % period;
  return position < length ? position : period - position;
}

int64_t floor_divide(int64_t a, int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

struct Share {
  int64_t position;  ///< Of a picture's row or column.
  int64_t weight;
};

/// What of a picture's row or column makes pixel `index` of a tile, in whole weights that sum to
/// weights_sum(side, tile).
using Shares = std::vector<Share>;

/// Reduction: what the pixel covers. In units of 1 / tile picture pixels it is side units wide and
/// a picture pixel tile units.
Shares covered_by(int64_t index, int64_t tile, int64_t start, int64_t side, int64_t length) {
  const int64_t begin = index * side, end = begin + side;
  Shares shares;
  for (int64_t k = floor_divide(begin, tile); k * tile < end; ++k)
    shares.push_back(
        {reflect(start + k, length), std::min((k + 1) * tile, end) - std::max(k * tile, begin)});
  return shares;
}

/// Enlargement: the two pixels whose middles lie beside its own, each the more the nearer. In units
/// of 1 / (2 tile) picture pixels.
Shares interpolated_at(int64_t index, int64_t tile, int64_t start, int64_t side, int64_t length) {
  const int64_t middle = (2 * index + 1) * side - tile, pixel = 2 * tile;
  const int64_t k = floor_divide(middle, pixel), beyond = middle - k * pixel;
  return {{reflect(start + k, length), pixel - beyond}, {reflect(start + k + 1, length), beyond}};
}

int64_t weights_sum(int64_t side, int64_t tile) {
  return side < tile ? 2 * tile : side;
}

}  // namespace

void cut_tile(const PictureView& from, const TileCut& cut, int64_t tile, int64_t down,
              int64_t right, uint8_t* rgb) {
  const auto shares_of = cut.side < tile ? interpolated_at : covered_by;
  std::vector<Shares> columns(tile);
  for (int64_t x = 0; x < tile; ++x) {
    const int64_t index = cut.mirrored ? tile - 1 - (x + right) : x + right;
    columns[x] = shares_of(index, tile, cut.left, cut.side, from.width);
  }
  // Of whole numbers below 2^53 the rounded quotient never reaches a whole number from below, and
  // processors divide fractions faster.
  const int64_t area = weights_sum(cut.side, tile) * weights_sum(cut.side, tile);
  const auto divisor = static_cast<double>(area);
  for (int64_t y = 0; y < tile; ++y) {
    const auto rows = shares_of(y + down, tile, cut.top, cut.side, from.height);
    for (const auto& pixel_columns : columns) {
      std::array<int64_t, 3> sum = {area / 2, area / 2, area / 2};
      for (const auto& row : rows)
        for (const auto& column : pixel_columns) {
          const uint8_t* pixel = from.rgb + (row.position * from.width + column.position) * 3;
          for (int c = 0; c < 3; ++c) sum[c] += row.weight * column.weight * pixel[c];
        }
      for (int c = 0; c < 3; ++c) *rgb++ = static_cast<uint8_t>(sum[c] / divisor);
    }
  }
}

}  // namespace cgan
