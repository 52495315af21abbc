#pragma once

#include <omp.h>

#include <algorithm>
#include <cstdint>

namespace cgan {

/// Rows of one band: enough work to be worth a thread, few enough to share evenly.
constexpr int64_t kBandRows = 16;

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
#pragma omp parallel for num_threads(workers) schedule(static) if (bands > 1)
  for (int64_t band = 0; band < bands; ++band) {
    const int64_t first = band * kBandRows;
    run(first, std::min(first + kBandRows, rows), omp_get_thread_num());
  }
}

}  // namespace cgan
