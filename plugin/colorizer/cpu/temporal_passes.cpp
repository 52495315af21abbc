#include "plugin/colorizer/cpu/temporal_passes.h"

#include <algorithm>
#include <utility>

#include "plugin/colorizer/cpu/picture_difference.h"
#include "plugin/colorizer/pixel/mix.h"

namespace cgan {

CpuTemporalPasses::CpuTemporalPasses(int64_t width, int64_t height, int64_t chroma_scale,
                                     const RowLoops& loops)
    : loops_(loops),
      width_(width),
      height_(height),
      scale_(chroma_scale),
      motion_(width, height, loops),
      exposure_(width, height),
      match_(width, height, loops),
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

void CpuTemporalPasses::compensate() {
  const int64_t pixels = width_ * height_;
  float* const luma = compensated_.luma.data();
  loops_.expose(exposure_.gain(), exposure_.offset(), pixels, luma);
  match_.compare(luma, present_.data());
  motion_.compensate(past_.cb.data(), compensated_.cb.data());
  motion_.compensate(past_.cr.data(), compensated_.cr.data());
  motion_.compensate(past_.age.data(), compensated_.age.data());
  motion_.compensate(past_.drift.data(), compensated_.drift.data());

  const float share = pixel::drift_share(match_.noise());
  uncertain_ = loops_.drift(match_.level().data(), match_.confidence().data(),
                            compensated_.age.data(), share, pixels, compensated_.drift.data());
}

float CpuTemporalPasses::uncertain_share() {
  return static_cast<float>(uncertain_) / static_cast<float>(width_ * height_);
}

/// A row of the network's chroma at the size of the luma.
void CpuTemporalPasses::widen_row(const float* chroma, int64_t y, float* cb, float* cr) const {
  const int64_t chroma_width = width_ / scale_, chroma_pixels = chroma_width * (height_ / scale_);
  const float* const source = chroma + y / scale_ * chroma_width;
  if (scale_ == 1) {
    std::copy_n(source, width_, cb);
    std::copy_n(source + chroma_pixels, width_, cr);
    return;
  }
  loops_.widen_row(source, width_, cb);
  loops_.widen_row(source + chroma_pixels, width_, cr);
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

void CpuTemporalPasses::archive(StateArchive& archive, bool past, bool shelf) {
  archive.same(width_);
  archive.same(height_);
  match_.archive(archive);
  for (History* history : {past ? &past_ : nullptr, shelf ? &shelf_ : nullptr}) {
    if (history == nullptr) continue;
    for (auto* plane :
         {&history->luma, &history->cb, &history->cr, &history->age, &history->drift}) {
      archive.plane(*plane);
    }
  }
}

void CpuTemporalPasses::mix(const float* chroma, float strength) {
  float* const new_cb = row_.data();
  float* const new_cr = new_cb + width_;
  for (int64_t y = 0; y < height_; ++y) {
    widen_row(chroma, y, new_cb, new_cr);
    const int64_t row = y * width_;
    loops_.mix({present_.data() + row, new_cb, new_cr, match_.confidence().data() + row,
                compensated_.drift.data() + row, width_, strength},
               compensated_.luma.data() + row, compensated_.cb.data() + row,
               compensated_.cr.data() + row, compensated_.age.data() + row);
  }
}

void CpuTemporalPasses::fill() {
  const float* const confidence = match_.confidence().data();
  const float* const present = present_.data();
  fill_.run(present, confidence, pixel::kTrusted, compensated_.cb.data(), compensated_.cr.data());
  loops_.renew(present, confidence, width_ * height_, compensated_.luma.data(),
               compensated_.age.data());
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
    loops_.halve_rows(from, from + width_, chroma_width, to);
  }
  return output_.data();
}

/// A plane of chroma samples from values of luma pixels.
template <typename Value>
void CpuTemporalPasses::put_means(const Value& value, float* to) const {
  for (int64_t y = 0; y < height_ / scale_; ++y) {
    for (int64_t x = 0; x < width_ / scale_; ++x)
      *to++ = pixel::sample_mean(value, width_, scale_, x, y);
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
        return pixel::moved_worth(compensated_.age[i], compensated_.drift[i], confidence[i],
                                  strength);
      },
      evidence);
}

}  // namespace cgan
