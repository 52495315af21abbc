// Frames of every format, size, stride and look through the C interface, with a tiny network of
// random weights. Planes are buffers of exactly their size, so that AddressSanitizer sees a pass
// that leaves them; luma that keeps depth and range must come out as it went in.

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/rand.h>
#include <fuzzer/FuzzedDataProvider.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "model/networks/tensor_shapes.h"
#include "model/weights/weights.h"
#include "plugin/colorizer/format/pixel_format.h"
#include "plugin/colorizer/interface/colorizer_interface.h"
#include "tests/fuzz/seeds.h"

extern "C" const CganColorizerInterface* cgan_colorizer_interface(void);

namespace cgan {
namespace {

constexpr uint32_t kLargestSide = 70;
constexpr int kMostFrames = 4;

std::string write_tiny_generator() {
  ReportGeneratorOptions options;
  options.widths = {2, 2, 2, 2, 2};
  Weights weights;
  weights.header = {"report-generator",
                    R"({"tile":32,"widths":[2,2,2,2,2],"upsampling":"subpixel","dropout":0.5})",
                    "rgb", "{}"};
  options.upsampling = Upsampling::kSubpixel;
  const auto random = at::detail::createCPUGenerator(1);
  for (const auto& [name, shape] : tensor_shapes(options))
    weights.tensors[name] = at::rand(shape, random);
  const auto path = (std::filesystem::temp_directory_path() /
                     ("stream-fuzz-" + std::to_string(::getpid()) + ".safetensors"))
                        .string();
  write_weights(path, weights, StorageType::kFloat32);
  return path;
}

const CganColorizerInterface& interface() {
  return *cgan_colorizer_interface();
}

CganColorizer* make_colorizer(uint32_t lookahead) {
  const auto path = write_tiny_generator();
  CganSettings settings{};
  settings.model = path.c_str();
  settings.device = "cpu";
  settings.precision = CGAN_PRECISION_FP32;
  settings.threads = 1;
  settings.overlap = 0.25;
  settings.lookahead = lookahead;
  CganError error{};
  CganColorizer* colorizer = interface().create(&settings, &error);
  std::filesystem::remove(path);
  if (!colorizer) {
    std::fprintf(stderr, "%s %s\n", error.message, error.details);
    std::abort();
  }
  return colorizer;
}

/// A frame whose planes end with the last sample.
class Frame {
 public:
  Frame(const PixelFormat& format, uint32_t width, uint32_t height, FuzzedDataProvider& input) {
    add_plane(width * format.sample_bytes(), height, input);
    if (!format.has_chroma()) return;
    const uint32_t columns = (width + format.step_x - 1) / format.step_x;
    const uint32_t rows = (height + format.step_y - 1) / format.step_y;
    const bool interleaved = format.layout == ChromaLayout::kInterleaved;
    for (int plane = 0; plane < (interleaved ? 1 : 2); ++plane)
      add_plane(columns * format.sample_bytes() * (interleaved ? 2 : 1), rows, input);
  }

  const CganFrame& view() const { return view_; }
  const uint8_t* luma_row(uint32_t y) const { return view_.data[0] + y * view_.stride[0]; }

 private:
  void add_plane(size_t row_bytes, uint32_t rows, FuzzedDataProvider& input) {
    const size_t stride = row_bytes + input.ConsumeIntegralInRange<size_t>(0, 5);
    const size_t size = stride * (rows - 1) + row_bytes;
    auto& plane = planes_[count_];
    plane = std::make_unique<uint8_t[]>(size);
    const auto begin = input.ConsumeBytes<uint8_t>(std::min<size_t>(size, 32));
    for (size_t i = 0; i < size && !begin.empty(); ++i)
      plane[i] = static_cast<uint8_t>(begin[i % begin.size()] + i / begin.size());
    view_.data[count_] = plane.get();
    view_.stride[count_++] = static_cast<ptrdiff_t>(stride);
  }

