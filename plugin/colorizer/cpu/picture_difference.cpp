#include "plugin/colorizer/cpu/picture_difference.h"

#include <algorithm>
#include <cmath>

namespace cgan {

PictureDifference difference_of(const pixel::DifferenceSums& sums, int64_t blocks) {
  const auto count = static_cast<double>(blocks);
  const double x = sums.x / count, y = sums.y / count;
  PictureDifference result;
  result.blocks = blocks;
  result.detail = sums.detail;
  result.unexplained = sums.unexplained;
  result.weights = sums.weights;
  const double before = std::sqrt(std::max(0.0, sums.xx / count - x * x));
  result.spread = std::sqrt(std::max(0.0, sums.yy / count - y * y));
  const double product = before * result.spread;
  if (product > 1e-12) result.correlation = (sums.xy / count - x * y) / product;
  return result;
}

PictureDifference measure_difference(const MotionField& motion, const ExposureFit& exposure) {
  const std::vector<float>&reference = exposure.reference_means(), &means = exposure.means();
  const auto across = static_cast<size_t>(motion.grid().across);
  pixel::DifferenceSums sums;
  for (size_t row = 0; row < means.size(); row += across) {
    pixel::DifferenceSums of_row;
    for (size_t i = row; i < row + across; ++i)
      pixel::add_block(of_row, motion.fits()[i], reference[i], means[i]);
    pixel::add(sums, of_row);
  }
  return difference_of(sums, static_cast<int64_t>(means.size()));
}

}  // namespace cgan
