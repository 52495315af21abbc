#include "plugin/colorizer/cpu/pack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <utility>

#include "tests/colorizer/looks.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/synthetic_frame.h"

namespace cgan {
namespace {

using test::SyntheticFrame;

constexpr CganLook kAsItIs = test::alone();

struct Coding {
  CganMatrix matrix;
  int full_range;
};
constexpr Coding kCodings[] = {{CGAN_MATRIX_BT601, 0},  {CGAN_MATRIX_BT601, 1},
                               {CGAN_MATRIX_BT709, 0},  {CGAN_MATRIX_BT709, 1},
                               {CGAN_MATRIX_BT2020, 0}, {CGAN_MATRIX_BT2020, 1}};

StreamFormat format_of(uint32_t width, uint32_t height, CganFormat out, const Coding& coding) {
  CganStreamInfo info = test::stream_of(width, height, CGAN_FORMAT_GRAY8, out, coding.full_range);
  info.matrix = coding.matrix;
  return StreamFormat::from(info);
}

/// Kr and Kb from the three recommendations.
std::array<double, 2> kr_kb(CganMatrix matrix) {
  if (matrix == CGAN_MATRIX_BT709) return {0.2126, 0.0722};
  if (matrix == CGAN_MATRIX_BT2020) return {0.2627, 0.0593};
  return {0.299, 0.114};
}

/// R'G'B' of a luma and chroma signal.
std::array<double, 3> rgb(double y, double cb, double cr, CganMatrix matrix) {
  const auto [kr, kb] = kr_kb(matrix);
  const double r = y + 2.0 * (1.0 - kr) * cr, b = y + 2.0 * (1.0 - kb) * cb;
  return {r, (y - kr * r - kb * b) / (1.0 - kr - kb), b};
}

double chroma_signal(int code, int full_range) {
  return (code - 128.0) / (full_range != 0 ? 255.0 : 224.0);
}

TEST(Packer, KeepsColoursWithinTheGamutAndTheirHue) {
  std::mt19937 random(21);
  std::uniform_real_distribution<float> anything(-1.0f, 1.0f), unit(0.0f, 1.0f);
  constexpr int64_t kWidth = 600;
  for (const Coding& coding : kCodings) {
    const StreamFormat format = format_of(kWidth, 1, CGAN_FORMAT_Y444, coding);
    const PackPlan plan = PackPlan::of(format);
    const Packer packer(plan);
    ChromaHold hold(plan);
    SyntheticFrame frame(CGAN_FORMAT_Y444, kWidth, 1);
    const FrameView view = view_output(frame.frame(), format);
    std::vector<float> luma(kWidth), cb(kWidth), cr(kWidth);
    for (int64_t x = 0; x < kWidth; ++x) {
      luma[x] = x < 2 ? static_cast<float>(x) : unit(random);
      cb[x] = anything(random);
      cr[x] = anything(random);
    }
    packer.chroma_row(0, 0, luma.data(), cb.data(), cr.data(), plan.look_constants(kAsItIs), hold,
                      view);
    const std::array<double, 4> m = chroma_conversion(Matrix::kBt601, format.matrix);
    for (int64_t x = 0; x < kWidth; ++x) {
      const double out_cb = chroma_signal(frame.at(1, x, 0), coding.full_range);
      const double out_cr = chroma_signal(frame.at(2, x, 0), coding.full_range);
      for (const double channel : rgb(luma[x], out_cb, out_cr, coding.matrix)) {
        // Half a code of rounding, times the largest factor of the matrices.
        ASSERT_GT(channel, -2.5 * 0.5 / 224.0);
        ASSERT_LT(channel, 1.0 + 2.5 * 0.5 / 224.0);
      }
      // Scaled towards neutral: the ratio of Cb to Cr stays, to the rounding of the codes.
      const double wanted_cb = m[0] * cb[x] + m[1] * cr[x], wanted_cr = m[2] * cb[x] + m[3] * cr[x];
      const double length = std::hypot(wanted_cb, wanted_cr);
      ASSERT_NEAR((out_cb * wanted_cr - out_cr * wanted_cb) / length, 0.0, 0.75 / 224.0);
      ASSERT_GE(out_cb * wanted_cb + out_cr * wanted_cr, -1e-2 * length);
    }
  }
}

TEST(Packer, LeavesColoursInsideTheGamutAsTheyAre) {
  for (const Coding& coding : kCodings) {
    const StreamFormat format = format_of(1, 1, CGAN_FORMAT_Y444, coding);
    const PackPlan plan = PackPlan::of(format);
    const Packer packer(plan);
    ChromaHold hold(plan);
    SyntheticFrame frame(CGAN_FORMAT_Y444, 1, 1);
    const FrameView view = view_output(frame.frame(), format);
    const float luma = 0.5f, cb = -0.1f, cr = 0.12f;
    packer.chroma_row(0, 0, &luma, &cb, &cr, plan.look_constants(kAsItIs), hold, view);
    // The same colour differences R' - Y' and B' - Y' of BT.601, expressed in the frame's matrix.
    const auto colour = rgb(0.0, cb, cr, CGAN_MATRIX_BT601);
    const auto [kr, kb] = kr_kb(coding.matrix);
    const double y = kr * colour[0] + (1.0 - kr - kb) * colour[1] + kb * colour[2];
    const double scale = coding.full_range != 0 ? 255.0 : 224.0;
    const double wanted_cb = 128.0 + scale * (colour[2] - y) / (2.0 * (1.0 - kb));
    const double wanted_cr = 128.0 + scale * (colour[0] - y) / (2.0 * (1.0 - kr));
    EXPECT_NEAR(frame.at(1, 0, 0), wanted_cb, 0.51);
    EXPECT_NEAR(frame.at(2, 0, 0), wanted_cr, 0.51);
  }
}

TEST(Packer, WritesNeutralExactlyAtStrengthOrSaturationZero) {
  for (const Coding& coding : kCodings) {
    const StreamFormat format = format_of(64, 2, CGAN_FORMAT_I420, coding);
    const PackPlan plan = PackPlan::of(format);
    const Packer packer(plan);
    ChromaHold hold(plan);
    SyntheticFrame frame(CGAN_FORMAT_I420, 64, 2);
    const FrameView view = view_output(frame.frame(), format);
    std::mt19937 random(5);
    std::uniform_real_distribution<float> value(-1.0f, 1.0f);
    std::vector<float> luma(32), cb(32), cr(32);
    for (int64_t x = 0; x < 32; ++x) {
      luma[x] = std::abs(value(random));
      cb[x] = value(random);
      cr[x] = value(random);
    }
    for (const CganLook& look :
         {test::alone(0.0, 1.0), test::alone(1.0, 0.0), test::alone(0.0, 4.0)}) {
      packer.chroma_row(0, 0, luma.data(), cb.data(), cr.data(), plan.look_constants(look), hold,
                        view);
      for (int64_t x = 0; x < 32; ++x) {
        ASSERT_EQ(frame.at(1, x, 0), 128);
        ASSERT_EQ(frame.at(2, x, 0), 128);
      }
    }
  }
}

TEST(Packer, MixesByStrengthAndMultipliesBySaturation) {
  const StreamFormat format = format_of(1, 1, CGAN_FORMAT_Y444, {CGAN_MATRIX_BT601, 0});
  const PackPlan plan = PackPlan::of(format);
  const Packer packer(plan);
  ChromaHold hold(plan);
  SyntheticFrame frame(CGAN_FORMAT_Y444, 1, 1);
  const FrameView view = view_output(frame.frame(), format);
  const float luma = 0.5f, cb = 0.1f, cr = -0.05f;
  packer.chroma_row(0, 0, &luma, &cb, &cr, plan.look_constants(test::alone(0.5, 1.0)), hold, view);
  EXPECT_EQ(frame.at(1, 0, 0), std::lround(128 + 224 * 0.05));
  EXPECT_EQ(frame.at(2, 0, 0), std::lround(128 - 224 * 0.025));
  packer.chroma_row(0, 0, &luma, &cb, &cr, plan.look_constants(test::alone(1.0, 2.0)), hold, view);
  EXPECT_EQ(frame.at(1, 0, 0), std::lround(128 + 224 * 0.2));
  EXPECT_EQ(frame.at(2, 0, 0), std::lround(128 - 224 * 0.1));
}

TEST(Packer, WarmsMiddleGrayMostAndBlackAndWhiteNotAtAll) {
  const StreamFormat format = format_of(5, 1, CGAN_FORMAT_Y444, {CGAN_MATRIX_BT601, 0});
  const PackPlan plan = PackPlan::of(format);
  const Packer packer(plan);
  ChromaHold hold(plan);
  SyntheticFrame frame(CGAN_FORMAT_Y444, 5, 1);
  const FrameView view = view_output(frame.frame(), format);
  const float luma[] = {0.0f, 0.25f, 0.5f, 0.9f, 1.0f}, none[5] = {};
  CganLook look = test::warm(1.0);
  look.saturation = 0.0;  // of the network's colour alone
  for (const auto& [warmth, strength] : {std::pair{1.0, 1.0}, {-1.0, 1.0}, {0.5, 0.5}}) {
    look.warmth = warmth;
    look.strength = strength;
    packer.chroma_row(0, 0, luma, none, none, plan.look_constants(look), hold, view);
    for (int64_t x = 0; x < 5; ++x) {
      const double shift = 224 * 0.06 * warmth * strength * 4 * luma[x] * (1 - luma[x]);
      EXPECT_EQ(frame.at(1, x, 0), std::lround(128 - shift)) << x;
      EXPECT_EQ(frame.at(2, x, 0), std::lround(128 + shift)) << x;
    }
  }
}

TEST(Packer, LeavesTheSamplesBeforeTheFirstAlone) {
  for (const PixelFormat& out : kPixelFormats) {
    if (!out.has_chroma()) continue;
    const StreamFormat format = format_of(601, 1, out.format, {CGAN_MATRIX_BT601, 0});
    const PackPlan plan = PackPlan::of(format);
    SyntheticFrame whole(out.format, 601, 1), part(out.format, 601, 1);
    part.fill_random_chroma(1);
    const int64_t width = whole.chroma_width(), first = width / 3;
    std::vector<float> luma(width, 0.5f), cb(width, 0.1f), cr(width, -0.1f);
    const auto before = part.bytes(1);
    ChromaHold hold(plan);
    Packer(plan).chroma_row(0, 0, luma.data(), cb.data(), cr.data(), plan.look_constants(kAsItIs),
                            hold, view_output(whole.frame(), format));
    Packer(plan).chroma_row(0, first, luma.data(), cb.data(), cr.data(),
                            plan.look_constants(kAsItIs), hold, view_output(part.frame(), format));
    for (int64_t x = first; x < width; ++x) {
      ASSERT_EQ(part.cb(x, 0), whole.cb(x, 0));
      ASSERT_EQ(part.cr(x, 0), whole.cr(x, 0));
    }
    const int64_t bytes = first * part.row_bytes(1) / width;
    EXPECT_TRUE(std::equal(before.begin(), before.begin() + bytes, part.bytes(1).begin()));
  }
}

/// The colour of BT.601 as the frame's matrix, drawn towards neutral until R'G'B' is within 0..1,
/// as codes: every step of the header in doubles, the last by halving.
std::array<double, 2> slow_codes(double y, double cb, double cr, const Coding& coding,
                                 const CganLook& look, int depth) {
  const double warm = 0.06 * look.warmth * 4.0 * y * (1.0 - y);
  const auto colour =
      rgb(0.0, look.saturation * cb - warm, look.saturation * cr + warm, CGAN_MATRIX_BT601);
  const auto [kr, kb] = kr_kb(coding.matrix);
  const double luma = kr * colour[0] + (1.0 - kr - kb) * colour[1] + kb * colour[2];
  const double to_cb = (colour[2] - luma) / (2.0 * (1.0 - kb));
  const double to_cr = (colour[0] - luma) / (2.0 * (1.0 - kr));
  const auto fits = [&](double factor) {
    const auto inside = [](double channel) { return channel >= 0.0 && channel <= 1.0; };
    const auto channels = rgb(y, factor * to_cb, factor * to_cr, coding.matrix);
    return std::all_of(channels.begin(), channels.end(), inside);
  };
  double factor = 1.0;
  if (!fits(1.0)) {
    double outside = 1.0;
    factor = 0.0;
    for (int i = 0; i < 40; ++i) {
      const double middle = 0.5 * (factor + outside);
      (fits(middle) ? factor : outside) = middle;
    }
  }
  const double step = 1 << (depth - 8), highest = (1 << depth) - 1;
  const bool is_full = coding.full_range != 0;
  const auto code = [&](double signal) {
    const double value = 128.0 * step + (is_full ? highest : 224.0 * step) * signal;
    return std::clamp(value, is_full ? 0.0 : 16.0 * step, is_full ? highest : 240.0 * step);
  };
  return {code(look.strength * factor * to_cb), code(look.strength * factor * to_cr)};
}

TEST(Packer, WritesTheCodesOfTheFormulasToOneStepInEveryFormatMatrixAndRange) {
  std::mt19937 random(11);
  // Within a tenth of a code of black and white the packer has room of its own.
  std::uniform_real_distribution<float> anything(-0.6f, 0.6f), inside(0.001f, 0.999f);
  for (const PixelFormat& out : kPixelFormats) {
    if (!out.has_chroma()) continue;
    for (const Coding& coding : kCodings) {
      for (const CganLook& look : {kAsItIs, test::alone(0.7, 1.6), test::warm(-0.8)}) {
        // Wider than one chunk of the loop, at an odd address.
        const StreamFormat format = format_of(601, 1, out.format, coding);
        const PackPlan plan = PackPlan::of(format);
        SyntheticFrame frame(out.format, 601, 1, 5, 1);
        const int64_t width = frame.chroma_width();
        std::vector<float> luma(width), cb(width), cr(width);
        for (int64_t x = 0; x < width; ++x) {
          luma[x] = inside(random);
          cb[x] = anything(random);
          cr[x] = anything(random);
        }
        ChromaHold hold(plan);
        Packer(plan).chroma_row(0, 0, luma.data(), cb.data(), cr.data(), plan.look_constants(look),
                                hold, view_output(frame.frame(), format));
        for (int64_t x = 0; x < width; ++x) {
          const auto wanted = slow_codes(luma[x], cb[x], cr[x], coding, look, out.depth);
          ASSERT_NEAR(frame.cb(x, 0), wanted[0], 0.52) << "format " << out.format << " at " << x;
          ASSERT_NEAR(frame.cr(x, 0), wanted[1], 0.52) << "format " << out.format << " at " << x;
        }
        ASSERT_TRUE(frame.padding_is_untouched());
      }
    }
  }
}

TEST(Packer, HoldsACodeOrMovesItJustSoFarThatItIsWithinOneOfEightBits) {
  for (const PixelFormat& out : kPixelFormats) {
    if (!out.has_chroma()) continue;
    const StreamFormat format = format_of(2, 2, out.format, {CGAN_MATRIX_BT601, 0});
    const PackPlan plan = PackPlan::of(format);
    const Packer packer(plan);
    ChromaHold hold(plan);
    SyntheticFrame frame(out.format, 2, 2);
    const FrameView view = view_output(frame.frame(), format);
    const int64_t width = frame.chroma_width();
    const double step = 1 << (out.depth - 8);
    const std::vector<float> luma(width, 0.5f);
    // Cb and Cr as codes of eight bits away from neutral.
    const auto write = [&](double cb, double cr) {
      const std::vector<float> blue(width, static_cast<float>(cb / 224));
      const std::vector<float> red(width, static_cast<float>(cr / 224));
      packer.chroma_row(0, 0, luma.data(), blue.data(), red.data(), plan.look_constants(kAsItIs),
                        hold, view);
    };
    const auto expect = [&](double cb, double cr, const char* when) {
      EXPECT_EQ(frame.cb(0, 0), (128 + cb) * step) << when << ", format " << out.format;
      EXPECT_EQ(frame.cr(0, 0), (128 + cr) * step) << when << ", format " << out.format;
    };
    write(10, -5);
    write(11, -6);
    expect(11, -6, "nothing is held at first");
    hold.keep();
    write(12, -7);
    expect(11, -6, "one code beside");
    write(10, -8);
    expect(11, -7, "Cr two codes beside");
    write(13, -7);
    expect(12, -7, "Cb two codes beside");
    hold.forget();
    write(13, -8);
    expect(13, -8, "forgotten");
    hold.keep();
    write(1, -1);
    expect(2, -2, "far away");
    write(0, 0);
    expect(0, 0, "without colour");
    write(1, -1);
    expect(0, 0, "one code beside neutral");
  }
}

TEST(Packer, PutsTheCodesOfP010AndP012AtTheTopAndNothingBelow) {
  for (const CganFormat out : {CGAN_FORMAT_P010_10LE, CGAN_FORMAT_P012_LE}) {
    const StreamFormat format = format_of(2, 2, out, {CGAN_MATRIX_BT601, 0});
    const PackPlan plan = PackPlan::of(format);
    SyntheticFrame frame(out, 2, 2);
    const float luma = 0.5f, cb = 0.1f, cr = -0.1f;
    ChromaHold hold(plan);
    Packer(plan).chroma_row(0, 0, &luma, &cb, &cr, plan.look_constants(kAsItIs), hold,
                            view_output(frame.frame(), format));
    const std::vector<uint8_t> bytes = frame.bytes(1);
    const int bits = bytes[0] | bytes[1] << 8;
    EXPECT_EQ(bits & ((1 << frame.format().shift) - 1), 0);
    EXPECT_NEAR(bits / 65536.0, (128 + 22.4) / 256.0, 1e-3);
  }
}

TEST(Packer, WritesNeutralChromaIntoThePictureOnly) {
  for (const PixelFormat& out : kPixelFormats) {
    if (!out.has_chroma()) continue;
    const StreamFormat format = format_of(7, 5, out.format, {CGAN_MATRIX_BT601, 0});
    const PackPlan plan = PackPlan::of(format);
    SyntheticFrame frame(out.format, 7, 5, 7, 3);
    Packer(plan).write_neutral(view_output(frame.frame(), format));
    for (int64_t y = 0; y < frame.chroma_height(); ++y) {
      for (int64_t x = 0; x < frame.chroma_width(); ++x) {
        ASSERT_EQ(frame.cb(x, y), 1 << (out.depth - 1));
        ASSERT_EQ(frame.cr(x, y), 1 << (out.depth - 1));
      }
    }
    EXPECT_TRUE(frame.padding_is_untouched());
  }
}

}  // namespace
}  // namespace cgan
