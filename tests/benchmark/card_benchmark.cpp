// What colouring on a CUDA card must reach, a line for each, with the bound as its label: whole
// frames by the colorizer's C interface, where they lie on the card and on the host; the network
// alone; the kernels that see full-size planes beside a plain copy; colours beside the CPU's; and
// what a second colorizer takes. Without a card every line says so.

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/from_blob.h>
#include <benchmark/benchmark.h>
#include <torch/cuda.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/inference/frozen_generator.h"
#include "model/weights/weights.h"
#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/cuda/card_calls.h"
#include "plugin/colorizer/interface/colorizer_error.h"
#include "plugin/colorizer/interface/colorizer_interface.h"
#include "plugin/colorizer/network/card_network.h"
#include "tests/benchmark/host_allocations.h"
#include "tests/colorizer/looks.h"
#include "tests/colorizer/settings.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/synthetic_film.h"
#include "tests/colorizer/synthetic_frame.h"

extern "C" const CganColorizerInterface* cgan_colorizer_interface(void);

namespace cgan {
namespace {

constexpr int64_t kFrames = 4;
constexpr int kWarmUp = 8;   // frames
constexpr int kQueued = 20;  // copies or frames before the card is waited for

int64_t width_of(int64_t height) {
  return height * 16 / 9;
}

/// A frame whose planes lie on the host or on the first card.
class Frame {
 public:
  Frame(CganFormat format, int64_t height, int64_t left, bool is_on_card)
      : on_host_(format, width_of(height), height), frame_(on_host_.frame()) {
    const test::Picture picture = test::scenery(width_of(height), height, 1, left);
    for (int64_t y = 0; y < height; ++y)
      for (int64_t x = 0; x < width_of(height); ++x) {
        const float luma = picture.luma[y * width_of(height) + x];
        on_host_.set_luma(x, y, static_cast<int>(126.0f + 100.0f * luma));
      }
    if (!is_on_card) return;
    for (int plane = 0; plane < 3 && frame_.data[plane] != nullptr; ++plane) {
      on_card_[plane] =
          at::from_blob(frame_.data[plane], {on_host_.rows(plane), frame_.stride[plane]}, at::kByte)
              .cuda();
      frame_.data[plane] = on_card_[plane].data_ptr<uint8_t>();
    }
    torch::cuda::synchronize();
  }
  const CganFrame& frame() const { return frame_; }
  std::vector<uint8_t> bytes(int plane) { return on_host_.bytes(plane); }

 private:
  test::SyntheticFrame on_host_;
  CganFrame frame_;
  at::Tensor on_card_[3];
};

struct Way {
  const char* device;
  CganFormat format;
  CganMemory memory;
  int passes;      ///< Whether the passes over frames run on the card, too.
  uint32_t delay;  ///< Frames in flight beside the one that is coloured.
  CganPrecision precision = CGAN_PRECISION_AUTO;
};

/// A colorizer and a film for it.
class Run {
 public:
  Run(const Way& way, int64_t height) : way_(way), colorizer_(nullptr, library_.destroy) {
    CganSettings settings = test::settings();
    settings.device = way.device;
    settings.device_passes = way.passes;
    settings.precision = way.precision;
    colorizer_.reset(library_.create(&settings, &error_));
    if (colorizer_ == nullptr) return;
    CganStreamInfo info = test::stream_of(width_of(height), height, way.format, way.format);
    info.memory = way.memory;
    info.delay = way.delay;
    if (library_.set_stream(colorizer_.get(), &info, &error_) == 0) return;
    const bool is_on_card = way.memory == CGAN_MEMORY_CUDA;
    for (int64_t i = 0; i < kFrames; ++i)
      film_.push_back(std::make_unique<Frame>(way.format, height, 3 * i, is_on_card));
    out_ = std::make_unique<Frame>(way.format, height, 0, is_on_card);
    if (way.delay > 0) submit();
  }

  /// Null: it goes. Else what went wrong.
  const char* problem() const { return error_.kind == CGAN_ERROR_NONE ? nullptr : error_.message; }
  const CganCounts& counts() const { return *library_.counts(colorizer_.get()); }
  Frame& out() { return *out_; }

