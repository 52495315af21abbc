// A film that many machines colour: a plan, its pieces in any order, and the same film at the end.

#include <gtest/gtest.h>

#include <string>

#include "tests/examples/pieces_fixture.h"

namespace {

class ColorizeFilmPlan : public PiecesTest {
 protected:
  std::string plan() const { return in("plan.json"); }

  Outcome make_plan(std::vector<std::string> more = {}) {
    std::vector<std::string> words = settings();
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"--pieces", "2", "--plan", plan(), film()});
    return colorize(words);
  }
  std::vector<std::string> piece(const std::string& number) const {
    return {setting("COLORIZE_FILM"), "--piece", plan(), number};
  }
  Outcome join() { return colorize({"--join", plan(), in("out.mkv")}); }
};

TEST_F(ColorizeFilmPlan, DividesAtTheCutsAndJoinsToTheSameFilm) {
  const Outcome planned = make_plan();
  ASSERT_EQ(planned.exit_code, 0) << planned.output;
  EXPECT_NE(planned.output.find("3 pieces"), std::string::npos) << planned.output;
  for (const std::string number : {"2", "0", "1"}) {
    const Outcome outcome = run(piece(number));
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  }
  for (int i = 0; i < 2; ++i) {
    const Outcome outcome = colorize({"--force", "--join", plan(), in("out.mkv")});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    expect_whole(in("out.mkv"));
  }
}

// The clip to and fro, 30 s without a cut. Frames behind the border have a say in those before it.
TEST_F(ColorizeFilmPlan, DividesALongShotIntoPiecesThatFollowEachOther) {
  run_ffmpeg("-i " + setting("CLIP") +
                 " -vf scale=96:72,setsar=1,format=gray,split[a][b];[b]reverse[c];[a][c]concat,"
                 "loop=2:120,format=yuv420p -c:v libx264 -qp 0 -g 12",
             in("shot.mkv"));
  std::vector<std::string> words = settings();
  words.insert(words.end(), {"--set", "lookahead=3"});
  const auto with = [&words](std::vector<std::string> more) {
    more.insert(more.begin(), words.begin(), words.end());
    return more;
  };
  ASSERT_EQ(colorize(with({"--pieces", "0", in("shot.mkv"), in("whole.mkv")})).exit_code, 0);
  const Outcome planned = colorize(with({"--pieces", "2", "--plan", plan(), in("shot.mkv")}));
  EXPECT_NE(planned.output.find("3 pieces"), std::string::npos) << planned.output;

  constexpr int kTryLater = 75;
  const Outcome early = run(piece("1"));
  EXPECT_EQ(early.exit_code, kTryLater) << early.output;
  EXPECT_NE(early.output.find("once piece 0 is there"), std::string::npos) << early.output;
  for (const std::string number : {"0", "1", "2"}) ASSERT_EQ(run(piece(number)).exit_code, 0);
  ASSERT_EQ(join().exit_code, 0);
  const Film before = decode(in("whole.mkv"));
  const Film after = decode(in("out.mkv"));
  ASSERT_GT(before.pictures.size(), 350U);
  ASSERT_EQ(after.pictures.size(), before.pictures.size());
  for (size_t i = 0; i < after.pictures.size(); ++i) {
    ASSERT_EQ(after.pictures[i].time, before.pictures[i].time) << "frame " << i;
    ASSERT_EQ(after.pictures[i].chroma, before.pictures[i].chroma) << "frame " << i;
  }
}

