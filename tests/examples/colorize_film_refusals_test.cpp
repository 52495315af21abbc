// colorize-film where it cannot or must not colour: one clear sentence, an exit code, no file.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "tests/examples/example_film.h"
#include "tests/examples/example_run.h"

namespace {

// A film that takes an encoder long.
void make_snow(const std::string& path) {
  run_pipeline(
      "videotestsrc num-buffers=100 pattern=snow ! video/x-raw,format=GRAY8,width=320,height=240,"
      "framerate=25/1 ! matroskamux ! filesink location=" +
      path);
}

class ColorizeFilmRefuses : public ::testing::Test {
 protected:
  void SetUp() override { make_film_with_sound(in("in.mp4"), "mp4mux"); }

  Outcome colorize(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), setting("COLORIZE_FILM"));
    return run(arguments);
  }

  // The run ends with `code`, says `words`, and leaves no other file than there was.
  void expect_refusal(const std::vector<std::string>& arguments, int code,
                      const std::string& words) {
    const auto files = folder_.files();
    const Outcome outcome = colorize(arguments);
    EXPECT_EQ(outcome.exit_code, code) << outcome.output;
    EXPECT_NE(outcome.output.find(words), std::string::npos) << outcome.output;
    EXPECT_EQ(folder_.files(), files);
  }

  std::string in(const std::string& name) const { return folder_.path(name); }

  TestFolder folder_;
};

TEST_F(ColorizeFilmRefuses, WrongUsage) {
  const std::string film = in("in.mp4");
  expect_refusal({film}, 2, "IN OUT");
  expect_refusal({"--nonsense", film, in("out.mp4")}, 2, "--nonsense");
  expect_refusal({"--start", "-1", film, in("out.mp4")}, 2, "--start");
  expect_refusal({film, in("out.avi")}, 2, ".mkv");
  expect_refusal({"--set", "saturation", film, in("out.mp4")}, 2, "PROPERTY=VALUE");
}

TEST_F(ColorizeFilmRefuses, PropertiesAndValuesThatTheElementDoesNotHave) {
  const std::string film = in("in.mp4");
  expect_refusal({"--set", "hue=3", film, in("out.mp4")}, 2, "it has model,");
  expect_refusal({"--preset", "sepia", film, in("out.mp4")}, 2, "archival-film");
  expect_refusal({"--set", "saturation=30", film, in("out.mp4")}, 2, "out of range");
  expect_refusal({"--set", "saturation=much", film, in("out.mp4")}, 2, "not a value");
}

TEST_F(ColorizeFilmRefuses, EncodersThatDoNotExistOrFitTheContainer) {
  const std::string film = in("in.mp4");
  expect_refusal({"--encoder", "noenc", film, in("out.mp4")}, 2, "noenc");
  expect_refusal({"--encoder", "x264enc speed=1", film, in("out.mp4")}, 2, "speed");
  expect_refusal({"--encoder", "x264enc", film, in("out.webm")}, 2, "container");
  expect_refusal({"--encoder", "audioconvert", film, in("out.mp4")}, 2, "--encoder");
}

TEST_F(ColorizeFilmRefuses, ToWriteOverTheFilmItself) {
  const std::string film = in("in.mp4");
  const std::string bytes = read_file(film);
  expect_refusal({"--force", film, film}, 2, "same file");
  expect_refusal({"--force", film, folder_.path("./in.mp4")}, 2, "same file");
  EXPECT_EQ(read_file(film), bytes);
}

TEST_F(ColorizeFilmRefuses, ToReplaceAFileUnlessForced) {
  write_file(in("out.mp4"), "mine");
  expect_refusal({in("in.mp4"), in("out.mp4")}, 1, "--force");
  EXPECT_EQ(read_file(in("out.mp4")), "mine");
  EXPECT_EQ(colorize({"--force", in("in.mp4"), in("out.mp4")}).exit_code, 0);
  EXPECT_EQ(decode(in("out.mp4")).pictures.size(), 12U);
}

TEST_F(ColorizeFilmRefuses, AFolderThatIsNotThere) {
  expect_refusal({in("in.mp4"), in("none/out.mp4")}, 1, "no folder");
}

