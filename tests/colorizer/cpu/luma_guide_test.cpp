#include "plugin/colorizer/cpu/luma_guide.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "tests/colorizer/streams.h"
#include "tests/colorizer/synthetic_frame.h"

namespace cgan {
namespace {

using test::SyntheticFrame;

/// The share of a pixel that lies in an area of `step` pixels, by the distance of their centres.
double weight(double distance, int64_t step) {
  return std::clamp(0.5 * static_cast<double>(step + 1) - std::abs(distance), 0.0, 1.0);
}

double slow_luma(SyntheticFrame& frame, const StreamFormat& format, int64_t x, int64_t y) {
  const ChromaGrid grid = format.chroma_grid();
  const double centre_x = grid.first_x + static_cast<double>(x * grid.step_x);
  const double centre_y = grid.first_y + static_cast<double>(y * grid.step_y);
  double sum = 0.0, weights = 0.0;
  const auto left = static_cast<int64_t>(centre_x) - 2, top = static_cast<int64_t>(centre_y) - 2;
  for (int64_t j = top; j < top + 5; ++j) {
    for (int64_t i = left; i < left + 5; ++i) {
      const double w = weight(static_cast<double>(i) + 0.5 - centre_x, grid.step_x) *
                       weight(static_cast<double>(j) + 0.5 - centre_y, grid.step_y);
      if (w == 0.0) continue;
      sum += w * frame.luma(std::clamp<int64_t>(i, 0, format.width - 1),
                            std::clamp<int64_t>(j, 0, format.height - 1));
      weights += w;
    }
  }
  const double code = sum / weights, step = 1 << (format.in.depth - 8);
  const double signal = format.in_range == Range::kFull ? code / ((1 << format.in.depth) - 1)
                                                        : (code - 16.0 * step) / (219.0 * step);
  return std::clamp(signal, 0.0, 1.0);
}

StreamFormat format_of(int64_t width, int64_t height, CganFormat in, CganFormat out, int full_range,
                       CganChromaSite site) {
  CganStreamInfo info = test::stream_of(width, height, in, out, full_range);
  info.chroma_site = site;
  return StreamFormat::from(info);
}

constexpr CganChromaSite kSites[] = {CGAN_CHROMA_CENTRE, CGAN_CHROMA_LEFT, CGAN_CHROMA_TOP,
                                     CGAN_CHROMA_TOP_LEFT};

TEST(LumaGuide, IsTheMeanAroundTheSiteOfEverySampleInEveryFormat) {
  for (const auto& [width, height] :
       {std::pair{1, 1}, {2, 1}, {1, 2}, {16, 16}, {17, 19}, {33, 7}}) {
    for (const PixelFormat& in : kPixelFormats) {
      SyntheticFrame frame(in.format, width, height, 3, 1);
      frame.fill_random(9);
      for (const PixelFormat& out : kPixelFormats) {
        if (!can_become(in, out)) continue;
        for (const CganChromaSite site : kSites) {
          const int full_range = site == CGAN_CHROMA_LEFT;
          const StreamFormat format =
              format_of(width, height, in.format, out.format, full_range, site);
          const LumaGuide guide(LumaGuidePlan::of(format));
          const LumaView view = view_luma(frame.frame(), format);
          std::vector<float> row(format.chroma_grid().width);
          for (int64_t y = 0; y < format.chroma_grid().height; ++y) {
            guide.row(view, y, row.data());
            for (int64_t x = 0; x < format.chroma_grid().width; ++x) {
              // The bits below a code are not looked at in the reference: less than a code.
              ASSERT_NEAR(row[x], slow_luma(frame, format, x, y), in.shift > 0 ? 1.2e-3 : 2e-6)
                  << "at " << x << ", " << y << " of format " << in.format << " in " << out.format;
            }
          }
        }
      }
    }
  }
}

TEST(LumaGuide, IsTheSameAcrossTheChunksOfAWideRow) {
  const int64_t width = 2 * 1000 + 1;
  SyntheticFrame frame(CGAN_FORMAT_GRAY8, width, 3);
  frame.fill_random(4);
  for (const CganChromaSite site : kSites) {
    for (const CganFormat out : {CGAN_FORMAT_I420, CGAN_FORMAT_Y42B, CGAN_FORMAT_Y444}) {
      const StreamFormat format = format_of(width, 3, CGAN_FORMAT_GRAY8, out, 0, site);
      std::vector<float> row(format.chroma_grid().width);
      LumaGuide(LumaGuidePlan::of(format)).row(view_luma(frame.frame(), format), 1, row.data());
      for (size_t x = 0; x < row.size(); x += 17) {
        ASSERT_NEAR(row[x], slow_luma(frame, format, static_cast<int64_t>(x), 1), 2e-6) << x;
      }
    }
  }
}

}  // namespace
}  // namespace cgan
