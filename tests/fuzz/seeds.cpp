#include "tests/fuzz/seeds.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace cgan::test {

void write_seeds_if_asked(int argc, char** argv, const std::vector<std::string>& seeds) {
  if (argc != 3 || std::string(argv[1]) != "--seeds") return;
  const std::filesystem::path folder = argv[2];
  std::filesystem::create_directories(folder);
  for (size_t i = 0; i < seeds.size(); ++i)
    std::ofstream(folder / ("seed-" + std::to_string(i)), std::ios::binary) << seeds[i];
  std::exit(0);
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "Cannot read '%s'.\n", path.c_str());
    std::exit(1);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace cgan::test
