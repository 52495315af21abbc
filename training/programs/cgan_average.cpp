#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "model/weights/weights.h"
#include "training/programs/run_program.h"
#include "training/recipe/weights_average.h"

namespace {

struct Options {
  std::vector<std::string> files;
  std::vector<double> shares;
  std::string out;
};

void declare(CLI::App& app, Options& options) {
  app.add_option(
         "weights", options.files,
         "Generators trained on from the same weights: built-in names or .safetensors files")
      ->required();
  app.add_option("--shares", options.shares, "Share of each, as 0.5,0.3,0.2 (else equal ones)")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--out", options.out, "Where their average goes")->required();
}

void average(Options options) {
  std::vector<cgan::Weights> parts;
  for (const auto& file : options.files)
    parts.push_back(cgan::read_weights(cgan::find_weights(file)));
  if (options.shares.empty())
    options.shares.assign(parts.size(), 1.0 / static_cast<double>(parts.size()));
  cgan::write_weights(options.out, cgan::average_weights(parts, options.shares),
                      cgan::StorageType::kFloat16);
  std::printf("%zu generators, %s\n", parts.size(), options.out.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Averages the weights of generators that were trained on from the same ones in different "
      "ways: the average is nearer to the truth than each of them.");
  Options options;
  declare(app, options);
  CLI11_PARSE(app, argc, argv);
  return cgan::run_program("cgan-average", [&] {
    average(options);
    return 0;
  });
}
