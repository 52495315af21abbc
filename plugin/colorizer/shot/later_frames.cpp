#include "plugin/colorizer/shot/later_frames.h"

namespace cgan {

void LaterFrames::set_size(int64_t width, int64_t height, int64_t chroma_scale, int64_t frames) {
  width_ = width;
  first_ = count_ = 0;
  ring_.clear();
  if (frames == 0) return;
  const int64_t samples = (width / chroma_scale) * (height / chroma_scale);
  ring_.resize(frames + 1);  // the latest comes before the earliest goes
  for (Frame& frame : ring_) {
    frame.luma.resize(width * height);
    frame.network.resize(2 * samples);
    frame.steady.resize(2 * samples);
    frame.evidence.resize(samples);
  }
  backward_.set_size(width, height, chroma_scale);
  evidence_.resize(samples);
  output_.resize(2 * samples);
}

void LaterFrames::clear() {
  if (ring_.empty()) return;
  count_ = 0;
  backward_.reset();
}

LaterFrames::Frame* LaterFrames::next() {
  const auto size = static_cast<int64_t>(ring_.size());
  return count_ == size ? nullptr : &ring_[(first_ + count_) % size];
}

void LaterFrames::pop() {
  first_ = (first_ + 1) % static_cast<int64_t>(ring_.size());
  --count_;
}

/// Where the way back to the earliest frame begins: the last frame of its shot that the network
/// coloured; 0: there is none.
int64_t LaterFrames::last_with_a_say() const {
  int64_t last = 0;
  for (int64_t i = 1; i < count_ && !at(i).begins; ++i) {
    if (at(i).generated && !at(i).blank) last = i;
  }
  return last;
}

const float* LaterFrames::colour(float strength, float cut_threshold) {
  const Frame& frame = earliest();
  if (frame.kept) return nullptr;
  const int64_t last = strength == 0.0f ? 0 : last_with_a_say();
  if (last == 0) return frame.steady.data();
  backward_.begin(at(last).luma.data(), width_, at(last).network.data());
  for (int64_t i = last - 1; i > 0; --i) {
    backward_.observe(at(i).luma.data(), width_, cut_threshold);
    backward_.filter(at(i).generated ? at(i).network.data() : nullptr, strength);
  }
  backward_.observe(frame.luma.data(), width_, cut_threshold);
  const float* const later = backward_.recall(strength, evidence_.data());

  const auto samples = static_cast<int64_t>(evidence_.size());
  for (int64_t i = 0; i < samples; ++i) {
    const float sum = frame.evidence[i] + evidence_[i];
    const float share = sum > 0.0f ? evidence_[i] / sum : 0.0f;
    for (const int64_t at : {i, samples + i}) {
      output_[at] = frame.steady[at] + share * (later[at] - frame.steady[at]);
    }
  }
  return output_.data();
}

}  // namespace cgan
