#include "plugin/element/caps.h"

#include <functional>
#include <string>
#include <utility>

#include "plugin/element/format_choice.h"

namespace cgan {
namespace {

constexpr int kStandardDefinitionLines = 576;          // above: BT.709, as in all of GStreamer
constexpr char kLeft[] = "mpeg2", kCentre[] = "jpeg";  // chroma sites

// Both pads; what is missing is the list of formats.
constexpr char kTemplateFields[] =
    "video/x-raw, width = (int) [ 16, 7680 ], height = (int) [ 16, 4320 ], "
    "framerate = (fraction) [ 0/1, 2147483647/1 ], interlace-mode = (string) { progressive, "
    "interleaved, mixed }";

void set_formats(GstStructure* structure, const Formats& formats) {
  GValue list = G_VALUE_INIT;
  g_value_init(&list, GST_TYPE_LIST);
  for (const PixelFormat* format : formats) {
    GValue name = G_VALUE_INIT;
    g_value_init(&name, G_TYPE_STRING);
    g_value_set_static_string(&name, format->name);
    gst_value_list_append_and_take_value(&list, &name);
  }
  gst_structure_take_value(structure, "format", &list);
}

GstCaps* template_caps(GstPadDirection direction) {
  GstCaps* caps = gst_caps_new_empty();
  for (const CganMemory memory : {CGAN_MEMORY_CUDA, CGAN_MEMORY_HOST}) {
    GstStructure* structure = gst_structure_from_string(kTemplateFields, nullptr);
    set_formats(structure, formats_of(direction, memory));
    const bool is_cuda = memory == CGAN_MEMORY_CUDA;
    gst_caps_append_structure_full(
        caps, structure, is_cuda ? gst_caps_features_new_single(kCudaMemoryFeature) : nullptr);
  }
  return caps;
}

bool is_in_cuda(const GstCapsFeatures* features) {
  return !gst_caps_features_is_any(features) &&
         gst_caps_features_contains(features, kCudaMemoryFeature);
}

const PixelFormat* format_of(const GstCaps* caps) {
  const char* name = gst_structure_get_string(gst_caps_get_structure(caps, 0), "format");
  return name != nullptr ? find_pixel_format(name) : nullptr;
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

// Takes away what does not go with the partners: grey has no matrix and no chroma grid, and another
// grid has other sites.
GstStructure* partner_structure(const GstStructure* structure, const PixelFormat& own,
                                const Formats& partners) {
  GstStructure* copy = gst_structure_copy(structure);
  set_formats(copy, partners);
  const PixelFormat& partner = *partners.front();
  if (own.has_chroma() != partner.has_chroma()) gst_structure_remove_field(copy, "colorimetry");
  if (!have_same_grid(own, partner)) gst_structure_remove_field(copy, "chroma-site");
  return copy;
}

// Partners that keep the same fields, in groups: the grid of `own`, other grids, grey (or for grey,
// colour).
std::vector<Formats> partner_groups(GstPadDirection direction, const PixelFormat& own,
                                    CganMemory memory) {
  Formats same, other, across;
  for (const PixelFormat* partner : partners(direction, own, memory)) {
    const bool is_across = own.has_chroma() != partner->has_chroma();
    (is_across ? across : have_same_grid(own, *partner) ? same : other).push_back(partner);
  }
  std::vector<Formats> groups;
  for (Formats& group : {std::ref(same), std::ref(other), std::ref(across)}) {
    if (!group.empty()) groups.push_back(std::move(group));
  }
  return groups;
}

bool is_known_matrix(GstVideoColorMatrix matrix) {
  return matrix == GST_VIDEO_COLOR_MATRIX_BT601 || matrix == GST_VIDEO_COLOR_MATRIX_BT709 ||
         matrix == GST_VIDEO_COLOR_MATRIX_BT2020;
}

// What GStreamer takes the caps for, but an impossible matrix as the caps name it: GstVideoInfo
// puts a default in the place of such a colorimetry without a word.
GstVideoColorimetry colorimetry_of(const GstCaps* caps, const GstVideoInfo& info) {
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  const char* text = gst_structure_get_string(structure, "colorimetry");
  GstVideoColorimetry named;
  const bool is_impossible = text != nullptr && GST_VIDEO_INFO_IS_YUV(&info) &&
                             gst_video_colorimetry_from_string(&named, text) &&
                             named.matrix != GST_VIDEO_COLOR_MATRIX_UNKNOWN &&
                             !is_known_matrix(named.matrix);
  return is_impossible ? named : GST_VIDEO_INFO_COLORIMETRY(&info);
}

GstVideoColorimetry colorimetry_for_grey(const GstVideoInfo& grey) {
  const bool is_high = GST_VIDEO_INFO_HEIGHT(&grey) > kStandardDefinitionLines;
  GstVideoColorimetry chosen = GST_VIDEO_INFO_COLORIMETRY(&grey);
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

// What the output is to say, if downstream takes it.
GstVideoColorimetry colorimetry_for(const PixelFormat& format, const GstVideoInfo& info) {
  return format.has_chroma() ? GST_VIDEO_INFO_COLORIMETRY(&info) : colorimetry_for_grey(info);
}

// Whether the luma of `in` can stand in an output of colorimetry `out`. Only full grey changes its
// range: what is outside black and white of limited grey would be lost.
bool fits(const PixelFormat& format, const GstVideoColorimetry& in,
          const GstVideoColorimetry& out) {
  const bool grows_limited = !format.has_chroma() && in.range == GST_VIDEO_COLOR_RANGE_0_255 &&
                             out.range == GST_VIDEO_COLOR_RANGE_16_235;
  return is_known_matrix(out.matrix) && (in.range == out.range || grows_limited) &&
         (!format.has_chroma() || in.matrix == out.matrix);
}

void set_text(GstStructure* structure, const char* field, const char* text) {
  gst_structure_set(structure, field, G_TYPE_STRING, text, nullptr);
}

// The first text of a list that fits, if possible in the same range; empty: there is none.
std::string best_of(const GValue* list, const PixelFormat& format,
                    const GstVideoColorimetry& wanted) {
  std::string best;
  for (guint i = 0; i < gst_value_list_get_size(list); ++i) {
    const GValue* text = gst_value_list_get_value(list, i);
    GstVideoColorimetry offered;
    if (!G_VALUE_HOLDS_STRING(text) ||
        !gst_video_colorimetry_from_string(&offered, g_value_get_string(text)) ||
        !fits(format, wanted, offered)) {
      continue;
    }
    if (offered.range == wanted.range) return g_value_get_string(text);
    if (best.empty()) best = g_value_get_string(text);
  }
  return best;
}

// Writes the output colorimetry. Where downstream takes none that fits, its own stays, and
// describe_stream refuses it with a reason.
void choose_colorimetry(GstStructure* structure, const PixelFormat& format,
                        const GstVideoInfo& info) {
  const GstVideoColorimetry wanted = colorimetry_for(format, info);
  gchar* first_choice = gst_video_colorimetry_to_string(&wanted);
  const GValue* asked = gst_structure_get_value(structure, "colorimetry");
  if (allows(structure, "colorimetry", first_choice)) {
    set_text(structure, "colorimetry", first_choice);
  } else if (GST_VALUE_HOLDS_LIST(asked)) {
    const std::string text = best_of(asked, format, wanted);
    if (!text.empty()) set_text(structure, "colorimetry", text.c_str());
  }
  g_free(first_choice);
}

// The site of the output's chroma that goes with the input's. A sample of 4:2:2 belongs to one row:
// of a site of 4:2:0 only the place along the row is left.
std::string chroma_site_for(const GstStructure* input, const PixelFormat& in,
                            const PixelFormat& out) {
  const char* site = gst_structure_get_string(input, "chroma-site");
  if (site == nullptr || in.step_x != 2) return kLeft;
  if (in.step_y == out.step_y || out.step_y == 2) return site;
  return (gst_video_chroma_site_from_string(site) & GST_VIDEO_CHROMA_SITE_H_COSITED) != 0 ? kLeft
                                                                                          : kCentre;
}

void choose_chroma_site(GstStructure* structure, const GstStructure* input, const PixelFormat& in,
                        const PixelFormat& out) {
  if (out.step_x == 1) return;
  const std::string site = chroma_site_for(input, in, out);
  if (allows(structure, "chroma-site", site.c_str())) {
    set_text(structure, "chroma-site", site.c_str());
  }
}

// PAL DV has Cb and Cr on alternate lines: the middle of both is that of the two lines.
CganChromaSite colorizer_site(GstVideoChromaSite site) {
  if (site == GST_VIDEO_CHROMA_SITE_UNKNOWN) return CGAN_CHROMA_LEFT;
  int result = CGAN_CHROMA_CENTRE;
  if ((site & GST_VIDEO_CHROMA_SITE_H_COSITED) != 0) result |= CGAN_CHROMA_LEFT;
  if ((site & GST_VIDEO_CHROMA_SITE_V_COSITED) != 0 &&
      (site & GST_VIDEO_CHROMA_SITE_ALT_LINE) == 0) {
    result |= CGAN_CHROMA_TOP;
  }
  return static_cast<CganChromaSite>(result);
}

CganMatrix colorizer_matrix(GstVideoColorMatrix matrix) {
  switch (matrix) {
    case GST_VIDEO_COLOR_MATRIX_BT709:
      return CGAN_MATRIX_BT709;
    case GST_VIDEO_COLOR_MATRIX_BT2020:
      return CGAN_MATRIX_BT2020;
    default:
      return CGAN_MATRIX_BT601;
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
  return template_caps(GST_PAD_SINK);
}
GstCaps* src_template_caps() {
  return template_caps(GST_PAD_SRC);
}

CganMemory memory_of(const GstCaps* caps) {
  return is_in_cuda(gst_caps_get_features(caps, 0)) ? CGAN_MEMORY_CUDA : CGAN_MEMORY_HOST;
}

GstCaps* transform_caps(GstPadDirection direction, const GstCaps* caps, const GstCaps* filter,
                        bool takes_cuda) {
  GstCaps* result = gst_caps_new_empty();
  for (guint i = 0; i < gst_caps_get_size(caps); ++i) {
    const GstStructure* structure = gst_caps_get_structure(caps, i);
    const GstCapsFeatures* features = gst_caps_get_features(caps, i);
    if (is_in_cuda(features) && !takes_cuda) continue;
    const CganMemory memory = is_in_cuda(features) ? CGAN_MEMORY_CUDA : CGAN_MEMORY_HOST;
    for (const PixelFormat* own : formats_of(direction, memory)) {
      if (!allows(structure, "format", own->name)) continue;
      for (const Formats& group : partner_groups(direction, *own, memory)) {
        result = gst_caps_merge_structure_full(result, partner_structure(structure, *own, group),
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

GstCaps* with_cuda_first(const GstCaps* caps) {
  GstCaps* result = gst_caps_new_empty();
  for (const bool is_cuda : {true, false}) {
    for (guint i = 0; i < gst_caps_get_size(caps); ++i) {
      const GstCapsFeatures* features = gst_caps_get_features(caps, i);
      if (is_in_cuda(features) != is_cuda) continue;
      gst_caps_append_structure_full(result, gst_structure_copy(gst_caps_get_structure(caps, i)),
                                     gst_caps_features_copy(features));
    }
  }
  return result;
}

GstCaps* fixate_caps(GstPadDirection direction, const GstCaps* caps, GstCaps* other_caps) {
  const PixelFormat* own = format_of(caps);
  GstVideoInfo info;
  if (own == nullptr || !gst_video_info_from_caps(&info, caps)) return gst_caps_fixate(other_caps);
  for (const PixelFormat* partner : partners(direction, *own, memory_of(caps))) {
    for (guint i = 0; i < gst_caps_get_size(other_caps); ++i) {
      const GstStructure* structure = gst_caps_get_structure(other_caps, i);
      if (!allows(structure, "format", partner->name)) continue;
      GstStructure* chosen = gst_structure_copy(structure);
      set_text(chosen, "format", partner->name);
      if (direction == GST_PAD_SINK) {
        choose_colorimetry(chosen, *own, info);
        choose_chroma_site(chosen, gst_caps_get_structure(caps, 0), *own, *partner);
      }
      GstCaps* result = gst_caps_new_empty();
      gst_caps_append_structure_full(result, chosen,
                                     gst_caps_features_copy(gst_caps_get_features(other_caps, i)));
      gst_caps_unref(other_caps);
      return gst_caps_fixate(result);
    }
  }
  // Before the pad is linked the base class offers the input's own caps, as which grey cannot
  // leave.
  GstCaps* every = transform_caps(direction, caps, nullptr, memory_of(caps) == CGAN_MEMORY_CUDA);
  if (gst_caps_is_empty(every)) {
    gst_caps_unref(every);
    return gst_caps_fixate(other_caps);
  }
  gst_caps_unref(other_caps);
  return fixate_caps(direction, caps, every);
}

bool describe_stream(const GstCaps* in_caps, const GstVideoInfo& in, const GstCaps* out_caps,
                     const GstVideoInfo& out, CganStreamInfo& stream, std::string& problem) {
  // The templates let nothing else in.
  const PixelFormat& in_format = *find_pixel_format(GST_VIDEO_INFO_NAME(&in));
  const PixelFormat& out_format = *find_pixel_format(GST_VIDEO_INFO_NAME(&out));
  const GstVideoColorimetry in_colour = colorimetry_of(in_caps, in);
  const GstVideoColorimetry out_colour = colorimetry_of(out_caps, out);
  if (in_format.has_chroma() && !is_known_matrix(in_colour.matrix)) {
    problem = "The colorimetry " + colorimetry_text(in_colour) +
              " of the input has a matrix other than BT.601, BT.709 and BT.2020: put videoconvert "
              "and one of these before cgancolorize.";
    return false;
  }
  if (!fits(in_format, in_colour, out_colour)) {
    problem = "The colorimetry " + colorimetry_text(out_colour) +
              " that is asked for after cgancolorize does not fit its input, " +
              colorimetry_text(in_colour) +
              ": only grey of full range is converted, put videoconvert there.";
    return false;
  }
  stream.width = GST_VIDEO_INFO_WIDTH(&in);
  stream.height = GST_VIDEO_INFO_HEIGHT(&in);
  stream.in = in_format.format;
  stream.out = out_format.format;
  stream.matrix = colorizer_matrix(out_colour.matrix);
  stream.in_full_range = in_colour.range == GST_VIDEO_COLOR_RANGE_0_255;
  stream.out_full_range = out_colour.range == GST_VIDEO_COLOR_RANGE_0_255;
  stream.interlaced = GST_VIDEO_INFO_IS_INTERLACED(&in);
  stream.memory = memory_of(in_caps);
  stream.chroma_site = colorizer_site(GST_VIDEO_INFO_CHROMA_SITE(&out));
  // From the caps: the info forgets it where they have no colorimetry. None is left, as it is for
  // the output.
  const char* site = gst_structure_get_string(gst_caps_get_structure(in_caps, 0), "chroma-site");
  stream.in_chroma_site =
      site != nullptr ? colorizer_site(gst_video_chroma_site_from_string(site)) : CGAN_CHROMA_LEFT;
  return true;
}

}  // namespace cgan
