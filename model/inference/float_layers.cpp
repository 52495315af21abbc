#include "model/inference/float_layers.h"

#include <c10/util/Exception.h>

#include <limits>

#include "model/inference/panel_loop.h"

namespace cgan {
namespace {

constexpr int64_t kGrain = 400000;  // multiplications that are worth handing over
constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> numbers_of(const at::Tensor& tensor, int64_t count) {
  if (!tensor.defined()) return std::vector<float>(static_cast<size_t>(count), 0.0f);
  const auto dense = tensor.contiguous();
  const float* const first = dense.data_ptr<float>();
  return {first, first + count};
}

/// (channels, 1, K, K) -> (K, K, channels)
std::vector<float> taps_of(const at::Tensor& weight) {
  const int64_t channels = weight.size(0), taps = weight.size(2) * weight.size(3);
  return numbers_of(weight.reshape({channels, taps}).t(), channels * taps);
}

/// Calls work(y) for all rows.
template <typename Work>
void for_rows(WorkerPool& pool, int64_t rows, int64_t cost, const Work& work) {
  for_panels(pool, 1, rows, cost, kGrain, [&](int64_t, int64_t y) { work(y); });
}

}  // namespace

ClipRange::ClipRange(Activation activation)
    : low(activation == Activation::kNone ? -kInfinity : 0),
      high(activation == Activation::kRelu6 ? 6 : kInfinity) {}

FloatConvolution::FloatConvolution(const Convolution& convolution, Activation activation,
                                   const Kernels& kernels)
    : kernels_(kernels),
      clip_(activation),
      inputs_(convolution.weight.size(1)),
      outputs_(convolution.weight.size(0)),
      side_(convolution.weight.size(2)),
      bias_(numbers_of(convolution.bias, outputs_)) {
  TORCH_CHECK(side_ == 1 || side_ == 3, "a kernel of 1x1 or 3x3 was expected");
  const int64_t columns = kernels.float_columns, taps = side_ * side_;
  const int64_t panels = (outputs_ + columns - 1) / columns;
  bias_.resize(static_cast<size_t>(panels * columns), 0.0f);
  weights_.assign(static_cast<size_t>(panels * taps * inputs_ * columns), 0.0f);
  const auto weight = convolution.weight.contiguous();
  const float* from = weight.data_ptr<float>();
  for (int64_t o = 0; o < outputs_; ++o)
    for (int64_t i = 0; i < inputs_; ++i)
      for (int64_t t = 0; t < taps; ++t, ++from) {
        const int64_t line = (o / columns * taps + t) * inputs_ + i;
        weights_[static_cast<size_t>(line * columns + o % columns)] = *from;
      }
}

void FloatConvolution::run(const FeatureMap<float>& in, const FeatureMap<float>& out,
                           WorkerPool& pool, const AddedMap<float>& added,
                           const float* bias) const {
  TORCH_CHECK(in.channels == inputs_ && out.channels == outputs_,
              "a convolution got another number of channels than its weights have");
  const int64_t columns = kernels_.float_columns, taps = side_ * side_;
  const auto offsets = tap_offsets(side_, in.pitch, inputs_);
  const bool is_flat = side_ == 1 && in.is_contiguous() && out.is_contiguous() && added.is_flat();
  const Runs runs(out.height, out.width, is_flat);
  if (bias == nullptr) bias = bias_.data();
  const auto work = [&](int64_t panel, int64_t run) {
    const int64_t first = is_flat ? run * runs.length : 0, y = is_flat ? 0 : run;
    FloatPanel task = {weights_.data() + panel * columns * taps * inputs_,
                       bias + panel * columns,
                       offsets.data(),
                       taps,
                       inputs_,
                       outputs_,
                       std::min(columns, outputs_ - panel * columns),
                       clip_.low,
                       clip_.high,
                       added.row(y)};
    if (task.added.first != nullptr) task.added.first += panel * columns + first * task.added.pixel;
    kernels_.float_panel(task, in.row(y) + first * inputs_, runs.length_of(run),
                         out.row(y) + first * outputs_ + panel * columns);
  };
  for_panels(pool, static_cast<int64_t>(bias_.size()) / columns, runs.count(),
             runs.length * inputs_ * taps * columns, kGrain, work);
}

FloatDepthwise::FloatDepthwise(const Convolution& convolution, int64_t stride,
                               const Kernels& kernels)
    : kernels_(kernels),
      channels_(convolution.weight.size(0)),
      side_(convolution.weight.size(2)),
      stride_(stride),
      taps_(taps_of(convolution.weight)),
      bias_(numbers_of(convolution.bias, channels_)) {
  constexpr int64_t kMultiple = 16;
  TORCH_CHECK((side_ == 3 || side_ == 5) && channels_ % kMultiple == 0,
              "a depthwise kernel of 3x3 or 5x5 and a multiple of 16 channels were expected");
}

void FloatDepthwise::run(const FeatureMap<float>& in, const FeatureMap<float>& out,
                         WorkerPool& pool) const {
  const ClipRange clip(Activation::kRelu6);
  for_rows(pool, out.height, out.width * channels_ * side_ * side_, [&](int64_t y) {
    kernels_.float_depthwise({in.data, in.height, in.width, channels_, taps_.data(), bias_.data(),
                              y, clip.low, clip.high, out.row(y)},
                             side_, stride_);
  });
}

FloatStem::FloatStem(const Convolution& convolution, const Kernels& kernels)
    : kernels_(kernels),
      taps_(taps_of(convolution.weight)),
      bias_(numbers_of(convolution.bias, convolution.weight.size(0))) {}

void FloatStem::run(const FeatureMap<float>& in, const FeatureMap<float>& out,
                    WorkerPool& pool) const {
  const ClipRange clip(Activation::kRelu6);
  for_rows(pool, out.height, out.width * outputs() * 9, [&](int64_t y) {
    const StemRow row = {{in.row(2 * y), in.row(2 * y + 1), in.row(2 * y + 2)},
                         out.width,
                         outputs(),
                         taps_.data(),
                         bias_.data()};
    kernels_.stem_floats(row, clip.low, clip.high, out.row(y));
  });
}

ChromaLayer::ChromaLayer(const Convolution& convolution, const Kernels& kernels)
    : kernels_(kernels), inputs_(convolution.weight.size(1)) {
  const auto& weight = convolution.weight;
  TORCH_CHECK(weight.size(0) == 2 && weight.size(2) == 3, "3x3 to two channels was expected");
  taps_ = numbers_of(weight.permute({2, 3, 0, 1}), weight.numel());
  const auto bias = numbers_of(convolution.bias, 2);
  std::copy(bias.begin(), bias.end(), bias_.begin());
}

void ChromaLayer::run(const FeatureMap<float>& in, float* chroma, WorkerPool& pool) const {
  for_rows(pool, in.height, in.width * inputs_ * 18, [&](int64_t y) {
    float* const cb = chroma + y * in.width;
    kernels_.chroma({in.data,
                     in.height,
                     in.width,
                     inputs_,
                     taps_.data(),
                     {bias_[0], bias_[1]},
                     y,
                     cb,
                     cb + in.height * in.width});
  });
}

void picture_means(const FeatureMap<float>& map, float* means) {
  std::fill_n(means, map.channels, 0.0f);
  for (int64_t y = 0; y < map.height; ++y)
    for (int64_t x = 0; x < map.width; ++x)
      for (int64_t c = 0; c < map.channels; ++c) means[c] += map.row(y)[x * map.channels + c];
  const float share = 1.0f / static_cast<float>(map.height * map.width);
  for (int64_t c = 0; c < map.channels; ++c) means[c] *= share;
}

}  // namespace cgan
