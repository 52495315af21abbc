#include "plugin/colorizer/colorizer.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "model/threads/serial_libtorch.h"
#include "plugin/colorizer/cpu/chroma_hold.h"
#include "plugin/colorizer/cpu/chroma_upsample.h"
#include "plugin/colorizer/cpu/luma_copy.h"
#include "plugin/colorizer/cpu/luma_guide.h"
#include "plugin/colorizer/cpu/own_chroma.h"
#include "plugin/colorizer/cpu/pack.h"
#include "plugin/colorizer/cpu/work_copy.h"
#include "plugin/colorizer/flight/frame_queue.h"
#include "plugin/colorizer/format/frame_view.h"
#include "plugin/colorizer/interface/colorizer_error.h"
#include "plugin/colorizer/network/placement.h"
#include "plugin/colorizer/network/tiled_network.h"
#include "plugin/colorizer/shot/own_colour.h"
#include "plugin/colorizer/stage_time.h"

namespace cgan {
namespace {

constexpr char kCpu[] = "cpu";

[[noreturn]] void refuse(const std::string& message, const std::string& found) {
  throw ColorizerError(CGAN_ERROR_SETTINGS, message, "found " + found);
}

void check(const CganLook& look) {
  if (!(look.strength >= 0.0 && look.strength <= 1.0)) {
    refuse("The strength is outside 0..1; set it within.", std::to_string(look.strength));
  }
  if (!(look.saturation >= 0.0 && look.saturation <= CGAN_LARGEST_SATURATION)) {
    refuse("The saturation is outside 0..4; set it within.", std::to_string(look.saturation));
  }
  for (const double share : {look.temporal, look.cut_threshold, look.uncertain}) {
    if (!(share >= 0.0 && share <= 1.0)) {
      refuse("A setting of steadiness in time is outside 0..1; set it within.",
             std::to_string(share));
    }
  }
  if (!(look.vividness >= -1.0 && look.vividness <= 1.0)) {
    refuse("The vividness is outside -1..1; set it within.", std::to_string(look.vividness));
  }
  if (!(look.warmth >= -1.0 && look.warmth <= 1.0)) {
    refuse("The warmth is outside -1..1; set it within.", std::to_string(look.warmth));
  }
  if (!(look.split >= 0.0 && look.split <= 1.0)) {
    refuse("The split is outside 0..1; set it within.", std::to_string(look.split));
  }
  if (look.on_colour < CGAN_ON_COLOUR_RECOLOUR || look.on_colour > CGAN_ON_COLOUR_KEEP) {
    refuse("What to do with colour is unknown; use keep or recolor.",
           std::to_string(static_cast<int>(look.on_colour)));
  }
}

int thread_count(int asked) {
  return asked > 0 ? asked : std::min(available_processors(), CGAN_MOST_THREADS);
}

}  // namespace

ColorizerSettings ColorizerSettings::from(const CganSettings& settings) {
  if (settings.model == nullptr || *settings.model == '\0') {
    refuse("No model is named; name a built-in model or a .safetensors file.", "no name");
  }
  if (!(settings.overlap >= 0.0 && settings.overlap <= CGAN_LARGEST_OVERLAP)) {
    refuse("The overlap is outside 0..0.75; set it within.", std::to_string(settings.overlap));
  }
  if (settings.threads > CGAN_MOST_THREADS) {
    refuse("More than 256 threads were asked for; ask for fewer, or 0 for one per core.",
           std::to_string(settings.threads));
  }
  if (settings.work_size > CGAN_LARGEST_SIDE) {
    refuse("The work size is above 16384 pixels; use 0 for the model's own choice.",
           std::to_string(settings.work_size));
  }
  if (settings.precision < CGAN_PRECISION_AUTO || settings.precision > CGAN_PRECISION_INT8) {
    refuse("The precision is unknown; use auto, fp32, bf16, fp16 or int8.",
           std::to_string(static_cast<int>(settings.precision)));
  }
  if (settings.lookahead > CGAN_LONGEST_LOOKAHEAD) {
    refuse("The lookahead is above 12 frames; set it within.", std::to_string(settings.lookahead));
  }
  ColorizerSettings result;
  result.model = settings.model;
  result.device = settings.device == nullptr ? "auto" : settings.device;
  result.precision = settings.precision;
  result.work_size = settings.work_size;
  result.overlap = settings.overlap;
  result.batch = settings.batch;
  result.threads = static_cast<int>(settings.threads);
  result.variant = settings.variant;
  result.lookahead = settings.lookahead;
  return result;
}

/// What one size and format of frames needs.
struct Colorizer::Stream {
  Stream(const StreamFormat& format, const WorkSize& size, const ColorizerSettings& settings,
         const FrozenGenerator& generator, WorkerPool& pool, const FrameQueue::Size& queue,
         const std::string& place)
      : format(format),
        luma_copy(format, pool),
        work_copy(format, size, pool),
        network(size, generator, settings.overlap, settings.batch),
        frames(network, generator.chroma_scale(), pool, queue, place),
        upsample({size.width, size.height, size.padded_width, network.chroma_width(),
                  network.chroma_height(), generator.chroma_scale()},
                 format.width, format.height, format.chroma_grid(), pool),
        guide(format),
        packer(format),
        hold(format),
        own_chroma(format),
        rows(pool.threads(), std::vector<float>(3 * format.chroma_grid().width)) {
    if (format.in.has_chroma()) own_colour.emplace(format);
  }

