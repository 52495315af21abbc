#include "examples/colorize_film/damaged_places.h"

#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {

DamagedPlaces::DamagedPlaces(GstElement* pipeline) : bus_(gst_element_get_bus(pipeline)) {
  gst_bus_enable_sync_message_emission(bus_);
  g_signal_connect(bus_, "sync-message::warning",
                   G_CALLBACK(+[](GstBus*, GstMessage* message, DamagedPlaces* places) {
                     places->on_warning(message);
                   }),
                   this);
}

DamagedPlaces::~DamagedPlaces() {
  g_signal_handlers_disconnect_by_data(bus_, this);
  gst_bus_disable_sync_message_emission(bus_);
  gst_object_unref(bus_);
}

void DamagedPlaces::watch(GstElement* reader, GstPad* pad) {
  std::lock_guard lock(mutex_);
  Moment* moment = &readers_[reader];
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* passed, GstPadProbeInfo* info, gpointer last) {
        const GstSegment segment = segment_of(passed);
        const GstClockTime time = GST_BUFFER_DTS_OR_PTS(GST_PAD_PROBE_INFO_BUFFER(info));
        const GstClockTime running = gst_segment_to_running_time(&segment, GST_FORMAT_TIME, time);
        if (GST_CLOCK_TIME_IS_VALID(running)) *static_cast<Moment*>(last) = running;
        return GST_PAD_PROBE_OK;
      },
      moment, nullptr);
}

const DamagedPlaces::Moment* DamagedPlaces::moment_of(GstObject* element) const {
  std::lock_guard lock(mutex_);
  for (const auto& [reader, moment] : readers_)
    if (gst_object_has_as_ancestor(element, GST_OBJECT(reader))) return &moment;
  return nullptr;
}

void DamagedPlaces::on_warning(const GstMessage* message) {
  if (const Moment* moment = moment_of(GST_MESSAGE_SRC(message))) places_.add(*moment + origin_, 1);
}

}  // namespace colorize_film
