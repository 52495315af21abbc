#pragma once

#include <c10/core/QEngine.h>

#include <mutex>
#include <string>

namespace cgan {

/// Why int8 does not run in this process, as the rest of a sentence that begins with "int8 does not
/// run here: "; empty where it does. It needs a processor with VNNI (without it oneDNN's int8 is
/// slower and saturates on the way) and a LibTorch with the engine ONEDNN or X86.
std::string int8_obstacle();

/// While it lives, weights are packed for an engine that int8_obstacle() has found. The choice is a
/// setting of the whole process and set back at its end; packed weights keep their engine. Other
/// code that packs weights in another thread at the same time gets this engine, too.
/// Thread-safety: there is one at a time, others wait.
class QuantizedEngine {
 public:
  QuantizedEngine();
  QuantizedEngine(const QuantizedEngine&) = delete;
  QuantizedEngine& operator=(const QuantizedEngine&) = delete;
  ~QuantizedEngine();

 private:
  std::lock_guard<std::mutex> lock_;
  c10::QEngine before_;
};

}  // namespace cgan
