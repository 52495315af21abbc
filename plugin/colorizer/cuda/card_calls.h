#pragma once

#include <atomic>
#include <cstdint>

/// For those who measure; without CUDA all of it is 0.
namespace cgan::cuda {

/// What the passes have asked of all cards since the process began.
struct CardCalls {
  std::atomic<uint64_t> waits, allocations;  ///< Calls that synchronise; that allocate.
};
CardCalls& card_calls();

/// Bytes of the first card's memory that are in use, by whomever.
/// @throws ColorizerError
uint64_t used_card_memory();

}  // namespace cgan::cuda
