#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>
#include <utility>
#include <vips/vips8>

#include "examples/colorize_film/mapped_frame.h"
#include "examples/colorize_film/steady_caps.h"
#include "examples/colorize_film/vips_codes.h"
#include "examples/colorize_film/vips_pictures.h"

namespace colorize_film {
namespace {

using vips::VImage;

void start_vips() {
  static const bool is_started = [] {
    // What it warns of is said in our own words.
    g_log_set_handler(
        "VIPS", G_LOG_LEVEL_WARNING, [](auto...) {}, nullptr);
    return vips_init("colorize-film") == 0;
  }();
  if (!is_started) throw RunError("libvips cannot start: install it anew.");
}

// ImageMagick, which reads DPX for libvips, changes or refuses codes that the file calls
// logarithmic or of a tape's transfer: they are taken as they are.
VImage read_dpx(const std::string& path) {
  constexpr size_t kTransfer = 801;  // in the file, SMPTE 268M
  constexpr char kLinear = 2;
  char* bytes = nullptr;
  gsize size = 0;
  g_file_get_contents(path.c_str(), &bytes, &size, nullptr);
  const std::unique_ptr<char, decltype(&g_free)> owner(bytes, g_free);
  const std::string magic(bytes ? bytes : "", std::min<size_t>(size, 4));
  if (size <= kTransfer || (magic != "SDPX" && magic != "XPDS")) throw vips::VError("it is no DPX");
  bytes[kTransfer] = kLinear;
  return VImage::new_from_buffer(bytes, size, "").copy_memory();
}

// Decoded.
VImage read_picture(const Sequence& pictures, int64_t number) {
  const std::string path = SequenceName(pictures.pattern).of(number);
  try {
    if (pictures.media == kDpx) return read_dpx(path);
    // By name: what a file's first bytes choose may be a reader that is not made for strangers'.
    const auto load = pictures.media == "image/png" ? &VImage::pngload : &VImage::tiffload;
    return load(path.c_str(), VImage::option()->set("fail_on", VIPS_FAIL_ON_ERROR)).copy_memory();
  } catch (const vips::VError&) {
    vips_error_clear();
    throw RunError("The picture '" + path + "' cannot be read: it is damaged, or of another kind.");
  }
}

bool is_deep(const VImage& image) {
  return image.format() == VIPS_FORMAT_USHORT;
}

// Grey or R'G'B', with or without transparency.
bool is_plain(const VImage& image) {
  return (is_deep(image) || image.format() == VIPS_FORMAT_UCHAR) && image.bands() <= 4 &&
         image.interpretation() != VIPS_INTERPRETATION_CMYK;
}

GstVideoFormat format_of(const VImage& image) {
  const bool is_grey = image.bands() < 3;
  if (is_deep(image)) return is_grey ? GST_VIDEO_FORMAT_GRAY16_LE : GST_VIDEO_FORMAT_Y444_12LE;
  return is_grey ? GST_VIDEO_FORMAT_GRAY8 : GST_VIDEO_FORMAT_GBR;
}

// The codes of a picture as a frame; decoded here, which throws vips::VError.
GstSample* frame_of(const VImage& image, const FrameRate& rate) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, format_of(image), static_cast<guint>(image.width()),
                            static_cast<guint>(image.height()));
  info.fps_n = rate.frames;
  info.fps_d = rate.seconds;
  const VImage codes =
      (GST_VIDEO_INFO_IS_YUV(&info)
           ? codes_of_rgb(image.extract_band(0, VImage::option()->set("n", 3)), info)
           : image)
          .copy_memory();
  g_autoptr(GstCaps) caps = gst_video_info_to_caps(&info);
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, info.size, nullptr);
  g_autoptr(GstSample) sample = gst_sample_new(buffer, caps, nullptr, nullptr);
  gst_buffer_unref(buffer);  // one owner only may write
  const MappedFrame frame(sample, GST_MAP_WRITE);
  for (int component = 0; component < static_cast<int>(info.finfo->n_components); ++component) {
    size_t size = 0;
    const std::unique_ptr<void, decltype(&g_free)> plane(
        VImage(codes[component]).write_to_memory(&size), g_free);
    const size_t line = size / static_cast<size_t>(image.height());
    for (int y = 0; y < image.height(); ++y)
      std::memcpy(frame.row(component, y),
                  static_cast<const char*>(plane.get()) + static_cast<size_t>(y) * line, line);
  }
  return gst_sample_ref(sample);
}

