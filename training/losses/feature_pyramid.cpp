#include "training/losses/feature_pyramid.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <stdexcept>

namespace cgan {
namespace {

class ScriptedPyramid final : public FeaturePyramid {
 public:
  ScriptedPyramid(torch::jit::Module module, std::string path)
      : module_(std::move(module)), path_(std::move(path)) {
    module_.eval();
    for (const auto& parameter : module_.parameters()) parameter.set_requires_grad(false);
  }

  std::vector<at::Tensor> forward(const at::Tensor& rgb) override {
    c10::IValue result;
    try {
      result = module_.forward({rgb});
    } catch (const std::exception& error) {
      refuse(error.what());
    }
    if (!result.isTensorList()) refuse("it does not return a list of tensors");
    auto maps = result.toTensorVector();
    if (maps.empty()) refuse("its list is empty");
    for (size_t i = 0; i < maps.size(); ++i)
      if (maps[i].dim() != 4 || maps[i].size(0) != rgb.size(0) ||
          (i > 0 && maps[i].size(2) > maps[i - 1].size(2)))
        refuse("its maps do not go from fine to coarse, one a picture");
    return maps;
  }

  void to(c10::Device device) override { module_.to(device); }

 private:
  [[noreturn]] void refuse(const std::string& reason) const {
    throw std::runtime_error(path_ + " is no feature pyramid: " + reason +
                             "; training/feature_network.py --pyramid writes one");
  }

  torch::jit::Module module_;
  std::string path_;
};

}  // namespace

std::unique_ptr<FeaturePyramid> FeaturePyramid::load(const std::string& path) {
  try {
    return std::make_unique<ScriptedPyramid>(torch::jit::load(path), path);
  } catch (const std::exception&) {
    // LibTorch's own text is a backtrace through its zip reader.
    throw std::runtime_error("cannot read " + path +
                             " as TorchScript: name a file that training/feature_network.py "
                             "--pyramid wrote");
  }
}

}  // namespace cgan
