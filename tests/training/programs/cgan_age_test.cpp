// Runs cgan-age as a user does: its path is CGAN_AGE.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "../pictures.h"
#include "training/data/picture_folder.h"
#include "training/data/png_file.h"

namespace cgan::testing {
namespace {

namespace fs = std::filesystem;

class CganAge : public ::testing::Test {
 protected:
  CganAge() {
    fs::create_directory(folder_ / "in");
    for (const char* name : {"a.png", "b.png", "c.png"})
      write_png((folder_ / "in" / name).string(), torch::full({3, 40, 50}, 0.5));
  }
  /// @return the program's exit status
  int age(const std::string& out, const std::string& options) {
    const std::string command = std::string(CGAN_AGE) + " --pictures " + (folder_ / "in").string() +
                                " --cache " + (folder_ / "cache").string() + " --out " +
                                (folder_ / out).string() + " --side 32 " + options + " >" +
                                (folder_ / "log").string() + " 2>&1";
    return std::system(command.c_str());
  }
  std::string log() {
    std::ifstream file(folder_ / "log");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// The largest distance from mid-gray, in codes.
  int largest_difference(const std::string& out) {
    const auto data =
        open_picture_folders({(folder_ / out).string()}, 32, (folder_ / "cache").string());
    int largest = 0;
    for (int64_t i = 0; i < data->size(); ++i) {
      const PictureView picture = data->picture(i);
      EXPECT_EQ(picture.height, 32);
      EXPECT_EQ(picture.width, 32);
      for (int64_t k = 0; k < 32 * 32 * 3; ++k)
        largest = std::max(largest, std::abs(picture.rgb[k] - 128));
    }
    return largest;
  }

  TemporaryFolder folder_;
};

TEST_F(CganAge, WritesAsManySquaresAsAskedForAndAgesNoneAtZero) {
  ASSERT_EQ(age("clean", "--old-film 0 --count 2"), 0) << log();
  EXPECT_TRUE(fs::exists(folder_ / "clean/00001.png"));
  EXPECT_FALSE(fs::exists(folder_ / "clean/00002.png"));
  EXPECT_LE(largest_difference("clean"), 1);
}

TEST_F(CganAge, LeavesTracesOfAgeAtOne) {
  ASSERT_EQ(age("aged", "--old-film 1"), 0) << log();
  EXPECT_GT(largest_difference("aged"), 5);
}

TEST_F(CganAge, MixesWithNoFolderThatIsThere) {
  EXPECT_NE(age("in", ""), 0);
  EXPECT_NE(log().find("name a new folder"), std::string::npos) << log();
}

}  // namespace
}  // namespace cgan::testing
