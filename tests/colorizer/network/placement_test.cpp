#include "plugin/colorizer/network/placement.h"

#include <gtest/gtest.h>

#include "model/inference/int8/frozen_photo_generator_int8.h"
#include "model/kernels/instruction_set.h"
#include "plugin/colorizer/interface/colorizer_error.h"

namespace cgan {
namespace {

Weights calibrated() {
  Weights weights;
  weights.header.ranges = "{}";
  return weights;
}

TEST(Placement, AutoIsFp32OnTheCpuForAModelWithoutRanges) {
  const auto placement = choose_placement("cpu", CGAN_PRECISION_AUTO, {});
  EXPECT_EQ(placement.precision_name, "fp32");
  EXPECT_EQ(placement.type, c10::kFloat);
}

TEST(Placement, AutoIsInt8OnTheCpuForACalibratedModelWhereItPays) {
  const auto placement = choose_placement("cpu", CGAN_PRECISION_AUTO, calibrated());
  EXPECT_EQ(placement.precision_name, int8_pays() ? "int8" : "fp32");
  EXPECT_EQ(placement.type, int8_pays() ? c10::kQInt8 : c10::kFloat);
}

TEST(Placement, Fp32IsThereForACalibratedModelToo) {
  EXPECT_EQ(choose_placement("cpu", CGAN_PRECISION_FP32, calibrated()).precision_name, "fp32");
}

TEST(Placement, Int8RunsOnEveryProcessorThatAsksForIt) {
  const auto placement = choose_placement("cpu", CGAN_PRECISION_INT8, calibrated());
  EXPECT_EQ(placement.precision_name, "int8");
  EXPECT_EQ(placement.type, c10::kQInt8);
}

TEST(Placement, WarnsOfBf16OnAProcessorWithoutItAndOfNothingElse) {
  const auto warning = choose_placement("cpu", CGAN_PRECISION_BF16, calibrated()).warning;
  EXPECT_EQ(warning.empty(), has_bfloat16());
  EXPECT_EQ(warning.find("precision=auto") == std::string::npos, has_bfloat16()) << warning;
  for (const auto precision : {CGAN_PRECISION_AUTO, CGAN_PRECISION_FP32, CGAN_PRECISION_INT8})
    EXPECT_EQ(choose_placement("cpu", precision, calibrated()).warning, "");
}

}  // namespace
}  // namespace cgan
