#include "examples/colorize_film/matroska_index.h"

#include <cstdint>
#include <fstream>
#include <string_view>

namespace colorize_film {
namespace {

// Names of elements, RFC 9559.
constexpr uint64_t kSegment = 0x18538067, kTracks = 0x1654AE6B, kTrack = 0xAE, kVideo = 0xE0,
                   kFieldOrder = 0x9D;

// A number of one to eight bytes, whose first one tells its length; with that mark or without. None
// where the bytes end before.
std::optional<uint64_t> next_number(std::string_view& bytes, bool keeps_mark) {
  if (bytes.empty()) return std::nullopt;
  const auto first = static_cast<unsigned char>(bytes[0]);
  size_t length = 1;
  while (length <= 8 && !(first & (0x100U >> length))) ++length;
  if (length > 8 || length > bytes.size()) return std::nullopt;
  uint64_t value = keeps_mark ? first : first & ((0x100U >> length) - 1U);
  for (size_t i = 1; i < length; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  bytes.remove_prefix(length);
  return value;
}

// What is in the first element of that name within `bytes`, as far as it is there.
std::optional<std::string_view> inner(std::string_view bytes, uint64_t name) {
  while (!bytes.empty()) {
    const std::optional<uint64_t> found = next_number(bytes, true);
    const std::optional<uint64_t> size = found ? next_number(bytes, false) : std::nullopt;
    if (!size) break;
    // A size of all ones is unknown: it is to the end.
    if (*found == name) return bytes.substr(0, *size);
    if (*size >= bytes.size()) break;
    bytes.remove_prefix(*size);
  }
  return std::nullopt;
}

}  // namespace

std::optional<bool> matroska_top_field_first(const std::string& path) {
  constexpr std::streamsize kHead = 1 << 20;
  std::string head(kHead, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), kHead);
  head.resize(static_cast<size_t>(file.gcount()));
  const auto segment = inner(head, kSegment);
  std::string_view tracks = segment ? inner(*segment, kTracks).value_or("") : std::string_view();
  while (const auto track = inner(tracks, kTrack)) {
    if (const auto video = inner(*track, kVideo)) {
      const std::string_view order = inner(*video, kFieldOrder).value_or("");
      const int value = order.empty() ? 2 : order.back();
      // 1 and 9: the top one, 6 and 14: the bottom one is shown first; the latter are stored apart.
      if (value != 1 && value != 9 && value != 6 && value != 14) return std::nullopt;
      return value == 1 || value == 9;
    }
    tracks.remove_prefix(static_cast<size_t>(track->data() + track->size() - tracks.data()));
  }
  return std::nullopt;
}

}  // namespace colorize_film
