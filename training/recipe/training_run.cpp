#include "training/recipe/training_run.h"

#include <c10/core/Device.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <vector>

#include "model/weights/weights.h"
#include "training/recipe/provenance.h"
#include "training/recipe/run_log.h"
#include "training/recipe/trainer.h"
#include "training/recipe/validation.h"
#include "training/recipe/validation_table.h"

namespace cgan {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int64_t kGridPictures = 32;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

fs::path checkpoint_path(const std::string& folder) {
  return fs::path(folder) / "checkpoint.safetensors";
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

/// Writes weights where they are read from only once they can be: an hour's training must not end
/// in a file that no program takes.
void write_readable(const fs::path& path, const Weights& weights, StorageType type) {
  const auto candidate = path.string() + ".new";
  write_weights(candidate, weights, type);
  try {
    read_weights(candidate);
  } catch (const ModelFileError& error) {
    fs::remove(candidate);
    throw std::runtime_error(
        std::string("what this run writes cannot be read back: ") + error.what() +
        " The files in its folder are as they were. Check the disk and go on with --resume; where "
        "the run starts from weights of another program, start it from ones of cgan-train");
  }
  fs::rename(candidate, path);
}

std::string hours_and_minutes(double seconds) {
  char text[32];
  const auto minutes = static_cast<long>(seconds / 60);
  std::snprintf(text, sizeof text, "%ldh%02ldm", minutes / 60, minutes % 60);
  return text;
}

c10::Device device_from_string(const std::string& name) {
  try {
    const c10::Device device(name);
    if (device.is_cpu() || device.is_cuda()) return device;
  } catch (const c10::Error&) {
  }
  throw std::invalid_argument("--device is 'cpu', 'cuda' or 'cuda:N', not '" + name + "'");
}

class Run {
 public:
  Run(const Recipe& recipe, const RunSettings& settings, const Dataset& training,
      const std::vector<ValidationSet>& validation)
      : settings_(settings),
        training_(training),
        validation_(validation),
        trainer_(recipe, training, device_from_string(settings.device), settings.files),
        features_(settings.features.empty() ? nullptr : FeatureNetwork::load(settings.features)),
        is_terminal_(isatty(STDERR_FILENO) != 0) {
    start();
  }

  RunEnd go(const std::atomic<bool>& stop);

 private:
  /// Puts the trainer where the run begins and opens the log there.
  void start();
  nlohmann::json provenance() const;
  void save() const;
  bool is_validated(int64_t epoch) const {
    return epoch % settings_.validate_every == 0 || epoch == trainer_.recipe().epochs;
  }
  void validate_epoch();
  void show_progress(const nlohmann::json& means);
  int64_t epochs_done() const { return trainer_.steps_done() / trainer_.steps_per_epoch(); }
  int64_t total_steps() const { return trainer_.recipe().epochs * trainer_.steps_per_epoch(); }

  const RunSettings& settings_;
  const Dataset& training_;
  const std::vector<ValidationSet>& validation_;
  Trainer trainer_;
  const std::shared_ptr<FeatureNetwork> features_;  ///< or null
  std::optional<RunLog> log_;                       ///< set by start()
  nlohmann::json before_;                           ///< of the provenance: the legs before this run
  const bool is_terminal_;
  double training_seconds_ = 0;  ///< of this run, validation and writing left out
  int64_t training_steps_ = 0;   ///< of this run
};

void Run::start() {
  if (!settings_.resume && fs::exists(checkpoint_path(settings_.folder)))
    throw std::invalid_argument("'" + settings_.folder +
                                "' holds a run already: add --resume to go on with it, or name "
                                "another folder");
  const Recipe& recipe = trainer_.recipe();
  if (!settings_.resume && settings_.init.empty() && recipe.network == "photo" &&
      recipe.encoder_from > 0)
    throw std::invalid_argument(
        "the photo generator's encoder rests at first and must come trained: name it with --init "
        "(training/encoder_weights.py writes it), or set --encoder-from 0");
  fs::create_directories(fs::path(settings_.folder) / "grids");
  if (settings_.resume) {
    const auto state = read_weights(checkpoint_path(settings_.folder).string());
    trainer_.restore(state);
    const auto provenance = flat_provenance(state);
    for (const char* key : {"from", "started_from"})
      if (provenance.contains(key)) before_[key] = provenance[key];
  } else {
    std::vector<Weights> from;
    if (!settings_.init.empty()) {
      from.push_back(read_weights(find_weights(settings_.init)));
      trainer_.start_from_generator(from.back());
    }
    before_ = provenance_after({}, from);
    if (!settings_.init_discriminator.empty())
      trainer_.start_from_discriminator(read_weights(find_weights(settings_.init_discriminator)));
  }
  // Before the first step: what no program could read is not worth the time.
  const auto trial = fs::path(settings_.folder) / "trial.safetensors";
  write_readable(trial, trainer_.generator_weights(provenance().dump()), StorageType::kFloat16);
  fs::remove(trial);
  log_.emplace((fs::path(settings_.folder) / "metrics.jsonl").string(), trainer_.steps_done());
}

nlohmann::json Run::provenance() const {
  nlohmann::json json = {
      {"program", "cgan-train"},
      {"data", training_.description()},
      {"pictures", training_.size()},
      {"pictures_seen", trainer_.steps_done() * trainer_.recipe().batch},
      {"epochs", static_cast<double>(trainer_.steps_done()) / trainer_.steps_per_epoch()},
      {"date", today()},
      {"recipe", cgan::to_json(trainer_.recipe())}};
  json.update(before_);
  if (!settings_.init_discriminator.empty())
    json["discriminator_started_from"] = fs::path(settings_.init_discriminator).filename();
  return json;
}

void Run::save() const {
  const fs::path folder = settings_.folder;
  const auto text = provenance().dump();
  auto state = trainer_.state();
  state.header.provenance = text;
  write_readable(checkpoint_path(settings_.folder), state, StorageType::kFloat32);
  write_readable(folder / "generator.safetensors", trainer_.generator_weights(text),
                 StorageType::kFloat16);
  write_readable(folder / "discriminator.safetensors", trainer_.discriminator_weights(text),
                 StorageType::kFloat16);
}

void Run::validate_epoch() {
  auto& generator = trainer_.averaged_generator();
  const int64_t epoch = epochs_done();
  const int64_t tile = trainer_.recipe().tile;
  const auto score = [&](const Dataset& data) {
    return validate(generator, data, tile, settings_.validation_pictures, trainer_.device(),
                    features_);
  };
  std::vector<std::pair<std::string, nlohmann::json>> rows;
  for (const auto& set : validation_) rows.emplace_back(set.name, score(set.data));
  auto line = rows.front().second;
  for (const auto& [name, scores] : rows) line["sets"][name] = scores;
  // How far these lie from validation's says how much was learned by heart.
  rows.emplace_back(kTrainingName, score(training_));
  for (const char* key : {"chroma_error", "psnr_gain"})
    line[std::string("train_") + key] = rows.back().second[key];
  std::fprintf(stderr, "%sepoch %ld done\n%s", is_terminal_ ? "\r\033[K" : "",
               static_cast<long>(epoch), validation_table(rows).c_str());
  line["kind"] = "epoch";
  line["epoch"] = epoch;
  line["step"] = trainer_.steps_done();
  log_->write(line);
  const auto write_grid = [&](const std::string& name, const Dataset& data) {
    char file[64];
    std::snprintf(file, sizeof file, "epoch-%03ld-", static_cast<long>(epoch));
    const auto path = fs::path(settings_.folder) / "grids" / (file + name + ".png");
    write_example_grid(path.string(), generator, data, tile, kGridPictures, trainer_.device());
  };
  write_grid(kTrainingName, training_);
  for (const auto& set : validation_) write_grid(set.name, set.data);
}

void Run::show_progress(const nlohmann::json& means) {
  const double rate = training_steps_ * trainer_.recipe().batch / training_seconds_;
  const int64_t left = total_steps() - trainer_.steps_done();
  std::fprintf(stderr,
               "%sepoch %.2f of %ld  %.0f images/s  G %.3f  L1 %.4f  adv %.3f  D %.3f "
               "(right %.0f %%)  %s left%s",
               is_terminal_ ? "\r\033[K" : "",
               static_cast<double>(trainer_.steps_done()) / trainer_.steps_per_epoch(),
               static_cast<long>(trainer_.recipe().epochs), rate, means["generator"].get<double>(),
               means["l1"].get<double>(), means["adversarial"].get<double>(),
               means["discriminator"].get<double>(), 100 * means["d_accuracy"].get<double>(),
               hours_and_minutes(left * trainer_.recipe().batch / rate).c_str(),
               is_terminal_ ? "" : "\n");
  std::fflush(stderr);
}

RunEnd Run::go(const std::atomic<bool>& stop) {
  if (trainer_.steps_done() == 0)
    log_->write({{"kind", "recipe"}, {"step", 0}, {"recipe", cgan::to_json(trainer_.recipe())}});
  LossMeans means;
  auto saved = Clock::now();
  while (trainer_.steps_done() < total_steps()) {
    const auto begun = Clock::now();
    means.add(trainer_.step());
    training_seconds_ += seconds_since(begun);
    ++training_steps_;
    const bool ends_epoch = trainer_.steps_done() % trainer_.steps_per_epoch() == 0;
    if (means.count() >= settings_.log_every || ends_epoch) {
      auto line = means.take();
      show_progress(line);
      line["kind"] = "steps";
      line["step"] = trainer_.steps_done();
      line["epoch"] = static_cast<double>(trainer_.steps_done()) / trainer_.steps_per_epoch();
      line["images_per_second"] = training_steps_ * trainer_.recipe().batch / training_seconds_;
      log_->write(line);
    }
    const bool stops = stop.load();
    const bool validates = ends_epoch && is_validated(epochs_done());
    if (validates || stops || seconds_since(saved) >= 60 * settings_.checkpoint_minutes) {
      trainer_.settle_statistics();
      if (validates) validate_epoch();
      save();
      saved = Clock::now();
    }
    if (stops) {
      std::fprintf(stderr, "%sstopped after step %ld; the same command with --resume goes on\n",
                   is_terminal_ ? "\n" : "", static_cast<long>(trainer_.steps_done()));
      return RunEnd::kStopped;
    }
  }
  return RunEnd::kFinished;
}

}  // namespace

RunEnd train(const Recipe& recipe, const RunSettings& settings, const Dataset& training,
             const std::vector<ValidationSet>& validation, const std::atomic<bool>& stop) {
  check_validation_sets(validation);
  return Run(recipe, settings, training, validation).go(stop);
}

Recipe recipe_of_checkpoint(const std::string& folder) {
  const auto state = read_weights(checkpoint_path(folder).string());
  const auto options = nlohmann::json::parse(state.header.options, nullptr, false);
  if (!options.is_object() || !options.contains("recipe"))
    throw std::invalid_argument(checkpoint_path(folder).string() +
                                " is not a checkpoint of cgan-train");
  return recipe_from_json(options["recipe"]);
}

}  // namespace cgan
