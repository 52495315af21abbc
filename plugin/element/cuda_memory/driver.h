#pragma once

// What of NVIDIA's driver GStreamer's library does not pass on.

#include <cuda.h>

namespace cgan {

struct Driver {
  decltype(&cuDevicePrimaryCtxRetain) retain = nullptr;
  decltype(&cuDevicePrimaryCtxRelease) release = nullptr;
  decltype(&cuMemcpy3DPeer) copy_peer = nullptr;
};

// NULL where there is no driver. Thread-safety: any thread.
const Driver* open_driver();

}  // namespace cgan
