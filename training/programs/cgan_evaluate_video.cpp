#include <ATen/Parallel.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>

#include "training/metrics/grey_film.h"
#include "training/metrics/score_table.h"
#include "training/metrics/video_evaluation.h"
#include "training/programs/run_program.h"

namespace {

struct Options {
  cgan::VideoEvaluationOptions evaluation;
  std::string json, grey_folder;
  cgan::GreyFilm film;
};

void declare(CLI::App& app, Options& options) {
  app.add_option("--originals", options.evaluation.originals,
                 "Clips in colour: a folder of numbered frames (.png, .jpg, .bmp), or one with a "
                 "sub-folder for each clip")
      ->required();
  app.add_option("--results", options.evaluation.results,
                 "The same clips, made grey and coloured: the same folders and names of frames");
  app.add_option("--grey-input", options.evaluation.grey_input,
                 "The grey frames that were coloured, where they are not the originals' luma");
  app.add_option("--json", options.json,
                 "Write every number to this file, with those of each clip and frame; "
                 "plot_video.py draws them");
  app.add_option("--write-grey", options.grey_folder,
                 "Score nothing but make the grey frames of the originals in this folder");
  app.add_option("--grain", options.film.grain,
                 "Grain on the grey frames: standard deviation in 8-bit codes")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--seed", options.film.seed, "Seed of the grain")->capture_default_str();
}

void run(const Options& options) {
  if (options.evaluation.results.empty() == options.grey_folder.empty())
    throw std::invalid_argument(
        "give one of --results, to score it, and --write-grey, to make grey frames");
  if (!options.grey_folder.empty()) {
    cgan::write_grey_film(options.evaluation.originals, options.grey_folder, options.film);
    return;
  }
  const auto scores = cgan::evaluate_video(options.evaluation);
  std::fputs(cgan::video_score_table(scores).c_str(), stdout);
  if (!options.json.empty()) cgan::write_scores(options.json, scores);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Scores film that was coloured against its originals: colours, and their unrest.");
  Options options;
  declare(app, options);
  CLI11_PARSE(app, argc, argv);
  at::set_num_threads(static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
  return cgan::run_program("cgan-evaluate-video", [&] {
    run(options);
    return 0;
  });
}
