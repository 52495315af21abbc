// colorize-film on films that are a file for each picture, and in pipes.

#include <gtest/gtest.h>

#include <csignal>
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
  const Outcome dpx = colorize_quickly({in("a-%06d.dpx"), in("b.mkv")});
  EXPECT_EQ(dpx.exit_code, 2);
  EXPECT_NE(dpx.output.find("ffmpeg"), std::string::npos) << dpx.output;
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

// GStreamer's reader of PNG mixes their colours up; the way round that is told keeps them.
TEST_F(ColorizeFilmOfPictures, OfSixteenBitsInColourByAnotherWay) {
  make_pictures("rgb48be", "in-%03d.png");
  const Outcome refused = colorize_quickly({in("in-%03d.png"), in("out.mkv")});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.output.find("-pix_fmt gbrp12le -c:v ffv1"), std::string::npos)
      << refused.output;
  run_ffmpeg("-framerate 24 -i " + in("in-%03d.png") + " -pix_fmt gbrp12le -c:v ffv1",
             in("in.mkv"));
  const Outcome outcome = colorize_quickly({"--codec", "ffv1", in("in.mkv"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const Outcome said = run({"ffprobe", "-v", "error", "-show_entries", "stream=pix_fmt", "-of",
                            "csv=p=0", in("out.mkv")});
  EXPECT_EQ(said.output, "yuv444p12le\n");
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
