#include "training/metrics/video_evaluation.h"

#include <ATen/ATen.h>

#include <stdexcept>
#include <vector>

#include "training/metrics/clip_scores.h"
#include "training/metrics/frame_folders.h"
#include "training/metrics/picture_files.h"
#include "training/metrics/picture_scores.h"
#include "training/metrics/score_table.h"

namespace cgan {
namespace {

using Json = nlohmann::ordered_json;

// Frames of one clip, which all have the size of the first.
class FrameReader {
 public:
  at::Tensor read(const std::string& path) {
    const auto frame = read_picture(path);
    if (first_path_.empty()) {
      first_path_ = path;
      first_size_ = size_text(frame);
    }
    if (size_text(frame) != first_size_)
      throw std::runtime_error(path + " is " + size_text(frame) + " pixels, " + first_path_ + " " +
                               first_size_ + "; give all frames of a clip one size");
    return frame;
  }

 private:
  std::string first_path_, first_size_;
};

ClipScores score(const Clip& original, const Clip& result, const Clip* grey) {
  ClipScores scores;
  FrameReader reader;
  for (size_t i = 0; i < original.frames.size(); ++i) {
    ScoredFrame frame;
    frame.original = reader.read(original.frames[i].path);
    frame.result = reader.read(result.frames[i].path);
    frame.grey = grey ? reader.read(grey->frames[i].path) : grey_picture(frame.original);
    scores.add(frame);
  }
  return scores;
}

}  // namespace

Json evaluate_video(const VideoEvaluationOptions& options) {
  const auto originals = find_clips(options.originals), results = find_clips(options.results);
  check_same_frames(originals, results);
  std::vector<Clip> grey;
  if (!options.grey_input.empty()) {
    grey = find_clips(options.grey_input);
    check_same_frames(originals, grey);
  }
  Json json, per_clip, per_frame;
  json["originals"] = options.originals;
  json["results"] = options.results;
  if (!grey.empty()) json["grey_input"] = options.grey_input;
  json["clips"] = originals.size();
  std::vector<Json> clips;
  for (size_t i = 0; i < originals.size(); ++i) {
    const auto scores = score(originals[i], results[i], grey.empty() ? nullptr : &grey[i]);
    clips.push_back(scores.json());
    per_clip[originals[i].name] = clips.back();
    per_frame[originals[i].name] = scores.per_frame();
  }
  json.update(mean_of_clips(clips));
  json["per_clip"] = per_clip;
  json["per_frame"] = per_frame;
  return json;
}

std::string video_score_table(const Json& scores) {
  auto shown = scores;
  shown.erase("per_frame");
  for (auto& row : shown["per_clip"]) {
    const Json all = row;
    row.clear();
    for (const char* key : {"frames", "psnr_gain", "ciede2000", "colourfulness_ratio", "cdc",
                            "static_flicker", "static_flicker_ratio"})
      row[key] = all[key];
  }
  return score_table(shown);
}

}  // namespace cgan
