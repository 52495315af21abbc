#pragma once

#include <cstdint>

#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

/// What the network says of one picture at a time, where a backend computes. Thread-safety: one
/// thread at a time.
class PictureNetwork {
 public:
  virtual ~PictureNetwork() = default;

  /// @param luma (height, width) of the network, -1..1, as in a WorkArray
  /// @param vividness -1..1, see FrozenGenerator::chroma()
  /// @throws c10::Error, std::bad_alloc; ColorizerError (CGAN_ERROR_FAILED) where the colours are
  ///   no numbers, if that is known at once
  /// @return the number of this run, for check()
  virtual int64_t colour(const float* luma, double vividness) = 0;
  /// Of the last colour(), (2, chroma height, chroma width), as in a WorkArray; 0 before.
  virtual const float* chroma() const = 0;
  /// When that run has ended, see Backend::wait(); later ones may go on.
  /// @param run one of the last kRunsKnown
  /// @throws ColorizerError (CGAN_ERROR_FAILED) where its colours were no numbers
  virtual void check(int64_t run) = 0;
  /// As many as there are between a frame's run and its end, with two fields a frame.
  static constexpr int64_t kRunsKnown = 2 * CGAN_LONGEST_LOOKAHEAD + 4;
};

struct Placement;

/// @throws ColorizerError (CGAN_ERROR_FAILED): the colours are no numbers
[[noreturn]] void refuse_colours(const Placement& place);

}  // namespace cgan
