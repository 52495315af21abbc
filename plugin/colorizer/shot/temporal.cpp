#include "plugin/colorizer/shot/temporal.h"

#include <utility>

namespace cgan {
namespace {

// A flash or damaged film lasts no longer than kShelfFrames; a shot that short is none.
// A second of black is a pause: what follows is a new scene.
constexpr int64_t kLongestBlank = 24;

}  // namespace

void TemporalFilter::reset() {
  has_past_ = has_shelf_ = false;
  blank_frames_ = 0;
  passes_->reset();
}

void TemporalFilter::remember() {
  passes_->remember();
  has_past_ = true;
}

/// Compares with the shot so far; where that is over, with the one before, of which a flash or a
/// damaged frame may have been a part.
ShotChange TemporalFilter::find_shot(float cut_threshold) {
  ++shelf_frames_;
  const ShotChange shot = judge_shot_change(passes_->compare(), cut_threshold);
  if (!has_past_ || !shot.cut) return shot;
  const bool shelf_counts = has_shelf_ && shelf_frames_ <= kShelfFrames;
  passes_->exchange();
  std::swap(has_past_, has_shelf_);
  shelf_frames_ = 0;
  if (shelf_counts) {
    const ShotChange before = judge_shot_change(passes_->compare(), cut_threshold);
    observation_.returns = !before.cut;
    if (!before.cut) return before;
  }
  has_past_ = false;
  return shot;
}

TemporalFilter::Observation TemporalFilter::observe(const float* luma, int64_t stride,
                                                    float cut_threshold) {
  passes_->take(luma, stride);
  const bool begins = !has_past_;
  observation_.returns = false;
  observation_.shot = find_shot(cut_threshold);
  const bool blank = observation_.shot.blank;
  blank_frames_ = blank ? blank_frames_ + 1 : 0;
  if (blank_frames_ > kLongestBlank) has_past_ = false;
  if (begins && !blank) observation_.shot.score = 1.0f;
  observation_.shot.cut = !has_past_ && !blank;

  if (has_past_ && !blank) {
    passes_->compensate();
  } else {
    passes_->compensate_nothing();
  }
  return observation_;
}

float TemporalFilter::uncertain_share() {
  if (!has_past_) return 1.0f;
  return observation_.shot.blank ? 0.0f : passes_->uncertain_share();
}

void TemporalFilter::archive(StateArchive& archive) {
  if (archive.is_writer() && shelf_frames_ >= kShelfFrames) has_shelf_ = false;
  archive.flag(has_past_);
  archive.flag(has_shelf_);
  archive.number(shelf_frames_);
  archive.number(blank_frames_);
  passes_->archive(archive, has_past_, has_shelf_);
}

void TemporalFilter::archive_cut(StateArchive& archive) {
  bool none = false;
  int64_t no_frames = 0;
  archive.flag(none);
  archive.flag(none);
  archive.number(no_frames);
  archive.number(no_frames);
  passes_->archive(archive, false, false);
}

void TemporalFilter::skip() {
  if (observation_.shot.blank) return;
  passes_->compensate_nothing();
  remember();
}

void TemporalFilter::begin(const float* luma, int64_t stride, const float* chroma) {
  passes_->begin(luma, stride, chroma);
  has_past_ = true;
  has_shelf_ = false;
  blank_frames_ = 0;
}

const float* TemporalFilter::recall(float strength, float* evidence) {
  passes_->compensated_evidence(strength, evidence);
  return passes_->output(Picture::kPresent);
}

const float* TemporalFilter::filter(const float* chroma, float strength) {
  const bool blank = observation_.shot.blank;
  if (blank && chroma != nullptr) return chroma;
  if (blank && has_past_) return passes_->output(Picture::kPast);
  if (chroma != nullptr) {
    passes_->mix(chroma, strength);
  } else {
    passes_->fill();
  }
  const float* const result = passes_->output(Picture::kPresent);
  // A blank frame teaches nothing: what was before goes on after it.
  if (!blank) remember();
  return result;
}

}  // namespace cgan
