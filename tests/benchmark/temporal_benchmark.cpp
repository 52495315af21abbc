// Times of the temporal stage at work size, as real time: what a stream waits for. The picture
// moves by some pixels a frame under grain, so that block matching has work; network chroma is of
// half the size. `skipped` carries colour alone, without the network's. `lookahead`: what a frame
// costs more that waits for so many later ones.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "plugin/colorizer/cpu/temporal_passes.h"
#include "plugin/colorizer/interface/colorizer_interface.h"
#include "plugin/colorizer/shot/later_frames.h"
#include "plugin/colorizer/shot/temporal.h"
#include "tests/colorizer/synthetic_film.h"

namespace cgan {
namespace {

constexpr int64_t kHeight = 192, kScale = 2;
constexpr int64_t kFrames = 8;
constexpr float kStrength = CGAN_DEFAULT_TEMPORAL, kCut = CGAN_DEFAULT_CUT_THRESHOLD;
constexpr float kGrain = 3.0f / 127.5f;

/// A few frames to and fro.
std::vector<test::Picture> film(int64_t width, int64_t motion) {
  std::vector<test::Picture> frames;
  for (int64_t i = 0; i < kFrames; ++i) {
    const int64_t position = std::min(i, kFrames - i) * motion;
    frames.push_back(test::scenery(width, kHeight, 1, position, -position));
    test::add_grain(frames.back(), kGrain, static_cast<uint32_t>(i));
  }
  return frames;
}

void motion(benchmark::State& state) {
  const int64_t width = state.range(0);
  const std::vector<test::Picture> frames = film(width, state.range(1));
  MotionField motion(width, kHeight);
  int64_t i = 0;
  for (auto _ : state) {
    motion.estimate(frames[i % kFrames].luma.data(), frames[(i + 1) % kFrames].luma.data());
    benchmark::DoNotOptimize(motion.at(0, 0));
    ++i;
  }
  state.SetItemsProcessed(state.iterations());
}

void temporal(benchmark::State& state, bool skipped) {
  const int64_t width = state.range(0);
  const std::vector<test::Picture> frames = film(width, state.range(1));
  const std::vector<float> chroma = test::network_chroma(frames[0], kScale, 0.1f, 1);
  TemporalFilter filter(std::make_unique<CpuTemporalPasses>(width, kHeight, kScale));
  filter.observe(frames[0].luma.data(), width, kCut);
  filter.filter(chroma.data(), kStrength);
  int64_t i = 0;
  for (auto _ : state) {
    filter.observe(frames[++i % kFrames].luma.data(), width, kCut);
    benchmark::DoNotOptimize(filter.filter(skipped ? nullptr : chroma.data(), kStrength));
  }
  state.SetItemsProcessed(state.iterations());
}

void lookahead(benchmark::State& state) {
  const int64_t width = state.range(0), frames = state.range(2);
  const std::vector<test::Picture> pictures = film(width, state.range(1));
  const std::vector<float> chroma = test::network_chroma(pictures[0], kScale, 0.1f, 1);
  WorkerPool pool(1);
  const std::unique_ptr<Backend> backend = make_cpu_backend(pool);
  LaterFrames later(*backend, width, kHeight, kScale, frames);
  int64_t i = 0;
  for (auto _ : state) {
    LaterFrames::Frame& frame = later.next();
    const std::vector<float>& luma = pictures[++i % kFrames].luma;
    std::copy(luma.begin(), luma.end(), frame.luma.get());
    std::copy(chroma.begin(), chroma.end(), frame.network.get());
    std::copy(chroma.begin(), chroma.end(), frame.steady.get());
    std::fill_n(frame.evidence.get(), chroma.size() / 2, 10.0f);
    later.add();
    if (!later.full()) continue;
    benchmark::DoNotOptimize(later.colour(kStrength, kCut));
    later.pop_earliest();
  }
  state.SetItemsProcessed(state.iterations());
}

void sizes(benchmark::internal::Benchmark* cases) {
  cases->ArgNames({"width", "motion"})->ArgsProduct({{256, 341}, {0, 3}});
  cases->UseRealTime()->Unit(benchmark::kMicrosecond);
}

BENCHMARK(motion)->Apply(sizes);
BENCHMARK_CAPTURE(temporal, mixed, false)->Apply(sizes);
BENCHMARK_CAPTURE(temporal, skipped, true)->Apply(sizes);
BENCHMARK(lookahead)
    ->ArgNames({"width", "motion", "frames"})
    ->ArgsProduct({{256, 341}, {0, 3}, {1, 4, 12}})
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace cgan

BENCHMARK_MAIN();
