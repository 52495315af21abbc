#include "plugin/colorizer/colorizer_interface.h"

#include <c10/util/Exception.h>

#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <string>

#include "model/weights.h"
#include "plugin/colorizer/colorizer.h"
#include "plugin/colorizer/colorizer_error.h"

struct CganColorizer {
  explicit CganColorizer(const cgan::ColorizerSettings& settings) : colorizer(settings) {}
  cgan::Colorizer colorizer;
};

namespace {

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

CganErrorKind kind_of(cgan::ModelFileError::Kind kind) {
  switch (kind) {
    case cgan::ModelFileError::Kind::kNotFound:
      return CGAN_ERROR_MODEL_NOT_FOUND;
    case cgan::ModelFileError::Kind::kUnreadable:
      return CGAN_ERROR_MODEL_UNREADABLE;
    case cgan::ModelFileError::Kind::kInvalid:
      break;
  }
  return CGAN_ERROR_MODEL_INVALID;
}

const char kNoMemory[] =
    "Out of memory; use a smaller work-size or batch, or close other programs.";

/// LibTorch has one type for nearly everything that can go wrong; only its text tells them apart.
void fill_from_torch(CganError* error, const char* text) {
  const std::string facts = text;
  if (facts.find("can't allocate memory") != std::string::npos) {
    fill(error, CGAN_ERROR_MEMORY, kNoMemory, text);
  } else if (facts.find("CUDA") != std::string::npos) {
    fill(error, CGAN_ERROR_DEVICE, "The CUDA card failed; try again, or use device=cpu.", text);
  } else {
    fill(error, CGAN_ERROR_FAILED, "The network failed; try another model or device=cpu.", text);
  }
}

/// Runs one call of the interface; false and *error filled where it throws.
template <typename Call>
bool guarded(CganError* error, const Call& call) noexcept {
  try {
    call();
    fill(error, CGAN_ERROR_NONE, "", "");
    return true;
  } catch (const cgan::ColorizerError& failure) {
    fill(error, failure.kind, failure.what(), failure.details.c_str());
  } catch (const cgan::ModelFileError& failure) {
    fill(error, kind_of(failure.kind), failure.what(), "");
  } catch (const c10::OutOfMemoryError& failure) {
    fill(error, CGAN_ERROR_MEMORY, kNoMemory, failure.what_without_backtrace());
  } catch (const c10::Error& failure) {
    fill_from_torch(error, failure.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    fill(error, CGAN_ERROR_MEMORY, kNoMemory, "std::bad_alloc");
  } catch (const std::exception& failure) {
    fill_from_torch(error, failure.what());
  } catch (...) {
    fill(error, CGAN_ERROR_FAILED, "The network failed; try another model or device=cpu.",
         "unknown exception");
  }
  return false;
}

void require(const void* pointer, CganErrorKind kind, const char* what) {
  if (pointer != nullptr) return;
  throw cgan::ColorizerError(kind, std::string("No ") + what + " was passed; pass one.",
                             "pointer is NULL");
}

CganColorizer* create(const CganSettings* settings, CganError* error) {
  std::unique_ptr<CganColorizer> result;
  guarded(error, [&] {
    require(settings, CGAN_ERROR_SETTINGS, "settings");
    result = std::make_unique<CganColorizer>(cgan::ColorizerSettings::from(*settings));
  });
  return result.release();
}

void destroy(CganColorizer* colorizer) {
  delete colorizer;
}

int set_stream(CganColorizer* colorizer, const CganStreamInfo* info, CganError* error) {
  return guarded(error, [&] {
    require(colorizer, CGAN_ERROR_SETTINGS, "colorizer");
    require(info, CGAN_ERROR_FRAME, "stream info");
    colorizer->colorizer.set_stream(*info);
  });
}

int colorize(CganColorizer* colorizer, const CganFrame* in, const CganFrame* out,
             const CganLook* look, CganError* error) {
  return guarded(error, [&] {
    require(colorizer, CGAN_ERROR_SETTINGS, "colorizer");
    require(in, CGAN_ERROR_FRAME, "input frame");
    require(out, CGAN_ERROR_FRAME, "output frame");
    require(look, CGAN_ERROR_SETTINGS, "look");
    colorizer->colorizer.colorize(*in, *out, *look);
  });
}

const char* device(const CganColorizer* colorizer) {
  return colorizer == nullptr ? "" : colorizer->colorizer.device().c_str();
}

const char* precision(const CganColorizer* colorizer) {
  return colorizer == nullptr ? "" : colorizer->colorizer.precision().c_str();
}

const CganColorizerInterface kInterface = {CGAN_COLORIZER_ABI, create, destroy,  set_stream,
                                           colorize,           device, precision};

}  // namespace

CGAN_EXPORT const CganColorizerInterface* cgan_colorizer_interface(void) {
  return &kInterface;
}
