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

/// LibTorch has one type for nearly everything that can go wrong; only its text tells them apart.
void fill_from_torch(CganError* error, const char* text) {
  if (std::strstr(text, "can't allocate memory") != nullptr) {
    fill(error, CGAN_ERROR_MEMORY, kNoMemory, text);
  } else if (std::strstr(text, "CUDA") != nullptr) {
    fill(error, CGAN_ERROR_DEVICE, "The CUDA card failed; try again, or use device=cpu.", text);
  } else {
    fill(error, CGAN_ERROR_FAILED, kNetworkFailed, text);
  }
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
    fill_from_torch(error, e.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    fill(error, CGAN_ERROR_MEMORY, kNoMemory, "std::bad_alloc");
  } catch (const std::exception& e) {
    fill_from_torch(error, e.what());
  } catch (...) {
    fill(error, CGAN_ERROR_FAILED, kNetworkFailed, "unknown exception");
  }
}

}  // namespace cgan
