#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cgan {

/// One picture of a data set: R, G, B bytes, row after row without gaps. Owned by the data set.
struct PictureView {
  const uint8_t* rgb;  ///< height * width * 3 bytes
  int64_t height, width;
};

/// Colour pictures to train or validate on, decoded, with an optional class each.
/// Thread-safety: any number of threads may read at the same time.
class Dataset {
 public:
  virtual ~Dataset() = default;

  /// Number of pictures, at least one.
  virtual int64_t size() const = 0;
  /// @param index 0..size() - 1
  virtual PictureView picture(int64_t index) const = 0;
  /// Index into class_names(), or -1 where the picture has no class.
  virtual int64_t label(int64_t index) const = 0;
  /// Empty where no picture has a class.
  virtual const std::vector<std::string>& class_names() const = 0;
  /// What provenance says about the data: kind and file or folder names without their path.
  virtual const std::string& description() const = 0;
};

}  // namespace cgan
