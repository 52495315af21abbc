// Which field of interlaced film comes first, also where GStreamer does not say it, and deep
// fields.

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "tests/examples/colorize_film_fixture.h"
#include "tests/examples/example_film.h"
#include "tests/examples/example_run.h"

namespace {

class ColorizeFilmFields : public ColorizeFilmTest {
 protected:
  // The words of a run that does not fail; nothing is coloured.
  std::string words(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--force", "--set", "shots-only=true"});
    const Outcome outcome = colorize(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    return outcome.output;
  }
  // `settings` without a codec: as it comes.
  void make_woven(const std::string& settings, const std::string& path) {
    run_ffmpeg("-f lavfi -i testsrc2=s=96x64:r=50:d=0.2,tinterlace=4" + settings, path);
  }
};

TEST_F(ColorizeFilmFields, KeepTheOrderThatOnlyTheContainerSays) {
  const std::string woven = " -flags +ildct+ilme";
  for (const std::string order : {"tt", "bb"}) {
    const std::pair<std::string, std::string> kinds[] = {
        {",format=yuv420p -c:v ffv1 -level 1", "in.mkv"},
        {",format=yuv420p -c:v ffv1 -level 3", "in.mkv"},
        {" -c:v v210", "in.mov"}};
    for (const auto& [codec, name] : kinds) {
      SCOPED_TRACE(order + codec);
      make_woven(codec + woven + " -field_order " + order, in(name));
      const std::string told = words({in(name), in("out.mp4")});
      EXPECT_FALSE(has(told, "warning")) << told;
      EXPECT_EQ(said(in("out.mp4"), "stream=field_order"), order + "\n");
    }
  }
}

TEST_F(ColorizeFilmFields, SayWhereNobodyKnowsTheOrder) {
  make_woven(",format=yuv420p -c:v ffv1 -level 1 -flags +ildct+ilme -field_order tt", in("in.mkv"));
  // Matroska's element FieldOrder, of one byte, becomes "undetermined".
  std::string bytes = read_file(in("in.mkv"));
  const size_t at = bytes.find("\x9d\x81\x01");
  ASSERT_NE(at, std::string::npos);
  bytes[at + 2] = 2;
  write_file(in("in.mkv"), bytes);
  const std::string told = words({in("in.mkv"), in("out.mkv")});
  EXPECT_TRUE(has(told, "which field of")) << told;
  for (const size_t length : {at + 2, at, size_t{60}, size_t{5}}) {
    write_file(in("cut.mkv"), bytes.substr(0, length));
    EXPECT_NE(colorize({"--force", in("cut.mkv"), in("out.mkv")}).exit_code, 0) << length;
  }
}

TEST_F(ColorizeFilmFields, OfTwelveBitsStayWithTheUsualCodec) {
  make_woven(",format=yuv420p12le -c:v ffv1 -level 3 -flags +ildct+ilme -field_order tt",
             in("in.mkv"));
  const std::string kept = words({in("in.mkv"), in("out.mkv")});
  EXPECT_FALSE(has(kept, "warning")) << kept;
  EXPECT_EQ(said(in("out.mkv"), "stream=codec_name,pix_fmt"), "ffv1,yuv420p12le\n");
  const std::string lost = words({in("in.mkv"), in("out.mp4")});
  EXPECT_TRUE(has(lost, "the 12 bits of")) << lost;
  EXPECT_EQ(said(in("out.mp4"), "stream=codec_name,pix_fmt,field_order"), "h264,yuv420p10le,tt\n");
}

TEST_F(ColorizeFilmFields, ThatComeOnTheWayAreSaid) {
  run_ffmpeg("-f lavfi -i testsrc2=s=96x64:r=25:d=1,format=yuv420p10le -c:v libx264 -g 5",
             in("a.ts"));
  run_ffmpeg(
      "-f lavfi -i testsrc2=s=96x64:r=50:d=1,tinterlace=4,format=yuv420p10le -c:v libx264"
      " -flags +ildct+ilme -g 5 -output_ts_offset 1",
      in("b.ts"));
  write_file(in("in.ts"), read_file(in("a.ts")) + read_file(in("b.ts")));
  for (const std::string codec : {"h264", "h265"}) {
    const std::string told = words({"--codec", codec, in("in.ts"), in("out.mkv")});
    EXPECT_TRUE(has(told, "becomes interlaced on its way")) << told;
    EXPECT_EQ(decode(in("out.mkv")).pictures.size(), 50U);
  }
}

// What broadcasts and DVDs are: MPEG-2, whose frames say for themselves what they are.
class ColorizeFilmMixedFields : public ColorizeFilmFields {
 protected:
  // 25 frames of the clock's second `second`; `kind`: t, b: that field first, p: whole frames.
  std::string part(char kind, int second) const {
    const std::string name = in("part.ts");
    const std::string woven =
        " -vf tinterlace=4" + std::string(kind == 'b' ? ",fieldorder=bff" : "");
    run_ffmpeg("-f lavfi -i testsrc2=s=96x64:d=1:r=" + std::string(kind == 'p' ? "25" : "50") +
                   (kind == 'p' ? "" : woven + " -flags +ildct+ilme -top ") +
                   (kind == 'p' ? "" : std::string(kind == 't' ? "1" : "0")) +
                   " -c:v mpeg2video -q:v 2 -g 5 -output_ts_offset " + std::to_string(second),
               name);
    return read_file(name);
  }
  // Of each frame whether it has two fields, and whether the upper one is the first: t, b, p.
  std::string kinds(const std::string& path) const {
    std::istringstream frames(said(path, "frame=interlaced_frame,top_field_first"));
    std::string kinds;
    for (std::string frame; std::getline(frames, frame);)
      if (frame.size() >= 3) kinds += frame[0] == '0' ? 'p' : frame[2] == '1' ? 't' : 'b';
    return kinds;
  }
  // The film of two parts, its words and what it becomes.
  void expect(const std::string& two, const std::vector<std::string>& more, char first, char second,
              const std::string& sentence) {
    SCOPED_TRACE(two + " " + ::testing::PrintToString(more));
    write_file(in("in.ts"), part(two[0], 0) + part(two[1], 1));
    std::vector<std::string> arguments = more;
    arguments.insert(arguments.end(), {in("in.ts"), in("out.mkv")});
    const std::string told = words(arguments);
    EXPECT_EQ(has(told, "warning"), !sentence.empty()) << told;
    EXPECT_TRUE(has(told, sentence)) << told;
    EXPECT_EQ(kinds(in("out.mkv")), std::string(25, first) + std::string(25, second));
  }
};

TEST_F(ColorizeFilmMixedFields, KeepTheirOrderAndKindFrameByFrame) {
  expect("tt", {}, 't', 't', "");
  expect("bp", {}, 'b', 'p', "");
  expect("tb", {}, 't', 't', "changes on its way which field is the first");
  expect("tb", {"--codec", "ffv1"}, 't', 'b', "");
  expect("tp", {"--codec", "ffv1"}, 't', 'b', "marks all as of two");
  expect("pt", {"--codec", "ffv1"}, 'p', 'p', "becomes interlaced on its way");
}

// Each piece has an encoder of its own, the film one header.
TEST_F(ColorizeFilmMixedFields, DoSoInPieces) {
  expect("tp", {"--pieces", "0.6"}, 't', 'p', "");
  expect("pt", {"--pieces", "0.6"}, 'p', 'p', "becomes interlaced on its way");
}

TEST_F(ColorizeFilmMixedFields, BecomeFramesAlsoWhereTheyComeOnTheWay) {
  for (const char* two : {"tb", "tp", "pt"}) expect(two, {"--deinterlace"}, 'p', 'p', "");
}

}  // namespace
