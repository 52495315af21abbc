#pragma once

#include <string>
#include <vector>

namespace cgan::test {

/// Where the command line is `PROGRAM --seeds FOLDER`, writes the seeds there and ends the program:
/// the corpus to start from is made by the target itself. For LLVMFuzzerInitialize.
void write_seeds_if_asked(int argc, char** argv, const std::vector<std::string>& seeds);

/// The content of a file. Ends the program where there is none.
std::string bytes_of(const std::string& path);

}  // namespace cgan::test