  std::array<std::unique_ptr<uint8_t[]>, 3> planes_;
  CganFrame view_{};
  int count_ = 0;
};

CganStreamInfo any_stream(FuzzedDataProvider& input) {
  CganStreamInfo info{};
  info.width = input.ConsumeIntegralInRange<uint32_t>(1, kLargestSide);
  info.height = input.ConsumeIntegralInRange<uint32_t>(1, kLargestSide);
  constexpr int kLastFormat = static_cast<int>(kPixelFormats.size()) - 1;
  info.in = static_cast<CganFormat>(input.ConsumeIntegralInRange(0, kLastFormat));
  info.out = static_cast<CganFormat>(input.ConsumeIntegralInRange(0, kLastFormat));
  info.matrix = static_cast<CganMatrix>(input.ConsumeIntegralInRange(0, 2));
  info.in_full_range = input.ConsumeBool();
  info.out_full_range = input.ConsumeBool();
  info.chroma_site = static_cast<CganChromaSite>(input.ConsumeIntegralInRange(0, 3));
  info.in_chroma_site = static_cast<CganChromaSite>(input.ConsumeIntegralInRange(0, 3));
  info.delay = input.ConsumeIntegralInRange<uint32_t>(0, 2);
  return info;
}

CganLook any_look(FuzzedDataProvider& input) {
  CganLook look{};
  look.strength = input.ConsumeFloatingPointInRange(0.0, 1.0);
  look.saturation = input.ConsumeFloatingPointInRange(0.0, CGAN_LARGEST_SATURATION);
  look.temporal = input.ConsumeFloatingPointInRange(0.0, 1.0);
  look.cut_threshold = input.ConsumeFloatingPointInRange(0.0, 1.0);
  look.carried = input.ConsumeIntegralInRange<uint32_t>(0, 3);
  look.uncertain = input.ConsumeFloatingPointInRange(0.0, 1.0);
  look.vividness = input.ConsumeFloatingPointInRange(-1.0, 1.0);
  look.warmth = input.ConsumeFloatingPointInRange(-1.0, 1.0);
  look.split = input.ConsumeFloatingPointInRange(0.0, 1.0);
  look.on_colour = input.ConsumeBool() ? CGAN_ON_COLOUR_KEEP : CGAN_ON_COLOUR_RECOLOUR;
  return look;
}

void expect_luma_kept(const CganStreamInfo& info, const PixelFormat& in, const PixelFormat& out,
                      const Frame& before, const Frame& after) {
  const bool same_codes =
      in.depth == out.depth && in.shift == out.shift && info.in_full_range == info.out_full_range;
  // Codes fill the bits of a sample only where none lie below or above.
  if (!same_codes || in.depth != 8) return;
  for (uint32_t y = 0; y < info.height; ++y)
    if (std::memcmp(before.luma_row(y), after.luma_row(y), info.width) != 0) std::abort();
}

/// All frames of a stream in order: at once, or submitted ahead as far as the stream allows.
void colour(CganColorizer* colorizer, uint32_t lookahead, FuzzedDataProvider& input) {
  const auto info = any_stream(input);
  CganError error{};
  if (!interface().set_stream(colorizer, &info, &error)) {
    if (error.kind == CGAN_ERROR_NONE || error.message[0] == '\0') std::abort();
    return;
  }
  const auto& in = *find_pixel_format(info.in);
  const auto& out = *find_pixel_format(info.out);
  const auto look = any_look(input);
  const bool ahead = input.ConsumeBool();
  std::vector<Frame> frames;
  const int count = input.ConsumeIntegralInRange(1, kMostFrames);
  for (int i = 0; i < count; ++i) frames.emplace_back(in, info.width, info.height, input);

  const size_t most_waiting = lookahead + info.delay + 1;
  size_t submitted = 0;
  for (size_t i = 0; i < frames.size(); ++i) {
    Frame coloured(out, info.width, info.height, input);
    int good = 1;
    if (ahead) {
      while (good && submitted < frames.size() && submitted - i < most_waiting)
        good = interface().submit(colorizer, &frames[submitted++].view(), &look, &error);
      if (!good) std::abort();
      good = interface().finish(colorizer, &frames[i].view(), &coloured.view(), &look, &error);
    } else {
      good = interface().colorize(colorizer, &frames[i].view(), &coloured.view(), &look, &error);
    }
    if (!good) {
      std::fprintf(stderr, "%s %s\n", error.message, error.details);
      std::abort();
    }
    expect_luma_kept(info, in, out, frames[i], coloured);
  }
}

}  // namespace
}  // namespace cgan

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  std::vector<std::string> seeds;
  for (int length : {64, 256, 1024}) {
    std::string seed(length, '\0');
    for (int i = 0; i < length; ++i) seed[i] = static_cast<char>(i * 37 + length);
    seeds.push_back(seed);
  }
  cgan::test::write_seeds_if_asked(*argc, *argv, seeds);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static CganColorizer* const alone = cgan::make_colorizer(0);
  static CganColorizer* const ahead = cgan::make_colorizer(2);
  FuzzedDataProvider input(data, size);
  const bool looks_ahead = input.ConsumeBool();
  cgan::colour(looks_ahead ? ahead : alone, looks_ahead ? 2 : 0, input);
  return 0;
}
