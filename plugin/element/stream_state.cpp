#include "plugin/element/stream_state.h"

#include "plugin/element/element_state.h"

namespace cgan {

void register_state_meta() {
  static const gchar* kNoTags[] = {nullptr};
  static const GstMetaInfo* const kInfo =
      gst_meta_register_custom(kStateMeta, kNoTags, nullptr, nullptr, nullptr);
  static_cast<void>(kInfo);
}

void StreamState::forget() {
  is_marked = false;
  g_clear_pointer(&restored, g_bytes_unref);
  g_clear_pointer(&told, g_bytes_unref);
  changes_shot = false;
}

bool take_state_event(GstCganColorize* self, GstEvent* event) {
  if (GST_EVENT_TYPE(event) != GST_EVENT_CUSTOM_DOWNSTREAM) return false;
  StreamState& own = self->state->stream_state;
  const GstStructure* const what = gst_event_get_structure(event);
  if (gst_structure_has_name(what, kMarkEvent)) {
    own.is_marked = true;
  } else if (gst_structure_has_name(what, kRestoreEvent)) {
    g_clear_pointer(&own.restored, g_bytes_unref);
    gst_structure_get(what, "state", G_TYPE_BYTES, &own.restored, nullptr);
  } else {
    return false;
  }
  gst_event_unref(event);
  return true;
}

bool prepare_state(GstCganColorize* self) {
  const State& state = *self->state;
  StreamState& own = self->state->stream_state;
  if (own.is_marked) state.library->mark(state.colorizer);
  own.is_marked = false;
  if (own.restored == nullptr) return true;
  gsize size = 0;
  const gconstpointer bytes = g_bytes_get_data(own.restored, &size);
  CganError error = {};
  const bool is_restored = state.library->restore(state.colorizer, bytes, size, &error);
  g_clear_pointer(&own.restored, g_bytes_unref);
  if (!is_restored) post_error(GST_ELEMENT(self), error);
  return is_restored;
}

void take_state(GstCganColorize* self, guint index) {
  const State& state = *self->state;
  StreamState& own = self->state->stream_state;
  gsize size = 0;
  int changes_shot = 0;
  const void* const bytes = state.library->state(state.colorizer, &size, &changes_shot);
  if (index == 0) {
    g_clear_pointer(&own.told, g_bytes_unref);
    if (bytes != nullptr) own.told = g_bytes_new(bytes, size);
  }
  own.changes_shot = changes_shot != 0 || (index > 0 && own.changes_shot);
}

void attach_state(GstCganColorize* self, GstBuffer* frame) {
  const StreamState& own = self->state->stream_state;
  if (own.told == nullptr && !own.changes_shot) return;
  GstCustomMeta* const meta = gst_buffer_add_custom_meta(frame, kStateMeta);
  if (meta == nullptr) return;
  GstStructure* const what = gst_custom_meta_get_structure(meta);
  gst_structure_set(what, "changes-shot", G_TYPE_BOOLEAN, own.changes_shot, nullptr);
  if (own.told != nullptr) gst_structure_set(what, "state", G_TYPE_BYTES, own.told, nullptr);
}

}  // namespace cgan
