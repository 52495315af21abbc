#include "examples/colorize_film/stream_kind.h"

#include <gst/pbutils/pbutils.h>

#include <cstring>

namespace colorize_film {

bool is_kind(const GstCaps* caps, const char* prefix) {
  return gst_caps_get_size(caps) > 0 &&
         g_str_has_prefix(gst_structure_get_name(gst_caps_get_structure(caps, 0)), prefix);
}

bool is_picture(const GstCaps* caps) {
  return is_kind(caps, "video/") || is_kind(caps, "image/");
}

GstCaps* caps_of(GstPad* pad) {
  GstCaps* caps = gst_pad_get_current_caps(pad);
  return caps ? caps : gst_pad_query_caps(pad, nullptr);
}

std::string describe(const GstCaps* caps) {
  g_autofree char* codec =
      gst_caps_is_fixed(caps) ? gst_pb_utils_get_codec_description(caps) : nullptr;
  return codec ? codec : gst_structure_get_name(gst_caps_get_structure(caps, 0));
}

GstSegment segment_of(GstPad* pad) {
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  g_autoptr(GstEvent) event = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
  const GstSegment* said = nullptr;
  if (event) gst_event_parse_segment(event, &said);
  if (said && said->format == GST_FORMAT_TIME) gst_segment_copy_into(said, &segment);
  return segment;
}

bool has_demuxer(GstElement* bin) {
  GstIterator* elements = gst_bin_iterate_recurse(GST_BIN(bin));
  const auto is_none = [](gconstpointer item, gconstpointer) -> gint {
    auto* element = GST_ELEMENT(g_value_get_object(static_cast<const GValue*>(item)));
    const char* klass = gst_element_get_metadata(element, GST_ELEMENT_METADATA_KLASS);
    return klass && std::strstr(klass, "Demux") ? 0 : 1;
  };
  GValue found = G_VALUE_INIT;
  const bool is_there = gst_iterator_find_custom(elements, is_none, &found, nullptr);
  if (is_there) g_value_unset(&found);
  gst_iterator_free(elements);
  return is_there;
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
