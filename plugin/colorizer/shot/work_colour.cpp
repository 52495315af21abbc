#include "plugin/colorizer/shot/work_colour.h"

#include <utility>

#include "plugin/colorizer/stage_time.h"

namespace cgan {
namespace {

const float* network_colour(FrameInFlight& frame, CganCounts& counts) {
  const float* const chroma = frame.colour();
  ++counts.generated;
  return chroma;
}

}  // namespace

WorkColour::WorkColour(std::unique_ptr<TemporalPasses> passes, int64_t width)
    : width_(width), steady_(std::move(passes)) {}

void WorkColour::reset() {
  steady_.reset();
  shot_colour_.reset();
  keeps_own_ = false;
}

void WorkColour::archive(StateArchive& archive) {
  steady_.archive(archive);
  shot_colour_.archive(archive);
  bool carries = frames_carried_.has_value();
  archive.flag(carries);
  uint32_t frames = frames_carried_.value_or(0);
  archive.number(frames);
  frames_carried_.reset();
  if (carries) frames_carried_ = frames;
  archive.flag(keeps_own_);
}

void WorkColour::archive_cut(StateArchive& archive) {
  steady_.archive_cut(archive);
  ShotColour judge = shot_colour_.before_shot();
  judge.archive(archive);
  bool none = false;
  uint32_t no_frames = 0;
  archive.flag(none);
  archive.number(no_frames);
  archive.flag(none);
}

/// Looks for cuts, where that is of use.
void WorkColour::find_shot(const FrameInFlight& frame, CganCounts& counts) {
  if (frame.meter == nullptr) shot_colour_.reset();
  if (frame.meter == nullptr && frame.look.temporal == 0.0 && frame.look.carried == 0) {
    steady_.reset();  // what it remembers would be old by the time it is asked again
    seen_.reset();
    return;
  }
  seen_ = steady_.observe(frame.luma.get(), width_, static_cast<float>(frame.look.cut_threshold));
  counts.cuts += seen_->shot.cut ? 1 : 0;
}

/// Whether the frame's shot is in colour and stays so; then the network is not asked.
bool WorkColour::keeps_colour(const FrameInFlight& frame) {
  if (frame.meter == nullptr) return false;
  const OwnColour own = seen_->shot.blank ? OwnColour{} : frame.own_colour();
  return shot_colour_.judge(own, seen_->shot.cut, seen_->returns);
}

bool WorkColour::asks_network(const CganLook& look) {
  return seen_->shot.cut || !frames_carried_.has_value() || *frames_carried_ >= look.carried ||
         static_cast<double>(steady_.uncertain_share()) > look.uncertain;
}

WorkColour::Result WorkColour::decide(FrameInFlight& frame, CganCounts& counts) {
  const CganLook& look = frame.look;
  keeps_own_ = timed(counts.steady_ns, [&] {
    find_shot(frame, counts);
    const bool keeps = keeps_colour(frame);
    if (keeps) steady_.skip();
    return keeps;
  });
  if (keeps_own_) {
    frame.cancel();
    frames_carried_.reset();
    ++counts.kept;
    return {ColourSource::kOwn, true, seen_->shot.blank, nullptr};
  }
  if (!seen_.has_value()) {
    frames_carried_ = 0;
    return {ColourSource::kNetwork, true, false, network_colour(frame, counts)};
  }
  const bool asks = asks_network(look);
  frames_carried_ = asks ? 0 : *frames_carried_ + 1;
  counts.carried += asks ? 0 : 1;
  if (!asks) frame.cancel();
  const float* const said = asks ? network_colour(frame, counts) : nullptr;
  const float* const chroma = timed(
      counts.steady_ns, [&] { return steady_.filter(said, static_cast<float>(look.temporal)); });
  return {asks ? ColourSource::kNetwork : ColourSource::kCarried, seen_->shot.cut,
          seen_->shot.blank, chroma};
}

}  // namespace cgan
