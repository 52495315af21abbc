#include "training/data/png_file.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "../pictures.h"
#include "training/metrics/picture_files.h"

namespace cgan::testing {
namespace {

TEST(PngFile, KeepsEveryCodeOfColourAndGray) {
  const TemporaryFolder folder;
  for (const int64_t channels : {1, 3}) {
    const auto path = (folder / (std::to_string(channels) + ".png")).string();
    const auto picture = at::arange(256 * channels).remainder(256).div(255.0).to(at::kFloat);
    write_png(path, picture.view({channels, 16, 16}));
    EXPECT_TRUE(at::allclose(read_picture(path)[0],
                             picture.view({channels, 16, 16}).expand({3, 16, 16}), 0, 1e-6));
  }
}

TEST(PngFile, SaysThatTheFolderIsMissingOrTheDiskFull) {
  for (const char* path : {"/nowhere/picture.png", "/dev/full"})
    EXPECT_THROW(write_png(path, at::zeros({3, 64, 64})), std::runtime_error) << path;
}

}  // namespace
}  // namespace cgan::testing
