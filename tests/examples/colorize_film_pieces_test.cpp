// A film in pieces is the same film, and a run that ends too early loses one piece at most.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <regex>
#include <string>

#include "tests/examples/pieces_fixture.h"

namespace {

class ColorizeFilmPieces : public PiecesTest {
 protected:
  std::vector<std::string> in_pieces(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"--pieces", "2"});
    return command(more, in("out.mkv"));
  }
  std::string piece(int number) const {
    return in("out.mkv.pieces/piece-00000" + std::to_string(number) + ".gdp");
  }
  // A run that is killed when that piece is there.
  Outcome kill_at(const std::string& path, int signal = SIGKILL,
                  const std::vector<std::string>& more = {}) const {
    return run_until_file(in_pieces(more), path, signal);
  }
  // What a killed run has coloured to its end and does again: pieces beyond those of the journal.
  void expect_one_piece_to_be_lost_at_most() const {
    const std::string folder = in("out.mkv.pieces");
    if (!std::filesystem::exists(folder + "/journal.json")) return;
    const std::string journal = read_file(folder + "/journal.json");
    const std::regex named("piece-[0-9]+\\.gdp");
    const auto in_journal =
        std::distance(std::sregex_iterator(journal.begin(), journal.end(), named), {});
    const auto on_disk = std::count_if(
        std::filesystem::directory_iterator(folder), {},
        [&](const auto& file) { return std::regex_match(file.path().filename().string(), named); });
    EXPECT_LE(on_disk, in_journal + 1);
  }
  void expect_nothing_but_the_film() const {
    EXPECT_EQ(folder_.files(), std::vector<std::string>{"out.mkv"});
  }
};

TEST_F(ColorizeFilmPieces, AreTheSameFilmAsInOneGo) {
  const Outcome outcome = run(in_pieces());
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  expect_whole(in("out.mkv"));
  expect_nothing_but_the_film();
}

TEST_F(ColorizeFilmPieces, GoOnAfterAKillWithinAShotAndBehindACut) {
  for (const int number : {0, 2, 4}) {
    SCOPED_TRACE(number);
    ASSERT_EQ(kill_at(piece(number), SIGKILL, {"--force"}).exit_code, 128 + SIGKILL);
    const Outcome outcome = run(in_pieces({"--force"}));
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    expect_whole(in("out.mkv"));
    expect_nothing_but_the_film();
  }
}

// By default a few; CGAN_KILLS says how many moments, spread over the length of a run.
TEST_F(ColorizeFilmPieces, GoOnAfterKillsAtAnyMoment) {
  const char* const wanted = std::getenv("CGAN_KILLS");
  const int kills = wanted ? std::atoi(wanted) : 3;
  const auto started = std::chrono::steady_clock::now();
  ASSERT_EQ(run(in_pieces()).exit_code, 0);
  const std::chrono::duration<double> length = std::chrono::steady_clock::now() - started;
  for (int i = 0; i < kills; ++i) {
    const std::string seconds = std::to_string(length.count() * (i + 0.5) / kills);
    SCOPED_TRACE(seconds + " s");
    std::vector<std::string> words = {"timeout", "--signal=KILL", seconds};
    const std::vector<std::string> one = in_pieces({"--force"});
    words.insert(words.end(), one.begin(), one.end());
    run(words);
    expect_one_piece_to_be_lost_at_most();
    const Outcome outcome = run(one);
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    expect_whole(in("out.mkv"));
    expect_nothing_but_the_film();
  }
}

TEST_F(ColorizeFilmPieces, GoOnWithALookaheadAndAnySettings) {
  const std::vector<std::string> settings = {"--set",     "lookahead=3", "--set",
                                             "refresh=3", "--set",       "on-color=recolor"};
  std::vector<std::string> at_once = {"--pieces", "0"};
  at_once.insert(at_once.end(), settings.begin(), settings.end());
  ASSERT_EQ(run(command(at_once, in("whole.mkv"))).exit_code, 0);
  ASSERT_EQ(kill_at(piece(1), SIGKILL, settings).exit_code, 128 + SIGKILL);
  const Outcome outcome = run(in_pieces(settings));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_NE(outcome.output.find("earlier run"), std::string::npos) << outcome.output;
  const Film before = decode(in("whole.mkv"));
  const Film after = decode(in("out.mkv"));
  ASSERT_EQ(after.pictures.size(), before.pictures.size());
  for (size_t i = 0; i < after.pictures.size(); ++i)
    ASSERT_EQ(after.pictures[i].chroma, before.pictures[i].chroma) << "frame " << i;
}

