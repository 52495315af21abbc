#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <unordered_map>

#include "plugin/colorizer/cuda/device_array.h"
#include "plugin/colorizer/cuda/launch.h"

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

  void upload(void* to, int64_t to_stride, const void* from, int64_t from_stride,
              const cuda::Rows& rows) {
    copy(to, to_stride, from, from_stride, rows);
  }
  void download(void* to, int64_t to_stride, const void* from, int64_t from_stride,
                const cuda::Rows& rows) {
    copy(to, to_stride, from, from_stride, rows);
  }

  template <typename Kernel>
  void launch(const Kernel& kernel) {
    const cuda::LaunchShape shape = cuda::launch_shape(kernel.extent());
    for (int64_t y = int64_t{shape.blocks_down} * cuda::kBlockHeight - 1; y >= 0; --y) {
      for (int64_t x = int64_t{shape.blocks_across} * cuda::kBlockWidth - 1; x >= 0; --x)
        kernel(x, y);
    }
  }
  void wait() {}

 private:
  void copy(void* to, int64_t to_stride, const void* from, int64_t from_stride,
            const cuda::Rows& rows) {
    ++copies_;
    for (int64_t y = 0; y < rows.count; ++y) {
      std::memcpy(static_cast<uint8_t*>(to) + y * to_stride,
                  static_cast<const uint8_t*>(from) + y * from_stride, rows.bytes);
    }
  }

  int64_t copies_ = 0;
  std::unordered_map<uint8_t*, std::unique_ptr<uint8_t[]>> memory_;
};

}  // namespace cgan::test
