// How visible the borders of tiles are: the mean step of chroma from one sample to the next across
// them against that everywhere else, of a flat field and of every frame of a film.
//
//   gst-launch-1.0 -q filesrc location=film.mp4 ! decodebin ! videoconvert ! videoscale !
//     video/x-raw,format=GRAY8,width=1440,height=1104 ! filesink location=film.raw
//   tile-seams film.raw 1440 1104 [MODEL [WORK-SIZE]]
//
// The model sees the frame at its own size, or with a short side of WORK-SIZE pixels.

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "model/inference/frozen_generator.h"
#include "plugin/colorizer/cpu/work_copy.h"
#include "plugin/colorizer/network/tiled_network.h"
#include "tests/colorizer/streams.h"

namespace cgan {
namespace {

constexpr double kOverlap = CGAN_DEFAULT_OVERLAP;

/// Samples at which a tile begins or ends.
std::set<int64_t> borders(const std::vector<int64_t>& firsts, int64_t tile, int64_t scale) {
  std::set<int64_t> result;
  for (const int64_t first : firsts) {
    result.insert(first / scale);
    result.insert((first + tile) / scale);
  }
  return result;
}

struct Steps {
  double sum = 0;
  int64_t count = 0;
  void add(float step) {
    sum += std::abs(step);
    ++count;
  }
  double mean() const { return count > 0 ? sum / static_cast<double>(count) : 0.0; }
};

class Seams {
 public:
  Seams(const WorkSize& size, const FrozenGenerator& generator)
      : size_(size), scale_(generator.chroma_scale()) {
    const TileGrid grid(size.padded_width, size.padded_height, size.tile_width, size.tile_height,
                        kOverlap, scale_);
    columns_ = borders(grid.columns(), grid.tile_width(), scale_);
    rows_ = borders(grid.rows(), grid.tile_height(), scale_);
  }

  void add(const TiledNetwork& network, const TiledNetwork::Frame& coloured) {
    const int64_t stride = network.chroma_width();
    const int64_t width = size_.width / scale_, height = size_.height / scale_;
    for (int64_t plane = 0; plane < 2; ++plane) {
      const float* chroma = coloured.chroma().data() + plane * stride * network.chroma_height();
      for (int64_t y = 0; y < height; ++y) {
        for (int64_t x = 0; x < width; ++x) {
          const float* here = chroma + y * stride + x;
          if (x > 0) (columns_.count(x) > 0 ? across_ : elsewhere_).add(here[0] - here[-1]);
          if (y > 0) (rows_.count(y) > 0 ? across_ : elsewhere_).add(here[0] - here[-stride]);
        }
      }
    }
  }

  void print(const char* name) const {
    const double codes = 255;
    std::printf("%-6s across borders %.4f codes, elsewhere %.4f, ratio %.3f\n", name,
                across_.mean() * codes, elsewhere_.mean() * codes,
                across_.mean() / elsewhere_.mean());
  }

 private:
  WorkSize size_;
  int64_t scale_;
  std::set<int64_t> columns_, rows_;
  Steps across_, elsewhere_;
};

int run(const std::string& film, int64_t width, int64_t height, const std::string& model,
        int64_t short_side) {
  const c10::InferenceMode inference;
  const StreamFormat format =
      StreamFormat::from(test::stream_of(width, height, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420, 1));
  const auto generator = FrozenGenerator::create(read_weights(find_weights(model)), {});
  const WorkSize size = work_size_for(width, height, short_side, TiledNetwork::rule(*generator));
  WorkerPool pool(available_processors());
  WorkCopy copy(WorkCopyPlan::of(format, size), pool);
  std::vector<float> work(size.padded_width * size.padded_height);
  const TiledNetwork network(size, *generator, kOverlap, 0);
  TiledNetwork::Frame coloured(network, pool);

  std::ifstream stream(film, std::ios::binary);
  std::vector<uint8_t> frame(width * height, 100);
  const auto seams_of = [&](Seams& seams) {
    const CganFrame planes = {{frame.data(), nullptr, nullptr}, {width, 0, 0}, CGAN_SCAN_FRAME};
    copy.run(view_luma(planes, format), work.data());
    network.colour(work.data(), 0, coloured);
    seams.add(network, coloured);
  };
  Seams flat(size, *generator), real(size, *generator);
  seams_of(flat);
  flat.print("flat");
  int64_t frames = 0;
  while (stream.read(reinterpret_cast<char*>(frame.data()), width * height)) {
    seams_of(real);
    ++frames;
  }
  if (frames == 0) {
    std::cerr << film << " holds no frame of " << width << "x" << height
              << "; name a file of raw GRAY8 frames of that size\n";
    return 1;
  }
  real.print("film");
  return 0;
}

}  // namespace
}  // namespace cgan

int main(int argc, char** argv) {
  if (argc < 4 || argc > 6) {
    std::cerr << "usage: tile-seams FRAMES WIDTH HEIGHT [MODEL [WORK-SIZE]]\n";
    return 2;
  }
  const int64_t width = std::atoll(argv[2]), height = std::atoll(argv[3]);
  try {
    return cgan::run(argv[1], width, height, argc > 4 ? argv[4] : "photo",
                     argc > 5 ? std::atoll(argv[5]) : std::min(width, height));
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
