#pragma once

// Of colorizer.cpp and colorizer_setup.cpp alone.

#include "plugin/colorizer/colorizer.h"
#include "plugin/colorizer/network/tiled_network.h"
#include "plugin/colorizer/picture_passes.h"

namespace cgan {

/// What one size and format of frames needs, with the frames in flight that the stream asks for or
/// only one at a time.
struct Colorizer::Stream {
  Stream(const StreamFormat& format, const CganStreamInfo& info, const WorkSize& size,
         bool goes_ahead, Colorizer& of)
      : memory(info.memory),
        network(size, *of.generator_, of.settings_.overlap, of.settings_.batch),
        pictures(*of.backend_, format, info.interlaced != 0, size,
                 {network.chroma_width(), network.chroma_height(), of.generator_->chroma_scale()},
                 info.memory,
                 {FrameQueue::Size::of(of.settings_.lookahead, info).delay + 1,
                  goes_ahead ? int64_t{info.delay} + 1 : 1}),
        frames(
            {network.width(), network.height(), of.generator_->chroma_scale()}, *of.backend_,
            of.pool_, FrameQueue::Size::of(of.settings_.lookahead, info),
            [&] { return of.make_network(*this); }, of.placement_.device.is_cpu(),
            of.placement_.runs_network) {
    if (!goes_ahead) frames.stop_ahead();
  }

  /// One frame after the other from now on. @return false: it was so before
  bool give_up_ahead() {
    if (!frames.goes_ahead()) return false;
    frames.stop_ahead();
    pictures.give_up_second();
    return true;
  }

  CganMemory memory;
  TiledNetwork network;
  PicturePasses pictures;
  FrameQueue frames;
};

}  // namespace cgan
