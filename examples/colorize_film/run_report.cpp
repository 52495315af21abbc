#include "examples/colorize_film/run_report.h"

#include <glib.h>

#include "examples/colorize_film/contact_sheet.h"
#include "examples/colorize_film/report_page.h"
#include "examples/colorize_film/stream_kind.h"

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

}  // namespace

RunReport::RunReport(const Options& options) : options_(options) {
  if (options.report) page_ = std::make_unique<PartFile>(*options.report, options.force);
  if (options.sheet) sheet_ = std::make_unique<PartFile>(*options.sheet, options.force);
}

void RunReport::watch(const FilmPipeline& film) {
  colorizer_ = film.colorizer;
  g_autoptr(GstPad) grey = gst_element_get_static_pad(film.colorizer, "sink");
  gst_pad_add_probe(
      grey, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer report) {
        static_cast<RunReport*>(report)->log_.keep_original(pad, GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
  g_autoptr(GstPad) coloured = gst_element_get_static_pad(film.coloured, "src");
  gst_pad_add_probe(
      coloured, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer report) {
        static_cast<RunReport*>(report)->on_coloured(pad, GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
}

void RunReport::claim() {
  if (page_) page_->claim();
  if (sheet_) sheet_->claim();
}

// In the thread in which the element has just counted this frame.
void RunReport::on_coloured(GstPad* pad, GstBuffer* frame) {
  const GstSegment segment = segment_of(pad);
  g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
  g_autoptr(GstSample) coloured = gst_sample_new(frame, caps, &segment, nullptr);
  GstStructure* stats = nullptr;
  g_object_get(colorizer_, "stats", &stats, nullptr);
  try {
    log_.add(coloured, stats);
  } catch (const RunError& error) {
    GST_ELEMENT_ERROR(colorizer_, STREAM, FAILED, ("%s", error.what()), (nullptr));
  }
  gst_structure_free(stats);
}

void RunReport::write(double seconds) {
  if (page_) {
    const std::string html =
        report_page({options_.input, options_.output, settings_of(options_), warnings_, seconds},
                    log_.shots(), log_.frames());
    g_autoptr(GError) error = nullptr;
    if (!g_file_set_contents(page_->path().c_str(), html.data(), static_cast<gssize>(html.size()),
                             &error))
      throw RunError("Cannot write the report '" + page_->final_path() + "': " + error->message +
                     ".");
    page_->keep();
  }
  if (!sheet_) return;
  g_autoptr(GstSample) sheet = contact_sheet(log_.shots());
  if (!sheet) throw RunError("The film is written, but has no shot for '" + *options_.sheet + "'.");
  write_png(sheet, *sheet_);
}

}  // namespace colorize_film
