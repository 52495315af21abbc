#include "plugin/colorizer/flight/frame_in_flight.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "model/threads/serial_libtorch.h"
#include "plugin/colorizer/interface/colorizer_error.h"
#include "plugin/colorizer/network/device_errors.h"
#include "plugin/colorizer/stage_time.h"

namespace cgan {
namespace {

void check_numbers(const std::vector<float>& chroma, const Placement& place) {
  const bool are_numbers =
      std::all_of(chroma.begin(), chroma.end(), [](float value) { return std::isfinite(value); });
  if (are_numbers) return;
  throw ColorizerError(CGAN_ERROR_FAILED,
                       "The network returned colours that are not numbers; use "
                       "precision=fp32 or another model.",
                       "device " + place.device.str() + ", precision " + place.precision_name);
}

}  // namespace

FrameInFlight::FrameInFlight(const TiledNetwork& network, WorkerPool& pool, const Placement& place)
    : luma(network.width() * network.height()),
      network_(network),
      pool_(pool),
      place_(place),
      coloured_(network, pool),
      job_([this] { run(); }) {}

FrameInFlight::~FrameInFlight() {
  cancel();
}

void FrameInFlight::run() noexcept {
  failure_ = nullptr;
  if (!place_.runs_network) return;  // grey, as it was made
  try {
    // Both of this thread, whichever it is.
    const c10::InferenceMode inference;
    const SerialLibTorch serial;
    timed(network_ns_, [&] {
      on_device(place_.device, [&] { network_.colour(luma.data(), look.vividness, coloured_); });
    });
    check_numbers(coloured_.chroma(), place_);
  } catch (...) {
    failure_ = std::current_exception();
  }
}

void FrameInFlight::start() {
  pool_.start(job_);
  started_ = true;
}

const std::vector<float>& FrameInFlight::colour() {
  if (std::exchange(started_, false)) {
    pool_.wait(job_);
  } else {
    run();
  }
  if (failure_ != nullptr) std::rethrow_exception(std::exchange(failure_, nullptr));
  return coloured_.chroma();
}

void FrameInFlight::cancel() {
  if (std::exchange(started_, false)) pool_.cancel(job_);
}

uint64_t FrameInFlight::take_network_ns() {
  return std::exchange(network_ns_, 0);
}

}  // namespace cgan
