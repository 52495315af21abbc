// colorize-film on films as other programs make them: clocks, fields, ranges, tapes.

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "tests/examples/example_film.h"
#include "tests/examples/example_run.h"

namespace {

class ColorizeFilmFrom : public ::testing::Test {
 protected:
  Outcome colorize(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), setting("COLORIZE_FILM"));
    return run(arguments);
  }
  std::string in(const std::string& name) const { return folder_.path(name); }

  TestFolder folder_;
};

// The times that the container holds, on a clock of its own.
std::vector<std::string> clock_of(const std::string& path) {
  const Outcome outcome = run({"ffprobe", "-v", "error", "-select_streams", "v", "-show_entries",
                               "frame=pts_time", "-of", "csv=p=0", path});
  std::vector<std::string> times;
  std::istringstream lines(outcome.output);
  for (std::string line; std::getline(lines, line);)
    if (const std::string time = line.substr(0, line.find(',')); !time.empty())
      times.push_back(time);
  return times;
}

TEST_F(ColorizeFilmFrom, AClockThatDoesNotBeginAtZero) {
  const std::string film = "-f lavfi -i testsrc=s=64x48:r=12:d=2,hue=s=0 -output_ts_offset 10 ";
  run_ffmpeg(film + "-c:v libx264 -pix_fmt yuv420p", in("in.mkv"));
  run_ffmpeg(film + "-c:v libvpx -pix_fmt yuv420p", in("in.webm"));
  const auto before = clock_of(in("in.mkv"));
  ASSERT_EQ(before.size(), 24U);
  ASSERT_EQ(before.front().substr(0, 6), "10.000");
  for (const auto& [from, to] :
       {std::pair("in.mkv", "out.mkv"), std::pair("in.webm", "out.webm")}) {
    const Outcome outcome = colorize({in(from), in(to)});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_EQ(clock_of(in(to)), before);
  }
  // MP4's clock begins at 0, which is said.
  const Outcome outcome = colorize({in("in.mkv"), in("out.mp4")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_NE(outcome.output.find("begins at 10.0 s"), std::string::npos) << outcome.output;
  EXPECT_EQ(decode(in("out.mp4")).pictures.size(), 24U);
}

TEST_F(ColorizeFilmFrom, ASpanOfAFilmWhoseClockDoesNotBeginAtZero) {
  run_ffmpeg(
      "-f lavfi -i testsrc=s=64x48:r=10:d=2,hue=s=0 -output_ts_offset 10 -c:v libx264"
      " -pix_fmt yuv420p",
      in("in.mkv"));
  const Outcome outcome =
      colorize({"--start", "1", "--duration", "0.5", in("in.mkv"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const auto times = clock_of(in("out.mkv"));
  ASSERT_EQ(times.size(), 5U);
  EXPECT_EQ(times.front().substr(0, 5), "0.000");
}

}  // namespace
