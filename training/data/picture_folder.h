#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "training/data/dataset.h"

namespace cgan {

/// Opens folders of pictures as a data set: .jpg, .jpeg, .png and .bmp, at any depth, in the order
/// of their paths. Each picture is scaled by area mean until its shorter side has `size` pixels;
/// smaller pictures stay as they are. Gray files give gray pictures, transparency is
/// dropped, and the orientation that a camera notes beside a JPEG's pixels is not looked at.
///
/// Where every picture lies in a sub-folder of a named folder, the first sub-folder's name is its
/// class, numbered in alphabetical order; otherwise there are no classes.
///
/// The decoded pictures go to a pack in `cache` whose key is made of the files' paths, sizes and
/// times and of `size`: the next call opens it at once. Files that cannot be decoded are named on
/// standard error and left out.
/// @param cache folder of packs, made where it does not exist; old packs are not removed
/// @throws std::runtime_error where a folder does not exist or holds no picture that can be read,
///   and where the cache cannot be written.
std::unique_ptr<Dataset> open_picture_folders(const std::vector<std::string>& folders, int64_t size,
                                              const std::string& cache);

/// $XDG_CACHE_HOME/cgancolorize, or ~/.cache/cgancolorize.
std::string default_picture_cache();

}  // namespace cgan
