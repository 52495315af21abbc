// Frames that are copied to a device and back while others are computed: the same bits whichever
// lane hurries and whichever is late, one wait a frame, and no memory asked for.

#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <new>
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
  cuda::FramePassesOn<HostDevice> passes(plan_, device, CGAN_MEMORY_HOST, {1, 2});
  read(passes, 0);
  for (int i = 0; i < kFrames; ++i) {
    if (i + 1 < kFrames) read(passes, i + 1);
    write(passes, i);
    passes.complete();
    ASSERT_NO_FATAL_FAILURE(expect_same(i));
  }
}

TEST_P(Lanes, GiveTheBitsOfTheCpuWhereFramesWaitAndAreCopiedAgainUnlessTheyAreKept) {
  for (const int64_t kept : {1, 2, kFrames}) {
    HostDevice device(GetParam());
    cuda::FramePassesOn<HostDevice> passes(plan_, device, CGAN_MEMORY_HOST, {1, kept});
    for (int i = 0; i < kFrames; ++i) {
      refill(i);
      read(passes, i);
    }
    EXPECT_EQ(device.uploads(), kFrames);
    for (int i = 0; i < kFrames; ++i) {
      write(passes, i);
      passes.complete();
      ASSERT_NO_FATAL_FAILURE(expect_same(i));
    }
    const int64_t chroma = kFrames, again = kept < kFrames ? kFrames : 0;
    EXPECT_EQ(device.uploads(), kFrames + chroma + again) << kept << " kept";
  }
}

TEST_P(Lanes, KeepTheLatestFrameThatLayInTheMemoryOfOneThatWasLetGo) {
  for (const int before : {0, 1}) {
    HostDevice device(GetParam());
    cuda::FramePassesOn<HostDevice> passes(plan_, device, CGAN_MEMORY_HOST, {1, 2});
    for (int i = 0; i < before; ++i) {
      read(passes, 0);
      write(passes, 0);
      passes.complete();
    }
    films_[1].fill_random(7);  // another picture, which nobody will see
    passes.read(input(1).luma, work_found_[1].data());
    refill(1);
    read(passes, 1);
    passes.keep(1);
    const int64_t uploads = device.uploads();
    write(passes, 1);
    passes.complete();
    ASSERT_EQ(found_[1].bytes(0), wanted_[1].bytes(0));
    EXPECT_EQ(device.uploads(), uploads + 1) << "the chroma";
  }
}

