// SECTION:element-cgancolorize
// @title: cgancolorize
// @short_description: colours black-and-white video with a conditional GAN
//
// Takes grey or YUV video of 8 to 12 bits (grey also of 16) and gives it colour that a network
// trained on colour pictures holds for likely. Luma is passed on bit for bit: only chroma is
// written. Shots that are in colour already pass as they are, unless `on-color` says otherwise; the
// tint of a print is no colour. Size, rate, timestamps and metas stay as they are. The output has
// the depth of the input or more, as downstream asks; luma of another depth, and grey of full range
// for an output of limited range, are written by the formulas of ITU-T H.273 (limited range grows
// by zero bits).
//
// Chroma is made for the matrix, range and chroma-site of the output's caps: those of the input
// where it has them. Grey and 4:4:4 get chroma-site "mpeg2" unless downstream asks for another.
//
// Of interlaced film (interleaved or mixed) each field is coloured as the moment that it is, in the
// order that caps or flags name; frames and flags stay. Frames may have from 16x16 to 7680x4320
// pixels: put `videoscale !` before it for others.
//
// One frame of a live source goes in and one comes out on the streaming thread, so it adds no
// latency but its computing time, and that of the frames that `lookahead` asks for. Where the
// source is not live, several frames are on their way at once, each on one thread, which colours
// more of them in a second; `max-frame-delay` says how many. The colours are the same.
//
// Where frames come too late for the sink, they carry the colours so far along motion, which takes
// a fraction of the time, and say so in a QOS message (quality 500000 of 1000000); a cut is
// coloured in full all the same. Where carrying does not help either, late frames are dropped for
// ten seconds. `qos=false` does neither.
//
// With `device-passes` on a CUDA card frames may also lie in its memory (memory:CUDAMemory), as
// NVIDIA's decoders and encoders have them: they are chosen where both neighbours can do that, and
// nothing is copied to the host. The element gives its neighbours the card's primary CUDA context;
// frames in another one are copied, with a warning. Not yet proven on a card.
//
// With `stats-interval` the structure of `stats` comes as an element message, with its times.
//
// The network is in a library of its own that is opened when the element leaves NULL; errors on the
// way (no such model, no such device) are posted there, before the first frame.
//
// ## Example launch lines
// |[
// gst-launch-1.0 filesrc location=old.mp4 ! decodebin ! videoconvert !
//     cgancolorize ! x264enc ! mp4mux ! filesink location=coloured.mp4
// ]| colours a film (without its sound).
// |[
// gst-launch-1.0 videotestsrc ! video/x-raw,format=GRAY8 ! cgancolorize saturation=1.3 variant=7 !
//     videoconvert ! autovideosink
// ]| shows another colour scheme of a test picture, a little stronger.
// |[
// gst-launch-1.0 filesrc location=old.mp4 ! decodebin ! videoconvert !
//     cgancolorize @preset=archival-film split=0.5 ! videoconvert ! autovideosink
// ]| shows the film as it is on the left, and beside it as the preset colours it.
// |[
// gst-launch-1.0 filesrc location=old.mp4 ! qtdemux ! h264parse ! nvh264dec !
//     cgancolorize device=cuda device-passes=true ! nvh264enc ! h264parse ! mp4mux !
//     filesink location=coloured.mp4
// ]| colours a film that does not leave the card.

#include "plugin/element/gstcgancolorize.h"

#include <string>

#include "plugin/element/caps.h"
#include "plugin/element/colorizer_library.h"
#include "plugin/element/element_error.h"
#include "plugin/element/element_state.h"
#include "plugin/element/frame_flow.h"
#include "plugin/element/frame_memory.h"
#include "plugin/element/latency_qos.h"
#include "plugin/element/properties.h"

GST_DEBUG_CATEGORY(cgan_colorize_debug);
#define GST_CAT_DEFAULT cgan_colorize_debug

// A preset keeps a look, not the machine that it was made on.
static void implement_preset(gpointer interface, gpointer) {
  static_cast<GstPresetInterface*>(interface)->get_property_names = [](GstPreset*) {
    return g_strdupv(const_cast<gchar**>(cgan::look_properties()));
  };
}

G_DEFINE_TYPE_WITH_CODE(GstCganColorize, gst_cgan_colorize, GST_TYPE_VIDEO_FILTER,
                        G_IMPLEMENT_INTERFACE(GST_TYPE_PRESET, implement_preset)
                            GST_DEBUG_CATEGORY_INIT(cgan_colorize_debug, "cgancolorize", 0,
                                                    "cGAN colorizer"))
GST_ELEMENT_REGISTER_DEFINE(cgancolorize, "cgancolorize", GST_RANK_NONE, GST_TYPE_CGAN_COLORIZE)

