// Frames that are copied to a device and back while others are computed: the same bits whichever
// lane hurries and whichever is late, one wait a frame, and no memory asked for.

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugin/colorizer/cpu/frame_passes.h"
#include "plugin/colorizer/cuda/frame_passes_on.h"
#include "tests/colorizer/cuda/host_backend.h"
#include "tests/colorizer/cuda/host_device.h"
#include "tests/colorizer/looks.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/substitute_generators.h"
#include "tests/colorizer/synthetic_frame.h"

namespace cgan {
namespace {

using test::Haste;
using test::Hastes;
using test::HostDevice;
using test::SyntheticFrame;

constexpr int64_t kWidth = 70, kHeight = 42;
constexpr int kFrames = 6;

std::vector<Hastes> all_hastes() {
  std::vector<Hastes> all;
  for (int late = 0; late < 8; ++late) {
    Hastes hastes;
    for (int lane = 0; lane < cuda::kLanes; ++lane)
      hastes[lane] = (late >> lane & 1) != 0 ? Haste::kLate : Haste::kEager;
    all.push_back(hastes);
  }
  return all;
}

class Lanes : public testing::TestWithParam<Hastes> {
 protected:
  Lanes() {
    for (int i = 0; i < kFrames; ++i) {
      films_.emplace_back(CGAN_FORMAT_NV12, kWidth, kHeight, 3);
      refill(i);
      wanted_.emplace_back(CGAN_FORMAT_P010_10LE, kWidth, kHeight);
      found_.emplace_back(CGAN_FORMAT_P010_10LE, kWidth, kHeight);
      work_wanted_.emplace_back(numbers());
      work_found_.emplace_back(numbers());
      chroma_.emplace_back(2 * numbers(), 0.02f * static_cast<float>(i + 1));
    }
    CpuFramePasses cpu(plan_, pool_);
    for (int i = 0; i < kFrames; ++i) {
      cpu.read(input(i).luma, work_wanted_[i].data());
      write(cpu, i, work_wanted_[i], wanted_[i]);
      cpu.complete();
    }
  }

  int64_t numbers() const { return size_.padded_width * size_.padded_height; }
  InputView input(int i) { return view_input(films_[i].frame(), format_); }
  void refill(int i) {
    films_[i].fill_random(static_cast<uint32_t>(i));
    films_[i].fill_random_chroma(static_cast<uint32_t>(i));
  }
  /// The host has other things to do with the frame's memory.
  void overwrite(int i) {
    films_[i].fill_random(99);
    films_[i].fill_random_chroma(99);
  }

  void read(FramePasses& passes, int i) {
    passes.read(input(i).luma, work_found_[i].data());
    overwrite(i);
  }
  void write(FramePasses& passes, int i, const std::vector<float>& work, SyntheticFrame& to) {
    const WorkPicture picture = {work.data(), chroma_[i].data()};
    refill(i);
    passes.write(input(i), &picture, test::split(0.4), view_output(to.frame(), format_));
  }
  void write(FramePasses& passes, int i) {
    write(passes, i, work_found_[i], found_[i]);
    overwrite(i);
  }
  void expect_same(int i) {
    ASSERT_EQ(work_found_[i], work_wanted_[i]) << "frame " << i;
    for (int plane = 0; plane < 2; ++plane)
      ASSERT_EQ(found_[i].bytes(plane), wanted_[i].bytes(plane)) << "frame " << i;
  }

  const StreamFormat format_ =
      StreamFormat::from(test::stream_of(kWidth, kHeight, CGAN_FORMAT_NV12, CGAN_FORMAT_P010_10LE));
  const WorkSize size_ = work_size_for(kWidth, kHeight, kHeight, {8, 8, 1});
  const FramePlan plan_ = FramePlan::of(format_, size_, size_.padded_width, size_.padded_height, 1);
  WorkerPool pool_{1};
  std::deque<SyntheticFrame> films_, wanted_, found_;
  std::vector<std::vector<float>> work_wanted_, work_found_, chroma_;
};

TEST_P(Lanes, GiveTheBitsOfTheCpuWhereAFrameIsReadBeforeTheLastIsWritten) {
  HostDevice device(GetParam());
  cuda::FramePassesOn<HostDevice> passes(plan_, device, CGAN_MEMORY_HOST, 2);
  read(passes, 0);
  for (int i = 0; i < kFrames; ++i) {
    if (i + 1 < kFrames) read(passes, i + 1);
    write(passes, i);
    passes.complete();
    ASSERT_NO_FATAL_FAILURE(expect_same(i));
  }
}

TEST_P(Lanes, GiveTheBitsOfTheCpuWhereMoreFramesWaitThanAreKept) {
  HostDevice device(GetParam());
  cuda::FramePassesOn<HostDevice> passes(plan_, device, CGAN_MEMORY_HOST, kFrames);
  for (int i = 0; i < kFrames; ++i) read(passes, i);
  for (int i = 0; i < kFrames; ++i) {
    write(passes, i);
    passes.complete();
    ASSERT_NO_FATAL_FAILURE(expect_same(i));
  }
}

TEST_P(Lanes, GiveTheBitsOfTheCpuWhereTheSecondFrameIsGivenUp) {
  HostDevice device(GetParam());
  cuda::FramePassesOn<HostDevice> passes(plan_, device, CGAN_MEMORY_HOST, 2);
  const int64_t arrays = device.arrays();
  read(passes, 0);
  read(passes, 1);
  write(passes, 0);
  passes.give_up_second();
  EXPECT_LT(device.arrays(), arrays);
  passes.complete();
  for (int i = 1; i < kFrames; ++i) {
    write(passes, i);
    if (i + 1 < kFrames) read(passes, i + 1);
    passes.complete();
    ASSERT_EQ(found_[i].bytes(0), wanted_[i].bytes(0));
    ASSERT_EQ(found_[i].bytes(1), wanted_[i].bytes(1));
  }
}

std::string name_of(const testing::TestParamInfo<Hastes>& info) {
  std::string name;
  for (const Haste haste : info.param) name += haste == Haste::kLate ? "Late" : "Eager";
  return name;
}
INSTANTIATE_TEST_SUITE_P(Hastes, Lanes, testing::ValuesIn(all_hastes()), name_of);

/// A colorizer whose passes run on a device beside the host. The network reads what the kernels
/// have written, so these do not wait.
class Overlap : public testing::TestWithParam<CganLook> {
 protected:
  static constexpr Hastes kBeside = {Haste::kLate, Haste::kPushing, Haste::kLate};

