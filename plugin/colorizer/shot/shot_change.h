#pragma once

#include <cstdint>

namespace cgan {

/// What a picture is to the one before it.
struct ShotChange {
  /// 0: the same picture; 1: nothing in common. Product of what block matching could not explain
  /// of the detail (squared) and of the coarse structure (root of 1 - correlation of the means of
  /// blocks). Neither alone is a cut: one frame with a large scratch has another structure, a
  /// smooth sky or a pan too fast to follow has unmatched detail. Exposure, flicker and fades move
  /// neither. Measured at 160 lines on 16 film clips (192 give the same cuts): 0.86 and more at the
  /// 7 cuts, 0.37 at most elsewhere; 0.74 and more between frames of different clips.
  float score = 0.0f;
  /// All one shade, as a white flash or black film: says nothing about shots, is never a cut.
  bool blank = false;
  bool cut = false;  ///< The first picture of another shot.
};

/// What a backend measures of a picture against the one before it, which is brought to it along its
/// motion. Luma is -1..1; detail is the mean difference from the local mean in a block.
struct PictureDifference {
  int64_t blocks = 0;
  double detail = 0.0;       ///< Sum over the blocks of the picture.
  double unexplained = 0.0;  ///< Weighted sum: share of the detail that the motion leaves.
  double weights = 0.0;      ///< Of that sum.
  double spread = 0.0;       ///< Standard deviation of the means of blocks of the picture.
  double correlation = 0.0;  ///< Of these with those of the picture before.
};

/// @param threshold 0..1, a cut where the score is above; 1: never
ShotChange judge_shot_change(const PictureDifference& difference, float threshold);

}  // namespace cgan
