#include "plugin/colorizer/interface/colorizer_interface.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <gtest/gtest.h>
#include <torch/cuda.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/colorizer/looks.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/synthetic_frame.h"

extern "C" const CganColorizerInterface* cgan_colorizer_interface(void);

namespace cgan {
namespace {

using test::stream_of;
using test::SyntheticFrame;

constexpr CganLook kAsItIs = test::alone();

const CganColorizerInterface& interface() {
  return *cgan_colorizer_interface();
}

CganSettings good_settings() {
  return {"cifar10", "cpu", CGAN_PRECISION_AUTO, 0, 0.5, 0, 1, 0, 0, 0, 0};
}

/// A colorizer that is destroyed with the test.
struct Owned {
  explicit Owned(const CganSettings& settings = good_settings())
      : colorizer(interface().create(&settings, &error)) {}
  ~Owned() { interface().destroy(colorizer); }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  CganError error{};
  CganColorizer* colorizer;
};

/// A frame's planes on the first card, padding included.
class OnCard {
 public:
  explicit OnCard(SyntheticFrame& of) : frame_(of.frame()) {
    for (int plane = 0; plane < 3; ++plane) {
      if (of.frame().data[plane] == nullptr) continue;
      planes_[plane] = on_host(of, plane).cuda();
      frame_.data[plane] = planes_[plane].data_ptr<uint8_t>();
    }
    torch::cuda::synchronize();
  }
  const CganFrame& frame() const { return frame_; }
  void fetch(SyntheticFrame& to) const {
    for (int plane = 0; plane < 3; ++plane)
      if (planes_[plane].defined()) on_host(to, plane).copy_(planes_[plane]);
  }

 private:
  static at::Tensor on_host(SyntheticFrame& of, int plane) {
    return at::from_blob(of.frame().data[plane], {of.rows(plane), of.frame().stride[plane]},
                         at::kByte);
  }

