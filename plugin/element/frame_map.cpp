#include "plugin/element/frame_map.h"

namespace cgan {
namespace {

std::string format_text(GstVideoFormat format, guint width, guint height) {
  return std::string(gst_video_format_to_string(format)) + " " + std::to_string(width) + "x" +
         std::to_string(height);
}

std::string format_text(const GstVideoInfo& info) {
  return format_text(GST_VIDEO_INFO_FORMAT(&info), GST_VIDEO_INFO_WIDTH(&info),
                     GST_VIDEO_INFO_HEIGHT(&info));
}

// A meta may describe a larger frame, of which the caps take the upper left part.
bool holds(const GstVideoMeta& meta, const GstVideoInfo& info) {
  return meta.format == GST_VIDEO_INFO_FORMAT(&info) &&
         meta.n_planes == GST_VIDEO_INFO_N_PLANES(&info) &&
         meta.width >= static_cast<guint>(GST_VIDEO_INFO_WIDTH(&info)) &&
         meta.height >= static_cast<guint>(GST_VIDEO_INFO_HEIGHT(&info));
}

}  // namespace

gsize plane_row_bytes(const GstVideoInfo& info, guint plane) {
  // In all formats of this element a row of plane n is as long as component n says: Cb and Cr
  // may be in the other order, but are of one size.
  return static_cast<gsize>(GST_VIDEO_INFO_COMP_WIDTH(&info, plane)) *
         GST_VIDEO_INFO_COMP_PSTRIDE(&info, plane);
}

gsize plane_rows(const GstVideoInfo& info, guint plane) {
  // Each field of 4:2:0 has all of its last row of chroma.
  const bool is_shared = GST_VIDEO_INFO_IS_INTERLACED(&info) &&
                         GST_VIDEO_INFO_COMP_HEIGHT(&info, plane) != GST_VIDEO_INFO_HEIGHT(&info);
  const gsize height = GST_VIDEO_INFO_COMP_HEIGHT(&info, plane);
  return is_shared ? GST_ROUND_UP_2(height) : height;
}

FrameMap::FrameMap(GstBuffer* buffer, const GstVideoInfo& info, GstMapFlags flags) {
  const GstVideoMeta* meta = gst_buffer_get_video_meta(buffer);
  if (meta != nullptr && !holds(*meta, info)) {
    problem_ = "the video meta of the buffer says " +
               format_text(meta->format, meta->width, meta->height) + ", the caps say " +
               format_text(info);
    return;
  }
  // No reference of its own: one more would make the buffer of an in-place frame read-only.
  is_mapped_ = gst_video_frame_map(
      &frame_, &info, buffer,
      static_cast<GstMapFlags>(flags | static_cast<int>(GST_VIDEO_FRAME_MAP_FLAG_NO_REF)));
  if (is_mapped_) {
    problem_ = take_planes(info);
  } else {
    problem_ = "a buffer of " + std::to_string(gst_buffer_get_size(buffer)) +
               " bytes cannot be mapped as " + format_text(info) + ", which takes " +
               std::to_string(GST_VIDEO_INFO_SIZE(&info)) + " bytes";
  }
}

FrameMap::~FrameMap() {
  if (is_mapped_) gst_video_frame_unmap(&frame_);
}

std::string FrameMap::take_planes(const GstVideoInfo& info) {
  for (guint plane = 0; plane < GST_VIDEO_INFO_N_PLANES(&info); ++plane) {
    const gsize row_bytes = plane_row_bytes(info, plane), rows = plane_rows(info, plane);
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
             " bytes left in its buffer, " + format_text(info) + " with a stride of " +
             std::to_string(stride) + " takes " + std::to_string(needed);
    }
    planes_.data[plane] = data;
    planes_.stride[plane] = stride;
  }
  return {};
}

}  // namespace cgan
