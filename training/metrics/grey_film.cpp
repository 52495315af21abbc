#include "training/metrics/grey_film.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "model/colour.h"
#include "training/data/film_damage.h"
#include "training/data/png_file.h"
#include "training/data/random.h"
#include "training/metrics/frame_folders.h"
#include "training/metrics/picture_files.h"

namespace cgan {
namespace {

namespace fs = std::filesystem;

constexpr double kGrainSize = 0.5;

// The corner of a square of grain, which is what add_grain makes.
at::Tensor with_grain(const at::Tensor& luma, double sigma, SplitMix64& random) {
  const int64_t height = luma.size(0), width = luma.size(1), side = std::max(height, width);
  auto square = at::zeros({side, side});
  auto corner = square.narrow(0, 0, height).narrow(1, 0, width);
  corner.copy_(luma);
  add_grain(square.data_ptr<float>(), side, sigma / 255, kGrainSize, random);
  return corner;
}

}  // namespace

void write_grey_film(const std::string& originals, const std::string& folder,
                     const GreyFilm& film) {
  const auto clips = find_clips(originals);
  for (size_t i = 0; i < clips.size(); ++i) {
    // A clip that is no sub-folder stays none.
    const auto place = fs::path(folder) / fs::path(clips[i].folder).lexically_relative(originals);
    std::error_code error;
    fs::create_directories(place, error);
    if (error)
      throw std::runtime_error("cannot make the folder " + place.string() + ": " + error.message());
    for (size_t j = 0; j < clips[i].frames.size(); ++j) {
      const auto& frame = clips[i].frames[j];
      auto luma = rgb_to_luma(read_picture(frame.path))[0][0];
      SplitMix64 random(stream_seed(film.seed, i, j));
      if (film.grain > 0) luma = with_grain(luma, film.grain, random);
      write_png((place / (frame.name + ".png")).string(), luma.unsqueeze(0));
    }
  }
}

}  // namespace cgan
