#include "plugin/element/cuda_memory/cuda_memory.h"

namespace cgan {

CudaMemory::CudaMemory(GstElement* owner) : owner_(owner) {}
CudaMemory::~CudaMemory() = default;

bool CudaMemory::takes_frames(bool) const {
  return false;
}
void CudaMemory::hear(GstContext*) {}
bool CudaMemory::answer(GstQuery*, int) {
  return false;
}

bool CudaMemory::open(int, std::string&) {
  return false;
}
void CudaMemory::refuse() {}
void CudaMemory::close() {}

void CudaMemory::begin_stream(bool) {}
GstMapFlags CudaMemory::to_map(GstMapFlags flags) const {
  return flags;
}
GstBuffer* CudaMemory::take_in(GstBuffer* frame, GstCaps*, std::string&) {
  return frame;
}
void CudaMemory::propose(GstQuery*) const {}
bool CudaMemory::decide(GstQuery*, std::string&) const {
  return true;
}

}  // namespace cgan
