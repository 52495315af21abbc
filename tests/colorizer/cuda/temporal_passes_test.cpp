// The kernels that keep colour steady in time against the CPU's passes: the same bits. By the same
// source they run on the host.

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <tuple>
#include <vector>

#include "plugin/colorizer/cpu/temporal_passes.h"
#include "plugin/colorizer/cuda/temporal_passes_on.h"
#include "tests/colorizer/cuda/host_device.h"
#include "tests/colorizer/synthetic_film.h"

namespace cgan {
namespace {

using test::HostDevice;
using test::Picture;

constexpr float kStrength = 0.95f;

struct Case {
  int64_t width, height;
};

/// The same film through both.
class BothPasses {
 public:
  BothPasses(const Case& size, int64_t scale)
      : size_(size),
        scale_(scale),
        cpu_(size.width, size.height, scale),
        kernels_(size.width, size.height, scale, device_) {}

  TemporalPasses& cpu() { return cpu_; }
  TemporalPasses& kernels() { return kernels_; }

  void take(const Picture& picture) {
    const int64_t stride = size_.width + 3;
    std::vector<float> luma(stride * size_.height, 9.0f);
    for (int64_t y = 0; y < size_.height; ++y)
      std::copy_n(picture.luma.begin() + y * size_.width, size_.width, luma.begin() + y * stride);
    both([&](TemporalPasses& passes) { passes.take(luma.data(), stride); });
  }
  template <typename Call>
  void both(const Call& call) {
    call(cpu_);
    call(kernels_);
  }
  std::vector<float> chroma(uint32_t seed) const {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> colours(-0.5f, 0.5f);
    std::vector<float> chroma(2 * samples());
    for (float& sample : chroma) sample = colours(random);
    return chroma;
  }

  void expect_same_difference() {
    const PictureDifference wanted = cpu_.compare(), found = kernels_.compare();
    EXPECT_EQ(found.blocks, wanted.blocks);
    EXPECT_EQ(found.detail, wanted.detail);
    EXPECT_EQ(found.unexplained, wanted.unexplained);
    EXPECT_EQ(found.weights, wanted.weights);
    EXPECT_EQ(found.spread, wanted.spread);
    EXPECT_EQ(found.correlation, wanted.correlation);
  }
  void expect_same_output(TemporalPasses::Picture picture) {
    expect_same(cpu_.output(picture), kernels_.output(picture), 2 * samples());
  }
  void expect_same_evidence() {
    std::vector<float> wanted(samples()), found(samples());
    cpu_.past_evidence(kStrength, wanted.data());
    kernels_.past_evidence(kStrength, found.data());
    expect_same(wanted.data(), found.data(), samples());
    cpu_.compensated_evidence(kStrength, wanted.data());
    kernels_.compensated_evidence(kStrength, found.data());
    expect_same(wanted.data(), found.data(), samples());
  }
  /// All that is carried on, in bytes.
  void expect_same_state() { EXPECT_EQ(state_of(cpu_), state_of(kernels_)); }
  static std::vector<uint8_t> state_of(TemporalPasses& passes) {
    std::vector<uint8_t> state;
    StateArchive archive = StateArchive::writer(state);
    passes.archive(archive, true, true);
    return state;
  }
  void expect_same(const float* wanted, const float* found, int64_t count) {
    ASSERT_EQ(std::memcmp(wanted, found, count * sizeof(float)), 0);
  }
  int64_t samples() const { return (size_.width / scale_) * (size_.height / scale_); }

 private:
  Case size_;
  int64_t scale_;
  HostDevice device_;
  CpuTemporalPasses cpu_;
  cuda::TemporalPassesOn<HostDevice> kernels_;
};

class KernelsOverTime : public testing::TestWithParam<std::tuple<Case, int64_t>> {
 protected:
  KernelsOverTime()
      : size_(std::get<0>(GetParam())), scale_(std::get<1>(GetParam())), passes_(size_, scale_) {}

  /// A film that pans under grain, with an object on its way, and fades.
  Picture picture(int64_t i, uint32_t scene = 1) const {
    Picture picture = test::scenery(size_.width, size_.height, scene, 3 * i, i % 3 - i);
    test::paint_square(picture, 5 * i, 20 + i, 24, 0.1f, 0.2f);
    test::add_grain(picture, 0.02f, static_cast<uint32_t>(i));
    if (i > 3) test::expose(picture, 0.8f);
    return picture;
  }
  void begin() {
    const Picture first = picture(0);
    const std::vector<float> chroma = passes_.chroma(0);
    passes_.both([&](TemporalPasses& passes) {
      passes.begin(first.luma.data(), size_.width, chroma.data());
    });
  }
  /// @param says whether the network does
  void show(int64_t i, bool says, uint32_t scene = 1) {
    passes_.take(picture(i, scene));
    passes_.expect_same_difference();
    passes_.both([](TemporalPasses& passes) { passes.compensate(); });
    EXPECT_EQ(passes_.kernels().uncertain_share(), passes_.cpu().uncertain_share());
    const std::vector<float> chroma = passes_.chroma(static_cast<uint32_t>(i));
    passes_.both([&](TemporalPasses& passes) {
      if (says)
        passes.mix(chroma.data(), kStrength);
      else
        passes.fill();
    });
    passes_.expect_same_output(TemporalPasses::Picture::kPresent);
    passes_.expect_same_evidence();
    passes_.both([](TemporalPasses& passes) { passes.remember(); });
    passes_.expect_same_output(TemporalPasses::Picture::kPast);
  }

