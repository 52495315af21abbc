#include "training/metrics/result_pictures.h"

#include <ATen/ATen.h>

#include <stdexcept>

#include "training/metrics/picture_files.h"

namespace cgan {

ResultPictures::ResultPictures(const std::string& results, const std::string& originals) {
  const auto original_paths = pictures_by_name(originals);
  for (const auto& [name, path] : pictures_by_name(results)) {
    const auto original = original_paths.find(name);
    if (original == original_paths.end())
      throw std::runtime_error("no original for " + path + ": the folder " + originals +
                               " has no picture named '" + name + "'");
    pairs_.push_back({path, original->second});
  }
  left_out_ = static_cast<int64_t>(original_paths.size()) - size();
}

ScoredPictures ResultPictures::read(int64_t index) const {
  const auto& pair = pairs_.at(index);
  ScoredPictures pictures;
  pictures.original = read_picture(pair.original);
  pictures.picture = read_picture(pair.result);
  pictures.labels = at::full({1}, -1, at::kLong);
  if (pictures.original.sizes() != pictures.picture.sizes())
    throw std::runtime_error(pair.result + " is " + size_text(pictures.picture) +
                             " pixels, its original " + pair.original + " " +
                             size_text(pictures.original) + "; write results in the original size");
  return pictures;
}

}  // namespace cgan
