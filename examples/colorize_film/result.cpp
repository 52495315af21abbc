#include "examples/colorize_film/result.h"

#include <unistd.h>

#include "examples/colorize_film/container.h"
#include "examples/colorize_film/part_file.h"
#include "examples/colorize_film/part_sequence.h"

namespace colorize_film {
namespace {

// Who reads the pipe sees the exit code of what writes it.
class StandardOutput : public Result {
 public:
  StandardOutput() {
    if (isatty(STDOUT_FILENO))
      throw RunError(
          "Standard output is a terminal: lead it into a program or a file (... | ffplay -).",
          kUsage);
  }
  const std::string& path() const override { return path_; }
  void claim() override {}
  void keep() override {}

 private:
  const std::string path_ = kStandardOutput;
};

}  // namespace

std::unique_ptr<Result> make_result(const Options& options) {
  if (options.output == kStandardOutput) return std::make_unique<StandardOutput>();
  if (writes_pictures(options.output))
    return std::make_unique<PartSequence>(options.output, options.force);
  return std::make_unique<PartFile>(options.output, options.force);
}

}  // namespace colorize_film
