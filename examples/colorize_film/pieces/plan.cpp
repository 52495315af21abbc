#include "examples/colorize_film/pieces/plan.h"

#include <glib/gstdio.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "examples/colorize_film/film_job.h"
#include "examples/colorize_film/pieces/durable_file.h"
#include "examples/colorize_film/pieces/journal.h"
#include "examples/colorize_film/pieces/piece_notes.h"
#include "examples/colorize_film/pieces/piece_writer.h"
#include "examples/colorize_film/pieces/resumable_job.h"

namespace colorize_film {
namespace {

using nlohmann::json;

constexpr int kFormat = 2;
// A machine needs about as long for starting as for a few seconds of film.
constexpr double kShortestPiece = 20;  // seconds
// A piece that is long enough waits so long for a cut, then the shot is divided.
constexpr GstClockTime kPatience = 10 * GST_SECOND;
// Later frames that have a say in what is known at the end of a piece: the element's longest
// lookahead and the frames within which a cut may turn out to be none.
constexpr int kFramesBehind = 12 + static_cast<int>(kShotFrames);
// Whose ending chooses the encoder, where none is named.
constexpr char kPieceContainer[] = ".mkv";

// Where a piece begins.
struct Begin {
  Border border;
  bool is_in_shot;  // its state is what the piece before leaves behind
};

struct Plan {
  json identity;
  Options options;
  std::vector<Begin> pieces;
  uint32_t checksum = 0;  // of all of it: pieces of another one do not count

  GstClockTime end_of(size_t piece) const {
    return piece + 1 < pieces.size() ? pieces[piece + 1].border.time : GST_CLOCK_TIME_NONE;
  }
  bool ends_in_shot(size_t piece) const {
    return piece + 1 < pieces.size() && pieces[piece + 1].is_in_shot;
  }
};

// Finds where pieces can begin.
class PieceFinder : public FrameTaker {
 public:
  explicit PieceFinder(GstClockTime shortest) : shortest_(shortest) {}

  void take(const ColouredFrame& frame) override {
    ++frames_;
    if (pieces_.empty()) return add(frame, false);
    if (frame.changes_shot) return take_cut(frame);
    if (frame.time >= pieces_.back().border.time + shortest_ + kPatience) add(frame, true);
  }
  void end() override {}

  std::vector<Begin> take_pieces() { return std::move(pieces_); }

 private:
  void take_cut(const ColouredFrame& frame) {
    // What looked like a cut may have been a flash.
    if (pieces_.size() > 1 && frames_ - found_at_ <= kShotFrames) pieces_.pop_back();
    const auto chain = std::find_if(pieces_.rbegin(), pieces_.rend(),
                                    [](const Begin& piece) { return !piece.is_in_shot; });
    if (!frame.state || frame.time < chain->border.time + shortest_) return;
    // The shot ends so soon that it needed no division there.
    if (pieces_.back().is_in_shot && frame.time < pieces_.back().border.time + kPatience)
      pieces_.pop_back();
    add(frame, false);
  }

  void add(const ColouredFrame& frame, bool is_in_shot) {
    // Of the first frame of the film there is nothing to know.
    const State state = is_in_shot || pieces_.empty() ? nullptr : frame.state;
    pieces_.push_back({{frame.time, luma_checksum(frame.buffer, frame.caps), state}, is_in_shot});
    found_at_ = frames_;
  }

  const GstClockTime shortest_;
  int64_t frames_ = 0, found_at_ = 0;
  std::vector<Begin> pieces_;
};

// All frames into one piece.
class OnePiece : public FrameTaker {
 public:
  // `piece` is set when it is whole, with the notes of `log` beside it.
  OnePiece(PieceWriter::MakeEncoder make_encoder, std::string folder, std::string file,
           ShotLog& log, std::optional<Piece>& piece)
      : make_encoder_(std::move(make_encoder)),
        folder_(std::move(folder)),
        file_(std::move(file)),
        log_(log),
        piece_(piece) {}

  // Of the frames from `border` up to `end`; what is known there is written if the shot goes on.
  void follow(FrameTap& tap, const Border& border, GstClockTime end, bool ends_in_shot) {
    tap_ = &tap;
    begin_ = border.state ? border.time : 0;
    end_ = end;
    if (border.state) tap.enter(border);
    tap.leave(end, ends_in_shot ? kFramesBehind : 0);
  }

  void take(const ColouredFrame& frame) override {
    if (frame.time >= end_) return keep_state(frame);
    if (!writer_)
      writer_ = std::make_unique<PieceWriter>(make_encoder_, frame.caps, folder_, file_);
    writer_->write(frame.buffer, frame.time);
  }
  void end() override {
    if (!writer_) return;
    Piece piece = writer_->finish();
    piece.damage = tap_->damage(begin_, end_);
    write_notes(folder_ + "/" + file_, log_.take_before(end_));
    piece_ = piece;
  }

