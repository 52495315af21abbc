// How full the kernels keep each card, by the calculator of the CUDA toolkit, which needs no card:
//   occupancy < LINES, one line a kernel: compute capability times ten, registers, threads, name
// prints the share of the threads of a multiprocessor that may run at a time.

#include <cuda_occupancy.h>

#include <iostream>
#include <string>

namespace {

/// Of CUDA C++ Programming Guide, "Technical Specifications per Compute Capability".
cudaOccDeviceProp card_of(int capability) {
  cudaOccDeviceProp card;
  card.computeMajor = capability / 10;
  card.computeMinor = capability % 10;
  card.maxThreadsPerBlock = 1024;
  const bool is_large = capability == 80 || capability == 90 || card.computeMajor == 10;
  card.maxThreadsPerMultiprocessor = capability == 75 ? 1024 : is_large ? 2048 : 1536;
  card.regsPerBlock = card.regsPerMultiprocessor = 65536;
  card.warpSize = 32;
  card.sharedMemPerBlock = card.sharedMemPerBlockOptin = 49152;
  card.sharedMemPerMultiprocessor = 65536;  // of the smallest; the kernels use none
  card.reservedSharedMemPerBlock = 1024;
  card.numSms = 1;
  return card;
}

}  // namespace

int main() {
  int capability = 0, registers = 0, threads = 0;
  std::string name;
  while (std::cin >> capability >> registers >> threads >> name) {
    const cudaOccDeviceProp card = card_of(capability);
    cudaOccFuncAttributes kernel = {};
    kernel.maxThreadsPerBlock = threads;
    kernel.numRegs = registers;
    const cudaOccDeviceState state = {};
    cudaOccResult result = {};
    if (cudaOccMaxActiveBlocksPerMultiprocessor(&result, &card, &kernel, &state, threads, 0) !=
        CUDA_OCC_SUCCESS) {
      std::cerr << "The calculator of this toolkit does not know capability " << capability
                << ".\n";
      return 1;
    }
    std::cout << capability << ' ' << name << ' '
              << 100 * result.activeBlocksPerMultiprocessor * threads /
                     card.maxThreadsPerMultiprocessor
              << '\n';
  }
  return 0;
}
