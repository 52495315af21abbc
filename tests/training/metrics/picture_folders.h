#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace cgan::testing {

/// A folder of its own for each test with `originals` and `results` in it, gone afterwards.
class PictureFolders : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(::testing::TempDir()) /
              (std::string("cgan-") + test->test_suite_name() + "-" + test->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "results");
    std::filesystem::create_directories(folder_ / "originals");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::filesystem::path folder_;
};

}  // namespace cgan::testing
