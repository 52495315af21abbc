#pragma once

#include <cstdint>

namespace cgan {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "samples of two bytes are read as they lie in memory, lower byte first");

/// A sample of two bytes at any address: strides and offsets of a frame may be odd.
struct __attribute__((packed)) Sample16 {
  uint16_t bits;
  operator int() const { return bits; }
};
/// A sample of one byte.
using Sample8 = uint8_t;

static_assert(sizeof(Sample16) == 2 && alignof(Sample16) == 1);

}  // namespace cgan
