// The README's pipelines and the Python application, run as printed.

#include <gtest/gtest.h>

#include <regex>

#include "tests/examples/example_film.h"
#include "tests/examples/example_run.h"

namespace {

// One line without continuations and double blanks.
std::string unfolded(const std::string& text) {
  const std::string joined = std::regex_replace(text, std::regex(R"(\\\n)"), " ");
  return std::regex_replace(joined, std::regex(R"([ \n]+)"), " ");
}

class Pipelines : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    // Nothing of the test machine may be needed: no screen, no loudspeaker, no camera.
    setenv("VIDEO_SINK", "fakesink", 1);
    setenv("AUDIO_SINK", "fakesink", 1);
    setenv("LIVE_SOURCE",
           "videotestsrc is-live=true num-buffers=8 ! video/x-raw,width=64,height=48", 1);
    setenv(
        "BAYER_SOURCE",
        "videotestsrc num-buffers=6 ! video/x-bayer,format=bggr,width=64,height=48,framerate=12/1",
        1);
  }

  void expect_success(const std::vector<std::string>& arguments) {
    std::vector<std::string> command{setting("EXAMPLES_DIR") + "/pipelines.sh"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Outcome outcome = run(command);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_EQ(outcome.output.find("ERROR"), std::string::npos) << outcome.output;
  }
  std::string in(const std::string& name) const { return folder_.path(name); }

  TestFolder folder_;
};

TEST_F(Pipelines, AreThoseThatTheReadmePrints) {
  const std::string script = unfolded(read_file(setting("EXAMPLES_DIR") + "/pipelines.sh"));
  const std::string readme = read_file(setting("EXAMPLES_DIR") + "/../README.md");
  // What the script takes from its arguments and its environment has a name in the README.
  const std::pair<const char*, const char*> names[] = {
      {"location=(film\\.mp4|photo\\.jpg)", "location=\"$$1\""},
      {"location=(colour\\.mkv|colour\\.png|both\\.mp4)", "location=\"$$2\""},
      {"file:///home/me/film\\.mp4", "\"$$address\""},
      {"xpos=480", "xpos=\"$$3\""},
      {"v4l2src", "$$LIVE_SOURCE"},
      {"-sink=autovideosink", "-sink=\"$$VIDEO_SINK\""},
      {"-sink=autoaudiosink", "-sink=\"$$AUDIO_SINK\""},
      {"autovideosink", "$$VIDEO_SINK"},
  };
  const std::regex block("```sh\n(gst-launch-1.0[^`]*)```");
  int pipelines = 0;
  for (std::sregex_iterator it(readme.begin(), readme.end(), block), end; it != end; ++it) {
    std::string line = unfolded((*it)[1]);
    line.erase(line.find_last_not_of(' ') + 1);
    for (const auto& [name, in_script] : names)
      line = std::regex_replace(line, std::regex(name), in_script);
    EXPECT_NE(script.find(line), std::string::npos) << line;
    ++pipelines;
  }
  EXPECT_EQ(pipelines, 5);
}

TEST_F(Pipelines, AFilmKeepsItsSound) {
  make_film_with_sound(in("in.mp4"), "mp4mux");
  expect_success({"film_with_sound", in("in.mp4"), in("out.mkv")});
  const Film film = decode(in("out.mkv"));
  EXPECT_EQ(film.pictures.size(), 12U);
  EXPECT_GT(colour_of(film.pictures[6]), 1);
  EXPECT_EQ(packets(in("out.mkv"), "audio/"), packets(in("in.mp4"), "audio/"));
}

TEST_F(Pipelines, ALiveSourceRunsToItsEnd) {
  expect_success({"live"});
}

TEST_F(Pipelines, StillsInBothFormatsBecomeColourPictures) {
  run_pipeline(
      "videotestsrc num-buffers=1 pattern=zone-plate ! video/x-raw,format=GRAY8,width=75,"
      "height=49 ! jpegenc ! filesink location=" +
      in("in.jpg"));
  run_pipeline(
      "videotestsrc num-buffers=1 pattern=zone-plate ! video/x-raw,format=GRAY8,width=75,"
      "height=49 ! pngenc ! filesink location=" +
      in("in.png"));
  for (const std::string name : {"in.jpg", "in.png"}) {
    expect_success({"still", in(name), in("out.png")});
    const Film picture = decode(in("out.png"));
    EXPECT_EQ(picture.info.width, 75);
    EXPECT_EQ(picture.info.height, 49);
    EXPECT_GT(colour_of(picture.pictures[0]), 1) << name;
  }
}

TEST_F(Pipelines, SideBySideIsTwiceAsWide) {
  make_film_with_sound(in("in.mp4"), "mp4mux");
  expect_success({"side_by_side", in("in.mp4"), in("out.mp4"), "64"});
  const Film film = decode(in("out.mp4"));
  EXPECT_EQ(film.info.width, 128);
  EXPECT_EQ(film.info.height, 48);
  EXPECT_EQ(film.pictures.size(), 12U);
}

TEST_F(Pipelines, APlayerShowsAFilmWhoseNameHasSpaces) {
  make_film_with_sound(in("a film.mp4"), "mp4mux");
  expect_success({"player", in("a film.mp4")});
}

TEST_F(Pipelines, BayerMosaicsAreColoured) {
  expect_success({"bayer", in("out.mp4")});
  EXPECT_EQ(decode(in("out.mp4")).pictures.size(), 6U);
}

TEST_F(Pipelines, AnUnknownNameShowsTheChoice) {
  const Outcome outcome = run({setting("EXAMPLES_DIR") + "/pipelines.sh", "none"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.output.find("film_with_sound"), std::string::npos) << outcome.output;
}

TEST_F(Pipelines, ThePythonApplicationPlaysAFilm) {
  make_film_with_sound(in("in.mp4"), "mp4mux");
  const std::string application = setting("EXAMPLES_DIR") + "/colorize_live.py";
  // In time, as a window shows it: no frame may be lost on the way.
  const Outcome outcome = run({application, in("in.mp4"),
                               "identity sync=true ! x264enc ! h264parse ! matroskamux ! filesink "
                               "location=" +
                                   in("shown.mkv")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(decode(in("shown.mkv")).pictures.size(), 12U);
  const Outcome missing = run({application, in("none.mp4"), "fakesink"});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_NE(missing.output.find("none.mp4"), std::string::npos) << missing.output;
}

}  // namespace
