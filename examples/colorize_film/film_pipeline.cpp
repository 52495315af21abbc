#include "examples/colorize_film/film_pipeline.h"

#include <unistd.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <utility>

#include "examples/colorize_film/compare_bridge.h"
#include "examples/colorize_film/container.h"
#include "examples/colorize_film/element_settings.h"
#include "examples/colorize_film/field_order.h"
#include "examples/colorize_film/frame_times.h"
#include "examples/colorize_film/reader_choice.h"
#include "examples/colorize_film/sequence.h"
#include "examples/colorize_film/steady_caps.h"
#include "examples/colorize_film/vips_pictures.h"

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

  // One that leaves each code as it is where it can: GStreamer's would add noise to some formats.
  GstElement* add_converter(const char* factory = "videoconvert") {
    GstElement* converter = add(factory, kBase);
    gst_util_set_object_arg(G_OBJECT(converter), "dither", "none");
    return converter;
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

// A file, or what gives data like one: a pipe with a name.
void check_input(const std::string& input) {
  if (is_sequence_to_read(input)) return;  // its pictures are looked for where they are read
  if (input == kStandardInput) {
    if (isatty(STDIN_FILENO))
      throw RunError(
          "Standard input is a terminal: lead a film into it (... | colorize-film - OUT).", kUsage);
    return;
  }
  if (!g_file_test(input.c_str(), G_FILE_TEST_EXISTS) ||
      g_file_test(input.c_str(), G_FILE_TEST_IS_DIR))
    throw RunError("There is no film '" + input + "'.");
}

GstElement* add_source(Builder& build, const Options& options) {
  if (options.input == kStandardInput) return build.add("fdsrc", kCore);
  if (!is_sequence_to_read(options.input)) {
    GstElement* source = build.add("filesrc", kCore);
    g_object_set(source, "location", options.input.c_str(), nullptr);
    return source;
  }
  const Sequence pictures = find_sequence(options.input);
  const FrameRate rate = options.fps.value_or(FrameRate());
  if (is_read_by_vips(pictures)) return build.add(make_vips_source(pictures, rate));
  g_autoptr(GstCaps) caps = gst_caps_new_simple(
      pictures.media.c_str(), "framerate", GST_TYPE_FRACTION, rate.frames, rate.seconds, nullptr);
  GstElement* source = build.add("multifilesrc", kGood);
  g_object_set(source, "location", pictures.pattern.c_str(), "start-index",
               static_cast<int>(pictures.first), "stop-index",
               static_cast<int>(pictures.first + pictures.count - 1), "caps", caps, nullptr);
  return source;
}

// Behind the encoder: muxer and file, or files.
void add_sink(Builder& build, const std::string& result_path, FilmPipeline& film) {
  const bool is_pipe = result_path == kStandardOutput;
  GstElement* sink = film.muxer ? build.add(is_pipe ? "fdsink" : "filesink", kCore)
                                : build.add("multifilesink", kGood);
  // The file must not hold the start back: with --compare there is a second sink before it.
  g_object_set(sink, "async", FALSE, "sync", FALSE, nullptr);
  if (!is_pipe) g_object_set(sink, "location", result_path.c_str(), nullptr);
  if (film.muxer) {
    build.link({film.muxer, sink});
    film.muxed = request_video_pad(film.muxer);
  } else {
    g_autoptr(GstPad) pad = gst_element_get_static_pad(sink, "sink");
    film.muxed = pad;
  }
}

}  // namespace

FilmPipeline build_film_pipeline(const Options& options, const std::string& result_path,
                                 FramePairs* pairs, std::function<void(GstSample*)> on_compared) {
  check_input(options.input);
  FilmPipeline film;
  film.pipeline = gst_pipeline_new("film");
  std::unique_ptr<GstElement, decltype(&gst_object_unref)> owner(film.pipeline, gst_object_unref);
  Builder build(film.pipeline);

  film.colorizer = build.add(make_colorizer(options));
  if (GstElement* muxer = make_muxer(options.output)) film.muxer = build.add(muxer);
  film.parser = build.add("parsebin", kBase);
  choose_readers(film.parser);
  build.link({add_source(build, options), film.parser});

  // Streams of one file are written unevenly, and an encoder looks ahead: the queues grow by
  // buffers as long as another one is empty, so bytes and time must not stop them.
  film.queues = build.add("multiqueue", kCore);
  g_object_set(film.queues, "max-size-bytes", 0U, "max-size-time", G_GUINT64_CONSTANT(0),
               "max-size-buffers", 30U, nullptr);

  film.video_entry = build.add_converter();
  complete_colorimetry(film.video_entry);
  make_times_grow(film.video_entry);
  film.taken = build.add_caps("video/x-raw");
  film.deinterlacer = add_deinterlacer(build);
  // It turns most formats, but not all.
  GstElement* to_upright = build.add_converter();
  GstElement* upright = build.add("videoflip", kGood);
  // The network knows upright pictures, and not every container can say that one is to be turned.
  gst_util_set_object_arg(G_OBJECT(upright), "video-direction", "auto");
  GstElement* scaler = build.add_converter("videoconvertscale");
  film.one_size = build.add_caps("video/x-raw");
  keep_first(scaler, film.one_size, {"width", "height", "pixel-aspect-ratio"}, {"framerate"},
             "the picture of '" + options.input +
                 "' changes its size or shape on the way: all of the film is scaled and padded to "
                 "that of its beginning.");
  GstElement* to_colour = build.add_short_queue();
  // The element itself makes the chroma that is wanted, and knows how luma is kept.
  film.made = build.add_caps("video/x-raw");
  GstElement* converter = build.add_converter();
  film.coloured = build.add_caps("video/x-raw");
  // The frames carry their times; and an encoder that has begun keeps to one kind of fields, while
  // the element sees what comes.
  keep_first(converter, film.coloured, {"colorimetry", "chroma-site"},
             {"framerate", "interlace-mode", "field-order"}, "");
  build.link({film.video_entry, film.taken, film.deinterlacer, to_upright, upright, scaler,
              film.one_size, to_colour, film.colorizer, film.made, converter, film.coloured});

  GstElement* last = film.coloured;
  if (options.compare) {
    last = build.add(make_compare_bridge(pairs, std::move(on_compared)));
    build.link({film.coloured, last});
  }
  GstElement* queue = build.add_short_queue();
  film.to_encoder = build.add_converter();
  build.link({last, queue, film.to_encoder});
  add_sink(build, result_path, film);
  owner.release();
  return film;
}

}  // namespace colorize_film
