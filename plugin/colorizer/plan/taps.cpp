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
  return area_spans(length, count, 0, 4 * length);
}

std::vector<Span> area_spans(int64_t length, int64_t count, int64_t begin, int64_t quarters) {
  std::vector<Span> result(count);
  // Whole numbers until the last step: no border is lost or counted twice by rounding.
  const int64_t sample = 4 * count;
  const double unit = 1.0 / static_cast<double>(sample);
  const auto index = [&](int64_t position) {
    return std::clamp<int64_t>(position / sample, 0, length - 1);
  };
  for (int64_t i = 0; i < count; ++i) {
    const int64_t from = begin * count + i * quarters, to = from + quarters;
    const int64_t first = index(from), last = index(to - 1);
    const int64_t first_end = first == last ? to : (first + 1) * sample;
    result[i] = {first, last, static_cast<float>(static_cast<double>(first_end - from) * unit),
                 static_cast<float>(static_cast<double>(to - last * sample) * unit)};
  }
  return result;
}

}  // namespace cgan