  Case size_;
  int64_t scale_;
  BothPasses passes_;
};

TEST_P(KernelsOverTime, GiveTheBitsOfTheCpuWhereTheNetworkSpeaksAndWhereColourIsCarried) {
  begin();
  for (int64_t i = 1; i < 7; ++i) {
    SCOPED_TRACE(testing::Message() << "frame " << i);
    show(i, i % 2 != 0);
    if (HasFailure()) return;
  }
  passes_.expect_same_state();
}

TEST_P(KernelsOverTime, GiveTheBitsOfTheCpuOverACutAndBack) {
  begin();
  show(1, true);
  passes_.both([](TemporalPasses& passes) { passes.exchange(); });
  passes_.take(picture(2, 7));
  passes_.expect_same_difference();
  passes_.both([](TemporalPasses& passes) {
    passes.compensate_nothing();
    passes.remember();
  });
  passes_.expect_same_output(TemporalPasses::Picture::kPast);
  passes_.both([](TemporalPasses& passes) { passes.exchange(); });
  show(3, false);
  passes_.expect_same_state();
}

TEST_P(KernelsOverTime, GiveTheBitsOfTheCpuFromTheFirstFrameOn) {
  passes_.take(picture(0));
  passes_.expect_same_difference();
  passes_.both([](TemporalPasses& passes) { passes.compensate_nothing(); });
  const std::vector<float> chroma = passes_.chroma(4);
  passes_.both([&](TemporalPasses& passes) {
    passes.mix(chroma.data(), kStrength);
    passes.remember();
  });
  show(1, true);
  passes_.both([](TemporalPasses& passes) { passes.reset(); });
  show(2, true);
}

TEST_P(KernelsOverTime, JoinColoursAsTheCpu) {
  const std::vector<float> first = passes_.chroma(1), second = passes_.chroma(2);
  std::vector<float> of_first = passes_.chroma(3), of_second = passes_.chroma(4);
  for (auto* evidence : {&of_first, &of_second})
    for (float& worth : *evidence) worth = worth > 0.0f ? 8.0f * worth : 0.0f;
  const TemporalPasses::Weighed a = {first.data(), of_first.data()};
  const TemporalPasses::Weighed b = {second.data(), of_second.data()};
  passes_.expect_same(passes_.cpu().join(a, b), passes_.kernels().join(a, b),
                      2 * passes_.samples());
}

TEST_P(KernelsOverTime, GoOnFromAStateOfEither) {
  begin();
  for (int64_t i = 1; i < 4; ++i) show(i, true);
  const std::vector<uint8_t> state = BothPasses::state_of(passes_.cpu());
  BothPasses others(size_, scale_);
  others.both([&](TemporalPasses& passes) {
    StateArchive archive = StateArchive::reader(state.data(), state.size());
    passes.archive(archive, true, true);
    EXPECT_TRUE(archive.is_at_end());
  });
  others.expect_same_state();
  others.take(picture(4));
  others.expect_same_difference();
}

INSTANTIATE_TEST_SUITE_P(Sizes, KernelsOverTime,
                         testing::Combine(testing::Values(Case{144, 96}, Case{74, 66}, Case{2, 2},
                                                          Case{10, 130}),
                                          testing::Values(1, 2)),
                         [](const testing::TestParamInfo<std::tuple<Case, int64_t>>& info) {
                           const Case& size = std::get<0>(info.param);
                           return std::to_string(size.width) + "x" + std::to_string(size.height) +
                                  "Scale" + std::to_string(std::get<1>(info.param));
                         });

INSTANTIATE_TEST_SUITE_P(OddSizes, KernelsOverTime,
                         testing::Combine(testing::Values(Case{1, 1}, Case{75, 67}, Case{33, 9}),
                                          testing::Values(1)),
                         [](const testing::TestParamInfo<std::tuple<Case, int64_t>>& info) {
                           return std::to_string(std::get<0>(info.param).width) + "x" +
                                  std::to_string(std::get<0>(info.param).height);
                         });

}  // namespace
}  // namespace cgan
