#pragma once

// One `cgancolorize` in a GstHarness, with a bus to read its errors from, and frames of known
// content to push through it.

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

using Properties = std::initializer_list<std::pair<const char*, const char*>>;

struct ErrorMessage {
  GQuark domain;
  int code;
  std::string text, debug;
};

// A new element in NULL; the caller owns the reference.
GstElement* make_colorize(Properties properties = {});

// Whether its sink pad takes these caps.
bool accepts(GstElement* element, const std::string& text);

// Takes all error messages off `bus`.
std::vector<ErrorMessage> take_errors(GstBus* bus);

// Owns an element that is PLAYING.
class ColorizeHarness {
 public:
  explicit ColorizeHarness(Properties properties = {});
  ~ColorizeHarness();
  ColorizeHarness(const ColorizeHarness&) = delete;
  ColorizeHarness& operator=(const ColorizeHarness&) = delete;

  GstHarness* get() const { return harness_; }
  GstElement* element() const { return harness_->element; }

  // Caps of what is pushed and of what downstream takes; this order, the first may be negotiated
  // only when the second is known.
  void set_caps(const std::string& in, const std::string& downstream = "video/x-raw");
  // Pushes `frame` (transfer full) and returns the one that comes out (transfer full) or NULL.
  GstBuffer* through(GstBuffer* frame);
  // Caps that arrived downstream; empty if none did.
  std::string out_caps() const;
  std::vector<ErrorMessage> errors() { return take_errors(bus_); }
  // The text of the next warning; empty: there is none.
  std::string warning();
  // Takes the first message of this kind, and all before it, off the bus; transfer full, NULL where
  // there is none.
  GstMessage* message(GstMessageType type) { return gst_bus_pop_filtered(bus_, type); }

 private:
  GstHarness* harness_;
  GstBus* bus_;
};

// "video/x-raw, format=FORMAT, width=..., height=..., framerate=25/1"
std::string caps_text(const std::string& format, int width, int height,
                      const std::string& more = "");

// A frame of these caps: luma a pattern of codes of the whole depth that differs in each pixel from
// its neighbours, every byte of chroma 77.
GstBuffer* make_frame(const std::string& caps);
// The same content in a buffer with a video meta: `padding` more bytes in each row, `gap` bytes
// before each plane.
GstBuffer* make_padded_frame(const std::string& caps, int padding, int gap);

// The visible bytes of one plane, row after row.
std::vector<uint8_t> plane_of(GstBuffer* frame, const std::string& caps, guint plane);
// The codes of one component (0: Y, 1: Cb, 2: Cr), row after row, read as GStreamer describes the
// format, of a frame that is mapped with these flags.
std::vector<int> codes_of(GstBuffer* frame, const std::string& caps, guint component,
                          GstMapFlags flags = GST_MAP_READ);
