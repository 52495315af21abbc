#include "training/recipe/trainer.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "model/networks/blocks.h"
#include "training/data/batch_queue.h"
#include "training/data/batches.h"
#include "training/data/random.h"
#include "training/losses/colour_terms.h"
#include "training/losses/perceptual.h"
#include "training/losses/reverse.h"
#include "training/recipe/networks.h"

namespace cgan {
namespace {

constexpr uint64_t kDropoutStream = 0x64726f70, kJudgedStream = 0x6a756467,
                   kJudgedAgainStream = 0x6a756432;
/// Enough that two draws of them give the same colours.
constexpr int64_t kStatisticsBatches = 32;

Recipe with_workers(Recipe recipe, c10::Device device) {
  if (device.is_cuda()) {
    recipe.workers = 1;
  } else if (recipe.workers == 0) {
    recipe.workers = std::clamp<int64_t>(std::thread::hardware_concurrency(), 1, recipe.batch / 2);
  }
  recipe.validate();
  return recipe;
}

std::vector<torch::Tensor> all_parameters(const torch::nn::Module& network,
                                          const torch::nn::Linear& head) {
  auto result = network.parameters();
  if (head)
    for (const auto& parameter : head->parameters()) result.push_back(parameter);
  return result;
}

void check(const Recipe& recipe, const Dataset& data) {
  if (data.size() < recipe.batch)
    throw std::invalid_argument("the training set has " + std::to_string(data.size()) +
                                " pictures, fewer than one batch of " +
                                std::to_string(recipe.batch) + "; lower --batch");
  if (recipe.aux_class > 0 && data.class_names().size() < 2)
    throw std::invalid_argument(
        "--aux-class needs pictures with classes: sort them into one folder per class, or set "
        "--aux-class 0");
}

}  // namespace

Trainer::Trainer(const Recipe& recipe, const Dataset& data, c10::Device device,
                 const NetworkFiles& files)
    : recipe_(with_workers(recipe, device)),
      data_(data),
      device_(device),
      adversarial_(adversarial_from_string(recipe.adversarial_loss)),
      reverse_(reverse_from_string(recipe.reverse)),
      team_(recipe_.workers) {
  check(recipe_, data);
  // The shapes of all steps are the same: the fastest algorithms are worth looking for.
  if (device.is_cuda()) at::globalContext().setBenchmarkCuDNN(true);

  // Initialisation draws from LibTorch's global generator; nothing else does.
  at::manual_seed(recipe_.seed);
  make_workers(files);
  average_ = make_generator(recipe_);
  average_->network().to(device_);
  store_in_training_format(average_->network());
  average_->network().eval();
  copy_state(average_->network(), workers_[0].generator->network());
  batches_ = std::make_unique<TrainingBatches>(recipe_, data, average_->scale(), device.is_cuda());

  const AdamOptions g_options{recipe_.beta1, recipe_.beta2, 1e-8, recipe_.weight_decay};
  const AdamOptions d_options{recipe_.beta1, recipe_.beta2, 1e-8, 0};
  auto& discriminator = workers_[0].discriminator->network();
  g_adam_ = std::make_unique<Adam>(
      all_parameters(workers_[0].generator->network(), workers_[0].class_head), g_options);
  d_adam_ = std::make_unique<Adam>(discriminator.parameters(), d_options);
  if (recipe_.spectral_norm)
    spectral_norm_ = std::make_unique<SpectralNorm>(discriminator, recipe_.seed);
}

void Trainer::make_workers(const NetworkFiles& files) {
  workers_.resize(recipe_.workers);
  for (int64_t w = 0; w < recipe_.workers; ++w) {
    auto& worker = workers_[w];
    worker.first = recipe_.batch * w / recipe_.workers;
    worker.count = recipe_.batch * (w + 1) / recipe_.workers - worker.first;
    shares_.push_back(static_cast<double>(worker.count) / recipe_.batch);
    worker.gradients.weight = shares_.back();
    worker.generator = make_generator(recipe_);
    worker.discriminator = make_discriminator(recipe_, files);
    worker.objective = std::make_unique<Objective>(recipe_, files.perceptual);
    worker.generator->network().to(device_);
    worker.discriminator->to(device_);
    if (recipe_.aux_class > 0) {
      worker.class_head = torch::nn::Linear(worker.generator->feature_count(),
                                            static_cast<int64_t>(data_.class_names().size()));
      worker.class_head->to(device_);
    }
    if (w == 0) {
      store_in_training_format(worker.generator->network());
      store_in_training_format(worker.discriminator->network());
      continue;
    }
    share_parameters(worker.generator->network(), workers_[0].generator->network());
    share_parameters(worker.discriminator->network(), workers_[0].discriminator->network());
    if (worker.class_head) share_parameters(*worker.class_head, *workers_[0].class_head);
  }
}

Trainer::~Trainer() = default;

StepLosses Trainer::step() {
  const double progress = static_cast<double>(steps_done_) / steps_per_epoch();
  const bool plays = recipe_.adversarial > 0 && progress >= recipe_.adversarial_from;
  const double factor = recipe_.rate_factor(progress);
  if (plays && spectral_norm_) spectral_norm_->iterate();
  set_encoder_rate(progress);

  StepLosses sum;
  team_.run([&](int64_t w) { forward(workers_[w], plays); });
  if (plays) {
    gather_discriminator_losses(sum);
    if (!std::isfinite(sum.discriminator)) refuse("discriminator", sum.discriminator);
    sum.discriminator_moved = sum.discriminator >= recipe_.d_floor;
    if (sum.discriminator_moved) {
      team_.run([&](int64_t w) { discriminator_gradients(workers_[w]); });
      update(*d_adam_, recipe_.d_lr * factor, {});
    }
    average_statistics(discriminators(), shares_);
  }

  // The generator's step shows generated pictures to D a second time: D's running statistics are
  // put back after it, or they would count them twice.
  std::vector<at::Tensor> d_statistics;
  for (const auto& buffer : running_statistics(workers_[0].discriminator->network()))
    d_statistics.push_back(buffer.clone());
  team_.run([&](int64_t w) { generator_gradients(workers_[w], plays); });
  set_statistics(discriminators(), d_statistics);
  gather_generator_losses(sum);
  if (!std::isfinite(sum.generator)) refuse("generator", sum.generator);
  auto average = average_->network().parameters();
  // The class head is no part of what is exported, and is averaged with itself.
  if (workers_[0].class_head)
    for (const auto& parameter : workers_[0].class_head->parameters()) average.push_back(parameter);
  update(*g_adam_, recipe_.lr * factor, std::move(average));
  ++steps_done_;
  return sum;
}

void Trainer::set_encoder_rate(double progress) {
  const auto taps = workers_[0].generator->taps_of_parameters();
  if (taps.empty()) return;
  const bool learns = progress >= recipe_.encoder_from && recipe_.encoder_lr > 0;
  const int64_t frozen = learns ? recipe_.encoder_frozen : 5;
  for (auto& worker : workers_) worker.generator->set_frozen_taps(frozen);
  std::vector<double> factors(g_adam_->first_moments().size(), 1.0);
  for (size_t i = 0; i < taps.size(); ++i)
    if (taps[i] >= 0) factors[i] = taps[i] < frozen ? 0 : recipe_.encoder_lr;
  g_adam_->set_rate_factors(std::move(factors));
}

void Trainer::forward(Worker& worker, bool plays) {
  worker.losses = {};
  const auto batch = batches_->take(steps_done_, worker.first, worker.count);
  auto& coloured = worker.coloured;
  coloured.gray = batch.gray.to(device_);
  coloured.colour = batch.colour.to(device_);
  coloured.labels = batch.labels.to(device_);
  coloured.motion = batch.motion;
  coloured.original = at_scale(coloured.colour, worker.generator->scale());
  worker.luma = at_scale(coloured.gray, worker.generator->scale());
  colour(worker, batch);
  if (plays) judge(worker);
}

void Trainer::colour(Worker& worker, const Batch& batch) {
  auto& generator = *worker.generator;
  auto& coloured = worker.coloured;
  const auto dropout = stream_seed(recipe_.seed, steps_done_, kDropoutStream + worker.first);
  auto input = batch.input.to(device_), luma = worker.luma, told = batch.vividness;
  if (told.defined()) told = told.to(device_);
  int64_t pairs = 0;
  if (recipe_.consistency > 0 && batch.second.defined()) {
    // Both moments in one batch: batch norm must see them with the same statistics, or what differs
    // between them is these.
    const auto second = batch.second.to(device_);
    pairs = second.size(0);
    input = at::cat({input, second});
    luma = at::cat({luma, at_scale(second, generator.scale())});
    if (told.defined()) told = at::cat({told, told.narrow(0, 0, pairs)});
  }
  const auto all = generator.colour(input, luma, told, dropout, pairs);
  coloured.generated = all.picture.narrow(0, 0, worker.count);
  if (pairs > 0) coloured.second = all.picture.narrow(0, worker.count, pairs);
  coloured.shown =
      recipe_.keep_luma ? with_luma(worker.luma, coloured.generated) : coloured.generated;
  if (worker.class_head)
    coloured.class_logits = worker.class_head->forward(all.features.narrow(0, 0, worker.count));
}

void Trainer::judge(Worker& worker) {
  auto& judge = *worker.discriminator;
  if (spectral_norm_) spectral_norm_->apply(judge.network(), true);
  const auto moment = stream_seed(recipe_.seed, steps_done_, kJudgedStream + worker.first);
  const auto original = judge.judge(worker.luma, worker.coloured.original, moment);
  const auto generated = judge.judge(worker.luma, worker.coloured.shown.detach(), moment);
  worker.d_loss = discriminator_loss(adversarial_, original, generated, recipe_.label_smoothing);
  worker.losses.discriminator = worker.d_loss.item<double>();
  worker.losses.d_cross_entropy =
      discriminator_loss(Adversarial::kBce, original.detach(), generated.detach(), 0)
          .item<double>() /
      2;
  const auto share = [](const at::Tensor& right) { return right.to(at::kDouble).mean(); };
  worker.losses.d_original = share(original.detach() > 0).item<double>();
  worker.losses.d_generated = share(generated.detach() <= 0).item<double>();
}

void Trainer::discriminator_gradients(Worker& worker) {
  worker.gradients.of = d_adam_->in_parameter_order(
      torch::autograd::grad({worker.d_loss}, worker.discriminator->network().parameters(), {},
                            c10::nullopt, false, true));
}

void Trainer::generator_gradients(Worker& worker, bool plays) {
  auto& losses = worker.losses;
  const bool ascends = reverse_ == Reverse::kAscent && recipe_.reverse_weight > 0 &&
                       (steps_done_ + 1) % recipe_.reverse_every == 0;
  auto total = ascends ? worker.objective->ascent(worker.coloured, losses)
                       : worker.objective->total(worker.coloured, losses);
  if (plays && !ascends) {
    // D's parameters are fixed by not asking for their gradients.
    auto& judge = *worker.discriminator;
    if (spectral_norm_) spectral_norm_->apply(judge.network(), false);
    const auto moment = stream_seed(recipe_.seed, steps_done_, kJudgedAgainStream + worker.first);
    std::vector<at::Tensor> maps;
    const auto term = generator_loss(
        adversarial_, judge.judge(worker.luma, worker.coloured.shown, moment, &maps));
    losses.adversarial = term.item<double>();
    total = total + recipe_.adversarial * term;
    if (recipe_.feature_matching > 0) {
      std::vector<at::Tensor> wanted;
      {
        const at::NoGradGuard no_graph;
        judge.judge(worker.luma, worker.coloured.original, moment, &wanted);
      }
      const auto distance = feature_matching_loss(maps, wanted);
      losses.feature_matching = distance.item<double>();
      total = total + recipe_.feature_matching * distance;
    }
  }
  losses.generator = total.item<double>();
  worker.gradients.of = g_adam_->in_parameter_order(
      torch::autograd::grad({total}, all_parameters(worker.generator->network(), worker.class_head),
                            {}, c10::nullopt, false, true));
  worker.coloured = {};
  worker.d_loss.reset();
}

void Trainer::update(Adam& adam, double rate, std::vector<at::Tensor> average) {
  std::vector<Adam::Gradients> gradients;
  for (auto& worker : workers_) {
    gradients.push_back(worker.gradients);
    worker.gradients.of.clear();
  }
  adam.begin(std::move(gradients), rate, std::move(average), ema_decay());
  team_.run([&](int64_t w) {
    at::NoGradGuard no_graph;
    adam.update(w, team_.size());
  });
  adam.end();
}

double Trainer::ema_decay() const {
  // Early weights are forgotten faster: the first of them are noise.
  return std::min(recipe_.ema, (1.0 + steps_done_) / (10.0 + steps_done_));
}

void Trainer::settle_statistics() {
  at::NoGradGuard no_graph;
  auto& network = average_->network();
  network.train();
  const int64_t count = std::min(kStatisticsBatches, steps_per_epoch());
  BatchQueue queue([&](int64_t i) { return batches_->for_statistics(i); }, count, batches_ahead());
  for (int64_t i = 0; i < count; ++i) {
    const auto batch = queue.take(i);
    set_momentum(network, 1.0 / static_cast<double>(i + 1));
    average_->colour(batch.input.to(device_), at_scale(batch.gray.to(device_), average_->scale()),
                     {}, {});
  }
  network.eval();
}

std::vector<torch::nn::Module*> Trainer::discriminators() {
  std::vector<torch::nn::Module*> result;
  for (auto& worker : workers_) result.push_back(&worker.discriminator->network());
  return result;
}

void Trainer::gather_discriminator_losses(StepLosses& sum) const {
  for (size_t w = 0; w < workers_.size(); ++w)
    for (const auto& [name, value] : kDiscriminatorReadings)
      sum.*value += shares_[w] * workers_[w].losses.*value;
}

void Trainer::gather_generator_losses(StepLosses& sum) const {
  for (size_t w = 0; w < workers_.size(); ++w)
    for (const auto& [name, value] : kGeneratorReadings)
      sum.*value += shares_[w] * workers_[w].losses.*value;
}

void Trainer::refuse(const std::string& whose, double loss) const {
  throw NotFinite("the " + whose + "'s loss is " + std::to_string(loss) + " in step " +
                  std::to_string(steps_done_ + 1) + " (epoch " +
                  std::to_string(steps_done_ / steps_per_epoch() + 1) +
                  "); lower --lr or --d-lr, or add --warmup, and go on from the last checkpoint "
                  "with --resume");
}

}  // namespace cgan
