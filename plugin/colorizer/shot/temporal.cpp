#include "plugin/colorizer/shot/temporal.h"

#include <algorithm>

namespace cgan {
namespace {

// However steady, a twentieth is new: what was wrong is forgotten.
constexpr float kMostKept = 0.95f;
constexpr float kOldest = 1.0f / (1.0f - kMostKept);
// From here on a colour carried alone stays as it is; below it is filled from around.
constexpr float kTrusted = 0.5f;
// Grain and flicker change their sign, a dissolve and colour that lags do not: the difference of
// luma over some frames, in such as grain makes, and how much less is kept where it is large.
constexpr float kDriftKept = 0.85f;
constexpr float kDriftSure = 0.8f, kDriftLost = 1.6f;
constexpr float kLeastSteady = 0.6f;
// A flash or damaged film lasts no longer; a shot that short is none.
constexpr int64_t kShelfFrames = 8;
// A second of black is a pause: what follows is a new scene.
constexpr int64_t kLongestBlank = 24;

float steadiness(float drift) {
  constexpr float kSlope = 1.0f / (kDriftLost - kDriftSure), kOffset = kSlope * kDriftLost;
  return std::clamp(kOffset - kSlope * std::abs(drift), kLeastSteady, 1.0f);
}

/// Frames that a colour of this age is worth: a new one gets the inverse as its share (see mix()).
float worth(float age, float strength) {
  if (age <= 1.0f) return age;
  return 1.0f / (1.0f - strength * std::min(1.0f - 1.0f / age, kMostKept));
}

}  // namespace

void TemporalFilter::set_size(int64_t width, int64_t height, int64_t chroma_scale) {
  width_ = width;
  height_ = height;
  scale_ = chroma_scale;
  const int64_t pixels = width * height;
  for (History* history : {&history_, &carried_, &shelf_}) {
    for (auto* plane :
         {&history->luma, &history->cb, &history->cr, &history->age, &history->drift}) {
      plane->assign(pixels, 0.0f);
    }
  }
  motion_ = std::make_unique<MotionField>(width, height);
  exposure_ = std::make_unique<ExposureFit>(width, height);
  match_ = std::make_unique<LumaMatch>(width, height);
  fill_ = std::make_unique<ChromaFill>(width, height);
  present_.assign(pixels, 0.0f);
  row_.assign(2 * width, 0.0f);
  output_.assign(2 * pixels / (chroma_scale * chroma_scale), 0.0f);
  reset();
}

void TemporalFilter::reset() {
  history_.valid = shelf_.valid = false;
  blank_frames_ = 0;
  match_->reset();
}

ShotChange TemporalFilter::compare(const History& history, float cut_threshold) {
  motion_->estimate(history.luma.data(), present_.data(), match_->noise());
  motion_->carry(history.luma.data(), carried_.luma.data());
  exposure_->fit(carried_.luma.data(), present_.data());
  return judge_shot_change(*motion_, *exposure_, cut_threshold);
}

/// Compares with the shot so far; where that is over, with the one before, of which a flash or a
/// damaged frame may have been a part.
ShotChange TemporalFilter::find_shot(float cut_threshold) {
  ++shelf_frames_;
  const ShotChange shot = compare(history_, cut_threshold);
  if (!history_.valid || !shot.cut) return shot;
  const bool shelf_counts = shelf_.valid && shelf_frames_ <= kShelfFrames;
  std::swap(history_, shelf_);
  shelf_frames_ = 0;
  if (shelf_counts) {
    const ShotChange before = compare(history_, cut_threshold);
    observation_.returns = !before.cut;
    if (!before.cut) return before;
  }
  history_.valid = false;
  return shot;
}

const TemporalFilter::Observation& TemporalFilter::observe(const float* luma, int64_t stride,
                                                           float cut_threshold) {
  for (int64_t y = 0; y < height_; ++y) {
    std::copy_n(luma + y * stride, width_, present_.data() + y * width_);
  }
  const bool begins = !history_.valid;
  observation_.returns = false;
  observation_.shot = find_shot(cut_threshold);
  const bool blank = observation_.shot.blank;
  blank_frames_ = blank ? blank_frames_ + 1 : 0;
  if (blank_frames_ > kLongestBlank) history_.valid = false;
  if (begins && !blank) observation_.shot.score = 1.0f;
  observation_.shot.cut = !history_.valid && !blank;

  if (history_.valid && !blank) {
    carry();
  } else {
    observation_.uncertain_share = history_.valid ? 0.0f : 1.0f;
    carry_nothing();
  }
  return observation_;
}

void TemporalFilter::carry_nothing() {
  carried_.luma = present_;
  for (auto* plane : {&carried_.cb, &carried_.cr, &carried_.age, &carried_.drift}) {
    std::fill(plane->begin(), plane->end(), 0.0f);
  }
}

void TemporalFilter::skip() {
  if (observation_.shot.blank) return;
  carry_nothing();
  std::swap(history_, carried_);
  history_.valid = true;
}

void TemporalFilter::carry() {
  const float gain = exposure_->gain(), offset = exposure_->offset();
  const int64_t pixels = width_ * height_;
  float* const luma = carried_.luma.data();
#pragma omp simd
  for (int64_t i = 0; i < pixels; ++i) luma[i] = gain * luma[i] + offset;
  match_->compare(luma, present_.data());
  motion_->carry(history_.cb.data(), carried_.cb.data());
  motion_->carry(history_.cr.data(), carried_.cr.data());
  motion_->carry(history_.age.data(), carried_.age.data());
  motion_->carry(history_.drift.data(), carried_.drift.data());

  const float* const confidence = match_->confidence().data();
  const float* const level = match_->level().data();
  const float* const age = carried_.age.data();
  float* const drift = carried_.drift.data();
  const float share = (1.0f - kDriftKept) / match_->noise();
  int32_t uncertain = 0;
#pragma omp simd reduction(+ : uncertain)
  for (int64_t i = 0; i < pixels; ++i) {
    drift[i] = confidence[i] * (kDriftKept * drift[i] + share * level[i]);
    uncertain += std::min(confidence[i], age[i]) < kTrusted;
  }
  observation_.uncertain_share = static_cast<float>(uncertain) / static_cast<float>(pixels);
}

void TemporalFilter::begin(const float* luma, int64_t stride, const float* chroma) {
  const int64_t chroma_width = width_ / scale_, chroma_pixels = chroma_width * (height_ / scale_);
  for (int64_t y = 0; y < height_; ++y) {
    const float* source = chroma + y / scale_ * chroma_width;
    std::copy_n(luma + y * stride, width_, history_.luma.data() + y * width_);
    for (int64_t x = 0; x < width_; ++x) {
      history_.cb[y * width_ + x] = source[x / scale_];
      history_.cr[y * width_ + x] = source[chroma_pixels + x / scale_];
    }
  }
  std::fill(history_.age.begin(), history_.age.end(), 1.0f);
  std::fill(history_.drift.begin(), history_.drift.end(), 0.0f);
  history_.valid = true;
  shelf_.valid = false;
  blank_frames_ = 0;
}

const float* TemporalFilter::recall(float strength, float* evidence) {
  const float* const confidence = match_->confidence().data();
  put_means(
      [&](int64_t i) {
        return strength * confidence[i] * steadiness(carried_.drift[i]) *
               worth(carried_.age[i], strength);
      },
      evidence);
  put_out(carried_);
  return output_.data();
}

void TemporalFilter::evidence(float strength, float* evidence) const {
  put_means([&](int64_t i) { return worth(history_.age[i], strength); }, evidence);
}

const float* TemporalFilter::filter(const float* chroma, float strength) {
  if (observation_.shot.blank && chroma != nullptr) {
    std::copy_n(chroma, output_.size(), output_.data());
  } else if (observation_.shot.blank && history_.valid) {
    put_out(history_);
  } else {
    if (chroma != nullptr) {
      mix(chroma, strength);
    } else {
      complete();
    }
    put_out(carried_);
    // A blank frame teaches nothing: what was before goes on after it.
    if (!observation_.shot.blank) {
      std::swap(history_, carried_);
      history_.valid = true;
    }
  }
  return output_.data();
}

void TemporalFilter::mix(const float* chroma, float strength) {
  const int64_t chroma_width = width_ / scale_, chroma_pixels = chroma_width * (height_ / scale_);
  float* const new_cb = row_.data();
  float* const new_cr = new_cb + width_;
  for (int64_t y = 0; y < height_; ++y) {
    const float* source = chroma + y / scale_ * chroma_width;
    for (int64_t x = 0; x < width_; ++x) {
      new_cb[x] = source[x / scale_];
      new_cr[x] = source[chroma_pixels + x / scale_];
    }
    const int64_t row = y * width_;
    const float* const present = present_.data() + row;
    const float* const confidence = match_->confidence().data() + row;
    float* const luma = carried_.luma.data() + row;
    float* const cb = carried_.cb.data() + row;
    float* const cr = carried_.cr.data() + row;
    float* const age = carried_.age.data() + row;
    const float* const drift = carried_.drift.data() + row;
#pragma omp simd
    for (int64_t x = 0; x < width_; ++x) {
      // The mean of all frames at first, so that no one of them counts for long.
      const float kept = std::min(age[x] / (age[x] + 1.0f), kMostKept);
      const float keep = strength * confidence[x] * kept * steadiness(drift[x]);
      luma[x] = present[x] + keep * (luma[x] - present[x]);
      cb[x] = new_cb[x] + keep * (cb[x] - new_cb[x]);
      cr[x] = new_cr[x] + keep * (cr[x] - new_cr[x]);
      age[x] = std::min(1.0f + confidence[x] * age[x], kOldest);
    }
  }
}

void TemporalFilter::complete() {
  const float* const confidence = match_->confidence().data();
  const int64_t pixels = width_ * height_;
  fill_->run(present_.data(), confidence, kTrusted, carried_.cb.data(), carried_.cr.data());
#pragma omp simd
  for (int64_t i = 0; i < pixels; ++i) {
    const bool trusted = confidence[i] >= kTrusted;
    carried_.luma[i] = trusted ? carried_.luma[i] : present_[i];
    carried_.age[i] = trusted ? carried_.age[i] : 0.0f;
  }
}

void TemporalFilter::put_out(const History& history) {
  const int64_t chroma_width = width_ / scale_, chroma_height = height_ / scale_;
  for (int64_t line = 0; line < 2 * chroma_height; ++line) {
    const std::vector<float>& plane = line < chroma_height ? history.cb : history.cr;
    const float* from = plane.data() + line % chroma_height * scale_ * width_;
    float* to = output_.data() + line * chroma_width;
    if (scale_ == 1) {
      std::copy_n(from, width_, to);
      continue;
    }
    // In pairs: the mean of four equal numbers is that number to the bit.
    for (int64_t x = 0; x < chroma_width; ++x) {
      const float upper = from[2 * x] + from[2 * x + 1];
      to[x] = 0.25f * (upper + (from[width_ + 2 * x] + from[width_ + 2 * x + 1]));
    }
  }
}

/// A plane of chroma samples from values of luma pixels.
template <typename Value>
void TemporalFilter::put_means(const Value& value, float* to) const {
  const float share = 1.0f / static_cast<float>(scale_ * scale_);
  for (int64_t y = 0; y < height_; y += scale_) {
    for (int64_t x = 0; x < width_; x += scale_) {
      float sum = 0.0f;
      for (int64_t i = y; i < y + scale_; ++i) {
        for (int64_t j = x; j < x + scale_; ++j) sum += value(i * width_ + j);
      }
      *to++ = share * sum;
    }
  }
}

}  // namespace cgan
