#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "training/data/png_file.h"
#include "training/programs/aged_pictures.h"
#include "training/programs/run_program.h"

namespace {

struct Options {
  std::string out;
  int64_t side = 192;
  cgan::AgedPictures pictures;
};

void declare(CLI::App& app, Options& options) {
  options.pictures.declare(app);
  app.add_option("--out", options.out, "New folder for the grey pictures, PNG")->required();
  app.add_option("--side", options.side, "Side of the squares in pixels")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

void age(const Options& options) {
  const std::filesystem::path out = options.out;
  if (std::filesystem::exists(out))
    throw std::runtime_error("'" + options.out + "' is there already; name a new folder");
  const auto data =
      cgan::open_picture_folders(options.pictures.folders, options.side, options.pictures.cache);
  std::filesystem::create_directories(out);
  const auto write = [&](int64_t i, const at::Tensor& gray) {
    char name[32];
    std::snprintf(name, sizeof name, "%05lld.png", static_cast<long long>(i));
    cgan::write_png((out / name).string(), gray[0].mul(0.5).add(0.5));
  };
  const int64_t count = options.pictures.show(*data, options.side, write);
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
