// colorize-film on films as other programs make them: clocks, fields, ranges, tapes.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string_view>

#include "tests/examples/colorize_film_fixture.h"
#include "tests/examples/example_film.h"
#include "tests/examples/example_run.h"

namespace {

class ColorizeFilmFrom : public ColorizeFilmTest {};

// The times that the container holds, on a clock of its own.
std::vector<std::string> clock_of(const std::string& path) {
  const Outcome outcome = run({"ffprobe", "-v", "error", "-select_streams", "v", "-show_entries",
                               "frame=pts_time", "-of", "csv=p=0", path});
  std::vector<std::string> times;
  std::istringstream lines(outcome.output);
  for (std::string line; std::getline(lines, line);)
    if (const std::string time = line.substr(0, line.find(',')); !time.empty())
      times.push_back(time);
  return times;
}

// The fields of each frame of an MPEG-2 film without B frames, written over what its encoder said.
struct Fields {
  bool is_top_first, is_repeated, is_progressive;
};
void say_fields(const std::string& path, const std::vector<Fields>& pattern) {
  constexpr char kExtension[] = {0, 0, 1, '\xb5'};
  constexpr int kPictureCoding = 8;
  std::string bytes = read_file(path);
  size_t frame = 0;
  const auto set_bit = [&bytes](size_t at, int bit, bool value) {
    bytes[at] = static_cast<char>(value ? bytes[at] | bit : bytes[at] & ~bit);
  };
  const std::string_view extension(kExtension, sizeof(kExtension));
  for (size_t at = bytes.find(extension); at != std::string::npos;
       at = bytes.find(extension, at + 4)) {
    if (static_cast<unsigned char>(bytes[at + 4]) >> 4 != kPictureCoding) continue;
    const Fields fields = pattern[frame++ % pattern.size()];
    set_bit(at + 7, 0x80, fields.is_top_first);
    set_bit(at + 7, 0x02, fields.is_repeated);
    set_bit(at + 8, 0x80, fields.is_progressive);
  }
  write_file(path, bytes);
}

TEST_F(ColorizeFilmFrom, AClockThatDoesNotBeginAtZero) {
  const std::string film = "-f lavfi -i testsrc=s=64x48:r=12:d=2,hue=s=0 -output_ts_offset 10 ";
  run_ffmpeg(film + "-c:v libx264 -pix_fmt yuv420p", in("in.mkv"));
  run_ffmpeg(film + "-c:v libvpx -pix_fmt yuv420p", in("in.webm"));
  const auto before = clock_of(in("in.mkv"));
  ASSERT_EQ(before.size(), 24U);
  ASSERT_EQ(before.front().substr(0, 6), "10.000");
  for (const auto& [from, to] :
       {std::pair("in.mkv", "out.mkv"), std::pair("in.webm", "out.webm")}) {
    const Outcome outcome = colorize({in(from), in(to)});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_EQ(clock_of(in(to)), before);
  }
  // MP4's clock begins at 0, which is said.
  const Outcome outcome = colorize({in("in.mkv"), in("out.mp4")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_NE(outcome.output.find("begins at 10.0 s"), std::string::npos) << outcome.output;
  EXPECT_EQ(decode(in("out.mp4")).pictures.size(), 24U);
}

TEST_F(ColorizeFilmFrom, ASpanOfAFilmWhoseClockDoesNotBeginAtZero) {
  run_ffmpeg(
      "-f lavfi -i testsrc=s=64x48:r=10:d=2,hue=s=0 -output_ts_offset 10 -c:v libx264"
      " -pix_fmt yuv420p",
      in("in.mkv"));
  const Outcome outcome =
      colorize({"--start", "1", "--duration", "0.5", in("in.mkv"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const auto times = clock_of(in("out.mkv"));
  ASSERT_EQ(times.size(), 5U);
  EXPECT_EQ(times.front().substr(0, 5), "0.000");
}

// A tape: its demuxer shows the sound a moment before the picture, whose lower field is the first.
TEST_F(ColorizeFilmFrom, ATapeWhosePictureComesAfterItsSound) {
  run_ffmpeg(
      "-f lavfi -i testsrc=s=720x576:r=25:d=0.4,setsar=16/15 -f lavfi -i sine=r=48000:d=0.4"
      " -shortest -ac 2 -pix_fmt yuv420p",
      in("tape.dv"));
  const Outcome outcome = colorize({in("tape.dv"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const Film after = decode(in("out.mkv"));
  EXPECT_EQ(after.pictures.size(), 10U);
  EXPECT_EQ(after.info.par_n, 16);
  EXPECT_EQ(packets(in("out.mkv"), "audio/").size(), 10U);
}

// Whether the first frame of a film has two fields, and in that order.
void expect_fields(const std::string& path, bool is_top_first) {
  const std::string said =
      run({"ffprobe", "-v", "error", "-read_intervals", "%+#1", "-show_entries",
           "frame=interlaced_frame,top_field_first", "-of", "default=noprint_wrappers=1", path})
          .output;
  const std::string wanted =
      std::string("interlaced_frame=1\ntop_field_first=") + (is_top_first ? "1\n" : "0\n");
  EXPECT_NE(said.find(wanted), std::string::npos) << path << ": " << said;
}

TEST_F(ColorizeFilmFrom, FieldsInEitherOrder) {
  for (const std::string top : {"0", "1"}) {
    run_ffmpeg(
        "-f lavfi -i testsrc=s=96x64:r=25:d=0.8 -c:v mpeg2video -q:v 2 -flags +ildct+ilme"
        " -top " +
            top,
        in("in.mkv"));
    for (const bool deinterlace : {true, false}) {
      std::vector<std::string> arguments = {"--force", in("in.mkv"), in("out.mkv")};
      if (deinterlace) arguments.insert(arguments.begin(), "--deinterlace");
      const Outcome outcome = colorize(arguments);
      ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
      EXPECT_NE(outcome.output.find(" 20 frames"), std::string::npos) << outcome.output;
      const auto times = clock_of(in("out.mkv"));
      EXPECT_EQ(times, clock_of(in("in.mkv"))) << "top field first: " << top;
      EXPECT_EQ(times.size(), 20U);
    }
    // The fields, and which comes first, in the default codec and without a loss.
    expect_fields(in("out.mkv"), top == "1");
    ASSERT_EQ(colorize({"--force", "--encoder", kLossless, in("in.mkv"), in("out.mkv")}).exit_code,
              0);
    expect_fields(in("out.mkv"), top == "1");
    const Film before = decode(in("in.mkv")), after = decode(in("out.mkv"));
    ASSERT_EQ(after.pictures.size(), 20U);
    for (size_t i = 0; i < 20; ++i) EXPECT_EQ(after.pictures[i].luma, before.pictures[i].luma) << i;
  }
}

TEST_F(ColorizeFilmFrom, MixedAndTelecinedFrames) {
  const std::pair<const char*, std::vector<Fields>> kinds[] = {
      {"telecined",
       {{true, true, true}, {false, false, true}, {false, true, true}, {true, false, true}}},
      {"mixed",
       {{false, false, false}, {false, false, false}, {false, false, true}, {false, false, true}}},
      {"order changes", {{true, false, false}, {true, false, false}, {false, false, false}}},
  };
  for (const auto& [name, pattern] : kinds) {
    run_ffmpeg(
        "-f lavfi -i testsrc=s=96x64:r=24:d=1 -c:v mpeg2video -q:v 2 -bf 0 -flags +ildct+ilme",
        in("in.mkv"));
    say_fields(in("in.mkv"), pattern);
    for (const bool deinterlace : {true, false}) {
      std::vector<std::string> arguments = {"--force", "--encoder", kLossless, in("in.mkv"),
                                            in("out.mkv")};
      if (deinterlace) arguments.insert(arguments.begin(), "--deinterlace");
      const Outcome outcome = colorize(arguments);
      ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
      EXPECT_EQ(clock_of(in("out.mkv")), clock_of(in("in.mkv"))) << name;
      const Film before = decode(in("in.mkv"));
      const Film after = decode(in("out.mkv"));
      ASSERT_EQ(after.pictures.size(), 24U) << name;
      // Frames without fields of their own stay as they are, and all do whose fields stay.
      for (size_t i = 0; i < 24; ++i) {
        if (deinterlace && !pattern[i % pattern.size()].is_progressive) continue;
        EXPECT_EQ(after.pictures[i].luma, before.pictures[i].luma) << name << ", frame " << i;
      }
    }
  }
}

TEST_F(ColorizeFilmFrom, FullRangeWithoutAMatrix) {
  run_ffmpeg(
      "-f lavfi -i testsrc=s=160x120:r=24:d=0.5,hue=s=0,scale=out_range=pc -pix_fmt yuvj420p"
      " -c:v libx264",
      in("full.mp4"));
  const Outcome outcome = colorize({in("full.mp4"), in("out.mp4")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  // GStreamer's own reader of MP4 does not see the range.
  const Outcome said = run({"ffprobe", "-v", "error", "-show_entries",
                            "stream=color_range,color_space", "-of", "csv=p=0", in("out.mp4")});
  EXPECT_EQ(said.output, "pc,smpte170m\n");
}

// Two recordings joined: the second has other pixels, a picture of another size, and begins a
// moment before the end of the first.
TEST_F(ColorizeFilmFrom, APictureThatChangesItsShapeOnTheWay) {
  const std::string as_stream = " -c:v libx264 -pix_fmt yuv420p -f mpegts";
  run_ffmpeg("-f lavfi -i testsrc=s=160x120:r=24:d=2,hue=s=0" + as_stream, in("a.ts"));
  for (const std::string second : {"s=160x120:r=24:d=1,setsar=4/3", "s=64x96:r=25:d=0.96"}) {
    run_ffmpeg("-f lavfi -i testsrc=" + second + ",hue=s=0 -output_ts_offset 2" + as_stream,
               in("b.ts"));
    write_file(in("ab.ts"), read_file(in("a.ts")) + read_file(in("b.ts")));
    for (const std::string name : {"out.mp4", "out.mkv"}) {
      const Outcome outcome = colorize({"--force", in("ab.ts"), in(name)});
      ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
      EXPECT_NE(outcome.output.find("changes its size or shape"), std::string::npos);
      EXPECT_NE(outcome.output.find(" 72 frames"), std::string::npos) << outcome.output;
      const Film after = decode(in(name));
      EXPECT_EQ(after.pictures.size(), 72U) << second << name;
      EXPECT_EQ(after.info.width, 160);
      EXPECT_EQ(after.info.height, 120);
    }
  }
}

TEST_F(ColorizeFilmFrom, CountsTheFramesThatAreInTheResult) {
  make_film_with_sound(in("in.mp4"), "mp4mux");
  const Outcome outcome = colorize({"--encoder", "videorate ! video/x-raw,framerate=6/1 ! x264enc",
                                    in("in.mp4"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const auto frames = std::to_string(decode(in("out.mkv")).pictures.size());
  EXPECT_NE(outcome.output.find("only " + frames + " of 12 coloured frames"), std::string::npos)
      << outcome.output;
  EXPECT_NE(outcome.output.find(": " + frames + " frames coloured"), std::string::npos)
      << outcome.output;
}

TEST_F(ColorizeFilmFrom, StandardInput) {
  run_ffmpeg("-f lavfi -i testsrc=s=64x48:r=12:d=1,hue=s=0 -c:v libx264 -pix_fmt yuv420p",
             in("in.mkv"));
  const Outcome outcome = run({"sh", "-c", "cat \"$1\" | \"$0\" - \"$2\"", setting("COLORIZE_FILM"),
                               in("in.mkv"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(decode(in("out.mkv")).pictures.size(), 12U);
}

TEST_F(ColorizeFilmFrom, NamesAsLongAsAFileMayHave) {
  make_film_with_sound(in("in.mp4"), "mp4mux");
  for (const std::string letter : {"x", "\xc3\xa9"}) {
    std::string name;
    while (name.size() + letter.size() <= 251) name += letter;
    const Outcome outcome = colorize({in("in.mp4"), in(name + ".mkv")});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_EQ(decode(in(name + ".mkv")).pictures.size(), 12U);
  }
}

// The same damage is said in each container; whole films get no warning.
TEST_F(ColorizeFilmFrom, DamageWithTheFramesThatAreLost) {
  const std::string film = "-f lavfi -i testsrc2=s=160x120:r=24:d=4 -threads 1 ";
  const std::pair<const char*, const char*> kinds[] = {
      {"in.mp4", "-c:v libx264 -g 24 -pix_fmt yuv420p"},
      {"in.mpg", "-c:v mpeg2video -b:v 2M"},
      {"in.ts", "-c:v libx264 -g 24 -pix_fmt yuv420p"}};
  for (const auto& [name, settings] : kinds) {
    run_ffmpeg(film + settings, in(name));
    const Outcome whole = colorize({"--force", in(name), in("out.mkv")});
    EXPECT_EQ(whole.exit_code, 0) << whole.output;
    EXPECT_EQ(whole.output.find("warning"), std::string::npos) << name << ": " << whole.output;

    std::string bytes = read_file(in(name));
    for (const size_t eighths : {3, 5})
      for (size_t i = 0; i < bytes.size() / 20; ++i)
        bytes[bytes.size() * eighths / 8 + i] = static_cast<char>(i * 7919 >> 3);
    write_file(in(name), bytes);
    const Outcome damaged = colorize({"--force", in(name), in("out.mkv")});
    EXPECT_EQ(damaged.exit_code, 0) << damaged.output;
    EXPECT_NE(damaged.output.find("are missing or could not be decoded"), std::string::npos)
        << name << ": " << damaged.output;
  }
}

// What the result cannot hold is said, what it can is there.
TEST_F(ColorizeFilmFrom, ChaptersAttachmentsAndMarks) {
  write_file(in("meta.txt"),
             ";FFMETADATA1\ntitle=Street\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\n"
             "title=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=500\nEND=1000\ntitle=Two\n");
  write_file(in("a.ttf"), "letters");
  run_ffmpeg(
      "-f lavfi -i testsrc=s=64x48:r=12:d=1,hue=s=0 -f lavfi -i sine=d=1 -f lavfi"
      " -i sine=d=1 -i " +
          in("meta.txt") +
          " -map 0 -map 1 -map 2 -map_metadata 3 -map_chapters 3 -c:v libx264"
          " -pix_fmt yuv420p -c:a aac -disposition:a:1 0 -attach " +
          in("a.ttf") + " -metadata:s:t mimetype=font/ttf",
      in("in.mkv"));
  run_ffmpeg("-i " + in("in.mkv") + " -map 0:v -map 0:a -c copy", in("in.mp4"));
  const auto said = [this](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--force");
    const Outcome outcome = colorize(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    return outcome.output;
  };
  const auto has = [](const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
  };
  const std::string to_mkv = said({in("in.mkv"), in("out.mkv")});
  EXPECT_FALSE(has(to_mkv, "chapter")) << to_mkv;
  EXPECT_TRUE(has(to_mkv, "1 attachment of ")) << to_mkv;
  EXPECT_TRUE(has(to_mkv, "which of the 2 sound and subtitle tracks")) << to_mkv;
  const Outcome chapters = run({"ffprobe", "-v", "error", "-show_entries",
                                "chapter=start_time:chapter_tags=title:format_tags=title", "-of",
                                "csv=p=0", in("out.mkv")});
  EXPECT_TRUE(has(chapters.output, "One") && has(chapters.output, "Two")) << chapters.output;
  EXPECT_TRUE(has(chapters.output, "Street")) << chapters.output;

  EXPECT_TRUE(has(said({in("in.mkv"), in("out.mp4")}), "2 chapters of "));
  EXPECT_TRUE(has(said({"--duration", "0.5", in("in.mkv"), in("out.mkv")}), "2 chapters of "));
  EXPECT_TRUE(has(said({in("in.mp4"), in("out.mkv")}), "the chapters of "));
}

// Packets without times, lengths that are estimated, shapes that cannot be, headers among packets,
// segments in bytes, rare matrices: all frames come, and nothing is said but what is true.
TEST_F(ColorizeFilmFrom, FilesThatSayLittleOfThemselves) {
  const struct {
    std::string name, codec, sentence;
  } kinds[] = {{"in.h264", "-c:v libx264 -pix_fmt yuv420p", ""},
               {"in.m2v", "-c:v mpeg2video", ""},
               {"in.mjpeg", "-c:v mjpeg", ""},
               {"in.rm", "-c:v rv20 -s 176x144", ""},
               {"cinepak.avi", "-c:v cinepak", ""},
               {"raw.avi", "-c:v rawvideo -pix_fmt bgr24", ""},
               {"theora.mkv", "-c:v libtheora", ""},
               {"smpte240.mkv", "-c:v libx264 -pix_fmt yuv420p -colorspace smpte240m",
                "becomes that of BT.709"}};
  for (const auto& [name, codec, sentence] : kinds) {
    SCOPED_TRACE(name);
    run_ffmpeg("-f lavfi -i testsrc2=s=96x64:r=12:d=1 " + codec, in(name));
    const Outcome outcome =
        colorize({"--force", "--set", "shots-only=true", in(name), in("out.mkv")});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_EQ(has(outcome.output, "warning"), !sentence.empty()) << outcome.output;
    EXPECT_TRUE(has(outcome.output, sentence)) << outcome.output;
    EXPECT_FALSE(has(outcome.output, "CRITICAL")) << outcome.output;
    EXPECT_EQ(decode(in("out.mkv")).pictures.size(), 12U);
  }
}

// Each with its name, before anything is coloured, and what to do about it.
TEST_F(ColorizeFilmFrom, NothingThatGStreamerMisreads) {
  const struct {
    std::string name, codec, words;
  } kinds[] = {{"in.avi", "-c:v rawvideo -pix_fmt pal8", "palette"},
               {"in.apng", "-plays 0", "animated PNG"},
               {"in.gif", "", "GIF"},
               {"in.nut", "-c:v mjpeg", "nut"},
               {"in.mov", "-c:v hap", "(Hap1)"},
               {"in.avi", "-c:v utvideo -pix_fmt yuv420p", "(ULY0)"},
               {"in.mkv", "-c:v utvideo -pix_fmt yuv420p", "(ULY0)"},
               {"in.y4m", "-strict -1 -pix_fmt yuv422p10le", "YUV4MPEG"},
               {"in.mkv", "-c:v ffv1 -s 8x8", "8x8 pixels"},
               {"in.mkv", "-c:v ffv1 -s 8192x16", "8192x16 pixels"},
               {"in.webp", "-c:v libwebp_anim", "cannot be read"}};
  for (const auto& [name, codec, words] : kinds) {
    SCOPED_TRACE(codec);
    const TestFolder folder;
    run_ffmpeg("-f lavfi -i testsrc2=s=96x64:r=12:d=1 " + codec, folder.path(name));
    const Outcome outcome =
        colorize({"--set", "shots-only=true", folder.path(name), folder.path("out.mkv")});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_TRUE(has(outcome.output, words)) << outcome.output;
    EXPECT_TRUE(has(outcome.output, " it first")) << outcome.output;
    EXPECT_EQ(folder.files(), std::vector<std::string>{name});
  }
  write_file(in("in.m3u8"),
             "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nin.ts\n#EXT-X-ENDLIST\n");
  const Outcome playlist = colorize({in("in.m3u8"), in("out.mkv")});
  EXPECT_EQ(playlist.exit_code, 1);
  EXPECT_TRUE(has(playlist.output, "onvert it first")) << playlist.output;
  EXPECT_FALSE(has(playlist.output, "CRITICAL")) << playlist.output;
  std::filesystem::remove(in("in.m3u8"));
  // Its decoder ends the program, or says what it does not know.
  run_ffmpeg("-f lavfi -i testsrc2=s=96x64:r=12:d=1 -c:v ffv1 -pix_fmt yuv420p9le", in("in.avi"));
  const Outcome outcome = colorize({"--set", "shots-only=true", in("in.avi"), in("out.mkv")});
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_TRUE(has(outcome.output, "onvert it first") || has(outcome.output, "onvert the film"))
      << outcome.output;
  EXPECT_EQ(folder_.files(), std::vector<std::string>{"in.avi"});
}

// Cut without encoding at 0.6 s, where no frame begins.
TEST_F(ColorizeFilmFrom, AnEditListThatBeginsWithinAFrame) {
  run_ffmpeg(
      "-f lavfi -i testsrc2=s=96x64:r=24:d=2 -c:v libx264 -pix_fmt yuv420p -g 12 -bf 2 "
      "-video_track_timescale 24000",
      in("whole.mp4"));
  run_ffmpeg("-ss 0.6 -i " + in("whole.mp4") + " -c copy", in("in.mp4"));
  const Outcome outcome =
      colorize({"--set", "shots-only=true", "--codec", "ffv1", in("in.mp4"), in("out.mkv")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_FALSE(has(outcome.output, "warning")) << outcome.output;
  const Film film = decode(in("out.mkv"));
  ASSERT_EQ(film.pictures.size(), 34U);  // of 48: the rest of the 15th, and what follows
  EXPECT_NEAR(static_cast<double>(film.pictures[1].time), 0.025e9, 1e6);
  EXPECT_NEAR(static_cast<double>(film.pictures[33].time), 0.025e9 + 32e9 / 24, 1e6);
}

TEST_F(ColorizeFilmFrom, JpegOfEachChromaGrid) {
  for (const std::string grid : {"420", "422", "444"})
    for (const std::string name : {"in.avi", "in.mkv", "in-%02d.jpg"}) {
      SCOPED_TRACE(grid + " " + name);
      run_ffmpeg("-f lavfi -i testsrc2=s=96x64:r=12:d=0.5 -c:v mjpeg -pix_fmt yuvj" + grid + "p",
                 in(name));
      const Outcome outcome = colorize(
          {"--force", "--set", "shots-only=true", "--codec", "ffv1", in(name), in("out.mkv")});
      ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
      EXPECT_EQ(said(in("out.mkv"), "stream=pix_fmt,color_range"), "yuv" + grid + "p,pc\n");
      EXPECT_EQ(decode(in("out.mkv")).pictures.size(), 6U);
    }
}

}  // namespace
