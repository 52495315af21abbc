#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <vector>

#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/flight/ring.h"
#include "plugin/colorizer/shot/colour_source.h"
#include "plugin/colorizer/shot/temporal.h"

namespace cgan {

/// Frames at work size that wait for later ones, so that these have a say in their colour: what
/// the network said of the later frames is carried back along motion, by the filter that carries
/// it forward from the past, and mixed with the colour of the past by what each is worth. So the
/// first frames of a shot agree with those that follow.
///
/// Nothing is carried over a cut. A frame without a later one of its shot keeps its colour to the
/// bit. Everything is allocated by
/// the constructor. Thread-safety: one thread at a time.
class LaterFrames {
 public:
  /// What is known of a frame when it comes; chroma (2, height / scale, width / scale). What is for
  /// later frames alone is null where none has a say.
  struct Frame {
    WorkArray luma;      ///< (height, width), -1..1
    WorkArray network;   ///< What the network said, if it ran; for later frames.
    WorkArray steady;    ///< Colour from this frame and those before.
    WorkArray evidence;  ///< (height / scale, width / scale), of `steady`; see recall(). Likewise.
    ColourSource source = ColourSource::kNetwork;
    bool begins = false;  ///< Nothing is said over it: a shot begins, or it keeps its own colours.
    bool blank = false;   ///< Says nothing of other frames.
    std::optional<int64_t> run;  ///< Of the network, see PictureNetwork; none: it did not run.
    std::exception_ptr failure;  ///< It got no colours: as if it were not there.
    std::vector<uint8_t> state;  ///< What the frames before say of it; empty: nobody asks.
    bool changes_shot = false;   ///< See WorkColour.
  };

  /// @param backend must outlive them
  /// @param width, height, chroma_scale as for Backend::temporal_passes()
  /// @param frames that a frame waits for at most; 0: none has a say
  /// @param room more frames, which come when the colour of the earliest has been asked for
  LaterFrames(const Backend& backend, int64_t width, int64_t height, int64_t chroma_scale,
              int64_t frames, int64_t room = 0);

  /// Lets all frames go.
  void clear();

  int64_t count() const { return frames_.count(); }
  bool empty() const { return frames_.empty(); }
  /// Whether the earliest must go before another one comes.
  bool full() const { return frames_.full(); }

  /// The frame to be filled before add(); not of a full queue.
  Frame& next() { return frames_.next(); }
  /// next() is complete and now the latest frame.
  void add() { frames_.add(); }

  /// Not of an empty queue, as all that follow.
  Frame& earliest() { return frames_.earliest(); }
  Frame& latest() { return frames_.latest(); }
  /// The colour of the earliest frame.
  /// @param strength, cut_threshold as for TemporalFilter; strength 0 gives `steady`
  /// @return (2, height / scale, width / scale), valid until the next call; NULL where it
  ///   keeps its own
  const float* colour(float strength, float cut_threshold);
  /// What the way back has learned of the grain.
  void archive(StateArchive& archive);

  /// Lets one go.
  void pop_earliest() { frames_.pop_earliest(); }
  void pop_latest() { frames_.pop_latest(); }

 private:
  int64_t last_with_a_say() const;

  int64_t width_;
  Ring<Frame> frames_;
  std::optional<TemporalFilter> backward_;  ///< None: no frame waits for a later one.
  WorkArray evidence_;                      ///< Of the way back.
};

}  // namespace cgan
