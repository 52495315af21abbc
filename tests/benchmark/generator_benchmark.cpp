// Times of the photo generator alone in its precisions, as real time, at the size to which a frame
// of 4:3 is scaled and padded, and beside it plain convolutions of the same process. `GFLOP/s`
// counts multiplications and additions of convolutions, depthwise ones included. `items_per_second`
// counts pictures. Where the shipped weights have no ranges for int8, ranges of noise stand in:
// they do not matter to the time.

#include <ATen/Parallel.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/quantize_per_tensor.h>
#include <ATen/ops/rand.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <cstdint>
#include <memory>

#include "model/inference/frozen_generator.h"
#include "model/inference/int8/photo_calibration.h"
#include "model/inference/int8/quantized_convolution.h"
#include "model/inference/int8/quantized_engine.h"
#include "model/networks/blocks.h"
#include "model/networks/efficientnet_lite.h"
#include "model/networks/photo_generator.h"
#include "model/weights/network_weights.h"

namespace cgan {
namespace {

constexpr const char* kModel = "photo";
constexpr int64_t kKernel = 3;

at::Tensor noise(int64_t width) {
  return at::rand({1, 1, 192, width}).mul_(2).sub_(1);
}

const Weights& weights() {
  static const Weights weights = [] {
    auto read = read_weights(find_weights(kModel));
    if (is_calibrated(read)) return read;
    PhotoCalibration calibration(read);
    calibration.show(noise(256));
    read.header.ranges = to_text(calibration.ranges());
    return read;
  }();
  return weights;
}

std::unique_ptr<FrozenGenerator> generator(c10::ScalarType type, c10::Device device) {
  FrozenGenerator::Options options;
  options.device = device;
  options.type = type;
  return FrozenGenerator::create(weights(), options);
}

/// Multiplications and additions in the convolutions of one picture, as folded for inference.
double operations(int64_t height, int64_t width) {
  double sum = 0;
  int64_t pixels = height * width / 4;
  const auto add = [&](int64_t inputs, int64_t outputs, int64_t kernel) {
    sum += 2.0 * static_cast<double>(inputs * outputs * kernel * kernel * pixels);
  };
  const auto network = photo_generator_options(weights());
  const auto encoder = encoder_shape(network.encoder);
  add(1, encoder.blocks.front().in_channels, kKernel);
  for (const auto& shape : encoder.blocks) {
    if (shape.expansion != 1) add(shape.in_channels, shape.wide(), 1);
    pixels /= shape.stride * shape.stride;
    add(1, shape.wide(), shape.kernel);
    add(shape.wide(), shape.out_channels, 1);
  }
  const auto& widths = network.widths;
  add(encoder.channels.back(), widths[0], 1);
  for (size_t i = 1; i < widths.size(); ++i) {
    add(widths[i - 1], 4 * widths[i], 1);
    pixels *= 4;
    // At half the resolution luma stands beside the encoder's channels.
    add(encoder.channels[widths.size() - 1 - i] + (i + 1 == widths.size()), widths[i], 1);
    for (int k = 0; k < 2; ++k) add(widths[i], widths[i], kKernel);
  }
  add(widths.back(), 2, kKernel);
  return sum;
}

void report(benchmark::State& state, double operations) {
  state.SetItemsProcessed(state.iterations());
  state.counters["GFLOP"] = operations / 1e9;
  state.counters["GFLOP/s"] = benchmark::Counter(
      operations * 1e-9 * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void photo_generator(benchmark::State& state, c10::ScalarType type, c10::Device device) {
  if (type == c10::kQInt8 && !int8_obstacle().empty()) {
    state.SkipWithError(int8_obstacle().c_str());
    return;
  }
  at::set_num_threads(static_cast<int>(state.range(1)));
  const auto network = generator(type, device);
  const auto luma = noise(state.range(0)).to(device);
  benchmark::DoNotOptimize(network->chroma(luma).to(at::kCPU));
  for (auto _ : state) benchmark::DoNotOptimize(network->chroma(luma).to(at::kCPU));
  report(state, operations(luma.size(2), luma.size(3)));
}

/// What the machine can do at best: 3x3, as many channels in as out, channels_last.
void plain_convolution(benchmark::State& state, c10::ScalarType type) {
  if (type == c10::kQInt8 && !int8_obstacle().empty()) {
    state.SkipWithError(int8_obstacle().c_str());
    return;
  }
  const c10::InferenceMode inference;
  const int64_t channels = state.range(0), side = state.range(1);
  at::set_num_threads(static_cast<int>(state.range(2)));
  auto input = as_channels_last(at::rand({1, channels, side, side}));
  auto weight = as_channels_last(at::rand({channels, channels, kKernel, kKernel}).sub_(0.5));
  if (type == c10::kQInt8) {
    const Rounding rounding({0, 1});
    input = at::quantize_per_tensor(input, rounding.scale, rounding.zero, at::kQUInt8);
    QuantizedConvolution convolution({weight, {}}, {0, 100}, 1, kKernel / 2);
    for (auto _ : state) benchmark::DoNotOptimize(convolution(input));
  } else {
    for (auto _ : state) {
      benchmark::DoNotOptimize(at::conv2d(input, weight, {}, 1, kKernel / 2));
    }
  }
  report(state, 2.0 * static_cast<double>(side * side * weight.numel()));
}

void sizes(benchmark::internal::Benchmark* cases) {
  cases->ArgNames({"width", "threads"})->ArgsProduct({{256, 352}, {1, 2}});
  cases->UseRealTime()->Unit(benchmark::kMillisecond);
}

void shapes(benchmark::internal::Benchmark* cases) {
  cases->ArgNames({"channels", "side", "threads"});
  for (const auto& [channels, side] : {std::pair(64, 56), std::pair(128, 28), std::pair(256, 28)}) {
    for (const int threads : {1, 2}) cases->Args({channels, side, threads});
  }
  cases->UseRealTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(photo_generator, fp32, c10::kFloat, c10::kCPU)->Apply(sizes);
BENCHMARK_CAPTURE(photo_generator, bf16, c10::kBFloat16, c10::kCPU)->Apply(sizes);
BENCHMARK_CAPTURE(photo_generator, int8, c10::kQInt8, c10::kCPU)->Apply(sizes);
BENCHMARK_CAPTURE(plain_convolution, fp32, c10::kFloat)->Apply(shapes);
BENCHMARK_CAPTURE(plain_convolution, int8, c10::kQInt8)->Apply(shapes);

}  // namespace
}  // namespace cgan

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  benchmark::AddCustomContext("libtorch", TORCH_VERSION);
  if (torch::cuda::is_available()) {
    benchmark::RegisterBenchmark("photo_generator/cuda_fp16", cgan::photo_generator, c10::kHalf,
                                 c10::kCUDA)
        ->Apply(cgan::sizes);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
