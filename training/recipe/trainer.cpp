#include "training/recipe/trainer.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>

#include "model/networks/blocks.h"
#include "training/data/batches.h"
#include "training/data/random.h"
#include "training/losses/colour_terms.h"
#include "training/losses/reverse.h"
#include "training/losses/vividness.h"
#include "training/recipe/networks.h"

namespace cgan {
namespace {

constexpr uint64_t kDropoutStream = 0x64726f70, kPictureStream = 0x70696373,
                   kVividnessStream = 0x76697669, kStatisticsStream = 0x73746174;
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

/// One for each core, as long as that is not a matter of gigabytes.
size_t batches_ahead() {
  return std::clamp(std::thread::hardware_concurrency(), 1u, 16u);
}

std::vector<torch::Tensor> all_parameters(const torch::nn::Module& network,
                                          const torch::nn::Linear& head) {
  auto result = network.parameters();
  if (head)
    for (const auto& parameter : head->parameters()) result.push_back(parameter);
  return result;
}

void store_moments(const Adam& adam, const std::string& prefix,
                   std::map<std::string, at::Tensor>& tensors) {
  for (size_t i = 0; i < adam.first_moments().size(); ++i) {
    const auto number = std::to_string(i);
    tensors[prefix + "m/" + number] = adam.first_moments()[i].cpu().contiguous();
    tensors[prefix + "v/" + number] = adam.second_moments()[i].cpu().contiguous();
  }
}

void load_moments(const Adam& adam, const std::string& prefix,
                  const std::map<std::string, at::Tensor>& tensors) {
  for (size_t i = 0; i < adam.first_moments().size(); ++i) {
    const auto number = std::to_string(i);
    const auto m = tensors.find(prefix + "m/" + number), v = tensors.find(prefix + "v/" + number);
    if (m == tensors.end() || v == tensors.end() ||
        m->second.sizes() != adam.first_moments()[i].sizes() ||
        v->second.sizes() != adam.second_moments()[i].sizes())
      throw std::invalid_argument("the checkpoint's moments are not those of these networks");
    adam.first_moments()[i].copy_(m->second);
    adam.second_moments()[i].copy_(v->second);
  }
}

}  // namespace

Trainer::Trainer(const Recipe& recipe, const Dataset& data, c10::Device device,
                 const std::string& perceptual)
    : recipe_(with_workers(recipe, device)),
      data_(data),
      device_(device),
      adversarial_(adversarial_from_string(recipe.adversarial_loss)),
      reverse_(reverse_from_string(recipe.reverse)),
      team_(recipe_.workers) {
  if (data.size() < recipe_.batch)
    throw std::invalid_argument("the training set has " + std::to_string(data.size()) +
                                " pictures, fewer than one batch of " +
                                std::to_string(recipe_.batch) + "; lower --batch");
  if (recipe_.aux_class > 0 && data.class_names().size() < 2)
    throw std::invalid_argument(
        "--aux-class needs pictures with classes: sort them into one folder per class, or set "
        "--aux-class 0");
  steps_per_epoch_ = data.size() / recipe_.batch;
  if (device.is_cuda()) {
    // The shapes of all steps are the same: the fastest algorithms are worth looking for.
    at::globalContext().setBenchmarkCuDNN(true);
    queue_ = std::make_unique<BatchQueue>(
        [this](int64_t step) { return batch_of(step, 0, recipe_.batch); },
        recipe_.epochs * steps_per_epoch_, batches_ahead());
  }

  // Initialisation draws from LibTorch's global generator; nothing else does.
  at::manual_seed(recipe_.seed);
  workers_.resize(recipe_.workers);
  for (int64_t w = 0; w < recipe_.workers; ++w) {
    auto& worker = workers_[w];
    worker.first = recipe_.batch * w / recipe_.workers;
    worker.count = recipe_.batch * (w + 1) / recipe_.workers - worker.first;
    shares_.push_back(static_cast<double>(worker.count) / recipe_.batch);
    worker.gradients.weight = shares_.back();
    worker.generator = make_generator(recipe_);
    worker.discriminator = make_discriminator(recipe_);
    worker.objective = std::make_unique<Objective>(recipe_, perceptual);
    worker.generator->network().to(device_);
    worker.discriminator->network().to(device_);
    if (recipe_.aux_class > 0) {
      worker.class_head = torch::nn::Linear(worker.generator->feature_count(),
                                            static_cast<int64_t>(data.class_names().size()));
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
  average_ = make_generator(recipe_);
  average_->network().to(device_);
  store_in_training_format(average_->network());
  average_->network().eval();
  copy_state(average_->network(), workers_[0].generator->network());

  const AdamOptions g_options{recipe_.beta1, recipe_.beta2, 1e-8, recipe_.weight_decay};
  const AdamOptions d_options{recipe_.beta1, recipe_.beta2, 1e-8, 0};
  auto& discriminator = workers_[0].discriminator->network();
  g_adam_ = std::make_unique<Adam>(
      all_parameters(workers_[0].generator->network(), workers_[0].class_head), g_options);
  d_adam_ = std::make_unique<Adam>(discriminator.parameters(), d_options);
  if (recipe_.spectral_norm)
    spectral_norm_ = std::make_unique<SpectralNorm>(discriminator, recipe_.seed);
}

Trainer::~Trainer() = default;

StepLosses Trainer::step() {
  const double progress = static_cast<double>(steps_done_) / steps_per_epoch_;
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
  const auto is_of_encoder = workers_[0].generator->is_of_encoder();
  if (is_of_encoder.empty()) return;
  const double rate = progress < recipe_.encoder_from ? 0 : recipe_.encoder_lr;
  for (auto& worker : workers_) worker.generator->set_encoder_frozen(rate == 0);
  std::vector<double> factors(g_adam_->first_moments().size(), 1.0);
  for (size_t i = 0; i < is_of_encoder.size(); ++i)
    if (is_of_encoder[i]) factors[i] = rate;
  g_adam_->set_rate_factors(std::move(factors));
}

std::vector<int64_t> Trainer::pictures_of(int64_t step, int64_t first, int64_t count) {
  const int64_t epoch = step / steps_per_epoch_;
  const std::lock_guard<std::mutex> lock(order_mutex_);
  if (order_epoch_ != epoch) {
    order_ = epoch_order(recipe_.seed, epoch, data_.size());
    order_epoch_ = epoch;
  }
  const auto begin = order_.begin() + step % steps_per_epoch_ * recipe_.batch + first;
  return {begin, begin + count};
}

Batch Trainer::batch_of(int64_t step, int64_t first, int64_t count) {
  return make_batch(data_, pictures_of(step, first, count), recipe_.tile, recipe_.augmentation(),
                    stream_seed(recipe_.seed, static_cast<uint64_t>(step), kPictureStream), first);
}

at::Tensor Trainer::told_vividness(const at::Tensor& original, int64_t first) const {
  if (recipe_.vividness == 0) return {};
  const auto vividness = vividness_of(original);
  auto silent = at::empty({vividness.size(0)}, at::kBool);
  for (int64_t k = 0; k < silent.size(0); ++k) {
    SplitMix64 random(stream_seed(recipe_.seed, steps_done_, kVividnessStream + first + k));
    silent.data_ptr<bool>()[k] = random.uniform() >= recipe_.vividness;
  }
  return vividness.masked_fill(silent.to(vividness.device()), 0);
}

void Trainer::forward(Worker& worker, bool plays) {
  auto& generator = *worker.generator;
  auto& coloured = worker.coloured;
  const auto batch =
      queue_ ? queue_->take(steps_done_) : batch_of(steps_done_, worker.first, worker.count);
  coloured.gray = batch.gray.to(device_);
  coloured.colour = batch.colour.to(device_);
  coloured.labels = batch.labels.to(device_);
  coloured.motion = batch.motion;
  coloured.original = at_scale(coloured.colour, generator.scale());
  worker.luma = at_scale(coloured.gray, generator.scale());
  const auto vividness = told_vividness(coloured.original, worker.first);
  const auto dropout = stream_seed(recipe_.seed, steps_done_, kDropoutStream + worker.first);

  worker.losses = {};
  auto input = batch.input.to(device_), luma = worker.luma, told = vividness;
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
  if (!plays) return;

  auto& judge = *worker.discriminator;
  if (spectral_norm_) spectral_norm_->apply(judge.network(), true);
  const auto original = judge.judge(worker.luma, coloured.original);
  const auto generated = judge.judge(worker.luma, coloured.shown.detach());
  worker.d_loss = discriminator_loss(adversarial_, original, generated, recipe_.label_smoothing);
  worker.losses.discriminator = worker.d_loss.item<double>();
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
    const auto term = generator_loss(adversarial_, judge.judge(worker.luma, worker.coloured.shown));
    losses.adversarial = term.item<double>();
    total = total + recipe_.adversarial * term;
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
  auto augmentation = recipe_.augmentation();
  augmentation.pairs = 0;
  const auto order = epoch_order(recipe_.seed, 0, data_.size());
  auto& network = average_->network();
  network.train();
  const int64_t batches = std::min(kStatisticsBatches, steps_per_epoch_);
  BatchQueue queue(
      [&](int64_t i) {
        const auto begin = order.begin() + i * recipe_.batch;
        return make_batch(data_, {begin, begin + recipe_.batch}, recipe_.tile, augmentation,
                          stream_seed(recipe_.seed, static_cast<uint64_t>(i), kStatisticsStream),
                          0);
      },
      batches, batches_ahead());
  for (int64_t i = 0; i < batches; ++i) {
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
                  std::to_string(steps_done_ / steps_per_epoch_ + 1) +
                  "); lower --lr or --d-lr, or add --warmup, and go on from the last checkpoint "
                  "with --resume");
}

Weights Trainer::state() const {
  Weights state;
  state.header.architecture = "training-state";
  state.header.colour_space = "rgb";
  state.header.options = nlohmann::json{
      {"recipe", to_json(recipe_)},
      {"steps_done", steps_done_},
      {"g_adam_steps", g_adam_->steps()},
      {"d_adam_steps", d_adam_->steps()},
      {"pictures",
       data_.size()}}.dump();
  state.header.provenance = "{}";
  auto& tensors = state.tensors;
  store(workers_[0].generator->network(), "generator/", tensors);
  store(average_->network(), "average/", tensors);
  store(workers_[0].discriminator->network(), "discriminator/", tensors);
  if (workers_[0].class_head) store(*workers_[0].class_head, "class_head/", tensors);
  store_moments(*g_adam_, "generator_", tensors);
  store_moments(*d_adam_, "discriminator_", tensors);
  if (spectral_norm_)
    for (const auto& [name, left] : spectral_norm_->state())
      tensors["spectral/" + name] = left.cpu().contiguous();
  return state;
}

void Trainer::restore(const Weights& state) {
  if (state.header.architecture != "training-state")
    throw std::invalid_argument(
        "--resume takes a checkpoint of cgan-train; to start from weights "
        "alone use --init");
  const auto options = nlohmann::json::parse(state.header.options);
  if (options.at("pictures").get<int64_t>() != data_.size())
    throw std::invalid_argument("the checkpoint was made with " +
                                std::to_string(options.at("pictures").get<int64_t>()) +
                                " training pictures, but there are " +
                                std::to_string(data_.size()) + "; give the same data");
  at::NoGradGuard no_graph;
  for (auto& worker : workers_) {
    load(worker.generator->network(), "generator/", state.tensors);
    load(worker.discriminator->network(), "discriminator/", state.tensors);
  }
  load(average_->network(), "average/", state.tensors);
  if (workers_[0].class_head) load(*workers_[0].class_head, "class_head/", state.tensors);
  load_moments(*g_adam_, "generator_", state.tensors);
  load_moments(*d_adam_, "discriminator_", state.tensors);
  g_adam_->set_steps(options.at("g_adam_steps").get<std::vector<int64_t>>());
  d_adam_->set_steps(options.at("d_adam_steps").get<std::vector<int64_t>>());
  if (spectral_norm_)
    for (const auto& [name, left] : spectral_norm_->state()) {
      const auto found = state.tensors.find("spectral/" + name);
      if (found != state.tensors.end()) left.copy_(found->second);
    }
  steps_done_ = options.at("steps_done").get<int64_t>();
}

Weights Trainer::generator_weights(const std::string& provenance) const {
  return average_->weights(provenance);
}

Weights Trainer::discriminator_weights(const std::string& provenance) const {
  auto weights = workers_[0].discriminator->weights(provenance);
  if (spectral_norm_)
    for (const auto& [name, weight] : spectral_norm_->normalised())
      weights.tensors[name] = weight.cpu().contiguous();
  return weights;
}

void Trainer::start_from_generator(const Weights& weights) {
  for (auto& worker : workers_) worker.generator->start_from(weights);
  copy_state(average_->network(), workers_[0].generator->network());
}

void Trainer::start_from_discriminator(const Weights& weights) {
  for (auto& worker : workers_) worker.discriminator->start_from(weights);
  // The largest singular values of these weights are not those of the random ones before.
  constexpr int kPowerIterations = 10;
  for (int i = 0; spectral_norm_ && i < kPowerIterations; ++i) spectral_norm_->iterate();
}

}  // namespace cgan