TEST_F(ColorizeFilmPlan, JoinsAReportOfAllPieces) {
  ASSERT_EQ(make_plan().exit_code, 0);
  for (const std::string number : {"0", "1", "2"}) ASSERT_EQ(run(piece(number)).exit_code, 0);
  const Outcome outcome = colorize(
      {"--report", in("out.html"), "--sheet", in("out.png"), "--join", plan(), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const std::string page = read_file(in("out.html"));
  EXPECT_NE(page.find("132 in 3 shots"), std::string::npos) << page.substr(0, 3000);
  EXPECT_NE(page.find("0:00:05.0 to 0:00:08.0"), std::string::npos);
  EXPECT_EQ(decode(in("out.png")).pictures.size(), 1U);
}

TEST_F(ColorizeFilmPlan, MakesAPieceOnceAndByTwoAtTheSameTime) {
  ASSERT_EQ(make_plan().exit_code, 0);
  std::vector<std::string> words = {"bash", "-c", "\"$@\" & \"$@\" && wait $!", "bash"};
  const std::vector<std::string> one = piece("1");
  words.insert(words.end(), one.begin(), one.end());
  const Outcome both = run(words);
  ASSERT_EQ(both.exit_code, 0) << both.output;
  const std::string file = in("plan.json.pieces/piece-000001.gdp");
  const std::string bytes = read_file(file);
  const Outcome again = run(piece("1"));
  EXPECT_EQ(again.exit_code, 0) << again.output;
  EXPECT_NE(again.output.find("there already"), std::string::npos) << again.output;
  EXPECT_EQ(read_file(file), bytes);
}

TEST_F(ColorizeFilmPlan, MakesAKilledPieceAgain) {
  ASSERT_EQ(make_plan().exit_code, 0);
  std::vector<std::string> words = {
      "bash", "-c",
      "\"$@\" & until compgen -G '" + plan() + ".pieces/*.part'; do sleep 0.01; done; kill -9 $!",
      "bash"};
  const std::vector<std::string> one = piece("0");
  words.insert(words.end(), one.begin(), one.end());
  run(words);
  const Outcome early = join();
  EXPECT_EQ(early.exit_code, 1);
  EXPECT_NE(early.output.find("Piece 0 is not there"), std::string::npos) << early.output;
  for (const std::string number : {"0", "1", "2"}) ASSERT_EQ(run(piece(number)).exit_code, 0);
  const Outcome outcome = join();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  expect_whole(in("out.mkv"));
}

TEST_F(ColorizeFilmPlan, RefusesWhatIsNoPlanOrNoPieceOfIt) {
  EXPECT_NE(run(piece("0")).output.find("There is no plan"), std::string::npos);
  write_file(plan(), "{}");
  EXPECT_NE(run(piece("0")).output.find("is no plan"), std::string::npos);
  write_file(plan(), "nothing");
  EXPECT_NE(run(piece("0")).output.find("damaged"), std::string::npos);
  ASSERT_EQ(make_plan().exit_code, 0);
  const Outcome beyond = run(piece("3"));
  EXPECT_EQ(beyond.exit_code, 2);
  EXPECT_NE(beyond.output.find("pieces 0 to 2"), std::string::npos) << beyond.output;
  EXPECT_EQ(run(piece("first")).exit_code, 2);
  EXPECT_EQ(colorize({"--plan", plan(), "--join", plan(), in("out.mkv")}).exit_code, 2);
}

TEST_F(ColorizeFilmPlan, DoesNotTakePiecesOfAnotherPlan) {
  ASSERT_EQ(make_plan({"--set", "saturation=0"}).exit_code, 0);
  ASSERT_EQ(run(piece("0")).exit_code, 0);
  ASSERT_EQ(make_plan().exit_code, 0);
  EXPECT_NE(join().output.find("Piece 0 is not there"), std::string::npos);
  const Outcome again = run(piece("0"));
  EXPECT_EQ(again.output.find("there already"), std::string::npos) << again.output;
}

TEST_F(ColorizeFilmPlan, RefusesADamagedPiece) {
  ASSERT_EQ(make_plan().exit_code, 0);
  for (const std::string number : {"0", "1", "2"}) ASSERT_EQ(run(piece(number)).exit_code, 0);
  const std::string file = in("plan.json.pieces/piece-000001.gdp");
  std::string bytes = read_file(file);
  bytes[bytes.size() / 2] ^= 1;
  write_file(file, bytes);
  const Outcome outcome = join();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.output.find("piece-000001.gdp' is damaged"), std::string::npos)
      << outcome.output;
}

}  // namespace
