#include "training/recipe/projected_discriminator.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "model/networks/blocks.h"
#include "model/weights/network_weights.h"
#include "training/losses/differentiable_augmentation.h"
#include "training/losses/feature_pyramid.h"
#include "training/recipe/networks.h"

namespace cgan {
namespace {

/// Normal weights that leave the variance of their input as it is.
at::Tensor random_weights(int64_t out, int64_t in, int64_t kernel, at::Generator& random) {
  const double fan_in = static_cast<double>(in * kernel * kernel);
  return at::randn({out, in, kernel, kernel}, random) / std::sqrt(fan_in);
}

torch::nn::Conv2d halving(int64_t in, int64_t out) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 4).stride(2).padding(1));
}

torch::nn::Conv2d same_size(int64_t in, int64_t out) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 3).padding(1));
}

/// Channels of the maps of a pyramid.
std::vector<int64_t> channels_of(FeaturePyramid& pyramid) {
  constexpr int64_t kSide = 64;
  const at::NoGradGuard no_graph;
  std::vector<int64_t> channels;
  for (const auto& map : pyramid.forward(at::zeros({1, 3, kSide, kSide})))
    channels.push_back(map.size(1));
  return channels;
}

class TrainedProjection final : public TrainedDiscriminator {
 public:
  TrainedProjection(const Recipe& recipe, const std::string& file)
      : pyramid_(FeaturePyramid::load(file)),
        file_(std::filesystem::path(file).filename().string()),
        heads_(ProjectedHeadsOptions{channels_of(*pyramid_), recipe.d_widths[0],
                                     static_cast<uint64_t>(recipe.seed)}) {}

  at::Tensor judge(const at::Tensor& gray, const at::Tensor& colour, uint64_t moment,
                   std::vector<at::Tensor>* maps) override {
    const auto seen = augment_for_judging(at::cat({colour, gray}, 1) * 0.5 + 0.5, moment);
    // What leaves the gamut is no sign that a viewer sees.
    const auto known = pyramid_->forward(seen.narrow(1, 0, 3).clamp(0, 1));
    if (maps) *maps = known;
    return heads_->forward(known, seen.narrow(1, 3, 1));
  }

  torch::nn::Module& network() override { return *heads_; }
  void to(c10::Device device) override {
    heads_->to(device);
    pyramid_->to(device);
  }

  Weights weights(const std::string& provenance) const override {
    Weights weights;
    const auto& options = heads_->options();
    weights.header.architecture = kProjectedDiscriminatorArchitecture;
    weights.header.options = nlohmann::json({{"channels", options.channels},
                                             {"width", options.width},
                                             {"seed", options.seed},
                                             {"pyramid", file_}})
                                 .dump();
    weights.header.colour_space = "rgb";
    weights.header.provenance = provenance;
    store(*heads_, "", weights.tensors);
    return weights;
  }

  void start_from(const Weights& weights) override {
    if (weights.header.architecture != kProjectedDiscriminatorArchitecture)
      refuse_weights(weights, "it holds a '" + weights.header.architecture + "', not a '" +
                                  kProjectedDiscriminatorArchitecture + "'");
    // Heads are of use on the projections alone on which they learned.
    const auto options = nlohmann::json::parse(weights.header.options);
    if (options.value("seed", uint64_t{0}) != heads_->options().seed)
      refuse_weights(weights, "its random projections are of another --seed");
    try {
      load(*heads_, "", weights.tensors);
    } catch (const std::invalid_argument& error) {
      refuse_weights(weights, error.what());
    }
  }

 private:
  std::unique_ptr<FeaturePyramid> pyramid_;
  std::string file_;
  ProjectedHeads heads_;
};

}  // namespace

ProjectedHeadsImpl::ProjectedHeadsImpl(const ProjectedHeadsOptions& options) : options_(options) {
  auto random = at::detail::createCPUGenerator(options.seed);
  const int64_t width = options.width;
  const auto levels = options.channels.size();
  for (size_t i = 0; i < levels; ++i) {
    over_channels_.push_back(random_weights(width, options.channels[i], 1, random));
    over_scales_.push_back(random_weights(width, width, 3, random));
    // Fine maps are halved until they have about as many places as the last but one.
    std::vector<torch::nn::Conv2d> head;
    int64_t in = width + 1;
    for (size_t k = i; k + 2 < levels; ++k, in = width) head.push_back(halving(in, width));
    head.push_back(same_size(in, width));
    head.push_back(same_size(width, 1));
    for (size_t k = 0; k < head.size(); ++k)
      register_module("head" + std::to_string(i) + "_" + std::to_string(k), head[k]);
    heads_.push_back(std::move(head));
  }
}

torch::Tensor ProjectedHeadsImpl::forward(const std::vector<torch::Tensor>& maps,
                                          const torch::Tensor& gray) {
  std::vector<torch::Tensor> logits(maps.size());
  torch::Tensor coarser;
  for (size_t i = maps.size(); i-- > 0;) {
    auto mixed = at::conv2d(maps[i], over_channels_[i].to(maps[i].device()));
    const std::vector<int64_t> size = {mixed.size(2), mixed.size(3)};
    if (coarser.defined()) mixed = mixed + at::upsample_bilinear2d(coarser, size, false);
    coarser = at::conv2d(mixed, over_scales_[i].to(mixed.device()), {}, 1, 1);
    auto x = at::cat({coarser, at::adaptive_avg_pool2d(gray, size)}, 1);
    for (size_t k = 0; k < heads_[i].size(); ++k) {
      // A place is the least there is to halve.
      const bool halves = heads_[i][k]->options.stride()->at(0) == 2;
      if (halves && x.size(2) < 2) x = at::upsample_nearest2d(x, {2, 2});
      x = heads_[i][k](x);
      if (k + 1 < heads_[i].size()) x = at::leaky_relu(x, kLeakySlope);
    }
    logits[i] = x.flatten(1);
  }
  return at::cat(logits, 1);
}

std::unique_ptr<TrainedDiscriminator> make_projected_discriminator(const Recipe& recipe,
                                                                   const std::string& pyramid) {
  if (pyramid.empty())
    throw std::invalid_argument(
        "--discriminator projected needs a network: name its TorchScript file with --projection, "
        "training/feature_network.py --pyramid writes one");
  return std::make_unique<TrainedProjection>(recipe, pyramid);
}

}  // namespace cgan
