#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/shot/shot_change.h"

namespace cgan {

/// Keeps colour steady in time, from past frames only: the colour so far is brought along the
/// motion of the luma and mixed with the network's, the more of it the surer the luma says that it
/// still lies on the same thing. Something new is coloured as the network says at once; a wrong
/// colour is forgotten within a second of frames that say otherwise.
///
/// Beside the steady chroma lies the luma it belongs to, moved and mixed with the same weights. The
/// present is compared with that luma: so colour that lags or drifts betrays itself, and motion is
/// found anew against where the colour really lies.
///
/// For each frame observe(), then filter() or skip(). After a cut nothing of the former shot is
/// left, but it is remembered for a few frames: if they show that a damaged frame or flash looked
/// like a cut, the colours return. The pixels are the passes' business; here it is decided what
/// becomes of them. A frame allocates nothing. Thread-safety: one thread at a time.
class TemporalFilter {
 public:
  /// What a frame's luma says before there is a colour for it.
  struct Observation {
    ShotChange shot;  ///< Against the last frame; the first of a film is a cut as well.
    bool returns;     ///< To the shot before the last cut: a flash or damage looked like one.
  };

  explicit TemporalFilter(std::unique_ptr<TemporalPasses> passes) : passes_(std::move(passes)) {}

  /// Forgets all frames, after a jump in the stream; before observe().
  void reset();

  /// @param luma (height, stride), -1..1
  /// @param stride floats from row to row, at least width
  /// @param cut_threshold 0..1, see judge_shot_change()
  Observation observe(const float* luma, int64_t stride, float cut_threshold);

  /// Of the frame last observed, before filter(): share of the picture, 0..1, that has no colour so
  /// far that can be trusted.
  float uncertain_share();

  /// In place of reset(), observe() and filter() for the first frame of a film that is not blank:
  /// the same result at next to no cost, and what is known of the grain stays.
  /// @param luma, stride as for observe()
  /// @param chroma as for filter(), not null
  void begin(const float* luma, int64_t stride, const float* chroma);

  /// The colour of the frame last observed; once for each.
  /// @param chroma the network's, (2, height / scale, width / scale); null: there is the colour so
  ///   far alone, and uncovered ground is filled from around; neutral where there is none
  /// @param strength 0..1: share of the old colour where it is sure; 0 gives the network's exactly
  /// @return as chroma, valid until the next call and as long as `chroma`
  const float* filter(const float* chroma, float strength);

  /// In place of filter(): what the frames so far alone say of the frame last observed.
  /// @param strength 0..1, as for filter()
  /// @param evidence (height / scale, width / scale), written: frames of the network that the
  ///   colour is worth; 0 where it does not lie on the same thing
  /// @return as filter()
  const float* recall(float strength, float* evidence);

  /// See TemporalPasses.
  const float* join(const TemporalPasses::Weighed& first, const TemporalPasses::Weighed& second) {
    return passes_->join(first, second);
  }

  /// Of what filter() gave for the last frame that was not blank.
  /// @param strength, evidence as for recall()
  void evidence(float strength, float* evidence) const {
    passes_->past_evidence(strength, evidence);
  }

  /// Instead of filter(), for a frame that is not to be coloured: the next one is compared with it,
  /// and finds no colour.
  void skip();

  /// All that the next frame is compared with.
  void archive(StateArchive& archive);
  /// For writing: the state in which the frame last observed begins a shot, and no other will
  /// within a few frames, which might return to the shot before. Of little size.
  void archive_cut(StateArchive& archive);
  /// Frames after a cut within which another cut may show that it was none.
  static constexpr int64_t kShelfFrames = 8;

 private:
  using Picture = TemporalPasses::Picture;

  ShotChange find_shot(float cut_threshold);
  void remember();

  std::unique_ptr<TemporalPasses> passes_;
  bool has_past_ = false, has_shelf_ = false;  ///< A picture that counts: the shot before a cut.
  int64_t shelf_frames_ = 0;                   ///< Since then.
  int64_t blank_frames_ = 0;                   ///< Since the last frame that was not blank.
  Observation observation_{};
};

}  // namespace cgan
