#include "plugin/colorizer/network/shared_generators.h"

#include <ATen/ops/full.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "tests/colorizer/substitute_generators.h"

namespace cgan {
namespace {

Weights weights_of(float number) {
  Weights weights;
  weights.header.architecture = "substitute";
  weights.tensors["out.weight"] = at::full({2, 3}, number);
  return weights;
}

class SharedGenerators : public testing::Test {
 protected:
  std::shared_ptr<FrozenGenerator> get(const Weights& weights,
                                       const FrozenGenerator::Options& options = {}) {
    return shared_generator(weights, options, [this] {
      ++made_;
      return std::make_unique<test::SubstituteGenerator>(test::warm_light);
    });
  }
  int made_ = 0;
};

TEST_F(SharedGenerators, AreOneForTheSameNumbersAndOptions) {
  const auto first = get(weights_of(1.0f)), second = get(weights_of(1.0f));
  EXPECT_EQ(first, second);
  EXPECT_EQ(made_, 1);
}

TEST_F(SharedGenerators, AreAnotherForOtherNumbersOrOptions) {
  const auto first = get(weights_of(1.0f));
  EXPECT_NE(first, get(weights_of(2.0f)));
  FrozenGenerator::Options options;
  options.variant = 7;
  EXPECT_NE(first, get(weights_of(1.0f), options));
  options = {};
  options.type = c10::kBFloat16;
  EXPECT_NE(first, get(weights_of(1.0f), options));
  EXPECT_EQ(made_, 4);
}

TEST_F(SharedGenerators, GoWithTheLastWhoUsesThem) {
  const std::weak_ptr<FrozenGenerator> gone = get(weights_of(1.0f));
  EXPECT_TRUE(gone.expired());
  get(weights_of(1.0f));
  EXPECT_EQ(made_, 2);
}

TEST_F(SharedGenerators, AreTriedAgainAfterAFailure) {
  const Weights weights = weights_of(3.0f);
  const auto fail = []() -> std::unique_ptr<FrozenGenerator> { throw std::runtime_error("no"); };
  EXPECT_THROW(shared_generator(weights, {}, fail), std::runtime_error);
  EXPECT_NE(get(weights), nullptr);
}

}  // namespace
}  // namespace cgan
