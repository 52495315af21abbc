#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "training/data/cifar10.h"
#include "training/metrics/residual_classifier.h"
#include "training/programs/run_program.h"

namespace {

using Clock = std::chrono::steady_clock;

cgan::LabelledPictures read_pictures(const std::vector<std::string>& paths) {
  const auto data = cgan::read_cifar10(paths);
  const int64_t count = data->size(), side = data->picture(0).height;
  auto rows = at::empty({count, side, side, 3}, at::kByte);
  auto labels = at::empty({count}, at::kLong);
  const int64_t bytes = side * side * 3;
  for (int64_t i = 0; i < count; ++i) {
    std::memcpy(rows.data_ptr<uint8_t>() + i * bytes, data->picture(i).rgb, bytes);
    labels.data_ptr<int64_t>()[i] = data->label(i);
  }
  return {rows.permute({0, 3, 1, 2}).contiguous(), labels};
}

int train(const std::vector<std::string>& training, const std::vector<std::string>& test,
          const std::string& out, const cgan::ClassifierTraining& settings) {
  const auto pictures = read_pictures(training);
  const auto test_pictures = read_pictures(test);
  const auto start = Clock::now();
  auto classifier = cgan::train_classifier(pictures, settings, [&](int64_t epoch, double loss) {
    const std::chrono::duration<double> spent = Clock::now() - start;
    std::printf("epoch %lld of %lld  loss %.4f  %.0f images/s  %.0f s left\n",
                static_cast<long long>(epoch), static_cast<long long>(settings.epochs), loss,
                pictures.pictures.size(0) * epoch / spent.count(),
                spent.count() * (settings.epochs - epoch) / epoch);
    std::fflush(stdout);
  });
  cgan::write_torchscript(classifier, out);
  std::printf("accuracy on the test pictures: %.2f %%\n%s\n",
              100 * cgan::classifier_accuracy(classifier, test_pictures), out.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Trains a small residual network on CIFAR-10 and writes it as TorchScript, for "
      "cgan-evaluate --features.");
  cgan::ClassifierTraining settings;
  std::vector<std::string> training, test;
  std::string out;
  app.add_option("--cifar10", training, "Training pictures: CIFAR-10's batches, or their folder")
      ->required();
  app.add_option("--test", test, "Pictures to test on: CIFAR-10's test_batch.bin")->required();
  app.add_option("--out", out, "TorchScript file to write")->required();
  app.add_option("--epochs", settings.epochs, "Times through the pictures")->capture_default_str();
  app.add_option("--threads", settings.threads, "Worker threads")->capture_default_str();
  app.add_option("--seed", settings.seed, "Seed of weights, order and augmentation")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  // The workers share the cores; one thread inside each operation.
  at::set_num_threads(1);
  return cgan::run_program("cgan-train-classifier",
                           [&] { return train(training, test, out, settings); });
}
