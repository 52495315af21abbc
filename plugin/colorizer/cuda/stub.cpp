// In place of what runs on the card alone, where no nvcc compiled it.

#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/cuda/card_calls.h"
#include "plugin/colorizer/interface/colorizer_error.h"
#include "plugin/colorizer/network/card_network.h"

namespace cgan {

namespace {

[[noreturn]] void refuse() {
  throw ColorizerError(
      CGAN_ERROR_SETTINGS,
      "This build has no passes for CUDA cards; unset device-passes, or build with "
      "-Dcuda=enabled where nvcc is.");
}

}  // namespace

cuda::CardCalls& cuda::card_calls() {
  static CardCalls calls;
  return calls;
}

uint64_t cuda::used_card_memory() {
  return 0;
}

std::unique_ptr<Backend> make_cuda_backend(const std::string&) {
  refuse();
}

std::shared_ptr<PictureNetwork> make_card_network(const TiledNetwork&, const Placement&, void*,
                                                  int64_t, std::string&,
                                                  std::function<std::string()>) {
  refuse();
}

}  // namespace cgan
