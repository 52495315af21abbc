#include "examples/colorize_film/container.h"

#include <algorithm>
#include <string_view>

#include "examples/colorize_film/sequence.h"
#include "examples/colorize_film/subtitle_text.h"

namespace colorize_film {
namespace {

using Codecs = std::vector<std::string_view>;

struct Container {
  std::string_view ending;
  const char* muxer;          // NULL: a file for each picture
  const char* muxer_package;  // Debian
  Codecs codecs;
};

// Matroska comes first: it is that of standard output.
const std::vector<Container>& containers() {
  static const char* const kGood = "gstreamer1.0-plugins-good";
  static const Codecs kCommon = {"h264", "h265", "mpeg4"};
  static const std::vector<Container> kAll = {
      {".mkv", "matroskamux", kGood, {"h264", "h265", "ffv1", "mpeg4"}},
      {".mp4", "mp4mux", kGood, kCommon},
      {".m4v", "mp4mux", kGood, kCommon},
      {".mov", "qtmux", kGood, {"h264", "h265", "prores", "mpeg4"}},
      {".webm", "webmmux", kGood, {"vp9", "av1", "vp8"}},
      {".png", nullptr, kGood, {"png"}},
      {".tif", nullptr, kGood, {"tiff"}},
      {".tiff", nullptr, kGood, {"tiff"}},
  };
  return kAll;
}

const Container& container_of(const std::string& output) {
  if (output == kStandardOutput) return containers().front();
  g_autofree char* lower = g_ascii_strdown(output.c_str(), -1);
  const std::string_view name(lower);
  for (const Container& container : containers())
    if (name.size() > container.ending.size() &&
        name.substr(name.size() - container.ending.size()) == container.ending &&
        (container.muxer || is_sequence(output)))
      return container;
  throw RunError("The ending of '" + output +
                     "' names no container: use .mp4, .mov, .mkv or .webm, or a file for each "
                     "picture, such as name-%06d.png.",
                 kUsage);
}

// The template of a sink pad of `muxer` that takes `caps` as they are; NULL if there is none.
GstPadTemplate* sink_template_for(GstElement* muxer, const GstCaps* caps) {
  const GList* templates = gst_element_class_get_pad_template_list(GST_ELEMENT_GET_CLASS(muxer));
  for (const GList* item = templates; item; item = item->next) {
    auto* candidate = GST_PAD_TEMPLATE(item->data);
    if (GST_PAD_TEMPLATE_DIRECTION(candidate) != GST_PAD_SINK) continue;
    g_autoptr(GstCaps) accepted = gst_pad_template_get_caps(candidate);
    if (gst_caps_can_intersect(accepted, caps)) return candidate;
  }
  return nullptr;
}

// Whether `caps` say all that the template asks for.
bool is_whole(const GstCaps* caps, GstPadTemplate* sink_template) {
  g_autoptr(GstCaps) accepted = gst_pad_template_get_caps(sink_template);
  return gst_caps_is_fixed(caps) && gst_caps_is_subset(caps, accepted);
}

bool link_to_template(GstPad* source, GstElement* muxer, GstPadTemplate* sink_template,
                      GstPad* reserved = nullptr) {
  if (reserved) return GST_PAD_LINK_SUCCESSFUL(gst_pad_link(source, reserved));
  g_autoptr(GstPad) sink = gst_element_request_pad(muxer, sink_template, nullptr, nullptr);
  if (!sink) return false;
  if (GST_PAD_LINK_SUCCESSFUL(gst_pad_link(source, sink))) return true;
  gst_element_release_request_pad(muxer, sink);
  return false;
}

// A parser that reads `caps` and can write a form of it that the muxer takes; NULL if none.
GstElement* make_parser(const GstCaps* caps, GstElement* muxer) {
  GList* parsers =
      gst_element_factory_list_get_elements(GST_ELEMENT_FACTORY_TYPE_PARSER, GST_RANK_MARGINAL);
  GList* readers = gst_element_factory_list_filter(parsers, caps, GST_PAD_SINK, FALSE);
  GstElement* parser = nullptr;
  for (GList* item = readers; item && !parser; item = item->next) {
    auto* factory = GST_ELEMENT_FACTORY(item->data);
    const GList* templates = gst_element_factory_get_static_pad_templates(factory);
    for (const GList* entry = templates; entry && !parser; entry = entry->next) {
      auto* form = static_cast<GstStaticPadTemplate*>(entry->data);
      if (form->direction != GST_PAD_SRC) continue;
      g_autoptr(GstCaps) written = gst_static_pad_template_get_caps(form);
      // The parser changes the form, never the codec: what it writes must be of the same name.
      g_autoptr(GstCaps) same_codec =
          gst_caps_new_empty_simple(gst_structure_get_name(gst_caps_get_structure(caps, 0)));
      if (gst_caps_can_intersect(written, same_codec) && sink_template_for(muxer, written))
        parser = gst_element_factory_create(factory, nullptr);
    }
  }
  gst_plugin_feature_list_free(readers);
  gst_plugin_feature_list_free(parsers);
  return parser;
}

bool link_subtitle_markup(GstBin* pipeline, GstPad* source, GstElement* muxer) {
  g_autoptr(GstCaps) plain = gst_caps_from_string("text/x-raw, format = (string) utf8");
  GstPadTemplate* sink_template = sink_template_for(muxer, plain);
  if (!sink_template) return false;
  const bool is_matroska = g_str_has_prefix(G_OBJECT_TYPE_NAME(muxer), "GstMatroska");
  GstElement* filter = make_subtitle_filter(is_matroska);
  gst_bin_add(pipeline, filter);
  g_autoptr(GstPad) filter_sink = gst_element_get_static_pad(filter, "sink");
  g_autoptr(GstPad) filter_source = gst_element_get_static_pad(filter, "src");
  if (!link_to_template(filter_source, muxer, sink_template) ||
      !GST_PAD_LINK_SUCCESSFUL(gst_pad_link(source, filter_sink))) {
    gst_bin_remove(pipeline, filter);
    return false;
  }
  gst_element_sync_state_with_parent(filter);
  return true;
}

}  // namespace

GstElement* make_muxer(const std::string& output) {
  const Container& container = container_of(output);
  if (!container.muxer) return nullptr;
  GstElement* muxer = gst_element_factory_make(container.muxer, "muxer");
  if (!muxer)
    throw RunError(std::string("GStreamer's element ") + container.muxer +
                   " is missing: install the package " + container.muxer_package + ".");
  return muxer;
}

bool writes_pictures(const std::string& output) {
  return container_of(output).muxer == nullptr;
}

const std::vector<std::string_view>& codecs_of(const std::string& output) {
  return container_of(output).codecs;
}

bool keeps_clock(GstElement* muxer) {
  const std::string type = muxer ? G_OBJECT_TYPE_NAME(muxer) : "";
  return type == "GstMatroskaMux" || type == "GstWebMMux";
}

GstPad* request_video_pad(GstElement* muxer) {
  g_autoptr(GstPad) pad = gst_element_request_pad_simple(muxer, "video_%u");
  return pad;
}

bool link_to_muxer(GstBin* pipeline, GstPad* source, const GstCaps* caps, GstElement* muxer,
                   GstPad* reserved) {
  if (!muxer) return false;
  g_autoptr(GstCaps) markup = gst_caps_from_string("text/x-raw, format = (string) pango-markup");
  if (gst_caps_is_subset(caps, markup)) return link_subtitle_markup(pipeline, source, muxer);
  if (GstPadTemplate* direct = sink_template_for(muxer, caps); direct && is_whole(caps, direct))
    return link_to_template(source, muxer, direct, reserved);

  GstElement* parser = make_parser(caps, muxer);
  if (!parser) {
    GstPadTemplate* direct = sink_template_for(muxer, caps);
    return direct && link_to_template(source, muxer, direct, reserved);
  }
  gst_bin_add(pipeline, parser);
  g_autoptr(GstPad) parser_sink = gst_element_get_static_pad(parser, "sink");
  g_autoptr(GstPad) parser_source = gst_element_get_static_pad(parser, "src");
  g_autoptr(GstCaps) written = gst_pad_query_caps(parser_source, nullptr);
  GstPadTemplate* sink_template = sink_template_for(muxer, written);
  if (sink_template && link_to_template(parser_source, muxer, sink_template, reserved) &&
      GST_PAD_LINK_SUCCESSFUL(gst_pad_link(source, parser_sink))) {
    gst_element_sync_state_with_parent(parser);
    return true;
  }
  gst_bin_remove(pipeline, parser);
  return false;
}

}  // namespace colorize_film