// Thread-safety: that of appsrc, which asks for one thing at a time.
class VipsSource {
 public:
  VipsSource(Sequence pictures, const FrameRate& rate)
      : pictures_(std::move(pictures)), rate_(rate) {}

  GstClockTime time_of(int64_t index) const {
    return gst_util_uint64_scale(static_cast<guint64>(index), rate_.seconds * GST_SECOND,
                                 static_cast<guint64>(rate_.frames));
  }
  // From the picture on that is seen at that time.
  void seek(GstClockTime time) {
    next_ = static_cast<int64_t>(gst_util_uint64_scale(time, static_cast<guint64>(rate_.frames),
                                                       rate_.seconds * GST_SECOND));
  }
  void push(GstAppSrc* source) {
    if (next_ >= pictures_.count) {
      gst_app_src_end_of_stream(source);
      return;
    }
    try {
      push_next(source);
    } catch (const std::exception& error) {
      GST_ELEMENT_ERROR(source, STREAM, DECODE, ("%s", error.what()), (nullptr));
    }
  }

 private:
  // What the frames do not show.
  void tell_losses(const VImage& image, GstElement* source) const {
    const std::string of_pictures = " of '" + pictures_.pattern + "' ";
    if (image.has_alpha())
      remark(source, "the transparency" + of_pictures + "is left out: a coloured film has none.");
    if (format_of(image) == GST_VIDEO_FORMAT_Y444_12LE)
      remark(source, "the 16 bits" + of_pictures + "become 12: more are not coloured.");
  }
  void push_next(GstAppSrc* source) {
    const VImage image = read_picture(pictures_, pictures_.first + next_);
    if (!is_plain(image))
      throw RunError("The picture '" + SequenceName(pictures_.pattern).of(pictures_.first + next_) +
                     "' is neither grey nor RGB of 8 or 16 bits: convert it to those first.");
    if (!std::exchange(has_told_, true)) tell_losses(image, GST_ELEMENT(source));
    g_autoptr(GstSample) sample = frame_of(image, rate_);
    GstBuffer* frame = gst_sample_get_buffer(sample);
    GST_BUFFER_PTS(frame) = time_of(next_);
    GST_BUFFER_DURATION(frame) = time_of(next_ + 1) - time_of(next_);
    ++next_;
    gst_app_src_push_sample(source, sample);
  }

  const Sequence pictures_;
  const FrameRate rate_;
  int64_t next_ = 0;
  bool has_told_ = false;
};

}  // namespace

bool is_read_by_vips(const Sequence& pictures) {
  if (pictures.media == "image/jpeg") return false;
  start_vips();
  if (pictures.media == kDpx && !vips_type_find("VipsOperation", "magickload_buffer"))
    refuse_dpx(pictures.pattern);
  if (pictures.media == kDpx) return true;
  // What cannot be read GStreamer shall say.
  try {
    const VImage first = read_picture(pictures, pictures.first);
    return is_deep(first) && is_plain(first);
  } catch (const RunError&) {
    return false;
  }
}

GstElement* make_vips_source(const Sequence& pictures, const FrameRate& rate) {
  GstElement* source = gst_element_factory_make("appsrc", "pictures");
  if (!source)
    throw RunError("GStreamer's element appsrc is missing: install gstreamer1.0-plugins-base.");
  auto* reader = new VipsSource(pictures, rate);
  g_autoptr(GstSample) first = frame_of(read_picture(pictures, pictures.first), rate);
  g_object_set(source, "format", GST_FORMAT_TIME, "caps", gst_sample_get_caps(first), "duration",
               reader->time_of(pictures.count), "max-buffers", guint64{1}, "max-bytes", guint64{0},
               nullptr);
  gst_app_src_set_stream_type(GST_APP_SRC(source), GST_APP_STREAM_TYPE_SEEKABLE);
  GstAppSrcCallbacks callbacks = {};
  callbacks.need_data = [](GstAppSrc* from, guint, gpointer data) {
    static_cast<VipsSource*>(data)->push(from);
  };
  callbacks.seek_data = [](GstAppSrc*, guint64 time, gpointer data) -> gboolean {
    static_cast<VipsSource*>(data)->seek(time);
    return TRUE;
  };
  gst_app_src_set_callbacks(GST_APP_SRC(source), &callbacks, reader,
                            [](gpointer data) { delete static_cast<VipsSource*>(data); });
  return source;
}

}  // namespace colorize_film
