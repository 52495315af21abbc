#include "plugin/element/held_frames.h"

#include <gst/video/video.h>

#include <exception>

namespace cgan {

HeldFrames::~HeldFrames() {
  for (GstMiniObject* object : order_) gst_mini_object_unref(object);
}

GstBuffer* HeldFrames::earliest() const {
  for (GstMiniObject* object : order_) {
    if (GST_IS_BUFFER(object)) return GST_BUFFER_CAST(object);
  }
  return nullptr;
}

void HeldFrames::push(GstMiniObject* object) {
  try {
    order_.push_back(object);
  } catch (const std::exception&) {
    gst_mini_object_unref(object);
    throw;
  }
}

void HeldFrames::push(GstBuffer* frame) {
  push(GST_MINI_OBJECT_CAST(frame));
  ++count_;
}

void HeldFrames::push(GstEvent* event) {
  push(GST_MINI_OBJECT_CAST(event));
}

GstMiniObject* HeldFrames::pop_object() {
  GstMiniObject* const object = order_.front();
  order_.pop_front();
  return object;
}

GstEvent* HeldFrames::pop_event() {
  return !empty() && GST_IS_EVENT(order_.front()) ? GST_EVENT_CAST(pop_object()) : nullptr;
}

GstBuffer* HeldFrames::pop() {
  if (empty()) return nullptr;
  --count_;
  return GST_BUFFER_CAST(pop_object());
}

void add_latency(GstQuery* query, GstClockTime latency) {
  gboolean is_live = FALSE;
  GstClockTime least = 0, most = 0;
  gst_query_parse_latency(query, &is_live, &least, &most);
  if (GST_CLOCK_TIME_IS_VALID(most)) most += latency;
  gst_query_set_latency(query, is_live, least + latency, most);
}

void raise_minimum(GstQuery* query, guint frames) {
  if (frames == 0) return;
  GstCaps* caps = nullptr;
  gst_query_parse_allocation(query, &caps, nullptr);
  GstVideoInfo info;
  if (gst_query_get_n_allocation_pools(query) == 0 && caps != nullptr &&
      gst_video_info_from_caps(&info, caps)) {
    gst_query_add_allocation_pool(query, nullptr, static_cast<guint>(GST_VIDEO_INFO_SIZE(&info)), 0,
                                  0);
  }
  for (guint i = 0; i < gst_query_get_n_allocation_pools(query); ++i) {
    GstBufferPool* pool = nullptr;
    guint size = 0, least = 0, most = 0;
    gst_query_parse_nth_allocation_pool(query, i, &pool, &size, &least, &most);
    gst_query_set_nth_allocation_pool(query, i, pool, size, least + frames,
                                      most > 0 ? most + frames : 0);
    gst_clear_object(&pool);
  }
}

}  // namespace cgan