  Overlap() {
    for (int i = 0; i < kFrames; ++i) {
      in_.emplace_back(CGAN_FORMAT_I420, kWidth, kHeight);
      in_.back().fill_scene(1);
      in_.back().set_luma(3 + i, 5, 200);
    }
  }
  std::unique_ptr<Colorizer> colorizer(uint32_t delay, int64_t room = -1) {
    auto backend = std::make_unique<test::HostBackend>(kBeside);
    device_ = &backend->device();
    auto colorizer = std::make_unique<Colorizer>(
        test::settings(1), std::make_unique<test::SubstituteGenerator>(test::warm_light),
        std::move(backend));
    CganStreamInfo info = test::stream_of(kWidth, kHeight, CGAN_FORMAT_I420, CGAN_FORMAT_I420);
    info.delay = delay;
    if (room >= 0) device_->set_room(room);
    colorizer->set_stream(info);
    return colorizer;
  }
  /// Frames 0 .. kFrames - 1, one in flight.
  void run(Colorizer& colorizer) {
    const CganLook look = GetParam();
    std::deque<SyntheticFrame> out;
    waits_.clear();
    allocations_.clear();
    colorizer.submit(in_[0].frame(), look);
    for (int i = 0; i < kFrames; ++i) {
      const int64_t waits = device_->waits(), allocations = device_->allocations();
      out.emplace_back(CGAN_FORMAT_I420, kWidth, kHeight);
      if (i + 1 < kFrames) colorizer.submit(in_[i + 1].frame(), look);
      colorizer.finish(in_[i].frame(), out.back().frame(), look);
      waits_.push_back(device_->waits() - waits);
      allocations_.push_back(device_->allocations() - allocations);
    }
    shown_.clear();
    for (SyntheticFrame& frame : out)
      for (int plane = 0; plane < 3; ++plane) shown_.push_back(frame.bytes(plane));
  }
  std::vector<std::vector<uint8_t>> by_cpu() {
    const std::unique_ptr<Colorizer> cpu = std::make_unique<Colorizer>(
        test::settings(1), std::make_unique<test::SubstituteGenerator>(test::warm_light));
    cpu->set_stream(test::stream_of(kWidth, kHeight, CGAN_FORMAT_I420, CGAN_FORMAT_I420));
    std::vector<std::vector<uint8_t>> wanted;
    for (SyntheticFrame& in : in_) {
      SyntheticFrame out(CGAN_FORMAT_I420, kWidth, kHeight);
      cpu->colorize(in.frame(), out.frame(), GetParam());
      for (int plane = 0; plane < 3; ++plane) wanted.push_back(out.bytes(plane));
    }
    return wanted;
  }

  std::deque<SyntheticFrame> in_;
  HostDevice* device_ = nullptr;
  std::vector<int64_t> waits_, allocations_;  ///< Of each frame.
  std::vector<std::vector<uint8_t>> shown_;
};

TEST_P(Overlap, WaitsOnceAFrameAllocatesNothingAndChangesNoColours) {
  const std::unique_ptr<Colorizer> colorizer = this->colorizer(1);
  EXPECT_EQ(colorizer->best_delay(), 1u);
  run(*colorizer);
  for (int i = 1; i + 1 < kFrames; ++i) {
    EXPECT_EQ(waits_[i], 1) << "frame " << i;
    EXPECT_EQ(allocations_[i], 0) << "frame " << i;
  }
  EXPECT_TRUE(shown_ == by_cpu());
  EXPECT_TRUE(colorizer->take_notice().empty());
}

TEST_P(Overlap, IsGivenUpWithANoticeWhereTheStreamFindsNoMemoryForIt) {
  constexpr int64_t kPlenty = int64_t{1} << 30;
  const auto used = [&](uint32_t delay) {
    const std::unique_ptr<Colorizer> colorizer = this->colorizer(delay, kPlenty);
    return kPlenty - device_->room();
  };
  const int64_t enough = used(1);
  const std::unique_ptr<Colorizer> colorizer = this->colorizer(1, enough - 1);
  EXPECT_NE(colorizer->take_notice().find("one after the other"), std::string::npos);
  run(*colorizer);
  EXPECT_TRUE(shown_ == by_cpu());
  EXPECT_THROW(this->colorizer(1, enough / 4), ColorizerError);
}

INSTANTIATE_TEST_SUITE_P(Looks, Overlap, testing::Values(test::alone(), test::steady(0)),
                         [](const testing::TestParamInfo<CganLook>& info) {
                           return info.param.temporal > 0.0 ? "Steady" : "Alone";
                         });

}  // namespace
}  // namespace cgan
