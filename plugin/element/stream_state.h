#pragma once

// A stream that is coloured in parts, each in a process of its own, to the bit as in one go.
//
// What the frames so far say of the next one is its state. Who parts a stream sends the custom
// downstream event kMarkEvent before a frame: this frame comes out with a custom meta
// kStateMeta, whose structure holds "state" (GBytes): all that another element needs, which is sent
// it in an event kRestoreEvent with a field of the same name and type before that frame. It must
// have the same settings and caps. The first frame of a shot has the meta unasked, with
// "changes-shot" TRUE and a state of a few bytes, which serves only where no other frame has that
// within eight frames: one without a state shows that what looked like a cut was a flash.

#include <gst/gst.h>

#include "plugin/element/gstcgancolorize.h"

namespace cgan {

inline constexpr char kMarkEvent[] = "cgancolorize-mark";
inline constexpr char kRestoreEvent[] = "cgancolorize-restore";
inline constexpr char kStateMeta[] = "cgancolorize-state";

// Registers the meta.
void register_state_meta();

// Of the streaming thread: what the events have asked for.
struct StreamState {
  ~StreamState() { forget(); }
  void forget();

  bool is_marked = false;
  GBytes* restored = nullptr;  // owned; NULL: the frames so far count

  // Of the frame that is coloured last.
  GBytes* told = nullptr;  // owned; NULL: none
  bool changes_shot = false;
};

// Whether the event is one of these; takes it if so.
bool take_state_event(GstCganColorize* self, GstEvent* event);
// Before a frame is handed to the colorizer. False after an error was posted.
bool prepare_state(GstCganColorize* self);
// After picture `index` of a frame was coloured: the state before a frame is that before its first.
void take_state(GstCganColorize* self, guint index);
// After all of it: `frame` is writable.
void attach_state(GstCganColorize* self, GstBuffer* frame);

}  // namespace cgan
