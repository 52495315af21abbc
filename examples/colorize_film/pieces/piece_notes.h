#pragma once

// The notes of a piece, in a file beside it.

#include <string>
#include <vector>

#include "examples/colorize_film/pieces/piece.h"
#include "examples/colorize_film/run_notes.h"

namespace colorize_film {

// The path of that file for a piece of this path.
std::string notes_path(const std::string& piece_path);

// CBOR, some 40 bytes a frame and 10 kB a picture. Throws RunError.
void write_notes(const std::string& piece_path, const RunNotes& notes);

// Those of all `pieces` in `folder`, in their order. Throws RunError where one is damaged.
RunNotes read_notes(const std::string& folder, const std::vector<Piece>& pieces);

}  // namespace colorize_film
