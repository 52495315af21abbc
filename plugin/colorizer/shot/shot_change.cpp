#include "plugin/colorizer/shot/shot_change.h"

#include <algorithm>
#include <cmath>

namespace cgan {
namespace {

constexpr float kCode = 1.0f / 127.5f;  // of 8 bits, in luma -1..1
// Shares of the detail that the best motion leaves in one scene under heavy grain, and in unrelated
// pictures.
constexpr double kRelatedDetail = 0.3, kUnrelatedDetail = 0.65;
// Coarse structure of unrelated pictures correlates by chance.
constexpr double kUnrelatedStructure = 0.7;
constexpr double kBlankDetail = 1.0 * kCode;
constexpr double kBlankSpread = 1.5 * kCode;

}  // namespace

ShotChange judge_shot_change(const PictureDifference& difference, float threshold) {
  ShotChange result;
  result.blank = difference.detail < kBlankDetail * static_cast<double>(difference.blocks) &&
                 difference.spread < kBlankSpread;
  if (result.blank || difference.weights == 0.0) return result;
  const double fine = std::clamp((difference.unexplained / difference.weights - kRelatedDetail) /
                                     (kUnrelatedDetail - kRelatedDetail),
                                 0.0, 1.0);
  const double coarse = std::clamp((1.0 - difference.correlation) / kUnrelatedStructure, 0.0, 1.0);
  result.score = static_cast<float>(fine * fine * std::sqrt(coarse));
  result.cut = result.score > threshold;
  return result;
}

}  // namespace cgan
