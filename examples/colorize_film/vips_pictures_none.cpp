#include "examples/colorize_film/vips_pictures.h"

namespace colorize_film {

bool is_read_by_vips(const Sequence& pictures) {
  if (pictures.media == kDpx) refuse_dpx(pictures.pattern);
  return false;
}

GstElement* make_vips_source(const Sequence&, const FrameRate&) {
  return nullptr;
}

void register_vips_encoders() {}

}  // namespace colorize_film
