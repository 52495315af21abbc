// Libraries that are not the colorizer's: one without its entry, one of another version, one whose
// own libraries lack a function.

#include "plugin/colorizer/interface/colorizer_interface.h"

#if defined(WITH_OTHER_ABI)
CGAN_EXPORT const CganColorizerInterface* cgan_colorizer_interface() {
  static CganColorizerInterface table = {};
  table.abi = CGAN_COLORIZER_ABI + 1;
  return &table;
}
#elif defined(WITH_MISSING_FUNCTION)
extern "C" const CganColorizerInterface* function_of_another_libtorch();
CGAN_EXPORT const CganColorizerInterface* cgan_colorizer_interface() {
  return function_of_another_libtorch();
}
#else
CGAN_EXPORT int something_else() {
  return 0;
}
#endif
