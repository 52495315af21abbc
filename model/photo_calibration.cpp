#include "model/photo_calibration.h"

#include "model/frozen_photo_generator.h"

namespace cgan {

PhotoCalibration::PhotoCalibration(const Weights& weights) {
  for (const double vividness : {0, -1, 1}) {
    FrozenGenerator::Options options;
    options.vividness = vividness;
    generators_.push_back(freeze_photo_generator(
        weights, options, [this](const std::string& layer, const at::Tensor& output) {
          meters_[layer].add(output);
        }));
  }
}

void PhotoCalibration::show(const at::Tensor& luma) {
  generators_[shown_++ % generators_.size()]->chroma(luma);
}

ActivationRanges PhotoCalibration::ranges() const {
  ActivationRanges ranges;
  for (const auto& [layer, meter] : meters_) ranges[layer] = meter.range();
  return ranges;
}

}  // namespace cgan
