// The rows of docs/containers.md: what is kept is there, and what is lost is said.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/examples/colorize_film_fixture.h"
#include "tests/examples/example_film.h"
#include "tests/examples/example_run.h"

namespace {

class ColorizeFilmSays : public ColorizeFilmTest {
 protected:
  // The words of a run that does not fail.
  std::string words(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"--set", "model=cifar10", "--set", "threads=1", "--force"});
    const Outcome outcome = colorize(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    return outcome.output;
  }
  // The same where no colours are needed.
  std::string quick(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--set", "shots-only=true"});
    return words(arguments);
  }
};

TEST_F(ColorizeFilmSays, WhereLightValuesAreLost) {
  run_ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=8:d=0.25,format=yuv420p10le -c:v libx265 -color_primaries"
      " bt2020 -color_trc smpte2084 -colorspace bt2020nc -x265-params log-level=none:hdr10=1:"
      "repeat-headers=1:max-cll=1000,400:master-display=G(13250,34500)B(7500,3000)R(34000,16000)"
      "WP(15635,16450)L(10000000,50)",
      in("in.mkv"));
  const auto light = [this](const std::string& name) {
    return has(run({"ffprobe", "-v", "error", "-show_frames", "-show_streams", in(name)}).output,
               "max_content=1000");
  };
  EXPECT_FALSE(has(words({in("in.mkv"), in("h264.mkv")}), "light values"));
  EXPECT_TRUE(light("h264.mkv"));
  EXPECT_TRUE(has(words({in("in.mkv"), in("h264.mp4")}), "light values"));
  EXPECT_FALSE(light("h264.mp4"));
  const std::string vp9 = words({in("in.mkv"), in("vp9.webm")});
  EXPECT_FALSE(has(vp9, "light values")) << vp9;
  EXPECT_TRUE(light("vp9.webm"));
  EXPECT_TRUE(has(vp9, "BT.2020")) << vp9;
}

TEST_F(ColorizeFilmSays, WhereCoversAreLost) {
  run_ffmpeg("-f lavfi -i testsrc=s=32x32:d=0.1 -frames:v 1", in("cover.png"));
  run_ffmpeg("-f lavfi -i testsrc=s=64x48:r=8:d=0.25 -i " + in("cover.png") +
                 " -map 0 -map 1 -c:v:0 libx264 -pix_fmt:v:0 yuv420p -c:v:1 png"
                 " -disposition:v:1 attached_pic",
             in("in.mp4"));
  EXPECT_FALSE(has(words({in("in.mp4"), in("out.mp4")}), "cover"));
  EXPECT_TRUE(has(
      run({"ffprobe", "-v", "error", "-show_entries", "stream=codec_name", in("out.mp4")}).output,
      "png"));
  EXPECT_TRUE(has(words({in("in.mp4"), in("out.mkv")}), "the cover of"));
}

TEST_F(ColorizeFilmSays, WhereColourDescriptionAndRangeAreLost) {
  run_ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=8:d=0.25,format=yuv420p -c:v ffv1 -color_range pc"
      " -colorspace bt709",
      in("full.mkv"));
  for (const std::string codec : {"av1", "prores"}) {
    const Outcome refused = colorize({"--codec", codec, in("full.mkv"), in("out.mkv")});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_TRUE(has(refused.output, "full range")) << refused.output;
  }
  const std::string allowed =
      words({"--allow-conversion", "--codec", "prores", in("full.mkv"), in("out.mov")});
  EXPECT_TRUE(has(allowed, "full range")) << allowed;
  // White is that of limited range now.
  const auto white = [this](const std::string& name) {
    const Outcome outcome = run({"ffmpeg", "-v", "error", "-i", in(name), "-vf",
                                 "format=yuv444p10le,signalstats,metadata=print:file=-:key="
                                 "lavfi.signalstats.YMAX",
                                 "-frames:v", "1", "-f", "null", "-"});
    return std::atoi(outcome.output.c_str() + outcome.output.rfind('=') + 1);
  };
  EXPECT_LT(white("out.mov"), 4 * 245);
  EXPECT_TRUE(has(said(in("out.mov"), "stream=color_range"), "tv"));

  run_ffmpeg("-f lavfi -i testsrc2=s=64x48:r=8:d=0.25 -c:v libx264 -pix_fmt yuv420p", in("in.mp4"));
  EXPECT_TRUE(
      has(words({"--codec", "av1", in("in.mp4"), in("av1.mkv")}), "the colour description of"));
}

