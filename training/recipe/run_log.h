#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <fstream>
#include <string>

#include "training/recipe/step_losses.h"

/// What a run writes down while it goes on.
namespace cgan {

/// Means over the steps of one line of the log.
class LossMeans {
 public:
  void add(const StepLosses& losses);
  int64_t count() const { return count_; }
  /// Every reading of StepLosses by its name, `d_accuracy` (mean of D's two shares of right),
  /// `d_recall` and `d_precision` (originals being what is looked for; 0 before the game) and
  /// `d_moved` (share of steps). Begins anew.
  /// @pre count() > 0
  nlohmann::json take();

 private:
  nlohmann::json sums_ = nlohmann::json::object();
  int64_t moved_ = 0, count_ = 0;
};

/// metrics.jsonl: one JSON object a line.
class RunLog {
 public:
  /// @param steps_done the run goes on after these: lines of later steps, which will be done again,
  ///   are dropped; 0: the file begins anew
  /// @throws std::runtime_error where it cannot be written.
  RunLog(const std::string& path, int64_t steps_done);
  void write(const nlohmann::json& line);

 private:
  std::ofstream file_;
};

}  // namespace cgan
