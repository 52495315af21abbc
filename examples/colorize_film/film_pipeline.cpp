#include "examples/colorize_film/film_pipeline.h"

#include <initializer_list>
#include <memory>
#include <utility>

#include "examples/colorize_film/compare_bridge.h"
#include "examples/colorize_film/container.h"
#include "examples/colorize_film/element_settings.h"
#include "examples/colorize_film/field_order.h"
#include "examples/colorize_film/frame_times.h"
#include "examples/colorize_film/steady_caps.h"

namespace colorize_film {
namespace {

constexpr char kCore[] = "libgstreamer1.0-0";
constexpr char kBase[] = "gstreamer1.0-plugins-base";
constexpr char kGood[] = "gstreamer1.0-plugins-good";

class Builder {
 public:
  explicit Builder(GstElement* pipeline) : pipeline_(GST_BIN(pipeline)) {}

  GstElement* add(GstElement* element) {
    gst_bin_add(pipeline_, element);
    return element;
  }

  GstElement* add(const char* factory, const char* package) {
    GstElement* element = gst_element_factory_make(factory, nullptr);
    if (!element)
      throw RunError(std::string("GStreamer's element ") + factory +
                     " is missing: install the package " + package + ".");
    return add(element);
  }

  GstElement* add_caps(const char* text) {
    GstElement* filter = add("capsfilter", kCore);
    g_autoptr(GstCaps) caps = gst_caps_from_string(text);
    g_object_set(filter, "caps", caps, nullptr);
    return filter;
  }

  // A few frames: enough for the work on both sides to go on at the same time.
  GstElement* add_short_queue() {
    GstElement* queue = add("queue", kCore);
    g_object_set(queue, "max-size-buffers", 4U, "max-size-bytes", 0U, "max-size-time",
                 G_GUINT64_CONSTANT(0), nullptr);
    return queue;
  }

  void link(std::initializer_list<GstElement*> chain) {
    GstElement* before = nullptr;
    for (GstElement* element : chain) {
      if (before && !gst_element_link(before, element))
        throw RunError(std::string("GStreamer cannot lead video from ") + GST_OBJECT_NAME(before) +
                           " to " + GST_OBJECT_NAME(element) +
                           ": name another encoder with --encoder.",
                       kUsage);
      before = element;
    }
  }

