#pragma once

// Which of the frames that the colorizer has taken in carry their colour because they were late. It
// decides about them in their order, but only when as many later ones are on their way as the delay
// allows, and says of each no more than that its counts rise.

#include <deque>

#include "plugin/colorizer/interface/colorizer_interface.h"
#include "plugin/element/quality.h"
#include "plugin/element/report.h"

namespace cgan {

// Thread-safety: one thread at a time.
class UndecidedFrames {
 public:
  struct Frame {
    FrameTimes times;
    QosAction action;  // that its look was made for
    Quality quality;   // of that time
    guint pictures;    // two fields count as two
    bool is_carried = false;
  };

  // What the colorizer has counted so far is of other frames; those it had are gone.
  void begin(const CganCounts& counts) {
    frames_.clear();
    seen_ = counts;
  }
  void push(const Frame& frame) { frames_.push_back(frame); }
  // Calls `tell` with each frame that was late and, by these counts, carries its colour. Where
  // several are decided at once, those that were to be carried count as carried first.
  template <typename Tell>
  void take(const CganCounts& counts, Tell tell) {
    uint64_t decided = decided_in(counts) - decided_in(seen_);
    uint64_t carried = counts.carried - seen_.carried;
    seen_ = counts;
    for (; decided > 0 && !frames_.empty(); --decided) {
      Frame& frame = frames_.front();
      if (frame.action != QosAction::kNone && carried > 0) {
        frame.is_carried = true;
        --carried;
      }
      if (--frame.pictures > 0) continue;
      if (frame.is_carried) tell(frame);
      frames_.pop_front();
    }
  }

 private:
  static uint64_t decided_in(const CganCounts& counts) {
    return counts.generated + counts.carried + counts.kept;
  }

  std::deque<Frame> frames_;
  CganCounts seen_ = {};
};

}  // namespace cgan
