#include "plugin/element/colorizer_library.h"

#include <dlfcn.h>
#include <gmodule.h>

#include <memory>
#include <vector>

namespace cgan {
namespace {

constexpr char kLibraryVariable[] = "CGANCOLORIZE_LIBRARY";
constexpr char kLibraryFile[] = "libcgancolorizer.so";

std::string build_tree_place() {
  Dl_info own_file;
  if (dladdr(reinterpret_cast<void*>(&open_colorizer_library), &own_file) == 0 ||
      own_file.dli_fname == nullptr) {
    return {};
  }
  const std::unique_ptr<char, decltype(&g_free)> folder(g_path_get_dirname(own_file.dli_fname),
                                                        &g_free);
  return std::string(folder.get()) + "/../colorizer/" + kLibraryFile;
}

std::vector<std::string> places() {
  const char* named = g_getenv(kLibraryVariable);
  if (named != nullptr && *named != '\0') return {named};
  std::vector<std::string> found;
  const std::string build_tree = build_tree_place();
  if (!build_tree.empty()) found.push_back(build_tree);
  found.push_back(CGAN_INSTALLED_LIBRARY);
  return found;
}

// The table of the library at `place`, or NULL with the reason.
const CganColorizerInterface* open_at(const std::string& place, std::string& reason) {
  // Bound at once, not lazily: a LibTorch of another version is then an error here instead of the
  // end of the process at the first call, and it costs no measurable time. Local symbols keep
  // LibTorch's copies of common libraries out of the way of other plugins'.
  GModule* module = g_module_open(place.c_str(), G_MODULE_BIND_LOCAL);
  if (module == nullptr) {
    reason = g_module_error();
    return nullptr;
  }
  g_module_make_resident(module);
  gpointer symbol = nullptr;
  if (!g_module_symbol(module, CGAN_COLORIZER_ENTRY, &symbol) || symbol == nullptr) {
    reason = std::string("it has no function ") + CGAN_COLORIZER_ENTRY;
    return nullptr;
  }
  const CganColorizerInterface* table = reinterpret_cast<CganColorizerEntry>(symbol)();
  if (table == nullptr || table->abi != CGAN_COLORIZER_ABI) {
    reason = "its interface has version " + std::to_string(table == nullptr ? 0 : table->abi) +
             ", wanted is " + std::to_string(CGAN_COLORIZER_ABI);
    return nullptr;
  }
  return table;
}

}  // namespace

const CganColorizerInterface* open_colorizer_library(LibraryError& error) {
  error = {};
  for (const std::string& place : places()) {
    std::string reason;
    const CganColorizerInterface* table = open_at(place, reason);
    if (table != nullptr) return table;
    if (!error.details.empty()) error.details += "\n";
    // The loader mostly names the file itself.
    error.details += reason.rfind(place, 0) == 0 ? reason : place + ": " + reason;
  }
  error.message = std::string("The library ") + kLibraryFile +
                  " that holds the network cannot be opened: install cgancolorize and its "
                  "LibTorch completely, or name the file in the environment variable " +
                  kLibraryVariable + ".";
  return nullptr;
}

}  // namespace cgan
