#include "training/data/picture_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stb_image_write.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "../pictures.h"
#include "training/data/packed_pictures.h"

namespace cgan::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

/// A picture of one colour, its left half black.
void write_png(const fs::path& path, int width, int height, uint8_t red) {
  fs::create_directories(path.parent_path());
  std::vector<uint8_t> rgb;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (uint8_t value : {red, uint8_t{20}, uint8_t{30}})
        rgb.push_back(x < width / 2 ? uint8_t{0} : value);
  ASSERT_TRUE(stbi_write_png(path.c_str(), width, height, 3, rgb.data(), 3 * width));
}

std::vector<fs::path> packs_in(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) found.push_back(entry.path());
  return found;
}

TEST(PictureFolder, ScalesTheShorterSideByAreaMean) {
  TemporaryFolder folder;
  write_png(folder / "in/a.png", 80, 40, 200);
  const auto data = open_picture_folders({(folder / "in").string()}, 10, folder / "cache");
  ASSERT_EQ(data->size(), 1);
  const auto picture = data->picture(0);
  EXPECT_EQ(picture.height, 10);
  EXPECT_EQ(picture.width, 20);
  EXPECT_EQ(picture.rgb[3 * 9], 0);
  EXPECT_EQ(picture.rgb[3 * 10], 200);
  EXPECT_EQ(picture.rgb[3 * 10 + 2], 30);
  EXPECT_EQ(data->label(0), -1);
}

TEST(PictureFolder, LeavesSmallerPicturesAsTheyAre) {
  TemporaryFolder folder;
  write_png(folder / "in/a.png", 20, 12, 200);
  const auto data = open_picture_folders({(folder / "in").string()}, 16, folder / "cache");
  const auto picture = data->picture(0);
  EXPECT_EQ(picture.height, 12);
  EXPECT_EQ(picture.width, 20);
}

TEST(PictureFolder, TakesSubFoldersForClasses) {
  TemporaryFolder folder;
  write_png(folder / "in/ship/deep/1.png", 16, 16, 10);
  write_png(folder / "in/cat/2.png", 16, 16, 20);
  const auto data = open_picture_folders({(folder / "in").string()}, 16, folder / "cache");
  EXPECT_THAT(data->class_names(), ElementsAre("cat", "ship"));
  EXPECT_EQ(data->label(0), 0);
  EXPECT_EQ(data->label(1), 1);
}

TEST(PictureFolder, HasNoClassesWhereAPictureLiesBesideTheSubFolders) {
  TemporaryFolder folder;
  write_png(folder / "in/ship/1.png", 16, 16, 10);
  write_png(folder / "in/2.png", 16, 16, 20);
  const auto data = open_picture_folders({(folder / "in").string()}, 16, folder / "cache");
  EXPECT_TRUE(data->class_names().empty());
  EXPECT_EQ(data->label(0), -1);
  EXPECT_EQ(data->label(1), -1);
}

TEST(PictureFolder, DecodesOnce) {
  TemporaryFolder folder;
  write_png(folder / "in/a.png", 16, 16, 200);
  const auto open = [&] {
    return open_picture_folders({(folder / "in").string()}, 16, folder / "cache");
  };
  open();
  const auto pack = packs_in(folder / "cache").at(0);
  const auto written = fs::last_write_time(pack);
  open();
  EXPECT_EQ(packs_in(folder / "cache").size(), 1u);
  EXPECT_EQ(fs::last_write_time(pack), written);
}

TEST(PictureFolder, DecodesAnewWhenAPictureChanged) {
  TemporaryFolder folder;
  write_png(folder / "in/a.png", 16, 16, 200);
  const auto red = [&] {
    return open_picture_folders({(folder / "in").string()}, 16, folder / "cache")
        ->picture(0)
        .rgb[3 * 15];
  };
  EXPECT_EQ(red(), 200);
  write_png(folder / "in/a.png", 16, 16, 100);
  fs::last_write_time(folder / "in/a.png",
                      fs::last_write_time(folder / "in/a.png") + std::chrono::seconds(2));
  EXPECT_EQ(red(), 100);
}

TEST(PictureFolder, LeavesOutWhatCannotBeDecoded) {
  TemporaryFolder folder;
  write_png(folder / "in/a.png", 16, 16, 200);
  write_png(folder / "in/b.png", 16, 16, 200);
  fs::resize_file(folder / "in/b.png", fs::file_size(folder / "in/b.png") / 2);
  std::ofstream(folder / "in/c.jpg") << "not a picture";
  ::testing::internal::CaptureStderr();
  const auto data = open_picture_folders({(folder / "in").string()}, 16, folder / "cache");
  const auto told = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(data->size(), 1);
  EXPECT_THAT(told, ::testing::HasSubstr("b.png"));
  EXPECT_THAT(told, ::testing::HasSubstr("c.jpg"));
}

TEST(PictureFolder, RefusesAFolderWithoutPictures) {
  TemporaryFolder folder;
  EXPECT_THROW(open_picture_folders({folder.string()}, 16, folder / "cache"), std::runtime_error);
  EXPECT_THROW(open_picture_folders({"/nowhere"}, 16, folder / "cache"), std::runtime_error);
}

TEST(PackedPictures, OpensNoTruncatedPack) {
  TemporaryFolder folder;
  const auto path = (folder / "a.pack").string();
  PackWriter writer(path, 5, {{4, 4, -1}}, {});
  std::fill_n(writer.pixels_of(0), 48, uint8_t{9});
  writer.finish();
  EXPECT_NE(open_pack(path, 5, ""), nullptr);
  EXPECT_EQ(open_pack(path, 6, ""), nullptr);
  fs::resize_file(path, fs::file_size(path) - 1);
  EXPECT_EQ(open_pack(path, 5, ""), nullptr);
}

}  // namespace
}  // namespace cgan::testing
