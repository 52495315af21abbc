#include "plugin/colorizer/shot/shot_change.h"

#include <algorithm>
#include <cmath>

namespace cgan {
namespace {

constexpr float kCode = 1.0f / 127.5f;  // of 8 bits, in luma -1..1
// Shares of the detail that the best motion leaves in one scene under heavy grain, and in unrelated
// pictures.
constexpr double kRelatedDetail = 0.3, kUnrelatedDetail = 0.65;
// One object of much detail is not the picture: so much of both together, and more, counts alike.
constexpr double kMuchDetail = 6.0 * kCode;
// Coarse structure of unrelated pictures correlates by chance.
constexpr double kUnrelatedStructure = 0.7;
constexpr double kBlankDetail = 1.0 * kCode;
constexpr double kBlankSpread = 1.5 * kCode;

struct Spread {
  double reference = 0.0, present = 0.0;  ///< Standard deviations.
  double correlation = 0.0;
};

Spread spread_of(const std::vector<float>& reference, const std::vector<float>& present) {
  const auto count = static_cast<double>(present.size());
  double x = 0.0, y = 0.0, xx = 0.0, yy = 0.0, xy = 0.0;
  for (size_t i = 0; i < present.size(); ++i) {
    const double from = reference[i], to = present[i];
    x += from;
    y += to;
    xx += from * from;
    yy += to * to;
    xy += from * to;
  }
  Spread result;
  result.reference = std::sqrt(std::max(0.0, xx / count - x / count * (x / count)));
  result.present = std::sqrt(std::max(0.0, yy / count - y / count * (y / count)));
  const double product = result.reference * result.present;
  if (product > 1e-12) result.correlation = (xy / count - x / count * (y / count)) / product;
  return result;
}

}  // namespace

ShotChange judge_shot_change(const MotionField& motion, const ExposureFit& exposure,
                             float threshold) {
  double unexplained = 0.0, weights = 0.0, present_detail = 0.0;
  for (const MotionField::Fit& fit : motion.fits()) {
    const double detail = fit.detail + fit.reference_detail;
    present_detail += fit.detail;
    if (detail == 0.0) continue;
    const double weight = std::min(detail, kMuchDetail);
    unexplained += weight * fit.residual / detail;
    weights += weight;
  }
  const Spread spread = spread_of(exposure.reference_means(), exposure.means());

  ShotChange result;
  result.blank =
      present_detail < kBlankDetail * motion.fits().size() && spread.present < kBlankSpread;
  if (result.blank || weights == 0.0) return result;
  const double fine = std::clamp(
      (unexplained / weights - kRelatedDetail) / (kUnrelatedDetail - kRelatedDetail), 0.0, 1.0);
  const double coarse = std::clamp((1.0 - spread.correlation) / kUnrelatedStructure, 0.0, 1.0);
  result.score = static_cast<float>(fine * fine * std::sqrt(coarse));
  result.cut = result.score > threshold;
  return result;
}

}  // namespace cgan
