// colorize-film on films that are a file for each picture, and in pipes.

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "tests/examples/colorize_film_fixture.h"
#include "tests/examples/example_film.h"
#include "tests/examples/example_run.h"

namespace {

class ColorizeFilmOfPictures : public ColorizeFilmTest {
 protected:
  Outcome colorize_quickly(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--set", "model=cifar10", "--set", "threads=1"});
    return colorize(arguments);
  }
  void make_pictures(const std::string& format, const std::string& name, int first = 0) {
    run_ffmpeg("-f lavfi -i testsrc=s=64x48:r=8:d=0.5,hue=s=0,format=" + format +
                   " -start_number " + std::to_string(first),
               in(name));
  }
};

TEST_F(ColorizeFilmOfPictures, AtTheirRate) {
  make_pictures("gray", "in-%03d.png", 7);
  const Outcome outcome =
      colorize_quickly({"--fps", "16", "--codec", "ffv1", in("in-%03d.png"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const Film film = decode(in("out.mkv"));
  ASSERT_EQ(film.pictures.size(), 4U);
  for (size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(static_cast<double>(film.pictures[i].time), static_cast<double>(i) * 62.5e6, 1e6);
}

TEST_F(ColorizeFilmOfPictures, OfEachKindInAndOut) {
  const std::tuple<const char*, const char*, const char*> kinds[] = {
      {"rgb24", "a-%06d.png", "b-%06d.tif"},
      {"gray", "a-%06d.tif", "b-%06d.png"},
      {"yuvj444p", "a-%06d.jpg", "b-%06d.png"}};
  for (const auto& [format, from, to] : kinds) {
    const TestFolder folder;
    run_ffmpeg(
        "-f lavfi -i testsrc=s=64x48:r=8:d=0.5,hue=s=0,format=" + std::string(format) + " -q:v 2",
        folder.path(from));
    const Outcome outcome = colorize_quickly({folder.path(from), folder.path(to)});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_EQ(folder.files().size(), 8U) << from << " " << to;
    std::string last = folder.path(to);
    last.replace(last.find('%'), 4, "000003");
    EXPECT_TRUE(std::filesystem::exists(last));
  }
  const Outcome other = colorize_quickly({in("a-%06d.exr"), in("b.mkv")});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.output.find("ffmpeg"), std::string::npos) << other.output;
}

// Sixteen bits of grey are the most that GStreamer's reader of PNG hands on.
TEST_F(ColorizeFilmOfPictures, OfSixteenBitsInTwelve) {
  make_pictures("gray16be", "in-%03d.png");
  const Outcome outcome = colorize_quickly({"--codec", "ffv1", in("in-%03d.png"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_NE(outcome.output.find("the 16 bits of"), std::string::npos) << outcome.output;
  const Outcome said = run({"ffprobe", "-v", "error", "-show_entries", "stream=pix_fmt", "-of",
                            "csv=p=0", in("out.mkv")});
  EXPECT_EQ(said.output, "yuv420p12le\n");
}

// Of each pixel, 0 to 65535.
std::vector<double> lumas_of(const std::string& path, const std::string& scratch) {
  run_ffmpeg("-i " + path + " -f rawvideo -pix_fmt rgb48le", scratch);
  const std::string bytes = read_file(scratch);
  const auto code = [&bytes](size_t i) {
    return static_cast<double>(GST_READ_UINT16_LE(bytes.data() + 2 * i));
  };
  std::vector<double> lumas;
  for (size_t i = 0; 2 * i < bytes.size(); i += 3)
    lumas.push_back(0.299 * code(i) + 0.587 * code(i + 1) + 0.114 * code(i + 2));
  return lumas;
}

// Half a code of the 12 bits that are coloured is 9.4 of 65535, or 8 in full range, as grey has it;
// rounding comes on top. Codes of DPX are taken as they are, whatever curve they are said to have.
TEST_F(ColorizeFilmOfPictures, OfSixteenBitsWithTheirLuma) {
  if (!std::getenv("HAS_LIBVIPS")) GTEST_SKIP() << "built without libvips";
  const std::tuple<const char*, const char*, const char*> kinds[] = {
      {"gray16be", "a-%03d.png", "a-out-%03d.png"},
      {"rgb48le", "b-%03d.tif", "b-out-%03d.tif"},
      {"gbrp10be", "c-%03d.dpx", "c-out-%03d.png"}};
  for (const auto& [format, from, to] : kinds) {
    SCOPED_TRACE(from);
    std::string first = in(from);
    first.replace(first.find("%03d"), 4, "001");
    run_ffmpeg(
        "-f lavfi -i nullsrc=s=64x48:r=1:d=1,format=gray16le,geq=lum=X*650+Y*300+1 -pix_fmt " +
            std::string(format),
        in(from));
    constexpr size_t kTransfer = 801;
    std::string bytes = read_file(first);
    if (first.find(".dpx") != std::string::npos) bytes[kTransfer] = 3;  // logarithmic
    write_file(first, bytes);
    const Outcome outcome = colorize_quickly({in(from), in(to)});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_NE(outcome.output.find("the 16 bits of"), std::string::npos) << outcome.output;
    std::string result = in(to);
    result.replace(result.find("%03d"), 4, "000");
    const Outcome said = run(
        {"ffprobe", "-v", "error", "-show_entries", "stream=pix_fmt", "-of", "csv=p=0", result});
    EXPECT_EQ(said.output.substr(0, 5), "rgb48") << said.output;
    const auto before = lumas_of(first, in("before.raw"));
    const auto after = lumas_of(result, in("after.raw"));
    ASSERT_EQ(after.size(), before.size());
    for (size_t i = 0; i < before.size(); ++i)
      EXPECT_NEAR(after[i], before[i], 12) << "pixel " << i;
  }
}

TEST_F(ColorizeFilmOfPictures, OfSixteenBitsInAFilmFromAMomentOn) {
  if (!std::getenv("HAS_LIBVIPS")) GTEST_SKIP() << "built without libvips";
  make_pictures("rgb48be", "in-%03d.png");
  const Outcome outcome = colorize_quickly(
      {"--codec", "ffv1", "--fps", "8", "--start", "0.25", in("in-%03d.png"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(decode(in("out.mkv")).pictures.size(), 2U);
  const Outcome said = run({"ffprobe", "-v", "error", "-show_entries", "stream=pix_fmt", "-of",
                            "csv=p=0", in("out.mkv")});
  EXPECT_EQ(said.output, "yuv444p12le\n");
}

TEST_F(ColorizeFilmOfPictures, ThatAreDamagedWithASentence) {
  make_pictures("rgb48be", "in-%03d.png");
  write_file(in("in-002.png"), read_file(in("in-002.png")).substr(0, 100));
  const auto files = folder_.files();
  const Outcome outcome = colorize_quickly({in("in-%03d.png"), in("out.mkv")});
  EXPECT_EQ(outcome.exit_code, 1);
  if (std::getenv("HAS_LIBVIPS")) {
    EXPECT_NE(outcome.output.find("in-002.png' cannot be read"), std::string::npos)
        << outcome.output;
  }
  EXPECT_EQ(folder_.files(), files);
}

// GStreamer's reader of PNG mixes their colours up; the way round that is told keeps them.
TEST_F(ColorizeFilmOfPictures, OfSixteenBitsWithoutLibvipsByAnotherWay) {
  if (std::getenv("HAS_LIBVIPS")) GTEST_SKIP() << "built with libvips";
  make_pictures("rgb48be", "in-%03d.png");
  make_pictures("rgb48be", "in-%03d.dpx");
  for (const std::string name : {"in-%03d.png", "in-%03d.dpx"}) {
    const Outcome refused = colorize_quickly({in(name), in("out.mkv")});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.output.find("-pix_fmt gbrp12le -c:v ffv1"), std::string::npos)
        << refused.output;
  }
}

TEST_F(ColorizeFilmOfPictures, OnlyWithoutAGap) {
  make_pictures("gray", "in-%03d.png");
  std::filesystem::remove(in("in-002.png"));
  const auto files = folder_.files();
  const Outcome outcome = colorize_quickly({in("in-%03d.png"), in("out.mkv")});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.output.find("in-002.png"), std::string::npos) << outcome.output;
  EXPECT_EQ(folder_.files(), files);
  const Outcome none = colorize_quickly({in("no-%03d.png"), in("out.mkv")});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_NE(none.output.find("no pictures"), std::string::npos) << none.output;
}

TEST_F(ColorizeFilmOfPictures, AllOrNone) {
  make_film_with_sound(in("in.mp4"), "mp4mux");
  const Outcome killed = run_until_file(
      {setting("COLORIZE_FILM"), "--set", "model=cifar10", "--encoder",
       "identity sleep-time=50000 ! videoconvert ! pngenc", in("in.mp4"), in("out-%03d.png")},
      in("out-#03d.png.part/out-002.png"), SIGKILL);
  EXPECT_EQ(killed.exit_code, 128 + SIGKILL);
  EXPECT_EQ(folder_.files(), (std::vector<std::string>{"in.mp4", "out-#03d.png.part"}));
  const Outcome outcome = colorize_quickly({in("in.mp4"), in("out-%03d.png")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_NE(outcome.output.find("sound track"), std::string::npos) << outcome.output;
  EXPECT_EQ(folder_.files().size(), 13U);
  const Outcome again = colorize_quickly({in("in.mp4"), in("out-%03d.png")});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_NE(again.output.find("--force"), std::string::npos) << again.output;
  // Of a longer sequence nothing is left behind.
  write_file(in("out-100.png"), "old");
  EXPECT_EQ(colorize_quickly({"--force", in("in.mp4"), in("out-%03d.png")}).exit_code, 0);
  EXPECT_EQ(folder_.files().size(), 13U);
}

TEST_F(ColorizeFilmOfPictures, NeedACodecForPictures) {
  make_film_with_sound(in("in.mp4"), "mp4mux");
  for (const auto& arguments :
       {std::vector<std::string>{"--codec", "h264", in("in.mp4"), in("out-%03d.png")},
        std::vector<std::string>{"--codec", "png", in("in.mp4"), in("out.mkv")},
        std::vector<std::string>{"--codec", "tiff", in("in.mp4"), in("out-%03d.png")},
        std::vector<std::string>{in("in.mp4"), in("out.png")},
        std::vector<std::string>{"--fps", "8", in("in.mp4"), in("out.mkv")}}) {
    const Outcome outcome = colorize_quickly(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.output;
    EXPECT_EQ(folder_.files(), std::vector<std::string>{"in.mp4"});
  }
}

TEST_F(ColorizeFilmOfPictures, NoneButAFilmIntoAPipe) {
  make_film_with_sound(in("in.mp4"), "mp4mux");
  const Outcome outcome = run({"sh", "-c", "\"$0\" --set model=cifar10 \"$1\" - >\"$2\"",
                               setting("COLORIZE_FILM"), in("in.mp4"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_NE(outcome.output.find("12 frames"), std::string::npos) << outcome.output;
  EXPECT_EQ(decode(in("out.mkv")).pictures.size(), 12U);
  EXPECT_EQ(packets(in("out.mkv"), "audio/"), packets(in("in.mp4"), "audio/"));
  const Outcome both = run({"sh", "-c", "cat \"$1\" | \"$0\" --set model=cifar10 - - >\"$2\"",
                            setting("COLORIZE_FILM"), in("out.mkv"), in("again.mkv")});
  ASSERT_EQ(both.exit_code, 0) << both.output;
  EXPECT_EQ(decode(in("again.mkv")).pictures.size(), 12U);
}

}  // namespace
