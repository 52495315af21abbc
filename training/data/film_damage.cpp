#include "training/data/film_damage.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace cgan {
namespace {

constexpr float kDark = 0.05f, kBright = 0.95f;

/// Covers a part of one pixel; nothing outside of the picture.
void cover(float* gray, int64_t side, int64_t y, int64_t x, double share, float value) {
  if (y < 0 || y >= side || x < 0 || x >= side) return;
  float& pixel = gray[y * side + x];
  pixel += static_cast<float>(share) * (value - pixel);
}

/// Covers the four pixels around a place, each by how near it is.
void cover_between(float* gray, int64_t side, double y, double x, double share, float value) {
  const double top = std::floor(y), left = std::floor(x);
  for (int down = 0; down < 2; ++down)
    for (int right = 0; right < 2; ++right) {
      const double near = (1 - std::abs(y - top - down)) * (1 - std::abs(x - left - right));
      cover(gray, side, static_cast<int64_t>(top) + down, static_cast<int64_t>(left) + right,
            share * near, value);
    }
}

/// Light passes where the emulsion of a print is gone; what lies on it is dark. Negatives turn
/// both.
float dark_or_bright(SplitMix64& random) {
  return random.chance(0.5) ? kDark : kBright;
}

}  // namespace

void add_grain(float* gray, int64_t side, double sigma, double size, SplitMix64& random) {
  // White noise with a border, then (size, 1, size) along both axes.
  const int64_t wide = side + 2;
  std::vector<float> white(wide * wide), across(side * wide);
  for (auto& value : white) value = static_cast<float>(random.normal());
  const auto k = static_cast<float>(size);
  for (int64_t y = 0; y < wide; ++y)
    for (int64_t x = 0; x < side; ++x) {
      const float* from = white.data() + y * wide + x;
      across[y * side + x] = from[1] + k * (from[0] + from[2]);
    }
  const auto scale = static_cast<float>(sigma / (1 + 2 * size * size));
  for (int64_t i = 0; i < side * side; ++i) {
    const float grain = across[i + side] + k * (across[i] + across[i + 2 * side]);
    const float level = std::clamp(gray[i], 0.0f, 1.0f);
    gray[i] += scale * (0.5f + 2 * level * (1 - level)) * grain;
  }
}

void add_scratch(float* gray, int64_t side, SplitMix64& random) {
  const float value = dark_or_bright(random);
  const double share = random.uniform(0.15, 0.7);
  const double slant = random.uniform(-0.03, 0.03);
  const auto length = static_cast<int64_t>(side * random.uniform(0.5, 1.5));
  const int64_t begin = random.below(side / 2 + 1) - side / 4;
  const double left = random.uniform(0, static_cast<double>(side));
  for (int64_t y = std::max<int64_t>(begin, 0); y < std::min(begin + length, side); ++y)
    cover_between(gray, side, static_cast<double>(y), left + slant * y, share, value);
}

void add_speck(float* gray, int64_t side, SplitMix64& random) {
  const float value = dark_or_bright(random);
  const double share = random.uniform(0.4, 1);
  const double centre_y = random.uniform(0, side - 1.0), centre_x = random.uniform(0, side - 1.0);
  // Small ones are many.
  const double u = random.uniform();
  const double radius = 0.5 + 1.3 * u * u, stretch = random.uniform(0.7, 1.4);
  const auto reach = static_cast<int64_t>(std::ceil(radius * 1.5)) + 1;
  for (int64_t y = std::lround(centre_y) - reach; y <= std::lround(centre_y) + reach; ++y)
    for (int64_t x = std::lround(centre_x) - reach; x <= std::lround(centre_x) + reach; ++x) {
      const double dy = (y - centre_y) * stretch, dx = (x - centre_x) / stretch;
      const double inside = radius + 0.5 - std::sqrt(dy * dy + dx * dx);
      cover(gray, side, y, x, share * std::clamp(inside, 0.0, 1.0), value);
    }
}

void add_hair(float* gray, int64_t side, SplitMix64& random) {
  const float value = dark_or_bright(random);
  const double share = random.uniform(0.3, 0.6);
  const auto steps = static_cast<int64_t>(2 * side * random.uniform(0.1, 0.35));
  double y = random.uniform(0, static_cast<double>(side));
  double x = random.uniform(0, static_cast<double>(side));
  double dy = random.normal(), dx = random.normal() + 1e-6, bend = random.uniform(-0.08, 0.08);
  for (int64_t i = 0; i < steps; ++i) {
    const double length = 2 * std::sqrt(dy * dy + dx * dx);  // half a pixel a step
    dy /= length;
    dx /= length;
    cover_between(gray, side, y += dy, x += dx, share, value);
    const double turned = dy + bend * dx;
    dx -= bend * dy;
    dy = turned;
    bend += random.uniform(-0.01, 0.01);
  }
}

}  // namespace cgan
