#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "model/weights/weights.h"

namespace cgan {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char kVariable[] = "CGANCOLORIZE_WEIGHTS_PATH";

class FindWeights : public testing::Test {
 protected:
  void SetUp() override {
    if (const char* value = std::getenv(kVariable)) former_ = value;
    unsetenv(kVariable);
    folder_ = fs::path(testing::TempDir()) / "cgan-find-weights";
    fs::remove_all(folder_);
    for (const char* name : {"first", "second"}) fs::create_directories(folder_ / name);
    std::ofstream(folder_ / "second" / "mine.safetensors") << "x";
  }
  void TearDown() override {
    fs::remove_all(folder_);
    unsetenv(kVariable);
    if (former_) setenv(kVariable, former_->c_str(), 1);
  }
  void search_both() const {
    const auto path = (folder_ / "first").string() + ":" + (folder_ / "second").string();
    setenv(kVariable, path.c_str(), 1);
  }

  fs::path folder_;
  std::optional<std::string> former_;
};

std::string refusal(const std::string& name) {
  try {
    ADD_FAILURE() << "found " << find_weights(name);
  } catch (const ModelFileError& error) {
    EXPECT_EQ(error.kind, ModelFileError::Kind::kNotFound);
    return error.what();
  }
  return "";
}

TEST_F(FindWeights, FindsTheShippedModelInTheBuildTree) {
  const auto path = find_weights("cifar10");
  EXPECT_EQ(fs::path(path).filename(), "cifar10.safetensors");
  EXPECT_EQ(read_weights(path).header.architecture, "report-generator");
}

TEST_F(FindWeights, LooksIntoTheFoldersOfTheEnvironmentInTheirOrder) {
  search_both();
  EXPECT_EQ(find_weights("mine"), (folder_ / "second" / "mine.safetensors").string());
  std::ofstream(folder_ / "first" / "mine.safetensors") << "x";
  EXPECT_EQ(find_weights("mine"), (folder_ / "first" / "mine.safetensors").string());
}

TEST_F(FindWeights, PrefersTheEnvironmentToTheShippedModel) {
  search_both();
  std::ofstream(folder_ / "second" / "cifar10.safetensors") << "x";
  EXPECT_EQ(find_weights("cifar10"), (folder_ / "second" / "cifar10.safetensors").string());
}

TEST_F(FindWeights, NamesEveryPlaceAndTheModelsThatAreThere) {
  search_both();
  EXPECT_THAT(refusal("nonsense"),
              AllOf(HasSubstr("'nonsense'"), HasSubstr((folder_ / "first").string()),
                    HasSubstr((folder_ / "second").string()), HasSubstr("model/weights"),
                    HasSubstr("share/cgancolorize/weights"), HasSubstr("hold cifar10, mine"),
                    HasSubstr(kVariable)));
}

TEST_F(FindWeights, TakesAPathAsItIs) {
  const auto path = (folder_ / "second" / "mine.safetensors").string();
  EXPECT_EQ(find_weights(path), path);
  const auto missing = (folder_ / "first" / "none").string();
  EXPECT_THAT(refusal(missing), AllOf(HasSubstr(missing), HasSubstr("cifar10")));
}

TEST_F(FindWeights, ReadsANameWithTheExtensionAsAPath) {
  search_both();
  EXPECT_THAT(refusal("mine.safetensors"), HasSubstr("no model file 'mine.safetensors'"));
}

}  // namespace
}  // namespace cgan
