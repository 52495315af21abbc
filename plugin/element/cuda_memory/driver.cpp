#include "plugin/element/cuda_memory/driver.h"

#include <gmodule.h>
#include <gst/cuda/gstcudautils.h>

namespace cgan {
namespace {

template <typename Function>
bool find(GModule* module, const char* name, Function& function) {
  gpointer symbol = nullptr;
  const bool is_there = g_module_symbol(module, name, &symbol) != FALSE && symbol != nullptr;
  function = reinterpret_cast<Function>(symbol);
  return is_there;
}

}  // namespace

const Driver* open_driver() {
  static const Driver kDriver = [] {
    Driver driver;
    if (!gst_cuda_load_library()) return driver;
    GModule* const module = g_module_open("libcuda.so.1", G_MODULE_BIND_LOCAL);
    if (module == nullptr) return driver;
    g_module_make_resident(module);
    // The names that cuda.h has for these, by macros with the version.
    const bool has_all = find(module, G_STRINGIFY(cuDevicePrimaryCtxRetain), driver.retain) &&
                         find(module, G_STRINGIFY(cuDevicePrimaryCtxRelease), driver.release) &&
                         find(module, G_STRINGIFY(cuMemcpy3DPeer), driver.copy_peer);
    return has_all ? driver : Driver();
  }();
  return kDriver.retain != nullptr ? &kDriver : nullptr;
}

}  // namespace cgan
