// colorize-photo, run as a user runs it, on pictures made here.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>
#include <vips/vips8>

#include "tests/examples/example_run.h"

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using vips::VImage;

// Grey from black to white and stripes, so that every code occurs beside others.
VImage grey_picture(int width, int height, VipsBandFormat format = VIPS_FORMAT_UCHAR) {
  const bool is_deep = format == VIPS_FORMAT_USHORT;
  const VImage ramp = VImage::grey(width, height) * 0.8;
  const VImage stripes = VImage::xyz(width, height)[1] * 0.7;
  return ((ramp + stripes.sin() * 0.1 + 0.1) * (is_deep ? 65535 : 255))
      .rint()
      .cast(format)
      .copy(VImage::option()->set("interpretation",
                                  is_deep ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W));
}

VImage colourful_picture(int width, int height) {
  const VImage grey = grey_picture(width, height);
  return VImage::bandjoin({grey, grey.fliphor(), (grey + 40).cast(VIPS_FORMAT_UCHAR)})
      .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
}

// A profile of grey by a power of the samples: a header, the white point and the curve.
std::string grey_profile(double power) {
  std::string bytes(128, '\0');
  const auto put = [&](size_t at, const std::string& text) {
    bytes.replace(at, text.size(), text);
  };
  const auto number = [](uint32_t value, int size = 4) {
    std::string text;
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
      text += static_cast<char>(value >> shift);
    return text;
  };
  const std::string white = number(0xf6d6) + number(0x10000) + number(0xd32d);  // D50
  put(8, number(0x02100000));
  put(12, "mntrGRAYXYZ ");
  put(36, "acsp");
  put(68, white);
  bytes += number(2) + "wtpt" + number(156) + number(20) + "kTRC" + number(176) + number(14);
  bytes += "XYZ " + number(0) + white;
  bytes += "curv" + number(0) + number(1) + number(static_cast<uint32_t>(power * 256), 2);
  bytes += std::string(2, '\0');
  put(0, number(static_cast<uint32_t>(bytes.size())));
  return bytes;
}

VImage luma_of(const VImage& picture) {
  if (picture.bands() == 1) return picture;
  return picture.extract_band(0, VImage::option()->set("n", 3))
      .recomb(VImage::new_matrixv(3, 1, 0.299, 0.587, 0.114));
}

double farthest(const VImage& one, const VImage& other) {
  return (one - other).abs().max();
}

double colour_of(const VImage& picture) {
  return std::max(farthest(picture[0], picture[1]), farthest(picture[1], picture[2]));
}

class ColorizePhoto : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ASSERT_EQ(VIPS_INIT("colorize_photo_test"), 0);
    vips_cache_set_max(0);  // results of one name are read again and again
  }

  std::string in(const std::string& name) const { return folder_.path(name); }

  // The small network: quick to load, and what it thinks of these pictures does not matter.
  Outcome photo(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {setting("COLORIZE_PHOTO"), "--set", "model=cifar10"});
    return run(arguments);
  }

  VImage coloured(const std::string& from, const std::string& to) {
    const Outcome outcome = photo({in(from), in(to)});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    said_ = outcome.output;
    return VImage::new_from_file(in(to).c_str());
  }

  void expect_refusal(const std::vector<std::string>& arguments, int exit_code,
                      const std::string& word) {
    const std::vector<std::string> before = folder_.files();
    const Outcome outcome = photo(arguments);
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.output;
    EXPECT_THAT(outcome.output, HasSubstr("colorize-photo: "));
    EXPECT_THAT(outcome.output, HasSubstr(word));
    EXPECT_EQ(folder_.files(), before) << outcome.output;
  }

  TestFolder folder_;
  std::string said_;
};

TEST_F(ColorizePhoto, AddsColourAndKeepsLuma) {
  const VImage grey = grey_picture(123, 77);
  grey.write_to_file(in("in.png").c_str());
  const VImage result = coloured("in.png", "out.png");
  EXPECT_EQ(result.width(), 123);
  EXPECT_EQ(result.height(), 77);
  ASSERT_EQ(result.bands(), 3);
  EXPECT_GT(colour_of(result), 5);
  EXPECT_LT(farthest(luma_of(result), grey), 1);
}

TEST_F(ColorizePhoto, KeepsSixteenBits) {
  const VImage grey = grey_picture(300, 40, VIPS_FORMAT_USHORT);
  for (const std::string ending : {"png", "tif"}) {
    grey.write_to_file(in("in." + ending).c_str());
    const VImage result = coloured("in." + ending, "out." + ending);
    EXPECT_EQ(result.format(), VIPS_FORMAT_USHORT) << ending;
    EXPECT_GT(colour_of(result), 5 * 257) << ending;
    EXPECT_LT(farthest(luma_of(result), grey), 1) << ending;
  }
}

