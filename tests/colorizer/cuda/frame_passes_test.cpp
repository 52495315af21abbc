// The kernels of the card against the loops of the CPU: the same bits in every pair of formats. By
// the same source they run on the host, and on a card where there is one.

#include <gtest/gtest.h>

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/Device.h>

#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "plugin/colorizer/cpu/frame_passes.h"
#include "plugin/colorizer/cuda/frame_passes_on.h"
#include "plugin/colorizer/interface/colorizer_error.h"
#include "tests/colorizer/cuda/host_device.h"
#include "tests/colorizer/looks.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/synthetic_frame.h"

namespace cgan {
namespace {

using test::HostDevice;
using test::SyntheticFrame;

struct Case {
  int64_t width, height, scale;
  int in_full_range, out_full_range;
  CganChromaSite site;
};
// Odd sizes, single pixels, more than one block of threads; both scales; both ranges; every site.
constexpr Case kCases[] = {{70, 41, 1, 0, 0, CGAN_CHROMA_LEFT},
                           {33, 50, 2, 1, 0, CGAN_CHROMA_CENTRE},
                           {1, 1, 1, 0, 1, CGAN_CHROMA_TOP_LEFT},
                           {2, 19, 2, 1, 1, CGAN_CHROMA_TOP}};

using MakePasses = std::function<std::unique_ptr<FramePasses>(const FramePlan& plan)>;

MakePasses on_host(HostDevice& device, CganMemory memory = CGAN_MEMORY_HOST) {
  return [&device, memory](const FramePlan& plan) {
    return std::make_unique<cuda::FramePassesOn<HostDevice>>(plan, device, memory);
  };
}

bool operator==(const ColourMeasure& a, const ColourMeasure& b) {
  return a.cells == b.cells && a.picture == b.picture && a.coloured == b.coloured &&
         a.lightest == b.lightest;
}

/// Both ways to write the frames of one stream.
class Both {
 public:
  /// @param device where work pictures of the kernels lie
  Both(const Case& of, CganFormat in, CganFormat out, const MakePasses& make,
       const c10::Device& device = c10::kCPU)
      : case_(of),
        device_(device),
        format_(StreamFormat::from(info(of, in, out))),
        size_(work_size_for(of.width, of.height, 24, {32, 32, 2})),
        plan_(FramePlan::of(format_, size_, size_.padded_width / of.scale,
                            size_.padded_height / of.scale, of.scale)),
        pool_(2),
        cpu_(plan_, pool_),
        kernels_(make(plan_)) {}

  /// Colours two frames, the second one held to the codes of the first.
  void compare(const CganLook& look, bool is_coloured) {
    for (uint32_t seed = 1; seed <= 2; ++seed) {
      SyntheticFrame in(format_.in.format, case_.width, case_.height, 3, 1);
      in.fill_random(seed);
      if (format_.in.has_chroma()) in.fill_random_chroma(seed);
      const InputView source = view_input(in.frame(), format_);
      std::vector<float> luma(size_.padded_width * size_.padded_height);
      cpu_.read(source.luma, luma.data());
      const at::Tensor by_kernels = there(std::vector<float>(luma.size()));
      kernels_->read(source.luma, by_kernels.data_ptr<float>());
      if (format_.in.has_chroma()) {
        cpu_.measure(source, 0);
        kernels_->measure(source, 0);
        ASSERT_TRUE(cpu_.measured(0) == kernels_->measured(0));
      }

      const std::vector<float> chroma = random_chroma(seed);
      const at::Tensor colours = there(chroma);
      const WorkPicture picture = {luma.data(), chroma.data()};
      const WorkPicture there = {by_kernels.data_ptr<float>(), colours.data_ptr<float>()};
      write(cpu_, *kernels_, [&](FramePasses& passes, const FrameView& to) {
        const WorkPicture* const own = &passes == &cpu_ ? &picture : &there;
        passes.write(source, is_coloured ? own : nullptr, look, to);
        passes.complete();
      });
      const at::Tensor read = by_kernels.cpu();  // what was begun has ended
      ASSERT_EQ(std::memcmp(read.data_ptr<float>(), luma.data(), read.nbytes()), 0);
      if (testing::Test::HasFailure()) return;
    }
    SyntheticFrame in(format_.in.format, case_.width, case_.height);
    in.fill_random(3);
    write(cpu_, *kernels_, [&](FramePasses& passes, const FrameView& to) {
      passes.write_neutral(view_input(in.frame(), format_).luma, to);
    });
  }

 private:
  static CganStreamInfo info(const Case& of, CganFormat in, CganFormat out) {
    CganStreamInfo info = test::stream_of(of.width, of.height, in, out);
    info.in_full_range = of.in_full_range;
    info.out_full_range = of.out_full_range;
    info.chroma_site = of.site;
    return info;
  }

