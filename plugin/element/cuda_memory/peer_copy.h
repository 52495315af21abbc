#pragma once

// Pictures from one CUDA context to another, also of another card, without the host's memory where
// the cards can reach each other.

#include <gst/video/video.h>

typedef struct _GstCudaContext GstCudaContext;

namespace cgan {

// Copies the picture of `from`, in the card's memory of any context, to `to`, in that of `context`,
// and waits for it. `info`: of both. False: `from` lies elsewhere, contradicts `info`, or the
// driver refuses; `to` may then hold a part of it.
bool copy_peer(GstBuffer* from, GstBuffer* to, GstCudaContext* context, const GstVideoInfo& info);

}  // namespace cgan
