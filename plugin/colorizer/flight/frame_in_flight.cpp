#include "plugin/colorizer/flight/frame_in_flight.h"

#include <c10/core/InferenceMode.h>

#include <utility>

#include "model/threads/serial_libtorch.h"
#include "plugin/colorizer/stage_time.h"

namespace cgan {

FrameInFlight::FrameInFlight(std::shared_ptr<PictureNetwork> network, WorkArray luma, int64_t place,
                             WorkerPool& pool, bool runs_network)
    : place(place),
      luma(std::move(luma)),
      network_(std::move(network)),
      pool_(pool),
      runs_network_(runs_network),
      job_([this] { run_network(); }) {}

FrameInFlight::~FrameInFlight() {
  cancel();
}

void FrameInFlight::run_network() noexcept {
  failure_ = nullptr;
  if (!runs_network_) return;  // grey, as it was made
  try {
    // Both of this thread, whichever it is.
    const c10::InferenceMode inference;
    const SerialLibTorch serial;
    run_ = timed(network_ns_, [&] { return network_->colour(luma.get(), look.vividness); });
  } catch (...) {
    failure_ = std::current_exception();
  }
}

void FrameInFlight::start() {
  pool_.start(job_);
  started_ = true;
}

const float* FrameInFlight::colour() {
  if (std::exchange(started_, false)) {
    pool_.wait(job_);
  } else {
    run_network();
  }
  if (failure_ != nullptr) std::rethrow_exception(std::exchange(failure_, nullptr));
  return network_->chroma();
}

void FrameInFlight::cancel() {
  if (std::exchange(started_, false)) pool_.cancel(job_);
}

uint64_t FrameInFlight::take_network_ns() {
  return std::exchange(network_ns_, 0);
}

}  // namespace cgan
