#include "plugin/colorizer/network/host_network.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "plugin/colorizer/interface/colorizer_error.h"
#include "plugin/colorizer/network/device_errors.h"

namespace cgan {

void refuse_colours(const Placement& place) {
  throw ColorizerError(CGAN_ERROR_FAILED,
                       "The network returned colours that are not numbers; use "
                       "precision=fp32 or another model.",
                       "device " + place.device.str() + ", precision " + place.precision_name);
}

int64_t HostNetwork::colour(const float* luma, double vividness) {
  on_device(place_.device, [&] { network_.colour(luma, vividness, frame_); });
  const std::vector<float>& chroma = frame_.chroma();
  const bool are_numbers =
      std::all_of(chroma.begin(), chroma.end(), [](float value) { return std::isfinite(value); });
  if (!are_numbers) refuse_colours(place_);
  return 0;
}

}  // namespace cgan
