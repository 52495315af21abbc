#include "examples/colorize_film/element_settings.h"

#include "examples/colorize_film/options.h"

namespace colorize_film {
namespace {

std::string name_of(GstElement* element) {
  return gst_plugin_feature_get_name(GST_PLUGIN_FEATURE(gst_element_get_factory(element)));
}

// Only what the element itself declares: name, parent and qos are the base classes' business.
std::string writable_properties(GstElement* element) {
  guint count = 0;
  g_autofree GParamSpec** specs =
      g_object_class_list_properties(G_OBJECT_GET_CLASS(element), &count);
  std::string names;
  for (guint i = 0; i < count; ++i)
    if ((specs[i]->flags & G_PARAM_WRITABLE) && specs[i]->owner_type == G_OBJECT_TYPE(element))
      names += (names.empty() ? "" : ", ") + std::string(specs[i]->name);
  return names;
}

void apply(GstElement* element, const std::string& property, const std::string& text) {
  const std::string setting = "--set " + property + "=" + text + ": ";
  GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), property.c_str());
  if (!spec || !(spec->flags & G_PARAM_WRITABLE))
    throw RunError(setting + name_of(element) + " has no such property to set; it has " +
                       writable_properties(element) + ".",
                   kUsage);
  GValue value = G_VALUE_INIT;
  g_value_init(&value, spec->value_type);
  const bool is_read = gst_value_deserialize_with_pspec(&value, text.c_str(), spec);
  const bool is_changed = is_read && g_param_value_validate(spec, &value);
  if (is_read && !is_changed) g_object_set_property(G_OBJECT(element), property.c_str(), &value);
  g_value_unset(&value);
  if (!is_read || is_changed)
    throw RunError(setting + (is_read ? "out of range" : "not a value of this property") +
                       "; see gst-inspect-1.0 " + name_of(element) + ".",
                   kUsage);
}

}  // namespace

void apply_settings(GstElement* element,
                    const std::vector<std::pair<std::string, std::string>>& settings) {
  for (const auto& [property, value] : settings) apply(element, property, value);
}

void apply_preset(GstElement* element, const std::string& name) {
  const bool has_presets = GST_IS_PRESET(element);
  if (has_presets && gst_preset_load_preset(GST_PRESET(element), name.c_str())) return;
  g_auto(GStrv) names = has_presets ? gst_preset_get_preset_names(GST_PRESET(element)) : nullptr;
  g_autofree char* known = names && *names ? g_strjoinv(", ", names) : g_strdup("none");
  throw RunError(
      "--preset " + name + ": " + name_of(element) +
          " has no preset of this name that is installed or in GST_PRESET_PATH; it has " + known +
          ".",
      kUsage);
}

}  // namespace colorize_film
