#pragma once

#include <cstdint>

#include "plugin/colorizer/cpu/picture_difference.h"
#include "plugin/colorizer/cuda/device_array.h"
#include "plugin/colorizer/cuda/match_kernels.h"
#include "plugin/colorizer/cuda/mix_kernels.h"

namespace cgan::cuda {

/// ExposureFit and LumaMatch by kernels. Everything is allocated by the constructor.
/// @tparam Device see DeviceArray
template <typename Device>
class MatchOn {
 public:
  /// @param device must outlive it
  MatchOn(Device& device, int64_t width, int64_t height)
      : device_(device),
        grid_{width, height, pixel::motion_grid(width, height).across,
              pixel::motion_grid(width, height).down},
        reference_means_(device, grid_.blocks()),
        means_(device, grid_.blocks()),
        distances_(device, grid_.blocks()),
        roughness_(device, grid_.blocks()),
        ranked_(device, 2),
        exposure_(device, 1),
        exposure_rows_(device, grid_.down),
        difference_rows_(device, grid_.down),
        noise_(device, 1),
        planes_(device, 2 * width * height),
        sums_(device, 2 * width * height),
        confidence_(device, width * height),
        level_(device, width * height),
        rows_on_host_(device, grid_.down * int64_t{sizeof(pixel::DifferenceSums)}),
        download_(device) {
    set_noise(0.0f);
  }

  /// Grain, one number; see LumaMatch.
  const float* noise() const { return noise_.data(); }
  /// Waits.
  float noise_on_host() {
    float noise = 0.0f;
    noise_.get(&noise);
    device_.wait();
    return noise;
  }
  void set_noise(float noise) { device_.launch(ClearKernel{noise, 1, 1, noise_.data()}); }
  /// (height, width), of the last compare().
  const float* confidence() const { return confidence_.data(); }
  const float* level() const { return level_.data(); }

  /// See ExposureFit.
  void fit_exposure(const float* reference, const float* luma) {
    device_.launch(BlockMeansKernel{grid_, reference, reference_means_.data()});
    device_.launch(BlockMeansKernel{grid_, luma, means_.data()});
    find_median_distance(nullptr);
    device_.launch(BeginExposureKernel{ranked_.data(), exposure_.data()});
    for (int round = 0; round < pixel::kFitRounds; ++round) {
      find_median_distance(exposure_.data());
      device_.launch(ExposureRowsKernel{grid_, reference_means_.data(), means_.data(),
                                        ranked_.data(), exposure_.data(), exposure_rows_.data()});
      device_.launch(SolveExposureKernel{exposure_rows_.data(), grid_.down, exposure_.data()});
    }
  }
  void expose(float* luma) {
    device_.launch(ExposeKernel{exposure_.data(), grid_.width, grid_.height, luma});
  }

  /// Of the pictures of the last fit_exposure(). Waits.
  /// @param fits of the motion between them
  PictureDifference measure_difference(const pixel::Fit* fits) {
    device_.launch(DifferenceRowsKernel{grid_, fits, reference_means_.data(), means_.data(),
                                        difference_rows_.data()});
    auto* const rows = reinterpret_cast<pixel::DifferenceSums*>(rows_on_host_.data());
    download_.begin([&] { difference_rows_.get(rows, Lane::kDownload); });
    download_.wait();
    pixel::DifferenceSums sums;
    for (int64_t row = 0; row < grid_.down; ++row) pixel::add(sums, rows[row]);
    return difference_of(sums, grid_.blocks());
  }

  /// See LumaMatch.
  void compare(const float* compensated, const float* luma) {
    device_.launch(
        BlockNoiseKernel{grid_, compensated, luma, distances_.data(), roughness_.data()});
    rank(distances_.data(), pixel::difference_rank(grid_.blocks()), ranked_.data());
    rank(roughness_.data(), pixel::roughness_rank(grid_.blocks()), ranked_.data() + 1);
    device_.launch(NoiseKernel{ranked_.data(), ranked_.data() + 1, noise_.data()});
    const int64_t width = grid_.width, height = grid_.height;
    device_.launch(ExcessKernel{luma, compensated, width, height, planes_.data()});
    device_.launch(WindowSumsKernel{planes_.data(), width, 2 * height, sums_.data()});
    device_.launch(ConfidenceKernel{sums_.data(), noise_.data(), width, height, confidence_.data(),
                                    level_.data()});
  }

 private:
  void rank(const float* values, int64_t rank, float* found) {
    device_.launch(RankKernel{values, grid_.blocks(), rank, found});
  }
  void find_median_distance(const pixel::Exposure* exposure) {
    device_.launch(ExposureDistanceKernel{reference_means_.data(), means_.data(), exposure,
                                          grid_.blocks(), distances_.data()});
    rank(distances_.data(), grid_.blocks() / 2, ranked_.data());
  }

  Device& device_;
  BlockGrid grid_;
  DeviceArray<float, Device> reference_means_, means_;
  DeviceArray<float, Device> distances_, roughness_;  ///< Of the blocks.
  DeviceArray<float, Device> ranked_;                 ///< Two numbers.
  DeviceArray<pixel::Exposure, Device> exposure_;     ///< One.
  DeviceArray<pixel::ExposureSums, Device> exposure_rows_;
  DeviceArray<pixel::DifferenceSums, Device> difference_rows_;
  DeviceArray<float, Device> noise_;               ///< One number.
  DeviceArray<float, Device> planes_, sums_;       ///< (2, height, width): excess and level
  DeviceArray<float, Device> confidence_, level_;  ///< (height, width)
  StagingArray<Device> rows_on_host_;              ///< Of the last measure_difference().
  Download<Device> download_;                      ///< The same.
};

}  // namespace cgan::cuda
