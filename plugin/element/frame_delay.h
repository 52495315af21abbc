#pragma once

// How many frames beside the lookahead are held, so that as many are on their way at once.
//
// The property may leave that to the element: none where upstream is live, else as many as are of
// use. Somebody may then push one frame and wait for its result before the next; what looks like
// that, and may be a stall of the source, is answered by a rest of so many frames without a delay,
// twice as many each time.

#include <glib.h>

#include <algorithm>

namespace cgan {

// Thread-safety: one thread at a time.
class FrameDelay {
 public:
  static constexpr guint kFirstRest = 64, kLongestRest = 65536;  // frames

  guint frames() const { return rest_ > 0 ? 0 : chosen_; }

  // For a stream that begins.
  void choose(guint frames) {
    chosen_ = frames;
    forget_rests();
  }
  void forget_rests() {
    rest_ = 0;
    next_rest_ = kFirstRest;
  }
  void rest() {
    rest_ = next_rest_;
    next_rest_ = std::min(2 * next_rest_, kLongestRest);
  }
  // Another frame has come. True where its rest is over.
  bool count_frame() { return rest_ > 0 && --rest_ == 0; }

 private:
  guint chosen_ = 0;
  guint rest_ = 0;  // frames to come without a delay
  guint next_rest_ = kFirstRest;
};

}  // namespace cgan