TEST_F(ColorizeFilmSays, WhatPicturesDoNotHold) {
  run_ffmpeg(
      "-f lavfi -i testsrc2=s=60x48:r=8:d=0.25,setsar=16/15 -f lavfi -i sine=d=0.25 -c:v"
      " libx264 -pix_fmt yuv420p -c:a aac",
      in("in.mp4"));
  const std::string lost = words({in("in.mp4"), in("out-%03d.png")});
  EXPECT_TRUE(has(lost, "the shape of the pixels of")) << lost;
  EXPECT_TRUE(has(lost, "a sound track")) << lost;
  EXPECT_FALSE(has(words({in("in.mp4"), in("out.mkv")}), "warning"));
  EXPECT_TRUE(has(said(in("out.mkv"), "stream=sample_aspect_ratio"), "16:15"));
}

TEST_F(ColorizeFilmSays, WhereTransparencyIsLost) {
  run_ffmpeg("-f lavfi -i testsrc2=s=64x48:r=8:d=0.25,format=rgba", in("in-%03d.png"));
  EXPECT_TRUE(has(words({in("in-%03d.png"), in("out.mkv")}), "the transparency of"));
  EXPECT_TRUE(has(said(in("out.mkv"), "stream=pix_fmt"), "yuv444p"));
}

// Captions of a broadcast (ATSC A/53, one pair of bytes) in front of each picture of H.264.
std::string with_captions(const std::string& h264) {
  const std::string captions("\xb5\x00\x31GA94\x03\x41\xff\xfc\x94\x2c\xff",
                             14);  // country, provider, data
  const std::string unit = std::string("\x00\x00\x00\x01\x06\x04", 6) +
                           static_cast<char>(captions.size()) + captions + "\x80";
  const std::string begin("\x00\x00\x01", 3);
  std::string whole;
  size_t last = 0;
  for (size_t at = h264.find(begin); at != std::string::npos; at = h264.find(begin, at + 3)) {
    const int type = h264[at + 3] & 31;
    if (type != 1 && type != 5) continue;  // slices
    whole += h264.substr(last, at - last) + unit;
    last = at;
  }
  return whole + h264.substr(last);
}

TEST_F(ColorizeFilmSays, WhereClosedCaptionsAreLost) {
  run_ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=8:d=0.5 -c:v libx264 -bf 0 -threads 1 -pix_fmt yuv420p",
      in("bare.h264"));
  write_file(in("with.h264"), with_captions(read_file(in("bare.h264"))));
  run_ffmpeg("-r 8 -i " + in("with.h264") + " -c copy", in("in.mp4"));
  const auto captions = [this](const std::string& name) {
    return has(run({"ffprobe", "-v", "error", "-show_frames", in(name)}).output, "Closed Captions");
  };
  ASSERT_TRUE(captions("in.mp4"));
  for (const std::string length : {"0", "8"}) {
    EXPECT_FALSE(has(quick({"--pieces", length, in("in.mp4"), in("out.mp4")}), "warning"));
    EXPECT_TRUE(captions("out.mp4")) << length;
  }
  EXPECT_TRUE(has(quick({"--codec", "ffv1", in("in.mp4"), in("out.mkv")}), "the closed captions"));
  // In a track of their own.
  run_pipeline("filesrc location=" + in("in.mp4") +
               " ! qtdemux ! h264parse ! avdec_h264 ! ccextractor remove-caption-meta=true name=cc"
               " ! queue ! x264enc ! h264parse ! qtmux name=mux ! filesink location=" +
               in("track.mov") +
               " cc.caption ! queue ! ccconverter ! closedcaption/x-cea-608,format=s334-1a"
               " ! mux.caption_0");
  EXPECT_FALSE(has(quick({in("track.mov"), in("out.mov")}), "warning"));
  EXPECT_TRUE(
      has(run({"ffprobe", "-v", "error", "-show_streams", in("out.mov")}).output, "eia_608"));
  EXPECT_TRUE(has(quick({in("track.mov"), in("out.mkv")}), "a subtitle track (CEA 608"));
}

