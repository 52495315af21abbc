#pragma once

#include <cstdint>
#include <vector>

#include "plugin/colorizer/shot/temporal.h"

namespace cgan {

/// Frames at work size that wait for later ones, so that these have a say in their colour: what
/// the network said of the later frames is carried back along motion, by the filter that carries
/// it forward from the past, and mixed with the colour of the past by what each is worth. So the
/// first frames of a shot agree with those that follow.
///
/// Nothing is carried over a cut. A frame without a later one of its shot keeps its colour to the
/// bit. Everything is allocated by
/// set_size(). Thread-safety: one thread at a time.
class LaterFrames {
 public:
  /// What is known of a frame when it comes; chroma (2, height / scale, width / scale).
  struct Frame {
    std::vector<float> luma;      ///< (height, width), -1..1
    std::vector<float> network;   ///< What the network said; if `generated`.
    std::vector<float> steady;    ///< Colour from this frame and those before.
    std::vector<float> evidence;  ///< (height / scale, width / scale), of `steady`; see recall().
    bool kept = false;            ///< Its own colour is kept: there is none of the network's.
    bool generated = false;
    bool begins =
        false;           ///< Must not be looked at from the frame before: a shot begins, or `kept`.
    bool blank = false;  ///< Says nothing of other frames.
  };

  /// Begins anew. To be called before all others.
  /// @param width, height, chroma_scale as for TemporalFilter
  /// @param frames that a frame waits for at most; 0: none can be added
  void set_size(int64_t width, int64_t height, int64_t chroma_scale, int64_t frames);

  /// Lets all frames go.
  void clear();

  /// The frame to be filled before add(); null where the earliest must go first.
  Frame* next();
  /// next() is complete and now the latest frame.
  void add() { ++count_; }

  bool empty() const { return count_ == 0; }
  /// Not of an empty queue, as the next two.
  const Frame& earliest() const { return ring_[first_]; }
  /// The colour of the earliest frame.
  /// @param strength, cut_threshold as for TemporalFilter; strength 0 gives `steady`
  /// @return (2, height / scale, width / scale), valid until the next call; NULL where it is `kept`
  const float* colour(float strength, float cut_threshold);
  /// Lets the earliest go.
  void pop();

 private:
  const Frame& at(int64_t i) const { return ring_[(first_ + i) % ring_.size()]; }
  int64_t last_with_a_say() const;

  int64_t width_ = 0;
  std::vector<Frame> ring_;
  int64_t first_ = 0, count_ = 0;
  TemporalFilter backward_;
  std::vector<float> evidence_, output_;
};

}  // namespace cgan
