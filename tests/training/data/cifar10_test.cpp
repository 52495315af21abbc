#include "training/data/cifar10.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

#include "../pictures.h"

namespace cgan::testing {
namespace {

using ::testing::HasSubstr;

std::string message_of(const std::string& path) {
  try {
    read_cifar10({path});
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(Cifar10, ReadsPlanesAsInterleavedPixels) {
  TemporaryFolder folder;
  write_cifar10(folder / "batch.bin", 12);
  const auto data = read_cifar10({(folder / "batch.bin").string()});
  ASSERT_EQ(data->size(), 12);
  EXPECT_EQ(data->label(11), 1);
  EXPECT_EQ(data->class_names().at(1), "automobile");
  const auto picture = data->picture(5);
  EXPECT_EQ(picture.height, 32);
  EXPECT_EQ(picture.width, 32);
  for (int64_t i = 0; i < 1024; ++i)
    for (int c = 0; c < 3; ++c) ASSERT_EQ(picture.rgb[3 * i + c], 5 + c);
}

TEST(Cifar10, TakesTheBatchesOfAFolderInTheOrderOfTheirNames) {
  TemporaryFolder folder;
  write_cifar10(folder / "data_batch_2.bin", 1);
  write_cifar10(folder / "data_batch_1.bin", 3);
  write_cifar10(folder / "test_batch.bin", 5);
  const auto data = read_cifar10({folder.string()});
  ASSERT_EQ(data->size(), 4);
  EXPECT_EQ(data->label(2), 2);
  EXPECT_EQ(data->label(3), 0);
  EXPECT_EQ(data->description(), "CIFAR-10: data_batch_1.bin, data_batch_2.bin");
}

TEST(Cifar10, RefusesAFileThatEndsWithinARecord) {
  TemporaryFolder folder;
  write_cifar10(folder / "batch.bin", 2);
  std::filesystem::resize_file(folder / "batch.bin", 2 * 3073 - 1);
  EXPECT_THAT(message_of((folder / "batch.bin").string()), HasSubstr("not a whole number"));
}

TEST(Cifar10, RefusesAnEmptyFile) {
  TemporaryFolder folder;
  std::ofstream(folder / "batch.bin");
  EXPECT_THAT(message_of((folder / "batch.bin").string()), HasSubstr("0 bytes"));
}

TEST(Cifar10, RefusesALabelAboveNine) {
  TemporaryFolder folder;
  std::ofstream(folder / "batch.bin", std::ios::binary) << char(10) << std::string(3072, 'x');
  EXPECT_THAT(message_of((folder / "batch.bin").string()), HasSubstr("label 10"));
}

TEST(Cifar10, NamesAMissingFile) {
  EXPECT_THAT(message_of("/nowhere/batch.bin"), HasSubstr("/nowhere/batch.bin"));
}

TEST(Cifar10, SaysWhatAFolderWithoutBatchesLacks) {
  TemporaryFolder folder;
  EXPECT_THAT(message_of(folder.string()), HasSubstr("no data_batch_*.bin"));
}

}  // namespace
}  // namespace cgan::testing
