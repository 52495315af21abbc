#pragma once

#include <cstdint>

namespace cgan {

/// What the network says of one picture at a time, where a backend computes. Thread-safety: one
/// thread at a time.
class PictureNetwork {
 public:
  virtual ~PictureNetwork() = default;

  /// @param luma (height, width) of the network, -1..1, as in a WorkArray
  /// @param vividness -1..1, see FrozenGenerator::chroma()
  /// @throws c10::Error, std::bad_alloc; ColorizerError (CGAN_ERROR_FAILED) where the colours are
  /// no
  ///   numbers, if that is known at once
  virtual void colour(const float* luma, double vividness) = 0;
  /// Of the last colour(), (2, chroma height, chroma width), as in a WorkArray; 0 before.
  virtual const float* chroma() const = 0;
  /// When colour() has ended, see Backend::wait().
  /// @throws ColorizerError (CGAN_ERROR_FAILED) where colours since the last check were no numbers
  virtual void check() = 0;
};

struct Placement;

/// @throws ColorizerError (CGAN_ERROR_FAILED): the colours are no numbers
[[noreturn]] void refuse_colours(const Placement& place);

}  // namespace cgan
