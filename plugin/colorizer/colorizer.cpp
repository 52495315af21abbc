#include "plugin/colorizer/colorizer.h"

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

#include "plugin/colorizer/chroma_upsample.h"
#include "plugin/colorizer/colorizer_error.h"
#include "plugin/colorizer/device.h"
#include "plugin/colorizer/frame_view.h"
#include "plugin/colorizer/luma_copy.h"
#include "plugin/colorizer/luma_guide.h"
#include "plugin/colorizer/pack.h"
#include "plugin/colorizer/row_bands.h"
#include "plugin/colorizer/temporal.h"
#include "plugin/colorizer/tile_blend.h"
#include "plugin/colorizer/tile_grid.h"
#include "plugin/colorizer/work_copy.h"

namespace cgan {
namespace {

constexpr uint32_t kMostThreads = 256;
constexpr double kLargestOverlap = 0.75;
constexpr double kLargestSaturation = 4.0;
/// Sides and counts that no frame needs; keeps the arithmetic far from overflow.
constexpr uint32_t kLargestCount = 16384;

[[noreturn]] void refuse(const std::string& message, const std::string& found) {
  throw ColorizerError(CGAN_ERROR_SETTINGS, message, "found " + found);
}

void check(const CganLook& look) {
  if (!(look.strength >= 0.0 && look.strength <= 1.0)) {
    refuse("The strength is outside 0..1; set it within.", std::to_string(look.strength));
  }
  if (!(look.saturation >= 0.0 && look.saturation <= kLargestSaturation)) {
    refuse("The saturation is outside 0..4; set it within.", std::to_string(look.saturation));
  }
  for (const double share : {look.temporal, look.cut_threshold, look.uncertain}) {
    if (!(share >= 0.0 && share <= 1.0)) {
      refuse("A setting of steadiness in time is outside 0..1; set it within.",
             std::to_string(share));
    }
  }
}

int thread_count(int asked) {
  if (asked > 0) return asked;
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(cores, 1, static_cast<int>(kMostThreads));
}

}  // namespace

ColorizerSettings ColorizerSettings::from(const CganSettings& settings) {
  if (settings.model == nullptr || *settings.model == '\0') {
    refuse("No model is named; name a built-in model or a .safetensors file.", "no name");
  }
  if (!(settings.overlap >= 0.0 && settings.overlap <= kLargestOverlap)) {
    refuse("The overlap is outside 0..0.75; set it within.", std::to_string(settings.overlap));
  }
  if (!(settings.vividness >= -1.0 && settings.vividness <= 1.0)) {
    refuse("The vividness is outside -1..1; set it within.", std::to_string(settings.vividness));
  }
  if (settings.threads > kMostThreads) {
    refuse("More than 256 threads were asked for; ask for fewer, or 0 for one per core.",
           std::to_string(settings.threads));
  }
  if (settings.work_size > kLargestCount) {
    refuse("The work size is above 16384 pixels; use 0 for the model's own choice.",
           std::to_string(settings.work_size));
  }
  if (settings.precision < CGAN_PRECISION_AUTO || settings.precision > CGAN_PRECISION_INT8) {
    refuse("The precision is unknown; use auto, fp32, bf16, fp16 or int8.",
           std::to_string(static_cast<int>(settings.precision)));
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
  result.vividness = settings.vividness;
  return result;
}

/// What one size and format of frames needs.
struct Colorizer::Stream {
  Stream(const StreamFormat& format, const WorkSize& size, const ColorizerSettings& settings,
         const FrozenGenerator& generator, int workers)
      : format(format),
        luma_copy(format, workers),
        work_copy(format, size, workers),
        grid(size.padded_width, size.padded_height, size.tile_width, size.tile_height,
             settings.overlap, generator.chroma_scale()),
        blend(grid, generator.chroma_scale(), workers),
        upsample({size.width, size.height, size.padded_width, blend.width(), blend.height(),
                  generator.chroma_scale()},
                 format.width, format.height, format.chroma_grid(), workers),
        guide(format),
        packer(format),
        batch(settings.batch > 0 ? std::min(settings.batch, grid.count()) : grid.count()),
        tiles(at::zeros({grid.count(), 1, grid.tile_height(), grid.tile_width()})),
        tile_chroma(at::zeros({grid.count(), 2, blend.tile_height(), blend.tile_width()})),
        chroma(2 * blend.width() * blend.height()),
        rows(workers, std::vector<float>(3 * format.chroma_grid().width)) {
    // One thread: the passes are too short for a team.
    steady.set_size(grid.width(), grid.height(), generator.chroma_scale(), 1);
  }

  StreamFormat format;
  LumaCopy luma_copy;
  WorkCopy work_copy;
  TileGrid grid;
  TileBlend blend;
  ChromaUpsample upsample;
  LumaGuide guide;
  Packer packer;
  int64_t batch;
  at::Tensor tiles;           ///< (n, 1, h, w) -1..1
  at::Tensor tile_chroma;     ///< (n, 2, h/s, w/s)
  std::vector<float> chroma;  ///< (2, blend.height(), blend.width())
  TemporalFilter steady;
  uint32_t carried = 0;                  ///< Frames since the network last ran.
  std::vector<std::vector<float>> rows;  ///< luma, Cb and Cr of one row, for each worker
};

Colorizer::Colorizer(const ColorizerSettings& settings)
    : settings_(settings), threads_(thread_count(settings.threads)) {
  const Weights weights = read_weights(find_weights(settings.model));
  const Placement placement = choose_placement(settings.device, settings.precision, weights);
  const c10::InferenceMode inference;
  enter_thread();
  FrozenGenerator::Options options;
  options.device = placement.device;
  options.type = placement.type;
  options.variant = settings.variant;
  options.vividness = settings.vividness;
  generator_ = FrozenGenerator::create(weights, options);
  device_ = placement.device.str();
  precision_ = placement.precision_name;
}

Colorizer::Colorizer(const ColorizerSettings& settings, std::unique_ptr<FrozenGenerator> generator)
    : settings_(settings),
      threads_(thread_count(settings.threads)),
      generator_(std::move(generator)) {}

Colorizer::~Colorizer() = default;

/// The number of threads belongs to the calling thread (OpenMP), and setting it throws away
/// oneDNN's prepared convolutions: only where it differs.
void Colorizer::enter_thread() const {
  if (at::get_num_threads() != threads_) at::set_num_threads(threads_);
}

void Colorizer::set_stream(const CganStreamInfo& info) {
  const StreamFormat format = StreamFormat::from(info);
  const c10::InferenceMode inference;
  enter_thread();
  const int64_t short_side =
      settings_.work_size > 0 ? settings_.work_size : generator_->short_side();
  const WorkSize size =
      work_size_for(format.width, format.height, short_side,
                    {generator_->field(), generator_->multiple(), generator_->chroma_scale()});
  auto stream = std::make_unique<Stream>(format, size, settings_, *generator_, threads_);
  generate(*stream);
  stream_ = std::move(stream);
  counts_ = {};
}

void Colorizer::generate(Stream& stream) {
  const int64_t count = stream.grid.count();
  for (int64_t first = 0; first < count; first += stream.batch) {
    const int64_t length = std::min(stream.batch, count - first);
    stream.tile_chroma.narrow(0, first, length)
        .copy_(generator_->chroma(stream.tiles.narrow(0, first, length)));
  }
}

void Colorizer::reset() {
  if (stream_ != nullptr) stream_->steady.reset();
}

/// What the network says of this frame, into stream.chroma.
void Colorizer::colour_alone(Stream& stream, const float* work) {
  stream.grid.cut(work, stream.tiles.data_ptr<float>());
  generate(stream);
  stream.blend.blend(stream.tile_chroma.data_ptr<float>(), stream.chroma.data());
  if (!std::all_of(stream.chroma.begin(), stream.chroma.end(),
                   [](float value) { return std::isfinite(value); })) {
    throw ColorizerError(CGAN_ERROR_FAILED,
                         "The network returned colours that are not numbers; use "
                         "precision=fp32 or another model.",
                         "device " + device_ + ", precision " + precision_);
  }
  ++counts_.generated;
}

/// The frame's colour at work size, (2, blend.height(), blend.width()).
const float* Colorizer::work_chroma(Stream& stream, const float* work, const CganLook& look) {
  if (look.temporal == 0.0 && look.carried == 0) {
    stream.steady.reset();  // what it remembers would be old by the time it is asked again
    colour_alone(stream, work);
    return stream.chroma.data();
  }
  const auto& seen =
      stream.steady.observe(work, stream.grid.width(), static_cast<float>(look.cut_threshold));
  counts_.cuts += seen.shot.cut ? 1 : 0;
  const bool runs = seen.shot.cut || stream.carried >= look.carried ||
                    static_cast<double>(seen.uncertain_share) > look.uncertain;
  stream.carried = runs ? 0 : stream.carried + 1;
  if (runs) colour_alone(stream, work);
  return stream.steady.filter(runs ? stream.chroma.data() : nullptr,
                              static_cast<float>(look.temporal));
}

void Colorizer::colorize(const CganFrame& in, const CganFrame& out, const CganLook& look) {
  if (stream_ == nullptr) {
    throw ColorizerError(CGAN_ERROR_FRAME,
                         "A frame came before its format; set the stream info first.");
  }
  Stream& stream = *stream_;
  const LumaView luma = view_luma(in, stream.format);
  const FrameView target = view_output(out, stream.format);
  check_in_place(luma, target, stream.format);
  stream.luma_copy.run(luma, target);
  try {
    check(look);
    const c10::InferenceMode inference;
    enter_thread();
    const float* work = stream.work_copy.run(luma);
    stream.upsample.fit(work, work_chroma(stream, work, look));

    const int64_t width = stream.format.chroma_grid().width;
    for_row_bands(stream.format.chroma_grid().height, threads_,
                  [&](int64_t first, int64_t last, int worker) {
                    float* const luma_row = stream.rows[worker].data();
                    float* const cb = luma_row + width;
                    float* const cr = cb + width;
                    for (int64_t y = first; y < last; ++y) {
                      stream.guide.row(luma, y, luma_row);
                      stream.upsample.row(y, worker, luma_row, cb, cr);
                      stream.packer.chroma_row(y, luma_row, cb, cr, look, target);
                    }
                  });
  } catch (...) {
    stream.packer.write_neutral(target);
    throw;
  }
  ++counts_.frames;
}

}  // namespace cgan
