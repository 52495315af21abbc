#include "model/networks/efficientnet_lite_shape.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>

namespace cgan {
namespace {

/// Of EfficientNet-B0, which the larger ones scale; the stride is that of the first block.
struct BlockGroup {
  int64_t count, kernel, stride, expansion, channels;
};
constexpr BlockGroup kGroups[] = {{1, 3, 1, 1, 16}, {2, 3, 2, 6, 24},  {2, 5, 2, 6, 40},
                                  {3, 3, 2, 6, 80}, {3, 5, 1, 6, 112}, {4, 5, 2, 6, 192},
                                  {1, 3, 1, 6, 320}};

/// How much wider and deeper than B0.
struct Scaling {
  EfficientNetLite variant;
  const char* name;
  double width, depth;
};
constexpr Scaling kScalings[] = {{EfficientNetLite::k0, "efficientnet-lite0", 1.0, 1.0},
                                 {EfficientNetLite::k2, "efficientnet-lite2", 1.1, 1.2}};

const Scaling& scaling_of(EfficientNetLite variant) {
  return kScalings[static_cast<size_t>(variant)];
}

/// The nearest multiple of 8, but not less than nine tenths.
int64_t scaled_channels(int64_t channels, double width) {
  const double wanted = static_cast<double>(channels) * width;
  const auto rounded = std::max<int64_t>(8, static_cast<int64_t>(wanted + 4) / 8 * 8);
  return static_cast<double>(rounded) < 0.9 * wanted ? rounded + 8 : rounded;
}

}  // namespace

const char* to_string(EfficientNetLite variant) {
  return scaling_of(variant).name;
}

EfficientNetLite efficientnet_lite_from_string(const std::string& name) {
  std::string known;
  for (const auto& scaling : kScalings) {
    if (name == scaling.name) return scaling.variant;
    known += (known.empty() ? "'" : " or '") + std::string(scaling.name) + "'";
  }
  throw std::invalid_argument("the encoder is " + known + ", not '" + name + "'");
}

EncoderShape encoder_shape(EfficientNetLite variant) {
  const auto& scaling = scaling_of(variant);
  EncoderShape shape;
  int64_t channels = kStemChannels;
  for (size_t g = 0; g < std::size(kGroups); ++g) {
    const auto& group = kGroups[g];
    // The Lite variants leave the first and the last group as deep as they are.
    const bool deepens = g > 0 && g + 1 < std::size(kGroups);
    const auto count =
        deepens ? static_cast<int64_t>(std::ceil(scaling.depth * static_cast<double>(group.count)))
                : group.count;
    const int64_t width = scaled_channels(group.channels, scaling.width);
    for (int64_t i = 0; i < count; ++i) {
      shape.blocks.push_back(
          {channels, width, group.kernel, i == 0 ? group.stride : 1, group.expansion});
      channels = width;
    }
  }
  size_t tap = 0;
  for (size_t i = 0; i < shape.blocks.size(); ++i) {
    if (i + 1 < shape.blocks.size() && shape.blocks[i + 1].stride == 1) continue;
    shape.taps[tap] = i;
    shape.channels[tap++] = shape.blocks[i].out_channels;
  }
  return shape;
}

}  // namespace cgan
