#include "plugin/colorizer/colorizer.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <limits>
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
#include "plugin/colorizer/format/frame_view.h"
#include "plugin/colorizer/interface/colorizer_error.h"
#include "plugin/colorizer/network/placement.h"
#include "plugin/colorizer/network/tiled_network.h"
#include "plugin/colorizer/shot/later_frames.h"
#include "plugin/colorizer/shot/own_colour.h"
#include "plugin/colorizer/shot/shot_colour.h"
#include "plugin/colorizer/shot/temporal.h"
#include "plugin/colorizer/stage_time.h"

namespace cgan {
namespace {

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
         const FrozenGenerator& generator, WorkerPool& pool)
      : format(format),
        luma_copy(format, pool),
        work_copy(format, size, pool),
        network(size, generator, settings.overlap, settings.batch),
        coloured(network, pool),
        upsample({size.width, size.height, size.padded_width, network.chroma_width(),
                  network.chroma_height(), generator.chroma_scale()},
                 format.width, format.height, format.chroma_grid(), pool),
        guide(format),
        packer(format),
        hold(format),
        own_chroma(format),
        rows(pool.threads(), std::vector<float>(3 * format.chroma_grid().width)) {
    steady.set_size(network.width(), network.height(), generator.chroma_scale());
    later.set_size(network.width(), network.height(), generator.chroma_scale(), settings.lookahead);
    if (format.in.has_chroma()) own_colour.emplace(format);
  }

  bool may_keep(const CganLook& look) const {
    return own_colour.has_value() && look.on_colour == CGAN_ON_COLOUR_KEEP;
  }

  /// Whether no frame before the one at hand says anything of its colour.
  bool begins() const { return seen == nullptr || seen->shot.cut; }

  StreamFormat format;
  LumaCopy luma_copy;
  WorkCopy work_copy;
  TiledNetwork network;
  TiledNetwork::Frame coloured;
  ChromaUpsample upsample;
  LumaGuide guide;
  Packer packer;
  ChromaHold hold;
  OwnChroma own_chroma;
  std::optional<ColourMeter> own_colour;  ///< None for gray.
  ShotColour shot_colour;
  TemporalFilter steady;
  const TemporalFilter::Observation* seen = nullptr;  ///< This frame; NULL: it is coloured alone.
  uint32_t carried = 0;                               ///< Frames since the network last ran.
  LaterFrames later;
  std::vector<std::vector<float>> rows;  ///< luma, Cb and Cr of one row, for each thread
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
  auto stream = std::make_unique<Stream>(format, size, settings_, *generator_, pool_);
  const std::vector<float> black(stream->network.width() * stream->network.height(), -1.0f);
  stream->network.colour(black.data(), 0, stream->coloured);
  stream_ = std::move(stream);
  counts_ = {};
}

void Colorizer::reset() {
  if (stream_ == nullptr) return;
  stream_->steady.reset();
  stream_->later.clear();
  stream_->shot_colour.reset();
  stream_->hold.forget();
}

/// What the network says of this frame, into stream.coloured.chroma().
void Colorizer::colour_alone(Stream& stream, const float* work, const CganLook& look) {
  timed(counts_.network_ns, [&] { stream.network.colour(work, look.vividness, stream.coloured); });
  const auto& chroma = stream.coloured.chroma();
  if (!std::all_of(chroma.begin(), chroma.end(),
                   [](float value) { return std::isfinite(value); })) {
    throw ColorizerError(CGAN_ERROR_FAILED,
                         "The network returned colours that are not numbers; use "
                         "precision=fp32 or another model.",
                         "device " + device_ + ", precision " + precision_);
  }
  ++counts_.generated;
}

/// Looks for cuts, where that is of use.
void Colorizer::find_shot(Stream& stream, const float* work, const CganLook& look) {
  const bool may_keep = stream.may_keep(look);
  if (!may_keep) stream.shot_colour.reset();
  if (!may_keep && look.temporal == 0.0 && look.carried == 0) {
    stream.steady.reset();  // what it remembers would be old by the time it is asked again
    stream.seen = nullptr;
    stream.carried = 0;
    return;
  }
  stream.seen =
      &stream.steady.observe(work, stream.network.width(), static_cast<float>(look.cut_threshold));
  counts_.cuts += stream.seen->shot.cut ? 1 : 0;
}

/// Whether the frame's shot is in colour and stays so; then the network is not asked.
bool Colorizer::keeps_colour(Stream& stream, const LumaView& luma, const ChromaView& chroma,
                             const CganLook& look) {
  if (!stream.may_keep(look)) return false;
  const ShotChange& shot = stream.seen->shot;
  const OwnColour own = shot.blank ? OwnColour{} : stream.own_colour->measure(luma, chroma);
  if (!stream.shot_colour.judge(own, shot.cut, stream.seen->returns)) return false;
  stream.steady.skip();
  stream.carried = std::numeric_limits<uint32_t>::max();  // nothing to carry, should that end
  ++counts_.kept;
  return true;
}

