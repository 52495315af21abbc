#include "examples/colorize_film/pieces/journal.h"

#include <glib/gstdio.h>
#include <gst/gst.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <utility>

#include "examples/colorize_film/pieces/durable_file.h"
#include "examples/colorize_film/pieces/piece_notes.h"

namespace colorize_film {
namespace {

using nlohmann::json;

constexpr char kJournal[] = "journal.json";
constexpr char kPiece[] = "piece-";  // begins the names of all other files
constexpr int kFormat = 3;

// First and last MiB, by which a film is known without reading all of it.
uint32_t checksum_of_ends(const std::string& path, uint64_t size) {
  constexpr uint64_t kEnd = 1U << 20;
  std::ifstream file(path, std::ios::binary);
  std::string block(std::min(size, kEnd), '\0');
  file.read(block.data(), static_cast<std::streamsize>(block.size()));
  uint32_t sum = checksum_of(block.data(), block.size());
  if (size > kEnd) {
    file.seekg(-static_cast<std::streamoff>(kEnd), std::ios::end);
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    sum = checksum_of(block.data(), block.size(), sum);
  }
  if (!file) throw RunError(write_failure(path, EIO));
  return sum;
}

json source_of(const std::string& path) {
  GStatBuf status = {};
  if (g_stat(path.c_str(), &status) != 0) throw RunError(write_failure(path, errno));
  const auto size = static_cast<uint64_t>(status.st_size);
  return {{"size", size},
          {"changed", static_cast<int64_t>(status.st_mtime)},
          {"ends", checksum_of_ends(path, size)}};
}

// Weights of the user's own; those of the element go with its version.
json weights_of(const Options& options) {
  for (const auto& [property, value] : options.settings)
    if (property == "model" && g_file_test(value.c_str(), G_FILE_TEST_IS_REGULAR))
      return checksum_of_file(value);
  return nullptr;
}

std::string version_of_element() {
  g_autoptr(GstPlugin) plugin = gst_registry_find_plugin(gst_registry_get(), "cgancolorize");
  return plugin ? gst_plugin_get_version(plugin) : "";
}

}  // namespace

json identity_of(const Options& options) {
  json settings = json::array();
  for (const auto& [property, value] : options.settings) settings.push_back({property, value});
  return {
      {"film", source_of(options.input)},
      {"--set", std::move(settings)},
      {"--preset", options.preset.value_or("")},
      {"--codec", options.codec.value_or("")},
      {"--quality", options.quality.value_or(-1)},
      {"--chroma", options.chroma.value_or(-1)},
      {"--allow-conversion", options.allow_conversion},
      {"--encoder", options.encoder.value_or("")},
      {"--deinterlace", options.deinterlace},
      {"--start", options.start_s},
      {"--duration", options.duration_s.value_or(-1)},
      {"weights", weights_of(options)},
      {"version of cgancolorize", version_of_element()},
  };
}

std::string difference(const json& journal, const json& now) {
  for (const auto& [name, value] : now.items())
    if (!journal.is_object() || !journal.contains(name) || journal.at(name) != value)
      return name == "film" ? "the film has changed since" : name + " was another then";
  return {};
}

std::string piece_name(size_t number) {
  g_autofree char* name = g_strdup_printf("%s%06zu.gdp", kPiece, number);
  return name;
}

std::string state_path(const std::string& piece_path) {
  return piece_path + ".state";
}

json to_json(const Piece& piece) {
  return {{"begin", piece.begin},           {"last", piece.last},
          {"frames", piece.frames},         {"lost", piece.damage.frames},
          {"damaged", piece.damage.places}, {"bytes", piece.bytes},
          {"checksum", piece.checksum},     {"file", piece.file}};
}

Piece piece_from(const json& json) {
  Piece piece;
  json.at("begin").get_to(piece.begin);
  json.at("last").get_to(piece.last);
  json.at("frames").get_to(piece.frames);
  json.at("lost").get_to(piece.damage.frames);
  json.at("damaged").get_to(piece.damage.places);
  json.at("bytes").get_to(piece.bytes);
  json.at("checksum").get_to(piece.checksum);
  json.at("file").get_to(piece.file);
  return piece;
}

json to_json(const Border& border) {
  return {{"time", border.time}, {"luma", border.luma}};
}

Border border_from(const json& json) {
  Border border;
  json.at("time").get_to(border.time);
  json.at("luma").get_to(border.luma);
  return border;
}

std::optional<json> read_json(const std::string& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  try {
    return json::parse(file);
  } catch (const json::exception&) {
    throw RunError("'" + path + "' is damaged: remove it and begin anew.");
  }
}

State read_state(const std::string& path) {
  char* bytes = nullptr;
  gsize size = 0;
  g_autoptr(GError) error = nullptr;
  if (!g_file_get_contents(path.c_str(), &bytes, &size, &error))
    throw RunError("'" + path + "' cannot be read: " + error->message + ".");
  return State(g_bytes_new_take(bytes, size), g_bytes_unref);
}

Journal::Journal(const std::string& output) : folder_(output + ".pieces") {}

bool Journal::exists() const {
  return g_file_test(path(kJournal).c_str(), G_FILE_TEST_EXISTS);
}

void Journal::begin(const json& identity) {
  remove();
  make_folder(folder_);
  identity_ = identity;
  write();
}

void Journal::resume(const json& identity) {
  const json journal = read_json(path(kJournal)).value_or(json::object());
  const std::string remedy = ": run it as it was run then, or begin anew with --force.";
  const std::string sentence = "'" + folder_ + "' holds pieces of an earlier run, but ";
  if (journal.value("format", 0) != kFormat)
    throw RunError(sentence + "of another version of this program" + remedy);
  identity_ = journal.value("identity", json::object());
  if (const std::string what = difference(identity_, identity); !what.empty())
    throw RunError(sentence + what + remedy);
  try {
    is_ended_ = journal.at("ended").get<bool>();
    for (const json& line : journal.at("pieces")) {
      const Piece piece = piece_from(line);
      GStatBuf status = {};
      if (g_stat(path(piece.file).c_str(), &status) != 0 ||
          static_cast<uint64_t>(status.st_size) != piece.bytes) {
        is_ended_ = false;
        break;
      }
      pieces_.push_back(piece);
      borders_.emplace_back();
      if (!line.at("next").is_null()) borders_.back() = border_from(line.at("next"));
    }
  } catch (const json::exception&) {
    throw RunError(sentence + "its journal is damaged" + remedy);
  }
  // Back to where a run can begin.
  while (!is_ended_ && !pieces_.empty()) {
    const std::string state = state_path(path(pieces_.back().file));
    if (borders_.back() && g_file_test(state.c_str(), G_FILE_TEST_EXISTS)) {
      next_ = borders_.back();
      next_->state = read_state(state);
      break;
    }
    pieces_.pop_back();
    borders_.pop_back();
  }
  remove_strangers();
}

void Journal::add(const Piece& piece, const std::optional<Border>& next) {
  if (next) {
    gsize size = 0;
    const gconstpointer bytes = g_bytes_get_data(next->state.get(), &size);
    write_durably(state_path(path(piece.file)), bytes, size);
  }
  pieces_.push_back(piece);
  borders_.push_back(next);
  if (next) {
    borders_.back()->state = nullptr;  // it is on the disk
    next_ = next;
  }
  write();
  // States are large, and one is enough; the last but one stays in case this one gets lost.
  constexpr size_t kKeptStates = 2;
  size_t kept = 0;
  for (size_t i = pieces_.size(); i-- > 0;)
    if (borders_[i] && ++kept > kKeptStates) {
      if (g_unlink(state_path(path(pieces_[i].file)).c_str()) != 0) break;
    }
}

void Journal::end() {
  is_ended_ = true;
  write();
}

void Journal::write() const {
  json lines = json::array();
  for (size_t i = 0; i < pieces_.size(); ++i) {
    lines.push_back(to_json(pieces_[i]));
    lines.back()["next"] = borders_[i] ? to_json(*borders_[i]) : json();
  }
  const json journal = {
      {"format", kFormat}, {"identity", identity_}, {"ended", is_ended_}, {"pieces", lines}};
  write_durably(path(kJournal), journal.dump(1) + "\n");
}

// What killed runs have left.
void Journal::remove_strangers() const {
  std::vector<std::string> known = {kJournal};
  for (const Piece& piece : pieces_) {
    known.push_back(piece.file);
    known.push_back(state_path(piece.file));
    known.push_back(notes_path(piece.file));
  }
  GDir* folder = g_dir_open(folder_.c_str(), 0, nullptr);
  if (!folder) return;
  while (const char* name = g_dir_read_name(folder)) {
    const bool is_ours = g_str_has_prefix(name, kPiece) || g_str_has_prefix(name, kJournal);
    if (is_ours && std::find(known.begin(), known.end(), name) == known.end())
      g_unlink(path(name).c_str());
  }
  g_dir_close(folder);
}

void Journal::remove() {
  pieces_.clear();
  borders_.clear();
  next_.reset();
  is_ended_ = false;
  // The journal last: without it nobody would know whose the rest is.
  remove_strangers();
  g_unlink(path(kJournal).c_str());
}

int64_t Journal::frames() const {
  int64_t frames = 0;
  for (const Piece& piece : pieces_) frames += piece.frames;
  return frames;
}

}  // namespace colorize_film
