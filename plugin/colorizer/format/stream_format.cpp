#include "plugin/colorizer/format/stream_format.h"

#include <string>

#include "plugin/colorizer/interface/checks.h"

namespace cgan {
namespace {

Matrix matrix_from(CganMatrix matrix) {
  switch (matrix) {
    case CGAN_MATRIX_BT601:
      return Matrix::kBt601;
    case CGAN_MATRIX_BT709:
      return Matrix::kBt709;
    case CGAN_MATRIX_BT2020:
      return Matrix::kBt2020;
  }
  refuse_frame("The colour matrix of the stream is unknown; use BT.601, BT.709 or BT.2020.",
               "matrix " + std::to_string(static_cast<int>(matrix)));
}

Range range_from(int full_range) {
  return full_range != 0 ? Range::kFull : Range::kLimited;
}

/// Centre of the first chroma sample of an axis in luma pixels.
double first_sample(int step, bool is_on_pixel) {
  return is_on_pixel ? 0.5 : 0.5 * step;
}

ChromaGrid grid_of(const PixelFormat& format, int64_t width, int64_t height, CganChromaSite site) {
  const int64_t step_x = format.step_x, step_y = format.step_y;
  return {(width + step_x - 1) / step_x,
          (height + step_y - 1) / step_y,
          step_x,
          step_y,
          first_sample(format.step_x, (site & CGAN_CHROMA_LEFT) != 0),
          first_sample(format.step_y, (site & CGAN_CHROMA_TOP) != 0)};
}

void check_site(CganChromaSite site) {
  if (site < CGAN_CHROMA_CENTRE || site > CGAN_CHROMA_TOP_LEFT) {
    refuse_frame("The chroma site of the stream is unknown; use centre, left, top or top left.",
                 "site " + std::to_string(static_cast<int>(site)));
  }
}

}  // namespace

StreamFormat StreamFormat::from(const CganStreamInfo& info) {
  if (info.width < 1 || info.height < 1 || info.width > CGAN_LARGEST_SIDE ||
      info.height > CGAN_LARGEST_SIDE) {
    refuse_frame("The frame size is outside 1.." + std::to_string(CGAN_LARGEST_SIDE) +
                     " pixels; scale the video first.",
                 std::to_string(info.width) + " x " + std::to_string(info.height));
  }
  const PixelFormat* in = find_pixel_format(info.in);
  const PixelFormat* out = find_pixel_format(info.out);
  if (in == nullptr || out == nullptr) {
    refuse_frame("The format of the stream is unknown; use one of CganFormat.",
                 "formats " + std::to_string(static_cast<int>(info.in)) + " and " +
                     std::to_string(static_cast<int>(info.out)));
  }
  if (!can_become(*in, *out)) {
    refuse_frame("The output format cannot hold the input; use a YUV format of its depth or more.",
                 std::to_string(in->depth) + " bits to " + std::to_string(out->depth) +
                     (out->has_chroma() ? " bits" : " bits without colour"));
  }
  if (info.delay > CGAN_LONGEST_DELAY) {
    refuse_frame(
        "The delay is above " + std::to_string(CGAN_LONGEST_DELAY) + " frames; set it within.",
        "delay " + std::to_string(info.delay));
  }
  check_site(info.chroma_site);
  check_site(info.in_chroma_site);
  return {info.width,
          info.height,
          *in,
          *out,
          matrix_from(info.matrix),
          range_from(info.in_full_range),
          range_from(info.out_full_range),
          info.chroma_site,
          info.in_chroma_site};
}

ChromaGrid StreamFormat::chroma_grid() const {
  return grid_of(out, width, height, chroma_site);
}

ChromaGrid StreamFormat::in_chroma_grid() const {
  return grid_of(in, width, height, in_chroma_site);
}

CodeScale StreamFormat::luma_samples() const {
  const CodeScale codes = luma_codes(in_range, in.depth);
  const double unit = 1 << in.shift;
  return {codes.scale * unit, codes.offset * unit};
}

bool StreamFormat::keeps_luma() const {
  return in.depth == out.depth && in.shift == out.shift && in_range == out_range;
}

}  // namespace cgan
