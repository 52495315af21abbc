#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "training/data/batches.h"
#include "training/data/picture_folder.h"

namespace cgan {

/// Options of a program that looks at photographs as if they were on old film.
struct AgedPictures {
  std::vector<std::string> folders;
  int64_t count = 200;
  double old_film = 0.7;
  std::string cache = default_picture_cache();

  void declare(CLI::App& app) {
    app.add_option("--pictures", folders, "Folders of photographs like those that will be coloured")
        ->required();
    app.add_option("--count", count, "Pictures to look at, spread evenly over the folders")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--old-film", old_film, "How much they are aged, 0..1, as in training")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    app.add_option("--cache", cache, "Folder for decoded pictures")->capture_default_str();
  }

  /// @param data the folders, opened
  /// @param look (number of the picture, gray (1, 1, side, side), -1..1)
  /// @return how many were shown
  template <typename Look>
  int64_t show(const Dataset& data, int64_t side, const Look& look) const {
    constexpr uint64_t kSeed = 1;
    Augmentation aged;
    aged.old_film.strength = old_film;
    const int64_t shown = std::min(count, data.size());
    for (int64_t i = 0; i < shown; ++i)
      look(i, make_batch(data, {i * data.size() / shown}, side, aged, kSeed, i).input);
    return shown;
  }
};

}  // namespace cgan
