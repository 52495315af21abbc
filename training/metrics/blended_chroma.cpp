#include "training/metrics/blended_chroma.h"

#include <ATen/ATen.h>

namespace cgan {
namespace {

constexpr double kPi = 3.14159265358979323846;

// The sum of overlapping squares. @param squares (N, L, C k k), row by row of their grid
at::Tensor sum_of_squares(const at::Tensor& squares, at::IntArrayRef size, int64_t side) {
  return at::col2im(squares.transpose(1, 2).contiguous(), size, {side, side}, {1, 1}, {0, 0},
                    {side / 2, side / 2});
}

}  // namespace

at::Tensor blended_chroma(const FrozenGenerator& generator, const at::Tensor& gray,
                          double vividness, Workspace& workspace) {
  const int64_t field = generator.field(), scale = generator.chroma_scale();
  // A generator that takes less than its field takes any rectangle and sees all of it.
  if (generator.multiple() < field || (gray.size(2) == field && gray.size(3) == field))
    return generator.chroma(gray, vividness, workspace);
  const int64_t side = field / scale, count = gray.size(0);
  const auto wave = at::sin((at::arange(side, at::kFloat) + 0.5) * (kPi / side)).square();
  const auto window = wave.view({side, 1}) * wave;
  const auto cut = gray.unfold(2, field, field / 2).unfold(3, field, field / 2);
  const int64_t squares = cut.size(2) * cut.size(3);
  const auto chroma =
      generator.chroma(cut.reshape({-1, 1, field, field}), vividness, workspace) * window;
  const std::vector<int64_t> size = {gray.size(2) / scale, gray.size(3) / scale};
  const auto sum = sum_of_squares(chroma.view({count, squares, -1}), size, side);
  const auto weight =
      sum_of_squares(window.view({1, 1, -1}).expand({1, squares, side * side}), size, side);
  return sum / weight;
}

}  // namespace cgan