  StreamFormat format;
  LumaCopy luma_copy;
  WorkCopy work_copy;
  TiledNetwork network;
  FrameQueue frames;
  ChromaUpsample upsample;
  LumaGuide guide;
  Packer packer;
  ChromaHold hold;
  OwnChroma own_chroma;
  std::optional<ColourMeter> own_colour;  ///< None for gray.
  std::vector<std::vector<float>> rows;   ///< luma, Cb and Cr of one row, for each thread
};

Colorizer::Colorizer(const ColorizerSettings& settings)
    : settings_(settings), pool_(thread_count(settings.threads)) {
  const Weights weights = read_weights(find_weights(settings.model));
  const Placement placement = choose_placement(settings.device, settings.precision, weights);
  const c10::InferenceMode inference;
  // Folding weights would wake a team of OpenMP threads that nobody needs afterwards.
  const SerialLibTorch serial;
  FrozenGenerator::Options options;
  options.device = placement.device;
  options.type = placement.type;
  options.variant = settings.variant;
  generator_ = FrozenGenerator::create(weights, options);
  device_ = placement.device.str();
  precision_ = placement.precision_name;
  warning_ = placement.warning;
}

Colorizer::Colorizer(const ColorizerSettings& settings, std::unique_ptr<FrozenGenerator> generator)
    : settings_(settings),
      pool_(thread_count(settings.threads)),
      generator_(std::move(generator)) {}

Colorizer::~Colorizer() = default;

void Colorizer::set_stream(const CganStreamInfo& info) {
  const StreamFormat format = StreamFormat::from(info);
  const c10::InferenceMode inference;
  const int64_t short_side =
      settings_.work_size > 0 ? settings_.work_size : generator_->short_side();
  const WorkSize size =
      work_size_for(format.width, format.height, short_side, TiledNetwork::rule(*generator_));
  const FrameQueue::Size queue = {settings_.lookahead, info.delay, device_ == kCpu};
  const std::string place = "device " + device_ + ", precision " + precision_;
  auto stream = std::make_unique<Stream>(format, size, settings_, *generator_, pool_, queue, place);
  FrameInFlight& frame = stream->frames.next();
  std::fill(frame.luma.begin(), frame.luma.end(), -1.0f);
  frame.colour();
  frame.take_network_ns();
  stream_ = std::move(stream);
  counts_ = {};
}

uint32_t Colorizer::best_delay() const {
  return device_ == kCpu && pool_.threads() > 1 ? static_cast<uint32_t>(pool_.threads()) : 0;
}

void Colorizer::reset() {
  if (stream_ == nullptr) return;
  stream_->frames.clear(counts_);
  stream_->hold.forget();
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
void Colorizer::enter(const LumaView& luma, const ChromaView& chroma, const CganLook& look,
                      FrameQueue::Start start) {
  Stream& stream = *stream_;
  check(look);
  if (stream.frames.full()) {
    refuse("More frames wait than lookahead and delay allow; finish one, or set longer ones.",
           "lookahead " + std::to_string(settings_.lookahead));
  }
  const c10::InferenceMode inference;
  FrameInFlight& frame = stream.frames.next();
  frame.look = look;
  timed(counts_.frame_ns, [&] {
    const float* const work = stream.work_copy.run(luma);
    std::copy_n(work, frame.luma.size(), frame.luma.begin());
  });
  frame.own.reset();
  if (stream.own_colour.has_value() && look.on_colour == CGAN_ON_COLOUR_KEEP) {
    timed(counts_.steady_ns, [&] { frame.own = stream.own_colour->measure(luma, chroma); });
  }
  stream.frames.add(start, counts_);
}

/// The passes over a frame's pixels.
/// @param enter called when the output holds the luma
template <typename Enter>
void Colorizer::paint(const CganFrame& in, const CganFrame& out, const CganLook& look,
                      const Enter& enter) {
  Stream& stream = this->stream();
  const LumaView luma = view_luma(in, stream.format);
  const ChromaView own_chroma = view_chroma(in, stream.format);
  const FrameView target = view_output(out, stream.format);
  check_in_place(luma, target, stream.format);
  timed(counts_.frame_ns, [&] { stream.luma_copy.run(luma, target); });
  try {
    check(look);
    const c10::InferenceMode inference;
    enter(luma, own_chroma);
    const FrameQueue::Coloured work = stream.frames.colour(
        static_cast<float>(look.temporal), static_cast<float>(look.cut_threshold), counts_);
    if (work.begins || look.temporal == 0.0) stream.hold.forget();
    timed(counts_.frame_ns, [&] {
      if (work.chroma != nullptr) stream.upsample.fit(work.luma, work.chroma);
      const int64_t width = stream.format.chroma_grid().width;
      const int64_t own =
          work.chroma == nullptr ? width : std::llround(look.split * static_cast<double>(width));
      for_row_bands(
          pool_, stream.format.chroma_grid().height, [&](int64_t first, int64_t last, int thread) {
            float* const luma_row = stream.rows[thread].data();
            float* const cb = luma_row + width;
            float* const cr = cb + width;
            for (int64_t y = first; y < last; ++y) {
              stream.own_chroma.row(y, own, own_chroma, target);
              if (own == width) continue;
              stream.guide.row(luma, y, luma_row);
              stream.upsample.row(y, thread, luma_row, cb, cr);
              stream.packer.chroma_row(y, own, luma_row, cb, cr, look, stream.hold, target);
            }
          });
    });
    if (work.chroma != nullptr && look.split < 1.0) stream.hold.keep();
  } catch (...) {
    stream.hold.forget();
    stream.packer.write_neutral(target);
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
  const auto enter_it = [&](const LumaView& luma, const ChromaView& chroma) {
    enter(luma, chroma, look, FrameQueue::Start::kInTurn);
  };
  try {
    paint(in, out, look, enter_it);
  } catch (...) {
    if (!stream_->frames.empty()) let_go();
    throw;
  }
}

void Colorizer::submit(const CganFrame& in, const CganLook& look) {
  const StreamFormat& format = stream().format;
  enter(view_luma(in, format), view_chroma(in, format), look, FrameQueue::Start::kAtOnce);
}

void Colorizer::finish(const CganFrame& in, const CganFrame& out, const CganLook& look) {
  waiting();
  try {
    paint(in, out, look, [](const LumaView&, const ChromaView&) {});
  } catch (...) {
    let_go();
    throw;
  }
}

void Colorizer::let_go() {
  Stream& stream = waiting();
  // The first frame of a shot may be among those that nobody sees.
  if (stream.frames.pop(counts_)) stream.hold.forget();
}

}  // namespace cgan
