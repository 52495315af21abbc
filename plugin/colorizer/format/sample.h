#pragma once

#include <cstdint>
#include <type_traits>

#include "plugin/colorizer/pixel/host_device.h"

namespace cgan {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "samples of two bytes are read as they lie in memory, lower byte first");

/// A sample of two bytes at any address: strides and offsets of a frame may be odd.
struct __attribute__((packed)) Sample16 {
  uint16_t bits;
  CGAN_HOST_DEVICE operator int() const { return bits; }
};
/// A sample of one byte.
using Sample8 = uint8_t;

static_assert(sizeof(Sample16) == 2 && alignof(Sample16) == 1);

CGAN_HOST_DEVICE int value_of(Sample8 sample) {
  return sample;
}
CGAN_HOST_DEVICE int value_of(Sample16 sample) {
  return sample.bits;
}

/// The number that a sample holds as it lies in memory.
template <typename Sample>
using CodeOf = std::conditional_t<sizeof(Sample) == 1, uint8_t, uint16_t>;

/// Calls call(Sample{}) with the type of samples of so many bytes.
/// @param bytes 1 or 2
/// @return what the call returns
template <typename Call>
decltype(auto) with_sample(int bytes, const Call& call) {
  return bytes == 1 ? call(Sample8{}) : call(Sample16{});
}

}  // namespace cgan
