// The whole path: the element, the real colorizer and the shipped model, run by gst-launch-1.0 in
// processes of their own. Only RegistrationTest opens the library in this one.

#include <glib/gstdio.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "plugin/colorizer/format/pixel_format.h"
#include "tests/element/colorize_harness.h"

namespace {

using testing::HasSubstr;
using testing::Not;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(RegistrationTest, LibTorchIsLoadedWhenTheElementLeavesNullAndNotBefore) {
  GstElement* element = make_colorize();
  EXPECT_THAT(text_of("/proc/self/maps"), HasSubstr("libgstcgancolorize"));
  EXPECT_THAT(text_of("/proc/self/maps"), Not(HasSubstr("libtorch")));
  EXPECT_THAT(text_of("/proc/self/maps"), Not(HasSubstr("libcgancolorizer")));
  ASSERT_EQ(gst_element_set_state(element, GST_STATE_READY), GST_STATE_CHANGE_SUCCESS);
  EXPECT_THAT(text_of("/proc/self/maps"), HasSubstr("libcgancolorizer"));
  EXPECT_THAT(text_of("/proc/self/maps"), HasSubstr("libtorch"));
  gst_element_set_state(element, GST_STATE_NULL);
  gst_object_unref(element);
}

struct Launched {
  bool is_ok = false;  // ended by itself with exit status 0
  bool is_crash = false;
  std::string output;  // both streams
};

class LaunchTest : public testing::Test {
 protected:
  void SetUp() override {
    gchar* program = g_find_program_in_path("gst-launch-1.0");
    if (program == nullptr) GTEST_SKIP() << "gst-launch-1.0 is not installed";
    g_free(program);
    gchar* folder = g_dir_make_tmp("cgancolorize-XXXXXX", nullptr);
    ASSERT_NE(folder, nullptr);
    folder_ = folder;
    g_free(folder);
  }
  void TearDown() override {
    for (const std::string& path : made_) g_remove(path.c_str());
    if (!folder_.empty()) g_rmdir(folder_.c_str());
  }

  std::string path(const std::string& name) {
    made_.push_back(folder_ + "/" + name);
    return made_.back();
  }

  static Launched launch(const std::string& pipeline) {
    Launched run;
    gchar** arguments = nullptr;
    const std::string line = "gst-launch-1.0 " + pipeline;
    EXPECT_TRUE(g_shell_parse_argv(line.c_str(), nullptr, &arguments, nullptr)) << line;
    gchar *out = nullptr, *err = nullptr;
    gint status = 0;
    EXPECT_TRUE(g_spawn_sync(nullptr, arguments, nullptr, G_SPAWN_SEARCH_PATH, nullptr, nullptr,
                             &out, &err, &status, nullptr));
    run.is_ok = g_spawn_check_wait_status(status, nullptr);
    run.is_crash = WIFSIGNALED(status);
    run.output = std::string(out != nullptr ? out : "") + (err != nullptr ? err : "");
    g_free(out);
    g_free(err);
    g_strfreev(arguments);
    return run;
  }

  // The bytes that each of the chains gives, all run side by side in one process.
  std::vector<std::string> bytes_of(const std::vector<std::string>& chains) {
    std::string pipeline = "-q";
    std::vector<std::string> files;
    for (const std::string& chain : chains) {
      files.push_back(path(std::to_string(files.size()) + ".raw"));
      pipeline += " " + chain + " ! filesink location=" + files.back();
    }
    const Launched run = launch(pipeline);
    EXPECT_TRUE(run.is_ok) << run.output;
    std::vector<std::string> bytes;
    for (const std::string& file : files) bytes.push_back(text_of(file));
    return bytes;
  }

  static bool has(std::initializer_list<const char*> factories) {
    for (const char* name : factories) {
      GstElementFactory* factory = gst_element_factory_find(name);
      if (factory == nullptr) return false;
      gst_object_unref(factory);
    }
    return true;
  }

