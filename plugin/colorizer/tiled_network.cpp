#include "plugin/colorizer/tiled_network.h"

#include <ATen/ops/zeros.h>

#include <algorithm>

namespace cgan {

TileRule TiledNetwork::rule(const FrozenGenerator& generator) {
  return {generator.field(), generator.multiple(), generator.chroma_scale()};
}

TiledNetwork::View::View(const WorkSize& size, const FrozenGenerator& generator, double overlap,
                         int64_t batch, int workers)
    : grid(size.padded_width, size.padded_height, size.tile_width, size.tile_height, overlap,
           generator.chroma_scale()),
      blend(grid, generator.chroma_scale(), workers),
      batch(batch > 0 ? std::min(batch, grid.count()) : grid.count()),
      tiles(at::zeros({grid.count(), 1, grid.tile_height(), grid.tile_width()})),
      tile_chroma(at::zeros({grid.count(), 2, blend.tile_height(), blend.tile_width()})),
      chroma(2 * blend.width() * blend.height()) {}

void TiledNetwork::View::colour(FrozenGenerator& generator, const float* luma) {
  grid.cut(luma, tiles.data_ptr<float>());
  const int64_t count = grid.count();
  for (int64_t first = 0; first < count; first += batch) {
    const int64_t length = std::min(batch, count - first);
    tile_chroma.narrow(0, first, length).copy_(generator.chroma(tiles.narrow(0, first, length)));
  }
  blend.blend(tile_chroma.data_ptr<float>(), chroma.data());
}

TiledNetwork::TiledNetwork(const WorkSize& size, const FrozenGenerator& generator, double overlap,
                           int64_t batch, int workers)
    : fine_(size, generator, overlap, batch, workers) {
  // The coarse copy is as large as the network has learned to see at once.
  const int64_t longest = std::max(width(), height());
  const int64_t factor = (longest + generator.tile() - 1) / generator.tile();
  if (fine_.grid.count() == 1 || factor == 1) return;
  consensus_.emplace(width(), height(), factor, generator.chroma_scale());
  const int64_t columns = consensus_->width(), rows = consensus_->height();
  const WorkSize coarse = work_size_for(columns, rows, std::min(columns, rows), rule(generator));
  coarse_.emplace(coarse, generator, overlap, batch, workers);
  coarse_luma_.resize(coarse.padded_width * coarse.padded_height);
}

void TiledNetwork::colour(FrozenGenerator& generator, const float* luma) {
  fine_.colour(generator, luma);
  if (!consensus_) return;
  consensus_->reduce(luma, coarse_luma_.data(), coarse_->grid.width(), coarse_->grid.height());
  coarse_->colour(generator, coarse_luma_.data());
  consensus_->align(coarse_->chroma.data(), coarse_->blend.width(), coarse_->blend.height(),
                    fine_.chroma.data());
}

}  // namespace cgan