TEST_F(ColorizeFilmRefuses, WhatIsNoFilm) {
  expect_refusal({in("none.mp4"), in("out.mp4")}, 1, "no film");
  write_file(in("empty.mp4"), "");
  expect_refusal({in("empty.mp4"), in("out.mp4")}, 1, "cannot be read as a film");
  write_file(in("text.mp4"), std::string(5000, 'x'));
  expect_refusal({in("text.mp4"), in("out.mp4")}, 1, "text.mp4");
  run_pipeline("audiotestsrc num-buffers=9 ! avenc_aac ! mp4mux ! filesink location=" +
               in("sound.mp4"));
  expect_refusal({in("sound.mp4"), in("out.mp4")}, 1, "holds no video");
}

TEST_F(ColorizeFilmRefuses, ATruncatedFilm) {
  // With its index at the end it is unreadable, with its index in front it ends too early.
  const std::string bytes = read_file(in("in.mp4"));
  write_file(in("end.mp4"), bytes.substr(0, bytes.size() / 2));
  expect_refusal({in("end.mp4"), in("out.mp4")}, 1, "end.mp4");

  // Two seconds, of which the half remains: far beyond what a container may promise too much.
  run_pipeline(
      "videotestsrc num-buffers=24 pattern=snow ! video/x-raw,format=I420,width=64,height=48,"
      "framerate=12/1 ! x264enc ! h264parse ! mp4mux faststart=true ! filesink location=" +
      in("front.mp4"));
  const std::string film = read_file(in("front.mp4"));
  write_file(in("front.mp4"), film.substr(0, film.size() / 2));
  expect_refusal({in("front.mp4"), in("out.mp4")}, 1, "truncated");
}

TEST_F(ColorizeFilmRefuses, AStartBehindTheEnd) {
  expect_refusal({"--start", "60", in("in.mp4"), in("out.mp4")}, 1, "--start lies behind the end");
}

TEST_F(ColorizeFilmRefuses, AModelThatIsNotThere) {
  expect_refusal({"--set", "model=/nowhere/none.safetensors", in("in.mp4"), in("out.mp4")}, 1,
                 "none.safetensors");
}

TEST_F(ColorizeFilmRefuses, ToGoOnAfterAnInterruption) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const auto files = folder_.files();
    const Outcome outcome = run_until_file(
        {setting("COLORIZE_FILM"), setting("CLIP"), in("out.mp4")}, in("out.mp4.part"), signal);
    EXPECT_EQ(outcome.exit_code, 130) << outcome.output;
    EXPECT_NE(outcome.output.find("Interrupted"), std::string::npos) << outcome.output;
    EXPECT_EQ(folder_.files(), files);
  }
}

TEST_F(ColorizeFilmRefuses, NothingOnAHangUpThatNohupKeepsAway) {
  const Outcome outcome =
      run_until_file({"nohup", setting("COLORIZE_FILM"), setting("CLIP"), in("out.mp4")},
                     in("out.mp4.part"), SIGHUP);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_GT(duration(in("out.mp4")), 0U);
}

// The encoder is slower than the network: frames wait between the streams that come together.
TEST_F(ColorizeFilmRefuses, ToGoOnAfterAnInterruptionOfAComparison) {
  make_snow(in("snow.mkv"));
  const auto files = folder_.files();
  const Outcome outcome = run_until_file(
      {setting("COLORIZE_FILM"), "--compare", "--encoder",
       "identity sleep-time=200000 ! x264enc tune=zerolatency", in("snow.mkv"), in("out.mkv")},
      in("out.mkv.part"), SIGINT, 300000);
  EXPECT_EQ(outcome.exit_code, 130) << outcome.output;
  EXPECT_EQ(folder_.files(), files);
}

TEST_F(ColorizeFilmRefuses, ToTouchThePartOfAnotherRun) {
  write_file(in("out.mp4.part"), "of another run");
  const int owner = open(in("out.mp4.part").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(owner, LOCK_EX | LOCK_NB), 0);
  const Outcome outcome = colorize({"--force", in("in.mp4"), in("out.mp4")});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.output.find("another run"), std::string::npos) << outcome.output;
  EXPECT_EQ(read_file(in("out.mp4.part")), "of another run");
  close(owner);
  // Its owner is gone.
  EXPECT_EQ(colorize({in("in.mp4"), in("out.mp4")}).exit_code, 0);
  EXPECT_EQ(folder_.files(), (std::vector<std::string>{"in.mp4", "out.mp4"}));
}

