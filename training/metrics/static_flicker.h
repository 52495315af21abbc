#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

namespace cgan {

/// How much colours change where the film stands still: the mean of |chroma(t) - chroma(t - 1)|
/// over Cb, Cr and the pixels whose luma changed by at most 2 codes. Codes are those of 8 bits at
/// full range, by BT.601. Stillness is decided by the original's luma for result and original, so
/// that both are measured at the same pixels and grain on the result's luma hides none.
///
/// Keeps one frame, whatever the length of the clip. Thread-safety: one thread at a time.
class StaticFlicker {
 public:
  struct Flicker {
    double result, original;  ///< In codes.
  };

  /// Two frames of the same moment, both (1, 3, H, W), RGB, 0..1, of one size for all calls.
  /// @return the step from the frame before; nothing at the first and where no pixel stood still
  std::optional<Flicker> add(const at::Tensor& original, const at::Tensor& result);

  /// Over all still pixels of all steps; nothing where there were none.
  std::optional<Flicker> score() const;
  /// Share of the pixels that stood still, 0..1; nothing before the second frame.
  std::optional<double> still_share() const;

 private:
  at::Tensor luma_;                             ///< The frame before: (1, 1, H, W), whole codes.
  at::Tensor original_chroma_, result_chroma_;  ///< (1, 2, H, W), codes.
  double original_sum_ = 0, result_sum_ = 0;
  int64_t still_ = 0, pixels_ = 0;
};

}  // namespace cgan
