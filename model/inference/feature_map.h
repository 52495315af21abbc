#pragma once

#include <algorithm>
#include <cstdint>

#include "model/inference/workspace.h"
#include "model/kernels/kernels.h"

namespace cgan {

/// A layer's output, borrowed: (height, width, channels), the channels of a pixel and the pixels of
/// a row side by side.
template <typename Sample>
struct FeatureMap {
  Sample* data = nullptr;
  int64_t height = 0, width = 0, channels = 0;
  int64_t pitch = 0;  ///< Samples from row to row.

  Sample* row(int64_t y) const { return data + y * pitch; }
  bool is_contiguous() const { return pitch == width * channels; }
};

/// A map in memory of the workspace, not set; a few bytes behind it may be read as well.
template <typename Sample>
FeatureMap<Sample> take_map(Workspace& workspace, int64_t height, int64_t width, int64_t channels) {
  constexpr int64_t kReadBehind = 4;
  return {workspace.take<Sample>(height * width * channels + kReadBehind), height, width, channels,
          width * channels};
}

/// The same with a pixel of `border` all around.
template <typename Sample>
FeatureMap<Sample> take_bordered_map(Workspace& workspace, int64_t height, int64_t width,
                                     int64_t channels, Sample border) {
  auto map = take_map<Sample>(workspace, height + 2, width + 2, channels);
  std::fill_n(map.row(0), map.pitch, border);
  std::fill_n(map.row(height + 1), map.pitch, border);
  for (int64_t y = 1; y <= height; ++y) {
    std::fill_n(map.row(y), channels, border);
    std::fill_n(map.row(y) + (width + 1) * channels, channels, border);
  }
  return {map.row(1) + channels, height, width, channels, map.pitch};
}

/// What is added to a map of `channels` outputs.
template <typename Sample>
struct AddedMap {
  /// Pixel by pixel.
  static AddedMap pixels(const FeatureMap<Sample>& map) {
    return {map, 1, {nullptr, 2 * map.channels, map.channels}};
  }
  /// A map of half the height and width whose pixels are blocks of 2x2, (row, column, output).
  static AddedMap blocks(const FeatureMap<Sample>& map) {
    return {map, 2, {nullptr, map.channels, map.channels / 4}};
  }

  AddedRun<Sample> row(int64_t y) const {
    auto run = steps;
    if (map.data != nullptr) run.first = map.row(y / scale) + y % scale * 2 * steps.pixel;
    return run;
  }
  /// Whether pixels of all rows lie one after the other.
  bool is_flat() const { return map.data == nullptr || (scale == 1 && map.is_contiguous()); }

  FeatureMap<Sample> map;
  int64_t scale = 1;
  AddedRun<Sample> steps;
};

}  // namespace cgan
