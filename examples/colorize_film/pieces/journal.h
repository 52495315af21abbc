#pragma once

// What a run of a film has finished, kept beside the result so that the next run goes on there.

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

#include "examples/colorize_film/options.h"
#include "examples/colorize_film/pieces/piece.h"

namespace colorize_film {

// What decides every bit of the pieces: source (size, time, first and last MiB), settings, weights,
// version of the element. Throws RunError.
nlohmann::json identity_of(const Options& options);

// A sentence that names the first difference of two identities; empty if they are equal.
std::string difference(const nlohmann::json& journal, const nlohmann::json& now);

// The name of a piece's file.
std::string piece_name(size_t number);

// The path of the file of the state behind a piece of this path.
std::string state_path(const std::string& piece_path);

nlohmann::json to_json(const Piece& piece);
Piece piece_from(const nlohmann::json& json);
// Without the state.
nlohmann::json to_json(const Border& border);
Border border_from(const nlohmann::json& json);

// Reads a file of JSON; nothing where there is none. Throws RunError for one that cannot be read.
std::optional<nlohmann::json> read_json(const std::string& path);
// A state in a file of its own. Throws RunError.
State read_state(const std::string& path);

// Thread-safety: one thread at a time.
class Journal {
 public:
  // Of the result `output`; touches nothing.
  explicit Journal(const std::string& output);

  bool exists() const;
  const std::string& folder() const { return folder_; }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  // Begins anew: what is there is removed. Throws RunError.
  void begin(const nlohmann::json& identity);
  // Reads what was finished, up to the first piece that is not there whole. Throws RunError: a
  // sentence with the remedy where the journal is of something else.
  void resume(const nlohmann::json& identity);

  // A piece that is whole on the disk, and where the next one begins, if a run can begin there.
  // Throws RunError.
  void add(const Piece& piece, const std::optional<Border>& next);
  // All is finished. Throws RunError.
  void end();

  // Removes all of it but the folder, whose lock somebody holds.
  void remove();

  bool is_ended() const { return is_ended_; }
  const std::vector<Piece>& pieces() const { return pieces_; }
  // Where the next run begins: behind the last of the pieces.
  const std::optional<Border>& next() const { return next_; }
  int64_t frames() const;

 private:
  void write() const;
  void remove_strangers() const;

  std::string folder_;
  nlohmann::json identity_;
  std::vector<Piece> pieces_;
  std::vector<std::optional<Border>> borders_;  // behind each piece
  std::optional<Border> next_;
  bool is_ended_ = false;
};

}  // namespace colorize_film
