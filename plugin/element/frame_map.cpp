#include "plugin/element/frame_map.h"

namespace cgan {
namespace {

std::string size_text(const GstVideoInfo& info) {
  return std::string(gst_video_format_to_string(GST_VIDEO_INFO_FORMAT(&info))) + " " +
         std::to_string(GST_VIDEO_INFO_WIDTH(&info)) + "x" +
         std::to_string(GST_VIDEO_INFO_HEIGHT(&info));
}

}  // namespace

FrameMap::FrameMap(GstBuffer* buffer, const GstVideoInfo& info, GstMapFlags flags) {
  // No reference of its own: one more would make the buffer of an in-place frame read-only.
  is_mapped_ = gst_video_frame_map(
      &frame_, &info, buffer,
      static_cast<GstMapFlags>(flags | static_cast<int>(GST_VIDEO_FRAME_MAP_FLAG_NO_REF)));
  if (is_mapped_) {
    problem_ = check_and_take(info);
  } else {
    problem_ = "buffer of " + std::to_string(gst_buffer_get_size(buffer)) + " bytes cannot be " +
               "mapped as " + size_text(info) + ", which takes " +
               std::to_string(GST_VIDEO_INFO_SIZE(&info)) + " bytes";
  }
}

FrameMap::~FrameMap() {
  if (is_mapped_) gst_video_frame_unmap(&frame_);
}

std::string FrameMap::check_and_take(const GstVideoInfo& info) {
  if (GST_VIDEO_FRAME_FORMAT(&frame_) != GST_VIDEO_INFO_FORMAT(&info) ||
      GST_VIDEO_FRAME_WIDTH(&frame_) != GST_VIDEO_INFO_WIDTH(&info) ||
      GST_VIDEO_FRAME_HEIGHT(&frame_) != GST_VIDEO_INFO_HEIGHT(&info)) {
    return "video meta of the buffer says " + size_text(frame_.info) + ", the caps say " +
           size_text(info);
  }
  for (guint plane = 0; plane < GST_VIDEO_FRAME_N_PLANES(&frame_); ++plane) {
    // In all formats of this element component n begins plane n.
    const gsize row_bytes = static_cast<gsize>(GST_VIDEO_FRAME_COMP_WIDTH(&frame_, plane)) *
                            GST_VIDEO_FRAME_COMP_PSTRIDE(&frame_, plane);
    const gsize rows = GST_VIDEO_FRAME_COMP_HEIGHT(&frame_, plane);
    const gint stride = GST_VIDEO_FRAME_PLANE_STRIDE(&frame_, plane);
    auto* data = static_cast<guint8*>(GST_VIDEO_FRAME_PLANE_DATA(&frame_, plane));
    const GstMapInfo& map = frame_.map[frame_.meta != nullptr ? plane : 0];
    if (stride < 0 || static_cast<gsize>(stride) < row_bytes) {
      return "plane " + std::to_string(plane) + " has a stride of " + std::to_string(stride) +
             " bytes, a row takes " + std::to_string(row_bytes);
    }
    const gsize needed = static_cast<gsize>(stride) * (rows - 1) + row_bytes;
    const gsize begin = static_cast<gsize>(data - map.data);
    if (begin > map.size || map.size - begin < needed) {
      return "plane " + std::to_string(plane) + " has " +
             std::to_string(begin > map.size ? 0 : map.size - begin) +
             " bytes left in its buffer, " + size_text(info) + " with a stride of " +
             std::to_string(stride) + " takes " + std::to_string(needed);
    }
    planes_.data[plane] = data;
    planes_.stride[plane] = stride;
  }
  return {};
}

}  // namespace cgan
