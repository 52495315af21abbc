#include "examples/colorize_film/run_notes.h"

#include <algorithm>

namespace colorize_film {

void RunNotes::append(const RunNotes& next) {
  frames.insert(frames.end(), next.frames.begin(), next.frames.end());
  pictures.insert(pictures.end(), next.pictures.begin(), next.pictures.end());
  for (const std::string& sentence : next.warnings)
    if (std::find(warnings.begin(), warnings.end(), sentence) == warnings.end())
      warnings.push_back(sentence);
  seconds += next.seconds;
}

std::vector<Shot> shots_of(const RunNotes& notes) {
  std::vector<Shot> shots;
  auto picture = notes.pictures.begin();
  for (const FrameMeasure& frame : notes.frames) {
    if (shots.empty() || frame.begins_shot) shots.push_back({frame.time, 0, 0, 0, 0, 0, 0, {}});
    Shot& shot = shots.back();
    const bool is_settled = !shot.picture.empty() && shot.end >= shot.start + kPictureTime;
    shot.end = frame.time + frame.length;
    const auto frames = static_cast<double>(++shot.frames);
    shot.kept += frame.is_kept ? 1 : 0;
    shot.cb += (frame.cb - shot.cb) / frames;
    shot.cr += (frame.cr - shot.cr) / frames;
    shot.flicker += (frame.flicker - shot.flicker) / frames;
    for (; picture != notes.pictures.end() && picture->time <= frame.time; ++picture)
      if (!is_settled) shot.picture = picture->jpeg;
  }
  return shots;
}

}  // namespace colorize_film
