#include "model/inference/frozen_report_generator.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/pixel_shuffle.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/tensor.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/MemoryFormat.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>

#include "model/colour.h"
#include "model/inference/weight_folding.h"
#include "model/networks/tensor_shapes.h"
#include "model/threads/serial_libtorch.h"
#include "model/weights/generator_weights.h"

namespace cgan {
namespace {

constexpr int64_t kHalvings = 16;  // of e1..e4 together

class Folder : public WeightFolding {
 public:
  using WeightFolding::WeightFolding;

  Convolution down(const std::string& layer) const {
    const auto [scale, shift] = norm(layer + ".norm");
    return place(scale_outputs(tensor(layer + ".conv.weight"), scale),
                 tensor(layer + ".conv.bias") * scale + shift);
  }

  // Both forms become a convolution to channels 4 c + 2 y + x, which the pixel shuffle takes to
  // channel c at (y, x): the four of a channel share the channel's batch norm.
  Convolution up(const std::string& layer, Upsampling upsampling) const {
    auto weight = tensor(layer + ".weight"), bias = tensor(layer + ".bias");
    if (upsampling == Upsampling::kTransposed) {
      weight = weight.permute({1, 2, 3, 0}).reshape({-1, weight.size(0), 1, 1});
      bias = bias.repeat_interleave(4);
    }
    const auto [channel_scale, channel_shift] = norm(layer + ".norm");
    const auto scale = channel_scale.repeat_interleave(4);
    return place(scale_outputs(weight, scale), bias * scale + channel_shift.repeat_interleave(4));
  }

  at::Tensor mask(int64_t channels, int64_t side, double dropout, std::mt19937_64& random) const {
    const auto mask = at::empty({1, channels, side, side}, c10::kFloat);
    float* values = mask.data_ptr<float>();
    const float kept = static_cast<float>(1 / (1 - dropout));
    // std::bernoulli_distribution draws differently in each standard library; this does not.
    for (int64_t i = 0; i < mask.numel(); ++i)
      values[i] = static_cast<double>(random() >> 11) * 0x1p-53 < dropout ? 0.0F : kept;
    return place(mask);
  }
};

class FrozenReportGenerator final : public FrozenGenerator {
 public:
  FrozenReportGenerator(const Weights& weights, const ReportGeneratorOptions& network,
                        const Options& options)
      : network_(network), options_(options) {
    const Folder folder(weights, options);
    e0_ = folder.plain("e0");
    e1_ = folder.down("e1");
    e2_ = folder.down("e2");
    e3_ = folder.down("e3");
    e4_ = folder.down("e4");
    d1_ = folder.up("d1", network.upsampling);
    d2_ = folder.up("d2", network.upsampling);
    d3_ = folder.up("d3", network.upsampling);
    d4_ = folder.up("d4", network.upsampling);
    out_ = folder.plain("out");
    if (options.variant != 0) {
      std::mt19937_64 random(options.variant);
      d1_mask_ = folder.mask(network.widths[3], network.tile / 8, network.dropout, random);
      d2_mask_ = folder.mask(network.widths[2], network.tile / 4, network.dropout, random);
    }
    // Rows Cb and Cr of BT.601 against RGB of -1..1, which is twice as wide as 0..1; their sums
    // are 0, so that its offset falls out.
    const auto [kr, kg, kb] = luma_coefficients(Matrix::kBt601);
    const double cb = 4 * (1 - kb), cr = 4 * (1 - kr);
    chroma_of_rgb_ = at::tensor({-kr / cb, -kg / cb, 0.25, 0.25, -kg / cr, -kb / cr}, c10::kFloat)
                         .view({2, 3, 1, 1})
                         .to(options.device);
  }

  at::Tensor chroma_there(const at::Tensor& luma, const at::Tensor&) const override {
    const c10::InferenceMode inference;
    check(luma);
    return colour_together(luma);
  }

  int64_t tile() const override { return network_.tile; }
  // The network knows objects that fill its tile; much larger copies show it texture only, much
  // smaller ones no detail.
  int64_t short_side() const override { return 3 * network_.tile; }
  // The 3x3 convolutions of the sub-pixel form look across.
  int64_t field() const override {
    return network_.upsampling == Upsampling::kTransposed ? kHalvings : network_.tile;
  }
  int64_t multiple() const override { return field(); }
  int64_t chroma_scale() const override { return 1; }

