// Tells ThreadSanitizer of GLib's locks, which are made of futexes that it does not know. All calls
// of other libraries find these functions before GLib's own, which they call.

#ifdef __SANITIZE_THREAD__

#include <dlfcn.h>
#include <glib.h>
#include <sanitizer/tsan_interface.h>

namespace {

template <typename Function>
Function* original(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

void g_mutex_lock(GMutex* mutex) {
  static auto* const lock = original<void(GMutex*)>("g_mutex_lock");
  lock(mutex);
  __tsan_acquire(mutex);
}

gboolean g_mutex_trylock(GMutex* mutex) {
  static auto* const lock = original<gboolean(GMutex*)>("g_mutex_trylock");
  const gboolean is_locked = lock(mutex);
  if (is_locked) __tsan_acquire(mutex);
  return is_locked;
}

void g_mutex_unlock(GMutex* mutex) {
  static auto* const unlock = original<void(GMutex*)>("g_mutex_unlock");
  __tsan_release(mutex);
  unlock(mutex);
}

void g_cond_wait(GCond* cond, GMutex* mutex) {
  static auto* const wait = original<void(GCond*, GMutex*)>("g_cond_wait");
  __tsan_release(mutex);
  wait(cond, mutex);
  __tsan_acquire(mutex);
}

gboolean g_cond_wait_until(GCond* cond, GMutex* mutex, gint64 end) {
  static auto* const wait = original<gboolean(GCond*, GMutex*, gint64)>("g_cond_wait_until");
  __tsan_release(mutex);
  const gboolean is_signalled = wait(cond, mutex, end);
  __tsan_acquire(mutex);
  return is_signalled;
}

}  // extern "C"

#endif
