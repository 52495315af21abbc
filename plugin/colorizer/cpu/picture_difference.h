#pragma once

#include "plugin/colorizer/cpu/exposure.h"
#include "plugin/colorizer/cpu/motion.h"
#include "plugin/colorizer/pixel/exposure.h"
#include "plugin/colorizer/shot/shot_change.h"

namespace cgan {

/// Of the sums over all blocks of a picture.
PictureDifference difference_of(const pixel::DifferenceSums& sums, int64_t blocks);

/// @param motion, exposure of the picture against the one before, estimated and fitted
PictureDifference measure_difference(const MotionField& motion, const ExposureFit& exposure);

}  // namespace cgan
