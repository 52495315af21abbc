#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/networks/generator_options.h"

/// Names and shapes of a generator's tensors in a weights file: parameters and the running
/// statistics of batch norms. A file is checked against them without making the network, whose
/// modules only training needs.
namespace cgan {

using TensorShapes = std::map<std::string, std::vector<int64_t>>;

/// @param options within their ranges, see check().
TensorShapes tensor_shapes(const ReportGeneratorOptions& options);
TensorShapes tensor_shapes(const PhotoGeneratorOptions& options);

}  // namespace cgan
