#include "examples/colorize_film/pieces/piece_notes.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "examples/colorize_film/options.h"
#include "examples/colorize_film/pieces/durable_file.h"

namespace colorize_film {
namespace {

using nlohmann::json;

json to_json(const RunNotes& notes) {
  json frames = json::array();
  for (const FrameMeasure& one : notes.frames)
    frames.push_back(
        {one.time, one.length, one.cb, one.cr, one.flicker, one.is_kept, one.begins_shot});
  json pictures = json::array();
  for (const ShotPicture& one : notes.pictures)
    pictures.push_back(
        {one.time, json::binary(std::vector<uint8_t>(one.jpeg.begin(), one.jpeg.end()))});
  return {{"frames", std::move(frames)},
          {"pictures", std::move(pictures)},
          {"warnings", notes.warnings},
          {"seconds", notes.seconds}};
}

RunNotes notes_from(const json& json) {
  RunNotes notes;
  for (const auto& one : json.at("frames"))
    notes.frames.push_back(
        {one.at(0), one.at(1), one.at(2), one.at(3), one.at(4), one.at(5), one.at(6)});
  for (const auto& one : json.at("pictures")) {
    const auto& bytes = one.at(1).get_binary();
    notes.pictures.push_back({one.at(0), std::string(bytes.begin(), bytes.end())});
  }
  json.at("warnings").get_to(notes.warnings);
  json.at("seconds").get_to(notes.seconds);
  return notes;
}

}  // namespace

std::string notes_path(const std::string& piece_path) {
  return piece_path + ".notes";
}

void write_notes(const std::string& piece_path, const RunNotes& notes) {
  const std::vector<uint8_t> bytes = json::to_cbor(to_json(notes));
  write_durably(notes_path(piece_path), bytes.data(), bytes.size());
}

RunNotes read_notes(const std::string& folder, const std::vector<Piece>& pieces) {
  RunNotes notes;
  for (const Piece& piece : pieces) {
    const std::string path = notes_path(folder + "/" + piece.file);
    std::ifstream file(path, std::ios::binary);
    try {
      notes.append(notes_from(json::from_cbor(file)));
    } catch (const json::exception&) {
      throw RunError("'" + path + "' is damaged or not there: do without --report and --sheet.");
    }
  }
  return notes;
}

}  // namespace colorize_film