TEST_P(Lanes, GiveTheBitsOfTheCpuWhereTheSecondFrameIsGivenUp) {
  HostDevice device(GetParam());
  cuda::FramePassesOn<HostDevice> passes(plan_, device, CGAN_MEMORY_HOST, {1, 2});
  const int64_t arrays = device.arrays();
  read(passes, 0);
  read(passes, 1);
  write(passes, 0);
  passes.keep(1);
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

TEST_P(Lanes, MeasureTheColoursOfFramesOnTheDeviceWhileTheHostGoesOn) {
  HostDevice device(GetParam());
  cuda::FramePassesOn<HostDevice> passes(plan_, device, CGAN_MEMORY_CUDA, {kFrames, kFrames});
  CpuFramePasses cpu(plan_, pool_);
  for (int i = 0; i < kFrames; ++i) passes.measure(input(i), i);
  EXPECT_EQ(device.waits(), 0);
  for (int i = kFrames; i-- > 0;) {
    cpu.measure(input(i), 0);
    const ColourMeasure wanted = cpu.measured(0), found = passes.measured(i);
    EXPECT_EQ(found.cells, wanted.cells);
    EXPECT_EQ(found.picture, wanted.picture);
    EXPECT_EQ(found.coloured, wanted.coloured);
    EXPECT_EQ(found.lightest, wanted.lightest);
  }
  passes.measure(input(0), 0);  // nobody asks for it any more
}

TEST_P(Lanes, HaveSentAPlaneBeforeTheHostGivesBackWhatItCrossesBy) {
  HostDevice device(GetParam());
  cuda::DevicePlane<HostDevice> plane(device, kWidth, kHeight);
  plane.put(input(0).luma.data, input(0).luma.stride);
  // Goes now, and HostDevice says what is wrong.
}

std::string name_of(const testing::TestParamInfo<Hastes>& info) {
  std::string name;
  for (const Haste haste : info.param) name += haste == Haste::kLate ? "Late" : "Eager";
  return name;
}
INSTANTIATE_TEST_SUITE_P(Hastes, Lanes, testing::ValuesIn(all_hastes()), name_of);

/// Of which LibTorch's tensors find no memory the first time.
class ShortBackend : public test::HostBackend {
 public:
  using test::HostBackend::HostBackend;
  std::unique_ptr<TemporalPasses> temporal_passes(int64_t width, int64_t height,
                                                  int64_t chroma_scale) const override {
    TORCH_CHECK_WITH(OutOfMemoryError, std::exchange(has_failed_, true), "CUDA out of memory");
    return test::HostBackend::temporal_passes(width, height, chroma_scale);
  }

 private:
  mutable bool has_failed_ = false;
};

TEST(StreamsOnAShortDevice, GiveUpFramesInFlightForLibTorchAsWell) {
  Colorizer colorizer(test::settings(1),
                      std::make_unique<test::SubstituteGenerator>(test::warm_light),
                      std::make_unique<ShortBackend>());
  CganStreamInfo info = test::stream_of(kWidth, kHeight, CGAN_FORMAT_I420, CGAN_FORMAT_I420);
  info.delay = 1;
  colorizer.set_stream(info);
  EXPECT_NE(colorizer.take_notice().find("one after the other"), std::string::npos);
}

struct Film {
  const char* name;
  CganLook look;
  CganMemory memory;
  int waits;  ///< For each frame; of a card's own, only the decision on a cut does here.
};

/// A colorizer whose passes run on a device beside the host. The network reads what the kernels
/// have written, so these do not wait.
class Overlap : public testing::TestWithParam<Film> {
 protected:
  static constexpr Hastes kBeside = {Haste::kLate, Haste::kPushing, Haste::kLate};

  Overlap() {
    for (int i = 0; i < kFrames; ++i) {
      in_.emplace_back(CGAN_FORMAT_I420, kWidth, kHeight);
      print(i);
    }
  }
  void print(int i) {
    in_[i].fill_scene(1);
    in_[i].set_luma(3 + i, 5, 200);
  }
  std::unique_ptr<Colorizer> colorizer(uint32_t delay, int64_t room = -1, uint32_t lookahead = 0) {
    auto backend = std::make_unique<test::HostBackend>(kBeside);
    device_ = &backend->device();
    auto colorizer = std::make_unique<Colorizer>(
        settings(lookahead), std::make_unique<test::SubstituteGenerator>(test::warm_light),
        std::move(backend));
    CganStreamInfo info = test::stream_of(kWidth, kHeight, CGAN_FORMAT_I420, CGAN_FORMAT_I420);
    info.delay = delay;
    info.memory = GetParam().memory;
    if (room >= 0) device_->set_room(room);
    colorizer->set_stream(info);
    return colorizer;
  }
  static CganSettings settings(uint32_t lookahead) {
    CganSettings settings = test::settings(1);
    settings.lookahead = lookahead;
    return settings;
  }
  /// Frames 0 .. kFrames - 1, one in flight.
  void run(Colorizer& colorizer, uint32_t lookahead = 0) {
    const CganLook look = GetParam().look;
    std::deque<SyntheticFrame> out;
    waits_.clear();
    allocations_.clear();
    uploads_.clear();
    int submitted = 0;
    while (submitted <= static_cast<int>(lookahead))
      colorizer.submit(in_[submitted++].frame(), look);
    for (int i = 0; i < kFrames; ++i) {
      const int64_t waits = device_->waits(), allocations = device_->allocations();
      const int64_t uploads = device_->uploads();
      out.emplace_back(CGAN_FORMAT_I420, kWidth, kHeight);
      if (submitted < kFrames) colorizer.submit(in_[submitted++].frame(), look);
      colorizer.finish(in_[i].frame(), out.back().frame(), look);
      in_[i].fill_random(99);  // from now on it is its owner's
      waits_.push_back(device_->waits() - waits);
      allocations_.push_back(device_->allocations() - allocations);
      uploads_.push_back(device_->uploads() - uploads);
    }
    shown_.clear();
    for (SyntheticFrame& frame : out)
      for (int plane = 0; plane < 3; ++plane) shown_.push_back(frame.bytes(plane));
  }
  std::vector<std::vector<uint8_t>> by_cpu(uint32_t lookahead = 0) {
    Colorizer cpu(settings(lookahead),
                  std::make_unique<test::SubstituteGenerator>(test::warm_light));
    cpu.set_stream(test::stream_of(kWidth, kHeight, CGAN_FORMAT_I420, CGAN_FORMAT_I420));
    for (int i = 0; i < kFrames; ++i) print(i);
    std::vector<std::vector<uint8_t>> wanted;
    int submitted = 0;
    for (int i = 0; i < kFrames; ++i) {
      while (submitted < std::min(kFrames, i + static_cast<int>(lookahead) + 1))
        cpu.submit(in_[submitted++].frame(), GetParam().look);
      SyntheticFrame out(CGAN_FORMAT_I420, kWidth, kHeight);
      cpu.finish(in_[i].frame(), out.frame(), GetParam().look);
      for (int plane = 0; plane < 3; ++plane) wanted.push_back(out.bytes(plane));
    }
    for (int i = 0; i < kFrames; ++i) print(i);
    return wanted;
  }

  std::deque<SyntheticFrame> in_;
  HostDevice* device_ = nullptr;
  std::vector<int64_t> waits_, allocations_, uploads_;  ///< Of each frame.
  std::vector<std::vector<uint8_t>> shown_;
};

TEST_P(Overlap, WaitsAtMostOnceAFrameAllocatesNothingAndChangesNoColours) {
  const std::unique_ptr<Colorizer> colorizer = this->colorizer(1);
  EXPECT_EQ(colorizer->best_delay(), 1u);
  run(*colorizer);
  for (int i = 1; i + 1 < kFrames; ++i) {
    EXPECT_EQ(waits_[i], GetParam().waits) << "frame " << i;
    EXPECT_EQ(allocations_[i], 0) << "frame " << i;
  }
  EXPECT_TRUE(shown_ == by_cpu());
  EXPECT_TRUE(colorizer->take_notice().empty());
}

TEST_P(Overlap, EndsInAnErrorForEachFrameWhereTheCardFailsWithFramesInFlight) {
  const std::unique_ptr<Colorizer> colorizer = this->colorizer(1);
  const CganLook look = GetParam().look;
  SyntheticFrame out(CGAN_FORMAT_I420, kWidth, kHeight);
  colorizer->submit(in_[0].frame(), look);
  colorizer->submit(in_[1].frame(), look);
  colorizer->finish(in_[0].frame(), out.frame(), look);
  colorizer->submit(in_[2].frame(), look);
  device_->break_down();
  const auto expect_failure = [&](const auto& call) {
    try {
      call();
      ADD_FAILURE() << "it went on";
    } catch (const ColorizerError& error) {
      EXPECT_EQ(error.kind, CGAN_ERROR_DEVICE);
    }
  };
  for (int i = 1; i <= 2; ++i) {
    expect_failure([&] { colorizer->finish(in_[i].frame(), out.frame(), look); });
    if (GetParam().memory != CGAN_MEMORY_HOST) continue;
    EXPECT_EQ(out.bytes(0), in_[i].bytes(0));
    for (const uint8_t code : out.bytes(1)) ASSERT_EQ(code, 128);
  }
  expect_failure([&] { colorizer->submit(in_[3].frame(), look); });
  expect_failure([&] { colorizer->reset(); });
}

/// The same with frames that are copied to the device.
class OverlapOfCopies : public Overlap {};

TEST_P(OverlapOfCopies, IsGivenUpWithANoticeWhereTheStreamFindsNoMemoryForIt) {
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

TEST_P(OverlapOfCopies, SendsFramesThatWaitForLaterOnesOnceAndMoreOftenOnlyWhereMemoryIsShort) {
  constexpr int64_t kPlenty = int64_t{1} << 30;
  constexpr uint32_t kLookahead = 2;
  const std::vector<std::vector<uint8_t>> wanted = by_cpu(kLookahead);
  const std::vector<std::vector<std::string>> notices = {
      {}, {"copied to it twice"}, {"copied to it twice", "one after the other"}};
  int64_t room = kPlenty;
  for (const std::vector<std::string>& parts : notices) {
    for (int i = 0; i < kFrames; ++i) print(i);
    const std::unique_ptr<Colorizer> colorizer = this->colorizer(1, room, kLookahead);
    room -= device_->room() + 1;
    const std::string notice = colorizer->take_notice();
    EXPECT_EQ(notice.empty(), parts.empty()) << notice;
    for (const std::string& part : parts) EXPECT_NE(notice.find(part), std::string::npos) << notice;
    run(*colorizer, kLookahead);
    EXPECT_TRUE(shown_ == wanted);
    for (int i = 1; i + 1 + static_cast<int>(kLookahead) < kFrames; ++i)
      EXPECT_EQ(uploads_[i], parts.empty() ? 1 : 2) << "frame " << i;
  }
}

CganLook keeping(CganLook look) {
  look.on_colour = CGAN_ON_COLOUR_KEEP;
  return look;
}

std::string name_of_film(const testing::TestParamInfo<Film>& info) {
  return info.param.name;
}
const Film kCopied[] = {{"Alone", test::alone(), CGAN_MEMORY_HOST, 1},
                        {"Steady", test::steady(0), CGAN_MEMORY_HOST, 1},
                        {"Kept", keeping(test::steady(0)), CGAN_MEMORY_HOST, 1}};
const Film kThere[] = {{"Alone", test::alone(), CGAN_MEMORY_CUDA, 0},
                       {"Steady", test::steady(0), CGAN_MEMORY_CUDA, 1},
                       {"Kept", keeping(test::steady(0)), CGAN_MEMORY_CUDA, 1}};
INSTANTIATE_TEST_SUITE_P(OfTheHost, Overlap, testing::ValuesIn(kCopied), name_of_film);
INSTANTIATE_TEST_SUITE_P(OfTheDevice, Overlap, testing::ValuesIn(kThere), name_of_film);
INSTANTIATE_TEST_SUITE_P(OfTheHost, OverlapOfCopies, testing::ValuesIn(kCopied), name_of_film);

/// A colorizer of frames on a card that does nothing before somebody waits.
class FramesOnALateDevice : public testing::Test {
 protected:
  FramesOnALateDevice() { in_.fill_scene(1); }

  void open(CganSettings settings, uint32_t delay) {
    auto backend =
        std::make_unique<test::HostBackend>(Hastes{Haste::kLate, Haste::kLate, Haste::kLate});
    device_ = &backend->device();
    const auto network = [this](const at::Tensor& luma) {
      if (fails_) throw std::bad_alloc();
      return test::warm_light(luma);
    };
    colorizer_ = std::make_unique<Colorizer>(
        settings, std::make_unique<test::SubstituteGenerator>(network), std::move(backend));
    CganStreamInfo info = test::stream_of(kWidth, kHeight, CGAN_FORMAT_I420, CGAN_FORMAT_I420);
    info.memory = CGAN_MEMORY_CUDA;
    info.delay = delay;
    colorizer_->set_stream(info);
    ASSERT_TRUE(device_->is_idle());
  }
  /// With a frame that waits, by a colorizer that finds shots alone: no network reads what is not
  /// there yet.
  void submit() {
    CganSettings settings = test::settings(1);
    settings.shots_only = 1;
    open(settings, 1);
    colorizer_->submit(in_.frame(), test::alone());
    ASSERT_FALSE(device_->is_idle());
  }

  SyntheticFrame in_{CGAN_FORMAT_I420, kWidth, kHeight};
  bool fails_ = false;
  HostDevice* device_ = nullptr;
  std::unique_ptr<Colorizer> colorizer_;
};

TEST_F(FramesOnALateDevice, AreReadWhenTheStreamHasJumped) {
  submit();
  colorizer_->reset();
  EXPECT_TRUE(device_->is_idle());
}

TEST_F(FramesOnALateDevice, AreReadWhenTheyWereLetGo) {
  submit();
  colorizer_->let_go();
  EXPECT_TRUE(device_->is_idle());
}

TEST_F(FramesOnALateDevice, AreReadWhenTheNextStreamBegins) {
  submit();
  colorizer_->set_stream(test::stream_of(kWidth, kHeight, CGAN_FORMAT_I420, CGAN_FORMAT_I420));
  EXPECT_TRUE(device_->is_idle());
}

TEST_F(FramesOnALateDevice, AreReadWhenTheyWereRefused) {
  CganSettings settings = test::settings(1);
  settings.lookahead = 1;
  open(settings, 0);
  fails_ = true;
  EXPECT_THROW(colorizer_->submit(in_.frame(), test::alone()), std::bad_alloc);
  EXPECT_TRUE(device_->is_idle());
}

}  // namespace
}  // namespace cgan