  /// The next frame. @return whether that went well
  bool colour() {
    if (way_.delay > 0 && !submit()) return false;
    const auto call = way_.delay > 0 ? library_.finish : library_.colorize;
    const CganFrame& in = film_[coloured_++ % kFrames]->frame();
    return call(colorizer_.get(), &in, &out_->frame(), &look_, &error_) != 0;
  }

 private:
  bool submit() {
    const CganFrame& in = film_[submitted_++ % kFrames]->frame();
    return library_.submit(colorizer_.get(), &in, &look_, &error_) != 0;
  }

  const CganColorizerInterface& library_ = *cgan_colorizer_interface();
  const CganLook look_ = test::steady(0);
  const Way way_;
  CganError error_ = {};
  std::unique_ptr<CganColorizer, void (*)(CganColorizer*)> colorizer_;
  std::vector<std::unique_ptr<Frame>> film_;
  std::unique_ptr<Frame> out_;
  int64_t submitted_ = 0, coloured_ = 0;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Of a frame, by height: measured before what is compared with it.
std::map<int64_t, double> network_seconds, copied_per_second;

void colour_frames(benchmark::State& state, const Way& way, const char* bound) {
  state.SetLabel(bound);
  Run run(way, state.range(0));
  if (run.problem() != nullptr) return state.SkipWithError(run.problem());
  for (int i = 0; i < kWarmUp; ++i)
    if (!run.colour()) return state.SkipWithError(run.problem());
  const cuda::CardCalls& calls = cuda::card_calls();
  const uint64_t waits = calls.waits, allocations = calls.allocations + host_allocations();
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state)
    if (!run.colour()) return state.SkipWithError(run.problem());
  const double seconds = seconds_since(start);
  const auto frames = static_cast<double>(state.iterations());
  state.SetItemsProcessed(state.iterations());
  state.counters["waits"] = static_cast<double>(calls.waits - waits) / frames;
  state.counters["allocations"] =
      static_cast<double>(calls.allocations + host_allocations() - allocations) / frames;
  const double network = network_seconds[state.range(0)];
  if (way.passes != 0 && network > 0.0)
    state.counters["outside_network"] = 1.0 - network * frames / seconds;
}

/// What the network takes of a frame, recorded, in half precision.
void network(benchmark::State& state, const char* bound) {
  state.SetLabel(bound);
  std::unique_ptr<Backend> backend;
  Placement place;
  const Weights weights = read_weights(find_weights(CGAN_DEFAULT_MODEL));
  try {
    place = choose_placement("cuda:0", CGAN_PRECISION_FP16, weights);
    backend = make_cuda_backend("cuda:0");
  } catch (const ColorizerError& error) {
    return state.SkipWithError(error.what());
  }
  FrozenGenerator::Options options;
  options.device = place.device;
  options.type = place.type;
  const std::unique_ptr<FrozenGenerator> generator = FrozenGenerator::create(weights, options);
  const int64_t height = state.range(0);
  const WorkSize size = work_size_for(width_of(height), height, generator->short_side(),
                                      TiledNetwork::rule(*generator));
  const TiledNetwork tiles(size, *generator, CGAN_DEFAULT_OVERLAP, 0);
  std::string notices;
  const std::shared_ptr<PictureNetwork> network =
      make_card_network(tiles, place, backend->cuda_stream(), 0, notices);
  const WorkArray luma = backend->work_array(size.padded_width * size.padded_height);
  network->colour(luma.get(), 0.0);
  backend->wait();
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) {
    network->colour(luma.get(), 0.0);
    backend->wait();
  }
  network_seconds[height] = seconds_since(start) / static_cast<double>(state.iterations());
  state.SetItemsProcessed(state.iterations());
  if (!notices.empty()) state.SetLabel(notices);
}

/// As many bytes as a frame's kernels move, from one place on the card to another.
void copy(benchmark::State& state) {
  if (!torch::cuda::is_available()) return state.SkipWithError("no CUDA card");
  const int64_t height = state.range(0), bytes = width_of(height) * height * 7 / 4;
  const auto from = at::empty({bytes}, at::device(at::kCUDA).dtype(at::kByte));
  auto to = at::empty_like(from);
  torch::cuda::synchronize();
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state)
    for (int i = 0; i < kQueued; ++i) to.copy_(from);
  torch::cuda::synchronize();
  const double moved = static_cast<double>(2 * bytes * kQueued * state.iterations());
  copied_per_second[height] = moved / seconds_since(start);
  state.SetBytesProcessed(static_cast<int64_t>(moved));
}

