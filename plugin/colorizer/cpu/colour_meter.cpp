#include "plugin/colorizer/cpu/colour_meter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "plugin/colorizer/format/sample.h"
#include "plugin/colorizer/pixel/tint.h"

namespace cgan {
namespace {

constexpr int64_t kCellSide = ColourMeterPlan::kCellSide;
constexpr int kTones = 6;  // of luma, between which the tint is interpolated
constexpr float kBlack = 0.04f, kWhite = 0.98f;
// In codes of 8 bits.
constexpr float kLeastColour = 2.0f;
constexpr int kCentreRounds = 3;
// Averaging over a cell and its neighbours leaves so much of noise that is one over some samples.
constexpr float kNoiseLeft = 0.6f;
// Luma of the lightest twentieth: below it is dark.
constexpr float kDark = 0.5f;

float nth(std::vector<float>& values, double share) {
  const auto place = static_cast<int64_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[place];
}

}  // namespace

ColourMeter::ColourMeter(ColourMeterPlan plan, const RowLoops& loops)
    : plan_(std::move(plan)), loops_(loops) {
  for (std::vector<float>* values : {&luma_, &cb_, &cr_, &position_, &counts_})
    values->resize(plan_.columns.size() * plan_.rows.size());
  for (std::vector<float>* values : {&cell_luma_, &cell_cb_, &cell_cr_, &cell_noise_, &sorted_})
    values->resize(plan_.across * plan_.down);
}

ColourMeasure ColourMeter::measure(const InputView& in) {
  with_sample(plan_.in.sample_bytes(), [&](auto sample) { read<decltype(sample)>(in); });
  return measure_samples();
}

ColourMeasure ColourMeter::measure_samples() {
  take_tint_away();
  average_cells();
  return count_cells();
}

template <typename Sample>
void ColourMeter::read(const InputView& in) {
  const int64_t step_x = plan_.in.step_x, step_y = plan_.in.step_y;
  const int64_t apart = plan_.in.layout == ChromaLayout::kInterleaved ? 2 : 1;
  const float luma_scale = plan_.shared_luma_scale();
  const ChromaView& chroma = in.chroma;
  size_t at = 0;
  for (const int64_t y : plan_.rows) {
    const int64_t below = std::min((y + 1) * step_y, plan_.height) - 1;
    const auto* upper = reinterpret_cast<const Sample*>(in.luma.row(y * step_y));
    const auto* lower = reinterpret_cast<const Sample*>(in.luma.row(below));
    const auto* cb = reinterpret_cast<const Sample*>(chroma.cb + y * chroma.cb_stride);
    const auto* cr = reinterpret_cast<const Sample*>(chroma.cr + y * chroma.cr_stride);
    for (const int64_t x : plan_.columns) {
      const int64_t left = x * step_x, right = std::min((x + 1) * step_x, plan_.width) - 1;
      const int sum = pixel::shared_luma(upper, lower, left, right, step_x, step_y);
      luma_[at] = pixel::meter_signal(sum, luma_scale, plan_.luma_offset);
      cb_[at] = pixel::meter_signal(cb[apart * x], plan_.chroma_scale, plan_.chroma_offset);
      cr_[at] = pixel::meter_signal(cr[apart * x], plan_.chroma_scale, plan_.chroma_offset);
      ++at;
    }
  }
}

/// Leaves of the chroma what its luma does not say. The tint of a tone is that of most of its
/// samples: those far from their mean count less in the next one.
void ColourMeter::take_tint_away() {
  const auto count = static_cast<int64_t>(luma_.size());
  for (int64_t i = 0; i < count; ++i)
    position_[i] = std::clamp(luma_[i], 0.0f, 1.0f) * static_cast<float>(kTones - 1);
  for (int round = 0; round < kCentreRounds; ++round) {
    if (round == 0)
      std::fill(counts_.begin(), counts_.end(), 1.0f);
    else
      loops_.tint_counts(cb_.data(), cr_.data(), count, counts_.data());
    std::array<Tint, kTones> tints;
    const ToneRun run = {position_.data(), counts_.data(), count};
    for (int tone = 0; tone < kTones; ++tone)
      tints[tone] = loops_.tint_of_tone(run, static_cast<float>(tone), cb_.data(), cr_.data());
    for (int tone = 0; tone < kTones; ++tone)
      loops_.take_tint(run, static_cast<float>(tone), tints[tone], cb_.data(), cr_.data());
  }
}

void ColourMeter::average_cells() {
  constexpr float kMean = 1.0f / (kCellSide * kCellSide);
  const int64_t width = plan_.across * kCellSide;
  for (int64_t cell = 0; cell < plan_.across * plan_.down; ++cell) {
    float luma = 0.0f, cb = 0.0f, cr = 0.0f, squares = 0.0f;
    for (int64_t i = 0; i < kCellSide * kCellSide; ++i) {
      const int64_t x = cell % plan_.across * kCellSide + i % kCellSide;
      const int64_t at = (cell / plan_.across * kCellSide + i / kCellSide) * width + x;
      luma += luma_[at];
      cb += cb_[at];
      cr += cr_[at];
      squares += cb_[at] * cb_[at] + cr_[at] * cr_[at];
    }
    cell_luma_[cell] = kMean * luma;
    cell_cb_[cell] = kMean * cb;
    cell_cr_[cell] = kMean * cr;
    cell_noise_[cell] = kMean * squares - kMean * kMean * (cb * cb + cr * cr);
  }
}

ColourMeasure ColourMeter::count_cells() {
  sorted_ = cell_luma_;
  const float lightest = nth(sorted_, 0.95);
  sorted_ = cell_noise_;
  const float noise = std::sqrt(std::max(nth(sorted_, 0.5), 0.0f));
  const float light = std::clamp(lightest / kDark, kTooDark / kDark, 1.0f);
  const float least = std::max(kLeastColour * light, kNoiseLeft * noise);
  int64_t picture = 0, coloured = 0;
  for (int64_t y = 0; y < plan_.down; ++y) {
    for (int64_t x = 0; x < plan_.across; ++x) {
      const float luma = cell_luma_[y * plan_.across + x];
      if (luma < kBlack || luma > kWhite) continue;
      float cb = 0.0f, cr = 0.0f;
      for (int64_t j = -1; j <= 1; ++j) {
        const int64_t row = std::clamp<int64_t>(y + j, 0, plan_.down - 1) * plan_.across;
        for (int64_t i = -1; i <= 1; ++i) {
          const int64_t cell = row + std::clamp<int64_t>(x + i, 0, plan_.across - 1);
          cb += cell_cb_[cell];
          cr += cell_cr_[cell];
        }
      }
      ++picture;
      coloured += cb * cb + cr * cr > 81.0f * least * least;  // sums of nine
    }
  }
  return {plan_.across * plan_.down, picture, coloured, lightest};
}

}  // namespace cgan
