#pragma once

// Where the frames of a stream lie, in the host's memory or in a CUDA card's, and who allocates
// them. On the card only where the passes over frames run there; cuda_memory.h has what differs.

#include <gst/video/video.h>

#include <string>

#include "plugin/element/gstcgancolorize.h"

namespace cgan {

// Sets the vmethods propose_allocation, decide_allocation, prepare_output_buffer and set_context.
void install_frame_memory(GstBaseTransformClass* base);

// Any thread: whether frames may lie on a card; before the element has left NULL, whether that is
// to be expected by its properties.
bool takes_cuda_frames(GstCganColorize* self);
// Any thread: of the answer to a CAPS query, the card's memory first.
void prefer_cuda_frames(GstQuery* query);
// Any thread: answers a CONTEXT query, where it is of CUDA and the passes run on a card.
bool answer_context_query(GstCganColorize* self, GstQuery* query);

// The rest belongs to the streaming thread, or to the one that changes states while no data flows.

// The colorizer is another one.
void open_frame_memory(GstCganColorize* self);
// Brings a frame that has come in to where the stream's frames lie; takes it. NULL after an error
// was posted.
GstBuffer* take_in(GstCganColorize* self, GstBuffer* frame);
// Frames that wait are about to be given back: a card may still read them. The colorizer forgets
// them.
void end_reading(GstCganColorize* self);
// The card fails at `call`; says so once, since upstream tries again and again.
void post_card_error(GstCganColorize* self, const std::string& call);

}  // namespace cgan
