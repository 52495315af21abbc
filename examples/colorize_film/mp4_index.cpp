#include "examples/colorize_film/mp4_index.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <initializer_list>
#include <limits>
#include <string_view>

namespace colorize_film {
namespace {

// The box of the index of an MP4 file, or nothing where there is none of a likely size.
std::string index_of(const std::string& path) {
  constexpr uint64_t kLargestIndex = 256U << 20;
  std::ifstream file(path, std::ios::binary);
  std::array<unsigned char, 16> head{};
  const auto number = [&head](size_t at, size_t bytes) {
    uint64_t value = 0;
    for (size_t i = at; i < at + bytes; ++i) value = value << 8 | head[i];
    return value;
  };
  uint64_t at = 0;
  while (file.seekg(static_cast<std::streamoff>(at)) &&
         file.read(reinterpret_cast<char*>(head.data()), 8)) {
    uint64_t size = number(0, 4);
    const bool is_index = std::equal(&head[4], &head[8], "moov");
    if (size == 1) {  // the length follows in 64 bits
      file.read(reinterpret_cast<char*>(&head[8]), 8);
      size = number(8, 8);
    }
    if (size < 8 || (is_index && size > kLargestIndex)) break;
    if (is_index) {
      std::string box(size - 8, '\0');
      file.read(box.data(), static_cast<std::streamsize>(box.size()));
      return box;
    }
    at += size;
  }
  return {};
}

uint64_t big_endian(std::string_view bytes) {
  uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

// What is in the box of that name within `boxes`, from `at` on; nothing where there is
// none. `at` becomes where the next one begins.
std::string_view next_box(std::string_view boxes, std::string_view name, size_t* at) {
  constexpr size_t kHead = 8;
  while (*at + kHead <= boxes.size()) {
    const uint64_t size = big_endian(boxes.substr(*at, 4));
    if (size < kHead || size > boxes.size() - *at) break;
    const std::string_view box = boxes.substr(*at, size);
    *at += size;
    if (box.substr(4, 4) == name) return box.substr(kHead);
  }
  *at = boxes.size();
  return {};
}

std::string_view inner_box(std::string_view box, std::initializer_list<std::string_view> way) {
  for (const std::string_view name : way) {
    size_t at = 0;
    box = next_box(box, name, &at);
  }
  return box;
}

}  // namespace

Mp4Index::Mp4Index(const std::string& path) : path_(path), box_(index_of(path)) {}

std::string_view Mp4Index::track(std::string_view kind) const {
  for (size_t at = 0; at < box_.size();) {
    const std::string_view track = next_box(box_, "trak", &at);
    const std::string_view handler = inner_box(track, {"mdia", "hdlr"});
    if (handler.size() >= 12 && handler.substr(8, 4) == kind) return track;
  }
  return {};
}

std::optional<int64_t> Mp4Index::frames() const {
  const std::string_view sizes = inner_box(track("vide"), {"mdia", "minf", "stbl", "stsz"});
  if (sizes.size() < 12) return std::nullopt;
  return static_cast<int64_t>(big_endian(sizes.substr(8, 4)));
}

uint32_t Mp4Index::timescale() const {
  const std::string_view head = inner_box(track("vide"), {"mdia", "mdhd"});
  const size_t at = !head.empty() && head[0] == 1 ? 20 : 12;  // behind dates of 64 or 32 bits
  return head.size() < at + 4 ? 0 : static_cast<uint32_t>(big_endian(head.substr(at, 4)));
}

std::optional<bool> Mp4Index::is_top_field_first() const {
  const std::string_view format = inner_box(track("vide"), {"mdia", "minf", "stbl", "stsd"});
  const size_t at = format.find("fiel");
  if (at == std::string_view::npos || at + 6 > format.size() || format[at + 4] != 2)
    return std::nullopt;
  // QuickTime: 1 and 9 are shown top first, 6 and 14 bottom first; else nobody knows.
  const int order = format[at + 5];
  if (order != 1 && order != 9 && order != 6 && order != 14) return std::nullopt;
  return order == 1 || order == 9;
}

bool Mp4Index::has_timecode() const {
  return !track("tmcd").empty();
}

std::optional<Timecode> Mp4Index::timecode() const {
  constexpr uint64_t kMostInInt = std::numeric_limits<int>::max();
  constexpr size_t kFlags = 28, kScale = 32, kLength = 36, kEnd = 42;  // in "stsd"
  const std::string_view samples = inner_box(track("tmcd"), {"mdia", "minf", "stbl"});
  const std::string_view format = inner_box(samples, {"stsd"});
  const std::string_view places = inner_box(samples, {"stco"});
  const std::string_view far_places = inner_box(samples, {"co64"});
  if (format.size() < kEnd || (places.size() < 12 && far_places.size() < 16)) return std::nullopt;
  const uint64_t scale = big_endian(format.substr(kScale, 4));
  const uint64_t length = big_endian(format.substr(kLength, 4));
  if (scale == 0 || length == 0 || scale > kMostInInt || length > kMostInInt || scale < length)
    return std::nullopt;
  const uint64_t place =
      big_endian(places.size() >= 12 ? places.substr(8, 4) : far_places.substr(8, 8));
  std::array<char, 4> frame{};
  std::ifstream file(path_, std::ios::binary);
  if (!file.seekg(static_cast<std::streamoff>(place)) || !file.read(frame.data(), frame.size()))
    return std::nullopt;
  return Timecode{{static_cast<int>(scale), static_cast<int>(length)},
                  (big_endian(format.substr(kFlags, 4)) & 1U) != 0,
                  static_cast<uint32_t>(big_endian({frame.data(), frame.size()}))};
}

bool Mp4Index::has_chapters() const {
  return box_.find("chpl") != std::string::npos || box_.find("chap") != std::string::npos;
}

}  // namespace colorize_film
