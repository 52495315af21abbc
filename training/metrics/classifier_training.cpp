#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <torch/nn/functional/loss.h>
#include <torch/nn/functional/padding.h>
#include <torch/optim/sgd.h>
#include <torch/utils.h>

#include <cmath>
#include <future>
#include <random>
#include <stdexcept>

#include "training/metrics/residual_classifier.h"

namespace cgan {
namespace {

namespace F = torch::nn::functional;

void check(const LabelledPictures& training, const ClassifierTraining& settings) {
  if (training.pictures.dim() != 4 || training.pictures.size(1) != 3 ||
      training.labels.dim() != 1 || training.labels.size(0) != training.pictures.size(0))
    throw std::invalid_argument("the classifier wants pictures (N, 3, H, W) and N labels");
  if (settings.epochs < 1 || settings.batch < 2 || settings.threads < 1 || settings.shift < 0)
    throw std::invalid_argument(
        "the classifier wants at least one epoch, one thread and a batch of two");
  if (training.pictures.size(0) < settings.batch)
    throw std::invalid_argument("the classifier wants at least one batch of pictures, " +
                                std::to_string(settings.batch) + ", not " +
                                std::to_string(training.pictures.size(0)));
}

// Flipped and shifted pictures as float32 0..1. mt19937_64's own numbers, no distribution class:
// those differ between standard libraries.
at::Tensor augmented(const at::Tensor& pictures, const at::Tensor& indices, int64_t shift,
                     std::mt19937_64& random) {
  const auto chosen = pictures.index_select(0, indices).to(at::kFloat).div_(255);
  const auto padded =
      F::pad(chosen, F::PadFuncOptions({shift, shift, shift, shift}).mode(torch::kReflect));
  const int64_t height = chosen.size(2), width = chosen.size(3);
  auto result = at::empty_like(chosen);
  for (int64_t i = 0; i < chosen.size(0); ++i) {
    const auto draw = random();
    const int64_t top = static_cast<int64_t>((draw >> 1 & 0xffff) % (2 * shift + 1));
    const int64_t left = static_cast<int64_t>((draw >> 17 & 0xffff) % (2 * shift + 1));
    const auto crop = padded[i].narrow(1, top, height).narrow(2, left, width);
    result[i].copy_(draw & 1 ? crop.flip({2}) : crop);
  }
  return result;
}

double learning_rate(const ClassifierTraining& settings, int64_t step, int64_t steps) {
  const double position = (step + 0.5) / steps, rise = 0.2;
  return settings.peak_learning_rate *
         (position < rise ? position / rise : (1 - position) / (1 - rise));
}

// Puts the networks on one set of numbers: an optimizer step on the first moves them all, while
// each keeps gradients and batch statistics of its own.
void share_parameters(std::vector<ResidualClassifier>& replicas) {
  const auto master = replicas.front()->parameters();
  for (size_t i = 1; i < replicas.size(); ++i) {
    auto parameters = replicas[i]->parameters();
    for (size_t j = 0; j < master.size(); ++j) parameters[j].set_data(master[j].data());
  }
}

}  // namespace

ResidualClassifier train_classifier(const LabelledPictures& training,
                                    const ClassifierTraining& settings, const EpochReport& report) {
  check(training, settings);
  torch::manual_seed(settings.seed);
  std::mt19937_64 random(settings.seed);
  const int64_t workers = std::min<int64_t>(settings.threads, settings.batch / 2);
  std::vector<ResidualClassifier> replicas;
  for (int64_t i = 0; i < workers; ++i) replicas.emplace_back(ResidualClassifier());
  for (auto& replica : replicas) replica->to(at::kFloat);
  share_parameters(replicas);

  torch::optim::SGD optimizer(replicas.front()->parameters(),
                              torch::optim::SGDOptions(settings.peak_learning_rate)
                                  .momentum(settings.momentum)
                                  .nesterov(true)
                                  .weight_decay(settings.weight_decay));
  auto& options = static_cast<torch::optim::SGDOptions&>(optimizer.param_groups()[0].options());

  const int64_t count = training.pictures.size(0), per_epoch = count / settings.batch;
  const auto work = [&](ResidualClassifier& replica, const at::Tensor& indices, uint64_t seed) {
    std::mt19937_64 own_random(seed);
    replica->zero_grad();
    const auto rgb = augmented(training.pictures, indices, settings.shift, own_random);
    const auto loss =
        F::cross_entropy(replica(rgb), training.labels.index_select(0, indices),
                         F::CrossEntropyFuncOptions().label_smoothing(settings.label_smoothing));
    const double share = static_cast<double>(indices.size(0)) / settings.batch;
    (loss * share).backward();
    return loss.item<double>() * share;
  };

  for (int64_t epoch = 0; epoch < settings.epochs; ++epoch) {
    auto generator = at::detail::createCPUGenerator(random());
    const auto order = at::randperm(count, generator, at::kLong);
    double loss_sum = 0;
    for (int64_t step = 0; step < per_epoch; ++step) {
      const auto shares = order.narrow(0, step * settings.batch, settings.batch).chunk(workers);
      std::vector<std::future<double>> losses;
      for (size_t i = 0; i < shares.size(); ++i)
        losses.push_back(
            std::async(std::launch::async, work, std::ref(replicas[i]), shares[i], random()));
      double loss = 0;
      for (auto& part : losses) loss += part.get();
      if (!std::isfinite(loss))
        throw std::runtime_error("the loss is not finite; try a smaller learning rate");
      loss_sum += loss;

      const auto master = replicas.front()->parameters();
      for (size_t i = 1; i < shares.size(); ++i) {
        const auto others = replicas[i]->parameters();
        for (size_t j = 0; j < master.size(); ++j) master[j].grad().add_(others[j].grad());
      }
      options.lr(learning_rate(settings, epoch * per_epoch + step, settings.epochs * per_epoch));
      optimizer.step();
    }
    report(epoch + 1, loss_sum / per_epoch);
  }
  replicas.front()->eval();
  return replicas.front();
}

}  // namespace cgan
