#include "model/weights/network_weights.h"

#include <c10/core/GradMode.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>
#include <vector>

namespace cgan {
namespace {

using nlohmann::json;

constexpr const char kRgb[] = "rgb";
constexpr const char kYcbcr601[] = "ycbcr-601";
constexpr const char kBatchCounter[] = "num_batches_tracked";
constexpr const char kEncoderSuffix[] = "-encoder";

std::string shape_text(const at::Tensor& tensor) {
  std::ostringstream text;
  text << tensor.sizes();
  return text.str();
}

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

void check_architecture(const Weights& weights, const std::string& wanted) {
  if (weights.header.architecture != wanted)
    refuse_weights(weights,
                   "it holds a '" + weights.header.architecture + "', not a '" + wanted + "'");
}

void load_weights(torch::nn::Module& network, const Weights& weights) {
  const auto tensors = named_tensors(network);
  for (const auto& [name, tensor] : tensors) {
    const auto found = weights.tensors.find(name);
    if (found == weights.tensors.end())
      refuse_weights(weights, "it lacks the tensor '" + name + "'");
    if (found->second.sizes() != tensor.sizes())
      refuse_weights(weights, "tensor '" + name + "' has the shape " + shape_text(found->second) +
                                  ", its options ask for " + shape_text(tensor));
  }
  // Every name of the network is there: more tensors means one that it does not know.
  for (const auto& [name, tensor] : weights.tensors) {
    bool known = false;
    for (const auto& own : tensors) known = known || own.first == name;
    if (!known) refuse_weights(weights, "its tensor '" + name + "' has no place in the network");
  }
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

void read(const json& values, ReportGeneratorOptions& options) {
  values.at("tile").get_to(options.tile);
  values.at("widths").get_to(options.widths);
  options.upsampling = upsampling_from_string(values.at("upsampling").get<std::string>());
  values.at("dropout").get_to(options.dropout);
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

void read(const json& values, PhotoGeneratorOptions& options) {
  // Once there was but one.
  if (values.contains("encoder"))
    options.encoder = efficientnet_lite_from_string(values.at("encoder").get<std::string>());
  values.at("tile").get_to(options.tile);
  values.at("widths").get_to(options.widths);
}

json options_of(const PatchDiscriminatorOptions& o) {
  return {{"widths", o.widths}};
}

void read(const json& values, PatchDiscriminatorOptions& options) {
  values.at("widths").get_to(options.widths);
}

template <typename Options>
Options read_options(const Weights& weights, const char* architecture) {
  check_architecture(weights, architecture);
  try {
    Options options;
    read(json::parse(weights.header.options), options);
    check(options);
    return options;
  } catch (const json::exception& error) {
    refuse_weights(weights, std::string("its options are incomplete (") + error.what() + ")");
  } catch (const std::invalid_argument& error) {
    refuse_weights(weights, error.what());
  }
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

void refuse_weights(const Weights& weights, const std::string& reason) {
  const auto what =
      weights.source.empty() ? std::string("The model") : "The model file '" + weights.source + "'";
  throw ModelFileError(
      ModelFileError::Kind::kInvalid,
      what + " does not fit: " + reason + ". Choose another model or export it again.");
}

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

ReportGeneratorOptions report_generator_options(const Weights& weights) {
  return read_options<ReportGeneratorOptions>(weights, kReportGeneratorArchitecture);
}

DiscriminatorOptions discriminator_options(const Weights& weights) {
  return read_options<DiscriminatorOptions>(weights, kReportDiscriminatorArchitecture);
}

PhotoGeneratorOptions photo_generator_options(const Weights& weights) {
  return read_options<PhotoGeneratorOptions>(weights, kPhotoGeneratorArchitecture);
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
