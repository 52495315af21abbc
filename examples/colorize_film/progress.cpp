#include "examples/colorize_film/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace colorize_film {

void Progress::start(GstClockTime total, std::optional<int64_t> frames) {
  total_ = total;
  all_frames_ = frames;
  started_us_ = g_get_monotonic_time();
  is_terminal_ = isatty(STDERR_FILENO);
}

void Progress::count_frame(GstClockTime position) {
  ++frames_;
  if (GST_CLOCK_TIME_IS_VALID(position)) position_ = std::max<GstClockTime>(position_, position);
}

double Progress::seconds() const {
  return static_cast<double>(g_get_monotonic_time() - started_us_) / G_USEC_PER_SEC;
}

double Progress::share() const {
  const double done = all_frames_ ? static_cast<double>(frames_) /
                                        static_cast<double>(std::max<int64_t>(*all_frames_, 1))
                      : GST_CLOCK_TIME_IS_VALID(total_) && total_ > 0
                          ? static_cast<double>(position_) / static_cast<double>(total_)
                          : 0;
  return std::min(1.0, done);
}

void Progress::draw() {
  if (!is_terminal_ || started_us_ == 0) return;
  const double elapsed = seconds();
  const int64_t frames = frames_;
  std::fprintf(stderr, "\r\033[K%6ld ", static_cast<long>(frames));
  if (all_frames_) std::fprintf(stderr, "of %ld ", static_cast<long>(*all_frames_));
  std::fprintf(stderr, "frames  %.1f frames/s",
               elapsed > 0 ? static_cast<double>(frames) / elapsed : 0.0);
  if (const double done = share(); done > 0) {
    const long left = static_cast<long>(elapsed * (1 - done) / done + 0.5);
    std::fprintf(stderr, "  %3.0f %%  %ld:%02ld left", done * 100, left / 60, left % 60);
  }
  std::fflush(stderr);
  is_drawn_ = true;
}

void Progress::clear() {
  if (!is_drawn_) return;
  std::fputs("\r\033[K", stderr);
  is_drawn_ = false;
}

}  // namespace colorize_film
