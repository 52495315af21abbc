#pragma once

// The element's properties: names, texts (those of gst-inspect-1.0), limits, and the field of
// PropertyValues that each one stands for. It knows GObject, but not the element that owns the
// values.

#include <gst/gst.h>

#include "plugin/element/property_values.h"

namespace cgan {

// Installs all properties, with ids for the two functions below; `owner` needs set_property and
// get_property. Once in a process.
void install_properties(GObjectClass* owner);

// False: no such property, or one that is only read. `is_creation` tells whether it belongs to
// `values.creation`. Thread-safety: the owner holds the lock of `values`.
bool set_property_value(PropertyValues& values, guint id, const GValue* value, bool* is_creation);
bool get_property_value(const PropertyValues& values, guint id, GValue* value);

// Names of those that make up a look, as a preset keeps them, ended by NULL: neither what depends
// on the machine or is made for a moment, nor model and variant, which presets go with.
const gchar* const* look_properties();

}  // namespace cgan

// Values as in CganOnColour; nicks "keep", "recolor".
#define GST_TYPE_CGAN_COLORIZE_ON_COLOR (gst_cgan_colorize_on_color_get_type())
GType gst_cgan_colorize_on_color_get_type();

// Values as in CganPrecision; nicks "auto", "fp32", "bf16", "fp16", "int8".
#define GST_TYPE_CGAN_COLORIZE_PRECISION (gst_cgan_colorize_precision_get_type())
GType gst_cgan_colorize_precision_get_type();
