#include "plugin/colorizer/network/tiled_network.h"

#include <ATen/ops/zeros.h>

#include <algorithm>

namespace cgan {

TileRule TiledNetwork::rule(const FrozenGenerator& generator) {
  return {generator.field(), generator.multiple(), generator.chroma_scale()};
}

TiledNetwork::View::View(const WorkSize& size, const FrozenGenerator& generator, double overlap,
                         int64_t batch)
    : grid(size.padded_width, size.padded_height, size.tile_width, size.tile_height, overlap,
           generator.chroma_scale()),
      blend(grid, generator.chroma_scale()),
      batch(batch > 0 ? std::min(batch, grid.count()) : grid.count()) {}

TiledNetwork::Tiles::Tiles(const View& view)
    : luma(at::zeros({view.grid.count(), 1, view.grid.tile_height(), view.grid.tile_width()})),
      chroma(at::zeros({view.grid.count(), 2, view.blend.tile_height(), view.blend.tile_width()})),
      picture(2 * view.blend.width() * view.blend.height()) {}

TiledNetwork::Frame::Frame(const TiledNetwork& network, WorkerPool& pool)
    : workspace_(pool), fine_(network.fine_) {
  if (!network.consensus_) return;
  coarse_.emplace(*network.coarse_);
  coarse_luma_.resize(network.coarse_->grid.width() * network.coarse_->grid.height());
  lacking_.resize(network.consensus_->cells());
}

TiledNetwork::TiledNetwork(const WorkSize& size, const FrozenGenerator& generator, double overlap,
                           int64_t batch)
    : generator_(generator), fine_(size, generator, overlap, batch) {
  // The coarse copy is as large as the network has learned to see at once.
  const int64_t longest = std::max(width(), height());
  const int64_t factor = (longest + generator.tile() - 1) / generator.tile();
  if (fine_.grid.count() == 1 || factor == 1) return;
  consensus_.emplace(width(), height(), factor, generator.chroma_scale());
  const int64_t columns = consensus_->width(), rows = consensus_->height();
  const WorkSize coarse = work_size_for(columns, rows, std::min(columns, rows), rule(generator));
  coarse_.emplace(coarse, generator, overlap, batch);
}

void TiledNetwork::colour(const View& view, const float* luma, double vividness,
                          Workspace& workspace, Tiles& tiles) const {
  view.grid.cut(luma, tiles.luma.data_ptr<float>());
  const int64_t count = view.grid.count();
  for (int64_t first = 0; first < count; first += view.batch) {
    const int64_t length = std::min(view.batch, count - first);
    tiles.chroma.narrow(0, first, length)
        .copy_(generator_.chroma(tiles.luma.narrow(0, first, length), vividness, workspace));
  }
  view.blend.blend(tiles.chroma.data_ptr<float>(), tiles.picture.data(), workspace.pool());
}

void TiledNetwork::colour(const float* luma, double vividness, Frame& frame) const {
  colour(fine_, luma, vividness, frame.workspace_, frame.fine_);
  if (!consensus_) return;
  consensus_->reduce(luma, frame.coarse_luma_.data(), coarse_->grid.width(),
                     coarse_->grid.height());
  colour(*coarse_, frame.coarse_luma_.data(), vividness, frame.workspace_, *frame.coarse_);
  consensus_->align(frame.coarse_->picture.data(), coarse_->blend.width(), coarse_->blend.height(),
                    frame.lacking_.data(), frame.fine_.picture.data());
}

}  // namespace cgan
