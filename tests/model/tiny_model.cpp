#include "tests/model/tiny_model.h"

#include <cmath>
#include <random>

#include "model/weights/network_weights.h"

namespace cgan {
namespace {

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool is_scale(const std::string& name) {
  return ends_with(name, "norm.weight") || ends_with(name, "running_var");
}

void draw(at::Tensor tensor, double low, double high, std::mt19937_64& random) {
  float* values = tensor.data_ptr<float>();
  for (int64_t i = 0; i < tensor.numel(); ++i)
    values[i] =
        static_cast<float>(low + (high - low) * (static_cast<double>(random() >> 11) * 0x1p-53));
}

// Weights that keep the size of the signal, so that the colours differ visibly from gray.
void fill(const std::string& name, const at::Tensor& tensor, std::mt19937_64& random) {
  double low = -0.3, high = 0.3;
  if (is_scale(name)) low = 0.5, high = 1.5;
  if (tensor.dim() == 4) {
    const bool up = name[0] == 'd';
    const int64_t inputs = up ? tensor.size(0) : tensor.size(1) * tensor.size(2) * tensor.size(3);
    high = std::sqrt(3.0 / static_cast<double>(inputs)) * (name == "out.weight" ? 1 : 1.4);
    low = -high;
  }
  draw(tensor, low, high, random);
}

void fill_photo(const std::string& name, const at::Tensor& tensor, std::mt19937_64& random) {
  double low = -0.3, high = 0.3;
  if (is_scale(name) || name.find("norm1.weight") != std::string::npos ||
      name.find("norm2.weight") != std::string::npos)
    low = 0.5, high = 1.5;
  if (tensor.dim() >= 2) {
    const bool up = ends_with(name, ".up");
    const int64_t inputs = up ? tensor.size(0) : tensor.numel() / tensor.size(0);
    high = std::sqrt(6.0 / static_cast<double>(inputs)) * (name == "out.weight" ? 0.2 : 1);
    low = -high;
  }
  draw(tensor, low, high, random);
}

}  // namespace

Weights tiny_weights(const TinyModel& model) {
  ReportGeneratorOptions options;
  options.tile = model.tile;
  options.widths = model.widths;
  options.upsampling = upsampling_from_string(model.upsampling);
  options.dropout = model.dropout;
  auto weights = to_weights(ReportGenerator(options), R"({"program": "tiny_model"})");
  std::mt19937_64 random(model.seed);
  for (const auto& [name, tensor] : weights.tensors) fill(name, tensor, random);
  return weights;
}

void write_tiny_model(const std::string& path, const TinyModel& model) {
  write_weights(path, tiny_weights(model), StorageType::kFloat32);
}

Weights tiny_photo_weights(const TinyPhotoModel& model) {
  PhotoGeneratorOptions options;
  options.encoder = efficientnet_lite_from_string(model.encoder);
  options.tile = model.tile;
  options.widths = model.widths;
  auto weights = to_weights(PhotoGenerator(options), R"({"program": "tiny_model"})");
  std::mt19937_64 random(model.seed);
  for (const auto& [name, tensor] : weights.tensors) fill_photo(name, tensor, random);
  return weights;
}

void write_tiny_photo_model(const std::string& path, const TinyPhotoModel& model) {
  write_weights(path, tiny_photo_weights(model), StorageType::kFloat32);
}

}  // namespace cgan
