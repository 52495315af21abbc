#include "examples/colorize_film/pieces/piece_writer.h"

#include <glib/gstdio.h>
#include <gst/app/gstappsrc.h>

#include <cerrno>
#include <memory>

#include "examples/colorize_film/options.h"
#include "examples/colorize_film/pieces/durable_file.h"

namespace colorize_film {
namespace {

constexpr guint64 kWaitingFrames = 4;

GstElement* make(const char* factory, const char* package) {
  GstElement* element = gst_element_factory_make(factory, nullptr);
  if (!element)
    throw RunError(std::string("GStreamer's element ") + factory +
                   " is missing: install the package " + package + ".");
  return element;
}

}  // namespace

PieceWriter::PieceWriter(const MakeEncoder& make_encoder, GstCaps* frames,
                         const std::string& folder, const std::string& file)
    : path_(folder + "/" + file), part_(unique_part(path_)) {
  piece_.file = file;
  std::unique_ptr<GstElement, decltype(&gst_object_unref)> owner(
      GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new("piece"))), gst_object_unref);
  GstElement* elements[] = {make("appsrc", "gstreamer1.0-plugins-base"),
                            make("videoconvert", "gstreamer1.0-plugins-base"), make_encoder(frames),
                            make("gdppay", "gstreamer1.0-plugins-bad"),
                            make("filesink", "libgstreamer1.0-0")};
  GstElement* before = nullptr;
  for (GstElement* element : elements) {
    gst_bin_add(GST_BIN(owner.get()), element);
    if (before && !gst_element_link(before, element))
      throw RunError("GStreamer cannot lead video into this encoder: name another one.", kUsage);
    before = element;
  }
  source_ = elements[0];
  gst_util_set_object_arg(G_OBJECT(source_), "format", "time");
  g_object_set(source_, "caps", frames, "block", TRUE, "max-buffers", kWaitingFrames, "max-bytes",
               guint64{0}, nullptr);
  g_object_set(elements[4], "location", part_.c_str(), "async", FALSE, "sync", FALSE, nullptr);
  g_autoptr(GstPad) encoded = gst_element_get_static_pad(elements[3], "sink");
  gst_pad_add_probe(
      encoded, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo* info, gpointer writer) {
        // Without a time it is a header.
        if (GST_BUFFER_PTS_IS_VALID(GST_PAD_PROBE_INFO_BUFFER(info)))
          ++static_cast<PieceWriter*>(writer)->encoded_;
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
  // Who waits for the encoder to take frames waits in vain once it or the disk has failed.
  g_autoptr(GstBus) bus = gst_element_get_bus(owner.get());
  gst_bus_set_sync_handler(
      bus,
      [](GstBus*, GstMessage* message, gpointer source) {
        if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR)
          gst_app_src_end_of_stream(GST_APP_SRC(source));
        return GST_BUS_PASS;
      },
      source_, nullptr);
  pipeline_ = owner.release();
  if (gst_element_set_state(pipeline_, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE) return;
  try {
    fail();
  } catch (...) {
    gst_element_set_state(pipeline_, GST_STATE_NULL);
    gst_object_unref(pipeline_);
    throw;
  }
}

PieceWriter::~PieceWriter() {
  gst_element_set_state(pipeline_, GST_STATE_NULL);
  gst_object_unref(pipeline_);
  g_unlink(part_.c_str());
}

void PieceWriter::fail() {
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline_);
  g_autoptr(GstMessage) message = gst_bus_timed_pop_filtered(bus, GST_SECOND, GST_MESSAGE_ERROR);
  if (!message) throw RunError("The encoder takes no more frames: name another one.");
  g_autoptr(GError) error = nullptr;
  g_autofree char* details = nullptr;
  gst_message_parse_error(message, &error, &details);
  // filesink tells a full disk, and a file that the system's limits end, by their errno's text.
  const bool is_full =
      g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT) ||
      (details && g_strrstr(details, g_strerror(EFBIG)));
  if (is_full) throw RunError(write_failure(path_, ENOSPC));
  throw RunError(std::string(GST_OBJECT_NAME(GST_MESSAGE_SRC(message))) + ": " + error->message);
}

void PieceWriter::write(GstBuffer* frame, GstClockTime time) {
  GstBuffer* timed = gst_buffer_copy(frame);  // of its description, the picture is shared
  GST_BUFFER_PTS(timed) = time;
  GST_BUFFER_DTS(timed) = GST_CLOCK_TIME_NONE;
  if (pushed_ == 0) piece_.begin = time;
  piece_.last = time;
  ++pushed_;
  if (gst_app_src_push_buffer(GST_APP_SRC(source_), timed) != GST_FLOW_OK) fail();
}

Piece PieceWriter::finish() {
  gst_app_src_end_of_stream(GST_APP_SRC(source_));
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline_);
  g_autoptr(GstMessage) message = gst_bus_timed_pop_filtered(
      bus, GST_CLOCK_TIME_NONE, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    gst_bus_post(bus, gst_message_ref(message));
    fail();
  }
  gst_element_set_state(pipeline_, GST_STATE_NULL);
  GStatBuf status = {};
  if (g_stat(part_.c_str(), &status) != 0) throw RunError(write_failure(part_, errno));
  piece_.bytes = static_cast<uint64_t>(status.st_size);
  piece_.frames = encoded_;
  piece_.checksum = checksum_of_file(part_);
  name_durably(part_, path_);
  return piece_;
}

}  // namespace colorize_film
