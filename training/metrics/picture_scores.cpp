#include "training/metrics/picture_scores.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <stdexcept>

#include "model/colour.h"
#include "training/losses/colourfulness.h"
#include "training/losses/reverse.h"
#include "training/metrics/colour_difference.h"

namespace cgan {
namespace {

double sum_of(const at::Tensor& values) {
  return values.sum(at::kDouble).item<double>();
}

double ratio(double part, double whole) {
  return whole == 0 ? 0 : part / whole;
}

void put(nlohmann::ordered_json& json, const LabScores& scores, const std::string& suffix) {
  json["mae" + suffix] = scores.mae;
  json["accuracy_2" + suffix] = scores.accuracy_2;
  json["accuracy_5" + suffix] = scores.accuracy_5;
}

}  // namespace

at::Tensor grey_picture(const at::Tensor& rgb) {
  return rgb_to_luma(rgb).expand_as(rgb);
}

void PictureScores::add(const ScoredPictures& pictures) {
  const at::NoGradGuard no_grad;
  const auto &original = pictures.original, &picture = pictures.picture, &own = pictures.own;
  if (original.sizes() != picture.sizes() || (own.defined() && original.sizes() != own.sizes()))
    throw std::invalid_argument("originals and pictures to score must have one shape");
  const auto original_lab = rgb_to_lab(original), picture_lab = rgb_to_lab(picture);
  const auto input_l = with_lightness_of(picture_lab, original_lab);
  input_l_.add(input_l, original_lab);
  if (own.defined()) {
    own_l_.add(rgb_to_lab(own), original_lab);
    psnr_own_ += sum_of(psnr(squared_error(own, original)));
  }
  hues_.add(picture, picture_lab, original, original_lab);

  const int64_t count = original.size(0), pixels = original.size(2) * original.size(3);
  const auto grey = grey_picture(original);
  const auto error = squared_error(picture, original), grey_error = squared_error(grey, original);
  psnr_ += sum_of(psnr(error));
  psnr_grey_ += sum_of(psnr(grey_error));
  pooled_error_ += sum_of(error) * pixels;
  pooled_grey_error_ += sum_of(grey_error) * pixels;
  worse_than_grey_ += (error > grey_error).sum().item<int64_t>();

  const auto difference = ciede2000(picture_lab, original_lab).mean({1, 2});
  const auto distance = chroma_distance(picture_lab, original_lab).mean({1, 2});
  const auto colour = colourfulness(picture), original_colour = colourfulness(original);
  // Grey lies in the middle of the plane: its distance is the original's chroma.
  const auto grey_distance = original_lab.narrow(1, 1, 2).square().sum(1).sqrt().mean({1, 2});
  worse_than_grey_chroma_ += (distance > grey_distance).sum().item<int64_t>();
  ciede2000_ += sum_of(difference) * pixels;
  ciede2000_grey_ += sum_of(ciede2000(rgb_to_lab(grey), original_lab).mean({1, 2})) * pixels;
  chroma_distance_ += sum_of(distance) * pixels;
  chroma_distance_grey_ += sum_of(grey_distance) * pixels;
  colourfulness_ += sum_of(colour);
  original_colourfulness_ += sum_of(original_colour);
  layouts_.push_back(coarse_chroma(picture_lab));
  original_layouts_.push_back(coarse_chroma(original_lab));
  pictures_ += count;
  pixels_ += count * pixels;

  for (int64_t i = 0; i < count; ++i) {
    auto& scores = classes_[pictures.labels[i].item<int64_t>()];
    scores.lab.add(input_l[i], original_lab[i]);
    scores.pictures += 1;
    scores.ciede2000 += difference[i].item<double>();
    scores.chroma_distance += distance[i].item<double>();
    scores.colourfulness += colour[i].item<double>();
    scores.original_colourfulness += original_colour[i].item<double>();
  }
}

nlohmann::ordered_json PictureScores::json(const std::vector<std::string>& class_names) const {
  if (pictures_ == 0) throw std::logic_error("no picture was scored");
  nlohmann::ordered_json json;
  json["pictures"] = pictures_;
  put(json, input_l_.scores(), "");
  if (own_l_.pixels() > 0) put(json, own_l_.scores(), "_own_l");
  json["psnr"] = psnr_ / pictures_;
  json["psnr_grey"] = psnr_grey_ / pictures_;
  json["psnr_gain"] = (psnr_ - psnr_grey_) / pictures_;
  if (own_l_.pixels() > 0) json["psnr_own"] = psnr_own_ / pictures_;
  const double pooled = psnr(pooled_error_ / pixels_);
  const double pooled_grey = psnr(pooled_grey_error_ / pixels_);
  json["psnr_pooled"] = pooled;
  json["psnr_pooled_grey"] = pooled_grey;
  json["psnr_gain_pooled"] = pooled - pooled_grey;
  json["ciede2000"] = ciede2000_ / pixels_;
  json["ciede2000_grey"] = ciede2000_grey_ / pixels_;
  json["chroma_distance"] = chroma_distance_ / pixels_;
  json["chroma_distance_grey"] = chroma_distance_grey_ / pixels_;
  json["colourfulness"] = colourfulness_ / pictures_;
  json["colourfulness_original"] = original_colourfulness_ / pictures_;
  json["colourfulness_ratio"] = ratio(colourfulness_, original_colourfulness_);
  const double spread = chroma_spread(at::cat(layouts_)).item<double>();
  const double original_spread = chroma_spread(at::cat(original_layouts_)).item<double>();
  json["spread"] = spread;
  json["spread_original"] = original_spread;
  json["spread_ratio"] = ratio(spread, original_spread);
  json["worse_than_grey"] = static_cast<double>(worse_than_grey_) / pictures_;
  json["worse_than_grey_chroma"] = static_cast<double>(worse_than_grey_chroma_) / pictures_;

  for (const auto& [label, scores] : classes_) {
    if (label < 0 || label >= static_cast<int64_t>(class_names.size())) continue;
    auto& row = json["per_class"][class_names[label]];
    row["pictures"] = scores.pictures;
    put(row, scores.lab.scores(), "");
    row["ciede2000"] = scores.ciede2000 / scores.pictures;
    row["chroma_distance"] = scores.chroma_distance / scores.pictures;
    row["colourfulness_ratio"] = ratio(scores.colourfulness, scores.original_colourfulness);
  }
  const auto hues = hues_.scores();
  for (int64_t hue = 0; hue < kHues; ++hue)
    json["per_hue"][kHueNames[hue]] = {{"error", hues[hue].error},
                                       {"share", hues[hue].share},
                                       {"predicted_share", hues[hue].predicted_share},
                                       {"hit", hues[hue].hit}};
  return json;
}

}  // namespace cgan
