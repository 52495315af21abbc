// Times of the stages of a frame and of whole frames, as real time: what a stream waits for.
// One line per case; `items_per_second` counts frames. The network's weights do not matter to the
// time; the cases with "generator" run the shipped ones.

#include <ATen/Parallel.h>
#include <ATen/ops/rand.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/frozen_generator.h"
#include "plugin/colorizer/chroma_upsample.h"
#include "plugin/colorizer/colorizer.h"
#include "plugin/colorizer/luma_copy.h"
#include "plugin/colorizer/luma_guide.h"
#include "plugin/colorizer/pack.h"
#include "plugin/colorizer/row_bands.h"
#include "plugin/colorizer/tile_blend.h"
#include "plugin/colorizer/tile_grid.h"
#include "plugin/colorizer/work_copy.h"
#include "tests/colorizer/looks.h"

namespace cgan {
namespace {

constexpr const char* kModel = "cifar10";
constexpr int64_t kTile = 32, kShortSide = 96;
constexpr double kOverlap = 0.5;
constexpr CganLook kLook = test::alone();

/// Frames by the height of their format; 4:3 below 720 lines, 16:9 from there.
int64_t width_of(int64_t height) {
  return height < 720 ? height * 4 / 3 : height * 16 / 9;
}

CganStreamInfo stream_of(int64_t height, CganFormat format = CGAN_FORMAT_I420) {
  CganStreamInfo info = {};
  info.width = static_cast<uint32_t>(width_of(height));
  info.height = static_cast<uint32_t>(height);
  info.in = info.out = format;
  info.matrix = CGAN_MATRIX_BT709;
  info.chroma_site = CGAN_CHROMA_LEFT;
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
             {width * bytes, width / 2 * bytes, width / 2 * bytes}};
  }
  std::vector<uint8_t> luma, chroma;
  CganFrame frame;
};

void set_threads(const benchmark::State& state, int argument) {
  at::set_num_threads(static_cast<int>(state.range(argument)));
}

void work_copy(benchmark::State& state, CganFormat in) {
  const int64_t height = state.range(0), width = width_of(height);
  set_threads(state, 1);
  const Film film(height, in);
  const WorkSize size = work_size_for(width, height, kShortSide, {kTile, kTile, 1});
  const StreamFormat format = StreamFormat::from(stream_of(height, in));
  WorkCopy copy(format, size, at::get_num_threads());
  const LumaView luma = view_luma(film.frame, format);
  for (auto _ : state) benchmark::DoNotOptimize(copy.run(luma));
  state.SetItemsProcessed(state.iterations());
}

