#include "model/weights/weights.h"

#include <ATen/ops/empty.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

namespace cgan {
namespace {

using nlohmann::json;
using Kind = ModelFileError::Kind;

constexpr const char kFormat[] = "cgancolorize-1";
constexpr const char kMetadata[] = "__metadata__";
constexpr const char kRanges[] = "ranges";
constexpr size_t kLengthBytes = 8;
// The default network's header has 5 kB. A length beyond this is a damaged or hostile file, and is
// refused before memory is asked for.
constexpr uint64_t kMaxHeaderBytes = 4 << 20;
constexpr uint64_t kMaxFileBytes = uint64_t{1} << 31;
constexpr size_t kMaxDimensions = 8;
// Deeper than any of ours; a million levels would overflow the stack of whoever goes through them.
constexpr int kDeepestJson = 8;

[[noreturn]] void refuse(const std::string& name, const std::string& reason) {
  throw ModelFileError(Kind::kInvalid, "The model file '" + name + "' cannot be used: " + reason +
                                           ". Fetch or export the file again.");
}

uint64_t fnv1a64(const std::byte* data, size_t size) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (size_t i = 0; i < size; ++i) hash = (hash ^ static_cast<uint64_t>(data[i])) * 0x100000001b3u;
  return hash;
}

std::string checksum(const std::byte* data, size_t size) {
  char text[32];
  std::snprintf(text, sizeof text, "fnv1a64:%016llx",
                static_cast<unsigned long long>(fnv1a64(data, size)));
  return text;
}

struct TensorEntry {
  std::string name;
  c10::ScalarType type;
  std::vector<int64_t> shape;
  uint64_t begin, end;  ///< Bytes from the end of the header.
};

// nlohmann::json keeps the last of two equal keys without a word, so that what one reader checks
// need not be what another one uses: refused here while parsing.
json parse_header(const char* text, size_t size, const std::string& name) {
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth > kDeepestJson) refuse(name, "its header is nested too deeply");
    if (event == json::parse_event_t::object_start) {
      keys.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      keys.pop_back();
    } else if (event == json::parse_event_t::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!keys.back().insert(key).second) refuse(name, "its header names '" + key + "' twice");
    }
    return true;
  };
  try {
    return json::parse(text, text + size, watch);
  } catch (const json::exception& error) {
    refuse(name, std::string("its header is not JSON (") + error.what() + ")");
  }
}

std::string metadata_text(const json& metadata, const char* key, const std::string& name) {
  const auto found = metadata.find(key);
  if (found == metadata.end())
    refuse(name,
           std::string("its metadata lacks '") + key + "', so it was not made for this program");
  if (!found->is_string()) refuse(name, std::string("its metadata '") + key + "' is not a text");
  return found->get<std::string>();
}

std::string metadata_object(const json& metadata, const char* key, const std::string& name) {
  const auto text = metadata_text(metadata, key, name);
  // Only so deep: what is written again is written by recursion.
  bool is_shallow = true;
  const auto watch = [&](int depth, json::parse_event_t, json&) {
    is_shallow = is_shallow && depth <= kDeepestJson;
    return is_shallow;
  };
  if (!json::parse(text, watch, false).is_object() || !is_shallow)
    refuse(name, std::string("its metadata '") + key + "' is not a JSON object");
  return text;
}

c10::ScalarType scalar_type(const std::string& type, const std::string& tensor,
                            const std::string& name) {
  if (type == "F32") return c10::kFloat;
  if (type == "F16") return c10::kHalf;
  refuse(name, "tensor '" + tensor + "' has the type '" + type + "', known are F32 and F16");
}

