#include <c10/util/Exception.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "training/data/cifar10.h"
#include "training/recipe/process_memory.h"
#include "training/recipe/recipe.h"
#include "training/recipe/trainer.h"
#include "training/recipe/training_run.h"

namespace {

constexpr int kFailed = 1, kLossNotFinite = 3;

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
  std::vector<std::string> cifar10, validate_cifar10;
  cgan::RunSettings run;
};

std::string option_name(std::string field) {
  for (auto& letter : field)
    if (letter == '_') letter = '-';
  return "--" + field;
}

void declare(CLI::App& app, Arguments& arguments, cgan::Recipe& recipe) {
  app.add_option("--cifar10", arguments.cifar10,
                 "Training pictures: CIFAR-10's binary batches, or their folder")
      ->required();
  app.add_option("--validate-cifar10", arguments.validate_cifar10,
                 "Pictures scored after each epoch: CIFAR-10's binary batches")
      ->required();
  app.add_option("--out", arguments.run.folder, "Folder for checkpoints, weights and pictures")
      ->required();
  app.add_option("--recipe", arguments.recipe, "Table of values to begin from: report or best")
      ->capture_default_str();
  app.add_flag("--resume", arguments.run.resume,
               "Go on from the checkpoint in --out, with its recipe");
  app.add_option("--init", arguments.run.init, "Start from these generator weights");
  app.add_option("--init-discriminator", arguments.run.init_discriminator,
                 "Start from these discriminator weights");
  app.add_option("--device", arguments.run.device, "cpu, cuda or cuda:N")->capture_default_str();
  app.add_option("--checkpoint-minutes", arguments.run.checkpoint_minutes,
                 "Time between checkpoints")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--log-every", arguments.run.log_every, "Steps per line of metrics.jsonl")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--validation-pictures", arguments.run.validation_pictures,
                 "At most so many are scored after each epoch")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  cgan::visit_fields(recipe, [&](const char* name, auto& field, const char* description) {
    auto* option = app.add_option(option_name(name), field, description)->group("Recipe");
    if (option->get_type_size() != 1 || option->get_items_expected_max() > 1)
      option->delimiter(',');
    option->capture_default_str();
  });
}

int run(Arguments& arguments, const cgan::Recipe& recipe) {
  recipe.validate();
  std::printf("%s\n", cgan::to_json(recipe).dump(2).c_str());
  std::fflush(stdout);
  const auto training = cgan::read_cifar10(arguments.cifar10);
  const auto validation = cgan::read_cifar10(arguments.validate_cifar10);
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);
  const auto end = cgan::train(recipe, arguments.run, *training, *validation, stop_wanted);
  return end == cgan::RunEnd::kFinished ? 0 : 128 + stop_signal;
}

}  // namespace

int main(int argc, char** argv) {
  cgan::prepare_memory(argv);
  Arguments arguments;
  cgan::Recipe recipe;
  CLI::App app("Trains the conditional GAN that colours gray pictures.");
  declare(app, arguments, recipe);
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
  } catch (const c10::Error& error) {
    std::fprintf(stderr, "\ncgan-train: %s\n", error.what_without_backtrace());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "\ncgan-train: %s\n", error.what());
  }
  return kFailed;
}