void cut_and_blend(benchmark::State& state) {
  const int64_t height = state.range(0), width = width_of(height);
  set_threads(state, 1);
  const WorkSize size = work_size_for(width, height, kShortSide, {kTile, kTile, 1});
  const TileGrid grid(size.padded_width, size.padded_height, kTile, kTile, kOverlap, 1);
  const TileBlend blend(grid, 1, at::get_num_threads());
  const std::vector<float> work(grid.width() * grid.height(), 0.1f);
  std::vector<float> tiles(grid.count() * kTile * kTile), colours(2 * tiles.size(), 0.1f);
  std::vector<float> chroma(2 * work.size());
  for (auto _ : state) {
    grid.cut(work.data(), tiles.data());
    blend.blend(colours.data(), chroma.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

void upsample_and_pack(benchmark::State& state, CganFormat out_format) {
  const int64_t height = state.range(0);
  set_threads(state, 1);
  const Film film(height, out_format);
  const StreamFormat format = StreamFormat::from(stream_of(height, out_format));
  const ChromaGrid chroma_grid = format.chroma_grid();
  const WorkSize size = work_size_for(format.width, format.height, kShortSide, {kTile, kTile, 1});
  const int workers = at::get_num_threads();
  ChromaUpsample upsample(
      {size.width, size.height, size.padded_width, size.padded_width, size.padded_height, 1},
      format.width, format.height, chroma_grid, workers);
  const LumaGuide guide(format);
  const Packer packer(format);
  const std::vector<float> work(size.padded_width * size.padded_height, 0.1f);
  const std::vector<float> chroma(2 * work.size(), 0.1f);
  std::vector<std::vector<float>> rows(workers, std::vector<float>(3 * chroma_grid.width));
  const LumaView luma = view_luma(film.frame, format);
  const FrameView out = view_output(film.frame, format);
  for (auto _ : state) {
    upsample.fit(work.data(), chroma.data());
    for_row_bands(chroma_grid.height, workers, [&](int64_t first, int64_t last, int worker) {
      float* const luma_row = rows[worker].data();
      float* const cb = luma_row + chroma_grid.width;
      float* const cr = cb + chroma_grid.width;
      for (int64_t y = first; y < last; ++y) {
        guide.row(luma, y, luma_row);
        upsample.row(y, worker, luma_row, cb, cr);
        packer.chroma_row(y, 0, luma_row, cb, cr, kLook, out);
      }
    });
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

/// Luma of 8 bits for an output of 10.
void deepen_luma(benchmark::State& state) {
  const int64_t height = state.range(0);
  set_threads(state, 1);
  const Film from(height), to(height, CGAN_FORMAT_I420_10LE);
  CganStreamInfo info = stream_of(height);
  info.out = CGAN_FORMAT_I420_10LE;
  const StreamFormat format = StreamFormat::from(info);
  const LumaCopy copy(format, at::get_num_threads());
  const LumaView luma = view_luma(from.frame, format);
  const FrameView out = view_output(to.frame, format);
  for (auto _ : state) {
    copy.run(luma, out);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

/// The network alone, tiles per second.
void generator(benchmark::State& state, c10::Device device, c10::ScalarType type) {
  const c10::InferenceMode inference;
  set_threads(state, 1);
  FrozenGenerator::Options options;
  options.device = device;
  options.type = type;
  const auto network = FrozenGenerator::create(read_weights(find_weights(kModel)), options);
  const at::Tensor tiles =
      at::rand({state.range(0), 1, network->tile(), network->tile()}).mul_(2).sub_(1).to(device);
  benchmark::DoNotOptimize(network->chroma(tiles).to(at::kCPU));
  for (auto _ : state) benchmark::DoNotOptimize(network->chroma(tiles).to(at::kCPU));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// A frame in place, as the element does it.
void whole_frame(benchmark::State& state, const std::string& device) {
  ColorizerSettings settings;
  settings.model = kModel;
  settings.device = device;
  settings.threads = static_cast<int>(state.range(1));
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

void tiles(benchmark::internal::Benchmark* cases) {
  cases->ArgNames({"tiles", "threads"})->ArgsProduct({{1, 16, 60}, {1, 2}});
  cases->UseRealTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(work_copy, i420, CGAN_FORMAT_I420)->Apply(frames);
BENCHMARK_CAPTURE(work_copy, i420_10le, CGAN_FORMAT_I420_10LE)->Apply(frames);
BENCHMARK(deepen_luma)->Apply(frames);
BENCHMARK(cut_and_blend)->Apply(frames);
BENCHMARK_CAPTURE(upsample_and_pack, i420, CGAN_FORMAT_I420)->Apply(frames);
BENCHMARK_CAPTURE(upsample_and_pack, i420_10le, CGAN_FORMAT_I420_10LE)->Apply(frames);
BENCHMARK_CAPTURE(generator, cpu_fp32, c10::kCPU, c10::kFloat)->Apply(tiles);
BENCHMARK_CAPTURE(whole_frame, cpu, "cpu")->Apply(frames);

}  // namespace
}  // namespace cgan

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  benchmark::AddCustomContext("libtorch", TORCH_VERSION);
  if (torch::cuda::is_available()) {
    // A frame on the card still scales, blends and packs on the CPU.
    benchmark::RegisterBenchmark("generator/cuda_fp16", cgan::generator, c10::kCUDA, c10::kHalf)
        ->Apply(cgan::tiles);
    benchmark::RegisterBenchmark("whole_frame/cuda", cgan::whole_frame, "cuda")
        ->Apply(cgan::frames);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
