#include "training/recipe/process_environment.h"

#include <malloc.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "model/kernels/instruction_set.h"

namespace cgan {
namespace {

/// Name of OpenBLAS's kernels that this processor can run, or null for its own choice.
const char* openblas_kernels() {
  if (runs_here(InstructionSet::kAvx512)) return "SkylakeX";
  if (runs_here(InstructionSet::kAvx2)) return "Haswell";
  return nullptr;
}

}  // namespace

void prepare_process(char** argv) {
  // With a card the pictures are made by many threads at once, which one arena would hold up.
  for (char** word = argv + 1; *word; ++word)
    if (const std::string_view text = *word;
        text.rfind("--device=cuda", 0) == 0 || (text == "--device" && word[1] != nullptr &&
                                                std::string_view(word[1]).rfind("cuda", 0) == 0))
      return;
  constexpr char kPrepared[] = "CGAN_TRAIN_PREPARED";
  if (!std::getenv(kPrepared)) {
    setenv(kPrepared, "1", 0);
    setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", 0);
    setenv("OPENBLAS_NUM_THREADS", "1", 0);
    if (const char* kernels = openblas_kernels()) setenv("OPENBLAS_CORETYPE", kernels, 0);
    // The file's own name, so that the process is listed under it.
    std::error_code missing;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", missing);
    if (!missing) execv(program.c_str(), argv);
    // Where the program cannot start itself again it goes on, slower.
  }
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, -1);  // never: a game needs more than any number that fits here
  mallopt(M_TOP_PAD, 256 << 20);
  mallopt(M_ARENA_MAX, 1);
}

}  // namespace cgan