namespace {

using cgan::guarded;
using cgan::State;

cgan::CreationSettings creation_settings(GstCganColorize* self) {
  GST_OBJECT_LOCK(self);
  cgan::CreationSettings settings = self->state->properties.creation;
  GST_OBJECT_UNLOCK(self);
  return settings;
}

// Makes the colorizer that the properties ask for; false after one posted error.
bool create_colorizer(GstCganColorize* self) {
  State& state = *self->state;
  if (state.library == nullptr) {
    cgan::LibraryError error;
    state.library = cgan::open_colorizer_library(error);
    if (state.library == nullptr) {
      cgan::post_error(GST_ELEMENT(self), {GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_INIT},
                       error.message.c_str(), error.details.c_str());
      return false;
    }
  }
  state.destroy_colorizer();
  state.created_with = creation_settings(self);
  const CganSettings settings = state.created_with.for_colorizer();
  CganError error = {};
  state.colorizer = state.library->create(&settings, &error);
  if (state.colorizer == nullptr) {
    cgan::post_error(GST_ELEMENT(self), error);
    return false;
  }
  GST_OBJECT_LOCK(self);
  state.properties.used_device = state.library->device(state.colorizer);
  state.properties.used_precision = state.library->precision(state.colorizer);
  GST_OBJECT_UNLOCK(self);
  GST_INFO_OBJECT(self, "model %s runs on %s with %s", settings.model,
                  state.library->device(state.colorizer),
                  state.library->precision(state.colorizer));
  cgan::open_frame_memory(self);
  if (const char* warning = state.library->warning(state.colorizer)) {
    cgan::post_warning(GST_ELEMENT(self), {GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS}, warning);
  }
  return true;
}

// False after an error was posted, once for a cause: upstream offers refused caps again and again.
bool refuse_caps(GstCganColorize* self, cgan::ErrorCode code, const std::string& message,
                 const char* details) {
  std::string& refusal = self->state->refusal;
  if (refusal != message) cgan::post_error(GST_ELEMENT(self), code, message.c_str(), details);
  refusal = message;
  return false;
}

GstStateChangeReturn change_state(GstElement* element, GstStateChange transition) {
  GstCganColorize* self = GST_CGAN_COLORIZE(element);
  if (transition == GST_STATE_CHANGE_NULL_TO_READY &&
      !guarded(self, false, [&] { return create_colorizer(self); })) {
    return GST_STATE_CHANGE_FAILURE;
  }
  const GstStateChangeReturn result =
      GST_ELEMENT_CLASS(gst_cgan_colorize_parent_class)->change_state(element, transition);
  const bool is_down =
      transition == GST_STATE_CHANGE_READY_TO_NULL ||
      (transition == GST_STATE_CHANGE_NULL_TO_READY && result == GST_STATE_CHANGE_FAILURE);
  if (is_down) {
    self->state->destroy_colorizer();
    self->state->cuda_memory.close();
  }
  return result;
}

gboolean start(GstBaseTransform* base) {
  GstCganColorize* self = GST_CGAN_COLORIZE(base);
  return guarded(self, false, [&] {
    self->state->refusal.clear();
    self->state->card_refusal.clear();
    self->state->flow.is_jump = true;
    const bool is_current =
        self->state->colorizer != nullptr && creation_settings(self) == self->state->created_with;
    if (!is_current && !create_colorizer(self)) return false;
    cgan::update_latency(self);
    return true;
  });
}

gboolean stop(GstBaseTransform* base) {
  GstCganColorize* self = GST_CGAN_COLORIZE(base);
  cgan::end_stream(self);
  self->state->cuda_memory.begin_stream(false);
  return TRUE;
}

gboolean set_info(GstVideoFilter* filter, GstCaps* in_caps, GstVideoInfo* in, GstCaps* out_caps,
                  GstVideoInfo* out) {
  GstCganColorize* self = GST_CGAN_COLORIZE(filter);
  return guarded(self, false, [&] {
    State& state = *self->state;
    CganStreamInfo stream = {};
    std::string problem;
    if (!cgan::describe_stream(in_caps, *in, out_caps, *out, stream, problem)) {
      return refuse_caps(self, {GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION}, problem, nullptr);
    }
    stream.delay = cgan::choose_delay(self, *in);
    CganError error = {};
    if (!state.library->set_stream(state.colorizer, &stream, &error)) {
      return refuse_caps(self, cgan::error_code(error.kind), error.message, error.details);
    }
    state.refusal.clear();
    state.cuda_memory.begin_stream(stream.memory == CGAN_MEMORY_CUDA);
    GST_INFO_OBJECT(self, "%u frames may be on their way beside the first", stream.delay);
    cgan::begin_stream(self, *in, stream.delay);
    return true;
  });
}

// Here and not in set_info: after that GstVideoFilter sets in place for every class without its
// transform_frame, which goes unused here.
gboolean set_caps(GstBaseTransform* base, GstCaps* in_caps, GstCaps* out_caps) {
  cgan::drain(GST_CGAN_COLORIZE(base));  // the held frames are of the former caps
  if (!GST_BASE_TRANSFORM_CLASS(gst_cgan_colorize_parent_class)
           ->set_caps(base, in_caps, out_caps)) {
    return FALSE;
  }
  const GstVideoFilter* filter = GST_VIDEO_FILTER(base);
  gst_base_transform_set_in_place(
      base, GST_VIDEO_INFO_FORMAT(&filter->in_info) == GST_VIDEO_INFO_FORMAT(&filter->out_info));
  return TRUE;
}

GstCaps* transform_caps(GstBaseTransform* base, GstPadDirection direction, GstCaps* caps,
                        GstCaps* filter) {
  return cgan::transform_caps(direction, caps, filter,
                              cgan::takes_cuda_frames(GST_CGAN_COLORIZE(base)));
}

GstCaps* fixate_caps(GstBaseTransform*, GstPadDirection direction, GstCaps* caps, GstCaps* other) {
  return cgan::fixate_caps(direction, caps, other);
}

// Size, geometry and time stay, so only a meta that says something else than these is refused.
gboolean transform_meta(GstBaseTransform* base, GstBuffer* out, GstMeta* meta, GstBuffer* in) {
  static const gchar* const kKept[] = {GST_META_TAG_VIDEO_STR, GST_META_TAG_VIDEO_ORIENTATION_STR,
                                       GST_META_TAG_VIDEO_SIZE_STR,
                                       GST_META_TAG_VIDEO_COLORSPACE_STR, nullptr};
  for (const gchar* const* tag = gst_meta_api_type_get_tags(meta->info->api);
       tag != nullptr && *tag != nullptr; ++tag) {
    if (!g_strv_contains(kKept, *tag)) {
      return GST_BASE_TRANSFORM_CLASS(gst_cgan_colorize_parent_class)
          ->transform_meta(base, out, meta, in);
    }
  }
  return TRUE;
}

// Downstream's wishes (overlays) reach upstream, but for crop: what is coloured of a larger buffer
// is its upper left part, of the size that the caps say. The base class keeps back those that
// belong to memory.
gboolean filter_meta(GstBaseTransform*, GstQuery*, GType api, const GstStructure*) {
  return api != GST_VIDEO_CROP_META_API_TYPE;
}

void set_property(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  GstCganColorize* self = GST_CGAN_COLORIZE(object);
  bool is_creation = false;
  GST_OBJECT_LOCK(self);
  const bool is_known = cgan::set_property_value(self->state->properties, id, value, &is_creation);
  const bool is_running = GST_STATE(self) > GST_STATE_READY;
  GST_OBJECT_UNLOCK(self);
  if (!is_known) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  } else if (is_creation && is_running) {
    GST_WARNING_OBJECT(self, "%s takes effect at the next change from READY to PAUSED",
                       g_param_spec_get_name(spec));
  }
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  GstCganColorize* self = GST_CGAN_COLORIZE(object);
  GST_OBJECT_LOCK(self);
  const bool is_known = cgan::get_property_value(self->state->properties, id, value);
  GST_OBJECT_UNLOCK(self);
  if (!is_known) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void finalize(GObject* object) {
  delete GST_CGAN_COLORIZE(object)->state;
  G_OBJECT_CLASS(gst_cgan_colorize_parent_class)->finalize(object);
}

void add_pad_template(GstElementClass* klass, const char* name, GstPadDirection direction,
                      GstCaps* caps) {
  gst_element_class_add_pad_template(klass,
                                     gst_pad_template_new(name, direction, GST_PAD_ALWAYS, caps));
  gst_caps_unref(caps);
}

}  // namespace

