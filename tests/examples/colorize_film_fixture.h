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
  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
  // What ffprobe says of the first picture track.
  static std::string said(const std::string& path, const std::string& entries) {
    return run({"ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", entries, "-of",
                "csv=p=0", path})
        .output;
  }

  TestFolder folder_;
};
