#include "model/weights/generator_weights.h"

#include <c10/util/ArrayRef.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace cgan {
namespace {

using nlohmann::json;

std::string shape_text(at::IntArrayRef shape) {
  std::ostringstream text;
  text << shape;
  return text.str();
}

void read(const json& values, ReportGeneratorOptions& options) {
  values.at("tile").get_to(options.tile);
  values.at("widths").get_to(options.widths);
  options.upsampling = upsampling_from_string(values.at("upsampling").get<std::string>());
  values.at("dropout").get_to(options.dropout);
}

void read(const json& values, PhotoGeneratorOptions& options) {
  // Once there was but one.
  if (values.contains("encoder"))
    options.encoder = efficientnet_lite_from_string(values.at("encoder").get<std::string>());
  values.at("tile").get_to(options.tile);
  values.at("widths").get_to(options.widths);
}

}  // namespace

void refuse_weights(const Weights& weights, const std::string& reason) {
  const auto what =
      weights.source.empty() ? std::string("The model") : "The model file '" + weights.source + "'";
  throw ModelFileError(
      ModelFileError::Kind::kInvalid,
      what + " does not fit: " + reason + ". Choose another model or export it again.");
}

void check_architecture(const Weights& weights, const std::string& wanted) {
  if (weights.header.architecture != wanted)
    refuse_weights(weights,
                   "it holds a '" + weights.header.architecture + "', not a '" + wanted + "'");
}

void check_tensors(const Weights& weights, const TensorShapes& wanted) {
  for (const auto& [name, shape] : wanted) {
    const auto found = weights.tensors.find(name);
    if (found == weights.tensors.end())
      refuse_weights(weights, "it lacks the tensor '" + name + "'");
    if (found->second.sizes() != at::IntArrayRef(shape))
      refuse_weights(weights, "tensor '" + name + "' has the shape " +
                                  shape_text(found->second.sizes()) + ", its options ask for " +
                                  shape_text(shape));
  }
  for (const auto& [name, tensor] : weights.tensors)
    if (wanted.count(name) == 0)
      refuse_weights(weights, "its tensor '" + name + "' has no place in the network");
}

void read_options(const Weights& weights, const std::string& architecture,
                  const std::function<void(const json&)>& read) {
  check_architecture(weights, architecture);
  try {
    read(json::parse(weights.header.options));
  } catch (const json::exception& error) {
    refuse_weights(weights, std::string("its options are incomplete (") + error.what() + ")");
  } catch (const std::invalid_argument& error) {
    refuse_weights(weights, error.what());
  }
}

ReportGeneratorOptions report_generator_options(const Weights& weights) {
  ReportGeneratorOptions options;
  read_options(weights, kReportGeneratorArchitecture, [&options](const json& values) {
    read(values, options);
    check(options);
  });
  return options;
}

PhotoGeneratorOptions photo_generator_options(const Weights& weights) {
  PhotoGeneratorOptions options;
  read_options(weights, kPhotoGeneratorArchitecture, [&options](const json& values) {
    read(values, options);
    check(options);
  });
  return options;
}

}  // namespace cgan
