// colorize-film on films that it can colour: what must stay, stays.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "tests/examples/colorize_film_fixture.h"
#include "tests/examples/example_film.h"
#include "tests/examples/example_run.h"

namespace {

class ColorizeFilm : public ColorizeFilmTest {};

TEST_F(ColorizeFilm, KeepsLumaSizeTimesAndDurationOfTheExampleFilm) {
  const Outcome outcome =
      colorize({"--encoder", kLossless, "--duration", "1", setting("CLIP"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const Film before = decode(setting("CLIP"));
  const Film after = decode(in("out.mkv"));
  ASSERT_EQ(after.pictures.size(), 12U);
  EXPECT_EQ(after.info.width, before.info.width);
  EXPECT_EQ(after.info.height, before.info.height);
  EXPECT_NEAR(static_cast<double>(duration(in("out.mkv"))), 1e9, 2e6);
  int colour = 0;
  for (size_t i = 0; i < after.pictures.size(); ++i) {
    EXPECT_EQ(after.pictures[i].luma, before.pictures[i].luma) << "frame " << i;
    // Matroska counts in milliseconds.
    EXPECT_NEAR(static_cast<double>(after.pictures[i].time),
                static_cast<double>(before.pictures[i].time), 1e6);
    colour = std::max(colour, colour_of(after.pictures[i]));
  }
  EXPECT_GT(colour, 2);
  EXPECT_EQ(folder_.files(), std::vector<std::string>{"out.mkv"});
}

TEST_F(ColorizeFilm, CopiesTheSoundPacketByPacket) {
  make_film_with_sound(in("in.mp4"), "mp4mux");
  const auto before = packets(in("in.mp4"), "audio/");
  ASSERT_GT(before.size(), 40U);
  for (const std::string name : {"out.mp4", "out.mov", "out.mkv"}) {
    const Outcome outcome = colorize({in("in.mp4"), in(name)});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_EQ(packets(in(name), "audio/"), before) << name;
    EXPECT_EQ(decode(in(name)).pictures.size(), 12U) << name;
  }
}

TEST_F(ColorizeFilm, ReadsTransportStreamsAndWritesTheirSoundAsMp4NeedsIt) {
  make_film_with_sound(in("in.ts"), "mpegtsmux");
  const Outcome outcome = colorize({in("in.ts"), in("out.mp4")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(packets(in("out.mp4"), "audio/").size(), packets(in("in.ts"), "audio/").size());
  EXPECT_EQ(decode(in("out.mp4")).pictures.size(), 12U);
}

TEST_F(ColorizeFilm, NamesASoundThatTheContainerDoesNotTake) {
  make_film_with_sound(in("in.mp4"), "mp4mux");
  const Outcome outcome = colorize({in("in.mp4"), in("out.webm")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_NE(outcome.output.find("sound track (MPEG-4 AAC)"), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find(".mkv"), std::string::npos) << outcome.output;
  EXPECT_EQ(decode(in("out.webm")).pictures.size(), 12U);
}

TEST_F(ColorizeFilm, CopiesSubtitles) {
  write_file(in("in.srt"), "1\n00:00:00,100 --> 00:00:00,500\nTom & <i>Jerry</i>\n\n");
  run_pipeline(
      "filesrc location=" + in("in.srt") +
      " ! subparse ! mux. videotestsrc num-buffers=12 ! video/x-raw,format=I420,width=64,"
      "height=48,framerate=12/1 ! x264enc ! mux. matroskamux name=mux ! filesink location=" +
      in("in.mkv"));
  const auto before = packets(in("in.mkv"), "text/");
  ASSERT_EQ(before.size(), 1U);
  ASSERT_EQ(colorize({in("in.mkv"), in("out.mkv")}).exit_code, 0);
  EXPECT_EQ(packets(in("out.mkv"), "text/"), before);
  ASSERT_EQ(colorize({in("in.mkv"), in("out.mp4")}).exit_code, 0);
  const auto plain = packets(in("out.mp4"), "text/");
  ASSERT_FALSE(plain.empty());
  EXPECT_TRUE(std::any_of(plain.begin(), plain.end(), [](const std::string& text) {
    return text.find("Jerry") != std::string::npos && text.find("<i>") == std::string::npos;
  }));
}

TEST_F(ColorizeFilm, KeepsUnevenFrameTimes) {
  run_pipeline(
      "videotestsrc num-buffers=30 ! video/x-raw,format=I420,width=64,height=48,"
      "framerate=25/1 ! identity drop-probability=0.4 ! x264enc ! matroskamux"
      " ! filesink location=" +
      in("in.mkv"));
  ASSERT_EQ(colorize({in("in.mkv"), in("out.mkv")}).exit_code, 0);
  const Film before = decode(in("in.mkv"));
  const Film after = decode(in("out.mkv"));
  ASSERT_LT(before.pictures.size(), 30U);
  ASSERT_EQ(after.pictures.size(), before.pictures.size());
  for (size_t i = 0; i < after.pictures.size(); ++i)
    EXPECT_EQ(after.pictures[i].time, before.pictures[i].time) << "frame " << i;
}

// Uneven times and a gap of seconds, on grids of 90000 and 1000 parts of a second.
TEST_F(ColorizeFilm, KeepsUnevenFrameTimesToTheLastDigit) {
  run_ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=1000:d=0.6 -vf "
      "select='not(mod(n,37))+not(mod(n,23))',setpts='PTS+gte(N,10)*3/TB' -fps_mode vfr "
      "-enc_time_base 1/90000 -c:v libx264 -pix_fmt yuv420p -video_track_timescale 90000",
      in("in.mp4"));
  run_ffmpeg("-i " + in("in.mp4") + " -c copy", in("in.mkv"));
  // In their order: that of decoding is the encoder's choice.
  const auto times = [this](const std::string& name) {
    std::istringstream lines(run({"ffprobe", "-v", "error", "-show_entries", "packet=pts_time",
                                  "-of", "csv=p=0", in(name)})
                                 .output);
    std::multiset<double> seconds;
    for (std::string line; std::getline(lines, line);) seconds.insert(std::stod(line));
    return seconds;
  };
  ASSERT_EQ(times("in.mp4").size(), 43U);
  for (const auto& [from, to] : {std::pair("in.mp4", "out.mp4"), std::pair("in.mp4", "out.mov"),
                                 std::pair("in.mkv", "out.mp4"), std::pair("in.mkv", "out.mkv")}) {
    SCOPED_TRACE(std::string(from) + " " + to);
    const Outcome outcome = colorize({"--force", in(from), in(to)});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_EQ(times(to), times(from));
  }
}

TEST_F(ColorizeFilm, StartsAndEndsAtTheVeryFrame) {
  const Outcome outcome = colorize({"--encoder", kLossless, "--start", "1.25", "--duration", "0.5",
                                    setting("CLIP"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const Film before = decode(setting("CLIP"));
  const Film after = decode(in("out.mkv"));
  ASSERT_EQ(after.pictures.size(), 6U);
  EXPECT_EQ(after.pictures.front().time, 0U);
  for (size_t i = 0; i < 6; ++i)
    EXPECT_EQ(after.pictures[i].luma, before.pictures[15 + i].luma) << "frame " << i;
}

TEST_F(ColorizeFilm, ComparesOriginalLeftWithColoursRight) {
  make_film_with_sound(in("in.mp4"), "mp4mux");
  const Outcome outcome = colorize(
      {"--compare", "--encoder", kLossless, "--set", "saturation=0", in("in.mp4"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const Film before = decode(in("in.mp4"));
  const Film after = decode(in("out.mkv"));
  ASSERT_EQ(after.info.width, 2 * before.info.width);
  ASSERT_EQ(after.info.height, before.info.height);
  ASSERT_EQ(after.pictures.size(), before.pictures.size());
  for (size_t i = 0; i < after.pictures.size(); ++i) {
    std::vector<uint8_t> twice;
    for (int y = 0; y < before.info.height; ++y)
      for (int half = 0; half < 2; ++half) {
        const auto row = before.pictures[i].luma.begin() + y * before.info.width;
        twice.insert(twice.end(), row, row + before.info.width);
      }
    EXPECT_EQ(after.pictures[i].luma, twice) << "frame " << i;
  }
  EXPECT_EQ(packets(in("out.mkv"), "audio/"), packets(in("in.mp4"), "audio/"));
}

TEST_F(ColorizeFilm, WritesThePictureOfTheMiddleFrame) {
  const Outcome outcome = colorize({"--duration", "1", "--encoder", kLossless, "--picture",
                                    in("both.png"), setting("CLIP"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const Film picture = decode(in("both.png"));
  EXPECT_EQ(picture.info.width, 960);
  EXPECT_EQ(picture.info.height, 368);
  EXPECT_EQ(folder_.files(), (std::vector<std::string>{"both.png", "out.mkv"}));

  // The seventh of twelve frames on both sides, grey on the left and coloured on the right.
  const Film film = decode(setting("CLIP"));
  const auto distance = [&](size_t frame, size_t left) {
    double sum = 0;
    for (size_t y = 0; y < 368; ++y)
      for (size_t x = 0; x < 480; ++x)
        sum += std::abs(picture.pictures[0].luma[y * 960 + left + x] -
                        film.pictures[frame].luma[y * 480 + x]);
    return sum / (480 * 368);
  };
  for (const size_t left : {0, 480}) {
    EXPECT_LT(distance(6, left), 4);  // the PNG went through RGB
    for (const size_t frame : {0, 5, 7, 11}) EXPECT_GT(distance(frame, left), distance(6, left));
  }
  int colour[2] = {0, 0};
  for (size_t i = 0; i < picture.pictures[0].chroma.size(); ++i) {
    int& most = colour[i % 480 / 240];
    most = std::max(most, std::abs(picture.pictures[0].chroma[i] - 128));
  }
  EXPECT_LE(colour[0], 1);
  EXPECT_GT(colour[1], 10);
}

TEST_F(ColorizeFilm, HandsSettingsToTheElement) {
  make_film_with_sound(in("in.mp4"), "mp4mux");
  ASSERT_EQ(colorize({"--encoder", kLossless, "--preset", "vivid", "--set", "saturation=0", "--set",
                      "warmth=0", "--set", "on-color=recolor", in("in.mp4"), in("out.mkv")})
                .exit_code,
            0);
  for (const Picture& picture : decode(in("out.mkv")).pictures) EXPECT_EQ(colour_of(picture), 0);
}

TEST_F(ColorizeFilm, LoadsAPreset) {
  const auto chroma_with = [this](std::vector<std::string> arguments) {
    for (const std::string& last :
         {std::string("--force"), std::string("--duration"), std::string("0.5"),
          std::string("--encoder"), std::string(kLossless), setting("CLIP"), in("out.mkv")})
      arguments.push_back(last);
    const Outcome outcome = colorize(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    return decode(in("out.mkv")).pictures.back().chroma;
  };
  const auto vivid = chroma_with({"--preset", "vivid"});
  EXPECT_EQ(vivid, chroma_with({"--set", "vividness=0.47", "--set", "temporal=0.9"}));
  EXPECT_NE(vivid, chroma_with({}));
}

TEST_F(ColorizeFilm, KeepsTheColoursOfAFilmInColour) {
  make_film_with_sound(in("in.mp4"), "mp4mux");
  ASSERT_EQ(colorize({"--encoder", kLossless, in("in.mp4"), in("out.mkv")}).exit_code, 0);
  const Film before = decode(in("in.mp4"));
  const Film after = decode(in("out.mkv"));
  ASSERT_EQ(after.pictures.size(), before.pictures.size());
  for (size_t i = 0; i < after.pictures.size(); ++i)
    EXPECT_EQ(after.pictures[i].chroma, before.pictures[i].chroma) << "frame " << i;
}

TEST_F(ColorizeFilm, KeepsOddSizes) {
  run_pipeline(
      "videotestsrc num-buffers=3 ! video/x-raw,width=35,height=27,framerate=12/1"
      " ! jpegenc ! avimux ! filesink location=" +
      in("in.avi"));
  for (const auto& [codec, name] : {std::pair("h264", "out.mp4"), std::pair("h264", "out.mkv"),
                                    std::pair("vp9", "out.webm"), std::pair("ffv1", "ffv1.mkv")}) {
    const Outcome outcome = colorize({"--codec", codec, in("in.avi"), in(name)});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    const Film after = decode(in(name));
    EXPECT_EQ(after.info.width, 35);
    EXPECT_EQ(after.info.height, 27);
  }
}

TEST_F(ColorizeFilm, KeepsPixelShapeAndColourDescription) {
  run_pipeline(
      "videotestsrc num-buffers=3 ! video/x-raw,format=I420,width=64,height=48,"
      "framerate=12/1,pixel-aspect-ratio=12/11,colorimetry=bt709 ! x264enc ! mp4mux"
      " ! filesink location=" +
      in("in.mp4"));
  ASSERT_EQ(colorize({in("in.mp4"), in("out.mp4")}).exit_code, 0);
  const Film after = decode(in("out.mp4"));
  EXPECT_EQ(after.info.par_n, 12);
  EXPECT_EQ(after.info.par_d, 11);
  EXPECT_EQ(after.info.colorimetry.matrix, GST_VIDEO_COLOR_MATRIX_BT709);
  EXPECT_EQ(after.info.colorimetry.range, GST_VIDEO_COLOR_RANGE_16_235);
}

TEST_F(ColorizeFilm, MakesOneFrameOfTwoFields) {
  run_pipeline(
      "videotestsrc num-buffers=12 pattern=ball ! video/x-raw,format=I420,width=64,"
      "height=48,framerate=12/1,interlace-mode=interleaved,field-order=top-field-first"
      " ! x264enc interlaced=true ! h264parse ! matroskamux ! filesink location=" +
      in("in.mkv"));
  ASSERT_EQ(decode(in("in.mkv")).info.interlace_mode, GST_VIDEO_INTERLACE_MODE_INTERLEAVED);
  ASSERT_EQ(colorize({"--deinterlace", in("in.mkv"), in("out.mkv")}).exit_code, 0);
  const Film after = decode(in("out.mkv"));
  EXPECT_EQ(after.info.interlace_mode, GST_VIDEO_INTERLACE_MODE_PROGRESSIVE);
  EXPECT_EQ(after.pictures.size(), 12U);
  // VP8 has no fields.
  const Outcome webm = colorize({"--encoder", "vp8enc", in("in.mkv"), in("out.webm")});
  ASSERT_EQ(webm.exit_code, 0) << webm.output;
  EXPECT_NE(webm.output.find("is interlaced, which this encoder cannot keep"), std::string::npos);
}

// A telephone's film: the picture lies on its side and the container says how to turn it.
TEST_F(ColorizeFilm, TurnsARotatedFilmUpright) {
  make_film_with_sound(in("in.mp4"), "mp4mux");
  std::string bytes = read_file(in("in.mp4"));
  // The track header of the video: 'tkhd', version 0, whose matrix begins 44 bytes after the name.
  constexpr size_t kMatrix = 44;
  size_t track = bytes.find("tkhd");
  const auto big_endian = [&bytes](size_t at) {
    return static_cast<unsigned char>(bytes[at]) << 24 |
           static_cast<unsigned char>(bytes[at + 1]) << 16 |
           static_cast<unsigned char>(bytes[at + 2]) << 8 |
           static_cast<unsigned char>(bytes[at + 3]);
  };
  constexpr size_t kWidth = kMatrix + 36;
  while (track != std::string::npos && big_endian(track + kWidth) == 0)
    track = bytes.find("tkhd", track + 4);
  ASSERT_NE(track, std::string::npos);
  const std::string quarter_turn(
      "\0\0\0\0\0\1\0\0\0\0\0\0\xff\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32);
  bytes.replace(track + kMatrix, quarter_turn.size(), quarter_turn);
  write_file(in("in.mp4"), bytes);

  const Film before = decode(in("in.mp4"));
  const Outcome outcome = colorize({"--encoder", kLossless, in("in.mp4"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const Film after = decode(in("out.mkv"));
  ASSERT_EQ(after.info.width, 48);
  ASSERT_EQ(after.info.height, 64);
  std::vector<uint8_t> turned;  // clockwise: the first row is the left column from below
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 48; ++x)
      turned.push_back(before.pictures[0].luma[static_cast<size_t>((47 - x) * 64 + y)]);
  EXPECT_EQ(after.pictures[0].luma, turned);
}

}  // namespace
