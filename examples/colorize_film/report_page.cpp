#include "examples/colorize_film/report_page.h"

#include <glib.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "examples/colorize_film/report_plot.h"

namespace colorize_film {
namespace {

constexpr char kStyle[] =
    "body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;"
    "color:#222;background:#fff}h1{font-size:1.4em}h2{font-size:1.1em;margin-top:2em}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1em}dt{color:#666}dd{margin:0}"
    ".warning{background:#fff3d6;border-left:4px solid #d90;padding:.3em .8em;margin:.3em 0}"
    ".shots{display:grid;grid-template-columns:repeat(auto-fill,minmax(16em,1fr));gap:1em}"
    "figure{margin:0;border:1px solid #ddd}figure img{width:100%;display:block}"
    "figcaption{padding:.3em .6em;font-size:.85em;color:#444}"
    ".colour{display:inline-block;width:1em;height:1em;vertical-align:-.15em;border:1px solid #aaa}"
    "svg{width:100%;height:auto;display:block}";

std::string escaped(const std::string& text) {
  // The name of a file may be any bytes.
  g_autofree char* valid = g_utf8_make_valid(text.c_str(), -1);
  g_autofree char* safe = g_markup_escape_text(valid, -1);
  return safe;
}

std::string number(const char* format, double value) {
  g_autofree char* text = g_strdup_printf(format, value);
  return text;
}

// 0:01:02.3
std::string clock(GstClockTime time) {
  const guint64 tenths = time / (GST_SECOND / 10);
  g_autofree char* text = g_strdup_printf(
      "%" G_GUINT64_FORMAT ":%02d:%02d.%d", tenths / 36000, static_cast<int>(tenths / 600 % 60),
      static_cast<int>(tenths / 10 % 60), static_cast<int>(tenths % 10));
  return text;
}

// Middle grey with the colour, by BT.601.
std::string swatch(double cb, double cr) {
  const auto code = [](double value) {
    return static_cast<int>(std::lround(std::clamp(value, 0.0, 255.0)));
  };
  constexpr double kGrey = 140;
  g_autofree char* text =
      g_strdup_printf("#%02x%02x%02x", code(kGrey + 1.402 * cr),
                      code(kGrey - 0.344 * cb - 0.714 * cr), code(kGrey + 1.772 * cb));
  return text;
}

void write_facts(std::ostream& page, const ReportFacts& facts, const RunNotes& notes,
                 size_t shots) {
  const auto kept = std::count_if(notes.frames.begin(), notes.frames.end(),
                                  [](const FrameMeasure& frame) { return frame.is_kept; });
  const double count = static_cast<double>(notes.frames.size());
  page << "<dl><dt>film</dt><dd>" << escaped(facts.input) << "</dd><dt>result</dt><dd>"
       << escaped(facts.output) << "</dd><dt>frames</dt><dd>" << notes.frames.size() << " in "
       << shots << (shots == 1 ? " shot" : " shots") << "</dd><dt>speed</dt><dd>"
       << number("%.1f frames/s", count / std::max(notes.seconds, 1e-3))
       << number(", %.0f s in all", notes.seconds) << "</dd><dt>kept colour</dt><dd>"
       << number("%.1f %% of the frames", count > 0 ? 100.0 * static_cast<double>(kept) / count : 0)
       << "</dd>";
  for (const auto& [name, value] : facts.settings)
    page << "<dt>" << escaped(name) << "</dt><dd>" << escaped(value) << "</dd>";
  page << "</dl>";
  for (const std::string& warning : notes.warnings)
    page << "<p class=warning>" << escaped(warning) << "</p>";
}

void write_shot(std::ostream& page, size_t index, const Shot& shot) {
  page << "<figure>";
  if (!shot.picture.empty()) {
    g_autofree char* data =
        g_base64_encode(reinterpret_cast<const guchar*>(shot.picture.data()), shot.picture.size());
    page << "<img loading=lazy alt=\"before and after\" src=\"data:image/jpeg;base64," << data
         << "\">";
  }
  page << "<figcaption>" << index << ". " << clock(shot.start) << " to " << clock(shot.end) << ", "
       << shot.frames << (shot.frames == 1 ? " frame" : " frames")
       << "<br><span class=colour style=\"background:" << swatch(shot.cb, shot.cr) << "\"></span> "
       << number("colour %.1f", std::hypot(shot.cb, shot.cr))
       << number(", flicker %.2f", shot.flicker);
  if (shot.kept > 0)
    page << number(", %.0f %% kept",
                   100.0 * static_cast<double>(shot.kept) / static_cast<double>(shot.frames));
  page << "</figcaption></figure>\n";
}

}  // namespace

std::string report_page(const ReportFacts& facts, const RunNotes& notes,
                        const std::vector<Shot>& shots) {
  std::ostringstream page;
  page << "<!doctype html>\n<html lang=en><meta charset=utf-8>"
          "<meta name=viewport content=\"width=device-width\"><title>"
       << escaped(facts.output) << "</title><style>" << kStyle << "</style>\n<h1>"
       << escaped(facts.output) << "</h1>\n";
  write_facts(page, facts, notes, shots.size());
  page
      << "<h2>Over time</h2>\n"
      << report_plot(shots, notes.frames)
      << "<p>Colour: mean distance of blue (Cb) and red (Cr) from grey. Flicker: mean change of "
         "colour from frame to frame where the picture stands still. Both in codes of 8 bits. Grey "
         "bands: frames that kept a colour of their own. Ticks: cuts.</p>\n"
         "<h2>Shots, before and after</h2>\n<div class=shots>\n";
  for (size_t i = 0; i < shots.size(); ++i) write_shot(page, i + 1, shots[i]);
  page << "</div></html>\n";
  return page.str();
}

}  // namespace colorize_film
