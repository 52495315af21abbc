#pragma once

#include "plugin/colorizer/cuda/launch.h"
#include "plugin/colorizer/interface/colorizer_error.h"

namespace cgan::cuda {

/// A moment in the order of a lane. Not recorded yet, it has passed.
/// @tparam Device see DeviceArray
template <typename Device>
class DeviceEvent {
 public:
  /// @param device must outlive this
  explicit DeviceEvent(Device& device) : device_(device), event_(device.make_event()) {}
  DeviceEvent(const DeviceEvent&) = delete;
  DeviceEvent& operator=(const DeviceEvent&) = delete;
  ~DeviceEvent() { device_.destroy_event(event_); }

  /// From now on it is when all is done that was asked of the lane so far.
  void record(Lane lane) { device_.record(lane, event_); }
  /// What is asked of the lane from now on begins after it.
  void hold(Lane lane) { device_.hold(lane, event_); }
  /// The host waits, unless it has passed.
  void wait() { device_.wait(event_); }
  /// The same, where a device that fails is no matter any more.
  void wait_at_end() noexcept {
    try {
      wait();
    } catch (const ColorizerError&) {  // then it does nothing either
    }
  }

 private:
  Device& device_;
  typename Device::Event event_;
};

/// Copies to the host of what has been computed, beside what is computed next.
template <typename Device>
class Download {
 public:
  /// @param device must outlive this
  explicit Download(Device& device) : computed_(device), done_(device) {}
  /// Waits: what the copies go to may be given back afterwards.
  ~Download() { done_.wait_at_end(); }

  /// @param fetch asks for the copies, on Lane::kDownload
  template <typename Fetch>
  void begin(const Fetch& fetch) {
    computed_.record(Lane::kCompute);
    computed_.hold(Lane::kDownload);
    fetch();
    done_.record(Lane::kDownload);
  }
  /// Until it is there.
  void wait() { done_.wait(); }

 private:
  DeviceEvent<Device> computed_, done_;
};

}  // namespace cgan::cuda
