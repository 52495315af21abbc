#include "examples/colorize_film/container.h"

#include <algorithm>
#include <string_view>
#include <thread>

#include "examples/colorize_film/subtitle_text.h"

namespace colorize_film {
namespace {

struct Container {
  std::string_view ending;
  const char* muxer;
  const char* muxer_package;  // Debian
  bool takes_h264;
};

constexpr Container kContainers[] = {
    {".mp4", "mp4mux", "gstreamer1.0-plugins-good", true},
    {".m4v", "mp4mux", "gstreamer1.0-plugins-good", true},
    {".mov", "qtmux", "gstreamer1.0-plugins-good", true},
    {".mkv", "matroskamux", "gstreamer1.0-plugins-good", true},
    {".webm", "webmmux", "gstreamer1.0-plugins-good", false},
};

struct Encoder {
  const char* element;
  const char* description;
};

// In order of preference. Constant quality, near what the eye tells from the original: grain and
// all, for a result that is worth keeping.
constexpr Encoder kH264Encoders[] = {
    {"x264enc",
     "capsfilter name=chroma caps=video/x-raw,format=I420 "
     "! x264enc pass=qual quantizer=18 speed-preset=medium"},
    {"openh264enc", "openh264enc rate-control=quality bitrate=8000000 complexity=high"},
    {"avenc_mpeg4", "avenc_mpeg4 bitrate=8000000"},
};
constexpr Encoder kWebmEncoders[] = {
    {"vp9enc",
     "vp9enc end-usage=cq cq-level=20 target-bitrate=0 deadline=1 cpu-used=5 row-mt=true"},
    {"vp8enc", "vp8enc end-usage=cq cq-level=8 target-bitrate=8000000 deadline=1 cpu-used=4"},
};

const Container& container_of(const std::string& output) {
  g_autofree char* lower = g_ascii_strdown(output.c_str(), -1);
  const std::string_view name(lower);
  for (const Container& container : kContainers)
    if (name.size() > container.ending.size() &&
        name.substr(name.size() - container.ending.size()) == container.ending)
      return container;
  throw RunError(
      "The ending of '" + output + "' names no container: use .mp4, .mov, .mkv or .webm.", kUsage);
}

bool is_installed(const Encoder& encoder) {
  g_autoptr(GstElementFactory) factory = gst_element_factory_find(encoder.element);
  return factory != nullptr;
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

bool link_to_template(GstPad* source, GstElement* muxer, GstPadTemplate* sink_template) {
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
  GstElement* muxer = gst_element_factory_make(container.muxer, "muxer");
  if (!muxer)
    throw RunError(std::string("GStreamer's element ") + container.muxer +
                   " is missing: install the package " + container.muxer_package + ".");
  return muxer;
}

bool keeps_clock(GstElement* muxer) {
  const std::string type = G_OBJECT_TYPE_NAME(muxer);
  return type == "GstMatroskaMux" || type == "GstWebMMux";
}

GstElement* make_encoder(const std::string& output, const std::optional<std::string>& description) {
  std::string chosen;
  if (description) {
    chosen = *description;
  } else if (container_of(output).takes_h264) {
    const auto* best =
        std::find_if(std::begin(kH264Encoders), std::end(kH264Encoders), is_installed);
    if (best != std::end(kH264Encoders)) chosen = best->description;
  } else {
    const auto* best =
        std::find_if(std::begin(kWebmEncoders), std::end(kWebmEncoders), is_installed);
    // libvpx uses one thread unless told.
    if (best != std::end(kWebmEncoders))
      chosen = std::string(best->description) +
               " threads=" + std::to_string(std::max(1U, std::thread::hardware_concurrency()));
  }
  if (chosen.empty())
    throw RunError(
        "No video encoder is installed: install gstreamer1.0-plugins-ugly (H.264) or "
        "gstreamer1.0-plugins-good (VP9), or name one with --encoder.");

  g_autoptr(GError) error = nullptr;
  GstElement* encoder = gst_parse_bin_from_description_full(chosen.c_str(), TRUE, nullptr,
                                                            GST_PARSE_FLAG_FATAL_ERRORS, &error);
  if (!encoder) throw RunError("--encoder \"" + chosen + "\": " + error->message + ".", kUsage);
  g_autoptr(GstPad) sink = gst_element_get_static_pad(encoder, "sink");
  g_autoptr(GstPad) source = gst_element_get_static_pad(encoder, "src");
  if (!sink || !source) {
    gst_object_unref(gst_object_ref_sink(encoder));
    throw RunError("--encoder \"" + chosen + "\" does not take video in and give video out.",
                   kUsage);
  }
  gst_object_set_name(GST_OBJECT(encoder), "encoder");
  return encoder;
}

void allow_odd_size(GstElement* encoder) {
  g_autoptr(GstElement) chroma = gst_bin_get_by_name(GST_BIN(encoder), "chroma");
  if (!chroma) return;
  g_autoptr(GstCaps) full = gst_caps_from_string("video/x-raw, format = (string) Y444");
  g_object_set(chroma, "caps", full, nullptr);
}

bool link_to_muxer(GstBin* pipeline, GstPad* source, const GstCaps* caps, GstElement* muxer) {
  g_autoptr(GstCaps) markup = gst_caps_from_string("text/x-raw, format = (string) pango-markup");
  if (gst_caps_is_subset(caps, markup)) return link_subtitle_markup(pipeline, source, muxer);
  if (GstPadTemplate* direct = sink_template_for(muxer, caps); direct && gst_caps_is_fixed(caps))
    return link_to_template(source, muxer, direct);

  GstElement* parser = make_parser(caps, muxer);
  if (!parser) {
    GstPadTemplate* direct = sink_template_for(muxer, caps);
    return direct && link_to_template(source, muxer, direct);
  }
  gst_bin_add(pipeline, parser);
  g_autoptr(GstPad) parser_sink = gst_element_get_static_pad(parser, "sink");
  g_autoptr(GstPad) parser_source = gst_element_get_static_pad(parser, "src");
  g_autoptr(GstCaps) written = gst_pad_query_caps(parser_source, nullptr);
  GstPadTemplate* sink_template = sink_template_for(muxer, written);
  if (sink_template && link_to_template(parser_source, muxer, sink_template) &&
      GST_PAD_LINK_SUCCESSFUL(gst_pad_link(source, parser_sink))) {
    gst_element_sync_state_with_parent(parser);
    return true;
  }
  gst_bin_remove(pipeline, parser);
  return false;
}

}  // namespace colorize_film
