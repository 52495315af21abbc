#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace cgan {

/// Pictures of differing sizes in one PNG, scaled to one height. Pictures of one group stand side
/// by side; groups follow each other in rows of about 1,800 pixels on white.
class ContactSheet {
 public:
  static constexpr int64_t kHeight = 192;  ///< Of every picture on the sheet, in pixels.

  /// @param group pictures (1, 3, H, W), RGB, 0..1
  void add(const std::vector<at::Tensor>& group);
  int64_t groups() const { return static_cast<int64_t>(groups_.size()); }
  /// Needs at least one group. @throws std::runtime_error where the file cannot be written.
  void write(const std::string& path) const;

 private:
  std::vector<at::Tensor> groups_;  ///< (3, kHeight and gap, W), 0..1
};

}  // namespace cgan
