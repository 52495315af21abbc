// Which field of interlaced film comes first, also where GStreamer does not say it, and deep
// fields.

#include <gtest/gtest.h>

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

}  // namespace