TensorEntry tensor_entry(const std::string& tensor, const json& value, uint64_t data_bytes,
                         const std::string& name) {
  const auto is_unsigned = [](const json& number) { return number.is_number_unsigned(); };
  const auto member = [&](const char* key, json::value_t type) -> const json& {
    const auto found = value.find(key);
    if (found == value.end() || found->type() != type)
      refuse(name, "tensor '" + tensor + "' has no valid '" + key + "'");
    return *found;
  };
  if (!value.is_object()) refuse(name, "tensor '" + tensor + "' is not described by an object");
  TensorEntry entry;
  entry.name = tensor;
  entry.type = scalar_type(member("dtype", json::value_t::string).get<std::string>(), tensor, name);

  const auto& shape = member("shape", json::value_t::array);
  if (shape.size() > kMaxDimensions || !std::all_of(shape.begin(), shape.end(), is_unsigned))
    refuse(name, "tensor '" + tensor + "' has the shape " + shape.dump() +
                     ", which is not a list of at most 8 sizes");
  uint64_t bytes = c10::elementSize(entry.type);
  uint64_t extent = bytes;  // as if no side were 0
  for (const auto& side : shape) {
    const auto length = side.get<uint64_t>();
    if (length != 0 && extent > static_cast<uint64_t>(INT64_MAX) / length)
      refuse(name, "tensor '" + tensor + "' has the shape " + shape.dump() +
                       ", which overflows any memory");
    bytes *= length;
    extent *= std::max<uint64_t>(length, 1);
    entry.shape.push_back(static_cast<int64_t>(length));
  }

  const auto& offsets = member("data_offsets", json::value_t::array);
  if (offsets.size() != 2 || !std::all_of(offsets.begin(), offsets.end(), is_unsigned) ||
      offsets[0].get<uint64_t>() > offsets[1].get<uint64_t>())
    refuse(name, "tensor '" + tensor + "' has the byte range " + offsets.dump() +
                     ", which is not [begin, end]");
  entry.begin = offsets[0].get<uint64_t>();
  entry.end = offsets[1].get<uint64_t>();
  if (entry.end > data_bytes)
    refuse(name, "it is truncated: tensor '" + tensor + "' ends at byte " +
                     std::to_string(entry.end) + " of " + std::to_string(data_bytes));
  if (entry.end - entry.begin != bytes)
    refuse(name, "tensor '" + tensor + "' of shape " + shape.dump() + " needs " +
                     std::to_string(bytes) + " bytes and has " +
                     std::to_string(entry.end - entry.begin));
  return entry;
}

void check_ranges(std::vector<TensorEntry>& entries, uint64_t data_bytes, const std::string& name) {
  std::sort(entries.begin(), entries.end(), [](const TensorEntry& a, const TensorEntry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  uint64_t position = 0;
  for (const auto& entry : entries) {
    if (entry.begin < position)
      refuse(name, "the bytes of tensor '" + entry.name + "' overlap those of another one");
    if (entry.begin > position)
      refuse(name, "a hole of " + std::to_string(entry.begin - position) +
                       " bytes lies before tensor '" + entry.name + "'");
    position = entry.end;
  }
  if (position != data_bytes)
    refuse(name, std::to_string(data_bytes - position) + " bytes at its end belong to no tensor");
}

at::Tensor read_tensor(const TensorEntry& entry, const std::byte* data, const std::string& name) {
  const auto stored = at::empty(entry.shape, entry.type);
  // The format promises no alignment: copied rather than looked at in place.
  if (entry.end > entry.begin)
    std::memcpy(stored.data_ptr(), data + entry.begin, entry.end - entry.begin);
  const auto tensor = stored.to(c10::kFloat);
  const float* values = tensor.data_ptr<float>();
  const int64_t count = tensor.numel();
  for (int64_t i = 0; i < count; ++i)
    if (!std::isfinite(values[i]))
      refuse(name, "number " + std::to_string(i) + " of tensor '" + entry.name +
                       "' is not finite: the training that wrote it had failed");
  return tensor;
}

void check_file(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status))
    throw ModelFileError(Kind::kNotFound, "There is no model file '" + path + "'. Check the path.");
  if (!std::filesystem::is_regular_file(status))
    throw ModelFileError(Kind::kUnreadable, "'" + path +
                                                "' is a folder or a device, not a model file. "
                                                "Name a .safetensors file.");
  const auto size = std::filesystem::file_size(path, error);
  if (!error && size > kMaxFileBytes)
    refuse(path,
           "its " + std::to_string(size) + " bytes are more than any model of this program has");
}

// Owns a file being written under its temporary name; removes it unless it was kept.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& path)
      : path_(path), temporary_(path + "." + std::to_string(::getpid()) + ".part") {
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail("create");
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!kept_) ::unlink(temporary_.c_str());
  }

  void write(const void* data, size_t size) {
    const char* bytes = static_cast<const char*>(data);
    while (size > 0) {
      const ssize_t written = ::write(descriptor_, bytes, size);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("write");
      bytes += written;
      size -= static_cast<size_t>(written);
    }
  }

  void keep() {
    if (::fsync(descriptor_) != 0) fail("sync");
    const int descriptor = std::exchange(descriptor_, -1);
    if (::close(descriptor) != 0) fail("close");
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("rename");
    kept_ = true;
  }

 private:
  [[noreturn]] void fail(const char* action) {
    const int code = errno;
    throw std::runtime_error("Cannot " + std::string(action) + " '" + temporary_ +
                             "': " + std::generic_category().message(code) +
                             ". Check the folder, its rights and the free space.");
  }

  std::string path_, temporary_;
  int descriptor_ = -1;
  bool kept_ = false;
};

}  // namespace

