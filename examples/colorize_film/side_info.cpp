#include "examples/colorize_film/side_info.h"

#include <algorithm>
#include <cstring>

#include "examples/colorize_film/container.h"
#include "examples/colorize_film/mp4_index.h"

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

std::string counted(guint count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// Matroska's tag.
bool names_timecode(const GstTagList* tags) {
  const guint count = gst_tag_list_get_tag_size(tags, GST_TAG_EXTENDED_COMMENT);
  for (guint i = 0; i < count; ++i) {
    const char* text = nullptr;
    if (gst_tag_list_peek_string_index(tags, GST_TAG_EXTENDED_COMMENT, i, &text) &&
        g_ascii_strncasecmp(text, "timecode=", strlen("timecode=")) == 0)
      return true;
  }
  return false;
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
    has_cover_ = has_cover_ || gst_tag_list_get_tag_size(tags, GST_TAG_IMAGE) > 0 ||
                 gst_tag_list_get_tag_size(tags, GST_TAG_PREVIEW_IMAGE) > 0;
    has_timecode_ = has_timecode_ || names_timecode(tags);
  }
}

void SideInfo::read_mp4(const std::string& path) {
  const Mp4Index index(path);
  has_mp4_chapters_ = index.has_chapters();
  has_timecode_ = index.has_timecode();
  timecode_ = index.timecode();
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
  if (has_timecode_ && !(timecode_ && keeps_timecode(muxer)))
    sentences.push_back("the timecode" + of_input +
                        " cannot be kept: copy it with ffmpeg -timecode.");
  if (attachments_ > 0)
    sentences.push_back(counted(attachments_, "attachment") + of_input +
                        " cannot be kept: copy them with mkvpropedit or ffmpeg -attach.");
  if (has_cover_ && (!muxer || keeps_clock(muxer)))
    sentences.push_back("the cover" + of_input + " cannot be kept: an .mp4 keeps it.");
  if (tracks > 1)
    sentences.push_back("which of the " + std::to_string(tracks) + " sound and subtitle tracks" +
                        of_input +
                        " is the default one cannot be kept: all are marked so, choose in the "
                        "player.");
  return sentences;
}

}  // namespace colorize_film
