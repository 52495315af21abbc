// Libraries that are not the colorizer's: one without its entry, one of another version.

#include "plugin/colorizer/colorizer_interface.h"

#ifdef WITH_OTHER_ABI
CGAN_EXPORT const CganColorizerInterface* cgan_colorizer_interface() {
  static CganColorizerInterface table = {};
  table.abi = CGAN_COLORIZER_ABI + 1;
  return &table;
}
#else
CGAN_EXPORT int something_else() {
  return 0;
}
#endif
