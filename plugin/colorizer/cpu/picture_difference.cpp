#include "plugin/colorizer/cpu/picture_difference.h"

#include <algorithm>
#include <cmath>

namespace cgan {
namespace {

constexpr float kCode = 1.0f / 127.5f;  // of 8 bits, in luma -1..1
// One object of much detail is not the picture: so much of both together, and more, counts alike.
constexpr double kMuchDetail = 6.0 * kCode;

struct Spread {
  double present = 0.0;  ///< Standard deviation.
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
  const double before = std::sqrt(std::max(0.0, xx / count - x / count * (x / count)));
  result.present = std::sqrt(std::max(0.0, yy / count - y / count * (y / count)));
  const double product = before * result.present;
  if (product > 1e-12) result.correlation = (xy / count - x / count * (y / count)) / product;
  return result;
}

}  // namespace

PictureDifference measure_difference(const MotionField& motion, const ExposureFit& exposure) {
  PictureDifference result;
  result.blocks = static_cast<int64_t>(motion.fits().size());
  for (const MotionField::Fit& fit : motion.fits()) {
    const double detail = fit.detail + fit.reference_detail;
    result.detail += fit.detail;
    if (detail == 0.0) continue;
    const double weight = std::min(detail, kMuchDetail);
    result.unexplained += weight * fit.residual / detail;
    result.weights += weight;
  }
  const Spread spread = spread_of(exposure.reference_means(), exposure.means());
  result.spread = spread.present;
  result.correlation = spread.correlation;
  return result;
}

}  // namespace cgan
