#include "plugin/colorizer/network/tiled_network.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/colorizer/substitute_generators.h"

namespace cgan {
namespace {

using test::SubstituteGenerator;

/// Each tile has a colour of its own; a picture that is seen whole has 0.1.
at::Tensor tiles_that_disagree(const at::Tensor& luma) {
  const int64_t count = luma.size(0);
  if (count == 1) return at::full({1, 2, luma.size(2), luma.size(3)}, 0.1);
  return at::zeros({count, 2, luma.size(2), luma.size(3)}) +
         at::arange(count).div(count).view({-1, 1, 1, 1});
}

float farthest_from(float value, const std::vector<float>& chroma) {
  float farthest = 0;
  for (const float sample : chroma) farthest = std::max(farthest, std::abs(sample - value));
  return farthest;
}

TEST(TiledNetwork, GivesTilesThatDisagreeTheColourOfTheWhole) {
  SubstituteGenerator generator(tiles_that_disagree);
  const auto size = work_size_for(96, 96, 96, TiledNetwork::rule(generator));
  const TiledNetwork network(size, generator, 0.5, 0);
  WorkerPool pool(1);
  TiledNetwork::Frame frame(network, pool);
  const std::vector<float> luma(96 * 96, 0.0f);
  network.colour(luma.data(), 0, frame);
  EXPECT_EQ(frame.chroma().size(), 2u * 96 * 96);
  // 25 tiles between 0 and 0.96, blended over 16 pixels: what is left lies within cells of 3.
  EXPECT_LT(farthest_from(0.1f, frame.chroma()), 0.05f);
}

TEST(TiledNetwork, AsksOnceForAPictureThatFits) {
  int calls = 0;
  SubstituteGenerator generator([&calls](const at::Tensor& luma) {
    ++calls;
    return tiles_that_disagree(luma);
  });
  const auto size = work_size_for(32, 24, 24, TiledNetwork::rule(generator));
  const TiledNetwork network(size, generator, 0.5, 0);
  WorkerPool pool(1);
  TiledNetwork::Frame frame(network, pool);
  const std::vector<float> luma(32 * 32, 0.0f);
  network.colour(luma.data(), 0, frame);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(farthest_from(0.1f, frame.chroma()), 0.0f);
}

}  // namespace
}  // namespace cgan
