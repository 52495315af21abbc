#include "examples/colorize_film/missing_plugin.h"

#include <gst/pbutils/pbutils.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "examples/colorize_film/options.h"
#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {
namespace {

// Of the stream or the container; NULL where the message is not about one. Borrowed.
const GstCaps* missing_caps(GstMessage* missing_plugin) {
  const GValue* detail =
      gst_structure_get_value(gst_message_get_structure(missing_plugin), "detail");
  return detail && GST_VALUE_HOLDS_CAPS(detail) ? gst_value_get_caps(detail) : nullptr;
}

// What the container calls a codec that GStreamer has no name for; empty where it has one.
std::string name_in_container(const GstCaps* caps) {
  const GstStructure* said = gst_caps_get_structure(caps, 0);
  for (const char* field : {"fourcc", "codec-id"})  // Matroska
    if (const char* name = gst_structure_get_string(said, field)) return name;
  if (int code = 0; gst_structure_get_int(said, "fourcc", &code)) {  // AVI
    std::string name;
    for (int shift = 0; shift < 32; shift += 8)
      name += static_cast<char>(static_cast<unsigned>(code) >> shift & 0x7FU);
    return name;
  }
  const char* const kQuickTime = "video/x-gst-fourcc-";
  const char* media = gst_structure_get_name(said);
  return g_str_has_prefix(media, kQuickTime) ? media + std::strlen(kQuickTime) : "";
}

}  // namespace

std::string tell_missing(GstMessage* missing_plugin, const std::string& input) {
  const GstCaps* caps = missing_caps(missing_plugin);
  std::string name = caps ? name_in_container(caps) : "";
  if (name.empty()) {
    g_autofree char* what = gst_missing_plugin_message_get_description(missing_plugin);
    name = what;
  }
  return "'" + input + "' needs what GStreamer does not have here (" + name +
         "): install gstreamer1.0-libav and gstreamer1.0-plugins-bad if they are not, else convert "
         "it first" +
         kConversion + ".";
}

bool is_dispensable(GstMessage* missing_plugin) {
  const GstCaps* caps = missing_caps(missing_plugin);
  if (!caps) return false;
  const char* const kinds[] = {"audio/",
                               "text/",
                               "subpicture/",
                               "subtitle/",
                               "meta/",
                               "closedcaption/",
                               "application/x-subtitle",
                               "application/x-ass",
                               "application/x-ssa"};
  return std::any_of(std::begin(kinds), std::end(kinds),
                     [caps](const char* kind) { return is_kind(caps, kind); });
}

}  // namespace colorize_film
