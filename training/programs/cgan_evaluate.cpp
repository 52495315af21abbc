#include <ATen/Parallel.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>
#include <thread>

#include "training/metrics/evaluation.h"
#include "training/metrics/score_table.h"
#include "training/programs/run_program.h"

namespace {

void declare(CLI::App& app, cgan::EvaluationOptions& options, std::string& json) {
  app.add_option("--data", options.data,
                 "Originals: a CIFAR-10 batch (.bin), a folder of batches or of photographs, which "
                 "are scored at their own size")
      ->required();
  app.add_option("--labels", options.labels,
                 "CSV file with the columns file and class (a number): the photographs' classes, "
                 "for semantic recovery by --features");
  app.add_option("--weights", options.weights,
                 "Generator to score: a built-in name (cifar10) or a .safetensors file");
  app.add_option("--results", options.results,
                 "Score the pictures in this folder instead, by file name against those in --data");
  app.add_option("--discriminator", options.discriminator,
                 "Discriminator (.safetensors) to judge originals and generated pictures");
  app.add_option("--features", options.features,
                 "TorchScript network for FID, inception score, precision, recall and recovery: "
                 "takes (N, 3, H, W) RGB 0..1, returns (logits, features); cgan-train-classifier "
                 "and feature_network.py make one");
  app.add_option(
      "--work-size", options.work_size,
      "Short side, in pixels, of what the generator sees of a photograph; 0: its choice");
  app.add_option("--vividness", options.vividness,
                 "Input of a photo generator, -1 muted .. 1 vivid: better than --saturation")
      ->capture_default_str();
  app.add_option("--precision", options.precision,
                 "What a photo generator computes in: fp32, bf16 or int8 (see cgan-calibrate)")
      ->capture_default_str();
  app.add_option("--saturation", options.saturation, "Factor on the chroma of photographs")
      ->capture_default_str();
  app.add_option("--limit", options.limit, "Score the first N pictures only");
  app.add_flag("--baselines", options.baselines, "Score grey and the mean colour, too");
  app.add_option("--json", json, "Write every number to this file");
  app.add_flag("--tiles", options.tiles,
               "Cut one middle tile out of each picture of a folder, as in training");
  app.add_option(
      "--sheet", options.sheet,
      "Write a PNG with rows of gray | generated | original; photographs without colours "
      "of their own are shown here and not scored");
  app.add_option("--beside", options.beside,
                 "Second generator, shown on the sheet between gray and generated");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Scores a generator, or pictures that were coloured, against the originals.");
  cgan::EvaluationOptions options;
  std::string json;
  declare(app, options, json);
  CLI11_PARSE(app, argc, argv);
  at::set_num_threads(static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
  return cgan::run_program("cgan-evaluate", [&] {
    const auto scores = cgan::evaluate(options);
    std::fputs(cgan::score_table(scores).c_str(), stdout);
    if (!json.empty()) cgan::write_scores(json, scores);
    return 0;
  });
}