TEST_F(ColorizePhoto, SaysThatJpegHoldsEightBits) {
  grey_picture(64, 48, VIPS_FORMAT_USHORT).write_to_file(in("in.png").c_str());
  EXPECT_EQ(coloured("in.png", "out.jpg").format(), VIPS_FORMAT_UCHAR);
  EXPECT_THAT(said_, HasSubstr("16 bits"));
}

TEST_F(ColorizePhoto, TakesCmyk) {
  VImage grey = grey_picture(80, 60).invert();
  VImage none = VImage::black(80, 60);
  VImage::bandjoin({none, none, none, grey})
      .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_CMYK))
      .write_to_file(in("in.jpg").c_str());
  const VImage result = coloured("in.jpg", "out.png");
  EXPECT_EQ(result.bands(), 3);
  EXPECT_GT(colour_of(result), 5);
  EXPECT_THAT(said_, HasSubstr("CMYK"));
}

TEST_F(ColorizePhoto, LooksAsTheProfileOfItsGreySays) {
  VImage grey = (VImage::black(40, 30) + 128).cast(VIPS_FORMAT_UCHAR);
  grey = grey.copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_B_W));
  const std::string profile = grey_profile(1.8);
  grey.set(VIPS_META_ICC_NAME, nullptr, const_cast<char*>(profile.data()), profile.size());
  grey.write_to_file(in("in.png").c_str());
  const VImage result = coloured("in.png", "out.png");
  EXPECT_THAT(said_, HasSubstr("grey profile"));
  // (128 / 255)^1.8 of light is this code of sRGB.
  EXPECT_NEAR(luma_of(result).avg(), 146, 1.5);
}

TEST_F(ColorizePhoto, StandsUprightWithItsExifAndProfile) {
  VImage grey = grey_picture(90, 50);
  grey = VImage::bandjoin({grey, grey, grey});
  grey = grey.copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB))
             .icc_transform("p3", VImage::option()->set("input_profile", "srgb"));
  grey.set(VIPS_META_ORIENTATION, 6);
  grey.set("exif-ifd0-Make", "Plaubel");
  grey.set("exif-ifd2-DateTimeOriginal", "1906:04:14 10:00:00");
  grey.write_to_file(in("in.jpg").c_str());
  size_t size = 0;
  const VImage written = VImage::new_from_file(in("in.jpg").c_str());
  const void* bytes = written.get_blob(VIPS_META_ICC_NAME, &size);
  const std::string profile(static_cast<const char*>(bytes), size);
  for (const std::string ending : {"jpg", "png", "webp", "tif"}) {
    const VImage result = coloured("in.jpg", "out." + ending);
    EXPECT_EQ(result.width(), 50) << ending;
    EXPECT_EQ(result.height(), 90) << ending;
    EXPECT_EQ(vips_image_get_orientation(result.get_image()), 1) << ending;
    bytes = result.get_blob(VIPS_META_ICC_NAME, &size);
    EXPECT_EQ(std::string(static_cast<const char*>(bytes), size), profile) << ending;
    const Outcome exif = run({"exiv2", "-pt", in("out." + ending)});
    EXPECT_THAT(exif.output, HasSubstr("Plaubel")) << ending;
    EXPECT_THAT(exif.output, HasSubstr("1906:04:14 10:00:00")) << ending;
  }
}

