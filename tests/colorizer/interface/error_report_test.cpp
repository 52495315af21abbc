#include "plugin/colorizer/interface/error_report.h"

#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include <cstring>
#include <new>
#include <stdexcept>
#include <string>

#include "model/weights/weights.h"
#include "plugin/colorizer/interface/colorizer_error.h"
#include "plugin/colorizer/network/device_errors.h"

namespace cgan {
namespace {

template <typename Throw>
CganError report_of(const Throw& raise) {
  CganError error;
  std::memset(&error, 0x55, sizeof error);
  try {
    raise();
  } catch (...) {
    report_error(std::current_exception(), &error);
  }
  return error;
}

TEST(ErrorReport, PassesOnKindSentenceAndFacts) {
  const CganError error =
      report_of([] { throw ColorizerError(CGAN_ERROR_DEVICE, "No card; add one.", "0 cards"); });
  EXPECT_EQ(error.kind, CGAN_ERROR_DEVICE);
  EXPECT_STREQ(error.message, "No card; add one.");
  EXPECT_STREQ(error.details, "0 cards");
}

TEST(ErrorReport, TellsTheKindsOfModelErrorsApart) {
  using Kind = ModelFileError::Kind;
  EXPECT_EQ(report_of([] { throw ModelFileError(Kind::kNotFound, "a"); }).kind,
            CGAN_ERROR_MODEL_NOT_FOUND);
  EXPECT_EQ(report_of([] { throw ModelFileError(Kind::kUnreadable, "a"); }).kind,
            CGAN_ERROR_MODEL_UNREADABLE);
  EXPECT_EQ(report_of([] { throw ModelFileError(Kind::kInvalid, "a"); }).kind,
            CGAN_ERROR_MODEL_INVALID);
}

TEST(ErrorReport, RecognisesEveryFormOfShortMemory) {
  EXPECT_EQ(report_of([] { throw std::bad_alloc(); }).kind, CGAN_ERROR_MEMORY);
  EXPECT_EQ(report_of([] { TORCH_CHECK_WITH(OutOfMemoryError, false, "no room"); }).kind,
            CGAN_ERROR_MEMORY);
  EXPECT_EQ(report_of([] {
              TORCH_CHECK(false, "DefaultCPUAllocator: can't allocate memory: you tried");
            }).kind,
            CGAN_ERROR_MEMORY);
}

TEST(ErrorReport, TellsAFailingCardFromAFailingNetwork) {
  const auto fail_on = [](c10::DeviceType device) {
    return report_of(
        [&] { on_device(device, [] { TORCH_CHECK(false, "unspecified launch failure"); }); });
  };
  EXPECT_EQ(fail_on(c10::kCUDA).kind, CGAN_ERROR_DEVICE);
  EXPECT_STREQ(fail_on(c10::kCUDA).details, "unspecified launch failure");
  EXPECT_EQ(fail_on(c10::kCPU).kind, CGAN_ERROR_FAILED);
  EXPECT_EQ(report_of([] {
              on_device(c10::kCUDA, [] { TORCH_CHECK_WITH(OutOfMemoryError, false, "no room"); });
            }).kind,
            CGAN_ERROR_MEMORY);
  const CganError error = report_of([] { TORCH_CHECK(false, "shapes do not fit"); });
  EXPECT_EQ(error.kind, CGAN_ERROR_FAILED);
  EXPECT_STREQ(error.details, "shapes do not fit");  // and no backtrace
  EXPECT_EQ(report_of([] { throw std::runtime_error("something"); }).kind, CGAN_ERROR_FAILED);
  EXPECT_EQ(report_of([] { throw 7; }).kind, CGAN_ERROR_FAILED);
}

TEST(ErrorReport, CutsLongTextsAndTerminatesThem) {
  const std::string text(5000, 'x');
  const CganError error = report_of([&] { throw ColorizerError(CGAN_ERROR_FRAME, text, text); });
  EXPECT_EQ(std::strlen(error.message), sizeof error.message - 1);
  EXPECT_EQ(std::strlen(error.details), sizeof error.details - 1);
}

}  // namespace
}  // namespace cgan
