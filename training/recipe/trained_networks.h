#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/weights/weights.h"
#include "training/recipe/recipe.h"

/// The two players of the game as the trainer sees them, whatever their architecture.
namespace cgan {

/// TorchScript files of networks that stay as they are; empty where they are not needed.
struct NetworkFiles {
  std::string perceptual;  ///< Of the perceptual term, see FeatureNetwork.
  std::string projection;  ///< Of the projected discriminator, see FeaturePyramid.
};

/// A generator in training: grey pictures go in, coloured ones come out.
/// Thread-safety: one thread at a time; replicas that share parameters may run side by side.
class TrainedGenerator {
 public:
  struct Coloured {
    at::Tensor picture;   ///< (N, 3, H / scale(), W / scale()), RGB, -1..1, with graph
    at::Tensor features;  ///< (N, feature_count()), deepest features, with graph
  };

  virtual ~TrainedGenerator() = default;

  /// @param input (N, 1, H, W), -1..1, what the network is shown
  /// @param luma (N, 1, H / scale(), W / scale()), -1..1: the luma that a viewer will see; networks
  ///   that put out chroma alone take it for their picture
  /// @param vividness (N), -1..1, or undefined; networks without that input ignore it
  /// @param dropout seed of dropout; none: nothing is dropped
  /// @param again so many of the last pictures show the first ones once more: what is dropped of
  ///   those is dropped of them
  virtual Coloured colour(const at::Tensor& input, const at::Tensor& luma,
                          const at::Tensor& vividness, std::optional<uint64_t> dropout,
                          int64_t again = 0) = 0;

  virtual torch::nn::Module& network() = 0;
  const torch::nn::Module& network() const {
    return const_cast<TrainedGenerator*>(this)->network();
  }
  /// Pixels of the input per pixel of the picture along a side: 1 or 2.
  virtual int64_t scale() const = 0;
  virtual int64_t feature_count() const = 0;
  /// For each of network().parameters(), the first tap of the encoder that it has a part in, -1
  /// where it is none of the encoder's; empty: there is no encoder that comes trained and learns at
  /// a rate of its own.
  virtual std::vector<int64_t> taps_of_parameters() const { return {}; }
  /// So many of the encoder's taps, from the finest on, are made without graph.
  virtual void set_frozen_taps(int64_t) {}

  virtual Weights weights(const std::string& provenance) const = 0;
  /// Takes weights of its own kind or, where it has one, of its encoder.
  /// @throws ModelFileError (kInvalid) where they do not fit.
  virtual void start_from(const Weights& weights) = 0;
};

/// Pictures at the size of a generator's own: each pixel the mean of scale x scale.
/// @param picture (N, C, H, W) @return (N, C, H / scale, W / scale)
at::Tensor at_scale(const at::Tensor& picture, int64_t scale);

/// A discriminator in training.
/// Thread-safety: as TrainedGenerator.
class TrainedDiscriminator {
 public:
  virtual ~TrainedDiscriminator() = default;

  /// @param gray (N, 1, h, w), -1..1 @param colour (N, 3, h, w), RGB, -1..1
  /// @param moment seed of what is done to the pictures before they are judged; discriminators that
  ///   see them as they are ignore it
  /// @param maps where given, receives what a projected discriminator knows of the pictures, see
  ///   FeaturePyramid; others leave it empty
  /// @return logits, (N) or (N, patches)
  virtual at::Tensor judge(const at::Tensor& gray, const at::Tensor& colour, uint64_t moment,
                           std::vector<at::Tensor>* maps = nullptr) = 0;

  /// Brings the network, and what stays as it is beside it, onto a device.
  virtual void to(c10::Device device) { network().to(device); }

  virtual torch::nn::Module& network() = 0;
  const torch::nn::Module& network() const {
    return const_cast<TrainedDiscriminator*>(this)->network();
  }
  virtual Weights weights(const std::string& provenance) const = 0;
  /// @throws ModelFileError (kInvalid) where they do not fit.
  virtual void start_from(const Weights& weights) = 0;
};

/// The networks that a recipe asks for, random from LibTorch's global generator, on the CPU.
/// @throws std::invalid_argument where an option is outside its range or a file is not named,
///   std::runtime_error where it cannot be read.
std::unique_ptr<TrainedGenerator> make_generator(const Recipe& recipe);
std::unique_ptr<TrainedDiscriminator> make_discriminator(const Recipe& recipe,
                                                         const NetworkFiles& files);

}  // namespace cgan
