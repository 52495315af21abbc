#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "plugin/colorizer/flight/frame_in_flight.h"
#include "plugin/colorizer/interface/colorizer_interface.h"
#include "plugin/colorizer/shot/colour_source.h"
#include "plugin/colorizer/shot/shot_colour.h"
#include "plugin/colorizer/shot/temporal.h"

namespace cgan {

/// Decides at work size, frame after frame, what a frame is coloured with: with the colours of its
/// own, the network's, or those of the frames before alone, and steadies them in time.
/// Thread-safety: one thread at a time.
class WorkColour {
 public:
  struct Result {
    ColourSource source;
    bool begins;          ///< No frame before it says anything of its colour.
    bool blank;           ///< It says nothing of other frames.
    const float* chroma;  ///< (2, chroma height, chroma width), until the next call; NULL: kOwn
  };

  /// @param passes of pictures of that width
  WorkColour(std::unique_ptr<TemporalPasses> passes, int64_t width);

  /// For each frame in order.
  /// @param frame its network is asked, or cancelled
  /// @param counts cuts, generated, carried, kept and times are added to
  /// @throws as FrameInFlight::colour(); the next frame is then decided as if this one had not been
  Result decide(FrameInFlight& frame, CganCounts& counts);

  /// What the colour of the frame last decided is worth; see TemporalFilter.
  void evidence(float strength, float* evidence) const { steady_.evidence(strength, evidence); }

  /// Whether the frame last decided kept its own colours, as the next one then probably will.
  bool keeps_own() const { return keeps_own_; }

  /// Forgets all frames, after a jump in the stream.
  void reset();

  /// What the frames decided so far say of the next one.
  void archive(StateArchive& archive);
  /// Whether the frame last decided is the first of a shot.
  bool begins_shot() const { return seen_.has_value() && seen_->shot.cut; }
  /// The same, or it goes on with the shot before the last one, which was none.
  bool changes_shot() const { return begins_shot() || (seen_.has_value() && seen_->returns); }
  /// For writing: what archive() would have written before that frame, as far as it counts; see
  /// TemporalFilter::archive_cut().
  void archive_cut(StateArchive& archive);

 private:
  void find_shot(const FrameInFlight& frame, CganCounts& counts);
  bool keeps_colour(const FrameInFlight& frame);
  bool asks_network(const CganLook& look);

  int64_t width_;
  TemporalFilter steady_;
  ShotColour shot_colour_;
  std::optional<TemporalFilter::Observation> seen_;  ///< None: the frame is coloured alone.
  std::optional<uint32_t> frames_carried_;  ///< Since the network ran; none: nothing to carry.
  bool keeps_own_ = false;
};

}  // namespace cgan
