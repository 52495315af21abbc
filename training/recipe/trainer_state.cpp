#include <ATen/ATen.h>

#include <nlohmann/json.hpp>

#include "training/recipe/networks.h"
#include "training/recipe/trainer.h"

/// What of a trainer is written and read: checkpoints and weights.
namespace cgan {
namespace {

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
