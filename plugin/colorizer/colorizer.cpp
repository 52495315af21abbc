#include "plugin/colorizer/colorizer.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <utility>

#include "model/threads/serial_libtorch.h"
#include "plugin/colorizer/interface/checks.h"
#include "plugin/colorizer/interface/colorizer_error.h"
#include "plugin/colorizer/network/device_errors.h"
#include "plugin/colorizer/network/tiled_network.h"
#include "plugin/colorizer/picture_passes.h"
#include "plugin/colorizer/stage_time.h"

namespace cgan {
namespace {

const CganSettings& checked(const CganSettings& settings) {
  check(settings);
  return settings;
}

int thread_count(uint32_t asked) {
  return asked > 0 ? static_cast<int>(asked) : std::min(available_processors(), CGAN_MOST_THREADS);
}

std::unique_ptr<FrozenGenerator> load(const Weights& weights, const Placement& placement,
                                      uint64_t variant) {
  const c10::InferenceMode inference;
  // Folding weights would wake a team of OpenMP threads that nobody needs afterwards.
  const SerialLibTorch serial;
  FrozenGenerator::Options options;
  options.device = placement.device;
  options.type = placement.type;
  options.variant = variant;
  return on_device(placement.device, [&] { return FrozenGenerator::create(weights, options); });
}

}  // namespace

/// What one size and format of frames needs.
struct Colorizer::Stream {
  Stream(const StreamFormat& format, const CganStreamInfo& info, const WorkSize& size,
         Colorizer& of)
      : network(size, *of.generator_, of.settings_.overlap, of.settings_.batch),
        pictures(*of.backend_, format, info.interlaced != 0, size,
                 {network.chroma_width(), network.chroma_height(), of.generator_->chroma_scale()}),
        frames(network, *of.backend_, of.generator_->chroma_scale(), of.pool_,
               FrameQueue::Size::of(of.settings_.lookahead, info), of.placement_) {}

