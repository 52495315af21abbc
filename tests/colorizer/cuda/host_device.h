#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <unordered_map>

#include "plugin/colorizer/cuda/device_array.h"
#include "plugin/colorizer/cuda/launch.h"
#include "plugin/colorizer/interface/colorizer_error.h"

namespace cgan::test {

/// Stands in for a card: memory of the host, and the whole grid of a launch, threads beyond the
/// extent included, one after the other from the last to the first. Arrays end where they were
/// asked to, so that AddressSanitizer sees what a kernel reads or writes beyond.
class HostDevice {
 public:
  void* allocate(int64_t bytes) {
    auto memory = std::make_unique<uint8_t[]>(bytes);
    uint8_t* const data = memory.get();
    std::memset(data, 0xCD, bytes);
    memory_.emplace(data, std::move(memory));
    return data;
  }
  void release(void* data) { memory_.erase(static_cast<uint8_t*>(data)); }
  int64_t arrays() const { return static_cast<int64_t>(memory_.size()); }
  /// To the device and back, so far.
  int64_t copies() const { return copies_; }

  void* allocate_staging(int64_t bytes) { return allocate(bytes); }
  void release_staging(void* data) { release(data); }

  /// From now on every call that may fail does, as after a sticky error.
  void break_down() { is_broken_ = true; }

  void upload(void* to, const void* from, int64_t bytes) {
    check();
    ++copies_;
    std::memcpy(to, from, bytes);
  }
  void download(void* to, const void* from, int64_t bytes) {
    check();
    ++copies_;
    std::memcpy(to, from, bytes);
  }

  template <typename Kernel>
  void launch(const Kernel& kernel) {
    check();
    const cuda::LaunchShape shape = cuda::launch_shape(kernel.extent());
    for (int64_t y = int64_t{shape.blocks_down} * cuda::kBlockHeight - 1; y >= 0; --y) {
      for (int64_t x = int64_t{shape.blocks_across} * cuda::kBlockWidth - 1; x >= 0; --x)
        kernel(x, y);
    }
  }
  void wait() { check(); }

 private:
  void check() const {
    if (is_broken_) throw ColorizerError(CGAN_ERROR_DEVICE, "The card failed; use device=cpu.");
  }

  bool is_broken_ = false;
  int64_t copies_ = 0;
  std::unordered_map<uint8_t*, std::unique_ptr<uint8_t[]>> memory_;
};

}  // namespace cgan::test
