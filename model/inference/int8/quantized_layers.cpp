#include "model/inference/int8/quantized_layers.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "model/inference/panel_loop.h"
#include "model/kernels/same_padding.h"

namespace cgan {
namespace {

constexpr int64_t kGrain = 1500000;  // multiplications that are worth handing over
constexpr int64_t kGroup = 4;        // inputs that one instruction multiplies and adds

int64_t groups_of(int64_t inputs) {
  return (inputs + kGroup - 1) / kGroup;
}

/// Weights of one output as multiples of a scale, which is such that the largest is `largest`.
class Quantized {
 public:
  Quantized(const float* weights, int64_t count, int64_t largest) : scale_(1) {
    double size = 0;
    for (int64_t i = 0; i < count; ++i) size = std::max<double>(size, std::abs(weights[i]));
    if (size > 0) scale_ = size / static_cast<double>(largest);
  }
  int64_t operator()(float weight) const { return std::lround(weight / scale_); }
  double scale() const { return scale_; }

 private:
  double scale_;
};

std::vector<double> biases_of(const Convolution& convolution) {
  std::vector<double> biases(static_cast<size_t>(convolution.weight.size(0)), 0.0);
  if (!convolution.bias.defined()) return biases;
  const auto dense = convolution.bias.contiguous();
  std::copy_n(dense.data_ptr<float>(), biases.size(), biases.begin());
  return biases;
}

template <typename Work>
void for_rows(WorkerPool& pool, int64_t rows, int64_t cost, const Work& work) {
  for_panels(pool, 1, rows, cost, kGrain, [&](int64_t, int64_t y) { work(y); });
}

}  // namespace

QuantizedConvolution::QuantizedConvolution(const Convolution& convolution, const QuantParams& input,
                                           const std::optional<QuantParams>& output,
                                           const std::optional<QuantParams>& added,
                                           const Kernels& kernels)
    : kernels_(kernels),
      inputs_(convolution.weight.size(1)),
      outputs_(convolution.weight.size(0)),
      side_(convolution.weight.size(2)),
      output_scale_(output ? output->scale : 1) {
  TORCH_CHECK(side_ == 1 || side_ == 3, "a kernel of 1x1 or 3x3 was expected");
  const int64_t columns = kernels.byte_columns, taps = side_ * side_;
  const int64_t panels = (outputs_ + columns - 1) / columns, groups = groups_of(inputs_);
  factors_.assign(static_cast<size_t>(panels * columns), 0.0f);
  offsets_.assign(factors_.size(), 0.0f);
  weights_.assign(static_cast<size_t>(panels * columns * taps * groups * kGroup), 0);
  const auto weight = convolution.weight.contiguous();
  const auto biases = biases_of(convolution);
  double added_offset = output ? static_cast<double>(output->zero_point) : 0;
  if (added) {
    added_factor_ = static_cast<float>(added->scale / output_scale_);
    added_offset -= added->scale / output_scale_ * static_cast<double>(added->zero_point);
  }
  for (int64_t o = 0; o < outputs_; ++o) {
    const float* const from = weight.data_ptr<float>() + o * inputs_ * taps;
    const Quantized quantized(from, inputs_ * taps, kernels.largest_weight);
    // Of the panel, as wide as vectors that its outputs need.
    const int64_t first = o / columns * columns;
    const int64_t wide =
        (std::min(columns, outputs_ - first) + kernels.lanes - 1) / kernels.lanes * kernels.lanes;
    int8_t* const panel = weights_.data() + first * taps * groups * kGroup;
    double sum = 0;
    for (int64_t i = 0; i < inputs_; ++i)
      for (int64_t t = 0; t < taps; ++t) {
        const int64_t value = quantized(from[i * taps + t]), group = i / kGroup;
        const int64_t place = i - std::min(group * kGroup, std::max<int64_t>(inputs_ - kGroup, 0));
        panel[((t * groups + group) * wide + o - first) * kGroup + place] =
            static_cast<int8_t>(value);
        sum += static_cast<double>(value);
      }
    const double factor = input.scale * quantized.scale() / output_scale_;
    factors_[static_cast<size_t>(o)] = static_cast<float>(factor);
    offsets_[static_cast<size_t>(o)] =
        static_cast<float>(biases[static_cast<size_t>(o)] / output_scale_ + added_offset -
                           factor * static_cast<double>(input.zero_point) * sum);
  }
}

void QuantizedConvolution::offsets_with(const float* bias, float* offsets) const {
  const auto scale = static_cast<float>(1 / output_scale_);
  std::copy(offsets_.begin(), offsets_.end(), offsets);
  for (int64_t o = 0; o < outputs_; ++o) offsets[o] += scale * bias[o];
}

template <typename Sample, typename Run>
void QuantizedConvolution::run_panels(const FeatureMap<uint8_t>& in, const FeatureMap<Sample>& out,
                                      WorkerPool& pool, const AddedMap<uint8_t>& added,
                                      const float* offsets, Run run_panel) const {
  TORCH_CHECK(in.channels == inputs_ && out.channels == outputs_,
              "a convolution got another number of channels than its weights have");
  const int64_t columns = kernels_.byte_columns, taps = side_ * side_;
  const int64_t of_column = taps * groups_of(inputs_) * kGroup;
  const auto tap_steps = tap_offsets(side_, in.pitch, inputs_);
  const bool is_flat = side_ == 1 && in.is_contiguous() && out.is_contiguous() && added.is_flat();
  const Runs runs(out.height, out.width, is_flat);
  if (offsets == nullptr) offsets = offsets_.data();
  const auto work = [&](int64_t panel, int64_t run) {
    const int64_t x = is_flat ? run * runs.length : 0, y = is_flat ? 0 : run;
    const int64_t first = panel * columns;
    BytePanel task = {weights_.data() + first * of_column,
                      factors_.data() + first,
                      offsets + first,
                      tap_steps.data(),
                      taps,
                      inputs_,
                      outputs_,
                      std::min(columns, outputs_ - first),
                      added.row(y),
                      added_factor_};
    if (task.added.first != nullptr) task.added.first += first + x * task.added.pixel;
    run_panel(task, in.row(y) + x * inputs_, runs.length_of(run),
              out.row(y) + x * outputs_ + first);
  };
  for_panels(pool, static_cast<int64_t>(factors_.size()) / columns, runs.count(),
             runs.length * of_column * std::min(columns, outputs_), kGrain, work);
}

void QuantizedConvolution::run(const FeatureMap<uint8_t>& in, const FeatureMap<uint8_t>& out,
                               WorkerPool& pool, const AddedMap<uint8_t>& added,
                               const float* offsets) const {
  run_panels(in, out, pool, added, offsets, kernels_.byte_panel);
}

void QuantizedConvolution::run(const FeatureMap<uint8_t>& in, const FeatureMap<float>& out,
                               WorkerPool& pool, const AddedMap<uint8_t>& added) const {
  run_panels(in, out, pool, added, nullptr, kernels_.byte_panel_to_floats);
}

QuantizedDepthwise::QuantizedDepthwise(const Convolution& convolution, const QuantParams& input,
                                       const QuantParams& output, int64_t stride,
                                       const Kernels& kernels)
    : kernels_(kernels),
      channels_(convolution.weight.size(0)),
      side_(convolution.weight.size(2)),
      stride_(stride),
      block_(2 * kernels.lanes) {
  TORCH_CHECK((side_ == 3 || side_ == 5) && channels_ >= block_ && input.zero_point == 0,
              "a depthwise convolution of 3x3 or 5x5 after ReLU was expected");
  const int64_t blocks = (channels_ + block_ - 1) / block_, half = block_ / 2;
  const int64_t of_block = 2 * ((side_ + 1) / 2) * side_ * block_, taps = side_ * side_;
  taps_.assign(static_cast<size_t>(blocks * of_block), 0);
  factors_.assign(static_cast<size_t>(blocks * block_), 0.0f);
  offsets_.assign(factors_.size(), 0.0f);
  const auto weight = convolution.weight.contiguous();
  const auto biases = biases_of(convolution);
  for (int64_t i = 0; i < blocks * block_; ++i) {
    const int64_t block = i / block_, at = depthwise_place(i % block_, block_);
    // The last block overlaps the one before where channels do not fill it.
    const int64_t channel = std::min(block * block_, channels_ - block_) + i % block_;
    const float* const from = weight.data_ptr<float>() + channel * taps;
    const Quantized quantized(from, taps, std::numeric_limits<int16_t>::max());
    for (int64_t v = 0; v < side_; ++v)
      for (int64_t u = 0; u < side_; ++u) {
        const int64_t vector = (v / 2 * side_ + u) * 2 + at / half;
        taps_[static_cast<size_t>(block * of_block + vector * block_ + at % half * 2 + v % 2)] =
            static_cast<int16_t>(quantized(from[v * side_ + u]));
      }
    const auto to = static_cast<size_t>(block * block_ + at);
    factors_[to] = static_cast<float>(input.scale * quantized.scale() / output.scale);
    offsets_[to] = static_cast<float>(biases[static_cast<size_t>(channel)] / output.scale +
                                      static_cast<double>(output.zero_point));
  }
}

void QuantizedDepthwise::run(const FeatureMap<uint8_t>& in, const FeatureMap<uint8_t>& out,
                             WorkerPool& pool) const {
  const int64_t before = SamePadding(side_, stride_).before;
  const int64_t blocks = (channels_ + block_ - 1) / block_;
  const int64_t of_block = 2 * ((side_ + 1) / 2) * side_ * block_;
  const std::vector<uint8_t> zeros(static_cast<size_t>(in.pitch), 0);
  // Rows of one block one after the other: its taps, and the rows that the next one needs again,
  // stay near.
  for_panels(pool, blocks, out.height, out.width * block_ * side_ * side_, kGrain / 4,
             [&](int64_t block, int64_t y) {
               const int64_t first = std::min(block * block_, channels_ - block_);
               ByteDepthwiseRow row = {{},
                                       in.width,
                                       channels_,
                                       taps_.data() + block * of_block,
                                       factors_.data() + block * block_,
                                       offsets_.data() + block * block_,
                                       out.row(y) + first};
               for (int64_t v = 0; v < side_; ++v) {
                 const int64_t line = y * stride_ - before + v;
                 const bool is_inside = line >= 0 && line < in.height;
                 row.rows[v] = (is_inside ? in.row(line) : zeros.data()) + first;
               }
               kernels_.byte_depthwise(row, side_, stride_);
             });
}

QuantizedStem::QuantizedStem(const Convolution& convolution, const QuantParams& output,
                             const Kernels& kernels)
    : kernels_(kernels) {
  const int64_t outputs = convolution.weight.size(0), taps = 9;
  TORCH_CHECK(convolution.weight.numel() == outputs * taps, "3x3 on one channel was expected");
  const auto weight = convolution.weight.contiguous();
  taps_.resize(static_cast<size_t>(outputs * taps));
  for (int64_t o = 0; o < outputs; ++o)
    for (int64_t t = 0; t < taps; ++t)
      taps_[static_cast<size_t>(t * outputs + o)] =
          static_cast<float>(weight.data_ptr<float>()[o * taps + t] / output.scale);
  for (const double bias : biases_of(convolution))
    bias_.push_back(
        static_cast<float>(bias / output.scale + static_cast<double>(output.zero_point)));
}

void QuantizedStem::run(const FeatureMap<float>& in, const FeatureMap<uint8_t>& out,
                        WorkerPool& pool) const {
  for_rows(pool, out.height, out.width * outputs() * 9, [&](int64_t y) {
    const StemRow row = {{in.row(2 * y), in.row(2 * y + 1), in.row(2 * y + 2)},
                         out.width,
                         outputs(),
                         taps_.data(),
                         bias_.data()};
    kernels_.stem_bytes(row, out.row(y));
  });
}

void picture_means(const FeatureMap<uint8_t>& map, const QuantParams& params, float* means) {
  std::vector<int32_t> sums(static_cast<size_t>(map.channels), 0);
  for (int64_t y = 0; y < map.height; ++y)
    for (int64_t x = 0; x < map.width; ++x)
      for (int64_t c = 0; c < map.channels; ++c)
        sums[static_cast<size_t>(c)] += map.row(y)[x * map.channels + c];
  const double pixels = static_cast<double>(map.height * map.width);
  for (int64_t c = 0; c < map.channels; ++c)
    means[c] = static_cast<float>(params.scale * (sums[static_cast<size_t>(c)] / pixels -
                                                  static_cast<double>(params.zero_point)));
}

}  // namespace cgan
