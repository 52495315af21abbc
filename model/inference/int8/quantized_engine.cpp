#include "model/inference/int8/quantized_engine.h"

#include <ATen/Context.h>

#include <algorithm>

namespace cgan {
namespace {

#if defined(__x86_64__) && defined(__GNUC__)
bool has_vnni() {
  return __builtin_cpu_supports("avx512vnni") || __builtin_cpu_supports("avxvnni");
}
#else
bool has_vnni() {
  return false;
}
#endif

at::QEngine find_engine() {
  const auto& supported = at::globalContext().supportedQEngines();
  for (const auto engine : {at::kONEDNN, at::kX86})
    if (std::find(supported.begin(), supported.end(), engine) != supported.end()) return engine;
  return at::kNoQEngine;
}

void choose(c10::QEngine engine) {
  if (at::globalContext().qEngine() != engine) at::globalContext().setQEngine(engine);
}

std::mutex& engine_mutex() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

std::string int8_obstacle() {
  if (!has_vnni()) return "the processor has no VNNI instructions (AVX-512 VNNI or AVX-VNNI)";
  if (find_engine() == at::kNoQEngine) return "this LibTorch was built without oneDNN";
  return {};
}

QuantizedEngine::QuantizedEngine() : lock_(engine_mutex()), before_(at::globalContext().qEngine()) {
  choose(find_engine());
}

QuantizedEngine::~QuantizedEngine() {
  choose(before_);
}

}  // namespace cgan
