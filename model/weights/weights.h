#pragma once

#include <ATen/core/Tensor.h>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

/// Weights as safetensors (https://github.com/huggingface/safetensors): eight bytes of header
/// length, little-endian; a JSON header; the tensors' bytes without holes. The header's
/// `__metadata__` (strings only, by the format) holds:
///   format        "cgancolorize-1"
///   architecture  what the tensors are for: "report-generator", "report-discriminator", ...
///   options       JSON of the network's options (tile, widths, upsampling, ...)
///   colour_space  what the network puts out: "rgb", "ycbcr-601"
///   provenance    JSON: program, data sources, recipe, pictures seen, date
///   checksum      "fnv1a64:" and 16 hex digits, over the tensors' bytes
///   ranges        JSON of the layers' ranges for int8, see activation_ranges.h; may be absent
namespace cgan {

/// A file that is missing, damaged or not for this program. what() is one sentence for a user
/// which names the file and the remedy.
class ModelFileError : public std::runtime_error {
 public:
  enum class Kind { kNotFound, kUnreadable, kInvalid };
  ModelFileError(Kind kind, const std::string& message) : std::runtime_error(message), kind(kind) {}
  const Kind kind;
};

/// What a weights file says beside its tensors.
struct WeightsHeader {
  std::string architecture;
  std::string options;  ///< JSON object as text
  std::string colour_space;
  std::string provenance;   ///< JSON object as text
  std::string ranges = {};  ///< JSON object as text; empty: not calibrated for int8
};

struct Weights {
  WeightsHeader header;
  std::map<std::string, at::Tensor> tensors;  ///< float32, CPU, contiguous
  std::string source;  ///< File they were read from, for messages; empty where there is none.
};

/// How tensors are stored; they are float32 again once read.
enum class StorageType { kFloat32, kFloat16 };

/// Reads and checks a whole file before one number is believed: lengths, ranges (no hole, no
/// overlap), shapes against byte counts without overflow, duplicate names, unknown types,
/// checksum, NaN and infinity.
/// @param name the file's name for messages.
/// @throws ModelFileError
Weights parse_weights(const std::byte* data, size_t size, const std::string& name);
/// @throws ModelFileError
Weights read_weights(const std::string& path);

/// Writes to a temporary file beside `path`, syncs and renames it: a reader never sees half a file.
/// Tensor order in the file is that of the names. Integer tensors are not stored.
/// @throws std::runtime_error where the disk refuses or a number is not finite.
void write_weights(const std::string& path, const Weights& weights, StorageType type);

/// Finds shipped weights: `name` is a path (contains '/' or ends in ".safetensors") or a built-in
/// name ("photo", "cifar10"), looked for in $CGANCOLORIZE_WEIGHTS_PATH (folders separated by ':'),
/// in the build tree's source folder, then in the installed data folder.
/// @throws ModelFileError with every place that was looked at and the names that exist there.
std::string find_weights(const std::string& name);

}  // namespace cgan