  CganFrame frame_;
  at::Tensor planes_[3];
};

void expect_error(const CganError& error, CganErrorKind kind) {
  EXPECT_EQ(error.kind, kind) << error.message << " | " << error.details;
  EXPECT_GT(std::strlen(error.message), 0u);
  EXPECT_LT(std::strlen(error.message), sizeof error.message);
  // The sentence is for a user: no backtrace of the library in it.
  EXPECT_EQ(std::strstr(error.message, "frame #"), nullptr);
  EXPECT_EQ(std::strstr(error.details, "frame #"), nullptr) << error.details;
}

void expect_refused(const CganSettings& settings, CganErrorKind kind) {
  CganError error{};
  CganColorizer* colorizer = interface().create(&settings, &error);
  EXPECT_EQ(colorizer, nullptr);
  interface().destroy(colorizer);
  expect_error(error, kind);
}

TEST(ColorizerInterface, HasTheVersionOfItsHeader) {
  EXPECT_EQ(interface().abi, static_cast<uint32_t>(CGAN_COLORIZER_ABI));
}

TEST(ColorizerInterface, ColoursAFrame) {
  Owned owned;
  ASSERT_NE(owned.colorizer, nullptr) << owned.error.message;
  EXPECT_EQ(owned.error.kind, CGAN_ERROR_NONE);
  EXPECT_STREQ(interface().device(owned.colorizer), "cpu");
  EXPECT_STREQ(interface().precision(owned.colorizer), "fp32");
  const CganStreamInfo info = stream_of(81, 49, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420);
  ASSERT_TRUE(interface().set_stream(owned.colorizer, &info, &owned.error));
  SyntheticFrame in(CGAN_FORMAT_GRAY8, 81, 49, 7), out(CGAN_FORMAT_I420, 81, 49, 3);
  in.fill_scene(1);
  ASSERT_TRUE(
      interface().colorize(owned.colorizer, &in.frame(), &out.frame(), &kAsItIs, &owned.error));
  EXPECT_EQ(in.bytes(0), out.bytes(0));
  EXPECT_TRUE(out.padding_is_untouched());
}

TEST(ColorizerInterface, RunsInBf16OnTheCpu) {
  CganSettings settings = good_settings();
  settings.precision = CGAN_PRECISION_BF16;
  Owned owned(settings);
  ASSERT_NE(owned.colorizer, nullptr) << owned.error.message << owned.error.details;
  EXPECT_STREQ(interface().precision(owned.colorizer), "bf16");
  const CganStreamInfo info = stream_of(40, 30, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420);
  EXPECT_TRUE(interface().set_stream(owned.colorizer, &info, &owned.error)) << owned.error.details;
}

TEST(ColorizerInterface, NamesAModelThatDoesNotExist) {
  CganSettings settings = good_settings();
  settings.model = "no-such-model";
  expect_refused(settings, CGAN_ERROR_MODEL_NOT_FOUND);
  settings.model = "/no/such/file.safetensors";
  expect_refused(settings, CGAN_ERROR_MODEL_NOT_FOUND);
}

TEST(ColorizerInterface, TellsADamagedModelFromAnUnreadableOne) {
  const std::string path = testing::TempDir() + "damaged.safetensors";
  std::ofstream(path) << "this is not a model";
  CganSettings settings = good_settings();
  settings.model = path.c_str();
  expect_refused(settings, CGAN_ERROR_MODEL_INVALID);
  std::remove(path.c_str());
  const std::string folder = testing::TempDir();  // exists, but is not a file that can be read
  settings.model = folder.c_str();
  expect_refused(settings, CGAN_ERROR_MODEL_UNREADABLE);
}

TEST(ColorizerInterface, RefusesSettingsOutsideTheirRange) {
  CganSettings settings = good_settings();
  settings.overlap = 0.8;
  expect_refused(settings, CGAN_ERROR_SETTINGS);
  settings.overlap = std::nan("");
  expect_refused(settings, CGAN_ERROR_SETTINGS);
  settings = good_settings();
  settings.lookahead = 13;
  expect_refused(settings, CGAN_ERROR_SETTINGS);
  settings = good_settings();
  settings.threads = 1000000;
  expect_refused(settings, CGAN_ERROR_SETTINGS);
  settings = good_settings();
  settings.work_size = 4000000000u;
  expect_refused(settings, CGAN_ERROR_SETTINGS);
  settings = good_settings();
  settings.precision = static_cast<CganPrecision>(17);
  expect_refused(settings, CGAN_ERROR_SETTINGS);
  settings = good_settings();
  settings.model = nullptr;
  expect_refused(settings, CGAN_ERROR_SETTINGS);
  settings = good_settings();
  for (const char* device : {"gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:0123456789", "CPU", ""}) {
    settings.device = device;
    expect_refused(settings, CGAN_ERROR_SETTINGS);
  }
}

TEST(ColorizerInterface, RefusesFp16OnTheCpu) {
  CganSettings settings = good_settings();
  settings.precision = CGAN_PRECISION_FP16;
  expect_refused(settings, CGAN_ERROR_SETTINGS);
}

TEST(ColorizerInterface, HoldsFramesWithALookaheadAndLetsThemGoUncoloured) {
  CganSettings settings = good_settings();
  Owned without(settings);
  settings.lookahead = 1;
  Owned owned(settings);
  const CganStreamInfo info = stream_of(64, 48, CGAN_FORMAT_GRAY8, CGAN_FORMAT_Y444);
  SyntheticFrame in(CGAN_FORMAT_GRAY8, 64, 48), out(CGAN_FORMAT_Y444, 64, 48);
  in.fill_scene(1);
  CganError error{};
  const auto& library = interface();
  ASSERT_TRUE(library.set_stream(without.colorizer, &info, &error));
  ASSERT_TRUE(library.submit(without.colorizer, &in.frame(), &kAsItIs, &error));
  EXPECT_FALSE(library.submit(without.colorizer, &in.frame(), &kAsItIs, &error));
  expect_error(error, CGAN_ERROR_SETTINGS);
  ASSERT_TRUE(library.set_stream(owned.colorizer, &info, &error));
  ASSERT_TRUE(library.submit(owned.colorizer, &in.frame(), &kAsItIs, &error));
  ASSERT_TRUE(library.submit(owned.colorizer, &in.frame(), &kAsItIs, &error));
  EXPECT_TRUE(library.finish(owned.colorizer, nullptr, nullptr, nullptr, &error));
  EXPECT_TRUE(library.finish(owned.colorizer, &in.frame(), &out.frame(), &kAsItIs, &error));
  EXPECT_EQ(out.bytes(0), in.bytes(0));
  EXPECT_FALSE(library.finish(owned.colorizer, &in.frame(), &out.frame(), &kAsItIs, &error));
  expect_error(error, CGAN_ERROR_FRAME);
}

TEST(ColorizerInterface, RefusesInt8OfANetworkThatHasNone) {
  CganSettings settings = good_settings();
  settings.precision = CGAN_PRECISION_INT8;
  expect_refused(settings, CGAN_ERROR_MODEL_INVALID);
}

TEST(ColorizerInterface, SaysWhyThereIsNoCuda) {
  if (torch::cuda::is_available()) GTEST_SKIP() << "this machine has a CUDA card";
  CganSettings settings = good_settings();
  for (const char* device : {"cuda", "cuda:0", "cuda:3"}) {
    settings.device = device;
    expect_refused(settings, CGAN_ERROR_DEVICE);
  }
  settings.device = "auto";
  Owned owned(settings);
  ASSERT_NE(owned.colorizer, nullptr);
  EXPECT_STREQ(interface().device(owned.colorizer), "cpu");
}

TEST(ColorizerInterface, RunsOnACudaCard) {
  if (!torch::cuda::is_available()) GTEST_SKIP() << "no CUDA card";
  for (const CganPrecision precision : {CGAN_PRECISION_FP32, CGAN_PRECISION_AUTO}) {
    CganSettings settings = good_settings();
    settings.device = "cuda";
    settings.precision = precision;
    Owned card(settings), cpu;
    ASSERT_NE(card.colorizer, nullptr) << card.error.message;
    EXPECT_STREQ(interface().device(card.colorizer), "cuda:0");
    const CganStreamInfo info = stream_of(200, 150, CGAN_FORMAT_GRAY8, CGAN_FORMAT_Y444);
    SyntheticFrame in(CGAN_FORMAT_GRAY8, 200, 150), on_card(CGAN_FORMAT_Y444, 200, 150),
        on_cpu(CGAN_FORMAT_Y444, 200, 150);
    in.fill_scene(1);
    for (auto [owned, out] : {std::pair{&card, &on_card}, {&cpu, &on_cpu}}) {
      ASSERT_TRUE(interface().set_stream(owned->colorizer, &info, &owned->error));
      ASSERT_TRUE(interface().colorize(owned->colorizer, &in.frame(), &out->frame(), &kAsItIs,
                                       &owned->error));
    }
    // fp16 has eleven bits through nine layers: some codes differ, none by much.
    const int allowed = precision == CGAN_PRECISION_FP32 ? 1 : 4;
    for (int plane = 1; plane < 3; ++plane) {
      const auto wanted = on_cpu.bytes(plane), found = on_card.bytes(plane);
      for (size_t i = 0; i < wanted.size(); ++i) ASSERT_NEAR(found[i], wanted[i], allowed);
    }
  }
}

TEST(ColorizerInterface, RefusesFramesOnACardWhereThePassesDoNotRunThere) {
  Owned owned;
  EXPECT_EQ(interface().takes_memory(owned.colorizer, CGAN_MEMORY_HOST), 1);
  EXPECT_EQ(interface().takes_memory(owned.colorizer, CGAN_MEMORY_CUDA), 0);
  EXPECT_EQ(interface().takes_memory(nullptr, CGAN_MEMORY_HOST), 0);
  CganStreamInfo info = stream_of(64, 48, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420);
  info.memory = CGAN_MEMORY_CUDA;
  EXPECT_FALSE(interface().set_stream(owned.colorizer, &info, &owned.error));
  expect_error(owned.error, CGAN_ERROR_SETTINGS);
  EXPECT_NE(std::strstr(owned.error.message, "device-passes"), nullptr) << owned.error.message;
}

TEST(ColorizerInterface, ColoursFramesOnACardAsThoseOnTheHost) {
  if (!torch::cuda::is_available()) GTEST_SKIP() << "no CUDA card";
  CganSettings settings = good_settings();
  settings.device = "cuda";
  settings.device_passes = 1;
  Owned owned(settings);
  if (owned.colorizer == nullptr) GTEST_SKIP() << owned.error.message;
  for (const CganFormat format : {CGAN_FORMAT_NV12, CGAN_FORMAT_P010_10LE, CGAN_FORMAT_Y444}) {
    SyntheticFrame in(format, 64, 48, 3), wanted(format, 64, 48, 5), found(format, 64, 48, 7);
    in.fill_scene(5);
    CganStreamInfo info = stream_of(64, 48, format, format);
    ASSERT_TRUE(interface().set_stream(owned.colorizer, &info, &owned.error));
    ASSERT_TRUE(interface().colorize(owned.colorizer, &in.frame(), &wanted.frame(), &kAsItIs,
                                     &owned.error));
    info.memory = CGAN_MEMORY_CUDA;
    ASSERT_TRUE(interface().set_stream(owned.colorizer, &info, &owned.error));
    OnCard card_in(in), card_out(found);
    ASSERT_TRUE(interface().colorize(owned.colorizer, &card_in.frame(), &card_out.frame(), &kAsItIs,
                                     &owned.error))
        << owned.error.message << owned.error.details;
    card_out.fetch(found);
    for (int plane = 0; plane < 3; ++plane) EXPECT_EQ(wanted.bytes(plane), found.bytes(plane));
    EXPECT_TRUE(found.padding_is_untouched());
  }
}

TEST(ColorizerInterface, ColoursFilmsOnACardAsWithThePassesOnTheCpu) {
  if (!torch::cuda::is_available()) GTEST_SKIP() << "no CUDA card";
  for (const char* model : {"photo", "cifar10"}) {
    for (const CganPrecision precision : {CGAN_PRECISION_FP32, CGAN_PRECISION_FP16}) {
      CganSettings settings = good_settings();
      settings.model = model;
      settings.device = "cuda";
      settings.precision = precision;
      Owned by_cpu(settings);
      settings.device_passes = 1;
      Owned by_card(settings);
      if (by_card.colorizer == nullptr) GTEST_SKIP() << by_card.error.message;
      const CganStreamInfo info = stream_of(320, 180, CGAN_FORMAT_GRAY8, CGAN_FORMAT_Y444);
      const CganLook look = test::steady(1, 0.3);
      for (Owned* owned : {&by_cpu, &by_card})
        ASSERT_TRUE(interface().set_stream(owned->colorizer, &info, &owned->error))
            << owned->error.message << owned->error.details;
      for (uint32_t frame = 0; frame < 6; ++frame) {
        SyntheticFrame in(CGAN_FORMAT_GRAY8, 320, 180);
        in.fill_scene(1 + frame / 4);
        SyntheticFrame wanted(CGAN_FORMAT_Y444, 320, 180), found(CGAN_FORMAT_Y444, 320, 180);
        for (auto [owned, out] : {std::pair{&by_cpu, &wanted}, {&by_card, &found}})
          ASSERT_TRUE(interface().colorize(owned->colorizer, &in.frame(), &out->frame(), &look,
                                           &owned->error))
              << owned->error.message << owned->error.details;
        EXPECT_EQ(found.bytes(0), wanted.bytes(0));
        const int allowed = precision == CGAN_PRECISION_FP32 ? 1 : 2;
        for (int plane = 1; plane < 3; ++plane) {
          const auto codes = wanted.bytes(plane), on_card = found.bytes(plane);
          for (size_t i = 0; i < codes.size(); ++i)
            ASSERT_NEAR(on_card[i], codes[i], allowed) << model << ", frame " << frame;
        }
      }
      EXPECT_EQ(interface().notice(by_card.colorizer), nullptr);
    }
  }
}

TEST(ColorizerInterface, GivesNoNoticeWhereNothingIsGivenUp) {
  Owned owned;
  EXPECT_EQ(interface().notice(owned.colorizer), nullptr);
  EXPECT_EQ(interface().notice(nullptr), nullptr);
}

TEST(ColorizerInterface, RefusesStreamsThatContradictThemselves) {
  Owned owned;
  const CganStreamInfo good = stream_of(64, 48, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420);
  const auto expect_bad = [&](const CganStreamInfo& info) {
    EXPECT_FALSE(interface().set_stream(owned.colorizer, &info, &owned.error));
    expect_error(owned.error, CGAN_ERROR_FRAME);
  };
  CganStreamInfo bad = good;
  bad.width = 0;
  expect_bad(bad);
  bad = good;
  bad.height = 16385;
  expect_bad(bad);
  bad = good;
  bad.out = CGAN_FORMAT_GRAY8;
  expect_bad(bad);
  bad = good;
  for (const int value : {-1, 99}) {
    bad = good;
    bad.in = static_cast<CganFormat>(value);
    expect_bad(bad);
    bad = good;
    bad.out = static_cast<CganFormat>(value);
    expect_bad(bad);
    bad = good;
    bad.chroma_site = static_cast<CganChromaSite>(value);
    expect_bad(bad);
    bad = good;
    bad.in_chroma_site = static_cast<CganChromaSite>(value);
    expect_bad(bad);
  }
  bad = good;
  bad.in = CGAN_FORMAT_I420_10LE;  // more bits than the output has
  expect_bad(bad);
  bad = good;
  bad.matrix = static_cast<CganMatrix>(9);
  expect_bad(bad);
  bad = good;
  bad.memory = static_cast<CganMemory>(2);
  expect_bad(bad);
}

TEST(ColorizerInterface, RefusesFramesThatContradictTheStream) {
  Owned owned;
  SyntheticFrame in(CGAN_FORMAT_I420, 64, 48), out(CGAN_FORMAT_NV12, 64, 48);
  const auto expect_bad = [&](const CganFrame& source, const CganFrame& target) {
    EXPECT_FALSE(interface().colorize(owned.colorizer, &source, &target, &kAsItIs, &owned.error));
    expect_error(owned.error, CGAN_ERROR_FRAME);
  };
  expect_bad(in.frame(), out.frame());  // no stream yet
  const CganStreamInfo info = stream_of(64, 48, CGAN_FORMAT_I420, CGAN_FORMAT_NV12);
  ASSERT_TRUE(interface().set_stream(owned.colorizer, &info, &owned.error));

  CganFrame bad = in.frame();
  bad.data[0] = nullptr;
  expect_bad(bad, out.frame());
  bad = in.frame();
  bad.stride[0] = 63;
  expect_bad(bad, out.frame());
  bad.stride[0] = -64;
  expect_bad(bad, out.frame());
  bad = out.frame();
  bad.data[1] = nullptr;
  expect_bad(in.frame(), bad);
  bad = out.frame();
  bad.stride[1] = 32;  // Cb and Cr together need 64
  expect_bad(in.frame(), bad);
  bad = out.frame();
  bad.data[0] = in.frame().data[0];
  bad.stride[0] = in.frame().stride[0] + 1;
  expect_bad(in.frame(), bad);
}

TEST(ColorizerInterface, RefusesFramesOfEveryFormatThatLackAPlaneOrAByteOfARow) {
  Owned owned;
  for (const PixelFormat& format : kPixelFormats) {
    const CganFormat out_format = format.has_chroma() ? format.format : CGAN_FORMAT_Y444_12LE;
    SyntheticFrame in(format.format, 17, 19), out(out_format, 17, 19);
    const CganStreamInfo info = stream_of(17, 19, format.format, out_format);
    ASSERT_TRUE(interface().set_stream(owned.colorizer, &info, &owned.error));
    const auto expect_bad = [&](const CganFrame& source, const CganFrame& target) {
      EXPECT_FALSE(interface().colorize(owned.colorizer, &source, &target, &kAsItIs, &owned.error));
      expect_error(owned.error, CGAN_ERROR_FRAME);
    };
    CganFrame bad;
    for (int plane = 0; plane < 3 && in.row_bytes(plane) > 0; ++plane) {
      bad = in.frame();
      bad.data[plane] = nullptr;
      expect_bad(bad, out.frame());
      bad = in.frame();
      --bad.stride[plane];
      expect_bad(bad, out.frame());
    }
    for (int plane = 0; plane < 3 && out.row_bytes(plane) > 0; ++plane) {
      bad = out.frame();
      bad.data[plane] = nullptr;
      expect_bad(in.frame(), bad);
      bad = out.frame();
      --bad.stride[plane];
      expect_bad(in.frame(), bad);
    }
  }
}

TEST(ColorizerInterface, RefusesToChangeDepthOrRangeInPlace) {
  Owned owned;
  SyntheticFrame frame(CGAN_FORMAT_Y444_12LE, 32, 32);
  const auto expect_bad = [&](const CganStreamInfo& info) {
    ASSERT_TRUE(interface().set_stream(owned.colorizer, &info, &owned.error));
    EXPECT_FALSE(interface().colorize(owned.colorizer, &frame.frame(), &frame.frame(), &kAsItIs,
                                      &owned.error));
    expect_error(owned.error, CGAN_ERROR_FRAME);
  };
  expect_bad(stream_of(32, 32, CGAN_FORMAT_I420, CGAN_FORMAT_I420_10LE));
  expect_bad(stream_of(32, 32, CGAN_FORMAT_I420_10LE, CGAN_FORMAT_P010_10LE));
  CganStreamInfo info = stream_of(32, 32, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420);
  info.in_full_range = 1;
  expect_bad(info);
}

TEST(ColorizerInterface, WritesNeutralChromaWhereTheLookIsRefused) {
  Owned owned;
  const CganStreamInfo info = stream_of(64, 48, CGAN_FORMAT_GRAY8, CGAN_FORMAT_Y444);
  ASSERT_TRUE(interface().set_stream(owned.colorizer, &info, &owned.error));
  CganLook looks[] = {
      test::alone(-0.1),         test::alone(1.1),          test::alone(1.0, 4.1),
      test::alone(std::nan("")), test::steady(0, 0.0, 1.1), test::steady(0, 0.0, 0.5, -0.1),
      test::steady(3, 2.0),      test::warm(-1.1),          test::warm(std::nan("")),
      test::split(-0.1),         test::split(1.1),          test::vivid(-1.1),
      test::vivid(1.1),          test::vivid(std::nan("")), test::alone(),
  };
  looks[std::size(looks) - 1].on_colour = static_cast<CganOnColour>(2);
  for (const CganLook& look : looks) {
    SyntheticFrame in(CGAN_FORMAT_GRAY8, 64, 48), out(CGAN_FORMAT_Y444, 64, 48);
    in.fill_scene(1);
    EXPECT_FALSE(
        interface().colorize(owned.colorizer, &in.frame(), &out.frame(), &look, &owned.error));
    expect_error(owned.error, CGAN_ERROR_SETTINGS);
    EXPECT_EQ(out.bytes(0), in.bytes(0));
    for (const uint8_t code : out.bytes(1)) ASSERT_EQ(code, 128);
  }
}

TEST(ColorizerInterface, AnswersNullPointersWithAnError) {
  CganError error{};
  EXPECT_EQ(interface().create(nullptr, &error), nullptr);
  expect_error(error, CGAN_ERROR_SETTINGS);
  EXPECT_EQ(interface().create(nullptr, nullptr), nullptr);
  interface().destroy(nullptr);

  Owned owned;
  SyntheticFrame frame(CGAN_FORMAT_I420, 4, 4);
  EXPECT_FALSE(interface().set_stream(nullptr, nullptr, &error));
  EXPECT_FALSE(interface().set_stream(owned.colorizer, nullptr, &error));
  expect_error(error, CGAN_ERROR_FRAME);
  EXPECT_FALSE(interface().colorize(nullptr, &frame.frame(), &frame.frame(), &kAsItIs, &error));
  EXPECT_FALSE(interface().colorize(owned.colorizer, nullptr, &frame.frame(), &kAsItIs, &error));
  expect_error(error, CGAN_ERROR_FRAME);
  EXPECT_FALSE(interface().colorize(owned.colorizer, &frame.frame(), nullptr, &kAsItIs, nullptr));
  EXPECT_FALSE(
      interface().colorize(owned.colorizer, &frame.frame(), &frame.frame(), nullptr, &error));
  expect_error(error, CGAN_ERROR_SETTINGS);
  const auto& library = interface();
  const CganFrame* const good = &frame.frame();
  EXPECT_FALSE(library.submit(nullptr, good, &kAsItIs, &error));
  EXPECT_FALSE(library.submit(owned.colorizer, nullptr, &kAsItIs, &error));
  expect_error(error, CGAN_ERROR_FRAME);
  EXPECT_FALSE(library.submit(owned.colorizer, good, nullptr, &error));
  expect_error(error, CGAN_ERROR_SETTINGS);
  EXPECT_FALSE(library.finish(nullptr, good, good, &kAsItIs, &error));
  EXPECT_FALSE(library.finish(owned.colorizer, good, nullptr, &kAsItIs, &error));
  expect_error(error, CGAN_ERROR_FRAME);
  EXPECT_FALSE(library.finish(owned.colorizer, good, good, nullptr, &error));
  expect_error(error, CGAN_ERROR_SETTINGS);
  EXPECT_FALSE(library.finish(owned.colorizer, nullptr, nullptr, nullptr, &error))
      << "no frame waits";
  expect_error(error, CGAN_ERROR_FRAME);
  EXPECT_STREQ(interface().device(nullptr), "");
  EXPECT_STREQ(interface().precision(nullptr), "");
}

}  // namespace
}  // namespace cgan
