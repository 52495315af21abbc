#pragma once

// What the head of a Matroska file says that GStreamer's reader does not hand on.

#include <optional>
#include <string>

namespace colorize_film {

// Which field of its first video track is shown first; none where it has no two fields, where the
// file does not say it, or is none.
std::optional<bool> matroska_top_field_first(const std::string& path);

}  // namespace colorize_film
