#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "model/inference/int8/photo_calibration.h"
#include "model/weights/weights.h"
#include "training/programs/aged_pictures.h"
#include "training/programs/run_program.h"
#include "training/recipe/provenance.h"

namespace {

struct Options {
  std::string weights, out;
  cgan::AgedPictures pictures;
};

void declare(CLI::App& app, Options& options) {
  app.add_option("--weights", options.weights,
                 "Photo generator to calibrate: a built-in name (photo) or a .safetensors file")
      ->required();
  options.pictures.declare(app);
  app.add_option("--out", options.out, "Where the same weights go, with the ranges")->required();
}

// float16 where the file that was read had no more.
cgan::StorageType storage_of(const cgan::Weights& weights) {
  const bool fits = std::all_of(weights.tensors.begin(), weights.tensors.end(), [](const auto& t) {
    return t.second.equal(t.second.to(c10::kHalf).to(c10::kFloat));
  });
  return fits ? cgan::StorageType::kFloat16 : cgan::StorageType::kFloat32;
}

void calibrate(const Options& options) {
  auto weights = cgan::read_weights(cgan::find_weights(options.weights));
  cgan::PhotoCalibration calibration(weights);
  const int64_t side = calibration.short_side();
  const auto data =
      cgan::open_picture_folders(options.pictures.folders, side, options.pictures.cache);
  const int64_t count = options.pictures.show(
      *data, side, [&](int64_t, const at::Tensor& gray) { calibration.show(gray); });
  weights.header.ranges = cgan::to_text(calibration.ranges());
  auto provenance = cgan::flat_provenance(weights);
  provenance["int8"] = {{"program", "cgan-calibrate"},
                        {"data", data->description()},
                        {"pictures", count},
                        {"old_film", options.pictures.old_film}};
  weights.header.provenance = provenance.dump();
  cgan::write_weights(options.out, weights, storage_of(weights));
  std::printf("%lld pictures, %s\n", static_cast<long long>(count), options.out.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Measures between which values a photo generator's layers lie and writes them into its "
      "weights, so that it runs in int8.");
  Options options;
  declare(app, options);
  CLI11_PARSE(app, argc, argv);
  return cgan::run_program("cgan-calibrate", [&] {
    calibrate(options);
    return 0;
  });
}
