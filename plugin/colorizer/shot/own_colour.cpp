#include "plugin/colorizer/shot/own_colour.h"

namespace cgan {
namespace {

constexpr float kLeastPicture = 0.1f;  // share of the frame

}  // namespace

OwnColour judge_own_colour(const ColourMeasure& measure) {
  const auto picture = static_cast<float>(measure.picture);
  if (picture < kLeastPicture * static_cast<float>(measure.cells)) return {};
  return {static_cast<float>(measure.coloured) / picture, measure.lightest >= kTooDark};
}

}  // namespace cgan
