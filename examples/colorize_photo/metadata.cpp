#include "examples/colorize_photo/metadata.h"

#include <cstdint>
#include <exiv2/exiv2.hpp>
#include <set>

namespace colorize_photo {
namespace {

// Of the tags of TIFF those that speak of the picture; the others are of the file.
const std::set<std::string> kDescribing = {"Exif.Image.DocumentName", "Exif.Image.ImageDescription",
                                           "Exif.Image.Make",         "Exif.Image.Model",
                                           "Exif.Image.Software",     "Exif.Image.DateTime",
                                           "Exif.Image.Artist",       "Exif.Image.HostComputer",
                                           "Exif.Image.Copyright",    "Exif.Image.Rating"};
const std::set<std::string> kGroups = {"Photo", "GPSInfo", "Iop"};

bool is_of_the_picture(const Exiv2::Exifdatum& datum) {
  return kDescribing.count(datum.key()) != 0 || kGroups.count(datum.groupName()) != 0;
}

template <typename Data, typename Key>
void set_where_present(Data& data, const char* key, uint32_t value) {
  const auto found = data.findKey(Key(key));
  if (found != data.end()) *found = value;
}

}  // namespace

std::string with_metadata_of(const std::string& from, const std::string& encoded, int width,
                             int height) {
  Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
  const auto source = Exiv2::ImageFactory::open(from);
  source->readMetadata();
  const auto result = Exiv2::ImageFactory::open(
      reinterpret_cast<const Exiv2::byte*>(encoded.data()), static_cast<long>(encoded.size()));
  result->readMetadata();

  Exiv2::ExifData& exif = result->exifData();
  for (const Exiv2::Exifdatum& datum : source->exifData())
    if (is_of_the_picture(datum) && exif.findKey(Exiv2::ExifKey(datum.key())) == exif.end())
      exif.add(datum);
  Exiv2::ExifThumb(exif).erase();
  set_where_present<Exiv2::ExifData, Exiv2::ExifKey>(exif, "Exif.Photo.PixelXDimension",
                                                     static_cast<uint32_t>(width));
  set_where_present<Exiv2::ExifData, Exiv2::ExifKey>(exif, "Exif.Photo.PixelYDimension",
                                                     static_cast<uint32_t>(height));
  if (result->iptcData().empty()) result->setIptcData(source->iptcData());
  Exiv2::XmpData& xmp = result->xmpData();
  for (const Exiv2::Xmpdatum& datum : source->xmpData())
    if (xmp.findKey(Exiv2::XmpKey(datum.key())) == xmp.end()) xmp.add(datum);
  set_where_present<Exiv2::XmpData, Exiv2::XmpKey>(xmp, "Xmp.tiff.Orientation", 1);

  result->writeMetadata();
  Exiv2::BasicIo& bytes = result->io();
  bytes.open();
  const Exiv2::DataBuf whole = bytes.read(static_cast<long>(bytes.size()));
  return std::string(reinterpret_cast<const char*>(whole.pData_), static_cast<size_t>(whole.size_));
}

}  // namespace colorize_photo
