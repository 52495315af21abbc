#pragma once

#include <c10/util/Exception.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "plugin/colorizer/interface/colorizer_error.h"
#include "plugin/colorizer/network/device_errors.h"

namespace cgan {

/// What the user is told where frames that wait for later ones do not lie on the card meanwhile.
inline constexpr char kCopiedAgain[] =
    "The CUDA card is short of memory: frames that wait for later ones are copied to it twice, "
    "which "
    "is slower; close other programs that use the card, or set a smaller lookahead.";
/// Where frames are no longer in flight beside each other.
inline constexpr char kOneByOne[] =
    "The CUDA card is short of memory: frames are coloured one after the other, which is slower; "
    "close other programs that use the card, or set a smaller work-size.";

/// @param notices sentences so far
inline void add_notice(std::string& notices, const std::string& notice) {
  if (!notices.empty()) notices += ' ';
  notices += notice;
}

/// What a network on a card gives up where the card's memory is short, one thing after the other:
/// first the frames that lie there beside the one that is computed, then its recording, which keeps
/// the memory of all layers, then half of the tiles that it colours at a time, again and again.
/// Thread-safety: one thread at a time.
class MemorySteps {
 public:
  /// @param tiles that a call of the network colours at first, at least 1
  /// @param give_up_frames gives up frames on the card; what, as give_up()
  explicit MemorySteps(int64_t tiles, std::function<std::string()> give_up_frames = {})
      : give_up_frames_(std::move(give_up_frames)), tiles_(tiles) {}

  /// Whether the network is recorded.
  bool records() const { return records_; }
  /// Tiles in a call of the network.
  int64_t tiles() const { return tiles_; }

  /// Gives up the next thing.
  /// @return what, a sentence for the user; empty: there is nothing left
  std::string give_up() {
    std::string frames = give_up_frames_ ? give_up_frames_() : std::string();
    if (!frames.empty()) return frames;
    if (records_) {
      records_ = false;
      return "The CUDA card is short of memory: the network is no longer recorded, which is "
             "slower; close other programs that use the card, or set a smaller work-size.";
    }
    if (tiles_ == 1) return {};
    tiles_ /= 2;
    return "The CUDA card is short of memory: the network colours " + std::to_string(tiles_) +
           " tiles at a time, which is slower; close other programs that use the card, or set a "
           "smaller work-size.";
  }

 private:
  std::function<std::string()> give_up_frames_;
  bool records_ = true;
  int64_t tiles_;
};

/// Tries until there is memory enough.
/// @param attempt by what the steps say; it may throw what is_out_of_memory()
/// @param give_way (sentence) after each step: gives back the memory of the failed attempt
/// @throws ColorizerError (CGAN_ERROR_MEMORY) where nothing is left to give up; what else `attempt`
///   throws
template <typename Attempt, typename GiveWay>
void run_within_memory(MemorySteps& steps, const Attempt& attempt, const GiveWay& give_way) {
  for (;;) {
    std::string details;
    try {
      return attempt();
    } catch (const c10::Error& error) {
      if (!is_out_of_memory(error)) throw;
      details = error.what_without_backtrace();
    }
    const std::string notice = steps.give_up();
    if (notice.empty()) {
      throw ColorizerError(CGAN_ERROR_MEMORY,
                           "The CUDA card has too little memory for the network; close other "
                           "programs that use it, set a smaller work-size, or use device=cpu.",
                           details);
    }
    give_way(notice);
  }
}

}  // namespace cgan
