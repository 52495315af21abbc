#pragma once

// How much of something there is at which time of the result.

#include <gst/gst.h>

#include <cstdint>
#include <map>
#include <mutex>

namespace colorize_film {

// Thread-safety: all of it from any thread.
class TimedCount {
 public:
  void add(GstClockTime time, int64_t number) {
    std::lock_guard lock(mutex_);
    if ((numbers_[time] += number) == 0) numbers_.erase(time);
  }

  // From one time on to another.
  int64_t between(GstClockTime from, GstClockTime to) const {
    std::lock_guard lock(mutex_);
    int64_t sum = 0;
    for (auto one = numbers_.lower_bound(from); one != numbers_.end() && one->first < to; ++one)
      sum += one->second;
    return sum;
  }

 private:
  mutable std::mutex mutex_;
  std::map<GstClockTime, int64_t> numbers_;
};

}  // namespace colorize_film
