#include "examples/colorize_film/field_order.h"

#include <gst/video/video.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <iterator>
#include <memory>

#include "examples/colorize_film/steady_caps.h"
#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {
namespace {

constexpr guint kFieldFlags = GST_VIDEO_BUFFER_FLAG_INTERLACED | GST_VIDEO_BUFFER_FLAG_TFF |
                              GST_VIDEO_BUFFER_FLAG_RFF | GST_VIDEO_BUFFER_FLAG_ONEFIELD;

// The element counts fields: with the wrong one first, a repeated one or a frame that has none it
// gives frames too many at wrong times. So it sees frames of two fields only, and what is whole is
// put back behind it. One thread: the element works in that of its sink pad.
class FieldOrder {
 public:
  explicit FieldOrder(GstElement* deinterlacer) : deinterlacer_(deinterlacer) {}
  ~FieldOrder() {
    for (GstBuffer* frame : whole_) gst_buffer_unref(frame);
  }
  FieldOrder(const FieldOrder&) = delete;
  FieldOrder& operator=(const FieldOrder&) = delete;

  GstElement* deinterlacer() const { return deinterlacer_; }

  // Takes the buffer and gives the one that goes in instead.
  GstBuffer* before(GstBuffer* frame) {
    const guint flags = GST_BUFFER_FLAGS(frame);
    if (flags & GST_VIDEO_BUFFER_FLAG_INTERLACED)
      follow(flags & GST_VIDEO_BUFFER_FLAG_TFF);
    else
      whole_.push_back(gst_buffer_ref(frame));
    frame = gst_buffer_make_writable(frame);
    GST_BUFFER_FLAG_UNSET(frame, kFieldFlags);
    GST_BUFFER_FLAG_SET(frame, GST_VIDEO_BUFFER_FLAG_INTERLACED);
    if (is_top_first_) GST_BUFFER_FLAG_SET(frame, GST_VIDEO_BUFFER_FLAG_TFF);
    return frame;
  }

  // The same for what comes out.
  GstBuffer* behind(GstBuffer* frame) {
    const auto same_time = [frame](const GstBuffer* other) {
      return GST_BUFFER_PTS(other) == GST_BUFFER_PTS(frame);
    };
    const auto found = std::find_if(whole_.begin(), whole_.end(), same_time);
    if (found == whole_.end()) return frame;
    GstBuffer* whole = *found;
    for (auto older = whole_.begin(); older != found; ++older) gst_buffer_unref(*older);
    whole_.erase(whole_.begin(), found + 1);
    gst_buffer_unref(frame);
    return whole;
  }

 private:
  void follow(bool is_top_first) {
    if (is_top_first == is_top_first_) return;
    is_top_first_ = is_top_first;
    gst_util_set_object_arg(G_OBJECT(deinterlacer_), "fields", is_top_first ? "top" : "bottom");
  }

  GstElement* deinterlacer_;
  bool is_top_first_ = true;
  std::deque<GstBuffer*> whole_;  // on their way, owned
};

bool is_progressive(GstPad* pad) {
  g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
  GstVideoInfo info;
  return !caps || !gst_video_info_from_caps(&info, caps) || !GST_VIDEO_INFO_IS_INTERLACED(&info);
}

using Shared = std::shared_ptr<FieldOrder>;

template <GstBuffer* (FieldOrder::*kReplace)(GstBuffer*)>
void watch(GstElement* deinterlacer, const char* name, const Shared& order) {
  g_autoptr(GstPad) pad = gst_element_get_static_pad(deinterlacer, name);
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo* info, gpointer data) {
        FieldOrder* fields = static_cast<Shared*>(data)->get();
        g_autoptr(GstPad) sink = gst_element_get_static_pad(fields->deinterlacer(), "sink");
        if (!is_progressive(sink))
          info->data = (fields->*kReplace)(GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      new Shared(order), [](gpointer data) { delete static_cast<Shared*>(data); });
}

// Encoders of GStreamer 1.22 that write both the fields and which comes first.
constexpr const char* kFieldEncoders[] = {"x264enc", "avenc_ffv1"};

bool is_interlaced(GstCaps* caps) {
  GstVideoInfo info;
  return gst_video_info_from_caps(&info, caps) && GST_VIDEO_INFO_IS_INTERLACED(&info);
}

bool lacks_order(GstCaps* caps) {
  return is_interlaced(caps) &&
         !gst_structure_has_field(gst_caps_get_structure(caps, 0), "field-order");
}

bool is_mixed(GstCaps* caps) {
  GstVideoInfo info;
  return gst_video_info_from_caps(&info, caps) &&
         GST_VIDEO_INFO_INTERLACE_MODE(&info) == GST_VIDEO_INTERLACE_MODE_MIXED;
}

const char* order_of(bool is_top_first) {
  return is_top_first ? "top-field-first" : "bottom-field-first";
}

// Watches frames until one is what is to be remarked.
struct Remark {
  std::function<bool(GstVideoInterlaceMode mode, guint flags)> is_meant;
  std::string sentence;
};

// Before data comes.
void remark_frame(GstElement* element, Remark what) {
  g_autoptr(GstPad) sink = gst_element_get_static_pad(element, "sink");
  gst_pad_add_probe(
      sink, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer data) {
        const auto* watched = static_cast<Remark*>(data);
        g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
        GstVideoInfo video;
        if (!caps || !gst_video_info_from_caps(&video, caps) ||
            !watched->is_meant(GST_VIDEO_INFO_INTERLACE_MODE(&video),
                               GST_BUFFER_FLAGS(GST_PAD_PROBE_INFO_BUFFER(info))))
          return GST_PAD_PROBE_OK;
        g_autoptr(GstElement) owner = gst_pad_get_parent_element(pad);
        remark(owner, watched->sentence);
        return GST_PAD_PROBE_REMOVE;
      },
      new Remark(std::move(what)), [](gpointer data) { delete static_cast<Remark*>(data); });
}

}  // namespace

