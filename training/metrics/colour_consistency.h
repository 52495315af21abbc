#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <deque>
#include <optional>

namespace cgan {

/// CDC, the colour distribution consistency of Liu et al., "Temporally consistent video
/// colorization with deep feature propagation and self-regularization learning" (2021): how far the
/// distributions of R, G and B move from frame to frame. Between two frames it is the
/// Jensen-Shannon divergence (natural logarithm, 0..0.693) of the 256-bin histograms, mean over the
/// channels; of a clip the mean over its pairs of frames at each of the lags 1, 2 and 4, and of
/// these three means with equal weight. Smaller is steadier.
///
/// It sees changes of luma and motion, too: a film in its true colours is not at 0, and grey scores
/// well. So it says something only beside the original's and grey's.
///
/// Keeps four histograms, whatever the length of the clip. Thread-safety: one thread at a time.
class ColourConsistency {
 public:
  /// @param frame (1, 3, H, W), RGB, 0..1, read from 8 bits
  void add(const at::Tensor& frame);
  /// Nothing before the fifth frame: the largest lag has no pair yet.
  std::optional<double> score() const;

 private:
  static constexpr std::array<size_t, 3> kLags = {1, 2, 4};

  std::deque<at::Tensor> recent_;  ///< (3, 256), shares of the pixels; the newest last.
  std::array<double, kLags.size()> sums_ = {};
  std::array<int64_t, kLags.size()> pairs_ = {};
};

}  // namespace cgan
