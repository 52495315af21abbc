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
