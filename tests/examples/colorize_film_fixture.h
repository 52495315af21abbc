#pragma once

// What the tests of colorize-film on whole films share.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/examples/example_run.h"

// Lossless, so that what comes out of the element can be compared to the bit.
inline constexpr char kLossless[] = "x264enc pass=quant quantizer=0 speed-preset=ultrafast";

class ColorizeFilmTest : public ::testing::Test {
 protected:
  Outcome colorize(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), setting("COLORIZE_FILM"));
    return run(arguments);
  }
  std::string in(const std::string& name) const { return folder_.path(name); }

  TestFolder folder_;
};
