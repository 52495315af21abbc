#include "model/weights/network_weights.h"

#include <c10/core/GradMode.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace cgan {
namespace {

using nlohmann::json;

constexpr const char kRgb[] = "rgb";
constexpr const char kYcbcr601[] = "ycbcr-601";
constexpr const char kBatchCounter[] = "num_batches_tracked";
constexpr const char kEncoderSuffix[] = "-encoder";

std::vector<std::pair<std::string, at::Tensor>> named_tensors(const torch::nn::Module& network) {
  std::vector<std::pair<std::string, at::Tensor>> tensors;
  for (const auto& item : network.named_parameters())
    tensors.emplace_back(item.key(), item.value());
  for (const auto& item : network.named_buffers())
    if (item.key().find(kBatchCounter) == std::string::npos)
      tensors.emplace_back(item.key(), item.value());
  return tensors;
}

Weights to_weights(const torch::nn::Module& network, WeightsHeader header) {
  Weights weights;
  weights.header = std::move(header);
  for (const auto& [name, tensor] : named_tensors(network))
    weights.tensors[name] = tensor.detach().to(at::kCPU, c10::kFloat, false, true).contiguous();
  return weights;
}

void load_weights(torch::nn::Module& network, const Weights& weights) {
  const auto tensors = named_tensors(network);
  TensorShapes shapes;
  for (const auto& [name, tensor] : tensors) shapes[name] = tensor.sizes().vec();
  check_tensors(weights, shapes);
  const c10::AutoGradMode no_gradients(false);
  for (const auto& [name, tensor] : tensors) {
    auto target = tensor;
    target.copy_(weights.tensors.at(name));
  }
}

json options_of(const ReportGeneratorOptions& o) {
  return {{"tile", o.tile},
          {"widths", o.widths},
          {"upsampling", to_string(o.upsampling)},
          {"dropout", o.dropout}};
}

json options_of(const DiscriminatorOptions& o) {
  return {{"tile", o.tile}, {"widths", o.widths}, {"hidden", o.hidden}};
}

void read(const json& values, DiscriminatorOptions& options) {
  values.at("tile").get_to(options.tile);
  values.at("widths").get_to(options.widths);
  values.at("hidden").get_to(options.hidden);
}

json options_of(const PhotoGeneratorOptions& o) {
  return {{"encoder", to_string(o.encoder)}, {"tile", o.tile}, {"widths", o.widths}};
}

json options_of(const PatchDiscriminatorOptions& o) {
  return {{"widths", o.widths}};
}

void read(const json& values, PatchDiscriminatorOptions& options) {
  values.at("widths").get_to(options.widths);
}

template <typename Options>
Options read_options(const Weights& weights, const char* architecture) {
  Options options;
  read_options(weights, architecture, [&options](const json& values) {
    read(values, options);
    check(options);
  });
  return options;
}

template <typename Network>
Weights to_weights(const Network& network, const char* architecture, const char* colour_space,
                   const std::string& provenance) {
  return to_weights(
      *network, {architecture, options_of(network->options()).dump(), colour_space, provenance});
}

void load_weights(torch::nn::Module& network, const std::string& architecture,
                  const Weights& weights) {
  check_architecture(weights, architecture);
  load_weights(network, weights);
}

}  // namespace

Weights to_weights(const ReportGenerator& network, const std::string& provenance) {
  return to_weights(network, kReportGeneratorArchitecture, kRgb, provenance);
}

Weights to_weights(const Discriminator& network, const std::string& provenance) {
  return to_weights(network, kReportDiscriminatorArchitecture, kRgb, provenance);
}

Weights to_weights(const PhotoGenerator& network, const std::string& provenance) {
  return to_weights(network, kPhotoGeneratorArchitecture, kYcbcr601, provenance);
}

Weights to_weights(const PatchDiscriminator& network, const std::string& provenance) {
  return to_weights(network, kPatchDiscriminatorArchitecture, kRgb, provenance);
}

DiscriminatorOptions discriminator_options(const Weights& weights) {
  return read_options<DiscriminatorOptions>(weights, kReportDiscriminatorArchitecture);
}

PatchDiscriminatorOptions patch_discriminator_options(const Weights& weights) {
  return read_options<PatchDiscriminatorOptions>(weights, kPatchDiscriminatorArchitecture);
}

void load_weights(ReportGenerator& network, const Weights& weights) {
  load_weights(*network, kReportGeneratorArchitecture, weights);
}

void load_weights(Discriminator& network, const Weights& weights) {
  load_weights(*network, kReportDiscriminatorArchitecture, weights);
}

void load_weights(PhotoGenerator& network, const Weights& weights) {
  load_weights(*network, kPhotoGeneratorArchitecture, weights);
}

void load_weights(PatchDiscriminator& network, const Weights& weights) {
  load_weights(*network, kPatchDiscriminatorArchitecture, weights);
}

std::string encoder_architecture(EfficientNetLite variant) {
  return to_string(variant) + std::string(kEncoderSuffix);
}

bool is_encoder(const Weights& weights) {
  const auto& name = weights.header.architecture;
  const auto place = name.rfind(kEncoderSuffix);
  return place != std::string::npos && place + std::strlen(kEncoderSuffix) == name.size();
}

void load_encoder_weights(PhotoGenerator& network, const Weights& weights) {
  load_weights(*network->encoder(), encoder_architecture(network->options().encoder), weights);
}

}  // namespace cgan