  at::Tensor there(const std::vector<float>& numbers) const {
    return at::from_blob(const_cast<float*>(numbers.data()), {static_cast<int64_t>(numbers.size())},
                         c10::kFloat)
        .to(device_, c10::kFloat, false, true);
  }

  std::vector<float> random_chroma(uint32_t seed) const {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> colours(-0.3f, 0.3f);
    const UpsamplePlan::Source& source = plan_.upsample.source;
    std::vector<float> chroma(2 * source.chroma_width * source.chroma_height);
    for (float& sample : chroma) sample = colours(random);
    return chroma;
  }

  template <typename Write>
  void write(FramePasses& cpu, FramePasses& kernels, const Write& write) const {
    SyntheticFrame expected(format_.out.format, case_.width, case_.height, 5, 1);
    SyntheticFrame found(format_.out.format, case_.width, case_.height, 5, 1);
    write(cpu, view_output(expected.frame(), format_));
    write(kernels, view_output(found.frame(), format_));
    for (int plane = 0; plane < 3; ++plane)
      ASSERT_EQ(expected.bytes(plane), found.bytes(plane)) << "plane " << plane;
    ASSERT_TRUE(found.padding_is_untouched());
  }

  Case case_;
  c10::Device device_;
  StreamFormat format_;
  WorkSize size_;
  FramePlan plan_;
  WorkerPool pool_;
  CpuFramePasses cpu_;
  std::unique_ptr<FramePasses> kernels_;
};

void compare_every_pair(const Case& of, const MakePasses& make,
                        const c10::Device& device = c10::kCPU) {
  CganLook look = test::alone();
  look.warmth = 0.3;
  for (const PixelFormat& in : kPixelFormats) {
    for (const PixelFormat& out : kPixelFormats) {
      if (!can_become(in, out)) continue;
      SCOPED_TRACE(std::string(in.name) + " to " + out.name);
      Both(of, in.format, out.format, make, device).compare(look, true);
      if (testing::Test::HasFailure()) return;
    }
  }
}

class KernelsOfFrames : public testing::TestWithParam<Case> {};

TEST_P(KernelsOfFrames, GiveTheBitsOfTheLoopsInEveryPairOfFormats) {
  HostDevice device;
  compare_every_pair(GetParam(), on_host(device));
}

TEST_P(KernelsOfFrames, GiveTheSameBitsWhereTheFramesLieOnTheDevice) {
  HostDevice device;
  compare_every_pair(GetParam(), on_host(device, CGAN_MEMORY_CUDA));
}

TEST_P(KernelsOfFrames, DoSoOnACard) {
  std::unique_ptr<Backend> backend;
  const MakePasses make = [&](const FramePlan& plan) {
    return backend->frame_passes(plan, CGAN_MEMORY_HOST, {});
  };
  try {
    backend = make_cuda_backend("cuda:0");
    backend->wait();
  } catch (const ColorizerError& error) {
    GTEST_SKIP() << error.what() << " " << error.details;
  }
  compare_every_pair(GetParam(), make, c10::Device(c10::kCUDA, 0));
}

TEST_P(KernelsOfFrames, KeepTheFramesOwnColoursLeftOfTheSplitOrThroughout) {
  HostDevice device;
  const MakePasses make = on_host(device, CGAN_MEMORY_CUDA);
  CganLook look = test::alone();
  look.split = 0.4;
  for (const CganFormat in : {CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420, CGAN_FORMAT_P010_10LE}) {
    for (const bool is_coloured : {true, false}) {
      for (const CganFormat out : {CGAN_FORMAT_P010_10LE, CGAN_FORMAT_Y444_12LE}) {
        Both(GetParam(), in, out, make).compare(look, is_coloured);
        if (HasFailure()) return;
      }
    }
  }
  Both(GetParam(), CGAN_FORMAT_NV21, CGAN_FORMAT_NV21, make).compare(look, false);
}

INSTANTIATE_TEST_SUITE_P(Sizes, KernelsOfFrames, testing::ValuesIn(kCases));

class KernelsOfFramesIn : public testing::TestWithParam<CganMemory> {
 protected:
  const StreamFormat format =
      StreamFormat::from(test::stream_of(40, 30, CGAN_FORMAT_NV12, CGAN_FORMAT_NV12));
  const WorkSize size = work_size_for(40, 30, 30, {32, 32, 1});
  HostDevice device;
  cuda::FramePassesOn<HostDevice> passes{
      FramePlan::of(format, size, size.padded_width, size.padded_height, 1), device, GetParam()};
};

TEST_P(KernelsOfFramesIn, LeaveTheLumaOfAFrameInPlaceAsItIs) {
  SyntheticFrame frame(CGAN_FORMAT_NV12, 40, 30);
  frame.fill_random(7);
  frame.fill_random_chroma(7);
  const std::vector<uint8_t> luma = frame.bytes(0), chroma = frame.bytes(1);
  const InputView in = view_input(frame.frame(), format);
  const FrameView out = view_output(frame.frame(), format);
  passes.write(in, nullptr, test::alone(), out);
  passes.complete();
  EXPECT_EQ(frame.bytes(1), chroma);
  const std::vector<float> work(size.padded_width * size.padded_height), colours(2 * work.size());
  const WorkPicture picture = {work.data(), colours.data()};
  passes.write(in, &picture, test::alone(), out);
  passes.complete();
  EXPECT_EQ(frame.bytes(0), luma);
  EXPECT_NE(frame.bytes(1), chroma);
  passes.write_neutral(in.luma, out);
  EXPECT_EQ(frame.bytes(0), luma);
  EXPECT_EQ(frame.bytes(1), std::vector<uint8_t>(chroma.size(), 128));
}

TEST_P(KernelsOfFramesIn, CopyFramesAcrossOnlyWhereTheyLieOnTheHost) {
  SyntheticFrame in(CGAN_FORMAT_NV12, 40, 30), out(CGAN_FORMAT_NV12, 40, 30);
  std::vector<float> work(size.padded_width * size.padded_height);
  const std::vector<float> colours(2 * work.size());
  const WorkPicture picture = {work.data(), colours.data()};
  const int64_t before = device.copies();
  passes.read(view_input(in.frame(), format).luma, work.data());
  passes.write(view_input(in.frame(), format), &picture, test::split(0.5),
               view_output(out.frame(), format));
  passes.complete();
  passes.write_neutral(view_input(in.frame(), format).luma, view_output(out.frame(), format));
  constexpr int64_t kPlanes = 4;
  EXPECT_EQ(device.copies() - before, GetParam() == CGAN_MEMORY_HOST ? kPlanes : 0);
}

INSTANTIATE_TEST_SUITE_P(Memories, KernelsOfFramesIn,
                         testing::Values(CGAN_MEMORY_HOST, CGAN_MEMORY_CUDA),
                         [](const testing::TestParamInfo<CganMemory>& info) {
                           return info.param == CGAN_MEMORY_HOST ? "Host" : "Card";
                         });

TEST(KernelsOfFrames, GoOnFromTheStateOfTheCpu) {
  const StreamFormat format =
      StreamFormat::from(test::stream_of(40, 30, CGAN_FORMAT_GRAY8, CGAN_FORMAT_NV12));
  const WorkSize size = work_size_for(40, 30, 30, {32, 32, 1});
  const FramePlan plan = FramePlan::of(format, size, size.padded_width, size.padded_height, 1);
  HostDevice device;
  WorkerPool pool(1);
  CpuFramePasses cpu(plan, pool);
  cuda::FramePassesOn<HostDevice> kernels(plan, device), others(plan, device);
  SyntheticFrame in(CGAN_FORMAT_GRAY8, 40, 30), out(CGAN_FORMAT_NV12, 40, 30);
  in.fill_random(1);
  const std::vector<float> work(size.padded_width * size.padded_height), colours(2 * work.size());
  const WorkPicture picture = {work.data(), colours.data()};
  const auto state_of = [](FramePasses& passes) {
    std::vector<uint8_t> state;
    StateArchive archive = StateArchive::writer(state);
    passes.archive(archive);
    return state;
  };
  for (FramePasses* passes :
       {static_cast<FramePasses*>(&cpu), static_cast<FramePasses*>(&kernels)}) {
    EXPECT_EQ(state_of(*passes), std::vector<uint8_t>{0});
    passes->write(view_input(in.frame(), format), &picture, test::alone(),
                  view_output(out.frame(), format));
    passes->complete();
  }
  const std::vector<uint8_t> state = state_of(cpu);
  EXPECT_EQ(state_of(kernels), state);
  StateArchive archive = StateArchive::reader(state.data(), state.size());
  others.archive(archive);
  EXPECT_TRUE(archive.is_at_end());
  EXPECT_EQ(state_of(others), state);
}

TEST(KernelsOfFrames, GiveTheirMemoryBack) {
  HostDevice device;
  const StreamFormat format =
      StreamFormat::from(test::stream_of(40, 30, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420));
  const WorkSize size = work_size_for(40, 30, 30, {32, 32, 1});
  {
    cuda::FramePassesOn<HostDevice> passes(
        FramePlan::of(format, size, size.padded_width, size.padded_height, 1), device);
    EXPECT_GT(device.arrays(), 0);
  }
  EXPECT_EQ(device.arrays(), 0);
}

}  // namespace
}  // namespace cgan
