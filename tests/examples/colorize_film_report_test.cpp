// What --report and --sheet show of a run.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "examples/colorize_film/report_page.h"
#include "tests/examples/colorize_film_fixture.h"
#include "tests/examples/example_film.h"
#include "tests/examples/example_run.h"

namespace {

using colorize_film::report_page;
using colorize_film::RunNotes;
using colorize_film::Shot;
using colorize_film::shots_of;

class ColorizeFilmReport : public ColorizeFilmTest {};

size_t count(const std::string& text, const std::string& what) {
  size_t found = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

// Three shots that nobody takes for one; the last one is in colour.
TEST_F(ColorizeFilmReport, OfShotsWithTheirPictures) {
  run_ffmpeg(
      "-f lavfi -i testsrc=s=160x120:r=12:d=0.75,hue=s=0 -f lavfi"
      " -i mandelbrot=s=160x120:r=12,trim=duration=0.75,hue=s=0 -f lavfi"
      " -i smptebars=s=160x120:r=12:d=0.75 -filter_complex concat=n=3 -c:v libx264"
      " -pix_fmt yuv420p",
      in("in.mkv"));
  const Outcome outcome = colorize({"--set", "model=cifar10", "--report", in("out.html"), "--sheet",
                                    in("out.png"), in("in.mkv"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const std::string page = read_file(in("out.html"));
  EXPECT_EQ(count(page, "<figure>"), 3U);
  EXPECT_EQ(count(page, "data:image/jpeg;base64,"), 3U);
  EXPECT_EQ(count(page, "<svg"), 1U);
  EXPECT_NE(page.find("27 in 3 shots"), std::string::npos);
  EXPECT_NE(page.find("0:00:00.7"), std::string::npos);
  EXPECT_NE(page.find("100 % kept"), std::string::npos);
  EXPECT_NE(page.find("cifar10"), std::string::npos);
  EXPECT_EQ(count(page, "http"), 1U) << "only the name of SVG: nothing else is loaded";
  const Film sheet = decode(in("out.png"));
  EXPECT_GT(sheet.info.width, 3 * 128);
  int colour = 0;
  for (const Picture& picture : sheet.pictures) colour = std::max(colour, colour_of(picture));
  EXPECT_GT(colour, 20);
  EXPECT_EQ(folder_.files(),
            (std::vector<std::string>{"in.mkv", "out.html", "out.mkv", "out.png"}));
}

TEST_F(ColorizeFilmReport, ChangesNothingOfTheFilm) {
  const std::vector<std::string> film = {"--set", "model=cifar10", "--duration",
                                         "1",     "--encoder",     kLossless};
  const auto run_with = [&](std::vector<std::string> more, const std::string& name) {
    std::vector<std::string> arguments = film;
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.insert(arguments.end(), {setting("CLIP"), in(name)});
    const Outcome outcome = colorize(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    return decode(in(name)).pictures;
  };
  const auto without = run_with({}, "a.mkv");
  const auto with = run_with({"--report", in("a.html")}, "b.mkv");
  ASSERT_EQ(with.size(), without.size());
  for (size_t i = 0; i < with.size(); ++i) {
    EXPECT_EQ(with[i].luma, without[i].luma);
    EXPECT_EQ(with[i].chroma, without[i].chroma);
  }
}

// A second of the street and one of something else, again and again.
TEST_F(ColorizeFilmReport, OfTwoThousandShotsIsSmall) {
  run_ffmpeg("-i " + setting("CLIP") +
                 " -f lavfi -i mandelbrot=s=96x72:r=12 -filter_complex [0:v]fps=12,scale=96:72,"
                 "setsar=1,trim=end_frame=12,format=gray[a];[1:v]trim=end_frame=12,format=gray[b];"
                 "[a][b]concat,loop=-1:24,setpts=N/12/TB -frames:v 2640 -an -c:v libx264"
                 " -preset ultrafast -pix_fmt yuv420p",
             in("in.mkv"));
  const Outcome outcome =
      colorize({"--pieces", "0", "--set", "shots-only=true", "--encoder", kLossless, "--report",
                in("out.html"), in("in.mkv"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const std::string page = read_file(in("out.html"));
  const size_t shots = count(page, "<figure>");
  EXPECT_GT(shots, 210U);
  size_t begin = 0;  // of those whose pictures are small
  for (int i = 0; i <= 200; ++i) begin = page.find("<figure>", begin + 1);
  EXPECT_LT(begin + (page.size() - begin) / (shots - 200) * 1800, 8U << 20);
}

TEST_F(ColorizeFilmReport, IsRefusedBeforeTheWork) {
  make_film_with_sound(in("in.mp4"), "mp4mux");
  write_file(in("mine.html"), "mine");
  const Outcome outcome = colorize({"--report", in("mine.html"), in("in.mp4"), in("out.mp4")});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.output.find("--force"), std::string::npos) << outcome.output;
  EXPECT_EQ(read_file(in("mine.html")), "mine");
  EXPECT_EQ(colorize({"--report", in("out.mp4"), in("in.mp4"), in("out.mp4")}).exit_code, 2);
}

// Of a whole evening: 2,000 shots of 100 frames.
std::string long_page() {
  RunNotes notes;
  constexpr GstClockTime kFrame = GST_SECOND / 25;
  for (int i = 0; i < 2000; ++i)
    for (int j = 0; j < 100; ++j) {
      const GstClockTime time = notes.frames.size() * kFrame;
      notes.frames.push_back({time, kFrame, static_cast<float>(i % 20 - 10),
                              static_cast<float>(i % 14 - 7), 0.01F * static_cast<float>(j), false,
                              j == 0});
      if (j == 0) notes.pictures.push_back({time, std::string(2500, static_cast<char>(i))});
    }
  notes.warnings = {"Something & more."};
  notes.seconds = 9e3;
  return report_page({"a <film>.mkv", "out.mkv", {{"preset", "vivid"}}}, notes, shots_of(notes));
}

TEST(ReportPage, OfTwoThousandShotsIsSmall) {
  const std::string page = long_page();
  EXPECT_EQ(count(page, "<figure>"), 2000U);
  EXPECT_LT(page.size(), 8U << 20);
  const size_t begin = page.find("<svg");
  EXPECT_LT(page.find("</svg>") - begin, 100000U);
  EXPECT_NE(page.find("a &lt;film&gt;.mkv"), std::string::npos);
  EXPECT_NE(page.find("Something &amp; more."), std::string::npos);
}

TEST(ReportPage, OfNothingIsAPage) {
  EXPECT_NE(report_page({}, {}, {}).find("0 in 0 shots"), std::string::npos);
}

// A browser is the judge, where one is.
TEST_F(ColorizeFilmReport, IsReadableInABrowser) {
  std::string browser;
  for (const std::string name : {"chromium", "chromium-browser", "google-chrome"})
    if (browser.empty() && run({"sh", "-c", "command -v " + name}).exit_code == 0) browser = name;
  if (browser.empty()) GTEST_SKIP() << "no Chromium is installed";
  write_file(in("page.html"), long_page());
  const Outcome outcome =
      run({browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
           "--window-size=1000,800", "--user-data-dir=" + in("browser"),
           "--screenshot=" + in("shot.png"), "file://" + in("page.html")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const Film shot = decode(in("shot.png"));
  EXPECT_EQ(shot.info.width, 1000);
  // Lines of the plot in blue and red on white.
  EXPECT_GT(colour_of(shot.pictures.front()), 40);
}

}  // namespace
