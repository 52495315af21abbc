// The reader of weights against any bytes: it hands back weights or refuses them by ModelFileError,
// and what it took can be written and is read as the same.

#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "model/weights/weights.h"
#include "tests/fuzz/seeds.h"

namespace cgan {
namespace {

const std::string& scratch_file() {
  static const std::string path = (std::filesystem::temp_directory_path() /
                                   ("weights-fuzz-" + std::to_string(::getpid()) + ".safetensors"))
                                      .string();
  return path;
}

std::string seed(StorageType type, int64_t numbers) {
  Weights weights;
  weights.header = {"report-generator", R"({"tile":32})", "rgb", R"({"program":"fuzz"})"};
  weights.tensors["a.weight"] = at::ones({numbers, 2}, c10::kFloat);
  weights.tensors["b"] = at::ones({}, c10::kFloat);
  write_weights(scratch_file(), weights, type);
  const auto bytes = test::bytes_of(scratch_file());
  std::filesystem::remove(scratch_file());
  return bytes;
}

void expect_same_when_read_again(const Weights& weights) {
  write_weights(scratch_file(), weights, StorageType::kFloat32);
  const auto again = read_weights(scratch_file());
  std::filesystem::remove(scratch_file());
  if (again.tensors.size() != weights.tensors.size()) std::abort();
  for (const auto& [name, tensor] : weights.tensors)
    if (!at::equal(again.tensors.at(name), tensor)) std::abort();
}

}  // namespace
}  // namespace cgan

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  cgan::test::write_seeds_if_asked(
      *argc, *argv,
      {cgan::seed(cgan::StorageType::kFloat32, 3), cgan::seed(cgan::StorageType::kFloat16, 1),
       cgan::seed(cgan::StorageType::kFloat32, 0)});
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    cgan::expect_same_when_read_again(
        cgan::parse_weights(reinterpret_cast<const std::byte*>(data), size, "fuzz"));
  } catch (const cgan::ModelFileError&) {
  }
  return 0;
}
