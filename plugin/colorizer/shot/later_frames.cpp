#include "plugin/colorizer/shot/later_frames.h"

namespace cgan {

LaterFrames::LaterFrames(const Backend& backend, int64_t width, int64_t height,
                         int64_t chroma_scale, int64_t frames, int64_t room)
    : width_(width) {
  const int64_t samples = (width / chroma_scale) * (height / chroma_scale);
  for (int64_t i = 0; i <= frames + room; ++i) {  // the latest comes before the earliest goes
    Frame& frame = frames_.make_place();
    frame.luma = backend.work_array(width * height);
    frame.steady = backend.work_array(2 * samples);
    if (frames == 0) continue;
    frame.network = backend.work_array(2 * samples);
    frame.evidence = backend.work_array(samples);
  }
  if (frames == 0) return;
  backward_.emplace(backend.temporal_passes(width, height, chroma_scale));
  evidence_ = backend.work_array(samples);
}

void LaterFrames::clear() {
  for (; !frames_.empty(); frames_.pop_earliest()) frames_.earliest().failure = nullptr;
  if (backward_.has_value()) backward_->reset();
}

/// Where the way back to the earliest frame begins: the last frame of its shot that the network
/// coloured; 0: there is none.
int64_t LaterFrames::last_with_a_say() const {
  int64_t last = 0;
  for (int64_t i = 1; i < count(); ++i) {
    const Frame& frame = frames_[i];
    if (frame.failure != nullptr) continue;
    if (frame.begins) break;
    if (frame.source == ColourSource::kNetwork && !frame.blank) last = i;
  }
  return last;
}

void LaterFrames::archive(StateArchive& archive) {
  if (!backward_.has_value()) return;
  // Each way back begins with another picture.
  if (archive.is_writer()) {
    backward_->archive_cut(archive);
  } else {
    backward_->archive(archive);
  }
}

const float* LaterFrames::colour(float strength, float cut_threshold) {
  const Frame& frame = frames_.earliest();
  if (frame.source == ColourSource::kOwn) return nullptr;
  const int64_t last = strength == 0.0f ? 0 : last_with_a_say();
  if (last == 0) return frame.steady.get();
  backward_->begin(frames_[last].luma.get(), width_, frames_[last].network.get());
  for (int64_t i = last - 1; i > 0; --i) {
    const Frame& between = frames_[i];
    if (between.failure != nullptr) continue;
    backward_->observe(between.luma.get(), width_, cut_threshold);
    const bool generated = between.source == ColourSource::kNetwork;
    backward_->filter(generated ? between.network.get() : nullptr, strength);
  }
  backward_->observe(frame.luma.get(), width_, cut_threshold);
  const float* const later = backward_->recall(strength, evidence_.get());
  return backward_->join({frame.steady.get(), frame.evidence.get()}, {later, evidence_.get()});
}

}  // namespace cgan
