// In place of passes on the card, where no nvcc compiled them.

#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/interface/colorizer_error.h"

namespace cgan {

std::unique_ptr<Backend> make_cuda_backend(const std::string&, WorkerPool&) {
  throw ColorizerError(
      CGAN_ERROR_SETTINGS,
      "This build has no passes for CUDA cards; unset device-passes, or build with "
      "-Dcuda=enabled where nvcc is.");
}

}  // namespace cgan
