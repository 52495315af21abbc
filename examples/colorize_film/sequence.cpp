#include "examples/colorize_film/sequence.h"

#include <glib.h>

#include <algorithm>
#include <regex>

#include "examples/colorize_film/options.h"

namespace colorize_film {
namespace {

constexpr size_t kMostDigits = 18;  // of a number of 64 bits

const std::regex& number_in_name() {
  static const std::regex kPattern("^(.*/)?([^/%]*)%(?:0([0-9]{1,2}))?d([^/%]*)$");
  return kPattern;
}

}  // namespace

bool is_sequence(const std::string& path) {
  return std::regex_match(path, number_in_name());
}

std::string media_of(const std::string& path) {
  g_autofree char* lower = g_ascii_strdown(path.c_str(), -1);
  const std::pair<const char*, const char*> kinds[] = {
      {".png", "image/png"},  {".tif", "image/tiff"},  {".tiff", "image/tiff"},
      {".jpg", "image/jpeg"}, {".jpeg", "image/jpeg"}, {".dpx", kDpx}};
  for (const auto& [ending, media] : kinds)
    if (g_str_has_suffix(lower, ending)) return media;
  throw RunError(
      "The pictures '" + path +
          "' are of no kind that is read: their names must end in .png, .tif, .dpx or .jpg; make "
          "others a film first (ffmpeg -framerate 24 -i NAME-%06d.exr -c:v ffv1 film.mkv).",
      kUsage);
}

void refuse_dpx(const std::string& pattern) {
  throw RunError("'" + pattern +
                 "' cannot be read without libvips and its ImageMagick: make a film of it first "
                 "(ffmpeg -framerate 24 -i IN -pix_fmt gbrp12le -c:v ffv1 film.mkv).");
}

SequenceName::SequenceName(const std::string& pattern) {
  std::smatch parts;
  if (!std::regex_match(pattern, parts, number_in_name()))
    throw RunError("'" + pattern + "' names no pictures: it needs one number, such as %06d.",
                   kUsage);
  folder_ = parts[1].matched ? parts[1].str() : "./";
  prefix_ = parts[2];
  width_ = parts[3].matched ? std::stoul(parts[3]) : 0;
  suffix_ = parts[4];
}

std::string SequenceName::of(int64_t number) const {
  std::string digits = std::to_string(number);
  if (digits.size() < width_) digits.insert(0, width_ - digits.size(), '0');
  return folder_ + prefix_ + digits + suffix_;
}

std::vector<int64_t> SequenceName::numbers() const {
  std::vector<int64_t> found;
  g_autoptr(GDir) folder = g_dir_open(folder_.c_str(), 0, nullptr);
  while (const char* entry = folder ? g_dir_read_name(folder) : nullptr) {
    const std::string name(entry);
    if (name.size() <= prefix_.size() + suffix_.size()) continue;
    const std::string digits =
        name.substr(prefix_.size(), name.size() - prefix_.size() - suffix_.size());
    if (digits.size() > kMostDigits || digits.find_first_not_of("0123456789") != std::string::npos)
      continue;
    const int64_t number = std::stoll(digits);
    if (of(number) == folder_ + name) found.push_back(number);
  }
  std::sort(found.begin(), found.end());
  return found;
}

SequenceName SequenceName::in_folder(const std::string& folder) const {
  SequenceName other = *this;
  other.folder_ = folder;
  return other;
}

bool is_sequence_to_read(const std::string& path) {
  return is_sequence(path) && !g_file_test(path.c_str(), G_FILE_TEST_EXISTS);
}

Sequence find_sequence(const std::string& pattern) {
  const SequenceName name(pattern);
  const std::string media = media_of(pattern);
  const auto numbers = name.numbers();
  if (numbers.empty()) throw RunError("There are no pictures '" + pattern + "'.");
  for (size_t i = 1; i < numbers.size(); ++i)
    if (numbers[i] != numbers[i - 1] + 1)
      throw RunError("The picture '" + name.of(numbers[i - 1] + 1) +
                     "' is missing: put it there, or number the others without a gap.");
  return {pattern, numbers.front(), static_cast<int64_t>(numbers.size()), media};
}

}  // namespace colorize_film
