#include "plugin/colorizer/network/tensor_network.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/colorizer/substitute_generators.h"

namespace cgan {
namespace {

struct Case {
  int64_t width, height, batch;
};

class TensorNetworks : public testing::TestWithParam<Case> {};

/// A network whose colours depend on where a tile begins, so that tiles disagree.
at::Tensor shaded(const at::Tensor& luma) {
  const auto whole = luma.mean(std::vector<int64_t>{2, 3}, true) * 0.3;
  return at::cat({luma * -0.15 + whole, luma * 0.2 - whole}, 1);
}

TEST_P(TensorNetworks, GiveTheColoursOfTheTiledNetwork) {
  const c10::InferenceMode inference;
  const Case& of = GetParam();
  const test::SubstituteGenerator generator(shaded);
  const WorkSize size = work_size_for(of.width, of.height, std::min(of.width, of.height),
                                      TiledNetwork::rule(generator));
  const TiledNetwork network(size, generator, 0.5, 0);
  std::vector<float> luma(network.width() * network.height());
  std::mt19937 random(1);
  std::uniform_real_distribution<float> codes(-1.0f, 1.0f);
  for (float& code : luma) code = codes(random);

  WorkerPool pool(1);
  TiledNetwork::Frame frame(network, pool);
  network.colour(luma.data(), 0, frame);
  const TensorNetwork tensors(network, c10::kCPU, of.batch);
  const auto picture =
      at::from_blob(luma.data(), {1, 1, network.height(), network.width()}, c10::kFloat);
  const auto found = tensors.colour(picture, at::full({}, 0.0f)).contiguous();
  ASSERT_EQ(found.numel(), static_cast<int64_t>(frame.chroma().size()));
  for (int64_t i = 0; i < found.numel(); ++i)
    ASSERT_NEAR(found.data_ptr<float>()[i], frame.chroma()[static_cast<size_t>(i)], 1e-5f) << i;
}

INSTANTIATE_TEST_SUITE_P(Pictures, TensorNetworks,
                         testing::Values(Case{32, 24, 0}, Case{96, 96, 0}, Case{150, 70, 0},
                                         Case{150, 70, 3}, Case{45, 200, 1}));

}  // namespace
}  // namespace cgan
