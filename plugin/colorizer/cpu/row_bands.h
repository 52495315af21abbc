#pragma once

#include <omp.h>

#include "model/threads/worker_pool.h"

#include <algorithm>
#include <cstdint>
#ifdef __SANITIZE_THREAD__
#include <thread>
#include <vector>
#endif

namespace cgan {


/// Calls run(first, last, worker) for bands of rows that together cover 0..rows, on LibTorch's own
/// OpenMP threads (its team is warm and no second pool fights it for the cores). Bands do not
/// depend on the number of threads and must not depend on each other: so the result does neither.
/// @param rows not negative
/// @param workers threads at most, positive; best what LibTorch uses in the calling thread
/// @param run called from several threads at once; worker is 0..workers - 1 and no two calls at
///   the same time share it. Must not throw.
template <typename Run>
void for_row_bands(int64_t rows, int workers, const Run& run) {
  const int64_t bands = (rows + kBandRows - 1) / kBandRows;
#ifdef __SANITIZE_THREAD__
  // ThreadSanitizer does not see the barriers of OpenMP's library: the same bands on threads that
  // it knows.
  std::vector<std::thread> team;
  const auto work = [&](int64_t worker) {
    for (int64_t band = worker; band < bands; band += workers)
      run(band * kBandRows, std::min((band + 1) * kBandRows, rows), static_cast<int>(worker));
  };
  for (int64_t worker = 1; worker < std::min<int64_t>(workers, bands); ++worker)
    team.emplace_back(work, worker);
  work(0);
  for (auto& thread : team) thread.join();
#else
#pragma omp parallel for num_threads(workers) schedule(static) if (bands > 1)
  for (int64_t band = 0; band < bands; ++band) {
    const int64_t first = band * kBandRows;
    run(first, std::min(first + kBandRows, rows), omp_get_thread_num());
  }
#endif
}

}  // namespace cgan
