#pragma once

#include <c10/util/Exception.h>

#include <cstdio>
#include <exception>

namespace cgan {

/// What main() does once the arguments are read. An exception becomes one line, without LibTorch's
/// backtrace.
/// @param name the program's, which begins that line
/// @param work () -> exit code
/// @return its result, or 1 after an exception
template <typename Work>
int run_program(const char* name, const Work& work) {
  try {
    return work();
  } catch (const c10::Error& error) {
    std::fprintf(stderr, "%s: %s\n", name, error.what_without_backtrace());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", name, error.what());
  }
  return 1;
}

}  // namespace cgan
