#pragma once

#include <vector>

#include "model/threads/worker_pool.h"
#include "plugin/colorizer/cpu/row_loops.h"
#include "plugin/colorizer/format/plane_view.h"
#include "plugin/colorizer/plan/luma_plan.h"

namespace cgan {

/// Luma of a frame -> its copy at work size, as the plan says. Everything is allocated by the
/// constructor. Thread-safety: one thread at a time, the pool's owner.
class WorkCopy {
 public:
  /// @param pool must outlive the copy
  WorkCopy(WorkCopyPlan plan, WorkerPool& pool, const RowLoops& loops = row_loops_of());

  /// @param work (padded_height, padded_width), written
  void run(const LumaView& luma, float* work);

 private:
  void row(const LumaView& luma, int64_t y, float* sums, float* work) const;

  WorkCopyPlan plan_;
  WorkerPool& pool_;
  const RowLoops& loops_;
  std::vector<std::vector<float>> sums_;  ///< One row of the frame for each thread.
};

}  // namespace cgan
