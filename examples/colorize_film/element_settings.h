#pragma once

// Sets properties of an element from text or by a preset, with an answer a user can act on.

#include <gst/gst.h>

#include <string>
#include <utility>
#include <vector>

namespace colorize_film {

// Sets each (property, value) on `element` in order; values as gst-launch-1.0 writes them.
// Throws RunError (kUsage) for a property the element does not have (the sentence lists those it
// has), one that cannot be written, and a value that cannot be read or is out of range.
void apply_settings(GstElement* element,
                    const std::vector<std::pair<std::string, std::string>>& settings);

// Loads a preset of `element` by its name.
// Throws RunError (kUsage) where it has none of that name; the sentence lists those it has.
void apply_preset(GstElement* element, const std::string& name);

}  // namespace colorize_film
