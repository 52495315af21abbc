#pragma once

// Of colorizer.cpp and colorizer_setup.cpp alone.

#include "plugin/colorizer/colorizer.h"
#include "plugin/colorizer/network/tiled_network.h"
#include "plugin/colorizer/picture_passes.h"

namespace cgan {

/// What one size and format of frames needs.
struct Colorizer::Stream {
  Stream(const StreamFormat& format, const CganStreamInfo& info, const WorkSize& size,
         Colorizer& of)
      : network(size, *of.generator_, of.settings_.overlap, of.settings_.batch),
        pictures(*of.backend_, format, info.interlaced != 0, size,
                 {network.chroma_width(), network.chroma_height(), of.generator_->chroma_scale()},
                 info.memory),
        frames(
            {network.width(), network.height(), of.generator_->chroma_scale()}, *of.backend_,
            of.pool_, FrameQueue::Size::of(of.settings_.lookahead, info),
            [&] { return of.make_network(network); }, of.placement_.device.is_cpu(),
            of.placement_.runs_network) {}

  TiledNetwork network;
  PicturePasses pictures;
  FrameQueue frames;
};

}  // namespace cgan
