#include "training/metrics/generated_pictures.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "model/colour.h"
#include "model/network_weights.h"

namespace cgan {
namespace {

constexpr double kPi = 3.14159265358979323846;

// As the element does: squares of the generator's field, half overlapping, under a raised cosine.
at::Tensor blended_chroma(FrozenGenerator& generator, const at::Tensor& gray) {
  const int64_t field = generator.field(), scale = generator.chroma_scale();
  if (gray.size(2) == field && gray.size(3) == field) return generator.chroma(gray);
  const int64_t side = field / scale;
  const auto wave = at::sin((at::arange(side, at::kFloat) + 0.5) * (kPi / side)).square();
  const auto window = wave.view({side, 1}) * wave;
  auto sum = at::zeros({gray.size(0), 2, gray.size(2) / scale, gray.size(3) / scale});
  auto weight = at::zeros({sum.size(2), sum.size(3)});
  for (int64_t y = 0; y + field <= gray.size(2); y += field / 2)
    for (int64_t x = 0; x + field <= gray.size(3); x += field / 2) {
      const auto square = gray.narrow(2, y, field).narrow(3, x, field).contiguous();
      const auto place = [&](const at::Tensor& tensor) {
        return tensor.narrow(-2, y / scale, side).narrow(-1, x / scale, side);
      };
      place(sum).add_(generator.chroma(square) * window);
      place(weight).add_(window);
    }
  return sum / weight;
}

}  // namespace

GeneratedPictures::GeneratedPictures(const Weights& weights)
    : generator_(FrozenGenerator::create(weights, {})) {
  if (weights.header.architecture != kReportGeneratorArchitecture) return;
  network_ = ReportGenerator(report_generator_options(weights));
  load_weights(network_, weights);
  network_->eval();
}

GeneratedPictures::Output GeneratedPictures::colour(const at::Tensor& gray) {
  const at::NoGradGuard no_grad;
  auto chroma = blended_chroma(*generator_, gray);
  if (generator_->chroma_scale() != 1)
    chroma = at::upsample_bilinear2d(chroma, {gray.size(2), gray.size(3)}, false);
  Output output;
  output.picture = ycbcr_to_rgb(at::cat({gray * 0.5 + 0.5, chroma}, 1)).clamp(0, 1).contiguous();
  output.own =
      network_.is_empty() ? output.picture : (network_(gray) * 0.5 + 0.5).clamp(0, 1).contiguous();
  return output;
}

}  // namespace cgan
