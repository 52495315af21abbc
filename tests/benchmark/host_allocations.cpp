// Counts what a program that links this allocates. Apart from who calls it: inlined, gcc takes the
// two operators for a mismatch.

#include "tests/benchmark/host_allocations.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<uint64_t> calls;

}  // namespace

uint64_t cgan::host_allocations() {
  return calls;
}

void* operator new(size_t size) {
  ++calls;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, size_t) noexcept {
  std::free(memory);
}