TEST_F(ColorizeFilmRefuses, ToLetAKilledRunBlockTheNext) {
  const Outcome killed = run_until_file({setting("COLORIZE_FILM"), setting("CLIP"), in("out.mp4")},
                                        in("out.mp4.part"), SIGKILL);
  EXPECT_EQ(killed.exit_code, 128 + SIGKILL);
  EXPECT_EQ(folder_.files(), (std::vector<std::string>{"in.mp4", "out.mp4.part"}));
  const Outcome outcome = colorize({in("in.mp4"), in("out.mp4")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(folder_.files(), (std::vector<std::string>{"in.mp4", "out.mp4"}));
}

TEST_F(ColorizeFilmRefuses, WithASentenceWhenADecoderCrashes) {
  make_snow(in("snow.mkv"));
  const auto files = folder_.files();
  const Outcome outcome = run_until_file(
      {setting("COLORIZE_FILM"), "--encoder",
       "identity sleep-time=200000 ! x264enc tune=zerolatency", in("snow.mkv"), in("out.mkv")},
      in("out.mkv.part"), SIGSEGV, 200000);
  EXPECT_EQ(outcome.exit_code, 128 + SIGSEGV);
  EXPECT_NE(outcome.output.find("crashed"), std::string::npos) << outcome.output;
  EXPECT_EQ(folder_.files(), files);
}

TEST_F(ColorizeFilmRefuses, ToWaitForEver) {
  expect_refusal({"--patience", "2", "--encoder", "clocksync ts-offset=3600000000000 ! x264enc",
                  in("in.mp4"), in("out.mp4")},
                 1, "--patience");
  // A pipe into which nobody writes.
  ASSERT_EQ(mkfifo(in("in.pipe").c_str(), 0600), 0);
  expect_refusal({"--patience", "2", in("in.pipe"), in("out.mp4")}, 1, "--patience");
  expect_refusal({"--patience", "-1", in("in.mp4"), in("out.mp4")}, 2, "--patience");
}

TEST_F(ColorizeFilmRefuses, ASpanOfStandardInput) {
  expect_refusal({"--start", "1", "-", in("out.mp4")}, 2, "standard input");
}

TEST_F(ColorizeFilmRefuses, APictureThatCannotBeBeforeItColours) {
  expect_refusal({"--picture", in("none/both.png"), in("in.mp4"), in("out.mp4")}, 1, "no folder");
  write_file(in("both.png"), "a picture");
  expect_refusal({"--picture", in("both.png"), in("in.mp4"), in("out.mp4")}, 1, "--force");
}

TEST_F(ColorizeFilmRefuses, SpansThatAreNone) {
  for (const char* seconds : {"0", "-1", "nan", "inf", "1e300"})
    expect_refusal({"--duration", seconds, in("in.mp4"), in("out.mp4")}, 2, "--duration");
  expect_refusal({"--start", "nan", in("in.mp4"), in("out.mp4")}, 2, "--start");
}

TEST(ColorizeFilmHelp, NamesOptionsAndExitCodes) {
  const Outcome outcome = run({setting("COLORIZE_FILM"), "--help"});
  EXPECT_EQ(outcome.exit_code, 0);
  for (const char* word :
       {"--set", "--preset", "--encoder", "--start", "--duration", "--compare", "--picture",
        "--patience", "--force", "--version", "--codec", "--quality", "--chroma",
        "--allow-conversion", "--fps", "--report", "--sheet", "130"})
    EXPECT_NE(outcome.output.find(word), std::string::npos) << word;
}

TEST(ColorizeFilmVersion, IsThatOfTheProject) {
  const Outcome outcome = run({setting("COLORIZE_FILM"), "--version"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.output, "colorize-film " + setting("PROJECT_VERSION") + "\n");
}

}  // namespace
