// What a frame allocates of the host's memory on its way over a card, in steady state: a program of
// its own, since it counts every call of operator new.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <vector>

#include <c10/core/InferenceMode.h>

#include "model/threads/serial_libtorch.h"
#include "plugin/colorizer/colorizer.h"
#include "plugin/colorizer/network/tiled_network.h"
#include "tests/benchmark/host_allocations.h"
#include "tests/colorizer/cuda/host_backend.h"
#include "tests/colorizer/looks.h"
#include "tests/colorizer/settings.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/substitute_generators.h"
#include "tests/colorizer/synthetic_frame.h"

namespace cgan {
namespace {

using test::SyntheticFrame;

constexpr int64_t kWidth = 120, kHeight = 90;
constexpr int kFrames = 12, kWarmUp = 6;

/// Does at once what it is asked for, and keeps nothing of it.
struct InstantDevice {
  void* allocate(int64_t bytes) { return std::malloc(bytes); }
  void release(void* data) noexcept { std::free(data); }
  void* allocate_staging(int64_t bytes) { return std::malloc(bytes); }
  void release_staging(void* data) noexcept { std::free(data); }
  void upload(void* to, const void* from, int64_t bytes, cuda::Lane) {
    std::memcpy(to, from, bytes);
  }
  void download(void* to, const void* from, int64_t bytes, cuda::Lane) {
    std::memcpy(to, from, bytes);
  }
  void copy(const void* from, int64_t bytes, void* to) { std::memcpy(to, from, bytes); }
  template <typename Kernel>
  void launch(const Kernel& kernel) {
    const cuda::Extent extent = kernel.extent();
    for (int64_t y = 0; y < extent.height; ++y)
      for (int64_t x = 0; x < extent.width; ++x) kernel(x, y);
  }
  using Event = int;
  Event make_event() { return 0; }
  void destroy_event(Event) noexcept {}
  void record(cuda::Lane, Event) {}
  void hold(cuda::Lane, Event) {}
  void wait(Event) {}
  void wait() {}
};

struct Way {
  const char* name;
  CganLook look;
  CganMemory memory;
  uint32_t delay, lookahead;
};

CganLook keeping(CganLook look) {
  look.on_colour = CGAN_ON_COLOUR_KEEP;
  return look;
}

class AllocationsOfAFrame : public testing::TestWithParam<Way> {
 protected:
  /// Those of LibTorch's tensors on the host, of which a recorded network has none.
  static uint64_t of_network() {
    const c10::InferenceMode inference;
    const SerialLibTorch serial;
    const test::SubstituteGenerator generator(test::warm_light);
    const WorkSize size =
        work_size_for(kWidth, kHeight, generator.short_side(), TiledNetwork::rule(generator));
    const TiledNetwork network(size, generator, CGAN_DEFAULT_OVERLAP, 0);
    WorkerPool pool(1);
    TiledNetwork::Frame frame(network, pool);
    const std::vector<float> luma(network.width() * network.height());
    const auto count = [&] {
      const uint64_t before = host_allocations();
      network.colour(luma.data(), 0.0, frame);
      return host_allocations() - before;
    };
    count();
    return count();
  }
};

TEST_P(AllocationsOfAFrame, AreThoseOfItsNetwork) {
  const Way& way = GetParam();
  CganSettings settings = test::settings(1);
  settings.lookahead = way.lookahead;
  Colorizer colorizer(settings, std::make_unique<test::SubstituteGenerator>(test::warm_light),
                      std::make_unique<test::BackendOn<InstantDevice>>());
  CganStreamInfo info = test::stream_of(kWidth, kHeight, CGAN_FORMAT_NV12, CGAN_FORMAT_NV12);
  info.memory = way.memory;
  info.delay = way.delay;
  colorizer.set_stream(info);
  std::deque<SyntheticFrame> film;
  for (int i = 0; i < kFrames; ++i) {
    film.emplace_back(CGAN_FORMAT_NV12, kWidth, kHeight);
    film.back().fill_scene(1);
    film.back().set_luma(3 + i, 5, 200);
  }
  SyntheticFrame out(CGAN_FORMAT_NV12, kWidth, kHeight);
  const CganFrame target = out.frame();
  const uint64_t wanted = way.look.carried > 0 ? 0 : of_network();
  int finished = 0;
  for (int i = 0; i < kFrames; ++i) {
    const CganFrame in = film[i].frame();
    const CganFrame earliest = film[finished].frame();
    const uint64_t before = host_allocations();
    colorizer.submit(in, way.look);
    if (i >= static_cast<int>(way.delay + way.lookahead)) {
      colorizer.finish(earliest, target, way.look);
      ++finished;
    }
    if (i < kWarmUp) continue;
    EXPECT_EQ(host_allocations() - before, wanted) << "frame " << i;
  }
}

const Way kWays[] = {{"Host", keeping(test::steady(0)), CGAN_MEMORY_HOST, 1, 0},
                     {"HostWithoutNetwork", keeping(test::steady(1000)), CGAN_MEMORY_HOST, 1, 0},
                     {"HostOneByOne", keeping(test::steady(1000)), CGAN_MEMORY_HOST, 0, 0},
                     {"HostWithLookahead", test::steady(1000), CGAN_MEMORY_HOST, 1, 2},
                     {"Device", keeping(test::steady(0)), CGAN_MEMORY_CUDA, 1, 0},
                     {"DeviceWithoutNetwork", keeping(test::steady(1000)), CGAN_MEMORY_CUDA, 1, 0},
                     {"DeviceWithLookahead", test::steady(1000), CGAN_MEMORY_CUDA, 1, 2},
                     {"DeviceAlone", test::alone(), CGAN_MEMORY_CUDA, 1, 0}};
INSTANTIATE_TEST_SUITE_P(Ways, AllocationsOfAFrame, testing::ValuesIn(kWays),
                         [](const testing::TestParamInfo<Way>& info) { return info.param.name; });

}  // namespace
}  // namespace cgan
