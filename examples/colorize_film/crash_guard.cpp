#include "examples/colorize_film/crash_guard.h"

#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <csignal>
#include <cstring>

#include "examples/colorize_film/options.h"

namespace colorize_film {
namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
constexpr char kSentence[] =
    "\ncolorize-film: a decoder or encoder of GStreamer crashed: convert the film first (ffmpeg -i "
    "IN -c:v ffv1 new.mkv), or name another encoder with --encoder.\n";
constexpr char kStandstill[] =
    "\ncolorize-film: GStreamer stands still while it opens or closes the film: see whether "
    "anybody writes into IN, convert it first (ffmpeg -i IN -c:v ffv1 new.mkv), or wait longer "
    "with --patience.\n";

// The film and the picture. In a crash nothing may be allocated.
struct Path {
  char name[PATH_MAX];
  volatile sig_atomic_t is_set;
} paths[2];

void leave(const char* sentence) {
  for (Path& path : paths)
    if (path.is_set) unlink(path.name);
  const ssize_t written = write(STDERR_FILENO, sentence, std::strlen(sentence));
  static_cast<void>(written);
}

void on_deadline(int) {
  leave(kStandstill);
  _exit(kFailure);
}

void on_crash(int signal) {
  leave(kSentence);
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

Deadline::Deadline(double seconds) {
  std::signal(SIGALRM, on_deadline);
  alarm(static_cast<unsigned>(std::min(std::ceil(seconds), 1e9)));
}

Deadline::~Deadline() {
  alarm(0);
}

}  // namespace colorize_film
