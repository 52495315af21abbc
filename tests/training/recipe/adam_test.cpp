#include "training/recipe/adam.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/optim/adamw.h>

#include <stdexcept>
#include <thread>

namespace cgan {
namespace {

std::vector<at::Tensor> parameters() {
  at::manual_seed(3);
  return {at::randn({40, 30}), at::randn({5}),
          at::randn({8, 4, 2, 2}).contiguous(at::MemoryFormat::ChannelsLast)};
}

/// Two workers' gradients of step `step`.
std::vector<std::vector<at::Tensor>> gradients_of(int step, const std::vector<at::Tensor>& like) {
  at::manual_seed(100 + step);
  std::vector<std::vector<at::Tensor>> result(2);
  for (auto& gradients : result)
    for (const auto& parameter : like) gradients.push_back(at::randn(parameter.sizes()));
  return result;
}

TEST(Adam, GivesTheNumbersOfTorchsAdamWForTheSumOfTheWorkersGradients) {
  const auto ours = parameters();
  std::vector<at::Tensor> theirs;
  for (const auto& parameter : ours) theirs.push_back(parameter.clone().requires_grad_());
  Adam adam(ours, {0.9, 0.999, 1e-8, 0.3});
  torch::optim::AdamW reference(theirs,
                                torch::optim::AdamWOptions(1e-3).eps(1e-8).weight_decay(0.3));
  for (int step = 0; step < 20; ++step) {
    auto gradients = gradients_of(step, ours);
    for (size_t i = 0; i < theirs.size(); ++i)
      theirs[i].mutable_grad() = gradients[0][i] * 0.25 + gradients[1][i] * 0.75;
    reference.step();
    adam.begin({{adam.in_parameter_order(gradients[0]), 0.25},
                {adam.in_parameter_order(gradients[1]), 0.75}},
               1e-3, {}, 0);
    adam.update(0, 2);
    adam.update(1, 2);
    adam.end();
  }
  for (size_t i = 0; i < ours.size(); ++i)
    EXPECT_LT((ours[i] - theirs[i]).abs().max().item<double>(), 1e-6) << "parameter " << i;
}

TEST(Adam, MovesTheAverageTowardsTheNewWeights) {
  const auto ours = parameters();
  std::vector<at::Tensor> average, before;
  for (const auto& parameter : ours) {
    average.push_back(at::zeros_like(parameter));
    before.push_back(parameter.clone());
  }
  Adam adam(ours, {});
  adam.begin({{adam.in_parameter_order(gradients_of(0, ours)[0]), 1}}, 1e-2, average, 0.75);
  adam.update(0, 1);
  adam.end();
  for (size_t i = 0; i < ours.size(); ++i) {
    EXPECT_GT((ours[i] - before[i]).abs().max().item<double>(), 0);
    EXPECT_TRUE(at::allclose(average[i], ours[i] * 0.25));
  }
}

TEST(Adam, TakesAnAbsentGradientForZero) {
  const auto ours = parameters();
  const auto before = ours[1].clone();
  Adam adam(ours, {});
  auto gradients = gradients_of(0, ours)[0];
  gradients[1].reset();
  adam.begin({{adam.in_parameter_order(gradients), 1}}, 1e-2, {}, 0);
  adam.update(0, 1);
  adam.end();
  EXPECT_TRUE(at::equal(ours[1], before));
}

TEST(Adam, AParameterThatRestedAtFirstBeginsLikeANewOne) {
  const auto ours = parameters(), fresh = parameters();
  Adam adam(ours, {}), other(fresh, {});
  adam.set_rate_factors({1, 0, 1});
  for (int step = 0; step < 30; ++step) {
    if (step == 29) adam.set_rate_factors({1, 1, 1});
    adam.begin({{adam.in_parameter_order(gradients_of(step, ours)[0]), 1}}, 1e-2, {}, 0);
    adam.update(0, 1);
    adam.end();
  }
  other.begin({{other.in_parameter_order(gradients_of(29, fresh)[0]), 1}}, 1e-2, {}, 0);
  other.update(0, 1);
  other.end();
  EXPECT_TRUE(at::equal(ours[1], fresh[1]));
  EXPECT_EQ(adam.steps(), (std::vector<int64_t>{30, 1, 30}));
}

TEST(Adam, ParametersLearnAtRatesOfTheirOwnOrRest) {
  const auto ours = parameters();
  const auto before = parameters();
  Adam adam(ours, {0.9, 0.999, 1e-8, 0.3});
  adam.set_rate_factors({1, 0, 0.1});
  auto gradients = adam.in_parameter_order(gradients_of(0, ours)[0]);
  EXPECT_FALSE(gradients[1].defined());
  adam.begin({{gradients, 1}}, 1e-2, {}, 0);
  adam.update(0, 1);
  adam.end();
  EXPECT_TRUE(at::equal(ours[1], before[1]));
  EXPECT_EQ(adam.first_moments()[1].abs().max().item<double>(), 0);
  // The first step of Adam is about one learning rate, whatever the gradient.
  const auto step = [&](size_t i) { return (ours[i] - before[i]).abs().median().item<double>(); };
  EXPECT_NEAR(step(0), 1e-2, 4e-3);
  EXPECT_NEAR(step(2), 1e-3, 4e-4);
}

TEST(Adam, IsTheSameInAnyNumberOfParts) {
  std::vector<std::vector<at::Tensor>> results;
  for (int parts : {1, 2, 3, 7}) {
    const auto ours = parameters();
    Adam adam(ours, {});
    adam.begin({{adam.in_parameter_order(gradients_of(0, ours)[0]), 1}}, 1e-2, {}, 0);
    std::vector<std::thread> threads;
    for (int part = 0; part < parts; ++part)
      threads.emplace_back([&adam, part, parts] { adam.update(part, parts); });
    for (auto& thread : threads) thread.join();
    adam.end();
    results.push_back(ours);
  }
  for (size_t k = 1; k < results.size(); ++k)
    for (size_t i = 0; i < results[0].size(); ++i)
      EXPECT_TRUE(at::equal(results[0][i], results[k][i]));
}

TEST(Adam, RefusesParametersWithHoles) {
  EXPECT_THROW(Adam({at::zeros({4, 4}).narrow(1, 0, 2)}, {}), std::invalid_argument);
}

}  // namespace
}  // namespace cgan
