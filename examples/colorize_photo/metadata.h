#pragma once

#include <string>

namespace colorize_photo {

// Gives an encoded picture (JPEG, PNG, TIFF or WebP) what it lacks of the EXIF, IPTC and XMP of the
// file `from`: what the camera and the photographer said. What describes the file and its samples
// stays as it was encoded; the picture is upright, its EXIF size is width x height, and the
// thumbnail is gone. Returns the whole picture. Throws Exiv2::AnyError.
std::string with_metadata_of(const std::string& from, const std::string& encoded, int width,
                             int height);

}  // namespace colorize_photo