static void gst_cgan_colorize_class_init(GstCganColorizeClass* klass) {
  GObjectClass* object = G_OBJECT_CLASS(klass);
  object->set_property = set_property;
  object->get_property = get_property;
  object->finalize = finalize;
  cgan::install_properties(object);

  GstElementClass* element = GST_ELEMENT_CLASS(klass);
  element->change_state = change_state;
  gst_element_class_set_static_metadata(
      element, "cGAN colorizer", "Filter/Effect/Video",
      "Colours black-and-white video with a conditional GAN and keeps its luma bit for bit; of "
      "interlaced film each field as the moment that it is; frames that are late for "
      "the sink carry the colours so far before any is dropped, unless qos=false",
      "The cgancolorize authors");
  add_pad_template(element, "sink", GST_PAD_SINK, cgan::sink_template_caps());
  add_pad_template(element, "src", GST_PAD_SRC, cgan::src_template_caps());

  GstBaseTransformClass* base = GST_BASE_TRANSFORM_CLASS(klass);
  base->passthrough_on_same_caps = FALSE;
  base->start = start;
  base->stop = stop;
  base->transform_caps = transform_caps;
  base->fixate_caps = fixate_caps;
  base->set_caps = set_caps;
  base->transform_meta = transform_meta;
  base->filter_meta = filter_meta;
  cgan::install_frame_flow(base);
  cgan::install_frame_memory(base);
  cgan::install_latency_qos(base);

  GST_VIDEO_FILTER_CLASS(klass)->set_info = set_info;
}

static void gst_cgan_colorize_init(GstCganColorize* self) {
  self->state = new State(self);
}
