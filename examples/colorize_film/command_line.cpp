#include "examples/colorize_film/command_line.h"

#include <gst/gst.h>

namespace colorize_film {

std::string read_words(int argc, char** argv, const GOptionEntry* entries, const char* summary,
                       const char* examples) {
  GOptionContext* context = g_option_context_new(nullptr);
  g_option_context_set_summary(context, summary);
  g_option_context_set_description(context, examples);
  g_option_context_add_main_entries(context, entries, nullptr);
  g_option_context_add_group(context, gst_init_get_option_group());
  g_autoptr(GError) error = nullptr;
  const bool parsed = g_option_context_parse(context, &argc, &argv, &error);
  g_option_context_free(context);
  return parsed ? std::string() : std::string(error->message) + ".";
}

std::string add_settings(char** words, std::vector<std::pair<std::string, std::string>>& settings) {
  for (char** word = words; word && *word; ++word) {
    const std::string text = *word;
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      return "--set takes PROPERTY=VALUE, not '" + text + "'.";
    settings.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return {};
}

}  // namespace colorize_film
