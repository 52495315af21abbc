#include "tests/examples/example_run.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace {

namespace fs = std::filesystem;
constexpr auto kPatience = std::chrono::seconds(150);

// Starts the program with its output in `log`.
pid_t start(const std::vector<std::string>& arguments, const std::string& log) {
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(file, STDOUT_FILENO);
  dup2(file, STDERR_FILENO);
  signal(SIGHUP, SIG_DFL);  // as in a terminal, also where the tests themselves outlive theirs
  execvp(argv[0], argv.data());
  _exit(127);
}

// A program that does not end is killed, so that the test fails instead of hanging.
Outcome finish(pid_t child, const std::string& log) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) {
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_file(log)};
}

}  // namespace

Outcome run(const std::vector<std::string>& arguments) {
  const TestFolder folder;
  return finish(start(arguments, folder.path("log")), folder.path("log"));
}

Outcome run_until_file(const std::vector<std::string>& arguments, const std::string& path,
                       int signal, uintmax_t bytes) {
  const TestFolder folder;
  const pid_t child = start(arguments, folder.path("log"));
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  const auto is_there = [&] {
    std::error_code none;
    const auto size = fs::file_size(path, none);
    return !none && size >= bytes;
  };
  while (!is_there() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  kill(child, signal);
  return finish(child, folder.path("log"));
}

TestFolder::TestFolder() {
  std::string name = (fs::temp_directory_path() / "cgancolorize-test-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  folder_ = name;
}

TestFolder::~TestFolder() {
  fs::remove_all(folder_);
}

std::string TestFolder::path(const std::string& name) const {
  return folder_ + "/" + name;
}

std::vector<std::string> TestFolder::files() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  if (!value) throw std::runtime_error(std::string("run by meson test, which sets ") + name);
  return value;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}
