// colorize-film keeps how finely a film is sampled: depth, chroma grid, range, colour description.

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <tuple>

#include "tests/examples/colorize_film_fixture.h"
#include "tests/examples/example_film.h"
#include "tests/examples/example_run.h"

namespace {

// A small network: what it makes of the picture does not matter here.
const std::vector<std::string> kQuick = {"--set", "model=cifar10", "--set", "threads=1"};

class ColorizeFilmKeeps : public ColorizeFilmTest {
 protected:
  Outcome colorize_quickly(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), kQuick.begin(), kQuick.end());
    return colorize(arguments);
  }
  // What ffprobe says of the video, parted by commas.
  static std::string said(const std::string& path, const std::string& entries) {
    const Outcome outcome = run({"ffprobe", "-v", "error", "-select_streams", "v", "-show_entries",
                                 entries, "-of", "csv=p=0", path});
    return outcome.output.substr(0, outcome.output.find_last_not_of(",\n") + 1);
  }
  // Sums of the codes of luma of each frame, in their own depth.
  static std::string sums(const std::string& path) {
    const Outcome outcome =
        run({"ffmpeg", "-v", "error", "-i", path, "-vf", "extractplanes=y", "-f", "framemd5", "-"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    std::istringstream lines(outcome.output);
    std::string all;
    for (std::string line; std::getline(lines, line);)
      if (line[0] != '#') all += line.substr(line.rfind(',')) + "\n";
    return all;
  }
  void make_film(const std::string& format, const std::string& settings, const std::string& path) {
    run_ffmpeg("-f lavfi -i testsrc2=s=64x48:r=8:d=0.5,format=" + format + " " + settings, path);
  }
};

class ColorizeFilmKeepsEveryBit
    : public ColorizeFilmKeeps,
      public ::testing::WithParamInterface<std::tuple<std::string, std::string>> {};

TEST_P(ColorizeFilmKeepsEveryBit, OfLumaWithFfv1) {
  const auto& [format, range] = GetParam();
  make_film(format, "-color_range " + range + " -c:v ffv1 -level 3", in("in.mkv"));
  const Outcome outcome = colorize_quickly({"--codec", "ffv1", in("in.mkv"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(outcome.output.find("warning"), std::string::npos) << outcome.output;
  EXPECT_EQ(said(in("out.mkv"), "stream=pix_fmt"), format);
  EXPECT_EQ(said(in("out.mkv"), "stream=color_range"), range);
  EXPECT_EQ(sums(in("out.mkv")), sums(in("in.mkv")));
}

const auto kName = [](const auto& name) {
  return std::get<0>(name.param) + (std::get<1>(name.param) == "tv" ? "Limited" : "Full");
};
INSTANTIATE_TEST_SUITE_P(Limited, ColorizeFilmKeepsEveryBit,
                         ::testing::Combine(::testing::Values("yuv420p", "yuv422p", "yuv444p",
                                                              "yuv420p10le", "yuv422p10le",
                                                              "yuv444p10le", "yuv420p12le",
                                                              "yuv422p12le", "yuv444p12le"),
                                            ::testing::Values("tv")),
                         kName);
// Each depth and each grid, not each pair of them.
INSTANTIATE_TEST_SUITE_P(Full, ColorizeFilmKeepsEveryBit,
                         ::testing::Combine(::testing::Values("yuv422p", "yuv420p10le",
                                                              "yuv444p12le"),
                                            ::testing::Values("pc")),
                         kName);

TEST_F(ColorizeFilmKeeps, GreyInTheGridThatIsAskedFor) {
  make_film("gray", "-c:v ffv1 -level 3", in("in.mkv"));
  ASSERT_EQ(colorize_quickly({"--codec", "ffv1", in("in.mkv"), in("420.mkv")}).exit_code, 0);
  EXPECT_EQ(said(in("420.mkv"), "stream=pix_fmt"), "yuv420p");
  ASSERT_EQ(colorize_quickly({"--codec", "ffv1", "--chroma", "444", in("in.mkv"), in("444.mkv")})
                .exit_code,
            0);
  EXPECT_EQ(said(in("444.mkv"), "stream=pix_fmt"), "yuv444p");
  EXPECT_EQ(sums(in("444.mkv")), sums(in("420.mkv")));
}

TEST_F(ColorizeFilmKeeps, DepthAndChromaWithTheUsualCodec) {
  for (const auto& [format, name] :
       {std::pair("yuv422p", "out.mp4"), std::pair("yuv420p10le", "out.mov"),
        std::pair("yuv444p10le", "out.mkv"), std::pair("yuv422p12le", "out.mp4"),
        std::pair("yuv422p10le", "out.webm")}) {
    make_film(format, "-c:v ffv1 -level 3", in("in.mkv"));
    const Outcome outcome = colorize_quickly({"--force", in("in.mkv"), in(name)});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_EQ(said(in(name), "stream=pix_fmt"), format) << name;
  }
}

TEST_F(ColorizeFilmKeeps, WhatEachCodecIsAskedFor) {
  make_film("yuv420p", "-c:v ffv1 -level 3", in("in.mkv"));
  const std::tuple<const char*, const char*, const char*> kinds[] = {
      {"h265", "out.mkv", "hevc"},
      {"av1", "out.mkv", "av1"},
      {"vp9", "out.mp4", "vp9"},
      {"prores", "out.mov", "prores"}};
  for (const auto& [codec, name, written] : kinds) {
    const Outcome outcome = colorize_quickly({"--force", "--codec", codec, in("in.mkv"), in(name)});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_EQ(said(in(name), "stream=codec_name"), written) << outcome.output;
    EXPECT_EQ(decode(in(name)).pictures.size(), 4U) << codec;
  }
}

TEST_F(ColorizeFilmKeeps, MoreOfThePictureWithMoreQuality) {
  make_film("yuv420p", "-c:v ffv1 -level 3", in("in.mkv"));
  for (const std::string codec : {"h264", "vp9"}) {
    size_t last = 0;
    for (const std::string quality : {"20", "90"}) {
      const Outcome outcome = colorize_quickly(
          {"--force", "--codec", codec, "--quality", quality, in("in.mkv"), in("out.mkv")});
      ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
      const size_t size = read_file(in("out.mkv")).size();
      EXPECT_GT(size, last) << codec << " " << quality;
      last = size;
    }
  }
  for (const std::string codec : {"h264", "h265"}) {
    ASSERT_EQ(colorize_quickly(
                  {"--force", "--codec", codec, "--quality", "100", in("in.mkv"), in("out.mkv")})
                  .exit_code,
              0);
    EXPECT_EQ(sums(in("out.mkv")), sums(in("in.mkv"))) << codec;
  }
}

TEST_F(ColorizeFilmKeeps, FromLosingDepthUnlessItIsAllowed) {
  make_film("yuv422p10le", "-c:v ffv1 -level 3", in("in.mkv"));
  const std::vector<std::string> losing[] = {
      {"--codec", "av1"},
      {"--encoder", "jpegenc"},
      {"--encoder", "capsfilter caps=video/x-raw,format=I420_10LE ! x264enc"}};
  for (std::vector<std::string> arguments : losing) {
    arguments.insert(arguments.end(), {in("in.mkv"), in("out.mkv")});
    const Outcome refused = colorize_quickly(arguments);
    EXPECT_EQ(refused.exit_code, 2) << refused.output;
    EXPECT_NE(refused.output.find("cannot hold 10 bits 4:2:2"), std::string::npos)
        << refused.output;
    EXPECT_NE(refused.output.find("--allow-conversion"), std::string::npos) << refused.output;
    EXPECT_EQ(folder_.files(), std::vector<std::string>{"in.mkv"});
  }
  const Outcome allowed =
      colorize_quickly({"--allow-conversion", "--codec", "av1", in("in.mkv"), in("out.mkv")});
  EXPECT_EQ(allowed.exit_code, 0) << allowed.output;
  EXPECT_NE(allowed.output.find("the 10 bits 4:2:2 of"), std::string::npos) << allowed.output;
  EXPECT_EQ(said(in("out.mkv"), "stream=pix_fmt"), "yuv422p");
}

// H.265 as films for bright screens have it.
TEST_F(ColorizeFilmKeeps, WhatIsSaidOfBrightScreens) {
  make_film("yuv420p10le",
            "-c:v libx265 -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc"
            " -x265-params log-level=none:hdr10=1:repeat-headers=1:max-cll=1000,400:"
            "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)"
            "L(10000000,50)",
            in("in.mkv"));
  const std::string entries = "stream=color_space,color_transfer,color_primaries";
  for (const auto& [codec, name] : {std::pair("h265", "out.mp4"), std::pair("ffv1", "ffv1.mkv")}) {
    const Outcome outcome = colorize_quickly({"--codec", codec, in("in.mkv"), in(name)});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_EQ(said(in(name), entries), "bt2020nc,smpte2084,bt2020") << name;
    const Outcome data = run({"ffprobe", "-v", "error", "-show_frames", "-read_intervals", "%+#1",
                              "-show_streams", in(name)});
    EXPECT_NE(data.output.find("max_content=1000"), std::string::npos) << name;
    EXPECT_NE(data.output.find("max_luminance="), std::string::npos) << name;
  }
}

// Halved chroma of an odd picture has no place in H.264.
TEST_F(ColorizeFilmKeeps, OddSizesInEachDepth) {
  run_ffmpeg(
      "-f lavfi -i testsrc2=s=80x60:r=8:d=0.5,scale=65:49,format=yuv420p10le -c:v ffv1 -level 3",
      in("in.mkv"));
  for (const auto& [name, format] :
       {std::pair("out.mp4", "yuv444p10le"), std::pair("out.webm", "yuv420p10le")}) {
    const Outcome outcome = colorize_quickly({in("in.mkv"), in(name)});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_EQ(said(in(name), "stream=width,height,pix_fmt"), std::string("65,49,") + format);
  }
}

TEST_F(ColorizeFilmKeeps, DepthInTheComparison) {
  make_film("yuv422p10le", "-c:v ffv1 -level 3", in("in.mkv"));
  ASSERT_EQ(colorize_quickly({"--codec", "ffv1", in("in.mkv"), in("one.mkv")}).exit_code, 0);
  const Outcome outcome = colorize_quickly(
      {"--compare", "--codec", "ffv1", "--picture", in("both.png"), in("in.mkv"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(said(in("out.mkv"), "stream=width,pix_fmt"), "128,yuv422p10le");
  for (const std::string left : {"0", "64"}) {
    run_ffmpeg("-i " + in("out.mkv") + " -vf crop=64:48:" + left + ":0 -c:v ffv1", in("half.mkv"));
    EXPECT_EQ(sums(in("half.mkv")), sums(in("in.mkv"))) << left;
  }
}

}  // namespace
