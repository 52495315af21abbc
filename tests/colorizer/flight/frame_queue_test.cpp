// Frames whose colours are no numbers, of a network that goes on while the host does.

#include "plugin/colorizer/flight/frame_queue.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "plugin/colorizer/interface/colorizer_error.h"
#include "tests/colorizer/cuda/host_backend.h"
#include "tests/colorizer/looks.h"
#include "tests/colorizer/streams.h"

namespace cgan {
namespace {

constexpr int64_t kWidth = 64, kHeight = 32, kFrames = 8;

/// Grey; some of its runs have failed as soon as they begin.
class FailingNetwork : public PictureNetwork {
 public:
  explicit FailingNetwork(std::set<int64_t> failing) : failing_(std::move(failing)) {}

  int64_t colour(const float*, double) override { return runs_++; }
  const float* chroma() const override { return chroma_.data(); }
  void check(int64_t run) override {
    if (failing_.count(run) > 0) throw ColorizerError(CGAN_ERROR_FAILED, "no numbers");
  }

 private:
  std::set<int64_t> failing_;
  int64_t runs_ = 0;
  std::vector<float> chroma_ = std::vector<float>(2 * kWidth * kHeight);
};

class FramesOfANetworkThatFails : public testing::TestWithParam<int64_t> {};

TEST_P(FramesOfANetworkThatFails, FailThemselvesAndNotTheOnesBefore) {
  const int64_t lookahead = GetParam();
  test::HostBackend backend(
      test::Hastes{test::Haste::kLate, test::Haste::kPushing, test::Haste::kLate});
  WorkerPool pool(1);
  const std::set<int64_t> failing = {2, 5};
  const auto network = std::make_shared<FailingNetwork>(failing);
  FrameQueue queue(
      {kWidth, kHeight, 1}, backend, pool, {lookahead, 1}, [&] { return network; }, false, true);
  CganCounts counts = {};
  int64_t added = 0;
  std::set<int64_t> failed;
  for (int64_t i = 0; i < kFrames; ++i) {
    for (; added < std::min(kFrames, i + lookahead + 2); ++added) {
      queue.next().look = test::alone();
      queue.add(FrameQueue::Start::kAtOnce, counts);
    }
    queue.colour(0.0f, 0.55f, counts);
    queue.go_ahead(counts);
    try {
      queue.check();
    } catch (const ColorizerError&) {
      failed.insert(i);
    }
    queue.pop(counts);
  }
  EXPECT_EQ(failed, failing);
}

INSTANTIATE_TEST_SUITE_P(Lookaheads, FramesOfANetworkThatFails, testing::Values(0, 2));

TEST(PictureNetwork, KnowsTheRunsOfAllFramesThatWait) {
  CganStreamInfo info = test::stream_of(kWidth, kHeight, CGAN_FORMAT_I420, CGAN_FORMAT_I420);
  info.interlaced = 1;
  info.delay = 1;
  // One more is decided ahead, and one is computed.
  EXPECT_LE(FrameQueue::Size::of(CGAN_LONGEST_LOOKAHEAD, info).lookahead + 3,
            PictureNetwork::kRunsKnown);
}

}  // namespace
}  // namespace cgan