 protected:
  /// LibTorch on one thread a worker, each with some of the pictures.
  at::Tensor colour(const at::Tensor& luma, double, Workspace& workspace) const override {
    const c10::InferenceMode inference;
    check(luma);
    if (options_.device.is_cuda()) return colour_together(luma);
    const int64_t count = luma.size(0), scale = chroma_scale();
    const auto chroma = at::empty({count, 2, luma.size(2) / scale, luma.size(3) / scale});
    std::exception_ptr failure;
    std::mutex mutex;
    workspace.pool().for_each((count + kTogether - 1) / kTogether, [&](int64_t part, int) {
      try {
        const SerialLibTorch serial;
        const c10::InferenceMode inference_here;
        const int64_t first = part * kTogether, length = std::min(kTogether, count - first);
        chroma.narrow(0, first, length).copy_(colour_together(luma.narrow(0, first, length)));
      } catch (...) {
        const std::lock_guard<std::mutex> lock(mutex);
        failure = std::current_exception();
      }
    });
    if (failure) std::rethrow_exception(failure);
    return chroma;
  }

 private:
  /// Pictures that LibTorch gets at once: enough to be worth its calls, few enough to share out.
  static constexpr int64_t kTogether = 16;

  at::Tensor colour_together(const at::Tensor& luma) const {
    auto x0 = luma.to(options_.device, options_.type).contiguous(c10::MemoryFormat::ChannelsLast);
    x0 = at::leaky_relu_(x0 = at::conv2d(x0, e0_.weight, e0_.bias), kLeakySlope);
    const auto x1 = down(x0, e1_), x2 = down(x1, e2_), x3 = down(x2, e3_), x4 = down(x3, e4_);
    auto y = up(x4, x3, d1_, d1_mask_);
    y = up(y, x2, d2_, d2_mask_);
    y = up(y, x1, d3_, {});
    y = up(y, x0, d4_, {});
    const auto rgb = at::tanh(at::conv2d(y, out_.weight, out_.bias).to(c10::kFloat));
    return at::conv2d(rgb, chroma_of_rgb_).clamp_(-0.5, 0.5).contiguous();
  }

  void check(const at::Tensor& luma) const {
    if (luma.dim() == 4 && luma.size(1) == 1 && luma.size(2) == luma.size(3) &&
        luma.size(2) % field() == 0 && luma.size(2) <= tile())
      return;
    std::ostringstream text;
    text << "the generator takes luma of the shape (N, 1, T, T) with T a multiple of " << field()
         << ", at most " << tile() << ", not " << luma.sizes();
    throw std::invalid_argument(text.str());
  }

  at::Tensor down(const at::Tensor& input, const Convolution& layer) const {
    auto x = at::conv2d(input, layer.weight, layer.bias, 2);
    return at::leaky_relu_(x, kLeakySlope);
  }

  at::Tensor up(const at::Tensor& input, const at::Tensor& skip, const Convolution& layer,
                const at::Tensor& mask) const {
    const int64_t padding = layer.weight.size(2) / 2;
    auto x = at::conv2d(input, layer.weight, layer.bias, 1, padding);
    x = at::pixel_shuffle(at::leaky_relu_(x, kLeakySlope), 2);
    if (mask.defined()) x.mul_(mask.narrow(2, 0, x.size(2)).narrow(3, 0, x.size(3)));
    return at::cat({x, skip}, 1);
  }

  ReportGeneratorOptions network_;
  Options options_;
  Convolution e0_, e1_, e2_, e3_, e4_, d1_, d2_, d3_, d4_, out_;
  at::Tensor d1_mask_, d2_mask_;  ///< Undefined: nothing is dropped.
  at::Tensor chroma_of_rgb_;      ///< (2, 3, 1, 1)
};

}  // namespace

std::unique_ptr<FrozenGenerator> freeze_report_generator(const Weights& weights,
                                                         const FrozenGenerator::Options& options) {
  const auto network = report_generator_options(weights);
  // Throws where a name is missing or a shape differs, so that the folding need not ask.
  check_tensors(weights, tensor_shapes(network));
  if (options.type == c10::kQInt8)
    refuse_weights(weights, "a 'report-generator' has no int8 form, it runs in fp32 and bf16");
  const c10::InferenceMode inference;
  return std::make_unique<FrozenReportGenerator>(weights, network, options);
}

}  // namespace cgan
