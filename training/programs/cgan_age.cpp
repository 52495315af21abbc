#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "training/data/batches.h"
#include "training/data/picture_folder.h"
#include "training/data/png_file.h"
#include "training/programs/run_program.h"

namespace {

constexpr uint64_t kSeed = 1;

struct Options {
  std::string out;
  std::vector<std::string> pictures;
  int64_t count = 200, side = 192;
  double old_film = 0.7;
  std::string cache = cgan::default_picture_cache();
};

void declare(CLI::App& app, Options& options) {
  app.add_option("--pictures", options.pictures, "Folders of photographs")->required();
  app.add_option("--out", options.out, "New folder for the grey pictures, PNG")->required();
  app.add_option("--count", options.count, "Pictures to show, spread evenly over the folders")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--side", options.side, "Side of the squares in pixels")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--old-film", options.old_film, "How much they are aged, 0..1, as in training")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--cache", options.cache, "Folder for decoded pictures")->capture_default_str();
}

void age(const Options& options) {
  const std::filesystem::path out = options.out;
  if (std::filesystem::exists(out))
    throw std::runtime_error("'" + options.out + "' is there already; name a new folder");
  const auto data = cgan::open_picture_folders(options.pictures, options.side, options.cache);
  std::filesystem::create_directories(out);
  cgan::Augmentation aged;
  aged.old_film.strength = options.old_film;
  const int64_t count = std::min(options.count, data->size());
  for (int64_t i = 0; i < count; ++i) {
    const int64_t index = i * data->size() / count;
    const auto gray = cgan::make_batch(*data, {index}, options.side, aged, kSeed, i).input;
    char name[32];
    std::snprintf(name, sizeof name, "%05lld.png", static_cast<long long>(i));
    cgan::write_png((out / name).string(), gray[0].mul(0.5).add(0.5));
  }
  std::printf("%lld pictures in %s\n", static_cast<long long>(count), options.out.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Writes what the trainer shows to its generator: photographs as if they were on old film.");
  Options options;
  declare(app, options);
  CLI11_PARSE(app, argc, argv);
  return cgan::run_program("cgan-age", [&] {
    age(options);
    return 0;
  });
}