/// The frame's colour at work size, (2, chroma height, chroma width), from it and those before;
/// NULL: it keeps its own.
const float* Colorizer::work_chroma(Stream& stream, const LumaView& luma, const ChromaView& chroma,
                                    const float* work, const CganLook& look) {
  const bool keeps = timed(counts_.steady_ns, [&] {
    find_shot(stream, work, look);
    return keeps_colour(stream, luma, chroma, look);
  });
  if (keeps) return nullptr;
  if (stream.seen == nullptr) {
    colour_alone(stream, work, look);
    return stream.coloured.chroma().data();
  }
  const auto& seen = *stream.seen;
  const bool runs = seen.shot.cut || stream.carried >= look.carried ||
                    static_cast<double>(seen.uncertain_share) > look.uncertain;
  stream.carried = runs ? 0 : stream.carried + 1;
  counts_.carried += runs ? 0 : 1;
  if (runs) colour_alone(stream, work, look);
  return timed(counts_.steady_ns, [&] {
    return stream.steady.filter(runs ? stream.coloured.chroma().data() : nullptr,
                                static_cast<float>(look.temporal));
  });
}

Colorizer::Stream& Colorizer::stream() {
  if (stream_ != nullptr) return *stream_;
  throw ColorizerError(CGAN_ERROR_FRAME,
                       "A frame came before its format; set the stream info first.");
}

/// The stream, of which a frame waits.
Colorizer::Stream& Colorizer::waiting() {
  if (!stream().later.empty()) return *stream_;
  throw ColorizerError(CGAN_ERROR_FRAME, "No frame waits to be coloured; observe one first.");
}

/// A frame at work size.
struct Colorizer::WorkFrame {
  const float* luma;
  const float* chroma;  ///< NULL: it keeps its own.
  bool begins;          ///< No frame before it says anything of its colour.
};

/// The passes over a frame's pixels.
/// @param colour (luma, chroma) -> WorkFrame
template <typename Colour>
void Colorizer::paint(const CganFrame& in, const CganFrame& out, const CganLook& look,
                      const Colour& colour) {
  Stream& stream = this->stream();
  const LumaView luma = view_luma(in, stream.format);
  const ChromaView own_chroma = view_chroma(in, stream.format);
  const FrameView target = view_output(out, stream.format);
  check_in_place(luma, target, stream.format);
  timed(counts_.frame_ns, [&] { stream.luma_copy.run(luma, target); });
  try {
    check(look);
    const c10::InferenceMode inference;
    const WorkFrame work = colour(luma, own_chroma);
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
  ++counts_.frames;
}

void Colorizer::colorize(const CganFrame& in, const CganFrame& out, const CganLook& look) {
  paint(in, out, look, [&](const LumaView& luma, const ChromaView& chroma) {
    const float* work = timed(counts_.frame_ns, [&] { return stream_->work_copy.run(luma); });
    const float* coloured = work_chroma(*stream_, luma, chroma, work, look);
    return WorkFrame{work, coloured, coloured == nullptr || stream_->begins()};
  });
}

void Colorizer::submit(const CganFrame& in, const CganLook& look) {
  Stream& stream = this->stream();
  const LumaView luma = view_luma(in, stream.format);
  const ChromaView own_chroma = view_chroma(in, stream.format);
  check(look);
  LaterFrames::Frame* const frame = stream.later.next();
  if (frame == nullptr) {
    refuse("More frames wait than the lookahead allows; finish one, or set a longer lookahead.",
           "lookahead " + std::to_string(settings_.lookahead));
  }
  const c10::InferenceMode inference;
  const float* work = timed(counts_.frame_ns, [&] { return stream.work_copy.run(luma); });
  const float* chroma = work_chroma(stream, luma, own_chroma, work, look);
  timed(counts_.steady_ns, [&] {
    std::copy_n(work, frame->luma.size(), frame->luma.begin());
    frame->kept = chroma == nullptr;
    frame->begins = frame->kept || stream.begins();
    frame->blank = stream.seen != nullptr && stream.seen->shot.blank;
    frame->generated = stream.carried == 0;
    if (frame->kept) return;
    std::copy_n(chroma, frame->steady.size(), frame->steady.begin());
    if (frame->generated) frame->network = stream.coloured.chroma();
    stream.steady.evidence(static_cast<float>(look.temporal), frame->evidence.data());
  });
  stream.later.add();
}

void Colorizer::finish(const CganFrame& in, const CganFrame& out, const CganLook& look) {
  LaterFrames& later = waiting().later;
  try {
    paint(in, out, look, [&](const LumaView&, const ChromaView&) {
      const auto& frame = later.earliest();
      const float* coloured = timed(counts_.steady_ns, [&] {
        return later.colour(static_cast<float>(look.temporal),
                            static_cast<float>(look.cut_threshold));
      });
      return WorkFrame{frame.luma.data(), coloured, frame.begins};
    });
  } catch (...) {
    let_go();
    throw;
  }
  later.pop();
}

void Colorizer::let_go() {
  Stream& stream = waiting();
  // The first frame of a shot may be among those that nobody sees.
  if (stream.later.earliest().begins) stream.hold.forget();
  stream.later.pop();
}

}  // namespace cgan
