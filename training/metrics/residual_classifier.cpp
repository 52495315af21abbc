#include "training/metrics/residual_classifier.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/api/module.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace cgan {
namespace {

using torch::nn::BatchNorm2d;
using torch::nn::Conv2d;

constexpr int64_t kStemChannels = 32;

// Channel means and deviations of CIFAR-10's training pictures, (3, 1, 1).
at::Tensor picture_mean() {
  return at::tensor({0.4914f, 0.4822f, 0.4465f}).view({3, 1, 1});
}
at::Tensor picture_deviation() {
  return at::tensor({0.2470f, 0.2435f, 0.2616f}).view({3, 1, 1});
}

Conv2d convolution(int64_t in, int64_t out, int64_t kernel, int64_t stride) {
  return Conv2d(torch::nn::Conv2dOptions(in, out, kernel)
                    .stride(stride)
                    .padding((kernel - 1) / 2)
                    .bias(false));
}

struct Folded {
  at::Tensor weight, bias;
};

Folded fold(const Conv2d& conv, const BatchNorm2d& norm) {
  const auto scale = norm->weight / at::sqrt(norm->running_var + norm->options.eps());
  return {(conv->weight * scale.view({-1, 1, 1, 1})).detach().contiguous(),
          (norm->bias - norm->running_mean * scale).detach().contiguous()};
}

}  // namespace

ResidualBlockImpl::ResidualBlockImpl(int64_t in_channels, int64_t out_channels, int64_t stride) {
  conv1 = register_module("conv1", convolution(in_channels, out_channels, 3, stride));
  norm1 = register_module("norm1", BatchNorm2d(out_channels));
  conv2 = register_module("conv2", convolution(out_channels, out_channels, 3, 1));
  norm2 = register_module("norm2", BatchNorm2d(out_channels));
  if (stride == 1 && in_channels == out_channels) return;
  skip = register_module("skip", convolution(in_channels, out_channels, 1, stride));
  skip_norm = register_module("skip_norm", BatchNorm2d(out_channels));
}

torch::Tensor ResidualBlockImpl::forward(const torch::Tensor& input) {
  const auto inner = norm2(conv2(at::relu(norm1(conv1(input)))));
  return at::relu(inner + (skip.is_empty() ? input : skip_norm(skip(input))));
}

ResidualClassifierImpl::ResidualClassifierImpl(int64_t classes) {
  stem = register_module("stem", convolution(3, kStemChannels, 4, 2));
  stem_norm = register_module("stem_norm", BatchNorm2d(kStemChannels));
  const int64_t widths[] = {32, 64, 128};
  int64_t channels = kStemChannels;
  for (const int64_t width : widths) {
    blocks.push_back(register_module("block" + std::to_string(blocks.size() + 1),
                                     ResidualBlock(channels, width, width == 32 ? 1 : 2)));
    channels = width;
  }
  blocks.push_back(register_module("block4", ResidualBlock(channels, channels, 1)));
  dense = register_module("dense", torch::nn::Linear(channels, classes));
}

torch::Tensor ResidualClassifierImpl::forward(const torch::Tensor& rgb) {
  const auto normal = (rgb - picture_mean()) / picture_deviation();
  auto x = at::relu(stem_norm(stem(normal.contiguous(at::MemoryFormat::ChannelsLast))));
  for (auto& block : blocks) x = block(x);
  return dense(x.mean({2, 3}));
}

double classifier_accuracy(ResidualClassifier& classifier, const LabelledPictures& test) {
  const at::NoGradGuard no_grad;
  const bool was_training = classifier->is_training();
  classifier->eval();
  int64_t right = 0;
  const int64_t count = test.pictures.size(0);
  for (int64_t first = 0; first < count; first += 250) {
    const int64_t size = std::min<int64_t>(250, count - first);
    const auto rgb = test.pictures.narrow(0, first, size).to(at::kFloat).div_(255);
    right += classifier(rgb).argmax(1).eq(test.labels.narrow(0, first, size)).sum().item<int64_t>();
  }
  classifier->train(was_training);
  return count == 0 ? 0 : static_cast<double>(right) / count;
}

void write_torchscript(ResidualClassifier& classifier, const std::string& path) {
  const at::NoGradGuard no_grad;
  torch::jit::Module script("CganClassifier");
  std::string source =
      "def forward(self, rgb: Tensor) -> Tuple[Tensor, Tensor]:\n"
      "    x = (rgb - self.mean) / self.deviation\n";
  const auto keep = [&](const std::string& name, const at::Tensor& tensor) {
    script.register_buffer(name, tensor.clone());
  };
  const auto convolve = [&](const std::string& name, const char* input, const Conv2d& conv,
                            const BatchNorm2d& norm) {
    const auto folded = fold(conv, norm);
    keep(name + "_weight", folded.weight);
    keep(name + "_bias", folded.bias);
    const auto pair = [](const torch::ExpandingArray<2>& both) {
      return "[" + std::to_string(both->at(0)) + ", " + std::to_string(both->at(1)) + "]";
    };
    const auto padding = std::to_string((conv->options.kernel_size()->at(0) - 1) / 2);
    return "torch.conv2d(" + std::string(input) + ", self." + name + "_weight, self." + name +
           "_bias, " + pair(conv->options.stride()) + ", [" + padding + ", " + padding + "])";
  };

  keep("mean", picture_mean());
  keep("deviation", picture_deviation());
  source += "    x = torch.relu(" + convolve("stem", "x", classifier->stem, classifier->stem_norm) +
            ")\n";
  for (size_t i = 0; i < classifier->blocks.size(); ++i) {
    const auto& block = classifier->blocks[i];
    const auto name = "block" + std::to_string(i + 1);
    source += "    y = torch.relu(" + convolve(name + "_1", "x", block->conv1, block->norm1) +
              ")\n    y = " + convolve(name + "_2", "y", block->conv2, block->norm2) + "\n";
    if (!block->skip.is_empty())
      source += "    x = " + convolve(name + "_skip", "x", block->skip, block->skip_norm) + "\n";
    source += "    x = torch.relu(x + y)\n";
  }
  keep("dense_weight", classifier->dense->weight.detach());
  keep("dense_bias", classifier->dense->bias.detach());
  source +=
      "    features = torch.mean(x, [2, 3])\n"
      "    logits = torch.matmul(features, self.dense_weight.t()) + self.dense_bias\n"
      "    return (logits, features)\n";
  script.define(source);
  script.eval();

  const auto temporary = path + ".part";
  try {
    script.save(temporary);
  } catch (const c10::Error& error) {
    std::remove(temporary.c_str());
    throw std::runtime_error("cannot write " + path + ": " + error.what_without_backtrace());
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    std::remove(temporary.c_str());
    throw std::runtime_error("cannot write " + path + ": check that its folder exists");
  }
}

}  // namespace cgan