Weights parse_weights(const std::byte* data, size_t size, const std::string& name) {
  if (size < kLengthBytes)
    refuse(name, "it is truncated: " + std::to_string(size) + " bytes hold no header length");
  uint64_t header_bytes = 0;
  for (size_t i = 0; i < kLengthBytes; ++i)
    header_bytes |= static_cast<uint64_t>(data[i]) << (8 * i);
  if (header_bytes > kMaxHeaderBytes)
    refuse(name, "it claims a header of " + std::to_string(header_bytes) + " bytes, allowed are " +
                     std::to_string(kMaxHeaderBytes) + "; it may not be a safetensors file at all");
  if (header_bytes > size - kLengthBytes)
    refuse(name, "it is truncated: a header of " + std::to_string(header_bytes) +
                     " bytes does not fit into the " + std::to_string(size - kLengthBytes) +
                     " that follow");
  const auto header =
      parse_header(reinterpret_cast<const char*>(data) + kLengthBytes, header_bytes, name);
  if (!header.is_object()) refuse(name, "its header is not a JSON object");
  const std::byte* bytes = data + kLengthBytes + header_bytes;
  const uint64_t data_bytes = size - kLengthBytes - header_bytes;

  const auto metadata = header.find(kMetadata);
  if (metadata == header.end() || !metadata->is_object())
    refuse(name, "its header has no metadata, so it was not made for this program");
  const auto format = metadata_text(*metadata, "format", name);
  if (format != kFormat)
    refuse(name, "its format is '" + format + "', this program reads '" + kFormat + "'");
  Weights weights;
  weights.source = name;
  weights.header.architecture = metadata_text(*metadata, "architecture", name);
  weights.header.options = metadata_object(*metadata, "options", name);
  weights.header.colour_space = metadata_text(*metadata, "colour_space", name);
  weights.header.provenance = metadata_object(*metadata, "provenance", name);
  if (metadata->contains(kRanges))
    weights.header.ranges = metadata_object(*metadata, kRanges, name);
  const auto expected_sum = metadata_text(*metadata, "checksum", name);

  std::vector<TensorEntry> entries;
  for (const auto& [key, value] : header.items())
    if (key != kMetadata) entries.push_back(tensor_entry(key, value, data_bytes, name));
  check_ranges(entries, data_bytes, name);
  const auto sum = checksum(bytes, data_bytes);
  if (sum != expected_sum)
    refuse(name, "it is damaged: its checksum is " + sum + " instead of " + expected_sum);
  for (const auto& entry : entries)
    weights.tensors.emplace(entry.name, read_tensor(entry, bytes, name));
  return weights;
}

Weights read_weights(const std::string& path) {
  check_file(path);
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const auto size = file ? static_cast<std::streamoff>(file.tellg()) : -1;
  std::vector<std::byte> bytes(size > 0 ? static_cast<size_t>(size) : 0);
  file.seekg(0);
  if (size < 0 || !file.read(reinterpret_cast<char*>(bytes.data()), size))
    throw ModelFileError(Kind::kUnreadable,
                         "The model file '" + path + "' cannot be read. Check its rights.");
  return parse_weights(bytes.data(), bytes.size(), path);
}

void write_weights(const std::string& path, const Weights& weights, StorageType type) {
  const auto stored_type = type == StorageType::kFloat16 ? c10::kHalf : c10::kFloat;
  json header = json::object();
  std::vector<std::byte> data;
  for (const auto& [name, tensor] : weights.tensors) {
    if (!tensor.is_floating_point()) continue;
    const auto stored = tensor.detach().to(at::kCPU, c10::kFloat).to(stored_type).contiguous();
    // After the conversion: a float32 beyond 65504 is infinite as a float16.
    const auto read_back = stored.to(c10::kFloat);
    const float* values = read_back.data_ptr<float>();
    if (!std::all_of(values, values + read_back.numel(), [](float v) { return std::isfinite(v); }))
      throw std::runtime_error("Cannot write '" + path + "': tensor '" + name +
                               "' holds numbers that are not finite as " +
                               (type == StorageType::kFloat16 ? "float16" : "float32") + ".");
    const size_t begin = data.size();
    const auto* source = static_cast<const std::byte*>(stored.data_ptr());
    data.insert(data.end(), source, source + stored.nbytes());
    header[name] = {{"dtype", type == StorageType::kFloat16 ? "F16" : "F32"},
                    {"shape", stored.sizes().vec()},
                    {"data_offsets", {begin, data.size()}}};
  }
  header[kMetadata] = {{"format", kFormat},
                       {"architecture", weights.header.architecture},
                       {"options", weights.header.options},
                       {"colour_space", weights.header.colour_space},
                       {"provenance", weights.header.provenance},
                       {"checksum", checksum(data.data(), data.size())}};
  if (!weights.header.ranges.empty()) header[kMetadata][kRanges] = weights.header.ranges;
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the tensors begin at a multiple of 8
  std::byte length[kLengthBytes];
  for (size_t i = 0; i < kLengthBytes; ++i)
    length[i] = static_cast<std::byte>(text.size() >> (8 * i) & 0xff);

  TemporaryFile file(path);
  file.write(length, sizeof length);
  file.write(text.data(), text.size());
  file.write(data.data(), data.size());
  file.keep();
}

}  // namespace cgan
