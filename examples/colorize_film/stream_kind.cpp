#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {

bool is_kind(const GstCaps* caps, const char* prefix) {
  return gst_caps_get_size(caps) > 0 &&
         g_str_has_prefix(gst_structure_get_name(gst_caps_get_structure(caps, 0)), prefix);
}

GstSegment segment_of(GstPad* pad) {
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  g_autoptr(GstEvent) event = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
  if (event) gst_event_copy_segment(event, &segment);
  return segment;
}

bool contains(GstElement* bin, const char* factory) {
  GstIterator* elements = gst_bin_iterate_all_by_element_factory_name(GST_BIN(bin), factory);
  GValue found = G_VALUE_INIT;
  const bool is_there = gst_iterator_next(elements, &found) == GST_ITERATOR_OK;
  g_value_unset(&found);
  gst_iterator_free(elements);
  return is_there;
}

}  // namespace colorize_film
