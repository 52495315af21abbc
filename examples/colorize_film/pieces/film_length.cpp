#include "examples/colorize_film/pieces/film_length.h"

#include <gst/pbutils/pbutils.h>

namespace colorize_film {

GstClockTime film_length(const std::string& path) {
  constexpr GstClockTime kPatience = 10 * GST_SECOND;
  g_autofree char* uri = gst_filename_to_uri(path.c_str(), nullptr);
  g_autoptr(GstDiscoverer) discoverer = gst_discoverer_new(kPatience, nullptr);
  if (!uri || !discoverer) return GST_CLOCK_TIME_NONE;
  g_autoptr(GstDiscovererInfo) info = gst_discoverer_discover_uri(discoverer, uri, nullptr);
  return info ? gst_discoverer_info_get_duration(info) : GST_CLOCK_TIME_NONE;
}

}  // namespace colorize_film
