#include "examples/colorize_photo/recolour.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace colorize_photo {
namespace {

using vips::VImage;

// One line: `in` has `bands` samples a pixel, `chroma` two, `out` three.
template <typename Sample>
void recolour_line(const Sample* in, int bands, const float* chroma, Sample* out, int columns,
                   float top) {
  for (int x = 0; x < columns; ++x, in += bands, chroma += 2, out += 3) {
    const float luma = bands == 1 ? float(in[0]) : 0.299f * in[0] + 0.587f * in[1] + 0.114f * in[2];
    const float cb = chroma[0] * top, cr = chroma[1] * top;
    // What R', G' and B' have more than luma.
    const float more[3] = {1.402f * cr, (-0.114f * 1.772f * cb - 0.299f * 1.402f * cr) / 0.587f,
                           1.772f * cb};
    float share = 1;
    for (float difference : more) {
      const float room = difference > 0 ? top - luma : luma;
      if (std::abs(difference) > room) share = std::min(share, room / std::abs(difference));
    }
    for (int band = 0; band < 3; ++band)
      out[band] = static_cast<Sample>(std::clamp(std::round(luma + share * more[band]), 0.0f, top));
  }
}

int generate(VipsRegion* out, void* sequence, void*, void*, gboolean*) {
  VipsRegion** in = static_cast<VipsRegion**>(sequence);  // pixels, chroma
  const VipsRect& area = out->valid;
  if (vips_region_prepare(in[0], &area) != 0 || vips_region_prepare(in[1], &area) != 0) return -1;
  const int bands = in[0]->im->Bands;
  for (int y = area.top; y < VIPS_RECT_BOTTOM(&area); ++y) {
    const auto* chroma = reinterpret_cast<const float*>(VIPS_REGION_ADDR(in[1], area.left, y));
    VipsPel* from = VIPS_REGION_ADDR(in[0], area.left, y);
    VipsPel* to = VIPS_REGION_ADDR(out, area.left, y);
    if (in[0]->im->BandFmt == VIPS_FORMAT_USHORT)
      recolour_line(reinterpret_cast<const uint16_t*>(from), bands, chroma,
                    reinterpret_cast<uint16_t*>(to), area.width, 65535);
    else
      recolour_line<uint8_t>(from, bands, chroma, to, area.width, 255);
  }
  return 0;
}

}  // namespace

VImage recoloured(const VImage& pixels, const VImage& chroma) {
  VipsImage* made = vips_image_new();
  const VImage out(made);
  // Kept as long as the result is.
  for (const VImage& input : {pixels, chroma}) {
    g_object_ref(input.get_image());
    vips_object_local(made, input.get_image());
  }
  if (vips_image_pipelinev(made, VIPS_DEMAND_STYLE_THINSTRIP, pixels.get_image(),
                           chroma.get_image(), nullptr) != 0)
    throw vips::VError();
  made->Bands = 3;
  made->Type =
      made->BandFmt == VIPS_FORMAT_USHORT ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
  VipsImage** inputs =
      vips_allocate_input_array(made, pixels.get_image(), chroma.get_image(), nullptr);
  if (!inputs ||
      vips_image_generate(made, vips_start_many, &generate, vips_stop_many, inputs, nullptr) != 0)
    throw vips::VError();
  return out;
}

}  // namespace colorize_photo
