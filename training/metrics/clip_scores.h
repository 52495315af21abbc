#pragma once

#include <ATen/core/Tensor.h>

#include <nlohmann/json.hpp>

#include <vector>

#include "training/metrics/colour_consistency.h"
#include "training/metrics/static_flicker.h"

namespace cgan {

/// One moment of a clip. All (1, 3, H, W), RGB, 0..1, float32, CPU, of one size.
struct ScoredFrame {
  at::Tensor original;
  at::Tensor result;
  at::Tensor grey;  ///< What the result was made from: three equal channels.
};

/// The measures of one clip, frame after frame; keeps few numbers of each frame and no frame but
/// the last. Thread-safety: one thread at a time.
class ClipScores {
 public:
  void add(const ScoredFrame& frame);

  /// Plain keys; null where a clip is too short or gives nothing to divide by:
  ///   frames
  ///   psnr, psnr_grey, psnr_gain          dB, mean over frames: of the result; of grey; difference
  ///   psnr_pooled, psnr_pooled_grey, psnr_gain_pooled   dB, of the mean error over all frames
  ///   ciede2000                           mean over pixels
  ///   colourfulness, colourfulness_original, colourfulness_ratio   mean over frames, signed form;
  ///                                       the ratio is that of the two means
  ///   cdc, cdc_original, cdc_grey         see ColourConsistency; from five frames on
  ///   static_flicker, static_flicker_original, static_flicker_ratio, static_share
  ///                                       see StaticFlicker; from two frames on
  /// Needs at least one frame.
  nlohmann::ordered_json json() const;

  /// Arrays over the frames: psnr, psnr_grey, ciede2000, colourfulness, colourfulness_original,
  /// static_flicker and static_flicker_original (the step from the frame before, or null).
  const nlohmann::ordered_json& per_frame() const { return per_frame_; }

 private:
  nlohmann::ordered_json per_frame_;
  double error_ = 0, grey_error_ = 0;  ///< Sums over frames of mean squared errors.
  ColourConsistency consistency_, original_consistency_, grey_consistency_;
  StaticFlicker flicker_;
};

/// The same keys over several clips: each the mean of the clips that have it, whatever their
/// length, but `frames`, which is their sum, and the ratios, which are those of the two means.
/// @param clips of ClipScores::json(), at least one
nlohmann::ordered_json mean_of_clips(const std::vector<nlohmann::ordered_json>& clips);

}  // namespace cgan
