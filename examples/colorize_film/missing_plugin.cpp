#include "examples/colorize_film/missing_plugin.h"

#include <algorithm>
#include <iterator>

#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {

bool is_dispensable(GstMessage* missing_plugin) {
  const GValue* detail =
      gst_structure_get_value(gst_message_get_structure(missing_plugin), "detail");
  if (!detail || !GST_VALUE_HOLDS_CAPS(detail)) return false;
  const GstCaps* caps = gst_value_get_caps(detail);
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