TEST_F(ColorizeFilmSays, WhereTimecodeIsLost) {
  for (const auto& [from, to] : {std::pair("in.mov", "out.mkv"), std::pair("in.mkv", "out.mov"),
                                 std::pair("in.mxf", "out.mov"), std::pair("in.mp4", "out.webm")}) {
    run_ffmpeg(
        "-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -c:v libx264 -pix_fmt yuv420p"
        " -timecode 01:00:00:00",
        in(from));
    EXPECT_TRUE(has(quick({in(from), in(to)}), "the timecode of")) << from;
  }
  run_ffmpeg("-f lavfi -i testsrc=s=720x576:r=25:d=0.2 -pix_fmt yuv420p -timecode 01:00:00:00",
             in("tape.dv"));
  EXPECT_TRUE(has(quick({in("tape.dv"), in("out.mov")}), "the timecode of"));
}

TEST_F(ColorizeFilmSays, NothingOfATimecodeThatStays) {
  const std::string usual = "25 -timecode 01:00:00:05";
  const std::string dropping = "30000/1001 -timecode 10:00:59;20";
  const struct {
    std::string rate, name, kept;
    std::vector<std::string> options;
  } cases[] = {{usual, "out.mov", "01:00:00:05", {}},
               {usual, "out.mp4", "01:00:00:05", {"--pieces", "1"}},
               {usual, "out.mp4", "01:00:01:05", {"--start", "1"}},
               {dropping, "out.mov", "10:00:59;20", {}},
               {dropping, "out.mp4", "10:01:00;22", {"--start", "1.001"}}};
  for (const auto& [rate, name, kept, options] : cases) {
    SCOPED_TRACE(kept);
    run_ffmpeg("-f lavfi -i testsrc2=s=64x48:d=2 -c:v libx264 -pix_fmt yuv420p -r " + rate,
               in("in.mov"));
    std::vector<std::string> arguments = options;
    arguments.insert(arguments.end(), {"--force", in("in.mov"), in(name)});
    EXPECT_FALSE(has(quick(arguments), "timecode"));
    EXPECT_EQ(said(in(name), "stream_tags=timecode"), kept + "\n");
  }
}

TEST_F(ColorizeFilmSays, ThatChaptersOfASilentFilmInPiecesStay) {
  write_file(in("meta.txt"),
             ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=1\ntitle=One\n"
             "[CHAPTER]\nTIMEBASE=1/1\nSTART=1\nEND=2\ntitle=Two\n");
  run_ffmpeg("-f lavfi -i testsrc=s=64x48:r=8:d=2 -i " + in("meta.txt") +
                 " -map_metadata 1 -map_chapters 1 -c:v libx264 -pix_fmt yuv420p",
             in("in.mkv"));
  EXPECT_FALSE(has(quick({"--pieces", "1", in("in.mkv"), in("out.mkv")}), "warning"));
  const std::string chapters =
      run({"ffprobe", "-v", "error", "-show_chapters", in("out.mkv")}).output;
  EXPECT_TRUE(has(chapters, "One") && has(chapters, "Two")) << chapters;
}

// Deep fields stay what they are in FFV1; GStreamer joins fields in 8 bits only.
TEST_F(ColorizeFilmSays, WhereDepthOfFieldsIsLost) {
  run_ffmpeg(
      "-f lavfi -i testsrc2=s=96x64:r=50:d=0.2,tinterlace=4,format=yuv422p10le -c:v ffv1"
      " -level 3 -flags +ildct+ilme -field_order tt",
      in("in.mkv"));
  const std::string kept = words({"--codec", "ffv1", in("in.mkv"), in("out.mkv")});
  EXPECT_FALSE(has(kept, "warning") || has(kept, "WARNING")) << kept;
  EXPECT_TRUE(has(said(in("out.mkv"), "stream=pix_fmt"), "yuv422p10le"));
  const std::string lost = words({"--codec", "h265", in("in.mkv"), in("h265.mkv")});
  EXPECT_TRUE(has(lost, "the 10 bits of")) << lost;
  EXPECT_TRUE(has(lost, "is interlaced")) << lost;
}

}  // namespace
