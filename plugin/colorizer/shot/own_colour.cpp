#include "plugin/colorizer/shot/own_colour.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "model/kernels/wide_loops.h"
#include "plugin/colorizer/format/sample.h"

namespace cgan {
namespace {

constexpr int64_t kCellsAcross = 48, kCellsDown = 36;
constexpr int64_t kCellSide = 4;  // samples
constexpr int kTones = 6;         // of luma, between which the tint is interpolated
constexpr float kBlack = 0.04f, kWhite = 0.98f;
constexpr float kLeastPicture = 0.1f;  // share of the frame
// In codes of 8 bits.
constexpr float kLeastColour = 2.0f;
constexpr float kFar = 4.0f;  // from the tint: such a sample counts half
constexpr int kRounds = 3;
// Averaging over a cell and its neighbours leaves so much of noise that is one over some samples.
constexpr float kNoiseLeft = 0.6f;
// Luma of the lightest twentieth: below it is dark, so low that nothing can be said.
constexpr float kDark = 0.5f, kTooDark = 0.25f;

std::vector<int64_t> spread(int64_t samples, int64_t cells) {
  std::vector<int64_t> result(cells * kCellSide);
  const auto count = static_cast<int64_t>(result.size());
  for (int64_t i = 0; i < count; ++i) result[i] = (2 * i + 1) * samples / (2 * count);
  return result;
}

/// Share of a tone in a luma of that position among the tones, which are at 0, 1, 2 ...
inline float share_of(float tone, float position) {
  const float apart = position < tone ? tone - position : position - tone;
  return apart < 1.0f ? 1.0f - apart : 0.0f;
}

/// Of chroma in a tone.
struct Tint {
  float cb, cr;
};

// The last digits depend on the processor's vectors: nothing that is shown does on them.
CGAN_WIDE Tint mean_of_tone(float tone, const float* position, const float* counts, const float* cb,
                            const float* cr, int64_t count) {
  float weight = 0.0f, sum_cb = 0.0f, sum_cr = 0.0f;
#pragma omp simd reduction(+ : weight, sum_cb, sum_cr)
  for (int64_t i = 0; i < count; ++i) {
    const float share = counts[i] * share_of(tone, position[i]);
    weight += share;
    sum_cb += share * cb[i];
    sum_cr += share * cr[i];
  }
  const float inverse = weight > 0.0f ? 1.0f / weight : 0.0f;
  return {sum_cb * inverse, sum_cr * inverse};
}

CGAN_WIDE void subtract(const Tint& tint, float tone, const float* __restrict position,
                        int64_t count, float* __restrict cb, float* __restrict cr) {
  for (int64_t i = 0; i < count; ++i) {
    const float share = share_of(tone, position[i]);
    cb[i] -= share * tint.cb;
    cr[i] -= share * tint.cr;
  }
}

CGAN_WIDE void count_near(const float* __restrict cb, const float* __restrict cr, int64_t count,
                          float* __restrict counts) {
  for (int64_t i = 0; i < count; ++i)
    counts[i] = 1.0f / (1.0f + (cb[i] * cb[i] + cr[i] * cr[i]) / (kFar * kFar));
}

float nth(std::vector<float>& values, double share) {
  const auto place = static_cast<int64_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[place];
}

}  // namespace

ColourMeter::ColourMeter(const StreamFormat& format) : format_(format) {
  const ChromaGrid grid = format.in_chroma_grid();
  across_ = std::clamp<int64_t>(grid.width / kCellSide, 1, kCellsAcross);
  down_ = std::clamp<int64_t>(grid.height / kCellSide, 1, kCellsDown);
  columns_ = spread(grid.width, across_);
  rows_ = spread(grid.height, down_);
  const CodeScale luma = format.luma_samples();
  luma_scale_ = static_cast<float>(1.0 / luma.scale);
  luma_offset_ = static_cast<float>(-luma.offset / luma.scale);
  const CodeScale chroma = chroma_codes(format.in_range, format.in.depth);
  const double eight_bits = chroma_codes(Range::kLimited, 8).scale;
  scale_ = static_cast<float>(eight_bits / chroma.scale / (1 << format.in.shift));
  offset_ = static_cast<float>(-chroma.offset * eight_bits / chroma.scale);
  for (std::vector<float>* plane : {&luma_, &cb_, &cr_, &position_, &counts_}) {
    plane->resize(columns_.size() * rows_.size());
  }
  for (std::vector<float>* plane : {&cell_luma_, &cell_cb_, &cell_cr_, &cell_noise_, &sorted_}) {
    plane->resize(across_ * down_);
  }
}

OwnColour ColourMeter::measure(const LumaView& luma, const ChromaView& chroma) {
  format_.in.sample_bytes() == 1 ? read<Sample8>(luma, chroma) : read<Sample16>(luma, chroma);
  take_tint_away();
  average_cells();
  return judge();
}

template <typename Sample>
void ColourMeter::read(const LumaView& luma, const ChromaView& chroma) {
  const int64_t step_x = format_.in.step_x, step_y = format_.in.step_y;
  const int64_t apart = format_.in.layout == ChromaLayout::kInterleaved ? 2 : 1;
  const float luma_scale = luma_scale_ / static_cast<float>(step_x * step_y);
  size_t at = 0;
  for (const int64_t y : rows_) {
    const auto* upper = reinterpret_cast<const Sample*>(luma.row(y * step_y));
    const auto* lower =
        reinterpret_cast<const Sample*>(luma.row(std::min((y + 1) * step_y, format_.height) - 1));
    const auto* cb = reinterpret_cast<const Sample*>(chroma.cb + y * chroma.cb_stride);
    const auto* cr = reinterpret_cast<const Sample*>(chroma.cr + y * chroma.cr_stride);
    for (const int64_t x : columns_) {
      const int64_t left = x * step_x, right = std::min((x + 1) * step_x, format_.width) - 1;
      int sum = upper[left];
      if (step_x == 2) sum += upper[right];
      if (step_y == 2) sum += lower[left] + lower[right];
      luma_[at] = static_cast<float>(sum) * luma_scale + luma_offset_;
      cb_[at] = static_cast<float>(cb[apart * x]) * scale_ + offset_;
      cr_[at] = static_cast<float>(cr[apart * x]) * scale_ + offset_;
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
  for (int round = 0; round < kRounds; ++round) {
    if (round == 0)
      std::fill(counts_.begin(), counts_.end(), 1.0f);
    else
      count_near(cb_.data(), cr_.data(), count, counts_.data());
    std::array<Tint, kTones> tints;
    for (int tone = 0; tone < kTones; ++tone)
      tints[tone] = mean_of_tone(static_cast<float>(tone), position_.data(), counts_.data(),
                                 cb_.data(), cr_.data(), count);
    for (int tone = 0; tone < kTones; ++tone)
      subtract(tints[tone], static_cast<float>(tone), position_.data(), count, cb_.data(),
               cr_.data());
  }
}

void ColourMeter::average_cells() {
  constexpr float kMean = 1.0f / (kCellSide * kCellSide);
  const int64_t width = across_ * kCellSide;
  for (int64_t cell = 0; cell < across_ * down_; ++cell) {
    float luma = 0.0f, cb = 0.0f, cr = 0.0f, squares = 0.0f;
    for (int64_t i = 0; i < kCellSide * kCellSide; ++i) {
      const int64_t x = cell % across_ * kCellSide + i % kCellSide;
      const int64_t at = (cell / across_ * kCellSide + i / kCellSide) * width + x;
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

OwnColour ColourMeter::judge() {
  sorted_ = cell_luma_;
  const float lightest = nth(sorted_, 0.95);
  sorted_ = cell_noise_;
  const float noise = std::sqrt(std::max(nth(sorted_, 0.5), 0.0f));
  const float light = std::clamp(lightest / kDark, kTooDark / kDark, 1.0f);
  const float least = std::max(kLeastColour * light, kNoiseLeft * noise);
  int64_t picture = 0, coloured = 0;
  for (int64_t y = 0; y < down_; ++y) {
    for (int64_t x = 0; x < across_; ++x) {
      const float luma = cell_luma_[y * across_ + x];
      if (luma < kBlack || luma > kWhite) continue;
      float cb = 0.0f, cr = 0.0f;
      for (int64_t j = -1; j <= 1; ++j) {
        const int64_t row = std::clamp<int64_t>(y + j, 0, down_ - 1) * across_;
        for (int64_t i = -1; i <= 1; ++i) {
          const int64_t cell = row + std::clamp<int64_t>(x + i, 0, across_ - 1);
          cb += cell_cb_[cell];
          cr += cell_cr_[cell];
        }
      }
      ++picture;
      coloured += cb * cb + cr * cr > 81.0f * least * least;  // sums of nine
    }
  }
  const auto cells = static_cast<float>(across_ * down_);
  if (static_cast<float>(picture) < kLeastPicture * cells) return {};
  return {static_cast<float>(coloured) / static_cast<float>(picture), lightest >= kTooDark};
}

}  // namespace cgan
