#include "plugin/element/frame_memory.h"

#include <cstdlib>

#include "plugin/element/caps.h"
#include "plugin/element/element_state.h"
#include "plugin/element/held_frames.h"

namespace cgan {
namespace {

// The number of the card that a name of the property "device" means; -1: none, or not this early.
int card_of(const std::string& device) {
  constexpr char kCuda[] = "cuda";
  if (device == kCuda) return 0;
  const std::string numbered = std::string(kCuda) + ":";
  return device.rfind(numbered, 0) == 0 ? std::atoi(device.c_str() + numbered.size()) : -1;
}

// The device that passes over frames are asked to run on; empty: none.
std::string asked_device(GstCganColorize* self) {
  GST_OBJECT_LOCK(self);
  const CreationSettings& settings = self->state->properties.creation;
  const std::string device = settings.device_passes ? settings.device : "";
  GST_OBJECT_UNLOCK(self);
  return device;
}

bool is_on_card(GstQuery* query) {
  GstCaps* caps = nullptr;
  gst_query_parse_allocation(query, &caps, nullptr);
  return caps != nullptr && !gst_caps_is_empty(caps) && memory_of(caps) == CGAN_MEMORY_CUDA;
}

gboolean propose_allocation(GstBaseTransform* base, GstQuery* decide, GstQuery* query) {
  GstCganColorize* const self = GST_CGAN_COLORIZE(base);
  State& state = *self->state;
  const guint held = state.most_held();
  const bool proposes = is_on_card(query) && state.cuda_memory.is_used();
  // Before the base class, which has pools of the host's memory.
  if (proposes) state.cuda_memory.propose(query);
  const bool is_answered = parent_class(base)->propose_allocation(base, decide, query) != FALSE;
  if (!is_answered && !proposes && held == 0) return FALSE;
  // In place the answer is downstream's own, through no filter_meta.
  guint crop = 0;
  while (gst_query_find_allocation_meta(query, GST_VIDEO_CROP_META_API_TYPE, &crop)) {
    gst_query_remove_nth_allocation_meta(query, crop);
  }
  raise_minimum(query, held);
  return TRUE;
}

gboolean decide_allocation(GstBaseTransform* base, GstQuery* query) {
  GstCganColorize* const self = GST_CGAN_COLORIZE(base);
  const bool is_decided = guarded(self, false, [&] {
    State& state = *self->state;
    if (!state.cuda_memory.is_used()) return true;
    std::string problem;
    if (state.cuda_memory.decide(query, problem)) {
      state.card_refusal.clear();
      return true;
    }
    post_card_error(self, problem);
    return false;
  });
  return is_decided && parent_class(base)->decide_allocation(base, query);
}

GstFlowReturn prepare_output_buffer(GstBaseTransform* base, GstBuffer* in, GstBuffer** out) {
  GstCganColorize* const self = GST_CGAN_COLORIZE(base);
  const GstFlowReturn flow = parent_class(base)->prepare_output_buffer(base, in, out);
  if (flow == GST_FLOW_ERROR && self->state->cuda_memory.is_used()) {
    end_reading(self);
    post_card_error(self, "no frame from the pool");
  }
  return flow;
}

void set_context(GstElement* element, GstContext* context) {
  GST_CGAN_COLORIZE(element)->state->cuda_memory.hear(context);
  GST_ELEMENT_CLASS(parent_class(GST_BASE_TRANSFORM(element)))->set_context(element, context);
}

}  // namespace

void install_frame_memory(GstBaseTransformClass* base) {
  base->propose_allocation = propose_allocation;
  base->decide_allocation = decide_allocation;
  base->prepare_output_buffer = prepare_output_buffer;
  GST_ELEMENT_CLASS(base)->set_context = set_context;
}

bool takes_cuda_frames(GstCganColorize* self) {
  const std::string device = asked_device(self);
  return self->state->cuda_memory.takes_frames(!device.empty() && device != "cpu");
}

void prefer_cuda_frames(GstQuery* query) {
  GstCaps* caps = nullptr;
  gst_query_parse_caps_result(query, &caps);
  if (gst_caps_is_any(caps)) return;
  GstCaps* const sorted = with_cuda_first(caps);
  gst_query_set_caps_result(query, sorted);
  gst_caps_unref(sorted);
}

bool answer_context_query(GstCganColorize* self, GstQuery* query) {
  return self->state->cuda_memory.answer(query, card_of(asked_device(self)));
}

void open_frame_memory(GstCganColorize* self) {
  const State& state = *self->state;
  CudaMemory& memory = self->state->cuda_memory;
  memory.close();
  std::string problem;
  if (!state.library->takes_memory(state.colorizer, CGAN_MEMORY_CUDA)) {
    memory.refuse();
  } else if (!memory.open(card_of(state.library->device(state.colorizer)), problem) &&
             !problem.empty()) {
    const std::string message =
        "GStreamer gets no CUDA context for the card (" + problem +
        "), so frames come and go in the host's memory: put cudadownload before cgancolorize and "
        "cudaupload after it where its neighbours want them on the card.";
    post_warning(GST_ELEMENT(self), {GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_INIT}, message.c_str());
  }
}

GstBuffer* take_in(GstCganColorize* self, GstBuffer* frame) {
  GstBaseTransform* const base = GST_BASE_TRANSFORM(self);
  CudaMemory& memory = self->state->cuda_memory;
  if (!memory.is_used()) return frame;
  GstCaps* const caps = gst_pad_get_current_caps(base->sinkpad);
  std::string problem;
  GstBuffer* const own = memory.take_in(frame, caps, problem);
  gst_caps_unref(caps);
  if (own == frame) return frame;
  if (own == nullptr) {
    post_card_error(self, problem);
  } else {
    parent_class(base)->copy_metadata(base, frame, own);
  }
  gst_buffer_unref(frame);
  return own;
}

void end_reading(GstCganColorize* self) {
  const State& state = *self->state;
  if (state.cuda_memory.is_used()) state.library->reset(state.colorizer);
}

void post_card_error(GstCganColorize* self, const std::string& call) {
  std::string& refusal = self->state->card_refusal;
  if (refusal == call) return;
  refusal = call;
  post_error(GST_ELEMENT(self), {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_FAILED},
             "The CUDA card has no memory for a frame, or has failed: end what else runs on it, "
             "lower lookahead and max-frame-delay, or colour with device=cpu.",
             call.c_str());
}

}  // namespace cgan
