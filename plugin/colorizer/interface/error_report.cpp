#include "plugin/colorizer/interface/error_report.h"

#include <c10/util/Exception.h>

#include <cstring>
#include <new>

#include "model/weights/weights.h"
#include "plugin/colorizer/interface/colorizer_error.h"

namespace cgan {
namespace {

const char kNetworkFailed[] = "The network failed; try another model or device=cpu.";

template <size_t N>
void copy_text(char (&target)[N], const char* text) {
  std::strncpy(target, text, N - 1);
  target[N - 1] = '\0';
}

void fill(CganError* error, CganErrorKind kind, const char* message, const char* details) {
  if (error == nullptr) return;
  error->kind = kind;
  copy_text(error->message, message);
  copy_text(error->details, details);
}

CganErrorKind kind_of(ModelFileError::Kind kind) {
  switch (kind) {
    case ModelFileError::Kind::kNotFound:
      return CGAN_ERROR_MODEL_NOT_FOUND;
    case ModelFileError::Kind::kUnreadable:
      return CGAN_ERROR_MODEL_UNREADABLE;
    case ModelFileError::Kind::kInvalid:
      break;
  }
  return CGAN_ERROR_MODEL_INVALID;
}

const char kNoMemory[] =
    "Out of memory; use a smaller work-size or batch, or close other programs.";

/// LibTorch's allocator of host memory throws c10::Error, as everything of it does (1.13; c10/core/
/// impl/alloc_cpu.cpp); only its text tells what is short from what is wrong.
bool is_short_memory(const c10::Error& error) {
  return std::strstr(error.what_without_backtrace(), "can't allocate memory") != nullptr;
}

}  // namespace

void report_error(const std::exception_ptr& failure, CganError* error) noexcept {
  try {
    std::rethrow_exception(failure);
  } catch (const ColorizerError& e) {
    fill(error, e.kind, e.what(), e.details.c_str());
  } catch (const ModelFileError& e) {
    fill(error, kind_of(e.kind), e.what(), "");
  } catch (const c10::OutOfMemoryError& e) {
    fill(error, CGAN_ERROR_MEMORY, kNoMemory, e.what_without_backtrace());
  } catch (const c10::Error& e) {
    const bool is_short = is_short_memory(e);
    fill(error, is_short ? CGAN_ERROR_MEMORY : CGAN_ERROR_FAILED,
         is_short ? kNoMemory : kNetworkFailed, e.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    fill(error, CGAN_ERROR_MEMORY, kNoMemory, "std::bad_alloc");
  } catch (const std::exception& e) {
    fill(error, CGAN_ERROR_FAILED, kNetworkFailed, e.what());
  } catch (...) {
    fill(error, CGAN_ERROR_FAILED, kNetworkFailed, "unknown exception");
  }
}

}  // namespace cgan
