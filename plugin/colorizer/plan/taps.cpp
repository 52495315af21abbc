#include "plugin/colorizer/plan/taps.h"

#include <algorithm>

namespace cgan {

std::vector<Tap> interpolation_taps(int64_t count, double first, double step, double origin,
                                    int64_t length) {
  std::vector<Tap> result(count);
  for (int64_t i = 0; i < count; ++i) {
    const double last = static_cast<double>(length - 1);
    const double position = std::clamp(first + static_cast<double>(i) * step - origin, 0.0, last);
    const auto left = static_cast<int32_t>(position);
    const auto right = static_cast<int32_t>(std::min<int64_t>(left + 1, length - 1));
    result[i] = {left, right, static_cast<float>(position - left)};
  }
  return result;
}

std::vector<Span> area_spans(int64_t length, int64_t count) {
  std::vector<Span> result(count);
  for (int64_t i = 0; i < count; ++i) {
    // Whole numbers until the last step: no border is lost or counted twice by rounding.
    const int64_t begin = i * length, end = begin + length;  // in samples of the old size * count
    const int64_t first = begin / count, last = (end - 1) / count;
    const double unit = 1.0 / static_cast<double>(count);
    const int64_t first_end = std::min(end, (first + 1) * count);
    result[i] = {first, last, static_cast<float>(static_cast<double>(first_end - begin) * unit),
                 static_cast<float>(static_cast<double>(end - last * count) * unit)};
  }
  return result;
}

}  // namespace cgan
