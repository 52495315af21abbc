#include "plugin/colorizer/interface/colorizer_interface.h"

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "plugin/colorizer/colorizer.h"
#include "plugin/colorizer/interface/colorizer_error.h"
#include "plugin/colorizer/interface/error_report.h"

struct CganColorizer {
  explicit CganColorizer(const CganSettings& settings) : colorizer(settings) {}
  cgan::Colorizer colorizer;
};

namespace {

/// Runs one call of the interface; false and *error filled where it throws.
template <typename Call>
bool guarded(CganError* error, const Call& call) noexcept {
  try {
    call();
    if (error != nullptr) *error = CganError{};
    return true;
  } catch (...) {
    cgan::report_error(std::current_exception(), error);
    return false;
  }
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
    result = std::make_unique<CganColorizer>(*settings);
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

int submit(CganColorizer* colorizer, const CganFrame* in, const CganLook* look, CganError* error) {
  return guarded(error, [&] {
    require(colorizer, CGAN_ERROR_SETTINGS, "colorizer");
    require(in, CGAN_ERROR_FRAME, "input frame");
    require(look, CGAN_ERROR_SETTINGS, "look");
    colorizer->colorizer.submit(*in, *look);
  });
}

int finish(CganColorizer* colorizer, const CganFrame* in, const CganFrame* out,
           const CganLook* look, CganError* error) {
  return guarded(error, [&] {
    require(colorizer, CGAN_ERROR_SETTINGS, "colorizer");
    if (in == nullptr) return colorizer->colorizer.let_go();
    require(out, CGAN_ERROR_FRAME, "output frame");
    require(look, CGAN_ERROR_SETTINGS, "look");
    colorizer->colorizer.finish(*in, *out, *look);
  });
}

void reset(CganColorizer* colorizer) {
  if (colorizer == nullptr) return;
  // A card may fail here; the next frame says so.
  guarded(nullptr, [&] { colorizer->colorizer.reset(); });
}

uint32_t best_delay(const CganColorizer* colorizer) {
  return colorizer == nullptr ? 0 : colorizer->colorizer.best_delay();
}

const CganCounts* counts(const CganColorizer* colorizer) {
  static const CganCounts kNone = {};
  return colorizer == nullptr ? &kNone : &colorizer->colorizer.counts();
}

const char* device(const CganColorizer* colorizer) {
  return colorizer == nullptr ? "" : colorizer->colorizer.device().c_str();
}

const char* precision(const CganColorizer* colorizer) {
  return colorizer == nullptr ? "" : colorizer->colorizer.precision().c_str();
}

const char* warning(const CganColorizer* colorizer) {
  if (colorizer == nullptr || colorizer->colorizer.warning().empty()) return nullptr;
  return colorizer->colorizer.warning().c_str();
}

int takes_memory(const CganColorizer* colorizer, CganMemory memory) {
  return colorizer != nullptr && colorizer->colorizer.takes(memory) ? 1 : 0;
}

const char* notice(CganColorizer* colorizer) {
  if (colorizer == nullptr) return nullptr;
  const std::string& notice = colorizer->colorizer.take_notice();
  return notice.empty() ? nullptr : notice.c_str();
}

void mark(CganColorizer* colorizer) {
  if (colorizer != nullptr) colorizer->colorizer.mark();
}

const void* state(const CganColorizer* colorizer, size_t* size, int* changes_shot) {
  if (colorizer == nullptr || size == nullptr || changes_shot == nullptr) return nullptr;
  const std::vector<uint8_t>& bytes = colorizer->colorizer.state();
  *size = bytes.size();
  *changes_shot = colorizer->colorizer.changes_shot() ? 1 : 0;
  return bytes.empty() ? nullptr : bytes.data();
}

int restore(CganColorizer* colorizer, const void* state, size_t size, CganError* error) {
  return guarded(error, [&] {
    require(colorizer, CGAN_ERROR_SETTINGS, "colorizer");
    require(state, CGAN_ERROR_FRAME, "state");
    colorizer->colorizer.restore(state, size);
  });
}

const CganColorizerInterface kInterface = {CGAN_COLORIZER_ABI,
                                           create,
                                           destroy,
                                           set_stream,
                                           colorize,
                                           submit,
                                           finish,
                                           reset,
                                           best_delay,
                                           counts,
                                           device,
                                           precision,
                                           takes_memory,
                                           warning,
                                           notice,
                                           mark,
                                           state,
                                           restore};

}  // namespace

CGAN_EXPORT const CganColorizerInterface* cgan_colorizer_interface(void) {
  return &kInterface;
}
