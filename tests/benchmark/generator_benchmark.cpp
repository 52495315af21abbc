// Times of the photo generator alone on the CPU in its precisions, as real time, at the size to
// which a frame of 4:3 is scaled and padded. `items_per_second` counts pictures. Where the shipped
// weights have no ranges for int8, ranges of noise stand in: they do not matter to the time.

#include <ATen/Parallel.h>
#include <ATen/ops/rand.h>
#include <benchmark/benchmark.h>
#include <torch/version.h>

#include <cstdint>

#include "model/frozen_generator.h"
#include "model/photo_calibration.h"
#include "model/quantized_engine.h"

namespace cgan {
namespace {

constexpr const char* kModel = "photo";

at::Tensor noise(int64_t width) {
  return at::rand({1, 1, 160, width}).mul_(2).sub_(1);
}

const Weights& weights() {
  static const Weights weights = [] {
    auto read = read_weights(find_weights(kModel));
    if (is_calibrated(read)) return read;
    PhotoCalibration calibration(read);
    calibration.show(noise(160));
    read.header.ranges = to_text(calibration.ranges());
    return read;
  }();
  return weights;
}

void photo_generator(benchmark::State& state, c10::ScalarType type) {
  if (type == c10::kQInt8 && !int8_obstacle().empty()) {
    state.SkipWithError(int8_obstacle().c_str());
    return;
  }
  at::set_num_threads(static_cast<int>(state.range(1)));
  FrozenGenerator::Options options;
  options.type = type;
  const auto network = FrozenGenerator::create(weights(), options);
  const auto luma = noise(state.range(0));
  benchmark::DoNotOptimize(network->chroma(luma));
  for (auto _ : state) benchmark::DoNotOptimize(network->chroma(luma));
  state.SetItemsProcessed(state.iterations());
}

void sizes(benchmark::internal::Benchmark* cases) {
  cases->ArgNames({"width", "threads"})->ArgsProduct({{224, 288}, {1, 2}});
  cases->UseRealTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(photo_generator, fp32, c10::kFloat)->Apply(sizes);
BENCHMARK_CAPTURE(photo_generator, bf16, c10::kBFloat16)->Apply(sizes);
BENCHMARK_CAPTURE(photo_generator, int8, c10::kQInt8)->Apply(sizes);

}  // namespace
}  // namespace cgan

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  benchmark::AddCustomContext("libtorch", TORCH_VERSION);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
