#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// The project's own classifier for CIFAR-10: its features stand in for Inception-v3's in the
/// inception score, FID, precision and recall. Numbers measured with it are comparable only with
/// numbers measured with the same file.
namespace cgan {

/// Two 3x3 convolutions around a skip (He et al., CVPR 2016), the first one with a stride:
/// (N, Cin, H, W) -> (N, Cout, H / stride, W / stride). The skip is a 1x1 convolution where shape
/// changes.
class ResidualBlockImpl : public torch::nn::Module {
 public:
  ResidualBlockImpl(int64_t in_channels, int64_t out_channels, int64_t stride);
  torch::Tensor forward(const torch::Tensor& input);

  torch::nn::Conv2d conv1{nullptr}, conv2{nullptr}, skip{nullptr};
  torch::nn::BatchNorm2d norm1{nullptr}, norm2{nullptr}, skip_norm{nullptr};
};
TORCH_MODULE(ResidualBlock);

/// Stem of stride 2, residual blocks of 32, 64 and 128 channels at a half, a quarter and an eighth
/// of the side, mean over the picture (the features, 128 numbers), dense layer.
class ResidualClassifierImpl : public torch::nn::Module {
 public:
  explicit ResidualClassifierImpl(int64_t classes = 10);
  /// @param rgb (N, 3, H, W), 0..1, H and W multiples of 8 (32 in training)
  /// @return (N, classes), logits
  torch::Tensor forward(const torch::Tensor& rgb);

  torch::nn::Conv2d stem{nullptr};
  torch::nn::BatchNorm2d stem_norm{nullptr};
  std::vector<ResidualBlock> blocks;
  torch::nn::Linear dense{nullptr};
};
TORCH_MODULE(ResidualClassifier);

/// Pictures and their labels.
struct LabelledPictures {
  torch::Tensor pictures;  ///< (N, 3, H, W), uint8, RGB, contiguous
  torch::Tensor labels;    ///< (N), int64, 0..classes - 1
};

/// How the classifier is trained: SGD with Nesterov momentum, one cycle of the learning rate,
/// label smoothing; each picture is flipped and shifted at random.
struct ClassifierTraining {
  int64_t epochs = 14;
  int64_t batch = 128;
  double peak_learning_rate = 0.2;  ///< Reached after a fifth of the steps, zero at the end.
  double momentum = 0.9;
  double weight_decay = 5e-4;
  double label_smoothing = 0.1;
  int64_t shift = 3;  ///< Largest shift in pixels, borders reflected.
  int threads = 2;    ///< Workers; each takes its share of every batch.
  uint64_t seed = 1;  ///< Of weights, order, flips and shifts.
};

/// After each epoch: its number from 1, the mean loss.
using EpochReport = std::function<void(int64_t epoch, double loss)>;

/// Trains a new classifier from nothing. The same settings and pictures give the same network.
/// @throws std::invalid_argument where a setting or a shape does not fit.
/// @throws std::runtime_error where the loss is no longer finite.
ResidualClassifier train_classifier(const LabelledPictures& training,
                                    const ClassifierTraining& settings, const EpochReport& report);

/// Share of pictures, 0..1, whose largest logit is their label's.
double classifier_accuracy(ResidualClassifier& classifier, const LabelledPictures& test);

/// Writes the classifier as TorchScript that fulfils the contract of FeatureNetwork: batch norm
/// folded into the convolutions, normalisation inside. Written beside `path`, then renamed.
/// @throws std::runtime_error where the file cannot be written.
void write_torchscript(ResidualClassifier& classifier, const std::string& path);

}  // namespace cgan
