#include "plugin/colorizer/format/plane_view.h"

#include <string>
#include <utility>

#include "plugin/colorizer/interface/checks.h"

namespace cgan {
namespace {

void check_plane(const CganFrame& frame, int plane, int64_t bytes, const char* which) {
  const std::string name = std::string(which) + " plane " + std::to_string(plane);
  if (frame.data[plane] == nullptr) {
    refuse_frame("The " + name + " of the frame is missing; pass every plane of the format.",
                 "data is NULL");
  }
  if (frame.stride[plane] < bytes) {
    refuse_frame(
        "The stride of the " + name + " is smaller than its rows; pass the frame's own stride.",
        "stride " + std::to_string(frame.stride[plane]) + ", row " + std::to_string(bytes) +
            " bytes");
  }
}

/// Chroma of a frame of a format that has some.
FrameView find_chroma(const CganFrame& frame, const PixelFormat& format, int64_t width,
                      const char* which) {
  const int64_t bytes = format.sample_bytes();
  FrameView view = {frame.data[0],   nullptr,         nullptr,
                    frame.stride[0], frame.stride[1], frame.stride[1]};
  if (format.layout == ChromaLayout::kInterleaved) {
    check_plane(frame, 1, 2 * width * bytes, which);
    view.cb = frame.data[1];
    view.cr = frame.data[1] + bytes;
  } else {
    check_plane(frame, 1, width * bytes, which);
    check_plane(frame, 2, width * bytes, which);
    view.cb = frame.data[1];
    view.cr = frame.data[2];
    view.cr_stride = frame.stride[2];
  }
  if (format.cr_first) {
    std::swap(view.cb, view.cr);
    std::swap(view.cb_stride, view.cr_stride);
  }
  return view;
}

}  // namespace

LumaView view_luma(const CganFrame& frame, const StreamFormat& format) {
  check_plane(frame, 0, format.width * format.in.sample_bytes(), "input");
  return {frame.data[0], frame.stride[0]};
}

ChromaView view_chroma(const CganFrame& frame, const StreamFormat& format) {
  if (!format.in.has_chroma()) return {};
  const FrameView view = find_chroma(frame, format.in, format.in_chroma_grid().width, "input");
  return {view.cb, view.cr, view.cb_stride, view.cr_stride};
}

InputView view_input(const CganFrame& frame, const StreamFormat& format) {
  return {view_luma(frame, format), view_chroma(frame, format)};
}

FrameView view_output(const CganFrame& frame, const StreamFormat& format) {
  check_plane(frame, 0, format.width * format.out.sample_bytes(), "output");
  return find_chroma(frame, format.out, format.chroma_grid().width, "output");
}

void check_in_place(const LumaView& in, const FrameView& out, const StreamFormat& format) {
  if (in.data != out.luma) return;
  if (!format.keeps_luma()) {
    refuse_frame(
        "Input and output are the same luma in two depths or ranges; pass two frames.",
        std::to_string(format.in.depth) + " and " + std::to_string(format.out.depth) + " bits");
  }
  if (in.stride != out.luma_stride) {
    refuse_frame("Input and output are the same luma with two strides; pass one stride.",
                 std::to_string(in.stride) + " and " + std::to_string(out.luma_stride) + " bytes");
  }
}

}  // namespace cgan
