#include "training/recipe/validation_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "../pictures.h"

namespace cgan::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ValidationTable, HoldsARowForEachSet) {
  const nlohmann::json scores = {
      {"psnr_gain", 1.234},  {"worse_than_grey", 0.375}, {"colourfulness_ratio", 0.75},
      {"ab_distance", 14.9}, {"accuracy_5", 50},         {"accuracy_2", 20},
      {"mae", 5.5},          {"pictures", 400}};
  auto film = scores;
  film["psnr_gain"] = -0.2;
  const auto table = validation_table({{"val", scores}, {"film", film}});
  EXPECT_THAT(table, HasSubstr("\n  val             1.23                37.5         75"));
  EXPECT_THAT(table, HasSubstr("\n  film           -0.20 "));
  EXPECT_EQ(table.back(), '\n');
}

TEST(ValidationTable, HasColumnsForWhatWasMeasured) {
  const nlohmann::json plain = {{"psnr_gain", 1.0}};
  EXPECT_THAT(validation_table({{"val", plain}}), Not(HasSubstr("FID")));
  auto seen = plain;
  seen["fid_ratio"] = 0.875;
  seen["recovery_answer"] = 0.25;
  const auto table = validation_table({{"val", seen}, {"film", plain}});
  EXPECT_THAT(table, HasSubstr("FID, % of grey's  recovery\n"));
  EXPECT_THAT(table, HasSubstr("87.5      0.25\n"));
  EXPECT_THAT(table, HasSubstr("-         -\n"));
}

TEST(ValidationTable, TakesTheNameFromTheTextOrTheFolder) {
  using Named = std::pair<std::string, std::string>;
  EXPECT_EQ(named_folder("scenes=photos/val-scenes"), Named("scenes", "photos/val-scenes"));
  EXPECT_EQ(named_folder("photos/val/"), Named("val", "photos/val/"));
  EXPECT_EQ(named_folder("photos/a=b"), Named("a=b", "photos/a=b"));
}

TEST(ValidationTable, RefusesNamesThatCannotBeToldApart) {
  const FormulaPictures pictures(2, 16);
  EXPECT_NO_THROW(check_validation_sets({{"a", pictures}, {"b", pictures}}));
  EXPECT_THROW(check_validation_sets({}), std::invalid_argument);
  EXPECT_THROW(check_validation_sets({{"a", pictures}, {"a", pictures}}), std::invalid_argument);
  for (const char* name : {"", "train", "a/b", ".."})
    EXPECT_THROW(check_validation_sets({{name, pictures}}), std::invalid_argument) << name;
}

}  // namespace
}  // namespace cgan::testing