// But for what a run that begins within a shot cannot know: how its first frame flickers.
TEST_F(ColorizeFilmPieces, MakeTheReportOfOneGoAlsoAfterAKill) {
  const auto report = [&](const std::string& name) {
    return std::vector<std::string>{"--report", in(name + ".html"), "--sheet", in(name + ".png")};
  };
  std::vector<std::string> at_once = report("whole");
  at_once.insert(at_once.end(), {"--pieces", "0"});
  ASSERT_EQ(run(command(at_once, in("out.mkv"))).exit_code, 0);
  std::filesystem::remove(in("out.mkv"));
  const std::regex varies("<svg.*</svg>|[0-9.]+ frames/s, [0-9]+ s in all|flicker [0-9.]+");
  const auto facts = [&](const std::string& name) {
    return std::regex_replace(read_file(in(name + ".html")), varies, "");
  };
  for (const int killed_at : {-1, 2}) {
    SCOPED_TRACE(killed_at);
    std::vector<std::string> wanted = report("out");
    wanted.push_back("--force");
    if (killed_at >= 0) kill_at(piece(killed_at), SIGKILL, wanted);
    const Outcome outcome = run(in_pieces(wanted));
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    expect_whole(in("out.mkv"));
    EXPECT_EQ(facts("out"), facts("whole"));
    EXPECT_EQ(read_file(in("out.png")), read_file(in("whole.png")));
    EXPECT_NE(facts("out").find("132 in 3 shots"), std::string::npos);
  }
  EXPECT_FALSE(std::filesystem::exists(in("out.mkv.pieces")));
}

TEST_F(ColorizeFilmPieces, OfARunWithoutAReportAreRefusedForOne) {
  kill_at(piece(1));
  const Outcome outcome = run(in_pieces({"--report", in("out.html")}));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.output.find("without --report"), std::string::npos) << outcome.output;
  ASSERT_EQ(run(in_pieces()).exit_code, 0);
  expect_whole(in("out.mkv"));
}

// In the first seconds, before the kill, and in the last ones, behind a seek.
TEST_F(ColorizeFilmPieces, CountTheFramesThatDamageHasTakenOfAllRuns) {
  run_ffmpeg("-i " + film() + " -c copy", in("in.mp4"));
  std::string bytes = read_file(in("in.mp4"));
  for (const size_t eighths : {1, 6})
    for (size_t i = 0; i < bytes.size() / 40; ++i)
      bytes[bytes.size() * eighths / 8 + i] = static_cast<char>(i * 7919 >> 3);
  write_file(in("in.mp4"), bytes);
  const auto film_in = [&](const std::string& length) {
    return std::vector<std::string>{setting("COLORIZE_FILM"),
                                    "--force",
                                    "--set",
                                    "work-size=64",
                                    "--encoder",
                                    kFfv1,
                                    "--pieces",
                                    length,
                                    in("in.mp4"),
                                    in("out.mkv")};
  };
  const std::regex lost("([0-9]+) frames of .* are missing");
  std::smatch at_once, resumed;
  const std::string whole_run = run(film_in("0")).output;
  ASSERT_TRUE(std::regex_search(whole_run, at_once, lost)) << whole_run;
  run_until_file(film_in("2"), piece(2), SIGKILL);
  const std::string later_run = run(film_in("2")).output;
  EXPECT_NE(later_run.find("earlier run"), std::string::npos) << later_run;
  ASSERT_TRUE(std::regex_search(later_run, resumed, lost)) << later_run;
  EXPECT_EQ(resumed[1], at_once[1]);
  EXPECT_GE(std::stoi(at_once[1]), 4);
}