 private:
  void keep_state(const ColouredFrame& frame) {
    if (!frame.state || std::exchange(has_state_, true)) return;
    gsize size = 0;
    const gconstpointer bytes = g_bytes_get_data(frame.state.get(), &size);
    write_durably(state_path(folder_ + "/" + file_), bytes, size);
  }

  const PieceWriter::MakeEncoder make_encoder_;
  const std::string folder_, file_;
  ShotLog& log_;
  FrameTap* tap_ = nullptr;
  GstClockTime begin_ = 0, end_ = GST_CLOCK_TIME_NONE;
  bool has_state_ = false;
  std::unique_ptr<PieceWriter> writer_;
  std::optional<Piece>& piece_;
};

std::string absolute(const std::string& path) {
  g_autofree char* whole = g_canonicalize_filename(path.c_str(), nullptr);
  return whole;
}

// A copy of the film on another machine has another time.
json identity_of_copy(const Options& options) {
  json identity = identity_of(options);
  identity["film"].erase("changed");
  return identity;
}

template <typename Value>
json from_optional(const std::optional<Value>& value) {
  return value ? json(*value) : json();
}

json to_json(const Options& options) {
  json settings = json::array();
  for (const auto& [property, value] : options.settings) settings.push_back({property, value});
  return {{"film", options.input},
          {"set", std::move(settings)},
          {"preset", from_optional(options.preset)},
          {"codec", from_optional(options.codec)},
          {"quality", from_optional(options.quality)},
          {"chroma", from_optional(options.chroma)},
          {"allow-conversion", options.allow_conversion},
          {"encoder", from_optional(options.encoder)},
          {"deinterlace", options.deinterlace},
          {"start", options.start_s},
          {"duration", from_optional(options.duration_s)}};
}

template <typename Value>
std::optional<Value> optional_from(const json& value) {
  return value.is_null() ? std::nullopt : std::optional<Value>(value.get<Value>());
}

Options options_from(const json& json, const Options& told) {
  Options options = told;
  json.at("film").get_to(options.input);
  json.at("set").get_to(options.settings);
  options.preset = optional_from<std::string>(json.at("preset"));
  options.codec = optional_from<std::string>(json.at("codec"));
  options.quality = optional_from<int>(json.at("quality"));
  options.chroma = optional_from<int>(json.at("chroma"));
  json.at("allow-conversion").get_to(options.allow_conversion);
  options.encoder = optional_from<std::string>(json.at("encoder"));
  json.at("deinterlace").get_to(options.deinterlace);
  json.at("start").get_to(options.start_s);
  options.duration_s = optional_from<double>(json.at("duration"));
  return options;
}

json to_json(const Begin& piece) {
  const Border& border = piece.border;
  json line = to_json(border);
  line["in-shot"] = piece.is_in_shot;
  line["state"] = nullptr;
  if (!border.state) return line;
  gsize size = 0;
  const auto* bytes = static_cast<const guchar*>(g_bytes_get_data(border.state.get(), &size));
  g_autofree char* text = g_base64_encode(bytes, size);
  line["state"] = text;
  return line;
}

Begin begin_from(const json& line) {
  Begin piece = {border_from(line), line.at("in-shot").get<bool>()};
  if (line.at("state").is_null()) return piece;
  gsize size = 0;
  guchar* bytes = g_base64_decode(line.at("state").get_ref<const std::string&>().c_str(), &size);
  piece.border.state = State(g_bytes_new_take(bytes, size), g_bytes_unref);
  return piece;
}

Plan read_plan(const Options& told) {
  const std::optional<json> text = read_json(told.plan);
  if (!text) throw RunError("There is no plan '" + told.plan + "': make it with --plan.");
  Plan plan;
  try {
    if (text->at("format") != kFormat)
      throw RunError("'" + told.plan + "' is of another version of this program: make it anew.");
    plan.identity = text->at("identity");
    plan.checksum = checksum_of_file(told.plan);
    plan.options = options_from(text->at("options"), told);
    for (const json& line : text->at("pieces")) plan.pieces.push_back(begin_from(line));
  } catch (const json::exception&) {
    throw RunError("'" + told.plan + "' is no plan: make one with --plan.");
  }
  const std::string what = difference(plan.identity, [&] {
    Options settings = plan.options;
    settings.output = told.plan + kPieceContainer;
    return identity_of_copy(settings);
  }());
  if (!what.empty())
    throw RunError("'" + told.plan + "' does not fit: " + what + "; make it anew.");
  return plan;
}

std::string folder_of(const std::string& plan) {
  return plan + ".pieces";
}

// What is known of a piece of the plan once it is whole; nothing before.
std::optional<Piece> read_piece(const Plan& plan, const std::string& folder, size_t number) {
  const std::string path = folder + "/" + piece_name(number);
  const std::optional<json> line = read_json(path + ".json");
  if (!line) return std::nullopt;
  GStatBuf status = {};
  try {
    const Piece piece = piece_from(*line);
    const bool is_whole = line->at("plan") == plan.checksum && g_stat(path.c_str(), &status) == 0 &&
                          static_cast<uint64_t>(status.st_size) == piece.bytes;
    return is_whole ? std::optional<Piece>(piece) : std::nullopt;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

// Where a piece begins, with its state.
Border border_of(const Plan& plan, const std::string& folder, size_t number) {
  Border border = plan.pieces[number].border;
  if (!plan.pieces[number].is_in_shot) return border;
  if (!read_piece(plan, folder, number - 1))
    throw RunError("Piece " + std::to_string(number) +
                       " begins within a shot: it can be made once piece " +
                       std::to_string(number - 1) + " is there.",
                   kTryLater);
  border.state = read_state(state_path(folder + "/" + piece_name(number - 1)));
  return border;
}

std::string said(const std::string& what, int64_t frames) {
  return what + ": " + std::to_string(frames) + " frames";
}

}  // namespace

std::string make_plan(const Options& told) {
  Options options = told;
  options.input = absolute(told.input);
  options.output = told.plan + kPieceContainer;
  const json identity = identity_of_copy(options);
  const double shortest = options.pieces_s.value_or(kShortestPiece);
  PieceFinder finder(static_cast<GstClockTime>(shortest * static_cast<double>(GST_SECOND)));
  Options quick = options;
  quick.settings.emplace_back("shots-only", "true");
  FilmJob job(quick, ColourRoute{finder, [](FrameTap&) {}, nullptr, 0,
                                 "Interrupted: no plan was written."});
  job.run();
  json pieces = json::array();
  for (const Begin& piece : finder.take_pieces()) pieces.push_back(to_json(piece));
  const json plan = {{"format", kFormat},
                     {"identity", identity},
                     {"options", to_json(options)},
                     {"pieces", pieces}};
  write_durably(told.plan, plan.dump(1) + "\n");
  return said(told.plan + ": " + std::to_string(pieces.size()) + " pieces", job.frames());
}

std::string colour_piece(const Options& told) {
  const Plan plan = read_plan(told);
  if (told.piece >= plan.pieces.size())
    throw RunError(
        "'" + told.plan + "' has pieces 0 to " + std::to_string(plan.pieces.size() - 1) + " only.",
        kUsage);
  const std::string folder = folder_of(told.plan);
  const std::string name = piece_name(told.piece);
  if (const auto piece = read_piece(plan, folder, told.piece))
    return said(folder + "/" + name + " is there already", piece->frames);
  make_folder(folder);
  Options options = plan.options;
  options.output = told.plan + kPieceContainer;
  const Border border = border_of(plan, folder, told.piece);
  std::optional<Piece> piece;
  colour_from(options, border.time, "Interrupted: this piece was not written.", [&] {
    auto log = std::make_unique<ShotLog>();
    auto one = std::make_unique<OnePiece>(encoders_of(options), folder, name, *log, piece);
    const auto prepare = [&, own = one.get()](FrameTap& tap) {
      own->follow(tap, border, plan.end_of(told.piece), plan.ends_in_shot(told.piece));
    };
    return Taking{std::move(log), std::move(one), prepare};
  });
  if (!piece) throw RunError("The piece has no frames: make the plan anew.");
  json line = to_json(*piece);
  line["plan"] = plan.checksum;
  write_durably(folder + "/" + name + ".json", line.dump() + "\n");
  return said(folder + "/" + name, piece->frames);
}

std::string join_plan(const Options& told) {
  const Plan plan = read_plan(told);
  const std::string folder = folder_of(told.plan);
  std::vector<Piece> pieces;
  int64_t frames = 0;
  for (size_t number = 0; number < plan.pieces.size(); ++number) {
    const std::optional<Piece> piece = read_piece(plan, folder, number);
    if (!piece)
      throw RunError("Piece " + std::to_string(number) + " is not there: run --piece " + told.plan +
                     " " + std::to_string(number) + " first.");
    frames += piece->frames;
    pieces.push_back(*piece);
  }
  Options options = plan.options;
  options.output = told.output;
  FilmJob job(options, JoinRoute{folder, pieces, "Interrupted: nothing was written."});
  job.run();
  if (job.frames() != frames)
    throw RunError("GStreamer lost frames when it joined the pieces: please report it.");
  return said(told.output, frames);
}

}  // namespace colorize_film
