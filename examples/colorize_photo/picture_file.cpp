#include "examples/colorize_photo/picture_file.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <memory>

#include "examples/colorize_photo/options.h"

namespace colorize_photo {
namespace {

using vips::VImage;
using vips::VOption;
using vips::VSource;

enum class Format { kNone, kJpeg, kPng, kTiff, kWebp };

Format format_of(const std::string& path) {
  static const std::map<std::string, Format> endings = {
      {".jpg", Format::kJpeg}, {".jpeg", Format::kJpeg}, {".png", Format::kPng},
      {".tif", Format::kTiff}, {".tiff", Format::kTiff}, {".webp", Format::kWebp}};
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char letter) { return std::tolower(letter); });
  const auto found = endings.find(ending);
  return found == endings.end() ? Format::kNone : found->second;
}

bool is_deep(const VImage& image) {
  return image.format() == VIPS_FORMAT_USHORT;
}

VImage turned_upright(const VImage& image) {
  VImage upright = image.autorot();
  // A small copy, grey and lying as before.
  if (upright.get_typeof("jpeg-thumbnail-data") != 0) {
    upright = upright.copy();  // metadata is shared otherwise
    upright.remove("jpeg-thumbnail-data");
  }
  return upright;
}

VImage to_srgb(const VImage& image, const char* fallback_profile) {
  return image.icc_transform("srgb", VImage::option()
                                         ->set("embedded", true)
                                         ->set("input_profile", fallback_profile)
                                         ->set("depth", is_deep(image) ? 16 : 8));
}

// What is not grey or R'G'B' becomes that.
VImage plain_colours(const VImage& image, std::vector<std::string>& notes) {
  switch (image.interpretation()) {
    case VIPS_INTERPRETATION_sRGB:
    case VIPS_INTERPRETATION_RGB16:
      return image;
    case VIPS_INTERPRETATION_B_W:
    case VIPS_INTERPRETATION_GREY16:
      if (image.get_typeof(VIPS_META_ICC_NAME) == 0) return image;
      // A profile of grey does not describe colours.
      notes.push_back("Its grey profile becomes sRGB.");
      return to_srgb(image, "srgb")[1];
    case VIPS_INTERPRETATION_CMYK:
      notes.push_back("CMYK becomes sRGB.");
      return to_srgb(image, "cmyk");
    default:
      return image.colourspace(is_deep(image) ? VIPS_INTERPRETATION_RGB16
                                              : VIPS_INTERPRETATION_sRGB);
  }
}

}  // namespace

bool has_picture_ending(const std::string& path) {
  return format_of(path) != Format::kNone;
}

bool looks_like_picture(const std::string& path) {
  VipsSource* source = vips_source_new_from_file(path.c_str());
  const bool is_known = source && vips_foreign_find_load_source(source) != nullptr;
  if (source) g_object_unref(source);
  vips_error_clear();
  return is_known;
}

Picture read_picture(const std::string& path) {
  std::error_code none;
  if (!std::filesystem::exists(path, none))
    throw RunError("There is no '" + path + "': check the name.");
  if (!looks_like_picture(path))
    throw RunError("'" + path +
                   "' is no picture that can be read: convert it to PNG, TIFF or JPEG first.");
  Picture picture;
  VImage image = VImage::new_from_source(VSource::new_from_file(path.c_str()), "",
                                         VImage::option()->set("fail_on", VIPS_FAIL_ON_ERROR));
  if (image.get_typeof(VIPS_META_N_PAGES) != 0 && image.get_int(VIPS_META_N_PAGES) > 1)
    picture.notes.push_back("Of its " + std::to_string(image.get_int(VIPS_META_N_PAGES)) +
                            " pages the first is coloured.");
  if (image.format() != VIPS_FORMAT_UCHAR && !is_deep(image))
    throw RunError(
        "'" + path +
        "' has samples that are not whole numbers of 8 or 16 bits: convert it to those first.");
  image = turned_upright(image);
  if (image.has_alpha()) {
    picture.alpha = image[image.bands() - 1];
    image = image.extract_band(0, VImage::option()->set("n", image.bands() - 1));
  }
  picture.pixels = plain_colours(image, picture.notes);
  const int bands = picture.pixels.bands();
  if (bands != 1 && bands != 3)
    throw RunError("'" + path + "' has " + std::to_string(bands) +
                   " channels: convert it to grey or RGB first.");
  return picture;
}

std::string encode_picture(const VImage& pixels, const std::string& path,
                           std::vector<std::string>& notes) {
  const Format format = format_of(path);
  VImage image = pixels;
  if (is_deep(image) && (format == Format::kJpeg || format == Format::kWebp)) {
    notes.push_back("Of its 16 bits 8 are kept: name a .png or .tif to keep them.");
    image = (image / 257.0)
                .rint()
                .cast(VIPS_FORMAT_UCHAR)
                .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
  }
  const char* ending = ".png";
  VOption* options = VImage::option();
  if (format == Format::kJpeg) {
    ending = ".jpg";
    options->set("Q", 95)->set("background", 255.0);  // alpha is laid over white
    if (image.has_alpha()) notes.push_back("JPEG holds no transparency: it becomes white.");
  } else if (format == Format::kWebp) {
    ending = ".webp";
    options->set("Q", 95);
  } else if (format == Format::kTiff) {
    ending = ".tif";
    options->set("compression", VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE)
        ->set("predictor", VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL)
        ->set("bigtiff", VIPS_IMAGE_SIZEOF_IMAGE(image.get_image()) > (1ull << 31));
  }
  void* bytes = nullptr;
  size_t size = 0;
  image.write_to_buffer(ending, &bytes, &size, options);
  const std::unique_ptr<void, decltype(&g_free)> owner(bytes, &g_free);
  return std::string(static_cast<const char*>(bytes), size);
}

}  // namespace colorize_photo
