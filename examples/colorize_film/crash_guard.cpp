#include "examples/colorize_film/crash_guard.h"

#include <unistd.h>

#include <climits>
#include <csignal>
#include <cstring>

namespace colorize_film {
namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
constexpr char kSentence[] =
    "\ncolorize-film: a decoder or encoder of GStreamer crashed: convert the film first (ffmpeg -i "
    "IN -c:v ffv1 new.mkv), or name another encoder with --encoder.\n";

// The film and the picture. In a crash nothing may be allocated.
struct Path {
  char name[PATH_MAX];
  volatile sig_atomic_t is_set;
} paths[2];

void on_crash(int signal) {
  for (Path& path : paths)
    if (path.is_set) unlink(path.name);
  const ssize_t written = write(STDERR_FILENO, kSentence, sizeof(kSentence) - 1);
  static_cast<void>(written);
  // The default action, which SA_RESETHAND has put back, ends the process.
  raise(signal);
}

}  // namespace

void guard_against_crashes() {
  struct sigaction action = {};
  action.sa_handler = on_crash;
  action.sa_flags = SA_RESETHAND;
  for (int signal : kSignals) sigaction(signal, &action, nullptr);
}

void remove_at_crash(const std::string& path) {
  for (Path& free : paths) {
    if (free.is_set || path.size() >= sizeof(free.name)) continue;
    std::strcpy(free.name, path.c_str());
    free.is_set = 1;
    break;
  }
}

void forget_at_crash(const std::string& path) {
  for (Path& known : paths)
    if (known.is_set && path == known.name) known.is_set = 0;
}

}  // namespace colorize_film
