#pragma once

#include <cstdint>

namespace cgan {

/// A small random number generator whose numbers are the same on every machine and library:
/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
/// Thread-safety: one thread at a time; generators are cheap, make one per use.
class SplitMix64 {
 public:
  explicit SplitMix64(uint64_t seed) : state_(seed) {}

  /// Uniform over all 64-bit numbers.
  uint64_t next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// Uniform over 0..bound - 1, bound > 0; the bias is below bound / 2^64.
  int64_t below(int64_t bound) {
    return static_cast<int64_t>(next() % static_cast<uint64_t>(bound));
  }
  /// Uniform over the multiples of 2^-53 in [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// True with this probability.
  bool chance(double probability) { return uniform() < probability; }
  /// Near to normal, mean 0 and variance 1, within +-3.5: the sum of four uniform numbers, because
  /// logarithm and cosine differ in their last bit between libraries.
  double normal() {
    const uint64_t bits = next();
    double sum = -2;
    for (int i = 0; i < 4; ++i) sum += (((bits >> (16 * i)) & 0xffff) + 0.5) * 0x1p-16;
    return sum * 1.7320508075688772;  // sqrt(3): a uniform number's variance is 1/12
  }

 private:
  uint64_t state_;
};

/// Seed of the stream of random numbers that belongs to (seed, a, b): what is drawn in training
/// depends on where training is, never on what was drawn before, so that resuming needs no state.
inline uint64_t stream_seed(uint64_t seed, uint64_t a, uint64_t b) {
  const uint64_t of_a = SplitMix64(SplitMix64(seed).next() ^ a).next();
  return SplitMix64(of_a ^ b).next();
}

}  // namespace cgan