// A transport stream without its packets at these places, in percent of those within pictures.
std::string without_packets(const std::string& stream, const std::vector<size_t>& places) {
  constexpr size_t kPacket = 188;
  const auto continues = [&stream](size_t at) {
    const auto id = static_cast<unsigned char>(stream[at + 1]) & 0x5fU;  // and whether one begins
    return id == 1 && stream[at + 2] == 0;
  };
  std::vector<size_t> within;
  for (size_t at = 0; at + 2 * kPacket <= stream.size(); at += kPacket)
    if (continues(at) && continues(at + kPacket)) within.push_back(at);
  std::string left = stream;
  for (auto place = places.rbegin(); place != places.rend(); ++place)
    left.erase(within[within.size() * *place / 100], kPacket);
  return left;
}

TEST_F(ColorizeFilmPieces, CountTheDamagedPlacesOfAllRunsOnce) {
  run_ffmpeg(
      "-f lavfi -i testsrc2=s=160x120:r=12:d=11,hue=s=0 -c:v libx264 -qp 2 -g 12"
      " -pix_fmt yuv420p",
      in("whole.ts"));
  write_file(in("in.ts"), without_packets(read_file(in("whole.ts")), {10, 20, 60, 85}));
  std::vector<std::string> words = {setting("COLORIZE_FILM")};
  for (const std::string& word : settings()) words.push_back(word);
  words.insert(words.end(), {"--pieces", "2", in("in.ts"), in("out.mkv")});
  const auto places = [](const std::string& said) {
    const std::regex sentence("([0-9]+) damaged places");
    return std::vector<std::string>(
        std::sregex_token_iterator(said.begin(), said.end(), sentence, 1), {});
  };
  const std::vector<std::string> four = {"4"};
  run_until_file(words, piece(2), SIGKILL);
  const std::string resumed = run(words).output;
  EXPECT_NE(resumed.find("earlier run"), std::string::npos) << resumed;
  EXPECT_EQ(places(resumed), four) << resumed;

  ASSERT_EQ(colorize({"--set", "work-size=64", "--encoder", kFfv1, "--pieces", "2", "--plan",
                      in("plan.json"), in("in.ts")})
                .exit_code,
            0);
  for (int number = 0;; ++number) {
    const Outcome outcome = colorize({"--piece", in("plan.json"), std::to_string(number)});
    if (outcome.exit_code != 0) break;
    EXPECT_TRUE(places(outcome.output).empty()) << outcome.output;
  }
  const std::string joined = colorize({"--join", in("plan.json"), in("joined.mkv")}).output;
  EXPECT_EQ(places(joined), four) << joined;
}

TEST_F(ColorizeFilmPieces, SayAfterAnInterruptionThatTheSameCommandGoesOn) {
  const Outcome stopped = kill_at(piece(1), SIGINT);
  EXPECT_EQ(stopped.exit_code, 130);
  EXPECT_NE(stopped.output.find("the same command goes on there"), std::string::npos)
      << stopped.output;
  EXPECT_EQ(folder_.files(), std::vector<std::string>{"out.mkv.pieces"});
  const Outcome outcome = run(in_pieces());
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_NE(outcome.output.find("of them by earlier runs"), std::string::npos) << outcome.output;
  expect_whole(in("out.mkv"));
}

TEST_F(ColorizeFilmPieces, OfOtherSettingsAreRefusedAndForceBeginsAnew) {
  kill_at(piece(1));
  const Outcome other = run(in_pieces({"--set", "saturation=0"}));
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_NE(other.output.find("--set was another then"), std::string::npos) << other.output;
  EXPECT_NE(other.output.find("--force"), std::string::npos) << other.output;
  ASSERT_EQ(run(in_pieces({"--set", "saturation=0", "--force"})).exit_code, 0);
  for (const Picture& picture : decode(in("out.mkv")).pictures) EXPECT_EQ(colour_of(picture), 0);
}

