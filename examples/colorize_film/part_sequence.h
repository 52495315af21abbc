#pragma once

// A file for each picture, none of which gets its name before all are complete.

#include <string>

#include "examples/colorize_film/result.h"
#include "examples/colorize_film/sequence.h"

namespace colorize_film {

// Writers write into a folder, the pattern + ".part" with # for %, from number 0 on; `keep()` moves
// the files to where they belong, the last one first: what a crash leaves then does not begin at
// its beginning, and cannot be taken for a whole film.
class PartSequence : public Result {
 public:
  // Throws RunError if pictures of these names exist and `may_replace` is false, or if their folder
  // does not exist.
  PartSequence(const std::string& pattern, bool may_replace);
  ~PartSequence() override;
  PartSequence(const PartSequence&) = delete;
  PartSequence& operator=(const PartSequence&) = delete;

  const std::string& path() const override { return part_pattern_; }
  // What a dead run left is removed.
  void claim() override;
  // Pictures of an earlier, longer sequence go.
  void keep() override;

 private:
  void empty_folder() const;

  std::string pattern_, part_folder_, part_pattern_;
  SequenceName name_;
  int lock_ = -1;  // the folder, open and locked as long as it is this run's
};

}  // namespace colorize_film
