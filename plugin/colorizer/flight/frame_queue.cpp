#include "plugin/colorizer/flight/frame_queue.h"

#include <exception>
#include <utility>

#include "plugin/colorizer/stage_time.h"

namespace cgan {

FrameQueue::Size FrameQueue::Size::of(int64_t lookahead, const CganStreamInfo& stream) {
  const int64_t delay = stream.delay;
  if (stream.interlaced == 0) return {lookahead, delay};
  if (lookahead > 0) return {2 * lookahead + 1, 2 * delay};
  return {0, delay > 0 ? 2 * delay + 1 : 0};
}

FrameQueue::FrameQueue(const Pictures& pictures, const Backend& backend, WorkerPool& pool,
                       const Size& size, const MakeNetwork& make_network, bool colours_ahead,
                       bool runs_network)
    : size_(size),
      backend_(backend),
      chroma_numbers_(2 * (pictures.width / pictures.chroma_scale) *
                      (pictures.height / pictures.chroma_scale)),
      colours_ahead_(colours_ahead),
      runs_network_(runs_network),
      goes_ahead_(size.delay > 0 && backend.runs_beside_host()),
      work_colour_(backend.temporal_passes(pictures.width, pictures.height, pictures.chroma_scale),
                   pictures.width),
      decided_(backend, pictures.width, pictures.height, pictures.chroma_scale, size.lookahead,
               goes_ahead_ ? 1 : 0) {
  std::shared_ptr<PictureNetwork> network;
  for (int64_t i = 0; i <= size.delay; ++i) {
    if (network == nullptr || colours_ahead) network = make_network();
    in_flight_.make_place(network, backend.work_array(pictures.width * pictures.height), i, pool,
                          runs_network);
  }
}

void FrameQueue::warm_up() {
  FrameInFlight& frame = in_flight_.next();
  frame.colour();
  backend_.wait();
  if (runs_network_) frame.check(frame.run());
  frame.take_network_ns();
}

void FrameQueue::check() {
  const std::optional<int64_t> run = decided_.earliest().run;
  if (run.has_value()) in_flight_.next().check(*run);
}

bool FrameQueue::full() const {
  return in_flight_.full() || in_flight_.count() + decided_.count() > size_.lookahead + size_.delay;
}

/// Whether the network may begin before the frames ahead are decided. Where colour is carried, they
/// decide whether it runs at all, and a shot that keeps its own colours probably goes on.
bool FrameQueue::begins_ahead(const CganLook& look) const {
  return colours_ahead_ && size_.delay > 0 && look.carried == 0 && !work_colour_.keeps_own();
}

void FrameQueue::add(Start start, CganCounts& counts) {
  FrameInFlight& frame = in_flight_.next();
  if (start == Start::kAtOnce && begins_ahead(frame.look)) frame.start();
  in_flight_.add();
  if (in_flight_.count() <= size_.delay) return;
  decide_next(counts);
  // Of frames that are decided at once, the caller learns at once.
  if (size_.delay > 0 || decided_.latest().failure == nullptr) return;
  const std::exception_ptr failure = std::exchange(decided_.latest().failure, nullptr);
  decided_.pop_latest();
  std::rethrow_exception(failure);
}

/// The earliest frame in flight becomes the latest of the decided ones.
void FrameQueue::decide_next(CganCounts& counts) {
  FrameInFlight& frame = in_flight_.earliest();
  LaterFrames::Frame& decided = decided_.next();
  decided.failure = nullptr;
  decided.state.clear();
  decided.changes_shot = false;
  try {
    StateArchive archive = StateArchive::writer(decided.state);
    if (std::exchange(frame.is_marked, false)) work_colour_.archive(archive);
    decide(frame, decided, counts);
    decided.changes_shot = work_colour_.changes_shot();
    if (decided.state.empty() && work_colour_.begins_shot()) work_colour_.archive_cut(archive);
  } catch (...) {
    decided.failure = std::current_exception();
  }
  counts.network_ns += frame.take_network_ns();
  std::swap(frame.luma, decided.luma);
  in_flight_.pop_earliest();
  decided_.add();
}

void FrameQueue::decide(FrameInFlight& frame, LaterFrames::Frame& decided, CganCounts& counts) {
  const WorkColour::Result result = work_colour_.decide(frame, counts);
  timed(counts.steady_ns, [&] {
    decided.source = result.source;
    decided.begins = result.begins;
    decided.blank = result.blank;
    decided.run.reset();
    if (result.source == ColourSource::kNetwork && runs_network_) decided.run = frame.run();
    if (result.chroma == nullptr) return;
    backend_.copy(result.chroma, chroma_numbers_, decided.steady.get());
    if (size_.lookahead == 0) return;
    if (result.source == ColourSource::kNetwork)
      backend_.copy(frame.chroma(), chroma_numbers_, decided.network.get());
    work_colour_.evidence(static_cast<float>(frame.look.temporal), decided.evidence.get());
  });
}

FrameQueue::Coloured FrameQueue::colour(float strength, float cut_threshold, CganCounts& counts) {
  while (!in_flight_.empty() && decided_.count() <= size_.lookahead) decide_next(counts);
  LaterFrames::Frame& frame = decided_.earliest();
  if (frame.failure != nullptr) std::rethrow_exception(frame.failure);
  if (!frame.state.empty()) {
    StateArchive archive = StateArchive::writer(frame.state);
    decided_.archive(archive);
  }
  const float* const chroma =
      timed(counts.steady_ns, [&] { return decided_.colour(strength, cut_threshold); });
  return {frame.luma.get(), chroma, frame.begins, frame.changes_shot, &frame.state};
}

void FrameQueue::go_ahead(CganCounts& counts) {
  if (goes_ahead_ && !in_flight_.empty() && !decided_.full()) decide_next(counts);
}

bool FrameQueue::pop(CganCounts& counts) {
  // Whoever follows is decided after it, as if it were shown.
  if (decided_.empty()) decide_next(counts);
  LaterFrames::Frame& frame = decided_.earliest();
  const bool begins = frame.begins || frame.failure != nullptr;
  frame.failure = nullptr;
  decided_.pop_earliest();
  return begins;
}

FrameQueue::~FrameQueue() {
  cancel();
}

/// From the latest on: whoever waits for one that runs would else begin those behind it.
void FrameQueue::cancel() {
  for (int64_t i = in_flight_.count(); i-- > 0;) in_flight_[i].cancel();
}

void FrameQueue::clear(CganCounts& counts) {
  cancel();
  for (; !in_flight_.empty(); in_flight_.pop_earliest()) {
    counts.network_ns += in_flight_.earliest().take_network_ns();
  }
  decided_.clear();
  work_colour_.reset();
}

}  // namespace cgan
