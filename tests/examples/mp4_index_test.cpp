// The number of frames that progress counts to.

#include "examples/colorize_film/mp4_index.h"

#include <gtest/gtest.h>

#include "tests/examples/example_film.h"
#include "tests/examples/example_run.h"

namespace {

using colorize_film::Mp4Index;

TEST(Mp4Index, CountsTheFramesOfThePicturesNotOfTheSound) {
  const TestFolder folder;
  for (const char* order : {"-map 0 -map 1", "-map 1 -map 0"}) {
    run_ffmpeg(std::string("-f lavfi -i testsrc=s=64x48:r=25:d=0.68 -f lavfi -i sine=d=2 ") +
                   order + " -c:v libx264 -pix_fmt yuv420p -c:a aac",
               folder.path("in.mp4"));
    EXPECT_EQ(Mp4Index(folder.path("in.mp4")).frames(), 17) << order;
  }
}

TEST(Mp4Index, IsEmptyForWhatHasNone) {
  const TestFolder folder;
  EXPECT_FALSE(Mp4Index(folder.path("none.mp4")).frames());
  // Boxes that promise more than there is, or nothing.
  for (const std::string& bytes :
       {std::string(), std::string("\0\0\0\x10moov\0\0\0\x7ftrak", 16),
        std::string("\0\0\0\x10moov\0\0\0\0trak", 16), std::string("\xff\xff\xff\xffmoov", 8),
        std::string(4000, 'x')}) {
    write_file(folder.path("odd.mp4"), bytes);
    EXPECT_FALSE(Mp4Index(folder.path("odd.mp4")).frames());
    EXPECT_FALSE(Mp4Index(folder.path("odd.mp4")).has_chapters());
  }
}

}  // namespace
