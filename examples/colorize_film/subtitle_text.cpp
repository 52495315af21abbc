#include "examples/colorize_film/subtitle_text.h"

#include <utility>

#include "examples/colorize_film/options.h"

namespace colorize_film {
namespace {

constexpr std::pair<std::string_view, char> kEntities[] = {{"&amp;", '&'},   {"&lt;", '<'},
                                                           {"&gt;", '>'},    {"&quot;", '"'},
                                                           {"&apos;", '\''}, {"&#39;", '\''}};

GstPadProbeReturn rewrite(GstPad*, GstPadProbeInfo* info, gpointer keeps_tags) {
  GstBuffer* markup = GST_PAD_PROBE_INFO_BUFFER(info);
  GstMapInfo map;
  if (!gst_buffer_map(markup, &map, GST_MAP_READ)) return GST_PAD_PROBE_OK;
  const std::string text = plain_subtitle({reinterpret_cast<const char*>(map.data), map.size},
                                          GPOINTER_TO_INT(keeps_tags) != 0);
  gst_buffer_unmap(markup, &map);
  GstBuffer* plain = gst_buffer_new_memdup(text.data(), text.size());
  gst_buffer_copy_into(
      plain, markup,
      static_cast<GstBufferCopyFlags>(GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS), 0, -1);
  gst_buffer_unref(markup);
  GST_PAD_PROBE_INFO_DATA(info) = plain;
  return GST_PAD_PROBE_OK;
}

}  // namespace

std::string plain_subtitle(std::string_view markup, bool keeps_tags) {
  std::string text;
  while (!markup.empty()) {
    if (markup[0] == '<' && !keeps_tags) {
      const auto end = markup.find('>');
      markup.remove_prefix(end == std::string_view::npos ? markup.size() : end + 1);
      continue;
    }
    std::size_t read = 1;
    char character = markup[0];
    for (const auto& [entity, meaning] : kEntities)
      if (markup.substr(0, entity.size()) == entity) {
        read = entity.size();
        character = meaning;
      }
    text += character;
    markup.remove_prefix(read);
  }
  return text;
}

GstElement* make_subtitle_filter(bool keeps_tags) {
  GstElement* filter = gst_element_factory_make("capssetter", nullptr);
  if (!filter)
    throw RunError("GStreamer's element capssetter is missing: install gstreamer1.0-plugins-good.");
  g_autoptr(GstCaps) caps = gst_caps_from_string("text/x-raw, format = (string) utf8");
  g_object_set(filter, "caps", caps, nullptr);
  g_autoptr(GstPad) sink = gst_element_get_static_pad(filter, "sink");
  gst_pad_add_probe(sink, GST_PAD_PROBE_TYPE_BUFFER, rewrite, GINT_TO_POINTER(keeps_tags), nullptr);
  return filter;
}

}  // namespace colorize_film
