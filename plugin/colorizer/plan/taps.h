#pragma once

#include <cstdint>
#include <vector>

namespace cgan {

/// A sample of a new size along one axis between two of the old: left * (1 - share) + right *
/// share.
struct Tap {
  int32_t left, right;
  float share;
};
/// Sample i of the new size lies on position first + i * step - origin of the old one, whose
/// samples are at 0, 1, 2 ...; beyond the border is the border's.
/// @param count of the new size, positive
/// @param length of the old one, positive
std::vector<Tap> interpolation_taps(int64_t count, double first, double step, double origin,
                                    int64_t length);

/// A sample of a smaller size along one axis as the mean of an interval: samples first..last of the
/// old size and the weights of the two at the ends; those between weigh 1. first == last: only
/// first_weight counts.
struct Span {
  int64_t first, last;
  float first_weight, last_weight;
};
/// @param length of the old size, positive
/// @param count of the new one, positive
std::vector<Span> area_spans(int64_t length, int64_t count);
/// The same over another part of the old size, in quarters of its samples; beyond the border is the
/// border's.
/// @param begin of the first sample of the new size; @param quarters all that the new size covers,
///   positive
std::vector<Span> area_spans(int64_t length, int64_t count, int64_t begin, int64_t quarters);

}  // namespace cgan
