#pragma once

#include <cstdint>

#include "plugin/colorizer/shot/own_colour.h"
#include "plugin/colorizer/shot/state_archive.h"

namespace cgan {

/// Decides for each shot whether it is in colour already: at its first frame that tells, and for
/// the whole of it. A frame in colour always tells, one without only if it is bright enough: until
/// then (black, a fade from black) what the shot before was holds on, black-and-white at the
/// beginning. What was decided gives way to frames in a row that all say the opposite (a dissolve,
/// a tilt down from a plain sky): half a second of colour, or two seconds without any.
/// Thread-safety: one thread at a time.
class ShotColour {
 public:
  /// For each frame in order.
  /// @param begins the first frame of a shot
  /// @param returns the frame goes on with the shot before the last one, which was none
  /// @return whether the shot is in colour
  bool judge(const OwnColour& own, bool begins, bool returns);

  /// Forgets all shots, after a jump in the stream.
  void reset() { now_ = before_ = {}; }

  void archive(StateArchive& archive);
  /// The judge as he was before the frame last judged, which began a shot, but for earlier shots.
  ShotColour before_shot() const;

 private:
  struct Verdict {
    bool in_colour = false;
    bool decided = false;
    int64_t against = 0;  ///< Frames in a row.
  };
  Verdict now_, before_;
};

}  // namespace cgan
