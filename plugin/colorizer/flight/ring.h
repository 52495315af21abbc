#pragma once

#include <cstdint>
#include <deque>
#include <utility>

namespace cgan {

/// A queue of fixed room whose places are filled anew, so that what they have allocated stays.
/// Thread-safety: one thread at a time.
template <typename Place>
class Ring {
 public:
  /// Makes one place more, of arguments for its constructor; while the queue is empty.
  template <typename... Arguments>
  Place& make_place(Arguments&&... arguments) {
    return places_.emplace_back(std::forward<Arguments>(arguments)...);
  }

  int64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  bool full() const { return count_ == static_cast<int64_t>(places_.size()); }

  /// The place of the next one, to be filled before add(); not of a full queue.
  Place& next() { return place(count_); }
  void add() { ++count_; }

  /// @param i 0: the earliest .. count() - 1: the latest
  Place& operator[](int64_t i) { return place(i); }
  const Place& operator[](int64_t i) const { return places_[index(i)]; }
  Place& earliest() { return place(0); }
  const Place& earliest() const { return places_[index(0)]; }
  Place& latest() { return place(count_ - 1); }

  void pop_earliest() {
    first_ = index(1);
    --count_;
  }
  void pop_latest() { --count_; }
  void clear() { count_ = 0; }

 private:
  int64_t index(int64_t i) const { return (first_ + i) % static_cast<int64_t>(places_.size()); }
  Place& place(int64_t i) { return places_[index(i)]; }

  std::deque<Place> places_;  ///< Places that cannot be moved are welcome.
  int64_t first_ = 0, count_ = 0;
};

}  // namespace cgan
