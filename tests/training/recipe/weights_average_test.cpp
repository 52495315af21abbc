#include "training/recipe/weights_average.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace cgan::testing {
namespace {

Weights weights_of(double value, const std::string& file) {
  Weights weights;
  weights.header = {"some-network", "{}", "rgb", R"({"program": "cgan-train"})",
                    R"({"a": [0, 1]})"};
  weights.source = "/folder/" + file;
  weights.tensors["a"] = at::full({2, 3}, value);
  weights.tensors["b"] = at::full({4}, 10 * value);
  return weights;
}

TEST(WeightsAverage, IsTheWeightedMeanAndNamesItsParts) {
  const std::vector<Weights> parts = {weights_of(1, "one"), weights_of(2, "two")};
  const auto average = average_weights(parts, {0.25, 0.75});
  EXPECT_TRUE(average.tensors.at("a").allclose(at::full({2, 3}, 1.75)));
  EXPECT_TRUE(average.tensors.at("b").allclose(at::full({4}, 17.5)));
  EXPECT_TRUE(parts[0].tensors.at("a").equal(at::ones({2, 3}))) << "the parts stay as they were";
  EXPECT_EQ(average.header.architecture, "some-network");
  EXPECT_EQ(average.header.ranges, "");
  const auto provenance = nlohmann::json::parse(average.header.provenance);
  EXPECT_EQ(provenance["from"], nlohmann::json::array({0, 1}));
  EXPECT_EQ(provenance["shares"], nlohmann::json::array({0.25, 0.75}));
  EXPECT_EQ(provenance["started_from"][1]["file"], "two");
  EXPECT_EQ(provenance["started_from"][1]["program"], "cgan-train");
}

TEST(WeightsAverage, RefusesSharesThatAreNone) {
  const std::vector<Weights> parts = {weights_of(1, "one"), weights_of(2, "two")};
  EXPECT_THROW(average_weights(parts, {0.5}), std::invalid_argument);
  EXPECT_THROW(average_weights(parts, {0.5, 0.6}), std::invalid_argument);
  EXPECT_THROW(average_weights({}, {}), std::invalid_argument);
}

TEST(WeightsAverage, RefusesOtherNetworks) {
  auto other = weights_of(2, "two");
  other.tensors["b"] = at::ones({5});
  EXPECT_THROW(average_weights({weights_of(1, "one"), other}, {0.5, 0.5}), std::invalid_argument);
  other = weights_of(2, "two");
  other.header.options = R"({"tile": 32})";
  EXPECT_THROW(average_weights({weights_of(1, "one"), other}, {0.5, 0.5}), std::invalid_argument);
}

}  // namespace
}  // namespace cgan::testing
