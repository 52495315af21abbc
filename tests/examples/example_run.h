#pragma once

// Runs an example as a user would: as a program in a folder of its own.

#include <cstdint>
#include <string>
#include <vector>

// What a program left behind. A signal as its end counts as 128 + its number, as in a shell.
struct Outcome {
  int exit_code = -1;
  std::string output;  // standard output and error together
};

// Runs a program to its end with this environment; `arguments[0]` is its path or its name.
Outcome run(const std::vector<std::string>& arguments);

// The same, but sends `signal` as soon as the file `path` has so many bytes.
Outcome run_until_file(const std::vector<std::string>& arguments, const std::string& path,
                       int signal, uintmax_t bytes = 0);

// A folder that is removed with all its files at the end of the test.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::string path(const std::string& name) const;
  // Names of its files, sorted.
  std::vector<std::string> files() const;

 private:
  std::string folder_;
};

// Of the environment that meson sets; the test fails without it.
std::string setting(const char* name);

std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& bytes);
