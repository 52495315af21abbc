#include "examples/colorize_film/contact_sheet.h"

#include <gst/video/video.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "examples/colorize_film/mapped_frame.h"
#include "examples/colorize_film/picture_mill.h"

namespace colorize_film {
namespace {

constexpr int kMostColumns = 8;
constexpr int kBorder = 4;       // pixels around each picture
constexpr int kPixel = 3;        // bytes of RGB
constexpr guint8 kPaper = 0x22;  // between the pictures

GstSample* blank(int width, int height) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_RGB, static_cast<guint>(width),
                            static_cast<guint>(height));
  g_autoptr(GstCaps) caps = gst_video_info_to_caps(&info);
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr);
  gst_buffer_memset(buffer, 0, kPaper, GST_VIDEO_INFO_SIZE(&info));
  GstSample* sample = gst_sample_new(buffer, caps, nullptr, nullptr);
  gst_buffer_unref(buffer);
  return sample;
}

std::vector<const std::string*> chosen(const std::vector<Shot>& shots) {
  std::vector<const std::string*> all;
  for (const Shot& shot : shots)
    if (!shot.picture.empty()) all.push_back(&shot.picture);
  if (all.size() <= kMostOnSheet) return all;
  std::vector<const std::string*> some;
  for (size_t i = 0; i < kMostOnSheet; ++i) some.push_back(all[i * all.size() / kMostOnSheet]);
  return some;
}

}  // namespace

GstSample* contact_sheet(const std::vector<Shot>& shots) {
  const auto pictures = chosen(shots);
  if (pictures.empty()) return nullptr;
  PictureMill mill("jpegdec ! videoconvert ! video/x-raw,format=RGB");
  const int columns = std::min(kMostColumns, static_cast<int>(pictures.size()));
  const int rows = (static_cast<int>(pictures.size()) + columns - 1) / columns;
  g_autoptr(GstSample) sheet = nullptr;
  int width = 0, height = 0;  // of one
  for (size_t i = 0; i < pictures.size(); ++i) {
    g_autoptr(GstSample) jpeg = sample_of_jpeg(*pictures[i]);
    g_autoptr(GstSample) both = mill.turn(jpeg);
    const MappedFrame from(both, GST_MAP_READ);
    if (!sheet) {
      width = from.width(0) / 2;
      height = from.height(0);
      sheet = blank(columns * (width + kBorder) + kBorder, rows * (height + kBorder) + kBorder);
    }
    const MappedFrame to(sheet, GST_MAP_WRITE);
    const int left = kBorder + static_cast<int>(i) % columns * (width + kBorder);
    const int top = kBorder + static_cast<int>(i) / columns * (height + kBorder);
    // The result is the right half.
    for (int y = 0; y < std::min(height, from.height(0)); ++y)
      std::memcpy(to.row(0, top + y) + static_cast<size_t>(left) * kPixel,
                  from.row(0, y) + static_cast<size_t>(width) * kPixel,
                  static_cast<size_t>(width) * kPixel);
  }
  return static_cast<GstSample*>(g_steal_pointer(&sheet));
}

}  // namespace colorize_film
