#include "training/recipe/trainer.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>

#include "training/data/batches.h"
#include "training/data/random.h"
#include "training/recipe/networks.h"

namespace cgan {
namespace {

constexpr uint64_t kDropoutStream = 0x64726f70, kPictureStream = 0x70696373;

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

std::string options_json(const ReportGeneratorOptions& options) {
  return nlohmann::json{{"tile", options.tile},
                        {"widths", options.widths},
                        {"upsampling", to_string(options.upsampling)},
                        {"dropout", options.dropout}}
      .dump();
}

std::string options_json(const DiscriminatorOptions& options) {
  return nlohmann::json{
      {"tile", options.tile}, {"widths", options.widths}, {"hidden", options.hidden}}
      .dump();
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

Trainer::Trainer(const Recipe& recipe, const Dataset& data, c10::Device device)
    : recipe_(with_workers(recipe, device)),
      data_(data),
      device_(device),
      adversarial_(adversarial_from_string(recipe.adversarial_loss)),
      chroma_norm_(chroma_norm_from_string(recipe.chroma_norm)),
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

  // Initialisation draws from LibTorch's global generator; nothing else does.
  at::manual_seed(recipe_.seed);
  workers_.resize(recipe_.workers);
  for (int64_t w = 0; w < recipe_.workers; ++w) {
    auto& worker = workers_[w];
    worker.first = recipe_.batch * w / recipe_.workers;
    worker.count = recipe_.batch * (w + 1) / recipe_.workers - worker.first;
    shares_.push_back(static_cast<double>(worker.count) / recipe_.batch);
    worker.gradients.weight = shares_.back();
    worker.generator = ReportGenerator(recipe_.generator_options());
    worker.discriminator = Discriminator(recipe_.discriminator_options());
    worker.generator->to(device_);
    worker.discriminator->to(device_);
    if (recipe_.aux_class > 0) {
      worker.class_head =
          torch::nn::Linear(recipe_.widths.back(), static_cast<int64_t>(data.class_names().size()));
      worker.class_head->to(device_);
    }
    if (w == 0) {
      use_channels_last(*worker.generator);
      use_channels_last(*worker.discriminator);
      continue;
    }
    share_parameters(*worker.generator, *workers_[0].generator);
    share_parameters(*worker.discriminator, *workers_[0].discriminator);
    if (worker.class_head) share_parameters(*worker.class_head, *workers_[0].class_head);
  }
  average_ = ReportGenerator(recipe_.generator_options());
  average_->to(device_);
  use_channels_last(*average_);
  average_->eval();
  copy_state(*average_, *workers_[0].generator);

  const AdamOptions options{recipe_.beta1, recipe_.beta2, 1e-8};
  g_adam_ = std::make_unique<Adam>(all_parameters(*workers_[0].generator, workers_[0].class_head),
                                   options);
  d_adam_ = std::make_unique<Adam>(workers_[0].discriminator->parameters(), options);
  if (recipe_.spectral_norm)
    spectral_norm_ = std::make_unique<SpectralNorm>(*workers_[0].discriminator, recipe_.seed);
}

Trainer::~Trainer() = default;

StepLosses Trainer::step() {
  const int64_t epoch = steps_done_ / steps_per_epoch_;
  const double progress = static_cast<double>(steps_done_) / steps_per_epoch_;
  const bool plays = recipe_.adversarial > 0 && progress >= recipe_.adversarial_from;
  const double factor = recipe_.rate_factor(progress);
  if (order_epoch_ != epoch) {
    order_ = epoch_order(recipe_.seed, epoch, data_.size());
    order_epoch_ = epoch;
  }
  if (plays && spectral_norm_) spectral_norm_->iterate();

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
  for (const auto& buffer : running_statistics(*workers_[0].discriminator))
    d_statistics.push_back(buffer.clone());
  team_.run([&](int64_t w) { generator_gradients(workers_[w], plays); });
  set_statistics(discriminators(), d_statistics);
  gather_generator_losses(sum);
  if (!std::isfinite(sum.generator)) refuse("generator", sum.generator);
  auto average = average_->parameters();
  // The class head is no part of what is exported, and is averaged with itself.
  if (workers_[0].class_head)
    for (const auto& parameter : workers_[0].class_head->parameters()) average.push_back(parameter);
  update(*g_adam_, recipe_.lr * factor, std::move(average));
  average_generator_statistics();
  ++steps_done_;
  return sum;
}

void Trainer::forward(Worker& worker, bool plays) {
  const int64_t place = steps_done_ % steps_per_epoch_;
  const auto begin = order_.begin() + place * recipe_.batch + worker.first;
  const std::vector<int64_t> indices(begin, begin + worker.count);
  worker.batch = make_batch(data_, indices, recipe_.tile, recipe_.augmentation(),
                            stream_seed(recipe_.seed, steps_done_, kPictureStream), worker.first);
  worker.batch.gray = worker.batch.gray.to(device_);
  worker.batch.colour = worker.batch.colour.to(device_);
  std::optional<DropoutMasks> masks;
  if (recipe_.dropout > 0) {
    const auto random = at::detail::createCPUGenerator(
        stream_seed(recipe_.seed, steps_done_, kDropoutStream + worker.first));
    masks = draw_dropout_masks(worker.generator->options(), worker.count, random);
    masks->d1 = masks->d1.to(device_);
    masks->d2 = masks->d2.to(device_);
  }
  worker.losses = {};
  worker.generated = worker.generator->forward(worker.batch.gray, masks, &worker.features);
  worker.shown =
      recipe_.keep_luma ? with_luma(worker.batch.gray, worker.generated) : worker.generated;
  if (!plays) return;

  if (spectral_norm_) spectral_norm_->apply(*worker.discriminator, true);
  const auto original = worker.discriminator->forward(worker.batch.gray, worker.batch.colour);
  const auto generated = worker.discriminator->forward(worker.batch.gray, worker.shown.detach());
  worker.d_loss = discriminator_loss(adversarial_, original, generated, recipe_.label_smoothing);
  worker.losses.discriminator = worker.d_loss.item<double>();
  worker.losses.d_original = (original.detach() > 0).sum().item<double>() / worker.count;
  worker.losses.d_generated = (generated.detach() <= 0).sum().item<double>() / worker.count;
}

void Trainer::discriminator_gradients(Worker& worker) {
  worker.gradients.of = d_adam_->in_parameter_order(torch::autograd::grad(
      {worker.d_loss}, worker.discriminator->parameters(), {}, c10::nullopt, false, true));
}

void Trainer::generator_gradients(Worker& worker, bool plays) {
  const auto& g = worker.shown;
  const auto& y = worker.batch.colour;
  auto& losses = worker.losses;
  torch::Tensor total;
  const auto add = [&](double weight, const torch::Tensor& term, double& reading) {
    reading = term.item<double>();
    total = total.defined() ? total + weight * term : weight * term;
  };

  const bool ascends = reverse_ == Reverse::kAscent && recipe_.reverse_weight > 0 &&
                       (steps_done_ + 1) % recipe_.reverse_every == 0;
  if (ascends) {
    add(recipe_.reverse_weight, reverse_ascent_loss(g, recipe_.reverse_limit), losses.reverse);
  } else {
    if (recipe_.l1 > 0) add(recipe_.l1, l1_distance(worker.generated, y), losses.l1);
    if (recipe_.cosine > 0) add(recipe_.cosine, cosine_distance(g, y), losses.cosine);
    if (recipe_.chroma > 0) add(recipe_.chroma, chroma_loss(g, y, chroma_norm_), losses.chroma);
    if (recipe_.match > 0) add(recipe_.match, match_loss(g, y, recipe_.match_scale), losses.match);
    if (reverse_ == Reverse::kSpread && recipe_.reverse_weight > 0)
      add(recipe_.reverse_weight, reverse_spread_loss(g, y), losses.reverse);
    if (recipe_.aux_class > 0) {
      const auto logits = worker.class_head->forward(worker.features.mean({2, 3}));
      const auto labels = worker.batch.labels.to(device_);
      add(recipe_.aux_class,
          at::cross_entropy_loss(logits, labels, {}, at::Reduction::Mean, /*ignore_index=*/-1),
          losses.aux_class);
    }
    if (plays) {
      // D's parameters are fixed by not asking for their gradients.
      if (spectral_norm_) spectral_norm_->apply(*worker.discriminator, false);
      add(recipe_.adversarial,
          generator_loss(adversarial_, worker.discriminator->forward(worker.batch.gray, g)),
          losses.adversarial);
    }
  }
  losses.generator = total.item<double>();
  worker.gradients.of = g_adam_->in_parameter_order(
      torch::autograd::grad({total}, all_parameters(*worker.generator, worker.class_head), {},
                            c10::nullopt, false, true));
  worker.generated.reset();
  worker.shown.reset();
  worker.features.reset();
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

void Trainer::average_generator_statistics() {
  average_statistics(generators(), shares_);
  at::NoGradGuard no_graph;
  const auto from = running_statistics(*workers_[0].generator);
  const auto to = running_statistics(*average_);
  for (size_t i = 0; i < to.size(); ++i) to[i].lerp_(from[i], 1 - ema_decay());
}

std::vector<torch::nn::Module*> Trainer::generators() {
  std::vector<torch::nn::Module*> result;
  for (auto& worker : workers_) result.push_back(worker.generator.get());
  return result;
}

std::vector<torch::nn::Module*> Trainer::discriminators() {
  std::vector<torch::nn::Module*> result;
  for (auto& worker : workers_) result.push_back(worker.discriminator.get());
  return result;
}

void Trainer::gather_discriminator_losses(StepLosses& sum) const {
  for (size_t w = 0; w < workers_.size(); ++w) {
    const auto& of = workers_[w].losses;
    sum.discriminator += shares_[w] * of.discriminator;
    sum.d_original += shares_[w] * of.d_original;
    sum.d_generated += shares_[w] * of.d_generated;
  }
}

void Trainer::gather_generator_losses(StepLosses& sum) const {
  for (size_t w = 0; w < workers_.size(); ++w) {
    const auto& of = workers_[w].losses;
    sum.generator += shares_[w] * of.generator;
    sum.adversarial += shares_[w] * of.adversarial;
    sum.l1 += shares_[w] * of.l1;
    sum.cosine += shares_[w] * of.cosine;
    sum.chroma += shares_[w] * of.chroma;
    sum.match += shares_[w] * of.match;
    sum.reverse += shares_[w] * of.reverse;
    sum.aux_class += shares_[w] * of.aux_class;
  }
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
  store(*workers_[0].generator, "generator/", tensors);
  store(*average_, "average/", tensors);
  store(*workers_[0].discriminator, "discriminator/", tensors);
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
    load(*worker.generator, "generator/", state.tensors);
    load(*worker.discriminator, "discriminator/", state.tensors);
  }
  load(*average_, "average/", state.tensors);
  if (workers_[0].class_head) load(*workers_[0].class_head, "class_head/", state.tensors);
  load_moments(*g_adam_, "generator_", state.tensors);
  load_moments(*d_adam_, "discriminator_", state.tensors);
  g_adam_->set_steps(options.at("g_adam_steps").get<int64_t>());
  d_adam_->set_steps(options.at("d_adam_steps").get<int64_t>());
  if (spectral_norm_)
    for (const auto& [name, left] : spectral_norm_->state()) {
      const auto found = state.tensors.find("spectral/" + name);
      if (found != state.tensors.end()) left.copy_(found->second);
    }
  steps_done_ = options.at("steps_done").get<int64_t>();
}

Weights Trainer::generator_weights(const std::string& provenance) const {
  Weights weights;
  weights.header = {"report-generator", options_json(average_->options()), "rgb", provenance};
  store(*average_, "", weights.tensors);
  return weights;
}

Weights Trainer::discriminator_weights(const std::string& provenance) const {
  Weights weights;
  const auto& network = workers_[0].discriminator;
  weights.header = {"report-discriminator", options_json(network->options()), "rgb", provenance};
  store(*network, "", weights.tensors);
  if (spectral_norm_)
    for (const auto& [name, weight] : spectral_norm_->normalised())
      weights.tensors[name] = weight.cpu().contiguous();
  return weights;
}

void Trainer::start_from_generator(const Weights& weights) {
  if (weights.header.architecture != "report-generator")
    throw std::invalid_argument("--init takes weights of a report-generator, not of a " +
                                weights.header.architecture);
  for (auto& worker : workers_) load(*worker.generator, "", weights.tensors);
  copy_state(*average_, *workers_[0].generator);
}

void Trainer::start_from_discriminator(const Weights& weights) {
  if (weights.header.architecture != "report-discriminator")
    throw std::invalid_argument(
        "--init-discriminator takes weights of a report-discriminator, "
        "not of a " +
        weights.header.architecture);
  for (auto& worker : workers_) load(*worker.discriminator, "", weights.tensors);
}

}  // namespace cgan
