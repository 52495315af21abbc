#include "training/data/cheap_copy.h"

#include <stb_image.h>
#include <stb_image_write.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <new>
#include <vector>

namespace cgan {
namespace {

std::vector<float> gaussian(int64_t radius, double sigma) {
  std::vector<float> weights(2 * radius + 1);
  double sum = 0;
  for (int64_t i = -radius; i <= radius; ++i) sum += std::exp(-0.5 * i * i / (sigma * sigma));
  for (int64_t i = -radius; i <= radius; ++i)
    weights[i + radius] = static_cast<float>(std::exp(-0.5 * i * i / (sigma * sigma)) / sum);
  return weights;
}

/// Scales the rows of a picture to another number: triangles as wide as the coarser grid's step.
/// By hand: stb_image_resize asserts on some sizes that this filter's weights fail to sum to 1.
std::vector<float> scale_rows(const float* from, int64_t rows, int64_t columns, int64_t to_rows) {
  const double step = static_cast<double>(rows) / to_rows, reach = std::max(step, 1.0);
  std::vector<float> to(to_rows * columns, 0.0f);
  for (int64_t y = 0; y < to_rows; ++y) {
    const double centre = (y + 0.5) * step - 0.5;
    const auto first = static_cast<int64_t>(std::ceil(centre - reach)),
               last = static_cast<int64_t>(std::floor(centre + reach));
    const auto weight = [&](int64_t k) { return 1 - std::abs(k - centre) / reach; };
    double sum = 0;
    for (int64_t k = first; k <= last; ++k) sum += weight(k);
    for (int64_t k = first; k <= last; ++k) {
      const auto share = static_cast<float>(weight(k) / sum);
      const float* row = from + std::clamp<int64_t>(k, 0, rows - 1) * columns;
      for (int64_t x = 0; x < columns; ++x) to[y * columns + x] += share * row[x];
    }
  }
  return to;
}

std::vector<float> transposed(const std::vector<float>& from, int64_t rows, int64_t columns) {
  std::vector<float> to(from.size());
  for (int64_t y = 0; y < rows; ++y)
    for (int64_t x = 0; x < columns; ++x) to[x * rows + y] = from[y * columns + x];
  return to;
}

void append(void* stream, void* data, int size) {
  const auto* bytes = static_cast<const uint8_t*>(data);
  auto& file = *static_cast<std::vector<uint8_t>*>(stream);
  file.insert(file.end(), bytes, bytes + size);
}

}  // namespace

void blur(float* gray, int64_t side, double sigma) {
  const auto radius = static_cast<int64_t>(std::ceil(3 * sigma));
  const auto weights = gaussian(radius, sigma);
  std::vector<float> across(side * side, 0.0f), row(side + 2 * radius);
  for (int64_t y = 0; y < side; ++y) {
    for (int64_t x = 0; x < side + 2 * radius; ++x)
      row[x] = gray[y * side + std::clamp<int64_t>(x - radius, 0, side - 1)];
    float* to = across.data() + y * side;
    for (size_t i = 0; i < weights.size(); ++i)
      for (int64_t x = 0; x < side; ++x) to[x] += weights[i] * row[x + i];
  }
  std::fill_n(gray, side * side, 0.0f);
  for (int64_t y = 0; y < side; ++y)
    for (int64_t i = -radius; i <= radius; ++i) {
      const float* from = across.data() + std::clamp<int64_t>(y + i, 0, side - 1) * side;
      for (int64_t x = 0; x < side; ++x) gray[y * side + x] += weights[i + radius] * from[x];
    }
}

void reduce(float* gray, int64_t side, double factor) {
  const auto small = std::max<int64_t>(1, std::llround(side / factor));
  const auto low = scale_rows(gray, side, side, small);
  const auto narrow = scale_rows(transposed(low, small, side).data(), side, small, small);
  const auto tall = scale_rows(narrow.data(), small, small, side);
  const auto again = scale_rows(transposed(tall, side, small).data(), small, side, side);
  std::copy(again.begin(), again.end(), gray);
}

void compress(float* gray, int64_t side, int quality) {
  const int width = static_cast<int>(side);
  std::vector<uint8_t> codes(side * side), file;
  for (size_t i = 0; i < codes.size(); ++i)
    codes[i] = static_cast<uint8_t>(std::clamp(gray[i], 0.0f, 1.0f) * 255 + 0.5f);
  file.reserve(codes.size());
  int read_width = 0, read_height = 0, channels = 0;
  stbi_write_jpg_to_func(append, &file, width, width, 1, codes.data(), quality);
  const std::unique_ptr<stbi_uc, void (*)(void*)> copy(
      stbi_load_from_memory(file.data(), static_cast<int>(file.size()), &read_width, &read_height,
                            &channels, 1),
      stbi_image_free);
  if (!copy) throw std::bad_alloc();
  for (size_t i = 0; i < codes.size(); ++i) gray[i] = copy.get()[i] / 255.0f;
}

}  // namespace cgan