  TiledNetwork network;
  PicturePasses pictures;
  FrameQueue frames;
};

Colorizer::Colorizer(const CganSettings& settings)
    : settings_(checked(settings)), pool_(thread_count(settings.threads)) {
  const Weights weights = read_weights(find_weights(settings.model));
  placement_ = choose_placement(settings.device == nullptr ? CGAN_DEFAULT_DEVICE : settings.device,
                                settings.precision, weights);
  placement_.runs_network = settings.shots_only == 0;
  device_ = placement_.device.str();
  generator_ = load(weights, placement_, settings.variant);
  const bool has_card = settings.device_passes != 0 && placement_.device.is_cuda();
  backend_ = has_card ? make_cuda_backend(device_, pool_) : make_cpu_backend(pool_);
}

Colorizer::Colorizer(const CganSettings& settings, std::unique_ptr<FrozenGenerator> generator)
    : settings_(settings),
      pool_(thread_count(settings.threads)),
      backend_(make_cpu_backend(pool_)),
      generator_(std::move(generator)) {
  placement_.runs_network = settings.shots_only == 0;
}

Colorizer::~Colorizer() = default;

void Colorizer::set_stream(const CganStreamInfo& info) {
  const StreamFormat format = StreamFormat::from(info);
  const c10::InferenceMode inference;
  const SerialLibTorch serial;
  const int64_t short_side =
      settings_.work_size > 0 ? settings_.work_size : generator_->short_side();
  const WorkSize size =
      work_size_for(format.width, format.height, short_side, TiledNetwork::rule(*generator_));
  auto stream = std::make_unique<Stream>(format, info, size, *this);
  stream->frames.warm_up();
  stream_ = std::move(stream);
  counts_ = {};
}

uint32_t Colorizer::best_delay() const {
  constexpr int kMost = 16;  // each holds a frame and the memory of a network
  const bool is_worth_it = placement_.device.is_cpu() && pool_.threads() > 1;
  return is_worth_it ? static_cast<uint32_t>(std::min(pool_.threads(), kMost)) : 0;
}

void Colorizer::reset() {
  if (stream_ == nullptr) return;
  stream_->frames.clear(counts_);
  stream_->pictures.forget();
}

Colorizer::Stream& Colorizer::stream() {
  if (stream_ != nullptr) return *stream_;
  throw ColorizerError(CGAN_ERROR_FRAME,
                       "A frame came before its format; set the stream info first.");
}

/// The stream, of which a frame waits.
Colorizer::Stream& Colorizer::waiting() {
  if (!stream().frames.empty()) return *stream_;
  throw ColorizerError(CGAN_ERROR_FRAME, "No frame waits to be coloured; submit one first.");
}

/// Takes a frame in.
void Colorizer::enter(const InputView& in, CganScan scan, const CganLook& look,
                      FrameQueue::Start start) {
  Stream& stream = *stream_;
  check(look);
  if (stream.frames.full()) {
    refuse_setting("More frames wait than lookahead and delay allow; finish one, or set more.",
                   "lookahead " + std::to_string(settings_.lookahead));
  }
  FrameInFlight& frame = stream.frames.next();
  frame.look = look;
  FramePasses& passes = stream.pictures.passes(scan);
  timed(counts_.frame_ns, [&] { passes.read(in.luma, frame.luma.data()); });
  frame.is_marked = std::exchange(is_marked_, false);
  frame.own.reset();
  if (in.chroma.cb != nullptr && look.on_colour == CGAN_ON_COLOUR_KEEP) {
    timed(counts_.steady_ns, [&] { frame.own = judge_own_colour(passes.measure(in)); });
  }
  stream.frames.add(start, counts_);
}

/// Before a frame is written.
/// @param forgets it is written without regard to the last one
void Colorizer::keep_state(const FrameQueue::Coloured& work, bool forgets) {
  changes_shot_ = work.changes_shot;
  state_ = *work.state;
  if (forgets) stream_->pictures.forget();
  if (state_.empty()) return;
  StateArchive archive = StateArchive::writer(state_);
  stream_->pictures.archive(archive);
}

void Colorizer::restore(const void* state, size_t size) {
  reset();
  StateArchive archive = StateArchive::reader(state, size);
  try {
    stream().frames.archive(archive);
    stream_->pictures.archive(archive);
    if (!archive.is_at_end()) StateArchive::refuse();
  } catch (...) {
    reset();
    throw;
  }
}

/// Writes the earliest frame.
/// @param enter (InputView), before: takes it in where that is to be done
template <typename Enter>
void Colorizer::paint(const CganFrame& in, const CganFrame& out, const CganLook& look,
                      const Enter& enter) {
  Stream& stream = this->stream();
  const StreamFormat& format = stream.pictures.format(in, out);
  const InputView source = view_input(in, format);
  const FrameView target = view_output(out, format);
  check_in_place(source.luma, target, format);
  FramePasses& passes = stream.pictures.to_write(out.scan);
  try {
    check(look);
    enter(source);
    const FrameQueue::Coloured work = stream.frames.colour(
        static_cast<float>(look.temporal), static_cast<float>(look.cut_threshold), counts_);
    keep_state(work, work.begins || look.temporal == 0.0);
    if (!placement_.runs_network) {
      passes.write_neutral(source.luma, target);
      stream.frames.pop(counts_);
      ++counts_.frames;
      return;
    }
    const WorkPicture picture = {work.luma, work.chroma};
    timed(counts_.frame_ns,
          [&] { passes.write(source, work.chroma == nullptr ? nullptr : &picture, look, target); });
  } catch (...) {
    passes.write_neutral(source.luma, target);
    throw;
  }
  stream.frames.pop(counts_);
  ++counts_.frames;
}

void Colorizer::colorize(const CganFrame& in, const CganFrame& out, const CganLook& look) {
  if (!stream().frames.empty()) {
    throw ColorizerError(CGAN_ERROR_FRAME,
                         "Frames wait that were submitted before; finish them first.");
  }
  try {
    timed(counts_.call_ns, [&] {
      paint(in, out, look, [&](const InputView& source) {
        enter(source, in.scan, look, FrameQueue::Start::kInTurn);
      });
    });
  } catch (...) {
    if (!stream_->frames.empty()) let_go();
    throw;
  }
}

void Colorizer::submit(const CganFrame& in, const CganLook& look) {
  const InputView source = view_input(in, stream().pictures.format(in.scan));
  timed(counts_.call_ns, [&] { enter(source, in.scan, look, FrameQueue::Start::kAtOnce); });
}

void Colorizer::finish(const CganFrame& in, const CganFrame& out, const CganLook& look) {
  waiting();
  try {
    timed(counts_.call_ns, [&] { paint(in, out, look, [](const InputView&) {}); });
  } catch (...) {
    let_go();
    throw;
  }
}

void Colorizer::let_go() {
  Stream& stream = waiting();
  // The first frame of a shot may be among those that nobody sees.
  if (stream.frames.pop(counts_)) stream.pictures.forget();
}

}  // namespace cgan
