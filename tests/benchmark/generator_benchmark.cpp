// Times of the photo generator alone in its precisions, as real time, at the size to which a frame
// of 4:3 is scaled and padded, and beside it plain convolutions of the same process. `GFLOP/s`
// counts multiplications and additions of convolutions, depthwise ones included. `items_per_second`
// counts pictures. Where the shipped weights have no ranges for int8, ranges of noise stand in:
// they do not matter to the time.

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/native/quantized/PackedParams.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/quantize_per_tensor.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/zeros.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/inference/frozen_generator.h"
#include "model/inference/int8/photo_calibration.h"
#include "model/networks/blocks.h"
#include "model/networks/efficientnet_lite.h"
#include "model/networks/photo_generator.h"
#include "model/threads/worker_pool.h"
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

std::unique_ptr<FrozenGenerator> generator(c10::ScalarType type, c10::Device device,
                                           InstructionSet set = best_instruction_set()) {
  FrozenGenerator::Options options;
  options.device = device;
  options.type = type;
  options.instruction_set = set;
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

void photo_generator(benchmark::State& state, c10::ScalarType type, c10::Device device,
                     InstructionSet set) {
  WorkerPool pool(static_cast<int>(state.range(1)));
  Workspace workspace(pool);
  const auto network = generator(type, device, set);
  const auto luma = noise(state.range(0)).to(device);
  const auto colour = [&] { return network->chroma(luma, 0, workspace).to(at::kCPU); };
  benchmark::DoNotOptimize(colour());
  for (auto _ : state) benchmark::DoNotOptimize(colour());
  report(state, operations(luma.size(2), luma.size(3)));
}

/// As many pictures on their way as threads, each on one.
void frames_in_flight(benchmark::State& state, c10::ScalarType type) {
  const auto network = generator(type, c10::kCPU);
  const auto luma = noise(state.range(0));
  WorkerPool pool(static_cast<int>(state.range(1)));
  std::vector<std::unique_ptr<Workspace>> workspaces;
  for (int i = 0; i < pool.threads(); ++i) workspaces.push_back(std::make_unique<Workspace>(pool));
  for (auto _ : state)
    pool.for_each(pool.threads(), [&](int64_t frame, int) {
      benchmark::DoNotOptimize(network->chroma(luma, 0, *workspaces[static_cast<size_t>(frame)]));
    });
  report(state, operations(luma.size(2), luma.size(3)) * pool.threads());
  state.SetItemsProcessed(state.iterations() * pool.threads());
}

/// LibTorch's convolution of bytes, by oneDNN; with weights and activations of any scale.
class QuantizedReference {
 public:
  QuantizedReference(const at::Tensor& weight, int64_t padding) {
    const auto both = [](int64_t value) { return c10::List<int64_t>({value, value}); };
    const auto rounded = at::quantize_per_tensor(weight, 0.01, 0, at::kQInt8);
    std::vector<c10::IValue> stack = {
        rounded, at::zeros({weight.size(0)}), both(1), both(padding), both(1), int64_t{1}};
    c10::Dispatcher::singleton()
        .findSchemaOrThrow("quantized::conv2d_prepack", "")
        .callBoxed(&stack);
    packed_ = stack[0].toCustomClass<ConvPackedParamsBase<2>>();
  }
  at::Tensor operator()(const at::Tensor& input) { return packed_->apply(input, 0.4, 0); }

 private:
  c10::intrusive_ptr<ConvPackedParamsBase<2>> packed_;
};

/// What the machine can do at best: 3x3, as many channels in as out, channels_last, by LibTorch.
void plain_convolution(benchmark::State& state, c10::ScalarType type) {
  const c10::InferenceMode inference;
  const int64_t channels = state.range(0), side = state.range(1);
  at::set_num_threads(static_cast<int>(state.range(2)));
  auto input = as_channels_last(at::rand({1, channels, side, side}));
  const auto weight = as_channels_last(at::rand({channels, channels, kKernel, kKernel}).sub_(0.5));
  if (type == c10::kQInt8) {
    at::globalContext().setQEngine(at::QEngine::ONEDNN);
    input = at::quantize_per_tensor(input, 1.0 / 255, 0, at::kQUInt8);
    QuantizedReference convolution(weight, kKernel / 2);
    for (auto _ : state) benchmark::DoNotOptimize(convolution(input));
  } else {
    for (auto _ : state) benchmark::DoNotOptimize(at::conv2d(input, weight, {}, 1, kKernel / 2));
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

BENCHMARK_CAPTURE(photo_generator, bf16, c10::kBFloat16, c10::kCPU, best_instruction_set())
    ->Apply(sizes);
BENCHMARK_CAPTURE(frames_in_flight, fp32, c10::kFloat)->Apply(sizes);
BENCHMARK_CAPTURE(frames_in_flight, int8, c10::kQInt8)->Apply(sizes);
BENCHMARK_CAPTURE(plain_convolution, fp32, c10::kFloat)->Apply(shapes);
BENCHMARK_CAPTURE(plain_convolution, int8, c10::kQInt8)->Apply(shapes);

}  // namespace
}  // namespace cgan

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  benchmark::AddCustomContext("libtorch", TORCH_VERSION);
  benchmark::AddCustomContext("instruction set", to_string(cgan::best_instruction_set()));
  for (const auto set : {cgan::InstructionSet::kBaseline, cgan::InstructionSet::kAvx2,
                         cgan::InstructionSet::kAvxVnni, cgan::InstructionSet::kAvx512,
                         cgan::InstructionSet::kAvx512Vnni}) {
    if (!cgan::runs_here(set)) continue;
    for (const auto& [name, type] :
         {std::pair("fp32", c10::kFloat), std::pair("int8", c10::kQInt8)})
      benchmark::RegisterBenchmark(
          (std::string("photo_generator/") + name + "/" + to_string(set)).c_str(),
          cgan::photo_generator, type, c10::kCPU, set)
          ->Apply(cgan::sizes);
  }
  if (torch::cuda::is_available()) {
    benchmark::RegisterBenchmark("photo_generator/cuda_fp16", cgan::photo_generator, c10::kHalf,
                                 c10::kCUDA, cgan::best_instruction_set())
        ->Apply(cgan::sizes);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