void name_first_field(GstElement* element, bool is_top_first, bool names_mixed) {
  change_caps(element, [is_top_first, names_mixed](GstCaps* caps, bool) {
    if (lacks_order(caps) && (names_mixed || !is_mixed(caps)))
      gst_caps_set_simple(caps, "field-order", G_TYPE_STRING, order_of(is_top_first), nullptr);
  });
}

void admit_fields(GstElement* element) {
  g_autoptr(GstPad) sink = gst_element_get_static_pad(element, "sink");
  gst_pad_add_probe(
      sink, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer) {
        const guint flags = GST_BUFFER_FLAGS(GST_PAD_PROBE_INFO_BUFFER(info));
        if (!(flags & GST_VIDEO_BUFFER_FLAG_INTERLACED) || !is_progressive(pad))
          return GST_PAD_PROBE_OK;
        g_autoptr(GstCaps) caps = gst_caps_copy(gst_pad_get_current_caps(pad));
        gst_caps_set_simple(caps, "interlace-mode", G_TYPE_STRING, "mixed", nullptr);
        gst_pad_send_event(pad, gst_event_new_caps(caps));
        return GST_PAD_PROBE_OK;
      },
      nullptr, nullptr);
}

void remark_other_order(GstElement* element, bool is_top_first, const std::string& sentence) {
  remark_frame(element, {[is_top_first](GstVideoInterlaceMode, guint flags) {
                           return (flags & GST_VIDEO_BUFFER_FLAG_INTERLACED) &&
                                  ((flags & GST_VIDEO_BUFFER_FLAG_TFF) != 0) != is_top_first;
                         },
                         sentence});
}

void remark_whole_frames(GstElement* element, const std::string& sentence) {
  remark_frame(element, {[](GstVideoInterlaceMode mode, guint flags) {
                           return mode == GST_VIDEO_INTERLACE_MODE_PROGRESSIVE ||
                                  (mode == GST_VIDEO_INTERLACE_MODE_MIXED &&
                                   !(flags & GST_VIDEO_BUFFER_FLAG_INTERLACED));
                         },
                         sentence});
}

void mark_fields(GstElement* element, bool is_top_first) {
  change_caps(element, [is_top_first](GstCaps* caps, bool) {
    gst_caps_set_simple(caps, "interlace-mode", G_TYPE_STRING, "interleaved", "field-order",
                        G_TYPE_STRING, order_of(is_top_first), nullptr);
  });
  g_autoptr(GstPad) sink = gst_element_get_static_pad(element, "sink");
  gst_pad_add_probe(
      sink, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo* info, gpointer is_top) {
        GstBuffer* frame = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
        GST_BUFFER_FLAG_UNSET(frame, kFieldFlags);
        GST_BUFFER_FLAG_SET(frame, GST_VIDEO_BUFFER_FLAG_INTERLACED);
        if (is_top) GST_BUFFER_FLAG_SET(frame, GST_VIDEO_BUFFER_FLAG_TFF);
        info->data = frame;
        return GST_PAD_PROBE_OK;
      },
      is_top_first ? element : nullptr, nullptr);
}

bool keeps_fields(GstElement* encoder) {
  return std::any_of(std::begin(kFieldEncoders), std::end(kFieldEncoders),
                     [encoder](const char* factory) { return contains(encoder, factory); });
}

void remark_fields(GstElement* element, const std::string& sentence) {
  g_autoptr(GstPad) sink = gst_element_get_static_pad(element, "sink");
  gst_pad_add_probe(
      sink, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer data) {
        GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
        if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
        GstCaps* caps = nullptr;
        gst_event_parse_caps(event, &caps);
        if (!is_interlaced(caps)) return GST_PAD_PROBE_OK;
        g_autoptr(GstElement) owner = gst_pad_get_parent_element(pad);
        remark(owner, *static_cast<std::string*>(data));
        return GST_PAD_PROBE_REMOVE;
      },
      new std::string(sentence), [](gpointer data) { delete static_cast<std::string*>(data); });
}

void deinterlace_frame_by_frame(GstElement* deinterlacer) {
  const auto order = std::make_shared<FieldOrder>(deinterlacer);
  watch<&FieldOrder::before>(deinterlacer, "sink", order);
  watch<&FieldOrder::behind>(deinterlacer, "src", order);
}

}  // namespace colorize_film
