#include "plugin/colorizer/cpu/chroma_fill.h"

#include <gtest/gtest.h>

#include <vector>

namespace cgan {
namespace {

constexpr int64_t kWidth = 70, kHeight = 50;
constexpr float kKnown = 0.5f;

/// Left half dark and of one colour, right half light and of another.
struct TwoHalves {
  TwoHalves() : luma(kWidth * kHeight), cb(luma.size()), cr(luma.size()), confidence(luma.size()) {
    for (int64_t i = 0; i < kWidth * kHeight; ++i) {
      const bool left = i % kWidth < kWidth / 2;
      luma[i] = left ? -0.5f : 0.5f;
      cb[i] = left ? -0.25f : 0.25f;
      cr[i] = left ? 0.25f : -0.125f;
      confidence[i] = 1.0f;
    }
  }
  std::vector<float> luma, cb, cr, confidence;
};

bool in_hole(int64_t i) {
  return std::abs(i % kWidth - kWidth / 2) < 12 && std::abs(i / kWidth - kHeight / 2) < 10;
}

TEST(ChromaFill, FillsAHoleFromTheSideOfLikeLumaAndTouchesNothingElse) {
  const TwoHalves truth;
  TwoHalves picture;
  for (int64_t i = 0; i < kWidth * kHeight; ++i) {
    if (in_hole(i)) picture.confidence[i] = picture.cb[i] = picture.cr[i] = 0.0f;
  }
  ChromaFill fill(kWidth, kHeight);
  fill.run(picture.luma.data(), picture.confidence.data(), kKnown, picture.cb.data(),
           picture.cr.data());
  for (int64_t i = 0; i < kWidth * kHeight; ++i) {
    if (in_hole(i)) {
      ASSERT_NEAR(picture.cb[i], truth.cb[i], 0.01f) << "at " << i % kWidth << ", " << i / kWidth;
      ASSERT_NEAR(picture.cr[i], truth.cr[i], 0.01f);
    } else {
      ASSERT_EQ(picture.cb[i], truth.cb[i]);
      ASSERT_EQ(picture.cr[i], truth.cr[i]);
    }
  }
}

TEST(ChromaFill, LeavesOneColourWhereNothingIsKnown) {
  TwoHalves picture;
  std::fill(picture.confidence.begin(), picture.confidence.end(), 0.0f);
  std::fill(picture.cb.begin(), picture.cb.end(), 0.2f);
  std::fill(picture.cr.begin(), picture.cr.end(), 0.0f);
  ChromaFill fill(kWidth, kHeight);
  fill.run(picture.luma.data(), picture.confidence.data(), kKnown, picture.cb.data(),
           picture.cr.data());
  for (const float cb : picture.cb) ASSERT_NEAR(cb, 0.2f, 1e-6f);
  for (const float cr : picture.cr) ASSERT_EQ(cr, 0.0f);
}

}  // namespace
}  // namespace cgan
