// Whole frames on a CUDA card by the colorizer's C interface: how many in a second, where the
// frames lie on the card and where they lie on the host; the network alone; and what a plain copy
// on the card moves. Without a card every line says so.

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/from_blob.h>
#include <benchmark/benchmark.h>
#include <torch/cuda.h>

#include <memory>
#include <string>
#include <vector>

#include "model/inference/frozen_generator.h"
#include "model/weights/weights.h"
#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/interface/colorizer_error.h"
#include "plugin/colorizer/interface/colorizer_interface.h"
#include "plugin/colorizer/network/card_network.h"
#include "tests/colorizer/looks.h"
#include "tests/colorizer/settings.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/synthetic_film.h"
#include "tests/colorizer/synthetic_frame.h"

extern "C" const CganColorizerInterface* cgan_colorizer_interface(void);

namespace cgan {
namespace {

constexpr int64_t kFrames = 4;

int64_t width_of(int64_t height) {
  return height * 16 / 9;
}

/// An NV12 frame whose planes lie on the host or on the first card.
class Frame {
 public:
  Frame(int64_t height, int64_t left, bool is_on_card)
      : on_host_(CGAN_FORMAT_NV12, width_of(height), height), frame_(on_host_.frame()) {
    const test::Picture picture = test::scenery(width_of(height), height, 1, left);
    for (int64_t y = 0; y < height; ++y)
      for (int64_t x = 0; x < width_of(height); ++x) {
        const float luma = picture.luma[y * width_of(height) + x];
        on_host_.set_luma(x, y, static_cast<int>(126.0f + 100.0f * luma));
      }
    if (!is_on_card) return;
    for (int plane = 0; plane < 2; ++plane) {
      on_card_[plane] =
          at::from_blob(frame_.data[plane], {on_host_.rows(plane), frame_.stride[plane]}, at::kByte)
              .cuda();
      frame_.data[plane] = on_card_[plane].data_ptr<uint8_t>();
    }
    torch::cuda::synchronize();
  }
  const CganFrame& frame() const { return frame_; }

 private:
  test::SyntheticFrame on_host_;
  CganFrame frame_;
  at::Tensor on_card_[2];
};

using Owned = std::unique_ptr<CganColorizer, void (*)(CganColorizer*)>;

/// @param memory of the frames
/// @param passes whether the passes over frames run on the card, too
void colour_frames(benchmark::State& state, CganMemory memory, int passes) {
  const CganColorizerInterface& library = *cgan_colorizer_interface();
  CganSettings settings = test::settings();
  settings.device = "cuda";
  settings.device_passes = passes;
  CganError error = {};
  const Owned colorizer(library.create(&settings, &error), library.destroy);
  if (colorizer == nullptr) return state.SkipWithError(error.message);
  const int64_t height = state.range(0);
  CganStreamInfo info =
      test::stream_of(width_of(height), height, CGAN_FORMAT_NV12, CGAN_FORMAT_NV12);
  info.memory = memory;
  if (library.set_stream(colorizer.get(), &info, &error) == 0)
    return state.SkipWithError(error.message);
  std::vector<std::unique_ptr<Frame>> film;
  for (int64_t i = 0; i < kFrames; ++i)
    film.push_back(std::make_unique<Frame>(height, 3 * i, memory == CGAN_MEMORY_CUDA));
  const Frame out(height, 0, memory == CGAN_MEMORY_CUDA);
  const CganLook look = test::steady(0);
  int64_t i = 0;
  for (auto _ : state) {
    const CganFrame& in = film[i++ % kFrames]->frame();
    if (library.colorize(colorizer.get(), &in, &out.frame(), &look, &error) == 0)
      return state.SkipWithError(error.message);
  }
  state.SetItemsProcessed(state.iterations());
  const CganCounts& counts = *library.counts(colorizer.get());
  const auto share = [&](uint64_t part) {
    return static_cast<double>(part) / static_cast<double>(counts.call_ns);
  };
  state.counters["network_share"] = share(counts.network_ns);
  state.counters["steady_share"] = share(counts.steady_ns);
  state.counters["frame_share"] = share(counts.frame_ns);
}

/// What the network takes of a frame, recorded, in half precision.
void network_on_card(benchmark::State& state) {
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
  for (auto _ : state) {
    network->colour(luma.get(), 0.0);
    backend->wait();
  }
  state.SetItemsProcessed(state.iterations());
  state.SetLabel(notices);
}

/// The luma of a frame from one place on the card to another.
void copy_on_card(benchmark::State& state) {
  if (!torch::cuda::is_available()) return state.SkipWithError("no CUDA card");
  const int64_t height = state.range(0);
  const auto from = at::empty({height, width_of(height)}, at::device(at::kCUDA).dtype(at::kByte));
  auto to = at::empty_like(from);
  for (auto _ : state) {
    to.copy_(from);
    torch::cuda::synchronize();
  }
  state.SetBytesProcessed(2 * from.numel() * state.iterations());
}

void sizes(benchmark::internal::Benchmark* cases) {
  cases->ArgName("height")->Arg(1080)->Arg(2160)->UseRealTime()->Unit(benchmark::kMicrosecond);
}

BENCHMARK_CAPTURE(colour_frames, frames_on_card, CGAN_MEMORY_CUDA, 1)->Apply(sizes);
BENCHMARK_CAPTURE(colour_frames, frames_on_host, CGAN_MEMORY_HOST, 1)->Apply(sizes);
BENCHMARK_CAPTURE(colour_frames, only_the_network, CGAN_MEMORY_HOST, 0)->Apply(sizes);
BENCHMARK(network_on_card)->Apply(sizes);
BENCHMARK(copy_on_card)->Apply(sizes);

}  // namespace
}  // namespace cgan

BENCHMARK_MAIN();
