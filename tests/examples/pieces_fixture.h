#pragma once

// What the tests of films in pieces share: a film of three shots, and what it becomes in one go.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/examples/colorize_film_fixture.h"
#include "tests/examples/example_film.h"
#include "tests/examples/example_run.h"

class PiecesTest : public ColorizeFilmTest {
 protected:
  static constexpr size_t kFrames = 132;
  static constexpr char kFfv1[] = "avenc_ffv1";

  // Eleven seconds of 12 frames each, cuts at 5 s and 8 s, sound beside it.
  static void SetUpTestSuite() {
    films_ = new TestFolder;
    run_ffmpeg("-i " + setting("CLIP") +
                   " -f lavfi -i mandelbrot=s=96x72:r=12 -f lavfi -i sine=d=11 -filter_complex "
                   "[0:v]scale=96:72,setsar=1,format=gray,split[a][b];[1:v]trim=duration=3,"
                   "format=gray[m];[b]trim=duration=3,hflip,negate[c];[a][m][c]concat=n=3,"
                   "format=yuv420p[v] -map [v] -map 2:a -c:v libx264 -qp 0 -g 12 -c:a aac",
               film());
    const TestFolder folder;
    const Outcome outcome = run(command({"--pieces", "0"}, films_->path("whole.mkv")));
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    whole_ = new Film(decode(films_->path("whole.mkv")));
    ASSERT_EQ(whole_->pictures.size(), kFrames);
  }
  static void TearDownTestSuite() {
    delete whole_;
    delete films_;
    whole_ = nullptr;
    films_ = nullptr;
  }

  static std::string film() { return films_->path("film.mkv"); }
  static const Film& whole() { return *whole_; }

  // What the pieces are coloured with, whoever colours them.
  static std::vector<std::string> settings() {
    return {"--set", "work-size=64", "--encoder", kFfv1};
  }
  static std::vector<std::string> command(const std::vector<std::string>& more,
                                          const std::string& output) {
    std::vector<std::string> all = {setting("COLORIZE_FILM")};
    for (const auto& words : {settings(), more}) all.insert(all.end(), words.begin(), words.end());
    all.push_back(film());
    all.push_back(output);
    return all;
  }

  static void expect_whole(const std::string& path) {
    const Film found = decode(path);
    ASSERT_EQ(found.pictures.size(), kFrames);
    for (size_t i = 0; i < kFrames; ++i) {
      ASSERT_EQ(found.pictures[i].time, whole().pictures[i].time) << "frame " << i;
      ASSERT_EQ(found.pictures[i].luma, whole().pictures[i].luma) << "frame " << i;
      ASSERT_EQ(found.pictures[i].chroma, whole().pictures[i].chroma) << "frame " << i;
    }
    EXPECT_EQ(packets(path, "audio/"), packets(film(), "audio/"));
  }

 private:
  static inline TestFolder* films_ = nullptr;
  static inline Film* whole_ = nullptr;
};
