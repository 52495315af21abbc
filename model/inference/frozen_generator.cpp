#include "model/inference/frozen_generator.h"

#include <stdexcept>
#include <string>

#include "model/inference/frozen_photo_generator.h"
#include "model/inference/frozen_report_generator.h"
#include "model/weights/generator_weights.h"

namespace cgan {
namespace {

using Freeze = std::unique_ptr<FrozenGenerator> (*)(const Weights&,
                                                    const FrozenGenerator::Options&);

struct Architecture {
  const char* name;
  Freeze freeze;
};

constexpr Architecture kArchitectures[] = {
    {kReportGeneratorArchitecture, freeze_report_generator},
    {kPhotoGeneratorArchitecture, freeze_photo_generator},
};

void check(const FrozenGenerator::Options& options) {
  const bool half_on_gpu = options.type == c10::kHalf && options.device.is_cuda();
  const bool int8_on_cpu = options.type == c10::kQInt8 && options.device.is_cpu();
  if (options.type != c10::kFloat && options.type != c10::kBFloat16 && !half_on_gpu && !int8_on_cpu)
    throw std::invalid_argument(
        "a generator runs in float32 or bfloat16, in float16 on CUDA only and in int8 on the CPU "
        "only");
}

}  // namespace

std::unique_ptr<FrozenGenerator> FrozenGenerator::create(const Weights& weights,
                                                         const Options& options) {
  check(options);
  std::string known;
  for (const auto& architecture : kArchitectures) {
    if (weights.header.architecture == architecture.name)
      return architecture.freeze(weights, options);
    known += std::string(known.empty() ? "'" : ", '") + architecture.name + "'";
  }
  refuse_weights(weights, "it holds a '" + weights.header.architecture +
                              "', generators of this program are " + known);
}

at::Tensor FrozenGenerator::chroma(const at::Tensor& luma, double vividness,
                                   Workspace& workspace) const {
  if (!(vividness >= -1 && vividness <= 1))
    throw std::invalid_argument("a generator's vividness lies in -1..1, not " +
                                std::to_string(vividness));
  return colour(luma, vividness, workspace);
}

at::Tensor FrozenGenerator::chroma(const at::Tensor& luma, double vividness) const {
  WorkerPool pool(1);
  Workspace workspace(pool);
  return chroma(luma, vividness, workspace);
}

at::Tensor FrozenGenerator::chroma_there(const at::Tensor& luma,
                                         const at::Tensor& vividness) const {
  return chroma(luma, vividness.item<double>());
}

}  // namespace cgan
