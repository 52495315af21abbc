#include "examples/colorize_film/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace colorize_film {

void Progress::start(GstClockTime total) {
  total_ = total;
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

void Progress::draw() {
  if (!is_terminal_ || started_us_ == 0) return;
  const double elapsed = seconds();
  const int64_t frames = frames_;
  std::fprintf(stderr, "\r\033[K%6ld frames  %.1f frames/s", static_cast<long>(frames),
               elapsed > 0 ? static_cast<double>(frames) / elapsed : 0.0);
  const GstClockTime position = position_;
  if (GST_CLOCK_TIME_IS_VALID(total_) && total_ > 0 && position > 0) {
    const double share = std::min(1.0, static_cast<double>(position) / static_cast<double>(total_));
    const long left = static_cast<long>(elapsed * (1 - share) / share + 0.5);
    std::fprintf(stderr, "  %3.0f %%  %ld:%02ld left", share * 100, left / 60, left % 60);
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