TEST_F(ColorizePhoto, TakesAnySize) {
  const TestFolder scans;
  const std::pair<int, int> sizes[] = {{15, 20}, {1, 1}, {3, 200}, {7700, 17}, {17, 4330}};
  const auto name = [](int width) { return std::to_string(width) + ".png"; };
  for (const auto& [width, height] : sizes)
    grey_picture(width, height).write_to_file(scans.path(name(width)).c_str());
  const Outcome outcome = photo({scans.path(""), in("coloured")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  for (const auto& [width, height] : sizes) {
    const VImage result = VImage::new_from_file(in("coloured/" + name(width)).c_str());
    ASSERT_EQ(result.width(), width);
    ASSERT_EQ(result.height(), height);
    EXPECT_LT(farthest(luma_of(result), grey_picture(width, height)), 1) << width << "x" << height;
  }
}

TEST_F(ColorizePhoto, KeepsTransparency) {
  const VImage grey = grey_picture(70, 50);
  grey.bandjoin(grey.fliphor()).write_to_file(in("in.png").c_str());
  const VImage result = coloured("in.png", "out.png");
  ASSERT_EQ(result.bands(), 4);
  EXPECT_EQ(farthest(result[3], grey.fliphor()), 0);
  coloured("in.png", "out.jpg");
  EXPECT_THAT(said_, HasSubstr("transparency"));
}

TEST_F(ColorizePhoto, LeavesAPictureInColourAsItIs) {
  const VImage picture = colourful_picture(64, 48);
  picture.write_to_file(in("in.png").c_str());
  EXPECT_EQ(farthest(coloured("in.png", "out.png"), picture), 0);
  EXPECT_THAT(said_, HasSubstr("on-color=recolor"));
  const Outcome outcome = photo({"--set", "on-color=recolor", in("in.png"), in("new.png")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  const VImage result = VImage::new_from_file(in("new.png").c_str());
  EXPECT_GT(farthest(result, picture), 20);
  EXPECT_LE(farthest(luma_of(result), luma_of(picture)), 1);
}

TEST_F(ColorizePhoto, ColoursAFolderWhateverOneOfItsFilesIs) {
  const TestFolder scans;
  grey_picture(64, 48).write_to_file(scans.path("b.png").c_str());
  colourful_picture(60, 40).write_to_file(scans.path("a.png").c_str());
  grey_picture(50, 40).write_to_file(scans.path("c.jpg").c_str());
  write_file(scans.path("broken.tif"), "II*");
  write_file(scans.path("notes.txt"), "Who is this?");
  const Outcome outcome = photo({scans.path(""), in("coloured")});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("broken.tif"));
  EXPECT_THAT(outcome.output, Not(HasSubstr("notes")));
  // What came before has no say in a picture's colours.
  const Outcome alone = photo({scans.path("b.png"), in("alone.png")});
  EXPECT_EQ(alone.exit_code, 0) << alone.output;
  EXPECT_EQ(read_file(in("alone.png")), read_file(in("coloured/b.png")));
  EXPECT_GT(colour_of(VImage::new_from_file(in("coloured/c.jpg").c_str())), 5);
}

TEST_F(ColorizePhoto, RefusesBrokenPicturesWithASentenceEach) {
  grey_picture(200, 150).write_to_file(in("in.jpg").c_str());
  grey_picture(200, 150).write_to_file(in("in.png").c_str());
  grey_picture(200, 150).write_to_file(in("in.tif").c_str());
  for (const std::string ending : {"jpg", "png", "tif"}) {
    const std::string whole = read_file(in("in." + ending));
    write_file(in("cut." + ending), whole.substr(0, whole.size() / 2));
    expect_refusal({in("cut." + ending), in("out.png")}, 1, "cut." + ending);
  }
  write_file(in("empty.jpg"), "");
  write_file(in("text.png"), "This is no picture.");
  write_file(in("header.png"), read_file(in("in.png")).substr(0, 40));
  for (const std::string name : {"empty.jpg", "text.png", "header.png"})
    expect_refusal({in(name), in("out.png")}, 1, name);
  grey_picture(40, 30).cast(VIPS_FORMAT_FLOAT).write_to_file(in("float.tif").c_str());
  expect_refusal({in("float.tif"), in("out.png")}, 1, "8 or 16 bits");
  expect_refusal({in("none.png"), in("out.png")}, 1, "There is no");
}

TEST_F(ColorizePhoto, RefusesResultsThatCannotBe) {
  grey_picture(40, 30).write_to_file(in("in.png").c_str());
  write_file(in("there.png"), "already");
  expect_refusal({in("in.png"), in("there.png")}, 1, "--force");
  EXPECT_EQ(read_file(in("there.png")), "already");
  expect_refusal({in("in.png"), in("out.gif")}, 2, ".tif");
  expect_refusal({"--force", in("in.png"), in("in.png")}, 2, "itself");
  expect_refusal({in("in.png"), in("none/out.png")}, 1, "none");
  expect_refusal({in("in.png"), in(std::string(248, 'n') + ".png")}, 1, "shorter name");
  expect_refusal({in("in.png"), in("in.png"), in("there.png")}, 2, "folder");
  expect_refusal({in("in.png")}, 2, "IN... OUT");
  expect_refusal({"--set", "colour=1", in("in.png"), in("out.png")}, 2, "colour");
  expect_refusal({"--set", "model=none", in("in.png"), in("out.png")}, 1, "none");
}

TEST(ColorizePhotoHelp, NamesOptionsAndVersion) {
  const Outcome help = run({setting("COLORIZE_PHOTO"), "--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* word : {"--set", "--preset", "--force", "--version"})
    EXPECT_THAT(help.output, HasSubstr(word));
  const Outcome version = run({setting("COLORIZE_PHOTO"), "--version"});
  EXPECT_EQ(version.output, "colorize-photo " + setting("PROJECT_VERSION") + "\n");
}

}  // namespace
