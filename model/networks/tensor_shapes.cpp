#include "model/networks/tensor_shapes.h"

#include <cstddef>
#include <utility>

namespace cgan {
namespace {

class ShapeList {
 public:
  void convolution(const std::string& layer, int64_t in_channels, int64_t out_channels,
                   int64_t kernel, bool bias = true) {
    shapes_[layer + ".weight"] = {out_channels, in_channels, kernel, kernel};
    if (bias) shapes_[layer + ".bias"] = {out_channels};
  }

  void dense(const std::string& layer, int64_t inputs, int64_t outputs) {
    shapes_[layer + ".weight"] = {outputs, inputs};
  }

  void norm(const std::string& layer, int64_t channels) {
    for (const char* tensor : {".weight", ".bias", ".running_mean", ".running_var"})
      shapes_[layer + tensor] = {channels};
  }

  void tensor(const std::string& name, std::vector<int64_t> shape) {
    shapes_[name] = std::move(shape);
  }

  TensorShapes take() { return std::move(shapes_); }

 private:
  TensorShapes shapes_;
};

void add_down(ShapeList& list, const std::string& layer, int64_t in_channels,
              int64_t out_channels) {
  list.convolution(layer + ".conv", in_channels, out_channels, 2);
  list.norm(layer + ".norm", out_channels);
}

void add_up(ShapeList& list, const std::string& layer, int64_t in_channels, int64_t out_channels,
            Upsampling upsampling) {
  if (upsampling == Upsampling::kTransposed) {
    list.tensor(layer + ".weight", {in_channels, out_channels, 2, 2});
    list.tensor(layer + ".bias", {out_channels});
  } else {
    list.convolution(layer, in_channels, 4 * out_channels, 3);
  }
  list.norm(layer + ".norm", out_channels);
}

void add_encoder(ShapeList& list, const EncoderShape& shape) {
  list.convolution("encoder.stem", 1, kStemChannels, kStemKernel);
  for (size_t i = 0; i < shape.blocks.size(); ++i) {
    const auto& block = shape.blocks[i];
    const auto layer = "encoder.blocks." + std::to_string(i) + ".";
    if (block.expansion != 1)
      list.convolution(layer + "expand", block.in_channels, block.wide(), 1);
    list.convolution(layer + "depthwise", 1, block.wide(), block.kernel);
    list.convolution(layer + "project", block.wide(), block.out_channels, 1);
  }
}

void add_photo_up(ShapeList& list, const std::string& layer, int64_t in_channels,
                  int64_t skip_channels, int64_t out_channels) {
  list.tensor(layer + ".up", {in_channels, out_channels, 2, 2});
  list.convolution(layer + ".merge", out_channels + skip_channels, out_channels, 1, false);
  list.norm(layer + ".merge_norm", out_channels);
  for (const char* number : {"1", "2"}) {
    list.convolution(layer + ".conv" + number, out_channels, out_channels, 3, false);
    list.norm(layer + ".norm" + number, out_channels);
  }
}

}  // namespace

TensorShapes tensor_shapes(const ReportGeneratorOptions& options) {
  const auto& w = options.widths;
  ShapeList list;
  list.convolution("e0", 1, w[0], 1);
  for (size_t i = 1; i < w.size(); ++i) add_down(list, "e" + std::to_string(i), w[i - 1], w[i]);
  add_up(list, "d1", w[4], w[3], options.upsampling);
  add_up(list, "d2", 2 * w[3], w[2], options.upsampling);
  add_up(list, "d3", 2 * w[2], w[1], options.upsampling);
  add_up(list, "d4", 2 * w[1], w[0], options.upsampling);
  list.convolution("out", 2 * w[0], 3, 1);
  return list.take();
}

TensorShapes tensor_shapes(const PhotoGeneratorOptions& options) {
  const auto& w = options.widths;
  const auto encoder = encoder_shape(options.encoder);
  const auto& taps = encoder.channels;
  ShapeList list;
  add_encoder(list, encoder);
  list.convolution("bottleneck.conv", taps[4], w[0], 1, false);
  list.dense("bottleneck.global", taps[4], w[0]);
  list.dense("bottleneck.vividness", 1, w[0]);
  list.norm("bottleneck.norm", w[0]);
  add_photo_up(list, "d1", w[0], taps[3], w[1]);
  add_photo_up(list, "d2", w[1], taps[2], w[2]);
  add_photo_up(list, "d3", w[2], taps[1], w[3]);
  add_photo_up(list, "d4", w[3], taps[0] + 1, w[4]);
  list.convolution("out", w[4], 2, 3);
  return list.take();
}

}  // namespace cgan
