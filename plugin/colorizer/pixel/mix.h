#pragma once

#include <cstdint>

#include "plugin/colorizer/pixel/numbers.h"

namespace cgan::pixel {

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

/// Share that is kept of a colour whose luma drifts away.
CGAN_HOST_DEVICE float steadiness(float drift) {
  constexpr float kSlope = 1.0f / (kDriftLost - kDriftSure), kOffset = kSlope * kDriftLost;
  return limited(kOffset - kSlope * magnitude(drift), kLeastSteady, 1.0f);
}

/// Share of a new difference of luma.
/// @param noise mean difference that grain makes
CGAN_HOST_DEVICE float drift_share(float noise) {
  return (1.0f - kDriftKept) / noise;
}
/// Drift of a pixel with one frame more.
/// @param share of the new difference of luma, in such as grain makes
CGAN_HOST_DEVICE float next_drift(float drift, float level, float confidence, float share) {
  return confidence * (kDriftKept * drift + share * level);
}

/// Share of the colour so far that is kept beside a new one: the mean of all frames at first, so
/// that no one of them counts for long.
/// @param age frames of the network that the colour so far is the mean of
CGAN_HOST_DEVICE float kept_share(float age, float drift, float confidence, float strength) {
  const float kept = smaller(age / (age + 1.0f), kMostKept);
  return strength * confidence * kept * steadiness(drift);
}
CGAN_HOST_DEVICE float next_age(float age, float confidence) {
  return smaller(1.0f + confidence * age, kOldest);
}

/// Frames that a colour of this age is worth: a new one gets the inverse as its share.
CGAN_HOST_DEVICE float worth(float age, float strength) {
  if (age <= 1.0f) return age;
  return 1.0f / (1.0f - strength * smaller(1.0f - 1.0f / age, kMostKept));
}

/// Whether a pixel has no colour so far that can be trusted.
CGAN_HOST_DEVICE bool is_uncertain(float confidence, float age) {
  return smaller(confidence, age) < kTrusted;
}

/// Frames that a colour brought along motion is worth.
CGAN_HOST_DEVICE float moved_worth(float age, float drift, float confidence, float strength) {
  return strength * confidence * steadiness(drift) * worth(age, strength);
}

/// Of scale by scale numbers: those of the luma pixels of a chroma sample.
/// @param value (place among the pixels)
/// @param x, y of the sample
template <typename Value>
CGAN_HOST_DEVICE float sample_mean(const Value& value, int64_t width, int64_t scale, int64_t x,
                                   int64_t y) {
  float sum = 0.0f;
  for (int64_t i = y * scale; i < (y + 1) * scale; ++i) {
    for (int64_t j = x * scale; j < (x + 1) * scale; ++j) sum += value(i * width + j);
  }
  return 1.0f / static_cast<float>(scale * scale) * sum;
}

/// In pairs: of four equal numbers it is that number to the bit.
CGAN_HOST_DEVICE float mean_of_four(float a, float b, float c, float d) {
  return 0.25f * ((a + b) + (c + d));
}

/// Share of the second of two colours, by what each is worth.
CGAN_HOST_DEVICE float second_share(float first, float second) {
  const float sum = first + second;
  return sum > 0.0f ? second / sum : 0.0f;
}

}  // namespace cgan::pixel