TEST_F(ColorizeFilmPieces, OfAnotherFilmAreRefused) {
  write_file(in("film.mkv"), read_file(film()));
  const std::vector<std::string> words = {"--set", "work-size=64", "--pieces",   "2", "--encoder",
                                          kFfv1,   in("film.mkv"), in("out.mkv")};
  std::vector<std::string> all = words;
  all.insert(all.begin(), setting("COLORIZE_FILM"));
  run_until_file(all, piece(1), SIGKILL);
  std::string bytes = read_file(film());
  bytes[bytes.size() / 2] ^= 1;
  write_file(in("film.mkv"), bytes);
  const Outcome outcome = run(all);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.output.find("the film has changed"), std::string::npos) << outcome.output;
}

TEST_F(ColorizeFilmPieces, AreMadeByOneRunAtATime) {
  const std::string lines = "\"$@\" & first=$!; while [ ! -e '" + piece(0) +
                            "' ]; do sleep 0.01; done; \"$@\"; echo second $?; wait $first; echo "
                            "first $?";
  std::vector<std::string> words = {"bash", "-c", lines, "bash"};
  const std::vector<std::string> one = in_pieces();
  words.insert(words.end(), one.begin(), one.end());
  const Outcome outcome = run(words);
  EXPECT_NE(outcome.output.find("second 1"), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("in use by another run"), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("first 0"), std::string::npos) << outcome.output;
  expect_whole(in("out.mkv"));
}

// A limit of the system on the size of files fills the disk for one program.
TEST_F(ColorizeFilmPieces, AreKeptWhenTheDiskIsFull) {
  kill_at(piece(1));
  std::vector<std::string> words = {"bash", "-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"",
                                    "bash"};
  const std::vector<std::string> one = in_pieces();
  words.insert(words.end(), one.begin(), one.end());
  const Outcome full = run(words);
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_NE(full.output.find("no room left"), std::string::npos) << full.output;
  const Outcome outcome = run(one);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_NE(outcome.output.find("earlier run"), std::string::npos) << outcome.output;
  expect_whole(in("out.mkv"));
}

TEST_F(ColorizeFilmPieces, KeepCountAndTimesWithALossyEncoderAndFramesThatDependOnLaterOnes) {
  for (const std::string name : {"out.mkv", "out.mp4"}) {
    SCOPED_TRACE(name);
    const Outcome outcome = colorize({"--set", "work-size=64", "--pieces", "2", film(), in(name)});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    const Film after = decode(in(name));
    ASSERT_EQ(after.pictures.size(), kFrames);
    for (size_t i = 0; i < kFrames; ++i)
      EXPECT_NEAR(static_cast<double>(after.pictures[i].time),
                  static_cast<double>(whole().pictures[i].time), 1e6)
          << "frame " << i;
  }
}

TEST_F(ColorizeFilmPieces, KeepSpanAndTitleAlsoOfAFilmWithoutSound) {
  run_ffmpeg("-i " + film() + " -map 0:v -c copy -metadata title=Reel", in("in.mkv"));
  Film films[2];
  for (const std::string length : {"0", "2"}) {
    const std::string name = in(length + ".mkv");
    const Outcome outcome =
        colorize({"--set", "work-size=64", "--encoder", kFfv1, "--pieces", length, "--start", "1.5",
                  "--duration", "6", in("in.mkv"), name});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    films[length == "2"] = decode(name);
    const Outcome probe = run({"ffprobe", "-loglevel", "error", "-show_format", name});
    EXPECT_NE(probe.output.find("TITLE=Reel"), std::string::npos) << probe.output;
  }
  ASSERT_EQ(films[1].pictures.size(), films[0].pictures.size());
  for (size_t i = 0; i < films[0].pictures.size(); ++i) {
    EXPECT_EQ(films[1].pictures[i].time, films[0].pictures[i].time) << "frame " << i;
    EXPECT_EQ(films[1].pictures[i].luma, films[0].pictures[i].luma) << "frame " << i;
    EXPECT_EQ(films[1].pictures[i].chroma, films[0].pictures[i].chroma) << "frame " << i;
  }
}

}  // namespace
