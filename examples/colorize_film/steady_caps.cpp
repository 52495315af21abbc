#include "examples/colorize_film/steady_caps.h"

#include <gst/video/video.h>

#include <memory>
#include <vector>

namespace colorize_film {
namespace {

struct Watch {
  CapsChange change;
  bool has_frames = false;
};

class FirstCaps {
 public:
  FirstCaps(GstElement* filter, std::initializer_list<const char*> fields,
            std::initializer_list<const char*> labels, std::string on_change)
      : filter_(filter), fields_(fields), labels_(labels), on_change_(std::move(on_change)) {}

  // Before the first frame all may change still: a tag turns the picture.
  void operator()(GstCaps* caps, bool has_frames) {
    const GstStructure* now = gst_caps_get_structure(caps, 0);
    if (!has_frames) {
      first_.reset(gst_structure_copy(now), gst_structure_free);
      hold();
      return;
    }
    for (const char* label : labels_) {
      const GValue* value = gst_structure_get_value(first_.get(), label);
      if (value)
        gst_caps_set_value(caps, label, value);
      else
        gst_structure_remove_field(gst_caps_get_structure(caps, 0), label);
    }
    if (on_change_.empty() || !is_changed(now)) return;
    remark(filter_, on_change_);
    on_change_.clear();
  }

 private:
  void hold() {
    GstCaps* held = nullptr;
    g_object_get(filter_, "caps", &held, nullptr);
    held = gst_caps_make_writable(held);
    for (const char* field : fields_)
      if (const GValue* value = gst_structure_get_value(first_.get(), field))
        gst_caps_set_value(held, field, value);
    g_object_set(filter_, "caps", held, nullptr);
    gst_caps_unref(held);
  }

  bool is_changed(const GstStructure* now) const {
    for (const char* field : fields_) {
      const GValue* value = gst_structure_get_value(now, field);
      const GValue* first = gst_structure_get_value(first_.get(), field);
      if (value && first && gst_value_compare(value, first) != GST_VALUE_EQUAL) return true;
    }
    return false;
  }

  GstElement* filter_;
  std::vector<const char*> fields_;
  std::vector<const char*> labels_;
  std::string on_change_;
  std::shared_ptr<GstStructure> first_;
};

// What is not said of where chroma lies.
void complete_site(GstCaps* caps, const GstVideoInfo& info) {
  const bool is_halved = GST_VIDEO_FORMAT_INFO_W_SUB(info.finfo, 1) > 0;
  if (is_halved && !gst_structure_has_field(gst_caps_get_structure(caps, 0), "chroma-site"))
    gst_caps_set_simple(caps, "chroma-site", G_TYPE_STRING, "mpeg2", nullptr);
}

// AVI of uncompressed frames has -1/1.
void complete_shape(GstCaps* caps) {
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  int width = 1, height = 1;
  gst_structure_get_fraction(structure, "pixel-aspect-ratio", &width, &height);
  if (width <= 0 || height <= 0)
    gst_caps_set_simple(caps, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, nullptr);
}

void complete(GstCaps* caps, bool) {
  complete_shape(caps);
  const char* said = gst_structure_get_string(gst_caps_get_structure(caps, 0), "colorimetry");
  GstVideoColorimetry known{};
  GstVideoInfo info;
  if (!gst_video_info_from_caps(&info, caps) || !GST_VIDEO_INFO_IS_YUV(&info)) return;
  complete_site(caps, info);
  // Of what is not said at all GStreamer takes what is usual for the size.
  GstVideoColorimetry whole = info.colorimetry;
  if (said) {
    if (!gst_video_colorimetry_from_string(&known, said) ||
        known.matrix != GST_VIDEO_COLOR_MATRIX_UNKNOWN ||
        known.range == GST_VIDEO_COLOR_RANGE_UNKNOWN)
      return;
    constexpr int kMostLinesOfStandardDefinition = 576;
    gst_video_colorimetry_from_string(&whole, info.height > kMostLinesOfStandardDefinition
                                                  ? GST_VIDEO_COLORIMETRY_BT709
                                                  : GST_VIDEO_COLORIMETRY_BT601);
    whole.range = known.range;
    if (known.transfer != GST_VIDEO_TRANSFER_UNKNOWN) whole.transfer = known.transfer;
    if (known.primaries != GST_VIDEO_COLOR_PRIMARIES_UNKNOWN) whole.primaries = known.primaries;
  }
  g_autofree char* text = gst_video_colorimetry_to_string(&whole);
  gst_caps_set_simple(caps, "colorimetry", G_TYPE_STRING, text, nullptr);
}

}  // namespace

void remark(GstElement* element, const std::string& sentence) {
  GstStructure* what =
      gst_structure_new(kRemark, "sentence", G_TYPE_STRING, sentence.c_str(), nullptr);
  gst_element_post_message(element, gst_message_new_application(GST_OBJECT(element), what));
}

void change_caps(GstElement* element, CapsChange change) {
  g_autoptr(GstPad) sink = gst_element_get_static_pad(element, "sink");
  gst_pad_add_probe(
      sink,
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_BUFFER),
      [](GstPad*, GstPadProbeInfo* info, gpointer data) {
        auto* watch = static_cast<Watch*>(data);
        if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
          watch->has_frames = true;
          return GST_PAD_PROBE_OK;
        }
        GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
        if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
        GstCaps* caps = nullptr;
        gst_event_parse_caps(event, &caps);
        caps = gst_caps_copy(caps);
        watch->change(caps, watch->has_frames);
        GstEvent* changed = gst_event_new_caps(caps);
        gst_event_set_seqnum(changed, gst_event_get_seqnum(event));
        gst_caps_unref(caps);
        gst_event_unref(event);
        info->data = changed;
        return GST_PAD_PROBE_OK;
      },
      new Watch{std::move(change)}, [](gpointer data) { delete static_cast<Watch*>(data); });
}

void complete_colorimetry(GstElement* element) {
  change_caps(element, complete);
}

void keep_first(GstElement* converter, GstElement* filter,
                std::initializer_list<const char*> fields,
                std::initializer_list<const char*> labels, const std::string& on_change) {
  change_caps(converter, FirstCaps(filter, fields, labels, on_change));
}

}  // namespace colorize_film
