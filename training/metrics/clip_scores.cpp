#include "training/metrics/clip_scores.h"

#include <ATen/ATen.h>

#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>

#include "model/colour.h"
#include "training/losses/colourfulness.h"
#include "training/metrics/colour_difference.h"

namespace cgan {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kNothing = 1e-6;  // Below is what float32 makes of a film without colours.

Json or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

Json ratio(const Json& part, const Json& whole) {
  if (part.is_null() || whole.is_null() || whole < kNothing) return {};
  return part.get<double>() / whole.get<double>();
}

double mean(const Json& numbers) {
  const auto values = numbers.get<std::vector<double>>();
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

void ClipScores::add(const ScoredFrame& frame) {
  const double error = squared_error(frame.result, frame.original).item<double>();
  const double grey_error = squared_error(frame.grey, frame.original).item<double>();
  error_ += error;
  grey_error_ += grey_error;
  consistency_.add(frame.result);
  original_consistency_.add(frame.original);
  grey_consistency_.add(frame.grey);
  const auto difference = ciede2000(rgb_to_lab(frame.result), rgb_to_lab(frame.original));
  const auto step = flicker_.add(frame.original, frame.result);

  per_frame_["psnr"].push_back(psnr(error));
  per_frame_["psnr_grey"].push_back(psnr(grey_error));
  per_frame_["ciede2000"].push_back(difference.mean(at::kDouble).item<double>());
  per_frame_["colourfulness"].push_back(colourfulness(frame.result).item<double>());
  per_frame_["colourfulness_original"].push_back(colourfulness(frame.original).item<double>());
  per_frame_["static_flicker"].push_back(step ? Json(step->result) : Json());
  per_frame_["static_flicker_original"].push_back(step ? Json(step->original) : Json());
}

Json ClipScores::json() const {
  if (per_frame_.empty()) throw std::logic_error("no frame was scored");
  const auto frames = static_cast<int64_t>(per_frame_["psnr"].size());
  const double psnr_shown = mean(per_frame_["psnr"]), psnr_grey = mean(per_frame_["psnr_grey"]);
  const double pooled = psnr(error_ / frames), pooled_grey = psnr(grey_error_ / frames);
  const double colour = mean(per_frame_["colourfulness"]);
  const double original_colour = mean(per_frame_["colourfulness_original"]);
  const auto flicker = flicker_.score();
  Json json;
  json["frames"] = frames;
  json["psnr"] = psnr_shown;
  json["psnr_grey"] = psnr_grey;
  json["psnr_gain"] = psnr_shown - psnr_grey;
  json["psnr_pooled"] = pooled;
  json["psnr_pooled_grey"] = pooled_grey;
  json["psnr_gain_pooled"] = pooled - pooled_grey;
  json["ciede2000"] = mean(per_frame_["ciede2000"]);
  json["colourfulness"] = colour;
  json["colourfulness_original"] = original_colour;
  json["colourfulness_ratio"] = ratio(colour, original_colour);
  json["cdc"] = or_null(consistency_.score());
  json["cdc_original"] = or_null(original_consistency_.score());
  json["cdc_grey"] = or_null(grey_consistency_.score());
  json["static_flicker"] = flicker ? Json(flicker->result) : Json();
  json["static_flicker_original"] = flicker ? Json(flicker->original) : Json();
  json["static_flicker_ratio"] = ratio(json["static_flicker"], json["static_flicker_original"]);
  json["static_share"] = or_null(flicker_.still_share());
  return json;
}

Json mean_of_clips(const std::vector<Json>& clips) {
  Json means;
  for (const auto& [key, unused] : clips.front().items()) {
    Json numbers = Json::array();
    for (const auto& clip : clips)
      if (!clip[key].is_null()) numbers.push_back(clip[key]);
    means[key] = numbers.empty() ? Json() : Json(mean(numbers));
  }
  means["frames"] = 0;
  for (const auto& clip : clips)
    means["frames"] = means["frames"].get<int64_t>() + clip["frames"].get<int64_t>();
  for (const std::string key : {"colourfulness", "static_flicker"})
    means[key + "_ratio"] = ratio(means[key], means[key + "_original"]);
  return means;
}

}  // namespace cgan
