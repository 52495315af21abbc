#include "plugin/colorizer/cpu/temporal_passes.h"

#include <algorithm>
#include <utility>

#include "plugin/colorizer/cpu/picture_difference.h"
#include "plugin/colorizer/pixel/mix.h"

namespace cgan {

CpuTemporalPasses::CpuTemporalPasses(int64_t width, int64_t height, int64_t chroma_scale)
    : width_(width),
      height_(height),
      scale_(chroma_scale),
      motion_(width, height),
      exposure_(width, height),
      match_(width, height),
      fill_(width, height),
      present_(width * height),
      row_(2 * width),
      output_(2 * (width / chroma_scale) * (height / chroma_scale)),
      joined_(output_.size()) {
  for (History* history : {&past_, &shelf_, &compensated_}) {
    for (auto* plane :
         {&history->luma, &history->cb, &history->cr, &history->age, &history->drift}) {
      plane->assign(width * height, 0.0f);
    }
  }
}

void CpuTemporalPasses::take(const float* luma, int64_t stride) {
  for (int64_t y = 0; y < height_; ++y)
    std::copy_n(luma + y * stride, width_, present_.data() + y * width_);
}

PictureDifference CpuTemporalPasses::compare() {
  motion_.estimate(past_.luma.data(), present_.data(), match_.noise());
  motion_.compensate(past_.luma.data(), compensated_.luma.data());
  exposure_.fit(compensated_.luma.data(), present_.data());
  return measure_difference(motion_, exposure_);
}

void CpuTemporalPasses::exchange() {
  std::swap(past_, shelf_);
}

void CpuTemporalPasses::remember() {
  std::swap(past_, compensated_);
}

void CpuTemporalPasses::compensate_nothing() {
  compensated_.luma = present_;
  for (auto* plane : {&compensated_.cb, &compensated_.cr, &compensated_.age, &compensated_.drift}) {
    std::fill(plane->begin(), plane->end(), 0.0f);
  }
}

float CpuTemporalPasses::compensate() {
  const float gain = exposure_.gain(), offset = exposure_.offset();
  const int64_t pixels = width_ * height_;
  float* const luma = compensated_.luma.data();
#pragma omp simd
  for (int64_t i = 0; i < pixels; ++i) luma[i] = gain * luma[i] + offset;
  match_.compare(luma, present_.data());
  motion_.compensate(past_.cb.data(), compensated_.cb.data());
  motion_.compensate(past_.cr.data(), compensated_.cr.data());
  motion_.compensate(past_.age.data(), compensated_.age.data());
  motion_.compensate(past_.drift.data(), compensated_.drift.data());

  const float* const confidence = match_.confidence().data();
  const float* const level = match_.level().data();
  const float* const age = compensated_.age.data();
  float* const drift = compensated_.drift.data();
  const float share = (1.0f - pixel::kDriftKept) / match_.noise();
  int32_t uncertain = 0;
#pragma omp simd reduction(+ : uncertain)
  for (int64_t i = 0; i < pixels; ++i) {
    drift[i] = pixel::next_drift(drift[i], level[i], confidence[i], share);
    uncertain += pixel::smaller(confidence[i], age[i]) < pixel::kTrusted;
  }
  return static_cast<float>(uncertain) / static_cast<float>(pixels);
}

/// A row of the network's chroma at the size of the luma.
void CpuTemporalPasses::widen_row(const float* chroma, int64_t y, float* cb, float* cr) const {
  const int64_t chroma_width = width_ / scale_, chroma_pixels = chroma_width * (height_ / scale_);
  const float* const source = chroma + y / scale_ * chroma_width;
  for (int64_t x = 0; x < width_; ++x) {
    cb[x] = source[x / scale_];
    cr[x] = source[chroma_pixels + x / scale_];
  }
}

void CpuTemporalPasses::begin(const float* luma, int64_t stride, const float* chroma) {
  for (int64_t y = 0; y < height_; ++y) {
    const int64_t row = y * width_;
    std::copy_n(luma + y * stride, width_, past_.luma.data() + row);
    widen_row(chroma, y, past_.cb.data() + row, past_.cr.data() + row);
  }
  std::fill(past_.age.begin(), past_.age.end(), 1.0f);
  std::fill(past_.drift.begin(), past_.drift.end(), 0.0f);
}

void CpuTemporalPasses::mix(const float* chroma, float strength) {
  float* const new_cb = row_.data();
  float* const new_cr = new_cb + width_;
  for (int64_t y = 0; y < height_; ++y) {
    widen_row(chroma, y, new_cb, new_cr);
    const int64_t row = y * width_;
    const float* const present = present_.data() + row;
    const float* const confidence = match_.confidence().data() + row;
    float* const luma = compensated_.luma.data() + row;
    float* const cb = compensated_.cb.data() + row;
    float* const cr = compensated_.cr.data() + row;
    float* const age = compensated_.age.data() + row;
    const float* const drift = compensated_.drift.data() + row;
#pragma omp simd
    for (int64_t x = 0; x < width_; ++x) {
      const float keep = pixel::kept_share(age[x], drift[x], confidence[x], strength);
      luma[x] = pixel::between(present[x], luma[x], keep);
      cb[x] = pixel::between(new_cb[x], cb[x], keep);
      cr[x] = pixel::between(new_cr[x], cr[x], keep);
      age[x] = pixel::next_age(age[x], confidence[x]);
    }
  }
}

void CpuTemporalPasses::fill() {
  const float* const confidence = match_.confidence().data();
  const float* const present = present_.data();
  float* const luma = compensated_.luma.data();
  float* const age = compensated_.age.data();
  const int64_t pixels = width_ * height_;
  fill_.run(present, confidence, pixel::kTrusted, compensated_.cb.data(), compensated_.cr.data());
#pragma omp simd
  for (int64_t i = 0; i < pixels; ++i) {
    const bool trusted = confidence[i] >= pixel::kTrusted;
    luma[i] = trusted ? luma[i] : present[i];
    age[i] = trusted ? age[i] : 0.0f;
  }
}

const float* CpuTemporalPasses::output(Picture picture) {
  const History& history = picture == Picture::kPast ? past_ : compensated_;
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
  return output_.data();
}

/// A plane of chroma samples from values of luma pixels.
template <typename Value>
void CpuTemporalPasses::put_means(const Value& value, float* to) const {
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

void CpuTemporalPasses::past_evidence(float strength, float* evidence) const {
  put_means([&](int64_t i) { return pixel::worth(past_.age[i], strength); }, evidence);
}

const float* CpuTemporalPasses::join(const Weighed& first, const Weighed& second) {
  const auto samples = static_cast<int64_t>(joined_.size()) / 2;
  for (int64_t i = 0; i < samples; ++i) {
    const float share = pixel::second_share(first.evidence[i], second.evidence[i]);
    for (const int64_t at : {i, samples + i})
      joined_[at] = pixel::between(first.chroma[at], second.chroma[at], share);
  }
  return joined_.data();
}

void CpuTemporalPasses::compensated_evidence(float strength, float* evidence) const {
  const float* const confidence = match_.confidence().data();
  put_means(
      [&](int64_t i) {
        return strength * confidence[i] * pixel::steadiness(compensated_.drift[i]) *
               pixel::worth(compensated_.age[i], strength);
      },
      evidence);
}

}  // namespace cgan
