#include "plugin/element/caps.h"

#include <array>
#include <cstring>
#include <optional>

namespace cgan {
namespace {

constexpr int kStandardDefinitionLines = 576;  // above: BT.709, as in all of GStreamer
constexpr char kChromaSiteForGray[] = "jpeg";  // where the colorizer's samples lie

constexpr char kSinkTemplate[] =
    "video/x-raw, format = (string) { I420, NV12, GRAY8 }, width = (int) [ 1, 16384 ], "
    "height = (int) [ 1, 16384 ], framerate = (fraction) [ 0/1, 2147483647/1 ], "
    "interlace-mode = (string) progressive";
constexpr char kSrcTemplate[] =
    "video/x-raw, format = (string) { I420, NV12, Y444 }, width = (int) [ 1, 16384 ], "
    "height = (int) [ 1, 16384 ], framerate = (fraction) [ 0/1, 2147483647/1 ], "
    "interlace-mode = (string) progressive";

using Formats = std::array<const char*, 3>;
constexpr Formats kSinkFormats = {"I420", "NV12", "GRAY8"};
constexpr Formats kSrcFormats = {"I420", "NV12", "Y444"};

bool is(const char* format, const char* name) {
  return std::strcmp(format, name) == 0;
}

// The other side's formats for a format on the side of `direction`, first choice first.
Formats partners(GstPadDirection direction, const char* format) {
  if (direction == GST_PAD_SINK) {
    return is(format, "NV12") ? Formats{"NV12", "I420", "Y444"} : kSrcFormats;
  }
  return is(format, "NV12") ? Formats{"NV12", "I420", "GRAY8"} : kSinkFormats;
}

bool allows(const GstStructure* structure, const char* field, const char* text) {
  const GValue* allowed = gst_structure_get_value(structure, field);
  if (allowed == nullptr) return true;
  GValue value = G_VALUE_INIT;
  g_value_init(&value, G_TYPE_STRING);
  g_value_set_static_string(&value, text);
  const bool intersects = gst_value_intersect(nullptr, allowed, &value);
  g_value_unset(&value);
  return intersects;
}

// Colour belongs to both sides or to none: gray has no matrix and no chroma grid.
GstStructure* partner_structure(const GstStructure* structure, const char* own,
                                const char* partner) {
  GstStructure* copy = gst_structure_copy(structure);
  gst_structure_set(copy, "format", G_TYPE_STRING, partner, nullptr);
  const bool has_gray = is(own, "GRAY8") || is(partner, "GRAY8");
  if (has_gray) gst_structure_remove_field(copy, "colorimetry");
  if (has_gray || is(own, "Y444") != is(partner, "Y444")) {
    gst_structure_remove_field(copy, "chroma-site");
  }
  return copy;
}

bool is_known_matrix(GstVideoColorMatrix matrix) {
  return matrix == GST_VIDEO_COLOR_MATRIX_BT601 || matrix == GST_VIDEO_COLOR_MATRIX_BT709 ||
         matrix == GST_VIDEO_COLOR_MATRIX_BT2020;
}

// The colorimetry that the caps really name: GstVideoInfo puts a default in place of an impossible
// one without a word.
std::optional<GstVideoColorimetry> named_colorimetry(const GstCaps* caps) {
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  const char* text = gst_structure_get_string(structure, "colorimetry");
  GstVideoColorimetry colorimetry;
  if (text == nullptr || !gst_video_colorimetry_from_string(&colorimetry, text)) return {};
  return colorimetry;
}

GstVideoColorimetry colorimetry_for_gray(const GstVideoInfo& gray) {
  const bool is_high = GST_VIDEO_INFO_HEIGHT(&gray) > kStandardDefinitionLines;
  GstVideoColorimetry chosen = GST_VIDEO_INFO_COLORIMETRY(&gray);
  const bool asks = is_known_matrix(chosen.matrix) && chosen.matrix != GST_VIDEO_COLOR_MATRIX_BT601;
  if (!asks) chosen.matrix = is_high ? GST_VIDEO_COLOR_MATRIX_BT709 : GST_VIDEO_COLOR_MATRIX_BT601;
  if (chosen.transfer == GST_VIDEO_TRANSFER_UNKNOWN) {
    chosen.transfer = is_high ? GST_VIDEO_TRANSFER_BT709 : GST_VIDEO_TRANSFER_BT601;
  }
  if (chosen.primaries == GST_VIDEO_COLOR_PRIMARIES_UNKNOWN) {
    chosen.primaries =
        is_high ? GST_VIDEO_COLOR_PRIMARIES_BT709 : GST_VIDEO_COLOR_PRIMARIES_SMPTE170M;
  }
  return chosen;
}

bool fits_gray(const GValue* text, const GstVideoInfo& gray) {
  GstVideoColorimetry colorimetry;
  return G_VALUE_HOLDS_STRING(text) &&
         gst_video_colorimetry_from_string(&colorimetry, g_value_get_string(text)) &&
         is_known_matrix(colorimetry.matrix) &&
         colorimetry.range == GST_VIDEO_INFO_COLORIMETRY(&gray).range;
}

// Writes the output colorimetry of a gray input. Where downstream takes none that fits, its own
// stays, and describe_stream refuses it with a reason.
void choose_colorimetry(GstStructure* structure, const GstVideoInfo& gray) {
  const GstVideoColorimetry colorimetry = colorimetry_for_gray(gray);
  gchar* first_choice = gst_video_colorimetry_to_string(&colorimetry);
  const GValue* asked = gst_structure_get_value(structure, "colorimetry");
  if (allows(structure, "colorimetry", first_choice)) {
    gst_structure_set(structure, "colorimetry", G_TYPE_STRING, first_choice, nullptr);
  } else if (GST_VALUE_HOLDS_LIST(asked)) {
    for (guint i = 0; i < gst_value_list_get_size(asked); ++i) {
      const GValue* text = gst_value_list_get_value(asked, i);
      if (!fits_gray(text, gray)) continue;
      GValue kept = G_VALUE_INIT;
      gst_value_init_and_copy(&kept, text);
      gst_structure_take_value(structure, "colorimetry", &kept);
      break;
    }
  }
  g_free(first_choice);
}

void choose_chroma_site(GstStructure* structure) {
  const char* format = gst_structure_get_string(structure, "format");
  if (!is(format, "Y444") && allows(structure, "chroma-site", kChromaSiteForGray)) {
    gst_structure_set(structure, "chroma-site", G_TYPE_STRING, kChromaSiteForGray, nullptr);
  }
}

CganFormat colorizer_format(const GstVideoInfo& info) {
  switch (GST_VIDEO_INFO_FORMAT(&info)) {
    case GST_VIDEO_FORMAT_I420:
      return CGAN_FORMAT_I420;
    case GST_VIDEO_FORMAT_NV12:
      return CGAN_FORMAT_NV12;
    case GST_VIDEO_FORMAT_Y444:
      return CGAN_FORMAT_Y444;
    default:
      return CGAN_FORMAT_GRAY8;  // the templates let nothing else in
  }
}

std::string colorimetry_text(const GstVideoColorimetry& colorimetry) {
  gchar* text = gst_video_colorimetry_to_string(&colorimetry);
  const std::string result = text != nullptr ? text : "unknown";
  g_free(text);
  return result;
}

}  // namespace

GstCaps* sink_template_caps() {
  return gst_caps_from_string(kSinkTemplate);
}
GstCaps* src_template_caps() {
  return gst_caps_from_string(kSrcTemplate);
}

GstCaps* transform_caps(GstPadDirection direction, const GstCaps* caps, const GstCaps* filter) {
  const Formats& own_formats = direction == GST_PAD_SINK ? kSinkFormats : kSrcFormats;
  GstCaps* result = gst_caps_new_empty();
  for (guint i = 0; i < gst_caps_get_size(caps); ++i) {
    const GstStructure* structure = gst_caps_get_structure(caps, i);
    const GstCapsFeatures* features = gst_caps_get_features(caps, i);
    for (const char* own : own_formats) {
      if (!allows(structure, "format", own)) continue;
      for (const char* partner : partners(direction, own)) {
        result = gst_caps_merge_structure_full(result, partner_structure(structure, own, partner),
                                               gst_caps_features_copy(features));
      }
    }
  }
  if (filter != nullptr) {
    GstCaps* both =
        gst_caps_intersect_full(const_cast<GstCaps*>(filter), result, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref(result);
    result = both;
  }
  return result;
}

GstCaps* fixate_caps(GstPadDirection direction, const GstCaps* caps, GstCaps* other_caps) {
  const char* own = gst_structure_get_string(gst_caps_get_structure(caps, 0), "format");
  GstVideoInfo info;
  if (own == nullptr || !gst_video_info_from_caps(&info, caps)) return gst_caps_fixate(other_caps);
  for (const char* partner : partners(direction, own)) {
    for (guint i = 0; i < gst_caps_get_size(other_caps); ++i) {
      const GstStructure* structure = gst_caps_get_structure(other_caps, i);
      if (!allows(structure, "format", partner)) continue;
      GstStructure* chosen = gst_structure_copy(structure);
      gst_structure_set(chosen, "format", G_TYPE_STRING, partner, nullptr);
      if (direction == GST_PAD_SINK && is(own, "GRAY8")) {
        choose_colorimetry(chosen, info);
        choose_chroma_site(chosen);
      }
      GstCaps* result = gst_caps_new_empty();
      gst_caps_append_structure_full(result, chosen,
                                     gst_caps_features_copy(gst_caps_get_features(other_caps, i)));
      gst_caps_unref(other_caps);
      return gst_caps_fixate(result);
    }
  }
  return gst_caps_fixate(other_caps);
}

bool describe_stream(const GstCaps* in_caps, const GstVideoInfo& in, const GstVideoInfo& out,
                     CganStreamInfo& stream, std::string& problem) {
  const GstVideoColorimetry& in_colour = GST_VIDEO_INFO_COLORIMETRY(&in);
  const GstVideoColorimetry& out_colour = GST_VIDEO_INFO_COLORIMETRY(&out);
  const bool is_gray = GST_VIDEO_INFO_FORMAT(&in) == GST_VIDEO_FORMAT_GRAY8;
  const auto named = named_colorimetry(in_caps);
  if (!is_gray && named && named->matrix != GST_VIDEO_COLOR_MATRIX_UNKNOWN &&
      !is_known_matrix(named->matrix)) {
    problem = "The colorimetry " + colorimetry_text(*named) +
              " of the input has a matrix other than BT.601, BT.709 and BT.2020: put videoconvert "
              "and one of these before cgancolorize.";
    return false;
  }
  if (in_colour.range != out_colour.range || (!is_gray && in_colour.matrix != out_colour.matrix) ||
      !is_known_matrix(out_colour.matrix)) {
    problem = "The colorimetry " + colorimetry_text(out_colour) +
              " that is asked for after cgancolorize does not fit its input, " +
              colorimetry_text(in_colour) + ": luma is never converted, put videoconvert there.";
    return false;
  }
  stream.width = GST_VIDEO_INFO_WIDTH(&in);
  stream.height = GST_VIDEO_INFO_HEIGHT(&in);
  stream.in = colorizer_format(in);
  stream.out = colorizer_format(out);
  switch (out_colour.matrix) {
    case GST_VIDEO_COLOR_MATRIX_BT709:
      stream.matrix = CGAN_MATRIX_BT709;
      break;
    case GST_VIDEO_COLOR_MATRIX_BT2020:
      stream.matrix = CGAN_MATRIX_BT2020;
      break;
    default:
      stream.matrix = CGAN_MATRIX_BT601;
      break;
  }
  stream.full_range = out_colour.range == GST_VIDEO_COLOR_RANGE_0_255;
  return true;
}

}  // namespace cgan
