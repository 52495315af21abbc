#include "plugin/element/frame_pictures.h"

#include <utility>

namespace cgan {
namespace {

bool has_fields(const GstVideoInfo& info, GstBuffer* frame) {
  const GstVideoInterlaceMode mode = GST_VIDEO_INFO_INTERLACE_MODE(&info);
  if (mode != GST_VIDEO_INTERLACE_MODE_MIXED) return mode == GST_VIDEO_INTERLACE_MODE_INTERLEAVED;
  return GST_BUFFER_FLAG_IS_SET(frame, GST_VIDEO_BUFFER_FLAG_INTERLACED);
}

bool is_top_first(const GstVideoInfo& info, GstBuffer* frame) {
  const GstVideoFieldOrder order = GST_VIDEO_INFO_FIELD_ORDER(&info);
  if (order != GST_VIDEO_FIELD_ORDER_UNKNOWN) {
    return order == GST_VIDEO_FIELD_ORDER_TOP_FIELD_FIRST;
  }
  return GST_BUFFER_FLAG_IS_SET(frame, GST_VIDEO_BUFFER_FLAG_TFF);
}

}  // namespace

FramePictures::FramePictures(const GstVideoInfo& info, GstBuffer* frame) {
  if (!has_fields(info, frame)) return;
  count_ = 2;
  scans_ = {CGAN_SCAN_TOP_FIELD, CGAN_SCAN_BOTTOM_FIELD};
  if (!is_top_first(info, frame)) std::swap(scans_[0], scans_[1]);
}

CganFrame FramePictures::rows(const CganFrame& planes, guint index) const {
  CganFrame result = planes;
  result.scan = scans_[index];
  if (result.scan == CGAN_SCAN_FRAME) return result;
  for (int plane = 0; plane < 3; ++plane) {
    if (result.data[plane] == nullptr) continue;
    if (result.scan == CGAN_SCAN_BOTTOM_FIELD) result.data[plane] += planes.stride[plane];
    result.stride[plane] *= 2;
  }
  return result;
}

}  // namespace cgan
