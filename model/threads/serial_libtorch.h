#pragma once

#include <ATen/Parallel.h>
#include <omp.h>

namespace cgan {

/// While it lives, LibTorch's loops in the calling thread, and oneDNN's in them, run in that thread
/// alone: its OpenMP team would spin beside a WorkerPool. Other threads' loops are left alone, and
/// nothing is set for the process, unlike with at::set_num_threads(), which throws away oneDNN's
/// prepared convolutions as well.
class SerialLibTorch {
 public:
  // LibTorch sets the number when a thread first asks for it: after that ours holds.
  SerialLibTorch() : before_(at::get_num_threads()) { omp_set_num_threads(1); }
  ~SerialLibTorch() { omp_set_num_threads(before_); }
  SerialLibTorch(const SerialLibTorch&) = delete;
  SerialLibTorch& operator=(const SerialLibTorch&) = delete;

 private:
  const int before_;
};

}  // namespace cgan
