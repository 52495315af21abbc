#include "training/losses/feature_network.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <stdexcept>

namespace cgan {
namespace {

class ScriptedFeatures final : public FeatureNetwork {
 public:
  ScriptedFeatures(torch::jit::Module module, std::string path)
      : module_(std::move(module)), path_(std::move(path)) {
    module_.eval();
    for (const auto& parameter : module_.parameters()) parameter.set_requires_grad(false);
  }

  Output forward(const at::Tensor& rgb) override {
    c10::IValue result;
    try {
      result = module_.forward({rgb.to(at::kFloat)});
    } catch (const std::exception& error) {
      refuse(error.what());
    }
    if (!result.isTuple() || result.toTupleRef().elements().size() != 2)
      refuse("it does not return a pair");
    const auto& pair = result.toTupleRef().elements();
    if (!pair[0].isTensor() || !pair[1].isTensor()) refuse("the pair is not of tensors");
    const Output output{pair[0].toTensor().to(at::kFloat), pair[1].toTensor().to(at::kFloat)};
    for (const auto& tensor : {output.logits, output.features})
      if (tensor.dim() != 2 || tensor.size(0) != rgb.size(0))
        refuse("logits and features do not have one row a picture");
    return output;
  }

 private:
  [[noreturn]] void refuse(const std::string& reason) const {
    throw std::runtime_error(
        path_ + " is no feature network: " + reason +
        "; it must take (N, 3, H, W) RGB in 0..1 and return (logits, features)");
  }

  torch::jit::Module module_;
  std::string path_;
};

}  // namespace

std::unique_ptr<FeatureNetwork> FeatureNetwork::load(const std::string& path) {
  try {
    return std::make_unique<ScriptedFeatures>(torch::jit::load(path), path);
  } catch (const std::exception&) {
    // LibTorch's own text is a backtrace through its zip reader.
    throw std::runtime_error("cannot read " + path +
                             " as TorchScript: name a file that cgan-train-classifier or "
                             "torch.jit.save wrote");
  }
}

}  // namespace cgan
