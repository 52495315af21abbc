#include "examples/colorize_film/run_report.h"

#include <glib.h>

#include "examples/colorize_film/contact_sheet.h"
#include "examples/colorize_film/frame_pairs.h"
#include "examples/colorize_film/picture_mill.h"
#include "examples/colorize_film/report_page.h"

namespace colorize_film {
namespace {

std::vector<std::pair<std::string, std::string>> settings_of(const Options& options) {
  std::vector<std::pair<std::string, std::string>> settings;
  if (options.preset) settings.emplace_back("preset", *options.preset);
  settings.insert(settings.end(), options.settings.begin(), options.settings.end());
  if (options.codec) settings.emplace_back("codec", *options.codec);
  if (options.quality) settings.emplace_back("quality", std::to_string(*options.quality));
  if (options.encoder) settings.emplace_back("encoder", *options.encoder);
  const auto add_seconds = [&settings](const char* name, double seconds) {
    g_autofree char* text = g_strdup_printf("%g s", seconds);
    settings.emplace_back(name, text);
  };
  if (options.start_s > 0) add_seconds("start", options.start_s);
  if (options.duration_s) add_seconds("duration", *options.duration_s);
  return settings;
}

// A page of thousands of shots stays small enough for a browser.
void shrink_pictures(std::vector<Shot>& shots) {
  constexpr size_t kManyShots = 200;
  if (shots.size() <= kManyShots) return;
  PictureMill mill(
      "jpegdec ! videoconvertscale ! video/x-raw,width=128,pixel-aspect-ratio=1/1 ! jpegenc "
      "quality=60");
  for (auto shot = shots.begin() + kManyShots; shot != shots.end(); ++shot) {
    if (shot->picture.empty()) continue;
    g_autoptr(GstSample) large = sample_of_jpeg(shot->picture);
    g_autoptr(GstSample) small = mill.turn(large);
    shot->picture = bytes_of(small);
  }
}

}  // namespace

bool wants_report(const Options& options) {
  return options.report || options.sheet;
}

RunReport::RunReport(const Options& options) : options_(options) {
  if (options.report) page_ = std::make_unique<PartFile>(*options.report, options.force);
  if (options.sheet) sheet_ = std::make_unique<PartFile>(*options.sheet, options.force);
}

void RunReport::claim() {
  if (page_) page_->claim();
  if (sheet_) sheet_->claim();
}

void RunReport::write(const RunNotes& notes) {
  std::vector<Shot> shots = shots_of(notes);
  if (sheet_) {
    g_autoptr(GstSample) sheet = contact_sheet(shots);
    if (!sheet)
      throw RunError("The film is written, but has no shot for '" + *options_.sheet + "'.");
    write_png(sheet, *sheet_);
  }
  if (!page_) return;
  shrink_pictures(shots);
  const std::string html =
      report_page({options_.input, options_.output, settings_of(options_)}, notes, shots);
  g_autoptr(GError) error = nullptr;
  if (!g_file_set_contents(page_->path().c_str(), html.data(), static_cast<gssize>(html.size()),
                           &error))
    throw RunError("Cannot write the report '" + page_->final_path() + "': " + error->message +
                   ".");
  page_->keep();
}

}  // namespace colorize_film
