// Times of the stages of a frame and of whole frames with the default model, as real time: what a
// stream waits for. One line per case; `items_per_second` counts frames. `full_size` is all that
// touches a frame's pixels, `copy` what a plain copy of the frame takes.

#include <benchmark/benchmark.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "model/threads/worker_pool.h"
#include "plugin/colorizer/colorizer.h"
#include "plugin/colorizer/cpu/frame_passes.h"
#include "plugin/colorizer/cpu/luma_copy.h"
#include "plugin/colorizer/cpu/work_copy.h"
#include "plugin/colorizer/network/tile_blend.h"
#include "plugin/colorizer/network/tile_grid.h"
#include "tests/colorizer/looks.h"
#include "tests/colorizer/settings.h"
#include "tests/colorizer/streams.h"

namespace cgan {
namespace {

constexpr const char* kModel = CGAN_DEFAULT_MODEL;
// As that model wants it.
constexpr int64_t kShortSide = 192, kChromaScale = 2;
constexpr TileRule kRule = {512, 32, kChromaScale};
constexpr double kOverlap = CGAN_DEFAULT_OVERLAP;
constexpr CganLook kLook = test::alone();

/// Frames by the height of their format; 4:3 below 720 lines, 16:9 from there.
int64_t width_of(int64_t height) {
  return height < 720 ? height * 4 / 3 : height * 16 / 9;
}

CganStreamInfo stream_of(int64_t height, CganFormat format = CGAN_FORMAT_I420) {
  CganStreamInfo info = test::stream_of(width_of(height), height, format, format);
  info.matrix = CGAN_MATRIX_BT709;
  return info;
}

/// A planar 4:2:0 frame with soft shapes, edges and grain, by formula.
struct Film {
  explicit Film(int64_t height, CganFormat format = CGAN_FORMAT_I420) {
    const int64_t width = width_of(height), bytes = find_pixel_format(format)->sample_bytes();
    const int shift = find_pixel_format(format)->depth - 8;
    luma.resize(width * height * bytes);
    chroma.resize(luma.size() / 2);
    uint32_t noise = 1;
    for (int64_t i = 0; i < width * height; ++i) {
      noise = noise * 1664525u + 1013904223u;
      const int64_t x = i % width, y = i / width;
      const int64_t code = 40 + 120 * x / width + (x / 61 + y / 47) % 2 * 50 + (noise >> 29);
      luma[i * bytes] = static_cast<uint8_t>(code << shift);
      if (bytes == 2) luma[2 * i + 1] = static_cast<uint8_t>(code << shift >> 8);
    }
    frame = {{luma.data(), chroma.data(), chroma.data() + chroma.size() / 2},
             {width * bytes, width / 2 * bytes, width / 2 * bytes},
             CGAN_SCAN_FRAME};
  }
  std::vector<uint8_t> luma, chroma;
  CganFrame frame;
};

int threads_of(const benchmark::State& state) {
  return static_cast<int>(state.range(1));
}

void work_copy(benchmark::State& state, CganFormat in) {
  const int64_t height = state.range(0), width = width_of(height);
  WorkerPool pool(threads_of(state));
  const Film film(height, in);
  const WorkSize size = work_size_for(width, height, kShortSide, kRule);
  const StreamFormat format = StreamFormat::from(stream_of(height, in));
  WorkCopy copy(WorkCopyPlan::of(format, size), pool);
  std::vector<float> work(size.padded_width * size.padded_height);
  const LumaView luma = view_luma(film.frame, format);
  for (auto _ : state) {
    copy.run(luma, work.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

/// Of a work copy as large as the frame, since the default one is a single tile.
void cut_and_blend(benchmark::State& state) {
  const int64_t height = state.range(0), width = width_of(height);
  WorkerPool pool(threads_of(state));
  const WorkSize size = work_size_for(width, height, height, kRule);
  const TileGrid grid(size.padded_width, size.padded_height, size.tile_width, size.tile_height,
                      kOverlap, kChromaScale);
  const TileBlend blend(grid, kChromaScale);
  const std::vector<float> work(grid.width() * grid.height(), 0.1f);
  std::vector<float> tiles(grid.count() * grid.tile_width() * grid.tile_height());
  std::vector<float> colours(2 * grid.count() * blend.tile_width() * blend.tile_height(), 0.1f);
  std::vector<float> chroma(2 * blend.width() * blend.height());
  for (auto _ : state) {
    grid.cut(work.data(), tiles.data());
    blend.blend(colours.data(), chroma.data(), pool);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

/// From the network's chroma to the frame's; with the work copy first: all full-size passes.
void full_size(benchmark::State& state, CganFormat in_place, bool with_work_copy) {
  const int64_t height = state.range(0);
  WorkerPool pool(threads_of(state));
  const Film film(height, in_place);
  const StreamFormat format = StreamFormat::from(stream_of(height, in_place));
  const WorkSize size = work_size_for(format.width, format.height, kShortSide, kRule);
  const int64_t chroma_width = size.padded_width / kChromaScale;
  const int64_t chroma_height = size.padded_height / kChromaScale;
  CpuFramePasses passes(FramePlan::of(format, size, chroma_width, chroma_height, kChromaScale),
                        pool);
  std::vector<float> work(size.padded_width * size.padded_height);
  const std::vector<float> chroma(2 * chroma_width * chroma_height, 0.1f);
  const WorkPicture picture = {work.data(), chroma.data()};
  const InputView in = view_input(film.frame, format);
  const FrameView out = view_output(film.frame, format);
  passes.read(in.luma, work.data());
  for (auto _ : state) {
    if (with_work_copy) passes.read(in.luma, work.data());
    passes.write(in, &picture, kLook, out);
    passes.complete();
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

/// The measure of those: the frame's bytes from one place in memory to another, by one thread.
void copy(benchmark::State& state) {
  const Film from(state.range(0));
  Film to(state.range(0));
  for (auto _ : state) {
    std::memcpy(to.luma.data(), from.luma.data(), from.luma.size());
    std::memcpy(to.chroma.data(), from.chroma.data(), from.chroma.size());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

/// Luma of 8 bits for an output of 10.
void deepen_luma(benchmark::State& state) {
  const int64_t height = state.range(0);
  WorkerPool pool(threads_of(state));
  const Film from(height), to(height, CGAN_FORMAT_I420_10LE);
  CganStreamInfo info = stream_of(height);
  info.out = CGAN_FORMAT_I420_10LE;
  const StreamFormat format = StreamFormat::from(info);
  const LumaCopy copy(LumaCopyPlan::of(format));
  const LumaView luma = view_luma(from.frame, format);
  const FrameView out = view_output(to.frame, format);
  for (auto _ : state) {
    for_row_bands(pool, height,
                  [&](int64_t first, int64_t last, int) { copy.rows(luma, out, first, last); });
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

/// A frame in place, as the element does it.
void whole_frame(benchmark::State& state, const std::string& device) {
  CganSettings settings = test::settings(static_cast<uint32_t>(threads_of(state)));
  settings.model = kModel;
  settings.device = device.c_str();
  Colorizer colorizer(settings);
  const Film film(state.range(0));
  colorizer.set_stream(stream_of(state.range(0)));
  for (auto _ : state) colorizer.colorize(film.frame, film.frame, kLook);
  state.SetItemsProcessed(state.iterations());
  state.SetLabel(colorizer.device() + " " + colorizer.precision());
}

void frames(benchmark::internal::Benchmark* cases) {
  cases->ArgNames({"lines", "threads"})->ArgsProduct({{480, 1080, 2160}, {1, 2}});
  cases->UseRealTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(work_copy, i420, CGAN_FORMAT_I420)->Apply(frames);
BENCHMARK_CAPTURE(work_copy, i420_10le, CGAN_FORMAT_I420_10LE)->Apply(frames);
BENCHMARK(deepen_luma)->Apply(frames);
BENCHMARK(cut_and_blend)->Apply(frames);
BENCHMARK_CAPTURE(full_size, upsample_and_pack_i420, CGAN_FORMAT_I420, false)->Apply(frames);
BENCHMARK_CAPTURE(full_size, upsample_and_pack_i420_10le, CGAN_FORMAT_I420_10LE, false)
    ->Apply(frames);
BENCHMARK_CAPTURE(full_size, all_i420, CGAN_FORMAT_I420, true)->Apply(frames);
BENCHMARK(copy)->ArgName("lines")->Arg(480)->Arg(1080)->Arg(2160)->UseRealTime()->Unit(
    benchmark::kMillisecond);
BENCHMARK_CAPTURE(whole_frame, cpu, "cpu")->Apply(frames);

}  // namespace
}  // namespace cgan

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  benchmark::AddCustomContext("libtorch", TORCH_VERSION);
  if (torch::cuda::is_available()) {
    // A frame on the card still scales, blends and packs on the CPU.
    benchmark::RegisterBenchmark("whole_frame/cuda", cgan::whole_frame, "cuda")
        ->Apply(cgan::frames);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
