// Every plane of a full-size frame is read once before the network and once after it, and written
// once, by the kernels of the card, which run on the host.

#include <gtest/gtest.h>

#include <cstring>
#include <unordered_map>
#include <vector>

#include "plugin/colorizer/cuda/frame_passes_on.h"
#include "tests/colorizer/cuda/host_device.h"
#include "tests/colorizer/looks.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/synthetic_frame.h"

namespace cgan {
namespace {

using test::HostDevice;
using test::SyntheticFrame;

/// How often each sample of a frame was read and written.
struct Accesses {
  std::unordered_map<const void*, int> reads, writes;
};
Accesses accesses;

/// A sample that counts who touches it.
template <typename Sample>
struct Counted {
  Sample sample;
};
template <typename Sample>
int value_of(const Counted<Sample>& from) {
  ++accesses.reads[&from];
  return cgan::value_of(from.sample);
}
template <typename Sample>
void store(int value, Counted<Sample>& to) {
  ++accesses.writes[&to];
  cuda::store(value, to.sample);
}

/// Runs the kernels that see whole frames with samples that count.
class CountingDevice : public HostDevice {
 public:
  template <typename Kernel>
  void launch(const Kernel& kernel) {
    HostDevice::launch(kernel);
  }
  template <typename In, typename Out>
  void launch(const cuda::FrameKernel<In, Out>& kernel) {
    launch_as<cuda::FrameKernel<Counted<In>, Counted<Out>>>(kernel);
  }
  template <typename Sample>
  void launch(const cuda::WorkCopyKernel<Sample>& kernel) {
    launch_as<cuda::WorkCopyKernel<Counted<Sample>>>(kernel);
  }

  int launches() const { return launches_; }

 private:
  /// The same kernel: its pointers are to samples of the same size.
  template <typename As, typename Kernel>
  void launch_as(const Kernel& kernel) {
    static_assert(sizeof(As) == sizeof(Kernel));
    As counting;
    std::memcpy(&counting, &kernel, sizeof kernel);
    ++launches_;
    HostDevice::launch(counting);
  }

  int launches_ = 0;
};

struct Grid {
  CganFormat in, out;
  CganChromaSite site;
};

class KernelsOfWholeFrames : public testing::TestWithParam<Grid> {
 protected:
  static constexpr int64_t kWidth = 71, kHeight = 43;

  static CganStreamInfo info() {
    CganStreamInfo info = test::stream_of(kWidth, kHeight, GetParam().in, GetParam().out);
    info.chroma_site = info.in_chroma_site = GetParam().site;
    return info;
  }
  const StreamFormat format = StreamFormat::from(info());
  const WorkSize size = work_size_for(kWidth, kHeight, kHeight, {8, 8, 1});
  CountingDevice device;
  cuda::FramePassesOn<CountingDevice> passes{
      FramePlan::of(format, size, size.padded_width, size.padded_height, 1), device,
      CGAN_MEMORY_CUDA};
  SyntheticFrame in{format.in.format, kWidth, kHeight};
  SyntheticFrame out{format.out.format, kWidth, kHeight};
  const InputView source = view_input(in.frame(), format);
  const FrameView target = view_output(out.frame(), format);
  std::vector<float> work = std::vector<float>(size.padded_width * size.padded_height);
  const std::vector<float> colours = std::vector<float>(2 * work.size());
  const WorkPicture picture = {work.data(), colours.data()};

  void SetUp() override { accesses = {}; }

  /// A thread also reads the column or the row before its own where the cover of its sample does.
  static int most_reads(int64_t x, int64_t y, const FramePlan& plan) {
    const auto also = [](pixel::Cover cover, int64_t at) {
      return cover == pixel::Cover::kThree && at % 2 == 1 ? 2 : 1;
    };
    return also(plan.guide.across, x) * also(plan.guide.down, y);
  }

  void expect_luma_read_and_written_once() {
    const FramePlan plan = FramePlan::of(format, size, size.padded_width, size.padded_height, 1);
    for (int64_t y = 0; y < kHeight; ++y) {
      for (int64_t x = 0; x < kWidth; ++x) {
        const int reads = accesses.reads[source.luma.row(y) + x * format.in.sample_bytes()];
        ASSERT_GE(reads, 1);
        ASSERT_LE(reads, most_reads(x, y, plan)) << x << ", " << y;
        ASSERT_EQ(
            accesses.writes[target.luma + y * target.luma_stride + x * format.out.sample_bytes()],
            1);
      }
    }
  }
  void expect_chroma_written_once() {
    const ChromaGrid grid = format.chroma_grid();
    const int64_t apart = format.out.layout == ChromaLayout::kInterleaved ? 2 : 1;
    for (int64_t y = 0; y < grid.height; ++y) {
      for (int64_t x = 0; x < grid.width; ++x) {
        const int64_t at = x * apart * format.out.sample_bytes();
        ASSERT_EQ(accesses.writes[target.cb + y * target.cb_stride + at], 1);
        ASSERT_EQ(accesses.writes[target.cr + y * target.cr_stride + at], 1);
      }
    }
  }
};

TEST_P(KernelsOfWholeFrames, ReadItOnceBeforeTheNetworkAndOnceAfterAndWriteItOnce) {
  passes.read(source.luma, work.data());
  EXPECT_EQ(device.launches(), 1);
  for (int64_t y = 0; y < kHeight; ++y)
    for (int64_t x = 0; x < kWidth; ++x)
      ASSERT_GE(accesses.reads[source.luma.row(y) + x * format.in.sample_bytes()], 1);
  accesses = {};
  passes.write(source, &picture, test::split(0.3), target);
  EXPECT_EQ(device.launches(), 2);
  expect_luma_read_and_written_once();
  expect_chroma_written_once();
}

TEST_P(KernelsOfWholeFrames, DoSoWhereItKeepsItsOwnColoursOrGetsNone) {
  passes.write(source, nullptr, test::alone(), target);
  EXPECT_EQ(device.launches(), 1);
  expect_luma_read_and_written_once();
  expect_chroma_written_once();
  accesses = {};
  passes.write_neutral(source.luma, target);
  EXPECT_EQ(device.launches(), 2);
  expect_luma_read_and_written_once();
  expect_chroma_written_once();
}

INSTANTIATE_TEST_SUITE_P(
    Grids, KernelsOfWholeFrames,
    testing::Values(Grid{CGAN_FORMAT_NV12, CGAN_FORMAT_NV12, CGAN_CHROMA_LEFT},
                    Grid{CGAN_FORMAT_I420, CGAN_FORMAT_P010_10LE, CGAN_CHROMA_TOP_LEFT},
                    Grid{CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420, CGAN_CHROMA_CENTRE},
                    Grid{CGAN_FORMAT_Y42B, CGAN_FORMAT_Y42B, CGAN_CHROMA_LEFT},
                    Grid{CGAN_FORMAT_P010_10LE, CGAN_FORMAT_Y444_12LE, CGAN_CHROMA_TOP}));

}  // namespace
}  // namespace cgan