/// An NV12 frame to its work copy and back: full-size planes are read twice and written once.
void full_size_kernels(benchmark::State& state, const char* bound) {
  state.SetLabel(bound);
  const int64_t height = state.range(0), width = width_of(height);
  const StreamFormat format =
      StreamFormat::from(test::stream_of(width, height, CGAN_FORMAT_NV12, CGAN_FORMAT_NV12));
  const WorkSize size = work_size_for(width, height, 256, {32, 32, 2});
  const FramePlan plan =
      FramePlan::of(format, size, size.padded_width / 2, size.padded_height / 2, 2);
  std::unique_ptr<Backend> backend;
  try {
    backend = make_cuda_backend("cuda:0");
  } catch (const ColorizerError& error) {
    return state.SkipWithError(error.what());
  }
  const auto passes = backend->frame_passes(plan, CGAN_MEMORY_CUDA, {});
  const Frame in(CGAN_FORMAT_NV12, height, 0, true), out(CGAN_FORMAT_NV12, height, 0, true);
  const WorkArray work = backend->work_array(size.padded_width * size.padded_height);
  const WorkArray chroma = backend->work_array(size.padded_width * size.padded_height / 2);
  const WorkPicture picture = {work.get(), chroma.get()};
  const InputView from = view_input(in.frame(), format);
  const FrameView to = view_output(out.frame(), format);
  backend->wait();
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) {
    for (int i = 0; i < kQueued; ++i) {
      passes->read(from.luma, work.get());
      passes->write(from, &picture, test::alone(), to);
    }
    backend->wait();
  }
  const double moved = 3.5 * static_cast<double>(width * height * kQueued * state.iterations());
  state.SetBytesProcessed(static_cast<int64_t>(moved));
  state.counters["of_copy"] = moved / seconds_since(start) / copied_per_second[height];
}

int farthest(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b) {
  int most = 0;
  for (size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(int{a[i]} - int{b[i]}));
  return most;
}

/// Codes apart from the CPU's in fp32, after some frames.
void against_cpu(benchmark::State& state, CganPrecision precision, const char* bound) {
  state.SetLabel(bound);
  const CganFormat format = CGAN_FORMAT_I420;
  Run card({"cuda", format, CGAN_MEMORY_HOST, 1, 0, precision}, state.range(0));
  Run cpu({"cpu", format, CGAN_MEMORY_HOST, 0, 0, CGAN_PRECISION_FP32}, state.range(0));
  if (card.problem() != nullptr) return state.SkipWithError(card.problem());
  int luma = 0, chroma = 0;
  for (auto _ : state) {
    for (int64_t i = 0; i < kFrames; ++i) {
      if (!card.colour() || !cpu.colour()) return state.SkipWithError("a frame failed");
      luma = std::max(luma, farthest(card.out().bytes(0), cpu.out().bytes(0)));
      for (int plane = 1; plane < 3; ++plane)
        chroma = std::max(chroma, farthest(card.out().bytes(plane), cpu.out().bytes(plane)));
    }
  }
  state.counters["luma_codes"] = luma;
  state.counters["chroma_codes"] = chroma;
}

