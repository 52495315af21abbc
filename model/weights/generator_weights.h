#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "model/networks/generator_options.h"
#include "model/networks/tensor_shapes.h"
#include "model/weights/weights.h"

/// What a weights file must hold to be a generator's, checked without making the network.
/// network_weights.h has the way into networks and back.
namespace cgan {

/// What WeightsHeader::architecture says of each generator.
constexpr const char kReportGeneratorArchitecture[] = "report-generator";
constexpr const char kPhotoGeneratorArchitecture[] = "photo-generator";

/// The options with which a network must be made to take these weights.
/// @throws ModelFileError (kInvalid) for another architecture, missing options or ones that the
///   network refuses.
ReportGeneratorOptions report_generator_options(const Weights& weights);
PhotoGeneratorOptions photo_generator_options(const Weights& weights);

/// @throws ModelFileError (kInvalid) where a tensor is missing, has another shape or has no place.
void check_tensors(const Weights& weights, const TensorShapes& wanted);

/// @throws ModelFileError (kInvalid) where they are of another architecture.
void check_architecture(const Weights& weights, const std::string& wanted);

/// Hands the header's options to `read`, which takes and checks them.
/// @throws ModelFileError (kInvalid) for another architecture, and where `read` throws a JSON
///   error or std::invalid_argument.
void read_options(const Weights& weights, const std::string& architecture,
                  const std::function<void(const nlohmann::json&)>& read);

/// Throws the ModelFileError (kInvalid) of weights that are whole but do not fit.
[[noreturn]] void refuse_weights(const Weights& weights, const std::string& reason);

}  // namespace cgan
