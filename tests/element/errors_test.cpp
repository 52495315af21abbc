#include <glib/gstdio.h>
#include <gmock/gmock.h>
#include <gmodule.h>
#include <gtest/gtest.h>

#include <ostream>

#include "plugin/element/element_error.h"
#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;

// Takes the element from NULL to READY, which must fail with one error.
ErrorMessage only_error_at_ready(GstElement* element) {
  GstBus* bus = gst_bus_new();
  gst_element_set_bus(element, bus);
  EXPECT_EQ(gst_element_set_state(element, GST_STATE_READY), GST_STATE_CHANGE_FAILURE);
  auto errors = take_errors(bus);
  EXPECT_EQ(errors.size(), 1u);
  if (errors.empty()) errors.emplace_back();
  EXPECT_EQ(gst_element_set_state(element, GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
  gst_element_set_bus(element, nullptr);
  gst_object_unref(bus);
  gst_object_unref(element);
  return errors[0];
}

struct Kind {
  CganErrorKind kind;
  const char* domain;
  int code;
};
std::ostream& operator<<(std::ostream& out, const Kind& kind) {
  return out << kind.kind;
}

class ErrorKindTest : public testing::TestWithParam<Kind> {
 protected:
  std::string fails_at(const char* where) const { return where + std::to_string(GetParam().kind); }
  void expect_kind(const ErrorMessage& error) const {
    EXPECT_STREQ(g_quark_to_string(error.domain), GetParam().domain);
    EXPECT_EQ(error.code, GetParam().code);
    EXPECT_THAT(error.text, HasSubstr("The fake fails"));
    EXPECT_THAT(error.debug, HasSubstr("kind " + std::to_string(GetParam().kind)));
  }
};

TEST_P(ErrorKindTest, AtCreationIsOneErrorOfItsDomainAndAFailedStateChange) {
  expect_kind(only_error_at_ready(make_colorize({{"model", fails_at("create-").c_str()}})));
  EXPECT_EQ(fake_record().alive, 0);
}

TEST_P(ErrorKindTest, AtNewCapsIsOneError) {
  ColorizeHarness harness({{"model", fails_at("stream-").c_str()}});
  harness.set_caps(caps_text("I420", 64, 48));
  const auto errors = harness.errors();
  ASSERT_EQ(errors.size(), 1u);
  expect_kind(errors[0]);
}

TEST_P(ErrorKindTest, AtAFrameIsOneErrorAndNoFrameGoesOut) {
  for (const char* format : {"I420", "GRAY8"}) {
    ColorizeHarness harness({{"model", fails_at("frame-").c_str()}});
    harness.set_caps(caps_text(format, 64, 48));
    EXPECT_EQ(gst_harness_push(harness.get(), make_frame(caps_text(format, 64, 48))),
              GST_FLOW_ERROR);
    EXPECT_EQ(gst_harness_buffers_received(harness.get()), 0u);
    const auto errors = harness.errors();
    ASSERT_EQ(errors.size(), 1u);
    expect_kind(errors[0]);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ErrorKindTest,
    testing::Values(
        Kind{CGAN_ERROR_MODEL_NOT_FOUND, "gst-resource-error-quark", GST_RESOURCE_ERROR_NOT_FOUND},
        Kind{CGAN_ERROR_MODEL_UNREADABLE, "gst-resource-error-quark", GST_RESOURCE_ERROR_OPEN_READ},
        Kind{CGAN_ERROR_MODEL_INVALID, "gst-resource-error-quark", GST_RESOURCE_ERROR_READ},
        Kind{CGAN_ERROR_DEVICE, "gst-library-error-quark", GST_LIBRARY_ERROR_INIT},
        Kind{CGAN_ERROR_SETTINGS, "gst-library-error-quark", GST_LIBRARY_ERROR_SETTINGS},
        Kind{CGAN_ERROR_FRAME, "gst-stream-error-quark", GST_STREAM_ERROR_FORMAT},
        Kind{CGAN_ERROR_MEMORY, "gst-resource-error-quark", GST_RESOURCE_ERROR_NO_SPACE_LEFT},
        Kind{CGAN_ERROR_FAILED, "gst-stream-error-quark", GST_STREAM_ERROR_FAILED}));

TEST(WarningTest, OfTheColorizerIsOneMessageAndTheElementWorks) {
  for (const char* model : {"warning", "other"}) {
    GstElement* element = make_colorize({{"model", model}});
    GstBus* bus = gst_bus_new();
    gst_element_set_bus(element, bus);
    EXPECT_EQ(gst_element_set_state(element, GST_STATE_READY), GST_STATE_CHANGE_SUCCESS);
    GstMessage* message = gst_bus_pop_filtered(bus, GST_MESSAGE_WARNING);
    ASSERT_EQ(message != nullptr, model == std::string("warning"));
    EXPECT_EQ(gst_bus_pop_filtered(bus, GST_MESSAGE_WARNING), nullptr);
    if (message != nullptr) {
      GError* warning = nullptr;
      gst_message_parse_warning(message, &warning, nullptr);
      EXPECT_TRUE(g_error_matches(warning, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS));
      EXPECT_STREQ(warning->message, "The fake warns.");
      g_error_free(warning);
      gst_message_unref(message);
    }
    gst_element_set_state(element, GST_STATE_NULL);
    gst_element_set_bus(element, nullptr);
    gst_object_unref(bus);
    gst_object_unref(element);
  }
}

TEST(WarningTest, WhatIsGivenUpToGoOnIsAWarningEachTime) {
  ColorizeHarness harness({{"model", "notice"}});
  harness.set_caps(caps_text("I420", 64, 48));
  EXPECT_EQ(harness.warning(), "");
  for (int i = 0; i < 2; ++i) {
    gst_buffer_unref(harness.through(make_frame(caps_text("I420", 64, 48))));
    EXPECT_EQ(harness.warning(), "The fake gave something up.");
  }
  EXPECT_EQ(harness.warning(), "");
}

TEST(WarningTest, WithoutADriverFramesOfACardComeAndGoInTheHostsMemory) {
  if (GModule* driver = g_module_open("libcuda.so.1", G_MODULE_BIND_LOCAL)) {
    g_module_close(driver);
    GTEST_SKIP() << "there is a driver";
  }
  ColorizeHarness harness({{"device", "cuda"}, {"device-passes", "true"}});
  const std::string warning = harness.warning();
  // None where the element is built without GStreamer's library.
  EXPECT_THAT(warning, AnyOf("", HasSubstr("libcuda.so.1")));
  harness.set_caps(caps_text("I420", 64, 48));
  gst_buffer_unref(harness.through(make_frame(caps_text("I420", 64, 48))));
  EXPECT_EQ(fake_record().stream.memory, CGAN_MEMORY_HOST);
  EXPECT_THAT(harness.errors(), testing::IsEmpty());
}

// Names another library for the length of a test.
class LibraryTest : public testing::Test {
 protected:
  void SetUp() override { own_ = g_getenv(kVariable); }
  void TearDown() override { g_setenv(kVariable, own_.c_str(), TRUE); }
  ErrorMessage error_with(const std::string& library) {
    g_setenv(kVariable, library.c_str(), TRUE);
    return only_error_at_ready(make_colorize());
  }

  static constexpr char kVariable[] = "CGANCOLORIZE_LIBRARY";
  std::string own_;
};

TEST_F(LibraryTest, AMissingOneIsOneErrorWithThePlaceAndTheRemedy) {
  const ErrorMessage error = error_with("/no/such/folder/libcgancolorizer.so");
  EXPECT_EQ(error.domain, GST_LIBRARY_ERROR);
  EXPECT_EQ(error.code, GST_LIBRARY_ERROR_INIT);
  EXPECT_THAT(error.text, HasSubstr("CGANCOLORIZE_LIBRARY"));
  EXPECT_THAT(error.debug, AllOf(HasSubstr("/no/such/folder/libcgancolorizer.so"),
                                 HasSubstr("No such file or directory")));
}

TEST_F(LibraryTest, AFileThatIsNoLibraryIsNamedWithTheLoadersReason) {
  gchar* path = nullptr;
  const int file = g_file_open_tmp("cgan-XXXXXX.so", &path, nullptr);
  ASSERT_GE(file, 0);
  g_close(file, nullptr);
  EXPECT_THAT(error_with(path).debug, AllOf(HasSubstr(path), HasSubstr("too short")));
  g_remove(path);
  g_free(path);
}

TEST_F(LibraryTest, OneWithoutTheEntryIsRefused) {
  EXPECT_THAT(error_with(WITHOUT_ENTRY_LIBRARY).debug, HasSubstr(CGAN_COLORIZER_ENTRY));
}

TEST_F(LibraryTest, OneOfAnotherVersionIsRefusedWithBothVersions) {
  EXPECT_THAT(error_with(OTHER_ABI_LIBRARY).debug,
              AllOf(HasSubstr("version " + std::to_string(CGAN_COLORIZER_ABI + 1)),
                    HasSubstr("wanted is " + std::to_string(CGAN_COLORIZER_ABI))));
}

TEST_F(LibraryTest, OneThatLacksAFunctionOfItsLibTorchIsAnErrorAndNotTheEndOfTheProcess) {
  EXPECT_THAT(error_with(MISSING_FUNCTION_LIBRARY).debug,
              HasSubstr("function_of_another_libtorch"));
}

TEST_F(LibraryTest, AnElementWorksOnceTheLibraryIsThere) {
  GstElement* element = make_colorize();
  g_setenv(kVariable, "/no/such/file.so", TRUE);
  EXPECT_EQ(gst_element_set_state(element, GST_STATE_READY), GST_STATE_CHANGE_FAILURE);
  g_setenv(kVariable, own_.c_str(), TRUE);
  EXPECT_EQ(gst_element_set_state(element, GST_STATE_READY), GST_STATE_CHANGE_SUCCESS);
  gst_element_set_state(element, GST_STATE_NULL);
  gst_object_unref(element);
}

}  // namespace