/// What a second colorizer of the same card takes of its memory.
void second_colorizer(benchmark::State& state, const char* bound) {
  state.SetLabel(bound);
  const Way way = {"cuda", CGAN_FORMAT_NV12, CGAN_MEMORY_CUDA, 1, 0};
  constexpr double kMegabyte = 1e6;
  for (auto _ : state) {
    try {
      const uint64_t before = cuda::used_card_memory();
      const Run first(way, state.range(0));
      if (first.problem() != nullptr) return state.SkipWithError(first.problem());
      const uint64_t with_one = cuda::used_card_memory();
      const Run second(way, state.range(0));
      if (second.problem() != nullptr) return state.SkipWithError(second.problem());
      const uint64_t with_two = cuda::used_card_memory();
      state.counters["first_MB"] = static_cast<double>(with_one - before) / kMegabyte;
      state.counters["second_MB"] = static_cast<double>(with_two - with_one) / kMegabyte;
    } catch (const ColorizerError& error) {
      return state.SkipWithError(error.what());
    }
  }
}

void at_height(benchmark::internal::Benchmark* line, int64_t height) {
  line->ArgName("height")->Arg(height)->UseRealTime()->Unit(benchmark::kMicrosecond);
}
void at_1080(benchmark::internal::Benchmark* line) {
  at_height(line, 1080);
}
void at_2160(benchmark::internal::Benchmark* line) {
  at_height(line, 2160);
}
/// A colorizer takes seconds to make: once for so many frames.
void frames_at_1080(benchmark::internal::Benchmark* line) {
  at_height(line, 1080);
  line->Iterations(300);
}
void frames_at_2160(benchmark::internal::Benchmark* line) {
  at_height(line, 2160);
  line->Iterations(300);
}
void once(benchmark::internal::Benchmark* line) {
  at_height(line, 1080);
  line->Iterations(1);
}

constexpr Way kOnCard = {"cuda", CGAN_FORMAT_NV12, CGAN_MEMORY_CUDA, 1, 1};
constexpr Way kOnHost = {"cuda", CGAN_FORMAT_I420, CGAN_MEMORY_HOST, 1, 1};
constexpr Way kOneByOne = {"cuda", CGAN_FORMAT_I420, CGAN_MEMORY_HOST, 1, 0};
constexpr Way kOnlyTheNetwork = {"cuda", CGAN_FORMAT_I420, CGAN_MEMORY_HOST, 0, 0};

// In this order: later lines are compared with the first ones.
BENCHMARK_CAPTURE(network, fp16, "at most 900 us")->Apply(at_1080);
BENCHMARK_CAPTURE(network, fp16, "")->Apply(at_2160);
BENCHMARK(copy)->Apply(at_1080);
BENCHMARK(copy)->Apply(at_2160);
BENCHMARK_CAPTURE(full_size_kernels, NV12, "of_copy at least 0.7")->Apply(at_1080);
BENCHMARK_CAPTURE(full_size_kernels, NV12, "of_copy at least 0.7")->Apply(at_2160);
BENCHMARK_CAPTURE(colour_frames, on_card_NV12, kOnCard,
                  "at least 500 frames/s, outside_network at most 0.25, waits 1, allocations 0")
    ->Apply(frames_at_1080);
BENCHMARK_CAPTURE(colour_frames, on_card_NV12, kOnCard, "at least 200 frames/s")
    ->Apply(frames_at_2160);
BENCHMARK_CAPTURE(colour_frames, on_host_I420, kOnHost,
                  "at least 300 frames/s, waits 1, allocations 0")
    ->Apply(frames_at_1080);
BENCHMARK_CAPTURE(colour_frames, on_host_I420_one_by_one, kOneByOne, "")->Apply(frames_at_1080);
BENCHMARK_CAPTURE(colour_frames, only_the_network_on_card, kOnlyTheNetwork, "146 frames/s before")
    ->Apply(frames_at_1080);
BENCHMARK_CAPTURE(against_cpu, fp32, CGAN_PRECISION_FP32, "chroma_codes at most 1, luma_codes 0")
    ->Apply(once);
BENCHMARK_CAPTURE(against_cpu, fp16, CGAN_PRECISION_FP16, "chroma_codes at most 2, luma_codes 0")
    ->Apply(once);
BENCHMARK_CAPTURE(second_colorizer, NV12, "second_MB without a context or model of its own")
    ->Apply(once);

}  // namespace
}  // namespace cgan

BENCHMARK_MAIN();
