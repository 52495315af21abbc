#include "examples/colorize_film/pieces/plan.h"

#include <glib/gstdio.h>

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

constexpr int kFormat = 1;
// A machine needs about as long for starting as for a few seconds of film.
constexpr double kShortestPiece = 20;  // seconds
// Whose ending chooses the encoder, where none is named.
constexpr char kPieceContainer[] = ".mkv";

struct Plan {
  json identity;
  Options options;
  std::vector<Border> borders;  // where each piece begins
  uint32_t checksum = 0;        // of all of it: pieces of another one do not count

  GstClockTime end_of(size_t piece) const {
    return piece + 1 < borders.size() ? borders[piece + 1].time : GST_CLOCK_TIME_NONE;
  }
};

// Notes the shots that are far enough apart to be pieces.
class ShotFinder : public FrameTaker {
 public:
  explicit ShotFinder(GstClockTime shortest) : shortest_(shortest) {}

  void take(const ColouredFrame& frame) override {
    ++frames_;
    if (borders_.empty()) return add(frame, nullptr);
    if (!frame.changes_shot) return;
    // What looked like a cut may have been a flash.
    if (borders_.size() > 1 && frames_ - found_at_ <= kShotFrames) borders_.pop_back();
    if (frame.state && frame.time >= borders_.back().time + shortest_) add(frame, frame.state);
  }
  void end() override {}

  std::vector<Border> take_borders() { return std::move(borders_); }

 private:
  void add(const ColouredFrame& frame, const State& state) {
    borders_.push_back({frame.time, luma_checksum(frame.buffer, frame.caps), state});
    found_at_ = frames_;
  }

  const GstClockTime shortest_;
  int64_t frames_ = 0, found_at_ = 0;
  std::vector<Border> borders_;
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

  // Of the frames from `border` up to `end`.
  void follow(FrameTap& tap, const Border& border, GstClockTime end) {
    tap_ = &tap;
    begin_ = border.time;
    end_ = end;
    if (border.state) tap.enter(border);
    tap.leave(end);
  }

  void take(const ColouredFrame& frame) override {
    if (!writer_)
      writer_ = std::make_unique<PieceWriter>(make_encoder_, frame.caps, folder_, file_);
    writer_->write(frame.buffer, frame.time);
  }
  void end() override {
    if (!writer_) return;
    Piece piece = writer_->finish();
    piece.damage = tap_->damage(begin_, end_);
    write_notes(folder_ + "/" + file_, log_.take_before(GST_CLOCK_TIME_NONE));
    piece_ = piece;
  }

 private:
  const PieceWriter::MakeEncoder make_encoder_;
  const std::string folder_, file_;
  ShotLog& log_;
  FrameTap* tap_ = nullptr;
  GstClockTime begin_ = 0, end_ = GST_CLOCK_TIME_NONE;
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

json to_json_with_state(const Border& border) {
  json line = to_json(border);
  line["state"] = nullptr;
  if (!border.state) return line;
  gsize size = 0;
  const auto* bytes = static_cast<const guchar*>(g_bytes_get_data(border.state.get(), &size));
  g_autofree char* text = g_base64_encode(bytes, size);
  line["state"] = text;
  return line;
}

Border border_with_state(const json& line) {
  Border border = border_from(line);
  if (line.at("state").is_null()) return border;
  gsize size = 0;
  guchar* bytes = g_base64_decode(line.at("state").get_ref<const std::string&>().c_str(), &size);
  border.state = State(g_bytes_new_take(bytes, size), g_bytes_unref);
  return border;
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
    for (const json& line : text->at("pieces")) plan.borders.push_back(border_with_state(line));
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
  ShotFinder finder(static_cast<GstClockTime>(shortest * static_cast<double>(GST_SECOND)));
  Options quick = options;
  quick.settings.emplace_back("shots-only", "true");
  FilmJob job(quick, ColourRoute{finder, [](FrameTap&) {}, nullptr, 0,
                                 "Interrupted: no plan was written."});
  job.run();
  json pieces = json::array();
  for (const Border& border : finder.take_borders()) pieces.push_back(to_json_with_state(border));
  const json plan = {{"format", kFormat},
                     {"identity", identity},
                     {"options", to_json(options)},
                     {"pieces", pieces}};
  write_durably(told.plan, plan.dump(1) + "\n");
  return said(told.plan + ": " + std::to_string(pieces.size()) + " pieces", job.frames());
}

std::string colour_piece(const Options& told) {
  const Plan plan = read_plan(told);
  if (told.piece >= plan.borders.size())
    throw RunError(
        "'" + told.plan + "' has pieces 0 to " + std::to_string(plan.borders.size() - 1) + " only.",
        kUsage);
  const std::string folder = folder_of(told.plan);
  const std::string name = piece_name(told.piece);
  if (const auto piece = read_piece(plan, folder, told.piece))
    return said(folder + "/" + name + " is there already", piece->frames);
  make_folder(folder);
  Options options = plan.options;
  options.output = told.plan + kPieceContainer;
  const Border& border = plan.borders[told.piece];
  std::optional<Piece> piece;
  colour_from(options, border.time, "Interrupted: this piece was not written.", [&] {
    auto log = std::make_unique<ShotLog>();
    auto one = std::make_unique<OnePiece>(encoders_of(options), folder, name, *log, piece);
    const auto prepare = [&, own = one.get()](FrameTap& tap) {
      own->follow(tap, told.piece == 0 ? Border() : border, plan.end_of(told.piece));
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
  for (size_t number = 0; number < plan.borders.size(); ++number) {
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
