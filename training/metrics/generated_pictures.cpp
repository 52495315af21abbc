#include "training/metrics/generated_pictures.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "model/colour.h"
#include "model/weights/network_weights.h"
#include "training/metrics/blended_chroma.h"

namespace cgan {

GeneratedPictures::GeneratedPictures(const Weights& weights)
    : generator_(FrozenGenerator::create(weights, {})),
      pool_(std::make_unique<WorkerPool>(available_processors())),
      workspace_(*pool_) {
  if (weights.header.architecture != kReportGeneratorArchitecture) return;
  network_ = ReportGenerator(report_generator_options(weights));
  load_weights(network_, weights);
  network_->eval();
}

GeneratedPictures::Output GeneratedPictures::colour(const at::Tensor& gray) {
  const at::NoGradGuard no_grad;
  auto chroma = blended_chroma(*generator_, gray, 0, workspace_);
  if (generator_->chroma_scale() != 1)
    chroma = at::upsample_bilinear2d(chroma, {gray.size(2), gray.size(3)}, false);
  Output output;
  output.picture = ycbcr_to_rgb(at::cat({gray * 0.5 + 0.5, chroma}, 1)).clamp(0, 1).contiguous();
  if (!network_.is_empty()) output.own = (network_(gray) * 0.5 + 0.5).clamp(0, 1).contiguous();
  return output;
}

}  // namespace cgan
