#include "model/inference/int8/photo_calibration.h"

#include <iterator>

#include "model/inference/frozen_photo_generator.h"

namespace cgan {
namespace {

constexpr double kVividness[] = {0, -1, 1};

}  // namespace

PhotoCalibration::PhotoCalibration(const Weights& weights)
    : generator_(freeze_photo_generator(weights, {},
                                        [this](const std::string& layer, const at::Tensor& output) {
                                          meters_[layer].add(output);
                                        })) {}

void PhotoCalibration::show(const at::Tensor& luma) {
  generator_->chroma(luma, kVividness[shown_++ % std::size(kVividness)]);
}

ActivationRanges PhotoCalibration::ranges() const {
  ActivationRanges ranges;
  for (const auto& [layer, meter] : meters_) ranges[layer] = meter.range();
  return ranges;
}

}  // namespace cgan
