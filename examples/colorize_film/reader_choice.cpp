#include "examples/colorize_film/reader_choice.h"

#include <algorithm>
#include <iterator>

namespace colorize_film {
namespace {

// Of the signal "autoplug-select", whose type is not public.
constexpr int kTry = 0, kSkip = 2;

bool is_endless(const char* name) {
  // FFmpeg's wait for its sign of the end, where gst-libav gives them no data instead; those of
  // playlists for what lies at addresses.
  const char* const kEndless[] = {"avdemux_gif", "avdemux_nut", "dashdemux", "dashdemux2",
                                  "hlsdemux",    "hlsdemux2",   "mssdemux",  "mssdemux2"};
  return std::any_of(std::begin(kEndless), std::end(kEndless),
                     [name](const char* one) { return g_str_equal(name, one); });
}

// `caps`: of jpegparse. Other grids avdec_mjpeg does not read, some end in a crash.
bool halves_chroma(const char* name, const GstCaps* caps) {
  if (!g_str_equal(name, "jpegdec")) return false;
  const char* grid = gst_structure_get_string(gst_caps_get_structure(caps, 0), "sampling");
  g_autoptr(GstElementFactory) other = gst_element_factory_find("avdec_mjpeg");
  return other && (g_strcmp0(grid, "YCbCr-4:2:2") == 0 || g_strcmp0(grid, "YCbCr-4:4:4") == 0);
}

int select(GstElement*, GstPad*, GstCaps* caps, GstElementFactory* factory, gpointer) {
  const char* name = gst_plugin_feature_get_name(GST_PLUGIN_FEATURE(factory));
  return is_endless(name) || halves_chroma(name, caps) ? kSkip : kTry;
}

}  // namespace

void choose_readers(GstElement* bin) {
  // GStreamer 1.22 does not take it by itself, and nothing else says the grid.
  g_autoptr(GstElementFactory) parser = gst_element_factory_find("jpegparse");
  if (parser) gst_plugin_feature_set_rank(GST_PLUGIN_FEATURE(parser), GST_RANK_PRIMARY + 1);
  g_signal_connect(bin, "autoplug-select", G_CALLBACK(select), nullptr);
}

}  // namespace colorize_film
