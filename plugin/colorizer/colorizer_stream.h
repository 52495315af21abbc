#pragma once

// Of colorizer.cpp and colorizer_setup.cpp alone.

#include <string>

#include "plugin/colorizer/colorizer.h"
#include "plugin/colorizer/network/memory_steps.h"
#include "plugin/colorizer/network/tiled_network.h"
#include "plugin/colorizer/picture_passes.h"

namespace cgan {

/// Which frames of a stream lie on a card at the same time, from the most memory to the least.
enum class OnCard {
  kAllThatWait,  ///< Those that wait for later ones as well.
  kInFlight,     ///< The next one is read and computed while one is written.
  kOne
};

/// What one size and format of frames needs.
struct Colorizer::Stream {
  /// @return the most that is of use
  static OnCard most_on_card(const CganStreamInfo& info, const Colorizer& of) {
    if (!of.backend_->runs_beside_host()) return OnCard::kOne;
    if (of.settings_.lookahead > 0 && info.memory == CGAN_MEMORY_HOST) return OnCard::kAllThatWait;
    return info.delay > 0 ? OnCard::kInFlight : OnCard::kOne;
  }
  /// @param on_card not kOne; less, written
  /// @return what is given up so, a sentence for the user
  static const char* lessen(OnCard& on_card, uint32_t delay) {
    const bool waits = on_card == OnCard::kAllThatWait;
    on_card = waits && delay > 0 ? OnCard::kInFlight : OnCard::kOne;
    return waits ? kCopiedAgain : kOneByOne;
  }

  Stream(const StreamFormat& format, const CganStreamInfo& info, const WorkSize& size,
         OnCard on_card, Colorizer& of)
      : memory(info.memory),
        lookahead(of.settings_.lookahead),
        delay(info.delay),
        on_card(on_card),
        network(size, *of.generator_, of.settings_.overlap, of.settings_.batch),
        pictures(*of.backend_, format, info.interlaced != 0, size,
                 {network.chroma_width(), network.chroma_height(), of.generator_->chroma_scale()},
                 info.memory, {FrameQueue::Size::of(lookahead, info).delay + 1, unwritten()}),
        frames(
            {network.width(), network.height(), of.generator_->chroma_scale()}, *of.backend_,
            of.pool_, FrameQueue::Size::of(lookahead, info), [&] { return of.make_network(*this); },
            of.placement_.device.is_cpu(), of.placement_.runs_network) {
    if (on_card == OnCard::kOne) frames.stop_ahead();
  }

  /// @return what, as lessen(); empty: there is nothing left
  std::string give_up_frames() {
    if (on_card == OnCard::kOne) return {};
    const std::string given_up = lessen(on_card, delay);
    if (on_card == OnCard::kOne) frames.stop_ahead();
    pictures.keep(unwritten());
    return given_up;
  }

  /// See FramesUnderWay.
  int64_t unwritten() const {
    if (on_card == OnCard::kOne) return 1;
    return 1 + int64_t{delay} + (on_card == OnCard::kAllThatWait ? int64_t{lookahead} : 0);
  }

  const CganMemory memory;
  const uint32_t lookahead, delay;
  OnCard on_card;
  TiledNetwork network;
  PicturePasses pictures;
  FrameQueue frames;
};

}  // namespace cgan