 private:
  GstBin* pipeline_;
};

GstElement* make_colorizer(const Options& options) {
  GstElement* colorizer = gst_element_factory_make("cgancolorize", "cgancolorize");
  if (!colorizer)
    throw RunError(
        "GStreamer does not find the element cgancolorize: install it (ninja -C BUILD install), or "
        "name its folder by GST_PLUGIN_PATH=BUILD/plugin/element.");
  try {
    if (options.preset) apply_preset(colorizer, *options.preset);
    apply_settings(colorizer, options.settings);
  } catch (...) {
    gst_object_unref(gst_object_ref_sink(colorizer));
    throw;
  }
  return colorizer;
}

// One frame of two fields, so the rate stays.
GstElement* add_deinterlacer(Builder& build) {
  GstElement* deinterlacer = build.add("deinterlace", kGood);
  gst_util_set_object_arg(G_OBJECT(deinterlacer), "fields", "top");
  gst_util_set_object_arg(G_OBJECT(deinterlacer), "method", "greedyh");
  return deinterlacer;
}

// Fields stay where the encoder keeps them.
void choose_fields(GstElement* deinterlacer, GstElement* encoder, const Options& options) {
  if (!options.deinterlace && keeps_fields(encoder)) {
    gst_util_set_object_arg(G_OBJECT(deinterlacer), "mode", "disabled");
    return;
  }
  deinterlace_frame_by_frame(deinterlacer);
  if (options.deinterlace) return;
  remark_fields(deinterlacer,
                "'" + options.input +
                    "' is interlaced, which this encoder cannot keep: each two fields become one "
                    "frame. H.264 (x264enc) and FFV1 (avenc_ffv1) keep them.");
}

void link_encoder_to_muxer(FilmPipeline& film, const Options& options) {
  g_autoptr(GstPad) encoded = gst_element_get_static_pad(film.encoder, "src");
  g_autoptr(GstCaps) caps = gst_pad_query_caps(encoded, nullptr);
  if (gst_caps_is_any(caps) || gst_caps_is_empty(caps) ||
      !link_to_muxer(GST_BIN(film.pipeline), encoded, caps, film.muxer))
    throw RunError(
        "The container of '" + options.output +
            "' does not take what this encoder writes: use another ending, such as .mkv.",
        kUsage);
  film.muxed = GST_PAD(film.muxer->sinkpads->data);
}

}  // namespace

FilmPipeline build_film_pipeline(const Options& options, const std::string& result_path,
                                 FramePairs* pairs, std::function<void(GstSample*)> on_compared) {
  FilmPipeline film;
  film.pipeline = gst_pipeline_new("film");
  std::unique_ptr<GstElement, decltype(&gst_object_unref)> owner(film.pipeline, gst_object_unref);
  Builder build(film.pipeline);

  film.colorizer = build.add(make_colorizer(options));
  film.muxer = build.add(make_muxer(options.output));
  const bool is_pipe = options.input == kStandardInput;
  GstElement* source = build.add(is_pipe ? "fdsrc" : "filesrc", kCore);
  if (!is_pipe) g_object_set(source, "location", options.input.c_str(), nullptr);
  film.parser = build.add("parsebin", kBase);
  build.link({source, film.parser});

  // Streams of one file are written unevenly, and an encoder looks ahead: the queues grow by
  // buffers as long as another one is empty, so bytes and time must not stop them.
  film.queues = build.add("multiqueue", kCore);
  g_object_set(film.queues, "max-size-bytes", 0U, "max-size-time", G_GUINT64_CONSTANT(0),
               "max-size-buffers", 30U, nullptr);

  film.video_entry = build.add("videoconvert", kBase);
  name_first_field(film.video_entry);
  complete_colorimetry(film.video_entry);
  make_times_grow(film.video_entry);
  // GRAY8 stays GRAY8: only the element knows how to keep such luma bit for bit.
  GstElement* taken = build.add_caps("video/x-raw, format = (string) { I420, NV12, GRAY8 }");
  GstElement* deinterlacer = add_deinterlacer(build);
  GstElement* upright = build.add("videoflip", kGood);
  // The network knows upright pictures, and not every container can say that one is to be turned.
  gst_util_set_object_arg(G_OBJECT(upright), "video-direction", "auto");
  GstElement* scaler = build.add("videoconvertscale", kBase);
  GstElement* one_size = build.add_caps("video/x-raw, format = (string) { I420, NV12, GRAY8 }");
  keep_first(scaler, one_size, {"width", "height", "pixel-aspect-ratio"},
             "the picture of '" + options.input +
                 "' changes its size or shape on the way: all of the film is scaled and padded to "
                 "that of its beginning.");
  GstElement* to_colour = build.add_short_queue();
  GstElement* converter = build.add("videoconvert", kBase);
  film.coloured = build.add_caps("video/x-raw, format = (string) I420");
  keep_first(converter, film.coloured, {"colorimetry", "chroma-site"}, "");
  build.link({film.video_entry, taken, deinterlacer, upright, scaler, one_size, to_colour,
              film.colorizer, converter, film.coloured});

  GstElement* last = film.coloured;
  if (options.compare) {
    last = build.add(make_compare_bridge(pairs, std::move(on_compared)));
    build.link({film.coloured, last});
  }
  GstElement* to_encoder = build.add_short_queue();
  GstElement* encoder_format = build.add("videoconvert", kBase);
  film.encoder = build.add(make_encoder(options.output, options.encoder));
  choose_fields(deinterlacer, film.encoder, options);
  build.link({last, to_encoder, encoder_format, film.encoder});
  link_encoder_to_muxer(film, options);

  GstElement* sink = build.add("filesink", kCore);
  // The file must not hold the start back: with --compare there is a second sink before it.
  g_object_set(sink, "location", result_path.c_str(), "async", FALSE, nullptr);
  build.link({film.muxer, sink});
  owner.release();
  return film;
}

}  // namespace colorize_film
