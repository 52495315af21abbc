#include "plugin/colorizer/shot/shot_colour.h"

#include <utility>

namespace cgan {
namespace {

// A logo or a caption in colours is less of the picture.
constexpr float kInColour = 0.1f;
// To give up what was decided.
constexpr float kClearlyInColour = 0.2f, kWithoutColour = 0.06f;
constexpr int64_t kFramesOfColour = 12, kFramesWithout = 48;

}  // namespace

void ShotColour::archive(StateArchive& archive) {
  for (Verdict* verdict : {&now_, &before_}) {
    archive.flag(verdict->in_colour);
    archive.flag(verdict->decided);
    archive.number(verdict->against);
  }
}

ShotColour ShotColour::before_shot() const {
  ShotColour result;
  result.now_ = before_;
  return result;
}

bool ShotColour::judge(const OwnColour& own, bool begins, bool returns) {
  if (begins) {
    before_ = std::exchange(now_, Verdict{now_.in_colour, false, 0});
  } else if (returns) {
    std::swap(now_, before_);
  }
  const bool has_colour = own.share >= kInColour;
  if (!has_colour && !own.tells) return now_.in_colour;
  if (!now_.decided) {
    now_ = {has_colour, true, 0};
    return has_colour;
  }
  const bool is_against =
      now_.in_colour ? own.share < kWithoutColour : own.share >= kClearlyInColour;
  now_.against = is_against ? now_.against + 1 : 0;
  if (now_.against >= (now_.in_colour ? kFramesWithout : kFramesOfColour)) {
    now_ = {has_colour, true, 0};
  }
  return now_.in_colour;
}

}  // namespace cgan
