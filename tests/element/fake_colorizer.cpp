#include "tests/element/fake_colorizer.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <utility>

#include "plugin/colorizer/format/pixel_format.h"

struct CganColorizer {
  std::string model, device;
  uint64_t variant;
  CganStreamInfo stream;
  std::deque<int> waiting;         // the first code of each frame that was submitted
  std::deque<CganLook> undecided;  // of these the last ones
  bool is_news = false;
};

namespace {

using cgan::find_pixel_format;
using cgan::PixelFormat;

// True after filling `error` if the model's name asks for a failure at `where`.
bool fails(const std::string& model, const std::string& where, CganError* error) {
  if (model.rfind(where, 0) != 0) return false;
  error->kind = static_cast<CganErrorKind>(std::atoi(model.c_str() + where.size()));
  std::snprintf(error->message, sizeof error->message, "The fake fails at %s.", where.c_str());
  std::snprintf(error->details, sizeof error->details, "kind %d", error->kind);
  return true;
}

std::string device_for(const CganSettings& settings) {
  const std::string device = settings.device;
  if (settings.device_passes == 0 || device == "cpu") return "cpu";
  return device == "auto" || device == "cuda" ? "cuda:0" : device;
}

CganColorizer* create(const CganSettings* settings, CganError* error) {
  if (fails(settings->model, "create-", error)) return nullptr;
  FakeRecord& record = fake_record();
  ++record.created;
  ++record.alive;
  record.model = settings->model;
  record.device = settings->device;
  record.settings = *settings;
  return new CganColorizer{
      settings->model, device_for(*settings), settings->variant, {}, {}, {}, false};
}

void destroy(CganColorizer* colorizer) {
  if (colorizer == nullptr) return;
  --fake_record().alive;
  delete colorizer;
}

int set_stream(CganColorizer* colorizer, const CganStreamInfo* info, CganError* error) {
  if (fails(colorizer->model, "stream-", error)) return 0;
  colorizer->stream = *info;
  colorizer->waiting.clear();
  colorizer->undecided.clear();
  fake_record().read.clear();
  ++fake_record().streams;
  fake_record().stream = *info;
  return 1;
}

int read_code(const uint8_t* row, uint32_t x, const PixelFormat& format) {
  const int bits = format.sample_bytes() == 1 ? row[x] : row[2 * x] | row[2 * x + 1] << 8;
  return bits >> format.shift;
}

void write_code(uint8_t* row, uint32_t x, const PixelFormat& format, int code) {
  const int bits = code << format.shift, bytes = format.sample_bytes();
  for (int i = 0; i < bytes; ++i) row[x * bytes + i] = static_cast<uint8_t>(bits >> (8 * i));
}

uint8_t* row_of(const CganFrame& frame, int plane, uint32_t y) {
  return frame.data[plane] + static_cast<ptrdiff_t>(y) * frame.stride[plane];
}

// Black and white of a range.
void ends(int full_range, int depth, double& black, double& white) {
  black = full_range != 0 ? 0.0 : 16 << (depth - 8);
  white = full_range != 0 ? (1 << depth) - 1 : 235 << (depth - 8);
}

// Rows of a picture.
uint32_t rows_of(uint32_t frame_rows, CganScan scan) {
  if (scan == CGAN_SCAN_FRAME) return frame_rows;
  return scan == CGAN_SCAN_TOP_FIELD ? (frame_rows + 1) / 2 : frame_rows / 2;
}

void copy_luma(const CganStreamInfo& stream, const CganFrame& in, const CganFrame& out) {
  const PixelFormat &from = *find_pixel_format(stream.in), &to = *find_pixel_format(stream.out);
  double in_black, in_white, out_black, out_white;
  ends(stream.in_full_range, from.depth, in_black, in_white);
  ends(stream.out_full_range, to.depth, out_black, out_white);
  for (uint32_t y = 0; y < rows_of(stream.height, in.scan); ++y) {
    for (uint32_t x = 0; x < stream.width; ++x) {
      const int code = read_code(row_of(in, 0, y), x, from);
      const double exact =
          out_black + (code - in_black) * (out_white - out_black) / (in_white - in_black);
      const double highest = (1 << to.depth) - 1;
      write_code(row_of(out, 0, y), x, to,
                 static_cast<int>(std::floor(std::clamp(exact, 0.0, highest) + 0.5)));
    }
  }
}

void write_chroma(const CganStreamInfo& stream, const CganFrame& out, int cb, int cr) {
  const PixelFormat& format = *find_pixel_format(stream.out);
  const uint32_t width = (stream.width + format.step_x - 1) / format.step_x;
  const uint32_t height = (rows_of(stream.height, out.scan) + format.step_y - 1) / format.step_y;
  const int first = (format.cr_first ? cr : cb) << (format.depth - 8);
  const int second = (format.cr_first ? cb : cr) << (format.depth - 8);
  const bool is_interleaved = format.layout == cgan::ChromaLayout::kInterleaved;
  for (uint32_t y = 0; y < height; ++y) {
    for (uint32_t x = 0; x < width; ++x) {
      if (is_interleaved) {
        write_code(row_of(out, 1, y), 2 * x, format, first);
        write_code(row_of(out, 1, y), 2 * x + 1, format, second);
      } else {
        write_code(row_of(out, 1, y), x, format, first);
        write_code(row_of(out, 2, y), x, format, second);
      }
    }
  }
}

int first_code(const CganColorizer& colorizer, const CganFrame& in) {
  return read_code(in.data[0], 0, *find_pixel_format(colorizer.stream.in));
}

void look_at(CganColorizer& colorizer, const CganLook& look) {
  fake_record().look = look;
  colorizer.undecided.push_back(look);
}

// The network runs or not, as the look allows, on all pictures but so many of the latest.
void decide(CganColorizer& colorizer, size_t left) {
  for (; colorizer.undecided.size() > left; colorizer.undecided.pop_front()) {
    const bool is_carried = colorizer.undecided.front().carried > 0 && colorizer.model != "cuts";
    ++(is_carried ? fake_record().carried : fake_record().generated);
  }
}

// Pictures that are on their way at once beside the first.
size_t most_undecided(const CganStreamInfo& stream) {
  return stream.interlaced != 0 && stream.delay > 0 ? 2 * stream.delay + 1 : stream.delay;
}

int paint(CganColorizer* colorizer, const CganFrame* in, const CganFrame* out,
          const CganLook* look) {
  const CganStreamInfo& stream = colorizer->stream;
  colorizer->is_news = true;
  FakeRecord& record = fake_record();
  ++record.frames;
  record.scans += "FTB"[in->scan];
  record.in = in->data[0];
  record.out = out->data[0];
  record.is_in_place = record.in == record.out;
  if (!record.is_in_place) copy_luma(stream, *in, *out);
  const auto cb = static_cast<int>(std::lround(128 + 32 * look->strength * look->saturation));
  const auto cr = static_cast<uint8_t>(128 + colorizer->variant);
  write_chroma(stream, *out, cb, cr);
  return 1;
}

int colorize(CganColorizer* colorizer, const CganFrame* in, const CganFrame* out,
             const CganLook* look, CganError* error) {
  if (fails(colorizer->model, "frame-", error)) return 0;
  look_at(*colorizer, *look);
  decide(*colorizer, 0);
  return paint(colorizer, in, out, look);
}

int submit(CganColorizer* colorizer, const CganFrame* in, const CganLook* look, CganError* error) {
  if (fails(colorizer->model, "frame-", error)) return 0;
  look_at(*colorizer, *look);
  decide(*colorizer, most_undecided(colorizer->stream));
  colorizer->waiting.push_back(first_code(*colorizer, *in));
  if (colorizer->stream.memory == CGAN_MEMORY_CUDA) fake_record().read.insert(in->data[0]);
  fake_record().most_waiting = std::max(fake_record().most_waiting, colorizer->waiting.size());
  return 1;
}

int finish(CganColorizer* colorizer, const CganFrame* in, const CganFrame* out,
           const CganLook* look, CganError* error) {
  if (colorizer->waiting.empty()) {
    *error = {CGAN_ERROR_FAILED, "No frame waits.", ""};
    return 0;
  }
  const int submitted = colorizer->waiting.front();
  colorizer->waiting.pop_front();
  decide(*colorizer, colorizer->waiting.size());
  if (in == nullptr) {
    fake_record().read.clear();
    return 1;
  }
  fake_record().read.erase(in->data[0]);
  if (first_code(*colorizer, *in) != submitted) {
    *error = {CGAN_ERROR_FAILED, "Another frame was submitted.", ""};
    return 0;
  }
  fake_record().finish_look = *look;
  return paint(colorizer, in, out, look);
}

void reset(CganColorizer* colorizer) {
  fake_record().read.clear();
  colorizer->waiting.clear();
  colorizer->undecided.clear();
  ++fake_record().resets;
}

uint32_t best_delay(const CganColorizer*) {
  return fake_record().best_delay;
}

const CganCounts* counts(const CganColorizer*) {
  static CganCounts counts;
  const auto frames = static_cast<uint64_t>(fake_record().frames);
  counts = {frames,
            static_cast<uint64_t>(fake_record().generated),
            1,
            static_cast<uint64_t>(fake_record().carried),
            3,
            4000000 * frames,
            2000000 * frames,
            1000000 * frames,
            1000000 * frames};
  return &counts;
}

const char* device(const CganColorizer* colorizer) {
  return colorizer->device.c_str();
}
const char* precision(const CganColorizer*) {
  return "fp32";
}

void mark(CganColorizer*) {
  ++fake_record().marks;
}

const void* state(const CganColorizer* colorizer, size_t* size, int* changes_shot) {
  const bool is_there = colorizer->model == "states";
  *size = is_there ? colorizer->model.size() : 0;
  *changes_shot = is_there ? 1 : 0;
  return is_there ? colorizer->model.data() : nullptr;
}

int restore(CganColorizer* colorizer, const void* state, size_t size, CganError* error) {
  if (fails(colorizer->model, "restore-", error)) return 0;
  fake_record().restored.assign(static_cast<const char*>(state), size);
  return 1;
}

int takes_memory(const CganColorizer* colorizer, CganMemory memory) {
  return memory == CGAN_MEMORY_HOST || colorizer->device != "cpu" ? 1 : 0;
}

const char* notice(CganColorizer* colorizer) {
  const bool is_news = std::exchange(colorizer->is_news, false);
  return colorizer->model == "notice" && is_news ? "The fake gave something up." : nullptr;
}

const char* warning(const CganColorizer* colorizer) {
  return colorizer->model == "warning" ? "The fake warns." : nullptr;
}

}  // namespace

FakeRecord& fake_record() {
  static FakeRecord record;
  return record;
}

CGAN_EXPORT const CganColorizerInterface* cgan_colorizer_interface() {
  static const CganColorizerInterface kInterface = {CGAN_COLORIZER_ABI,
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
  return &kInterface;
}
