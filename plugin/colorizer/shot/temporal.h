#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "plugin/colorizer/cpu/chroma_fill.h"
#include "plugin/colorizer/cpu/exposure.h"
#include "plugin/colorizer/cpu/luma_match.h"
#include "plugin/colorizer/cpu/motion.h"
#include "plugin/colorizer/shot/shot_change.h"

namespace cgan {

/// Keeps colour steady in time, from past frames only: the colour so far is carried along the
/// motion of the luma and mixed with the network's, the more of it the surer the luma says that it
/// still lies on the same thing. Something new is coloured as the network says at once; a wrong
/// colour is forgotten within a second of frames that say otherwise.
///
/// Beside the steady chroma lies the luma it belongs to, carried and mixed with the same weights.
/// The present is compared with that luma: so colour that lags or drifts betrays itself, and motion
/// is found anew against where the colour really lies. Both are kept at the size of the luma and
/// moved by whole pixels: carrying does not blur, however often it is done.
///
/// For each frame observe(), then filter() or skip(). After a cut nothing of the former shot is
/// left, but it is remembered for a few frames: if they show that a damaged frame or flash looked
/// like a cut, the colours return. A frame allocates nothing. Runs in the calling thread: its
/// passes are too short to be shared out. Thread-safety: one thread at a time.
class TemporalFilter {
 public:
  static constexpr float kDefaultStrength = 0.95f;
  static constexpr float kDefaultCutThreshold = 0.55f;

  /// What a frame's luma says before there is a colour for it.
  struct Observation {
    ShotChange shot;        ///< Against the last frame; the first of a film is a cut as well.
    bool returns;           ///< To the shot before the last cut: a flash or damage looked like one.
    float uncertain_share;  ///< Of the picture, 0..1: has no carried colour that can be trusted.
  };

  /// Allocates for pictures of a size; begins a new film. To be called before all others.
  /// @param width, height luma pixels, multiples of chroma_scale, positive
  /// @param chroma_scale luma pixels per chroma sample, 1 or 2
  void set_size(int64_t width, int64_t height, int64_t chroma_scale);

  /// Forgets all frames, after a jump in the stream; before observe().
  void reset();

  /// @param luma (height, stride), -1..1
  /// @param stride floats from row to row, at least width
  /// @param cut_threshold 0..1, see judge_shot_change()
  const Observation& observe(const float* luma, int64_t stride,
                             float cut_threshold = kDefaultCutThreshold);

  /// In place of reset(), observe() and filter() for the first frame of a film that is not blank:
  /// the same result at next to no cost, and what is known of the grain stays.
  /// @param luma, stride as for observe()
  /// @param chroma as for filter(), not null
  void begin(const float* luma, int64_t stride, const float* chroma);

  /// The colour of the frame last observed; once for each.
  /// @param chroma the network's, (2, height / scale, width / scale); null: colour is carried alone
  ///   and uncovered ground filled from around; neutral where there is nothing to carry
  /// @param strength 0..1: share of the old colour where it is sure; 0 gives the network's exactly
  /// @return as chroma, valid until the next call
  const float* filter(const float* chroma, float strength = kDefaultStrength);

  /// In place of filter(): what the frames so far alone say of the frame last observed.
  /// @param strength 0..1, as for filter()
  /// @param evidence (height / scale, width / scale), written: frames of the network that the
  ///   colour is worth; 0 where it does not lie on the same thing
  /// @return as filter()
  const float* recall(float strength, float* evidence);

  /// Of what filter() gave for the last frame that was not blank.
  /// @param strength, evidence as for recall()
  void evidence(float strength, float* evidence) const;

  /// Instead of filter(), for a frame that is not to be coloured: the next one is compared with it,
  /// and finds no colour to carry.
  void skip();

 private:
  /// A picture so far, each plane (height, width).
  struct History {
    std::vector<float> luma, cb, cr;
    std::vector<float> age;    ///< Frames of the network that the colour is the mean of.
    std::vector<float> drift;  ///< Steady difference of luma of late / noise.
    bool valid = false;
  };
  ShotChange compare(const History& history, float cut_threshold);
  ShotChange find_shot(float cut_threshold);
  void carry();
  void carry_nothing();
  void mix(const float* chroma, float strength);
  void complete();
  void put_out(const History& history);
  template <typename Value>
  void put_means(const Value& value, float* to) const;

  int64_t width_ = 0, height_ = 0, scale_ = 1;
  History history_;
  History carried_;           ///< history_ where it is in the present picture, and its successor.
  History shelf_;             ///< The shot before the last cut.
  int64_t shelf_frames_ = 0;  ///< Since then.
  int64_t blank_frames_ = 0;  ///< Since the last frame that was not blank.
  Observation observation_{};
  std::unique_ptr<MotionField> motion_;
  std::unique_ptr<ExposureFit> exposure_;
  std::unique_ptr<LumaMatch> match_;
  std::unique_ptr<ChromaFill> fill_;
  std::vector<float> present_;  ///< Luma, (height, width).
  std::vector<float> row_;      ///< (2, width)
  std::vector<float> output_;
};

}  // namespace cgan
