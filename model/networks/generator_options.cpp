#include "model/networks/generator_options.h"

#include <algorithm>
#include <stdexcept>

namespace cgan {

void check_sizes(int64_t tile, const std::array<int64_t, 5>& widths) {
  constexpr int64_t kLargestTile = 4096, kMostChannels = 2048;
  if (tile <= 0 || tile > kLargestTile)
    throw std::invalid_argument("a generator's tile lies in 1..4096, not " + std::to_string(tile));
  if (std::any_of(widths.begin(), widths.end(),
                  [](int64_t width) { return width <= 0 || width > kMostChannels; }))
    throw std::invalid_argument("a generator's widths must be positive and at most 2048");
}

const char* to_string(Upsampling upsampling) {
  return upsampling == Upsampling::kTransposed ? "transposed" : "subpixel";
}

Upsampling upsampling_from_string(const std::string& name) {
  if (name == "transposed") return Upsampling::kTransposed;
  if (name == "subpixel") return Upsampling::kSubpixel;
  throw std::invalid_argument("upsampling is 'transposed' or 'subpixel', not '" + name + "'");
}

void check(const ReportGeneratorOptions& options) {
  check_sizes(options.tile, options.widths);
  if (options.tile % 16 != 0)
    throw std::invalid_argument("the generator's tile must be a positive multiple of 16, not " +
                                std::to_string(options.tile));
  if (!(options.dropout >= 0 && options.dropout < 1))
    throw std::invalid_argument("the generator's dropout must lie in [0, 1)");
}

void check(const PhotoGeneratorOptions& options) {
  check_sizes(options.tile, options.widths);
  if (options.tile % kEncoderMultiple != 0)
    throw std::invalid_argument(
        "the photo generator's tile must be a positive multiple of 32, not " +
        std::to_string(options.tile));
}

}  // namespace cgan
