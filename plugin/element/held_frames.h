#pragma once

// Frames that wait in the element for later ones, and what that means for its neighbours.

#include <gst/gst.h>

#include <deque>

namespace cgan {

// Frames, and the events between them, in their order. Owns what it holds. Thread-safety: one
// thread at a time.
class HeldFrames {
 public:
  HeldFrames() = default;
  ~HeldFrames();
  HeldFrames(const HeldFrames&) = delete;
  HeldFrames& operator=(const HeldFrames&) = delete;

  bool empty() const { return order_.empty(); }
  guint count() const { return count_; }  // frames
  // Borrowed; NULL where there is none.
  GstBuffer* earliest() const;

  // These take the reference, also where they throw.
  void push(GstBuffer* frame);
  void push(GstEvent* event);
  // Gives the reference of an event that comes before the earliest frame; NULL where none does.
  GstEvent* pop_event();
  // Gives the reference of the earliest frame, after all such events; NULL where there is none.
  GstBuffer* pop();

 private:
  void push(GstMiniObject* object);
  GstMiniObject* pop_object();

  std::deque<GstMiniObject*> order_;
  guint count_ = 0;
};

// Adds to a LATENCY query that upstream answered.
void add_latency(GstQuery* query, GstClockTime latency);
// Adds to an answered ALLOCATION query that so many frames are held at a time.
void raise_minimum(GstQuery* query, guint frames);

}  // namespace cgan
