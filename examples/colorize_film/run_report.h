#pragma once

// Something to look at: --report and --sheet, out of the run itself.

#include <memory>
#include <string>
#include <vector>

#include "examples/colorize_film/film_pipeline.h"
#include "examples/colorize_film/options.h"
#include "examples/colorize_film/part_file.h"
#include "examples/colorize_film/shot_log.h"

namespace colorize_film {

// Thread-safety: one thread; the pipeline's threads come in through the probes only.
class RunReport {
 public:
  // `options` must outlive it. Throws RunError where a file exists and may not be replaced.
  explicit RunReport(const Options& options);
  // Watches the frames from now on; the pipeline ends before this.
  void watch(const FilmPipeline& film);
  void claim();
  // A sentence that the user was told.
  void add_warning(const std::string& sentence) { warnings_.push_back(sentence); }
  // The run has ended and took so long. Throws RunError if a file cannot be written.
  void write(double seconds);

 private:
  void on_coloured(GstPad* pad, GstBuffer* frame);

  const Options& options_;
  std::unique_ptr<PartFile> page_, sheet_;
  GstElement* colorizer_ = nullptr;  // borrowed
  ShotLog log_;
  std::vector<std::string> warnings_;
};

}  // namespace colorize_film
