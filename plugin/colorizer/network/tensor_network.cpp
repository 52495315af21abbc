#include "plugin/colorizer/network/tensor_network.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/replication_pad2d.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <vector>

namespace cgan {
namespace {

/// Means of cells; those at the right and below may be smaller.
at::Tensor cell_means(const at::Tensor& planes, int64_t factor) {
  return at::avg_pool2d(planes, factor, factor, 0, true, false);
}

at::Tensor part(const at::Tensor& planes, int64_t top, int64_t height, int64_t left,
                int64_t width) {
  return planes.narrow(2, top, height).narrow(3, left, width);
}

}  // namespace

TensorNetwork::TensorNetwork(const TiledNetwork& network, const c10::Device& device, int64_t batch)
    : network_(network), batch_(batch), fine_(weights_of(network.fine(), device)) {
  if (network.coarse() != nullptr) coarse_ = weights_of(*network.coarse(), device);
}

TensorNetwork::Weights TensorNetwork::weights_of(const TiledNetwork::View& view,
                                                 const c10::Device& device) {
  const auto numbers = [&](const TileBlend::Axis& axis) {
    const auto tiles = static_cast<int64_t>(axis.first.size());
    return at::from_blob(const_cast<float*>(axis.weights.data()),
                         {tiles, static_cast<int64_t>(axis.weights.size()) / tiles}, c10::kFloat)
        .to(device);
  };
  return {numbers(view.blend.columns()), numbers(view.blend.rows())};
}

at::Tensor TensorNetwork::colour(const TiledNetwork::View& view, const Weights& weights,
                                 const at::Tensor& luma, const at::Tensor& vividness) const {
  const TileGrid& grid = view.grid;
  const FrozenGenerator& generator = network_.generator();
  if (grid.count() == 1) return generator.chroma_there(luma, vividness);
  std::vector<at::Tensor> tiles;
  for (const int64_t row : grid.rows())
    for (const int64_t column : grid.columns())
      tiles.push_back(part(luma, row, grid.tile_height(), column, grid.tile_width()));
  const auto blended = at::zeros({1, 2, view.blend.height(), view.blend.width()}, luma.options());
  const auto count = static_cast<int64_t>(tiles.size());
  const int64_t together = batch_ > 0 ? std::min(batch_, count) : count;
  const auto across = static_cast<int64_t>(grid.columns().size());
  for (int64_t first = 0; first < count; first += together) {
    const int64_t length = std::min(together, count - first);
    const auto begin = tiles.begin() + first;
    const auto chroma =
        generator.chroma_there(at::cat(std::vector<at::Tensor>(begin, begin + length)), vividness);
    for (int64_t i = first; i < first + length; ++i) {
      const int64_t row = i / across, column = i % across;
      const auto window = weights.rows[row].unsqueeze(1) * weights.columns[column].unsqueeze(0);
      part(blended, view.blend.rows().first[row], view.blend.tile_height(),
           view.blend.columns().first[column], view.blend.tile_width())
          .add_(chroma[i - first] * window);
    }
  }
  return blended;
}

at::Tensor TensorNetwork::colour(const at::Tensor& luma, const at::Tensor& vividness) const {
  const auto fine = colour(network_.fine(), fine_, luma, vividness);
  const Consensus* const consensus = network_.consensus();
  if (consensus == nullptr) return fine;
  // See Consensus.
  const TileGrid& grid = network_.coarse()->grid;
  const int64_t factor = consensus->factor();
  const auto copy = at::replication_pad2d(
      cell_means(luma, factor),
      {0, grid.width() - consensus->width(), 0, grid.height() - consensus->height()});
  const auto wanted = colour(*network_.coarse(), coarse_, copy, vividness);
  const auto means = cell_means(fine, factor);
  const int64_t rows = means.size(2), columns = means.size(3);
  const auto lacking = part(wanted, 0, rows, 0, columns) - means;
  const auto everywhere =
      at::upsample_bilinear2d(lacking, {rows * factor, columns * factor}, false);
  return fine + part(everywhere, 0, fine.size(2), 0, fine.size(3));
}

}  // namespace cgan
