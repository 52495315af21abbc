#include "plugin/element/format_choice.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace cgan {
namespace {

// Luma pixels per chroma sample; grey gets chroma as of I420, what most of the world plays.
int pixels_per_sample(const PixelFormat& format) {
  return format.has_chroma() ? format.step_x * format.step_y : 4;
}

}  // namespace

Formats formats_of(GstPadDirection direction) {
  Formats formats;
  for (const PixelFormat& format : kPixelFormats) {
    if (format.has_chroma() || direction == GST_PAD_SINK) formats.push_back(&format);
  }
  std::stable_partition(formats.begin(), formats.end(),
                        [](const PixelFormat* format) { return format->has_chroma(); });
  return formats;
}

Formats partners(GstPadDirection direction, const PixelFormat& own) {
  Formats formats;
  for (const PixelFormat& other : kPixelFormats) {
    const bool is_sink = direction == GST_PAD_SINK;
    if (can_become(is_sink ? own : other, is_sink ? other : own)) formats.push_back(&other);
  }
  const auto distance = [&own](const PixelFormat* other) {
    return std::make_tuple(!other->has_chroma(), std::abs(other->depth - own.depth),
                           std::abs(pixels_per_sample(*other) - pixels_per_sample(own)),
                           other != &own);
  };
  std::stable_sort(formats.begin(), formats.end(), [&](const PixelFormat* a, const PixelFormat* b) {
    return distance(a) < distance(b);
  });
  return formats;
}

bool have_same_grid(const PixelFormat& a, const PixelFormat& b) {
  return a.step_x == b.step_x && a.step_y == b.step_y;
}

}  // namespace cgan