 private:
  std::string folder_;
  std::vector<std::string> made_;
};

std::string still(const std::string& format, int width, int height, int frames) {
  // smpte itself has a field of snow.
  return "videotestsrc pattern=smpte75 num-buffers=" + std::to_string(frames) +
         " ! video/x-raw,format=" + format + ",width=" + std::to_string(width) +
         ",height=" + std::to_string(height);
}

// Rows of a plane with GStreamer's strides, without their padding.
std::string plane(const std::string& frame, size_t offset, size_t width, size_t height) {
  const size_t stride = (width + 3) / 4 * 4;
  std::string bytes;
  for (size_t y = 0; y < height; ++y) bytes += frame.substr(offset + y * stride, width);
  return bytes;
}

TEST_F(LaunchTest, GreyOfOddSizeKeepsEveryByteOfLumaAndGetsColour) {
  const std::string before = path("grey.raw"), after = path("coloured.raw");
  const Launched run =
      launch("-q " + still("GRAY8", 65, 63, 1) + " ! tee name=t ! queue ! filesink " +
             "location=" + before + " t. ! queue ! cgancolorize ! " +
             "video/x-raw,format=I420 ! filesink location=" + after);
  ASSERT_TRUE(run.is_ok) << run.output;
  const std::string grey = text_of(before), frame = text_of(after);
  ASSERT_EQ(grey.size(), 68u * 63);
  ASSERT_EQ(frame.size(), 68u * 64 + 2 * 36 * 32);
  EXPECT_EQ(plane(frame, 0, 65, 63), plane(grey, 0, 65, 63));
  EXPECT_NE(plane(frame, 68 * 64, 33, 32), std::string(33 * 32, '\x80'));
}

size_t frame_bytes(const char* format, guint width, guint height) {
  GstVideoInfo info;
  EXPECT_TRUE(
      gst_video_info_set_format(&info, gst_video_format_from_string(format), width, height));
  return GST_VIDEO_INFO_SIZE(&info);
}

TEST_F(LaunchTest, EveryFormatGoesInAndEveryYuvFormatComesOut) {
  std::vector<std::string> chains;
  std::vector<size_t> sizes;
  for (const cgan::PixelFormat& format : cgan::kPixelFormats) {
    const char* out = format.has_chroma() ? format.name : "I420_12LE";
    // Sixteen teams of threads at the same time would wait for each other most of the time.
    chains.push_back(still(format.name, 31, 17, 1) +
                     " ! cgancolorize threads=1 ! video/x-raw,format=" + out);
    sizes.push_back(frame_bytes(out, 31, 17));
  }
  const auto frames = bytes_of(chains);
  for (size_t i = 0; i < chains.size(); ++i) EXPECT_EQ(frames[i].size(), sizes[i]) << chains[i];
}

TEST_F(LaunchTest, InterlacedFilmIsColouredAsItIsAndThroughDeinterlace) {
  const std::string film =
      "videotestsrc num-buffers=3 ! "
      "video/x-raw,format=I420,width=64,height=48,interlace-mode=interleaved";
  const Launched as_it_is = launch(film + " ! cgancolorize ! fakesink");
  EXPECT_TRUE(as_it_is.is_ok) << as_it_is.output;
  if (!has({"deinterlace"})) GTEST_SKIP() << "no element deinterlace";
  const Launched taken = launch(film + " ! deinterlace ! cgancolorize ! fakesink");
  EXPECT_TRUE(taken.is_ok) << taken.output;
}

TEST_F(LaunchTest, AVariantIsSteadyOverAStreamAndAnotherOneLooksDifferent) {
  const std::string source = still("I420", 64, 48, 3) + " ! cgancolorize on-color=recolor variant=";
  const auto films = bytes_of({source + "1", source + "1", source + "2", source + "0"});
  const size_t size = 64 * 48 * 3 / 2;
  ASSERT_EQ(films[0].size(), 3 * size);
  EXPECT_EQ(films[0].substr(0, size), films[0].substr(size, size));
  EXPECT_EQ(films[0].substr(0, size), films[0].substr(2 * size, size));
  EXPECT_EQ(films[0], films[1]);
  EXPECT_NE(films[0], films[2]);
  EXPECT_NE(films[0], films[3]);
}

TEST_F(LaunchTest, ALookaheadGivesEveryFrameItsOwnLumaAndTheColourOfAllOfThem) {
  const std::string film =
      "videotestsrc pattern=ball motion=sweep num-buffers=7 ! "
      "video/x-raw,format=I420,width=64,height=48 ! cgancolorize device=cpu lookahead=";
  const auto films = bytes_of({film + "0", film + "3", film + "12"});
  const size_t luma = 64 * 48, size = luma * 3 / 2;
  for (const std::string& frames : films) ASSERT_EQ(frames.size(), 7 * size);
  for (size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(films[1].substr(i * size, luma), films[0].substr(i * size, luma)) << i;
    EXPECT_EQ(films[2].substr(i * size, luma), films[0].substr(i * size, luma)) << i;
  }
  EXPECT_NE(films[1], films[0]);
  // The last has no later ones; but each film holds codes of its own frame before, one beside.
  for (size_t i = 6 * size + luma; i < 7 * size; ++i)
    ASSERT_NEAR(static_cast<uint8_t>(films[1][i]), static_cast<uint8_t>(films[0][i]), 2);
}

TEST_F(LaunchTest, ColoursAreTheSameWhateverTheDelay) {
  for (const char* lookahead : {"0", "2"}) {
    SCOPED_TRACE(lookahead);
    const std::string film =
        "videotestsrc pattern=ball motion=sweep num-buffers=9 ! "
        "video/x-raw,format=GRAY8,width=64,height=48 ! cgancolorize device=cpu threads=2 "
        "lookahead=" +
        std::string(lookahead) + " max-frame-delay=";
    const std::string out = " ! video/x-raw,format=I420";
    const auto films =
        bytes_of({film + "0" + out, film + "1" + out, film + "3" + out, film + "-1" + out});
    ASSERT_EQ(films[0].size(), 9u * 64 * 48 * 3 / 2);
    for (const std::string& delayed : films) {
      ASSERT_EQ(delayed.size(), films[0].size());
      for (size_t i = 0; i < delayed.size(); ++i) {
        // A sum in floating point may have another order on one thread.
        const bool is_luma = i % (64 * 48 * 3 / 2) < 64 * 48;
        ASSERT_NEAR(static_cast<uint8_t>(delayed[i]), static_cast<uint8_t>(films[0][i]),
                    is_luma ? 0 : 1)
            << i;
      }
    }
  }
}

TEST_F(LaunchTest, WithoutStrengthOrSaturationThePictureIsGrey) {
  const std::string source = still("I420", 64, 48, 1) + " ! cgancolorize on-color=recolor";
  const auto frames = bytes_of({source + " strength=0", source + " saturation=0", source});
  const std::string neutral(64 * 48 / 2, '\x80');
  EXPECT_EQ(frames[0].substr(64 * 48), neutral);
  EXPECT_EQ(frames[1].substr(64 * 48), neutral);
  EXPECT_NE(frames[2].substr(64 * 48), neutral);
}

TEST_F(LaunchTest, APictureInColourComesOutAsItWentInUnlessItIsToBeReplaced) {
  const std::string source = still("I420", 64, 48, 2);
  const auto films = bytes_of(
      {source, source + " ! cgancolorize temporal=0", source + " ! cgancolorize on-color=recolor"});
  EXPECT_FALSE(films[0].empty());
  EXPECT_TRUE(films[1] == films[0]);
  EXPECT_FALSE(films[2] == films[0]);
}

TEST_F(LaunchTest, APresetIsTheSameAsItsProperties) {
  const std::string source = still("GRAY8", 64, 48, 2) + " ! cgancolorize ";
  const std::string out = " ! video/x-raw,format=I420";
  const auto films = bytes_of(
      {source + "@preset=vivid" + out, source + "vividness=0.47 temporal=0.9" + out, source + out});
  EXPECT_TRUE(films[0] == films[1]);
  EXPECT_FALSE(films[0] == films[2]);
  const Launched run = launch(source + "@preset=no-such-preset ! fakesink");
  EXPECT_FALSE(run.is_ok);
  EXPECT_THAT(run.output, HasSubstr("no-such-preset"));
}

TEST_F(LaunchTest, TheFilmOfTheRepositoryIsColouredEncodedAndPlaysAgain) {
  if (!has({"qtdemux", "h264parse", "avdec_h264", "x264enc", "mp4mux"})) {
    GTEST_SKIP() << "a decoder or encoder of H.264 is missing";
  }
  const std::string film = path("film.mp4"), decoded = path("decoded.raw");
  const Launched run =
      launch("-q filesrc location=" CLIP " ! decodebin ! identity eos-after=7 ! " +
             std::string("cgancolorize ! x264enc ! mp4mux ! filesink location=") + film);
  ASSERT_TRUE(run.is_ok) << run.output;
  const Launched again = launch("-q filesrc location=" + film + " ! decodebin ! " +
                                "video/x-raw,format=I420 ! filesink location=" + decoded);
  ASSERT_TRUE(again.is_ok) << again.output;
  const size_t luma = 480 * 368;
  const std::string frames = text_of(decoded);
  ASSERT_EQ(frames.size() % (luma * 3 / 2), 0u);
  EXPECT_GE(frames.size() / (luma * 3 / 2), 6u);
  size_t coloured_samples = 0;
  for (size_t i = luma; i < luma * 3 / 2; ++i) {
    coloured_samples += std::abs(static_cast<uint8_t>(frames[i]) - 128) > 3;
  }
  EXPECT_GT(coloured_samples, luma / 2 / 20);
}

// Where the processor has AVX2 or better that is int8.
TEST_F(LaunchTest, WhatAutoTakesIsWithinTwoCodesOfFloat32OnAverage) {
  if (!has({"qtdemux", "h264parse", "avdec_h264"})) GTEST_SKIP() << "no decoder of H.264";
  const std::string film = "filesrc location=" CLIP
                           " ! decodebin ! identity eos-after=7 ! "
                           "cgancolorize device=cpu temporal=0 precision=";
  const auto films = bytes_of({film + "auto", film + "fp32"});
  constexpr size_t kLuma = 480 * 368, kFrame = kLuma * 3 / 2;
  // After those that `identity` counts come some that the decoder had begun, not always the same.
  constexpr size_t kSize = 6 * kFrame;
  for (const std::string& frames : films) ASSERT_GE(frames.size(), kSize);
  double sum = 0, colour = 0;
  size_t count = 0;
  for (size_t i = 0; i < kSize; ++i) {
    if (i % kFrame < kLuma) {
      ASSERT_EQ(films[0][i], films[1][i]);
      continue;
    }
    const int code = static_cast<uint8_t>(films[1][i]);
    sum += std::abs(static_cast<uint8_t>(films[0][i]) - code);
    colour += std::abs(code - 128);
    ++count;
  }
  const auto samples = static_cast<double>(count);
  EXPECT_LE(sum / samples, 1.5);
  EXPECT_GT(colour / samples, 3);  // there is colour to compare, twice the bound
  RecordProperty("codes", std::to_string(sum / samples));
}

struct BadSetting {
  const char* properties;
  const char* says;
};
class BadSettingTest : public LaunchTest, public testing::WithParamInterface<BadSetting> {};

TEST_P(BadSettingTest, IsOneClearErrorAndNoCrash) {
  const Launched run =
      launch(still("I420", 64, 48, 1) + " ! cgancolorize " + GetParam().properties + " ! fakesink");
  EXPECT_FALSE(run.is_ok);
  EXPECT_FALSE(run.is_crash) << run.output;
  const size_t first = run.output.find("ERROR: from element");
  ASSERT_NE(first, std::string::npos) << run.output;
  EXPECT_EQ(run.output.find("ERROR: from element", first + 1), std::string::npos) << run.output;
  EXPECT_THAT(run.output.substr(first), HasSubstr(GetParam().says));
}

std::ostream& operator<<(std::ostream& out, const BadSetting& bad) {
  return out << bad.properties;
}

INSTANTIATE_TEST_SUITE_P(
    Settings, BadSettingTest,
    testing::Values(BadSetting{"model=no-such-model", "no-such-model"},
                    BadSetting{"model=/no/such/file.safetensors", "/no/such/file.safetensors"},
                    BadSetting{"model=/proc/self/comm", "/proc/self/comm"},
                    BadSetting{"model=" CLIP, "market-street.mp4"},
                    BadSetting{"device=abacus", "abacus"}, BadSetting{"device=cuda:99", "CUDA"},
                    BadSetting{"device=cpu precision=fp16", "precision"}));

TEST_F(LaunchTest, InspectPrintsEveryPropertyWithoutAWarning) {
  gchar *out = nullptr, *err = nullptr;
  gint status = 0;
  gchar program[] = "gst-inspect-1.0", name[] = "cgancolorize";
  gchar* arguments[] = {program, name, nullptr};
  if (!g_spawn_sync(nullptr, arguments, nullptr, G_SPAWN_SEARCH_PATH, nullptr, nullptr, &out, &err,
                    &status, nullptr)) {
    GTEST_SKIP() << "gst-inspect-1.0 is not installed";
  }
  EXPECT_TRUE(g_spawn_check_wait_status(status, nullptr));
  EXPECT_THAT(err, testing::StrEq(""));
  GstElement* element = make_colorize();
  guint count = 0;
  GParamSpec** specs = g_object_class_list_properties(G_OBJECT_GET_CLASS(element), &count);
  for (guint i = 0; i < count; ++i) {
    if (specs[i]->owner_type != G_OBJECT_TYPE(element)) continue;
    EXPECT_THAT(out, HasSubstr("\n  " + std::string(specs[i]->name) + " "));
  }
  g_free(specs);
  gst_object_unref(element);
  g_free(out);
  g_free(err);
}

}  // namespace
