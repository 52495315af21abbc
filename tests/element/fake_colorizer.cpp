#include "tests/element/fake_colorizer.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

struct CganColorizer {
  std::string model;
  uint64_t variant;
  CganStreamInfo stream;
};

namespace {

// True after filling `error` if the model's name asks for a failure at `where`.
bool fails(const std::string& model, const std::string& where, CganError* error) {
  if (model.rfind(where, 0) != 0) return false;
  error->kind = static_cast<CganErrorKind>(std::atoi(model.c_str() + where.size()));
  std::snprintf(error->message, sizeof error->message, "The fake fails at %s.", where.c_str());
  std::snprintf(error->details, sizeof error->details, "kind %d", error->kind);
  return true;
}

CganColorizer* create(const CganSettings* settings, CganError* error) {
  if (fails(settings->model, "create-", error)) return nullptr;
  FakeRecord& record = fake_record();
  ++record.created;
  ++record.alive;
  record.model = settings->model;
  record.device = settings->device;
  record.settings = *settings;
  return new CganColorizer{settings->model, settings->variant, {}};
}

void destroy(CganColorizer* colorizer) {
  if (colorizer == nullptr) return;
  --fake_record().alive;
  delete colorizer;
}

int set_stream(CganColorizer* colorizer, const CganStreamInfo* info, CganError* error) {
  if (fails(colorizer->model, "stream-", error)) return 0;
  colorizer->stream = *info;
  ++fake_record().streams;
  fake_record().stream = *info;
  return 1;
}

void fill(const CganFrame& frame, int plane, uint32_t width, uint32_t height, int step, int offset,
          uint8_t value) {
  for (uint32_t y = 0; y < height; ++y) {
    uint8_t* row = frame.data[plane] + static_cast<ptrdiff_t>(y) * frame.stride[plane];
    for (uint32_t x = 0; x < width; ++x) row[x * step + offset] = value;
  }
}

int colorize(CganColorizer* colorizer, const CganFrame* in, const CganFrame* out,
             const CganLook* look, CganError* error) {
  if (fails(colorizer->model, "frame-", error)) return 0;
  const CganStreamInfo& stream = colorizer->stream;
  FakeRecord& record = fake_record();
  ++record.frames;
  record.look = *look;
  record.is_in_place = in->data[0] == out->data[0];
  if (!record.is_in_place) {
    for (uint32_t y = 0; y < stream.height; ++y) {
      std::memcpy(out->data[0] + static_cast<ptrdiff_t>(y) * out->stride[0],
                  in->data[0] + static_cast<ptrdiff_t>(y) * in->stride[0], stream.width);
    }
  }
  const auto cb = static_cast<uint8_t>(std::lround(128 + 32 * look->strength * look->saturation));
  const auto cr = static_cast<uint8_t>(128 + colorizer->variant);
  const uint32_t half_width = (stream.width + 1) / 2, half_height = (stream.height + 1) / 2;
  if (stream.out == CGAN_FORMAT_NV12) {
    fill(*out, 1, half_width, half_height, 2, 0, cb);
    fill(*out, 1, half_width, half_height, 2, 1, cr);
  } else {
    const bool is_full = stream.out == CGAN_FORMAT_Y444;
    const uint32_t width = is_full ? stream.width : half_width;
    const uint32_t height = is_full ? stream.height : half_height;
    fill(*out, 1, width, height, 1, 0, cb);
    fill(*out, 2, width, height, 1, 0, cr);
  }
  return 1;
}

const char* device(const CganColorizer*) {
  return "cpu";
}
const char* precision(const CganColorizer*) {
  return "fp32";
}

}  // namespace

FakeRecord& fake_record() {
  static FakeRecord record;
  return record;
}

CGAN_EXPORT const CganColorizerInterface* cgan_colorizer_interface() {
  static const CganColorizerInterface kInterface = {
      CGAN_COLORIZER_ABI, create, destroy, set_stream, colorize, device, precision};
  return &kInterface;
}
