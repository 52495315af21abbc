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

/// The same from top to bottom. The chroma of both fields is spread evenly over the frame (Rec.
/// ITU-T H.262, figure 6-2), which is a quarter of a row off the middle of a field's two.
double first_line(int step, bool is_on_pixel, CganScan scan) {
  const double first = first_sample(step, is_on_pixel);
  if (scan == CGAN_SCAN_FRAME || step == 1 || is_on_pixel) return first;
  return scan == CGAN_SCAN_TOP_FIELD ? first - 0.25 : first + 0.25;
}

ChromaGrid grid_of(const PixelFormat& format, const StreamFormat& stream, CganChromaSite site) {
  const int64_t step_x = format.step_x, step_y = format.step_y;
  return {(stream.width + step_x - 1) / step_x,
          (stream.height + step_y - 1) / step_y,
          step_x,
          step_y,
          first_sample(format.step_x, (site & CGAN_CHROMA_LEFT) != 0),
          first_line(format.step_y, (site & CGAN_CHROMA_TOP) != 0, stream.scan)};
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
  if (info.interlaced != 0 && info.height < 2) {
    refuse_frame("A frame of one row has no fields; pass it as progressive.", "height 1");
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

StreamFormat StreamFormat::field(CganScan field) const {
  StreamFormat result = *this;
  result.scan = field;
  result.frame_height = height;
  result.height = field == CGAN_SCAN_TOP_FIELD ? (height + 1) / 2 : height / 2;
  return result;
}

int64_t StreamFormat::frame_border_quarters() const {
  if (scan == CGAN_SCAN_FRAME) return 0;
  return scan == CGAN_SCAN_TOP_FIELD ? 1 : -1;
}

ChromaGrid StreamFormat::chroma_grid() const {
  return grid_of(out, *this, chroma_site);
}

ChromaGrid StreamFormat::in_chroma_grid() const {
  return grid_of(in, *this, in_chroma_site);
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
