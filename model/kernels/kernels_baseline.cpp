// Plain code for every processor, in vectors of four that the compiler makes of what it has.

#include "model/kernels/loops.h"

namespace cgan {
namespace {

struct Baseline {
  static constexpr int64_t kLanes = 4, kBytePanel = 2, kFloatPanel = 2;
  static constexpr int kBytePixels[] = {2, 2}, kFloatPixels[] = {4, 4};
  static constexpr int kDepthwiseOutputs = 2, kChromaPixels = 3;
  static constexpr int64_t kLargestWeight = 127;
  typedef float Floats __attribute__((vector_size(16)));
  typedef int32_t Ints __attribute__((vector_size(16)));
  typedef int16_t Words __attribute__((vector_size(16)));

  template <typename Vector>
  static CGAN_INLINE Vector read(const void* from) {
    Vector value;
    __builtin_memcpy(&value, from, sizeof value);
    return value;
  }

  static CGAN_INLINE Floats load(const float* from) { return read<Floats>(from); }
  static CGAN_INLINE void store(const Floats& value, float* to) {
    __builtin_memcpy(to, &value, sizeof value);
  }
  static CGAN_INLINE Floats all(float value) { return Floats{value, value, value, value}; }
  static CGAN_INLINE Floats fma(const Floats& a, const Floats& b, const Floats& c) {
    return a * b + c;
  }
  static CGAN_INLINE Floats clip(const Floats& value, float low, float high) {
    Floats result;
    for (int i = 0; i < kLanes; ++i) {
      const float above = value[i] < low ? low : value[i];
      result[i] = above > high ? high : above;
    }
    return result;
  }
  static CGAN_INLINE Floats not_below_zero(const Floats& value) {
    return clip(value, 0, __builtin_inff());
  }
  static CGAN_INLINE float sum(const Floats& value) {
    return (value[0] + value[1]) + (value[2] + value[3]);
  }
  static CGAN_INLINE Floats to_floats(const Ints& value) {
    return __builtin_convertvector(value, Floats);
  }

  static CGAN_INLINE Ints none() { return Ints{}; }
  static CGAN_INLINE Ints load_ints(const void* from) { return read<Ints>(from); }
  static CGAN_INLINE Ints four(const uint8_t* bytes) {
    int32_t four;
    __builtin_memcpy(&four, bytes, sizeof four);
    return Ints{four, four, four, four};
  }
  static CGAN_INLINE void dot_bytes(Ints& sums, const Ints& bytes, const Ints& weights) {
    uint8_t of_bytes[4 * kLanes];
    int8_t of_weights[4 * kLanes];
    __builtin_memcpy(of_bytes, &bytes, sizeof of_bytes);
    __builtin_memcpy(of_weights, &weights, sizeof of_weights);
    for (int i = 0; i < 4 * kLanes; ++i) sums[i / 4] += of_bytes[i] * of_weights[i];
  }
  static CGAN_INLINE void dot_words(Ints& sums, const Ints& words, const Ints& weights) {
    const Words a = read<Words>(&words), b = read<Words>(&weights);
    for (int i = 0; i < 2 * kLanes; ++i) sums[i / 2] += a[i] * b[i];
  }

  static CGAN_INLINE Floats load_some(const float* from, int64_t count) {
    Floats value = {};
    for (int64_t i = 0; i < smaller(count, kLanes); ++i) value[i] = from[i];
    return value;
  }
  static CGAN_INLINE void store_some(const Floats& value, int64_t count, float* to) {
    for (int64_t i = 0; i < smaller(count, kLanes); ++i) to[i] = value[i];
  }
  static CGAN_INLINE Floats load_codes(const uint8_t* from, int64_t count) {
    Floats value = {};
    for (int64_t i = 0; i < smaller(count, kLanes); ++i) value[i] = from[i];
    return value;
  }
  /// To even in the middle between two, as processors' own conversions.
  static CGAN_INLINE uint8_t nearest(float code) {
    const float limited = code < 0 ? 0 : code > 255 ? 255 : code;
    return static_cast<uint8_t>(__builtin_nearbyintf(limited));
  }
  static CGAN_INLINE void store_codes(const Floats& codes, int64_t count, uint8_t* to) {
    for (int64_t i = 0; i < smaller(count, kLanes); ++i) to[i] = nearest(codes[i]);
  }

  static CGAN_INLINE Ints words(const uint8_t* bytes) {
    Words words = {};
    for (int i = 0; i < 2 * kLanes; ++i) words[i] = bytes[i];
    return read<Ints>(&words);
  }
  static CGAN_INLINE Ints interleaved(const Ints& a, const Ints& b, int first) {
    const Words of_a = read<Words>(&a), of_b = read<Words>(&b);
    Words words = {};
    for (int i = 0; i < kLanes; ++i) {
      words[2 * i] = of_a[first + i];
      words[2 * i + 1] = of_b[first + i];
    }
    return read<Ints>(&words);
  }
  static CGAN_INLINE Ints low(const Ints& a, const Ints& b) { return interleaved(a, b, 0); }
  static CGAN_INLINE Ints high(const Ints& a, const Ints& b) { return interleaved(a, b, kLanes); }
  static CGAN_INLINE void store_block(const Floats& low, const Floats& high, uint8_t* to) {
    store_codes(low, kLanes, to);
    store_codes(high, kLanes, to + kLanes);
  }
};

}  // namespace

extern const Kernels kBaselineKernels;
const Kernels kBaselineKernels = table_of<Baseline>(InstructionSet::kBaseline);

}  // namespace cgan
