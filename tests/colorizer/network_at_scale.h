#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "tests/colorizer/synthetic_film.h"

namespace cgan::test {

constexpr float kNetworkError = 0.2f;

/// A network whose chroma has the parameter's scale.
class NetworkAtScale : public testing::TestWithParam<int64_t> {
 protected:
  std::vector<float> truth(const Picture& picture) const {
    return network_chroma(picture, GetParam(), 0.0f, 0);
  }
  std::vector<float> guess(const Picture& picture, uint32_t seed) const {
    return network_chroma(picture, GetParam(), kNetworkError, seed);
  }
};

}  // namespace cgan::test
