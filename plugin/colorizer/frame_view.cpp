#include "plugin/colorizer/frame_view.h"

#include <string>

#include "plugin/colorizer/colorizer_error.h"

namespace cgan {
namespace {

constexpr uint32_t kLargestSide = 16384;

[[noreturn]] void refuse(const std::string& message, const std::string& details) {
  throw ColorizerError(CGAN_ERROR_FRAME, message, details);
}

void check_plane(const CganFrame& frame, int plane, int64_t bytes, const char* which) {
  const std::string name = std::string(which) + " plane " + std::to_string(plane);
  if (frame.data[plane] == nullptr) {
    refuse("The " + name + " of the frame is missing; pass every plane of the format.",
           "data is NULL");
  }
  if (frame.stride[plane] < bytes) {
    refuse("The stride of the " + name + " is smaller than its rows; pass the frame's own stride.",
           "stride " + std::to_string(frame.stride[plane]) + ", row " + std::to_string(bytes) +
               " bytes");
  }
}

Matrix matrix_from(CganMatrix matrix) {
  switch (matrix) {
    case CGAN_MATRIX_BT601:
      return Matrix::kBt601;
    case CGAN_MATRIX_BT709:
      return Matrix::kBt709;
    case CGAN_MATRIX_BT2020:
      return Matrix::kBt2020;
  }
  refuse("The colour matrix of the stream is unknown; use BT.601, BT.709 or BT.2020.",
         "matrix " + std::to_string(static_cast<int>(matrix)));
}

}  // namespace

StreamFormat StreamFormat::from(const CganStreamInfo& info) {
  if (info.width < 1 || info.height < 1 || info.width > kLargestSide ||
      info.height > kLargestSide) {
    refuse("The frame size is outside 1..16384 pixels; scale the video first.",
           std::to_string(info.width) + " x " + std::to_string(info.height));
  }
  if (info.in < CGAN_FORMAT_GRAY8 || info.in > CGAN_FORMAT_Y444) {
    refuse("The input format is unknown; use GRAY8, I420, NV12 or Y444.",
           "format " + std::to_string(static_cast<int>(info.in)));
  }
  if (info.out < CGAN_FORMAT_I420 || info.out > CGAN_FORMAT_Y444) {
    refuse("The output format holds no colour; use I420, NV12 or Y444.",
           "format " + std::to_string(static_cast<int>(info.out)));
  }
  return {info.width,
          info.height,
          info.in,
          info.out,
          matrix_from(info.matrix),
          info.full_range != 0 ? Range::kFull : Range::kLimited};
}

ChromaGrid StreamFormat::chroma_grid() const {
  if (out == CGAN_FORMAT_Y444) return {width, height, 1};
  return {(width + 1) / 2, (height + 1) / 2, 2};
}

LumaView view_luma(const CganFrame& frame, const StreamFormat& format) {
  check_plane(frame, 0, format.width, "input");
  return {frame.data[0], frame.stride[0]};
}

FrameView view_output(const CganFrame& frame, const StreamFormat& format) {
  const ChromaGrid grid = format.chroma_grid();
  const bool interleaved = format.out == CGAN_FORMAT_NV12;
  check_plane(frame, 0, format.width, "output");
  check_plane(frame, 1, interleaved ? 2 * grid.width : grid.width, "output");
  if (interleaved) {
    return {frame.data[0],
            frame.data[1],
            frame.data[1] + 1,
            frame.stride[0],
            frame.stride[1],
            frame.stride[1],
            2};
  }
  check_plane(frame, 2, grid.width, "output");
  return {frame.data[0],
          frame.data[1],
          frame.data[2],
          frame.stride[0],
          frame.stride[1],
          frame.stride[2],
          1};
}

}  // namespace cgan
