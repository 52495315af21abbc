#pragma once

// The primary context of a CUDA card as GStreamer's object.

#include <string>

typedef struct _GstCudaContext GstCudaContext;

namespace cgan {

// Transfer full. For a card one object in the process, as long as somebody holds it; the driver's
// context is retained as long. NULL: `problem` names what failed. Thread-safety: any thread.
GstCudaContext* primary_context(int card, std::string& problem);

}  // namespace cgan
