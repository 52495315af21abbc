#pragma once

#include <cstdint>
#include <utility>

#include "plugin/colorizer/cuda/device_array.h"
#include "plugin/colorizer/cuda/motion_kernels.h"

namespace cgan::cuda {

/// MotionField by kernels. Everything is allocated by the constructor.
/// @tparam Device see DeviceArray
template <typename Device>
class MotionOn {
 public:
  /// @param device must outlive it
  MotionOn(Device& device, int64_t width, int64_t height)
      : device_(device),
        grid_(pixel::motion_grid(width, height)),
        sums_(device, width * height),
        reference_(device, grid_.codes()),
        present_(device, grid_.codes()),
        costs_(device, kMotions * grid_.across * grid_.down),
        blocks_(device, grid_.across * grid_.down),
        smoothed_(device, grid_.across * grid_.down),
        cells_(device, 4 * grid_.across * grid_.down),
        fits_(device, grid_.across * grid_.down) {}

  const MotionGrid& grid() const { return grid_; }
  /// (down, across) of the grid, of the last estimate().
  const pixel::Fit* fits() const { return fits_.data(); }

  /// See MotionField.
  /// @param noise one number on the device
  void estimate(const float* reference, const float* luma, const float* noise) {
    find_detail(reference, reference_.data());
    find_detail(luma, present_.data());
    const uint8_t *const present = present_.data(), *const past = reference_.data();
    Motion *blocks = blocks_.data(), *smoothed = smoothed_.data();
    device_.launch(MotionCostKernel{grid_, present, past, costs_.data()});
    device_.launch(SearchKernel{grid_, costs_.data(), noise, blocks});
    for (int pass = 0; pass < 2; ++pass) {
      device_.launch(AgreeKernel{grid_, present, past, blocks, smoothed});
      std::swap(blocks, smoothed);
    }
    device_.launch(CellKernel{grid_, present, past, blocks, cells_.data()});
    device_.launch(FitKernel{grid_, present, past, blocks, fits_.data()});
  }

  /// @param planes, compensated (count, height, width), apart
  void compensate(const float* planes, int64_t count, float* compensated) {
    device_.launch(CompensateKernel{cells_.data(), 2 * grid_.across, planes, grid_.width,
                                    grid_.height, count, compensated});
  }

 private:
  void find_detail(const float* luma, uint8_t* codes) {
    device_.launch(DetailSumsKernel{luma, grid_.width, grid_.height, sums_.data()});
    device_.launch(DetailKernel{grid_, luma, sums_.data(), codes});
  }

  Device& device_;
  MotionGrid grid_;
  DeviceArray<float, Device> sums_;
  DeviceArray<uint8_t, Device> reference_, present_;
  DeviceArray<int32_t, Device> costs_;
  DeviceArray<Motion, Device> blocks_, smoothed_, cells_;
  DeviceArray<pixel::Fit, Device> fits_;
};

}  // namespace cgan::cuda
