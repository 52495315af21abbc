// Runs cgan-train as a user does: its path is CGAN_TRAIN.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "../pictures.h"

namespace cgan::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class CganTrain : public ::testing::Test {
 protected:
  CganTrain() { write_cifar10(folder_ / "batch.bin", 32); }

  std::vector<std::string> tiny_options() {
    const auto batch = (folder_ / "batch.bin").string();
    return {"--cifar10", batch,       "--validate-cifar10", batch,     "--out",       out(),
            "--widths",  "8,8,8,8,8", "--d-widths",         "8,8,8,8", "--d-hidden",  "8",
            "--batch",   "8",         "--workers",          "2",       "--log-every", "1"};
  }
  std::string out() { return (folder_ / "out").string(); }

  pid_t start(std::vector<std::string> options) {
    options.insert(options.begin(), CGAN_TRAIN);
    std::vector<char*> argv;
    for (auto& option : options) argv.push_back(option.data());
    argv.push_back(nullptr);
    const pid_t child = fork();
    if (child == 0) {
      const int log = open((folder_ / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      dup2(log, STDOUT_FILENO);
      dup2(log, STDERR_FILENO);
      execv(CGAN_TRAIN, argv.data());
      _exit(127);
    }
    return child;
  }
  static int exit_code(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  int run(const std::vector<std::string>& options) { return exit_code(start(options)); }
  std::string log() {
    std::ifstream file(folder_ / "log");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TemporaryFolder folder_;
};

TEST_F(CganTrain, TrainsAndPrintsItsRecipe) {
  auto options = tiny_options();
  options.insert(options.end(), {"--epochs", "1", "--augment", "flip,shift"});
  ASSERT_EQ(run(options), 0) << log();
  EXPECT_TRUE(fs::exists(folder_ / "out/generator.safetensors"));
  EXPECT_THAT(log(), HasSubstr("\"batch\": 8"));
  EXPECT_THAT(log(), HasSubstr("images/s"));
}

TEST_F(CganTrain, SavesOnCtrlCAndResumes) {
  auto options = tiny_options();
  options.insert(options.end(), {"--epochs", "100000"});
  const pid_t child = start(options);
  // The first line of the log says that it trains.
  for (int i = 0; i < 600 && log().find("images/s") == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  kill(child, SIGINT);
  EXPECT_EQ(exit_code(child), 128 + SIGINT);
  EXPECT_THAT(log(), HasSubstr("--resume"));
  ASSERT_TRUE(fs::exists(folder_ / "out/checkpoint.safetensors"));

  // Resuming takes the recipe from the checkpoint, but for what the command line says.
  const auto batch = (folder_ / "batch.bin").string();
  EXPECT_EQ(run({"--cifar10", batch, "--validate-cifar10", batch, "--out", out(), "--resume",
                 "--epochs", "1"}),
            0)
      << log();
}

TEST_F(CganTrain, SaysWhatIsWrong) {
  EXPECT_NE(run({"--out", out()}), 0);
  EXPECT_THAT(log(), HasSubstr("give one of --cifar10 and --pictures"));
  auto options = tiny_options();
  options.insert(options.end(), {"--recipe", "secret"});
  EXPECT_NE(run(options), 0);
  EXPECT_THAT(log(), HasSubstr("'report', 'best' or 'photo'"));
}

TEST_F(CganTrain, StopsWithItsOwnCodeWhereTheLossIsNotANumber) {
  auto options = tiny_options();
  options.insert(options.end(), {"--lr", "1e30", "--d-lr", "1e30", "--epochs", "50"});
  EXPECT_EQ(run(options), 3) << log();
  EXPECT_THAT(log(), HasSubstr("lower --lr"));
}

}  // namespace
}  // namespace cgan::testing
