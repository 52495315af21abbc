#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "training/data/cifar10.h"
#include "training/data/picture_folder.h"
#include "training/programs/run_program.h"
#include "training/recipe/process_environment.h"
#include "training/recipe/recipe.h"
#include "training/recipe/trainer.h"
#include "training/recipe/training_run.h"

namespace {

constexpr int kLossNotFinite = 3;

std::atomic<bool> stop_wanted{false};
std::atomic<int> stop_signal{0};

void ask_to_stop(int signal) {
  stop_signal = signal;
  stop_wanted = true;
  // A second signal ends the program at once.
  std::signal(signal, SIG_DFL);
}

struct Arguments {
  std::string recipe = "report";
  std::vector<std::string> cifar10, validate_cifar10;  ///< batches or their folder
  std::vector<std::string> pictures, validate;         ///< folders of pictures
  int64_t size = 0;  ///< at most, of their shorter side; 0: the tile
  std::string cache = cgan::default_picture_cache();
  cgan::RunSettings run;
};

std::string option_name(std::string field) {
  for (auto& letter : field)
    if (letter == '_') letter = '-';
  return "--" + field;
}

void declare(CLI::App& app, Arguments& arguments, cgan::Recipe& recipe) {
  app.add_option("--cifar10", arguments.cifar10,
                 "Training pictures: CIFAR-10's binary batches, or their folder");
  app.add_option("--validate-cifar10", arguments.validate_cifar10,
                 "Pictures to be scored: CIFAR-10's binary batches");
  app.add_option("--pictures", arguments.pictures,
                 "Training pictures: folders of .jpg, .png, .bmp; sub-folders are classes");
  app.add_option("--validate", arguments.validate,
                 "Pictures to be scored: folders that hold none of --pictures, side by side under "
                 "their names; NAME=FOLDER gives another one");
  app.add_option(
         "--size", arguments.size,
         "Larger pictures of folders are scaled until their shorter side has so many pixels "
         "(0: --tile)")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--cache", arguments.cache, "Folder for decoded pictures");
  app.add_option("--out", arguments.run.folder, "Folder for checkpoints, weights and pictures")
      ->required();
  app.add_option("--recipe", arguments.recipe,
                 "Table of values to begin from: report, best or photo")
      ->capture_default_str();
  app.add_flag("--resume", arguments.run.resume,
               "Go on from the checkpoint in --out, with its recipe");
  app.add_option("--init", arguments.run.init,
                 "Start from these weights of a generator, or of the photo generator's encoder");
  app.add_option("--init-discriminator", arguments.run.init_discriminator,
                 "Start from these discriminator weights");
  app.add_option("--perceptual", arguments.run.files.perceptual,
                 "TorchScript network by which --perceptual-weight and --recognition measure");
  app.add_option("--projection", arguments.run.files.projection,
                 "TorchScript network through whose maps --discriminator projected looks");
  app.add_option("--features", arguments.run.features,
                 "TorchScript network in whose features validations measure FID and recovery");
  app.add_option("--device", arguments.run.device, "cpu, cuda or cuda:N")->capture_default_str();
  app.add_option("--checkpoint-minutes", arguments.run.checkpoint_minutes,
                 "Time between checkpoints")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--log-every", arguments.run.log_every, "Steps per line of metrics.jsonl")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--validate-every", arguments.run.validate_every,
                 "Epochs from one validation to the next")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--validation-pictures", arguments.run.validation_pictures,
                 "At most so many are scored each time")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  cgan::visit_fields(recipe, [&](const char* name, auto& field, const char* description) {
    auto* option = app.add_option(option_name(name), field, description)->group("Recipe");
    if (option->get_type_size() != 1 || option->get_items_expected_max() > 1)
      option->delimiter(',');
    option->capture_default_str();
  });
}

std::unique_ptr<cgan::Dataset> open_data(const std::vector<std::string>& cifar10,
                                         const std::vector<std::string>& pictures,
                                         const std::string& options, int64_t tile,
                                         const Arguments& arguments) {
  if (cifar10.empty() == pictures.empty()) throw std::invalid_argument("give one of " + options);
  if (!cifar10.empty()) return cgan::read_cifar10(cifar10);
  return cgan::open_picture_folders(pictures, arguments.size == 0 ? tile : arguments.size,
                                    arguments.cache);
}

/// @param opened receives the data that the sets refer to
std::vector<cgan::ValidationSet> open_validation(
    int64_t tile, const Arguments& arguments, std::vector<std::unique_ptr<cgan::Dataset>>& opened) {
  std::vector<cgan::ValidationSet> sets;
  const auto open = [&](const std::string& name, const std::vector<std::string>& folders) {
    opened.push_back(open_data(arguments.validate_cifar10, folders,
                               "--validate-cifar10 and --validate", tile, arguments));
    sets.push_back({name, *opened.back()});
  };
  if (arguments.validate.empty() || !arguments.validate_cifar10.empty())
    open("test", arguments.validate);
  else
    for (const auto& text : arguments.validate) {
      const auto named = cgan::named_folder(text);
      open(named.first, {named.second});
    }
  return sets;
}

int run(Arguments& arguments, const cgan::Recipe& recipe) {
  recipe.validate();
  std::printf("%s\n", cgan::to_json(recipe).dump(2).c_str());
  std::fflush(stdout);
  const auto training = open_data(arguments.cifar10, arguments.pictures, "--cifar10 and --pictures",
                                  recipe.tile, arguments);
  std::vector<std::unique_ptr<cgan::Dataset>> opened;
  const auto validation = open_validation(recipe.tile, arguments, opened);
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);
  const auto end = cgan::train(recipe, arguments.run, *training, validation, stop_wanted);
  return end == cgan::RunEnd::kFinished ? 0 : 128 + stop_signal;
}

}  // namespace

int main(int argc, char** argv) {
  cgan::prepare_process(argv);
  Arguments arguments;
  cgan::Recipe recipe;
  CLI::App app("Trains the conditional GAN that colours gray pictures.");
  declare(app, arguments, recipe);
  // The line of the progress has no end yet.
  return cgan::run_program("\ncgan-train", [&] {
    try {
      // The table or the checkpoint gives the values, what stands on the command line overrides
      // them: the first pass finds out which, the second overrides.
      CLI11_PARSE(app, argc, argv);
      recipe = arguments.run.resume ? cgan::recipe_of_checkpoint(arguments.run.folder)
                                    : cgan::recipe_from_name(arguments.recipe);
      CLI11_PARSE(app, argc, argv);
      return run(arguments, recipe);
    } catch (const cgan::NotFinite& error) {
      std::fprintf(stderr, "\ncgan-train: %s\n", error.what());
      return kLossNotFinite;
    }
  });
}
