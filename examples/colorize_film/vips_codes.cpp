#include "examples/colorize_film/vips_codes.h"

#include <vector>

namespace colorize_film {
namespace {

using vips::VImage;

constexpr double kTop = 65535;

struct Coding {
  double kr = 0.299, kb = 0.114;  // shares of red and blue in luma
  std::vector<double> offset, scale;

  explicit Coding(const GstVideoInfo& info) {
    gst_video_color_matrix_get_Kr_Kb(info.colorimetry.matrix, &kr, &kb);
    gint offsets[GST_VIDEO_MAX_COMPONENTS], scales[GST_VIDEO_MAX_COMPONENTS];
    gst_video_color_range_offsets(info.colorimetry.range, info.finfo, offsets, scales);
    offset.assign(offsets, offsets + 3);
    scale.assign(scales, scales + 3);
  }
  double kg() const { return 1 - kr - kb; }
};

}  // namespace

VImage codes_of_rgb(const VImage& rgb, const GstVideoInfo& info) {
  const Coding by(info);
  const double blue = 2 * (1 - by.kb);
  const double red = 2 * (1 - by.kr);
  const VImage matrix = VImage::new_matrixv(3, 3, by.kr, by.kg(), by.kb,          //
                                            -by.kr / blue, -by.kg() / blue, 0.5,  //
                                            0.5, -by.kg() / red, -by.kb / red);
  std::vector<double> scale = by.scale;
  for (double& one : scale) one /= kTop;
  return rgb.recomb(matrix).linear(scale, by.offset).rint().cast(VIPS_FORMAT_USHORT);
}

VImage rgb_of_codes(const VImage& codes, const GstVideoInfo& info) {
  const Coding by(info);
  const double blue = 2 * (1 - by.kb);
  const double red = 2 * (1 - by.kr);
  const VImage matrix =
      VImage::new_matrixv(3, 3, 1.0, 0.0, red,                                   //
                          1.0, -blue * by.kb / by.kg(), -red * by.kr / by.kg(),  //
                          1.0, blue, 0.0);
  std::vector<double> scale, offset;
  for (size_t i = 0; i < by.scale.size(); ++i) {
    scale.push_back(kTop / by.scale[i]);
    offset.push_back(-by.offset[i] * scale[i]);
  }
  return codes.linear(scale, offset)
      .recomb(matrix)
      .rint()
      .cast(VIPS_FORMAT_USHORT)
      .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_RGB16));
}

}  // namespace colorize_film
