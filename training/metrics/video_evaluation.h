#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace cgan {

/// Folders of clips, see find_clips(); the same clips and frames in each.
struct VideoEvaluationOptions {
  std::string originals;   ///< In colour.
  std::string results;     ///< Made grey and coloured again.
  std::string grey_input;  ///< What was coloured; empty: the originals' luma by BT.601.
};

/// Scores coloured film against its originals; holds two moments in memory, whatever the length.
/// Keys: `originals`, `results` and `grey_input` as they were named; `clips`, their number; those
/// of mean_of_clips(); by the clip's name `per_clip` (ClipScores::json) and `per_frame`
/// (ClipScores::per_frame).
/// @throws std::runtime_error that names the folder or file where clips or frames are missing,
///   cannot be decoded, or differ in size.
nlohmann::ordered_json evaluate_video(const VideoEvaluationOptions& options);

/// The same numbers as score_table() shows them, with the most telling ones of each clip below.
std::string video_score_table(const nlohmann::ordered_json& scores);

}  // namespace cgan
