#pragma once

#include <chrono>
#include <cstdint>

namespace cgan {

/// Adds the time that a call takes to `sum`, in nanoseconds, whether it returns or throws.
/// @return what the call returns
template <typename Call>
decltype(auto) timed(uint64_t& sum, const Call& call) {
  using Clock = std::chrono::steady_clock;
  struct Watch {
    uint64_t& sum;
    Clock::time_point start = Clock::now();
    ~Watch() {
      sum += static_cast<uint64_t>(
          std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count());
    }
  } const watch{sum};
  return call();
}

}  // namespace cgan
