#include "training/metrics/photo_evaluation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/colour.h"
#include "model/weights/weights.h"
#include "training/metrics/contact_sheet.h"
#include "training/metrics/photo_colouring.h"
#include "training/metrics/picture_files.h"
#include "training/metrics/result_pictures.h"
#include "training/metrics/scorers.h"

namespace cgan {
namespace {

constexpr int64_t kSheetGroups = 40;

c10::ScalarType precision_type(const std::string& name) {
  if (name == "fp32") return c10::kFloat;
  if (name == "bf16") return c10::kBFloat16;
  if (name == "int8") return c10::kQInt8;
  throw std::invalid_argument("the precision '" + name + "' is unknown; use fp32, bf16 or int8");
}

PhotoColouring open_generator(const std::string& weights, const EvaluationOptions& options) {
  FrozenGenerator::Options frozen;
  frozen.type = precision_type(options.precision);
  return PhotoColouring(FrozenGenerator::create(read_weights(find_weights(weights)), frozen),
                        options.work_size, options.saturation, options.vividness);
}

// Where pictures come from: a folder of originals, coloured here or found beside them.
class Photographs {
 public:
  Photographs(const EvaluationOptions& options, nlohmann::ordered_json& json) {
    if (!options.labels.empty()) labels_.emplace(options.labels);
    if (!options.results.empty()) {
      results_.emplace(options.results, options.data);
      json["originals_without_result"] = results_->left_out();
      return;
    }
    for (const auto& [name, path] : pictures_by_name(options.data)) originals_.push_back(path);
    if (options.weights.empty()) return;
    generator_.emplace(open_generator(options.weights, options));
    json["work_size"] = generator_->work_size();
  }

  int64_t size() const {
    return results_ ? results_->size() : static_cast<int64_t>(originals_.size());
  }

  /// One picture; without generator and results only the original and its label.
  ScoredPictures read(int64_t index) {
    ScoredPictures pictures;
    if (results_) {
      pictures = results_->read(index);
    } else {
      pictures.original = read_picture(originals_.at(index));
      if (generator_) pictures.picture = generator_->colour(rgb_to_luma(pictures.original));
    }
    const auto& path = results_ ? results_->original(index) : originals_.at(index);
    pictures.labels = at::full({1}, labels_ ? labels_->of(path) : -1, at::kLong);
    return pictures;
  }

 private:
  std::optional<PictureLabels> labels_;
  std::optional<ResultPictures> results_;
  std::vector<std::string> originals_;  ///< Empty where there are results.
  std::optional<PhotoColouring> generator_;
};

void evaluate_baselines(Photographs& photographs, int64_t count, nlohmann::ordered_json& json) {
  Baselines baselines;
  for (int64_t i = 0; i < count; ++i) baselines.add(photographs.read(i).original);
  json["pictures"] = count;
  json["baselines"] = baselines.json();
}

}  // namespace

void evaluate_photographs(const EvaluationOptions& options, nlohmann::ordered_json& json) {
  Photographs photographs(options, json);
  const int64_t count = std::min(options.limit, photographs.size());
  if (options.weights.empty() && options.results.empty()) {
    evaluate_baselines(photographs, count, json);
    return;
  }
  std::optional<PhotoColouring> beside;
  if (!options.beside.empty()) beside.emplace(open_generator(options.beside, options));
  Scorers scorers(options);
  ContactSheet sheet;
  const int64_t step = std::max<int64_t>(1, (count + kSheetGroups - 1) / kSheetGroups);
  int64_t grey_originals = 0;
  for (int64_t i = 0; i < count; ++i) {
    const auto pictures = photographs.read(i);
    const bool grey_original = is_grey(pictures.original);
    if (grey_original)
      ++grey_originals;
    else
      scorers.add(pictures);
    if (options.sheet.empty() || i % step != 0) continue;
    std::vector<at::Tensor> group = {grey_picture(pictures.original)};
    if (beside) group.push_back(beside->colour(rgb_to_luma(pictures.original)));
    group.push_back(pictures.picture);
    if (!grey_original) group.push_back(pictures.original);
    sheet.add(group);
  }
  if (scorers.count() == 0 && options.sheet.empty())
    throw std::runtime_error("every picture in " + options.data +
                             " is grey, so that there is nothing to compare with; look at what "
                             "became of them with --sheet");
  json["grey_originals"] = grey_originals;
  if (scorers.count() > 0) scorers.put(json, {});
  if (!options.sheet.empty()) sheet.write(options.sheet);
}

}  // namespace cgan
