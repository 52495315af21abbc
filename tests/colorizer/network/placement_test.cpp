#include "plugin/colorizer/network/placement.h"

#include <gtest/gtest.h>

#include "model/inference/int8/quantized_engine.h"
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

TEST(Placement, AutoIsInt8OnTheCpuForACalibratedModelWhereItRuns) {
  const auto placement = choose_placement("cpu", CGAN_PRECISION_AUTO, calibrated());
  EXPECT_EQ(placement.precision_name, int8_obstacle().empty() ? "int8" : "fp32");
  EXPECT_EQ(placement.type, int8_obstacle().empty() ? c10::kQInt8 : c10::kFloat);
}

TEST(Placement, Fp32IsThereForACalibratedModelToo) {
  EXPECT_EQ(choose_placement("cpu", CGAN_PRECISION_FP32, calibrated()).precision_name, "fp32");
}

TEST(Placement, Int8RunsOrSaysWhyNot) {
  try {
    const auto placement = choose_placement("cpu", CGAN_PRECISION_INT8, calibrated());
    EXPECT_EQ(placement.precision_name, "int8");
    EXPECT_EQ(int8_obstacle(), "");
  } catch (const ColorizerError& error) {
    EXPECT_EQ(error.kind, CGAN_ERROR_SETTINGS);
    EXPECT_NE(std::string(error.what()).find(int8_obstacle()), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("precision=fp32"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace cgan
