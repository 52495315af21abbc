// What handing a loop over costs, by different pools: a frame of as many loops as the network has,
// each of which takes about 100 us of one thread, with next to nothing between them. `CPU` is the
// processor time of the whole process, so that spinning shows. Run it beside busy loops, too:
//
//   (for i in 1 2 3 4 5 6 7 8; do (while :; do :; done) & done; pool-benchmark; kill $(jobs -p))

#include <benchmark/benchmark.h>
#include <omp.h>

#include <cstdint>
#include <ctime>
#include <memory>
#include <vector>

#include "model/threads/worker_pool.h"
#ifdef CGAN_HAS_TBB
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#endif
#ifdef CGAN_HAS_PTHREADPOOL
#include <pthreadpool.h>
#endif

namespace cgan {
namespace {

constexpr int64_t kLoops = 85, kItems = 16;

/// About 6 us.
void work(int64_t item) {
  uint32_t value = static_cast<uint32_t>(item);
  for (int i = 0; i < 6000; ++i) value = value * 1664525U + 1013904223U;
  benchmark::DoNotOptimize(value);
}

double process_seconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

template <typename Loop>
void frames(benchmark::State& state, const Loop& loop) {
  const double before = process_seconds();
  for (auto _ : state)
    for (int64_t i = 0; i < kLoops; ++i) loop();
  state.counters["CPU_ms"] =
      1000 * (process_seconds() - before) / static_cast<double>(state.iterations());
}

void one_thread(benchmark::State& state) {
  frames(state, [] {
    for (int64_t item = 0; item < kItems; ++item) work(item);
  });
}

void worker_pool(benchmark::State& state) {
  WorkerPool pool(static_cast<int>(state.range(0)));
  frames(state, [&] { pool.for_each(kItems, [](int64_t item, int) { work(item); }); });
}

/// By OMP_WAIT_POLICY and GOMP_SPINCOUNT of the environment.
void openmp(benchmark::State& state) {
  const int threads = static_cast<int>(state.range(0));
  frames(state, [=] {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t item = 0; item < kItems; ++item) work(item);
  });
}

#ifdef CGAN_HAS_TBB
void tbb_arena(benchmark::State& state) {
  tbb::task_arena arena(static_cast<int>(state.range(0)));
  frames(state, [&] {
    arena.execute([] {
      tbb::parallel_for(
          int64_t{0}, kItems, [](int64_t item) { work(item); }, tbb::simple_partitioner());
    });
  });
}
BENCHMARK(tbb_arena)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
#endif

#ifdef CGAN_HAS_PTHREADPOOL
void pthread_pool(benchmark::State& state) {
  const std::unique_ptr<std::remove_pointer_t<pthreadpool_t>, decltype(&pthreadpool_destroy)> pool(
      pthreadpool_create(static_cast<size_t>(state.range(0))), pthreadpool_destroy);
  frames(state, [&] {
    pthreadpool_parallelize_1d(
        pool.get(), [](void*, size_t item) { work(static_cast<int64_t>(item)); }, nullptr, kItems,
        0);
  });
}
BENCHMARK(pthread_pool)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
#endif

BENCHMARK(one_thread)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(worker_pool)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(openmp)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace cgan

BENCHMARK_MAIN();
