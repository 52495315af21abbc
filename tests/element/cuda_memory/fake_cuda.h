#pragma once

// A CUDA driver without a card: its memory is the host's, so that GStreamer's own CUDA library and
// elements run on it, and the tests see what is asked of a driver. It has the file name by which
// that library opens the driver; a test program that links it has it in the place of the real one.
//
// Pointers of one context count as invalid in another, as on a card; each wrong use is noted in
// `faults`.

#include <cstddef>
#include <set>
#include <string>
#include <vector>

struct FakeCuda {
  int devices = 2;
  // The function of the driver that fails, e.g. "cuMemAllocPitch", after so many calls of it that
  // do not. Those that free never do.
  std::string failing;
  int calls_before_failure = 0;

  std::vector<std::string> faults;
  int contexts = 0;           // of cuCtxCreate, alive
  std::vector<int> retained;  // of each device: how often its primary context is
  bool has_peers = true;      // memory goes from one context to another without the host's
  size_t peered = 0;          // bytes that did
  size_t crossed = 0;         // bytes that were copied between the host's memory and a device's
  int waits = 0;              // calls that return when the device is through
  std::multiset<std::string> calls;  // of the functions that may fail

  void begin();  // forgets all but what is alive
  int times(const char* function) const { return static_cast<int>(calls.count(function)); }
  void* primary(int device) const;  // context
  // Whether this address lies in memory of a device's primary context.
  bool is_primary(int device, const void* address) const;
  size_t arrays() const;       // device memory, not yet freed
  size_t host_arrays() const;  // pinned
};

// Thread-safety: read and set it while no frame is on its way.
__attribute__((visibility("default"))) FakeCuda& fake_cuda();
