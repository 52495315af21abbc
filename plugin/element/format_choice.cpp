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

bool exists_in(CganMemory memory, const PixelFormat& format) {
  if (memory == CGAN_MEMORY_HOST) return true;
  switch (format.format) {
    case CGAN_FORMAT_I420:
    case CGAN_FORMAT_NV12:
    case CGAN_FORMAT_YV12:
    case CGAN_FORMAT_Y42B:
    case CGAN_FORMAT_Y444:
    case CGAN_FORMAT_I420_10LE:
    case CGAN_FORMAT_P010_10LE:
    case CGAN_FORMAT_I422_10LE:
    case CGAN_FORMAT_I422_12LE:
      return true;
    default:
      return false;
  }
}

}  // namespace

Formats formats_of(GstPadDirection direction, CganMemory memory) {
  Formats formats;
  for (const PixelFormat& format : kPixelFormats) {
    const bool is_taken = format.has_chroma() || direction == GST_PAD_SINK;
    if (is_taken && exists_in(memory, format)) formats.push_back(&format);
  }
  std::stable_partition(formats.begin(), formats.end(),
                        [](const PixelFormat* format) { return format->has_chroma(); });
  return formats;
}

Formats partners(GstPadDirection direction, const PixelFormat& own, CganMemory memory) {
  Formats formats;
  for (const PixelFormat& other : kPixelFormats) {
    const bool is_sink = direction == GST_PAD_SINK;
    const bool goes = can_become(is_sink ? own : other, is_sink ? other : own);
    if (goes && exists_in(memory, other)) formats.push_back(&other);
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
