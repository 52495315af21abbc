#include "plugin/element/gstcgancolorize.h"
#include "plugin/element/stream_state.h"

// The registry scanner runs this: it registers and touches nothing else.
static gboolean plugin_init(GstPlugin* plugin) {
  cgan::register_state_meta();
  return GST_ELEMENT_REGISTER(cgancolorize, plugin);
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, cgancolorize,
                  "Colours black-and-white video with a conditional GAN", plugin_init, VERSION,
                  "LGPL", PACKAGE, PACKAGE)
