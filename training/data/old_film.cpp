#include "training/data/old_film.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "training/data/cheap_copy.h"
#include "training/data/film_damage.h"

namespace cgan {
namespace {

constexpr double kMostGrain = 0.06, kLargestGrain = 0.6;

std::array<double, 3> draw_response(double strength, SplitMix64& random) {
  std::array<double, 3> response = FilmLook().response;
  const double kind = random.uniform();
  if (kind < 0.09 * strength) {
    response = {random.uniform(0.05, 0.15), random.uniform(0.45, 0.6), random.uniform(0.3, 0.5)};
  } else if (kind < 0.3 * strength) {
    for (auto& weight : response) weight = random.uniform(0.1, 1);
  }
  const double sum = response[0] + response[1] + response[2];
  for (auto& weight : response) weight /= sum;
  return response;
}

/// A whole number with this mean, from 0 to about twice the mean.
int64_t draw_count(double mean, SplitMix64& random) {
  return static_cast<int64_t>(2 * mean * random.uniform() + random.uniform());
}

/// The film's answer to light 0..1, in steps fine enough to be joined by lines.
class ToneCurve {
 public:
  explicit ToneCurve(const FilmLook& look) {
    for (int i = 0; i <= kSteps; ++i) {
      const double bent = std::pow(static_cast<double>(i) / kSteps, look.gamma);
      const double steep = std::clamp((bent - 0.5) * look.contrast + 0.5, 0.0, 1.0);
      levels_[i] = static_cast<float>(look.black + (look.white - look.black) * steep);
    }
  }
  float operator()(float light) const {
    const float place = std::clamp(light, 0.0f, 1.0f) * kSteps;
    const int step = std::min(static_cast<int>(place), kSteps - 1);
    return levels_[step] + (place - step) * (levels_[step + 1] - levels_[step]);
  }

 private:
  static constexpr int kSteps = 512;
  std::array<float, kSteps + 1> levels_;
};

void see(const uint8_t* rgb, int64_t side, const std::array<double, 3>& response, float* gray) {
  const auto r = static_cast<float>(response[0] / 255), g = static_cast<float>(response[1] / 255),
             b = static_cast<float>(response[2] / 255);
  for (int64_t i = 0; i < side * side; ++i)
    gray[i] = r * rgb[3 * i] + g * rgb[3 * i + 1] + b * rgb[3 * i + 2];
}

void expose(float* gray, int64_t side, const FilmLook& look, SplitMix64& moment) {
  const ToneCurve curve(look);
  const double exposure = look.exposure * (1 + look.flutter * moment.uniform(-1, 1));
  const double flicker = look.flicker * moment.uniform(-1, 1);
  const double band = moment.uniform(-0.2, 1.2), reach = moment.uniform(0.15, 0.5);
  std::vector<float> along(side);  // a pixel's squared distance from the middle, along one axis
  for (int64_t i = 0; i < side; ++i) {
    const double distance = (2.0 * i + 1) / side - 1;
    along[i] = static_cast<float>(distance * distance / 2);
  }
  const auto vignette = static_cast<float>(look.vignette);
  for (int64_t y = 0; y < side; ++y) {
    const double off = ((y + 0.5) / side - band) / reach;
    const auto light = static_cast<float>(exposure * (1 + flicker / (1 + off * off)));
    for (int64_t x = 0; x < side; ++x) {
      float& pixel = gray[y * side + x];
      pixel = curve(pixel * light * (1 - vignette * (along[y] + along[x])));
    }
  }
}

}  // namespace

std::optional<FilmLook> draw_film_look(const OldFilm& film, SplitMix64& random) {
  if (!random.chance(film.strength * 2 / 3)) return std::nullopt;
  const double fortune = random.uniform();
  const double severity = film.strength * (0.15 + 0.85 * fortune * fortune);
  const auto amount = [&](double probability, double most) {
    return random.chance(probability) ? most * severity * random.uniform(0.3, 1) : 0;
  };
  const auto factor = [&](double probability, double most_stops) {
    return std::exp2(amount(probability, most_stops) * (random.chance(0.5) ? 1 : -1));
  };
  FilmLook look;
  look.response = draw_response(film.strength, random);
  look.blur = amount(0.35, 1.2);
  look.exposure = factor(0.6, 0.5);
  look.vignette = amount(0.4, 0.6);
  look.gamma = factor(0.6, 0.8);
  look.contrast = factor(0.6, 0.7);
  look.black = amount(0.8, 0.25);
  look.white = 1 - amount(0.8, 0.2);
  look.grain = amount(0.75, kMostGrain);
  look.grain_size = random.uniform(0, kLargestGrain);
  look.flutter = 0.03 * film.strength;
  look.flicker = amount(0.4, 0.2);
  look.scratches = amount(0.35, 4);
  look.specks = amount(0.4, 14);
  look.hairs = amount(0.15, 2);
  look.reduction = 1 + amount(0.25, 1);
  if (random.chance(0.5)) look.jpeg = static_cast<int>(90 - 65 * severity * random.uniform());
  return look;
}

FilmLook draw_grain(const OldFilm& film, SplitMix64& random) {
  FilmLook look;
  look.grain = kMostGrain * film.strength * random.uniform(0.1, 1);
  look.grain_size = random.uniform(0, kLargestGrain);
  return look;
}

void age_picture(const uint8_t* rgb, int64_t side, const FilmLook& look, SplitMix64& moment,
                 float* gray) {
  see(rgb, side, look.response, gray);
  if (look.blur > 0) blur(gray, side, look.blur);
  expose(gray, side, look, moment);
  if (look.grain > 0) add_grain(gray, side, look.grain, look.grain_size, moment);
  for (auto n = draw_count(look.scratches, moment); n > 0; --n) add_scratch(gray, side, moment);
  for (auto n = draw_count(look.specks, moment); n > 0; --n) add_speck(gray, side, moment);
  for (auto n = draw_count(look.hairs, moment); n > 0; --n) add_hair(gray, side, moment);
  if (look.reduction > 1) reduce(gray, side, look.reduction);
  if (look.jpeg) compress(gray, side, *look.jpeg);
  for (int64_t i = 0; i < side * side; ++i) gray[i] = std::clamp(gray[i], 0.0f, 1.0f) * 2 - 1;
}

}  // namespace cgan
