#include "examples/colorize_film/side_info.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>

namespace colorize_film {
namespace {

guint count_chapters(GList* entries) {
  guint chapters = 0;
  for (GList* item = entries; item; item = item->next) {
    auto* entry = static_cast<GstTocEntry*>(item->data);
    chapters += gst_toc_entry_get_entry_type(entry) == GST_TOC_ENTRY_TYPE_CHAPTER ? 1 : 0;
    chapters += count_chapters(gst_toc_entry_get_sub_entries(entry));
  }
  return chapters;
}

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

std::string counted(guint count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

void SideInfo::read(GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_TOC) {
    GstToc* toc = nullptr;
    gst_event_parse_toc(event, &toc, nullptr);
    chapters_ = std::max(chapters_, count_chapters(gst_toc_get_entries(toc)));
    gst_toc_unref(toc);
  }
  if (GST_EVENT_TYPE(event) == GST_EVENT_TAG) {
    GstTagList* tags = nullptr;
    gst_event_parse_tag(event, &tags);
    attachments_ = std::max(attachments_, gst_tag_list_get_tag_size(tags, GST_TAG_ATTACHMENT));
  }
}

void SideInfo::read_mp4(const std::string& path) {
  const std::string index = index_of(path);
  // A list of Nero's, or QuickTime's reference to a track of titles.
  has_mp4_chapters_ =
      index.find("chpl") != std::string::npos || index.find("chap") != std::string::npos;
}

std::vector<std::string> SideInfo::losses(const std::string& input, GstElement* muxer, int tracks,
                                          bool is_span) const {
  std::vector<std::string> sentences;
  const std::string of_input = " of '" + input + "'";
  if (chapters_ > 0 && is_span)
    sentences.push_back(counted(chapters_, "chapter") + of_input +
                        " cannot be kept: their times are those of the whole film.");
  else if (chapters_ > 0 && !GST_IS_TOC_SETTER(muxer))
    sentences.push_back(counted(chapters_, "chapter") + of_input +
                        " cannot be kept: an .mkv keeps them.");
  if (has_mp4_chapters_)
    sentences.push_back("the chapters" + of_input +
                        " cannot be read: copy them with ffmpeg -map_chapters.");
  if (attachments_ > 0)
    sentences.push_back(counted(attachments_, "attachment") + of_input +
                        " cannot be kept: copy them with mkvpropedit or ffmpeg -attach.");
  if (tracks > 1)
    sentences.push_back("which of the " + std::to_string(tracks) + " sound and subtitle tracks" +
                        of_input +
                        " is the default one cannot be kept: all are marked so, choose in the "
                        "player.");
  return sentences;
}

}  // namespace colorize_film
