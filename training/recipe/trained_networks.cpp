#include "training/recipe/trained_networks.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <string_view>

#include "model/colour.h"
#include "model/networks/discriminator.h"
#include "model/networks/patch_discriminator.h"
#include "model/networks/photo_generator.h"
#include "model/networks/report_generator.h"
#include "model/weights/network_weights.h"
#include "training/recipe/projected_discriminator.h"

namespace cgan {
namespace {

at::Tensor with_first_again(const at::Tensor& pictures, int64_t count) {
  return count == 0 ? pictures : at::cat({pictures, pictures.narrow(0, 0, count)});
}

class TrainedReportGenerator final : public TrainedGenerator {
 public:
  explicit TrainedReportGenerator(const ReportGeneratorOptions& options) : network_(options) {}

  Coloured colour(const at::Tensor& input, const at::Tensor&, const at::Tensor&,
                  std::optional<uint64_t> dropout, int64_t again) override {
    std::optional<DropoutMasks> masks;
    if (dropout && network_->options().dropout > 0) {
      masks = draw_dropout_masks(network_->options(), input.size(0) - again,
                                 at::detail::createCPUGenerator(*dropout));
      masks->d1 = with_first_again(masks->d1, again).to(input.device());
      masks->d2 = with_first_again(masks->d2, again).to(input.device());
    }
    at::Tensor features;
    const auto picture = network_->forward(input, masks, &features);
    return {picture, features.mean({2, 3})};
  }

  torch::nn::Module& network() override { return *network_; }
  int64_t scale() const override { return 1; }
  int64_t feature_count() const override { return network_->options().widths.back(); }
  Weights weights(const std::string& provenance) const override {
    return to_weights(network_, provenance);
  }
  void start_from(const Weights& weights) override { load_weights(network_, weights); }

 private:
  ReportGenerator network_;
};

class TrainedPhotoGenerator final : public TrainedGenerator {
 public:
  TrainedPhotoGenerator(const PhotoGeneratorOptions& options, double dropout)
      : network_(options), dropout_(dropout) {}

  Coloured colour(const at::Tensor& input, const at::Tensor& luma, const at::Tensor& vividness,
                  std::optional<uint64_t> dropout, int64_t again) override {
    PhotoDropout masks;
    if (dropout && dropout_ > 0) {
      masks = draw_photo_dropout(dropout_, input.size(0) - again,
                                 encoder_shape(network_->options().encoder).channels, *dropout);
      for (auto& mask : masks) mask = with_first_again(mask, again).to(input.device());
    }
    at::Tensor features;
    const auto chroma = network_->forward(input, vividness, masks, &features);
    return {ycbcr_to_rgb(at::cat({luma * 0.5 + 0.5, chroma}, 1)) * 2 - 1, features};
  }

  torch::nn::Module& network() override { return *network_; }
  int64_t scale() const override { return 2; }
  int64_t feature_count() const override { return network_->options().widths.front(); }
  std::vector<int64_t> taps_of_parameters() const override {
    const auto last_blocks = encoder_shape(network_->options().encoder).taps;
    std::vector<int64_t> result;
    for (const auto& item : network_->named_parameters()) {
      constexpr std::string_view kEncoder = "encoder.", kBlocks = "encoder.blocks.";
      const auto& name = item.key();
      size_t block = 0;  // the stem is before all of them
      if (name.rfind(kBlocks, 0) == 0) block = std::stoul(name.substr(kBlocks.size()));
      const auto tap = std::lower_bound(last_blocks.begin(), last_blocks.end(), block);
      result.push_back(name.rfind(kEncoder, 0) == 0 ? tap - last_blocks.begin() : -1);
    }
    return result;
  }
  void set_frozen_taps(int64_t taps) override { network_->set_frozen_taps(taps); }
  Weights weights(const std::string& provenance) const override {
    return to_weights(network_, provenance);
  }
  void start_from(const Weights& weights) override {
    if (is_encoder(weights))
      load_encoder_weights(network_, weights);
    else
      load_weights(network_, weights);
  }

 private:
  PhotoGenerator network_;
  double dropout_;
};

/// Both discriminators take the same two pictures.
template <class Network>
class TrainedJudge final : public TrainedDiscriminator {
 public:
  template <class Options>
  explicit TrainedJudge(const Options& options) : network_(options) {}

  at::Tensor judge(const at::Tensor& gray, const at::Tensor& colour, uint64_t,
                   std::vector<at::Tensor>*) override {
    return network_->forward(gray, colour);
  }
  torch::nn::Module& network() override { return *network_; }
  Weights weights(const std::string& provenance) const override {
    return to_weights(network_, provenance);
  }
  void start_from(const Weights& weights) override { load_weights(network_, weights); }

 private:
  Network network_;
};

}  // namespace

at::Tensor at_scale(const at::Tensor& picture, int64_t scale) {
  return scale == 1 ? picture : at::avg_pool2d(picture, scale);
}

std::unique_ptr<TrainedGenerator> make_generator(const Recipe& recipe) {
  if (recipe.network == "photo")
    return std::make_unique<TrainedPhotoGenerator>(recipe.photo_generator_options(),
                                                   recipe.dropout);
  return std::make_unique<TrainedReportGenerator>(recipe.generator_options());
}

std::unique_ptr<TrainedDiscriminator> make_discriminator(const Recipe& recipe,
                                                         const NetworkFiles& files) {
  if (recipe.discriminator == "projected")
    return make_projected_discriminator(recipe, files.projection);
  if (recipe.network == "photo")
    return std::make_unique<TrainedJudge<PatchDiscriminator>>(recipe.patch_discriminator_options());
  return std::make_unique<TrainedJudge<Discriminator>>(recipe.discriminator_options());
}

}  // namespace cgan
