#include "model/inference/frozen_photo_generator_fp32.h"

#include "model/inference/photo_network.h"

namespace cgan {
namespace {

class FloatLayers {
 public:
  using Sample = float;
  using Stem = FloatStem;
  using Convolution = FloatConvolution;
  using Last = FloatConvolution;
  using Depthwise = FloatDepthwise;

  explicit FloatLayers(const Kernels& kernels) : kernels_(kernels) {}
  const Kernels& kernels() const { return kernels_; }

  FloatStem stem(const cgan::Convolution& convolution, const char*) const {
    return {convolution, kernels_};
  }
  FloatConvolution convolution(const Place& place, const cgan::Convolution& convolution) const {
    return {convolution, place.activation, kernels_};
  }
  FloatConvolution last(const Place& place, const cgan::Convolution& convolution) const {
    return this->convolution(place, convolution);
  }
  FloatDepthwise depthwise(const cgan::Convolution& convolution, const std::string&,
                           const std::string&, int64_t stride) const {
    return {convolution, stride, kernels_};
  }
  void prepare_luma(FoldedUpBlock&, const std::string&) const {}
  float border(const std::string&) const { return 0; }

  float luma(float mean) const { return mean; }
  void means(const FeatureMap<float>& map, const std::string&, float* means) const {
    picture_means(map, means);
  }
  const float* add_bias(const FloatConvolution& convolution, const float* bias,
                        Workspace& workspace) const {
    float* const sum = workspace.take<float>(convolution.columns());
    std::copy_n(convolution.bias(), convolution.columns(), sum);
    for (int64_t o = 0; o < convolution.outputs(); ++o) sum[o] += bias[o];
    return sum;
  }

 private:
  const Kernels& kernels_;
};

}  // namespace

std::unique_ptr<FrozenGenerator> freeze_photo_generator_fp32(
    const PhotoGeneratorOptions& network, const FrozenGenerator::Options& options,
    const PhotoFolding& folding) {
  return std::make_unique<PhotoNetwork<FloatLayers>>(
      network, options, folding, FloatLayers(kernels_of(options.instruction_set)));
}

}  // namespace cgan
