#include "training/metrics/score_table.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <stdexcept>

namespace cgan {
namespace {

using Json = nlohmann::ordered_json;

struct Meaning {
  const char* words;
  const char* unit;
  int digits = 3;
};

// Keys that are not here are printed by their own name.
const std::map<std::string, Meaning>& meanings() {
  static const std::map<std::string, Meaning> table = {
      {"mae", {"MAE, original's L", ""}},
      {"accuracy_2", {"accuracy at 2 %, original's L", "%"}},
      {"accuracy_5", {"accuracy at 5 %, original's L", "%"}},
      {"mae_own_l", {"MAE, network's own L", ""}},
      {"accuracy_2_own_l", {"accuracy at 2 %, network's own L", "%"}},
      {"accuracy_5_own_l", {"accuracy at 5 %, network's own L", "%"}},
      {"psnr", {"PSNR, mean of pictures", "dB"}},
      {"psnr_grey", {"PSNR of grey", "dB"}},
      {"psnr_gain", {"PSNR above grey's", "dB"}},
      {"psnr_own", {"PSNR, network's own RGB", "dB"}},
      {"psnr_pooled", {"PSNR, pooled error", "dB"}},
      {"psnr_pooled_grey", {"PSNR of grey, pooled error", "dB"}},
      {"psnr_gain_pooled", {"PSNR above grey's, pooled error", "dB"}},
      {"ciede2000", {"CIEDE2000", ""}},
      {"ciede2000_grey", {"CIEDE2000 of grey", ""}},
      {"chroma_distance", {"distance in a and b", ""}},
      {"chroma_distance_grey", {"distance in a and b of grey", ""}},
      {"colourfulness", {"colourfulness (signed)", ""}},
      {"colourfulness_original", {"colourfulness of the originals", ""}},
      {"colourfulness_ratio", {"colourfulness against the originals'", "x"}},
      {"cdc", {"CDC, lags 1, 2 and 4", "", 6}},
      {"cdc_original", {"CDC of the originals", "", 6}},
      {"cdc_grey", {"CDC of grey", "", 6}},
      {"static_flicker", {"static flicker", "codes"}},
      {"static_flicker_original", {"static flicker of the originals", "codes"}},
      {"static_flicker_ratio", {"static flicker against the originals'", "x"}},
      {"static_share", {"pixels that stand still", "of 1"}},
      {"spread", {"spread of mean chroma", ""}},
      {"spread_original", {"spread of the originals", ""}},
      {"spread_ratio", {"spread against the originals'", "x"}},
      {"worse_than_grey", {"pictures worse than grey by PSNR", "of 1"}},
      {"worse_than_grey_chroma", {"pictures worse than grey in a and b", "of 1"}},
      {"fid", {"FID", ""}},
      {"fid_grey", {"FID of grey", ""}},
      {"fid_own", {"FID, network's own RGB", ""}},
      {"fid_ratio", {"FID against grey's", "x"}},
      {"inception_score", {"inception score", ""}},
      {"inception_score_original", {"inception score of the originals", ""}},
      {"inception_score_grey", {"inception score of grey", ""}},
      {"precision", {"precision (k = 3)", "of 1"}},
      {"recall", {"recall (k = 3)", "of 1"}},
      {"recognised", {"class recognised", "%"}},
      {"recognised_original", {"class recognised in the originals", "%"}},
      {"recognised_grey", {"class recognised in grey", "%"}},
      {"recovery_top1", {"semantic recovery, top-1", "x"}},
      {"probability", {"probability of the class", "%"}},
      {"probability_original", {"probability in the originals", "%"}},
      {"probability_grey", {"probability in grey", "%"}},
      {"recovery_soft", {"semantic recovery, soft", "x"}},
      {"recovery_answer", {"semantic recovery of what is seen in the originals", "x"}},
      {"d_accuracy", {"discriminator: accuracy", "%"}},
      {"d_cross_entropy", {"discriminator: cross-entropy", ""}},
      {"d_precision", {"discriminator: precision", "of 1"}},
      {"d_recall", {"discriminator: recall", "of 1"}},
  };
  return table;
}

// Numbers that depend on the feature network say so beside themselves.
bool needs_features(const std::string& key) {
  for (const char* start :
       {"fid", "inception", "precision", "recall", "recognised", "probability", "recovery"})
    if (key.rfind(start, 0) == 0) return true;
  return false;
}

std::string padded(const std::string& text, size_t width) {
  return text.size() >= width ? text : text + std::string(width - text.size(), ' ');
}

std::string number(const std::string& key, const Json& value) {
  const auto known = meanings().find(key);
  const int digits = known == meanings().end() ? 3 : known->second.digits;
  char text[32];
  if (value.is_null())
    std::snprintf(text, sizeof text, "%10s", "-");
  else if (value.is_number_integer())
    std::snprintf(text, sizeof text, "%10lld", static_cast<long long>(value.get<int64_t>()));
  else
    std::snprintf(text, sizeof text, "%10.*f", digits, value.get<double>());
  return text;
}

// One row per member of `rows`, one column per key of its members.
std::string grid(const std::string& title, const Json& rows) {
  size_t width = 14;
  for (const auto& [name, row] : rows.items()) width = std::max(width, name.size());
  std::string text = "\n" + padded(title, width);
  const Json& first = rows.front();
  for (const auto& [key, value] : first.items())
    text += "  " + std::string(key.size() < 10 ? 10 - key.size() : 0, ' ') + key;
  text += "\n";
  for (const auto& [name, row] : rows.items()) {
    text += padded(name, width);
    for (const auto& [key, value] : row.items())
      text += "  " + std::string(key.size() > 10 ? key.size() - 10 : 0, ' ') + number(key, value);
    text += "\n";
  }
  return text;
}

}  // namespace

std::string score_table(const Json& scores) {
  std::string text, grids;
  for (const auto& [key, value] : scores.items()) {
    if (value.is_object() && !value.empty()) {
      grids += grid(key, value);
    } else if (value.is_string()) {
      text += padded(key, 40) + "  " + value.get<std::string>() + "\n";
    } else if (value.is_number()) {
      const auto known = meanings().find(key);
      text +=
          padded(known == meanings().end() ? key : known->second.words, 40) + number(key, value);
      if (known != meanings().end()) text += std::string(" ") + known->second.unit;
      if (needs_features(key) && scores.contains("features_network"))
        text += "  (features of " + scores["features_network"].get<std::string>() + ")";
      text += "\n";
    }
  }
  return text + grids;
}

void write_scores(const std::string& path, const Json& scores) {
  std::ofstream file(path);
  file << scores.dump(2) << "\n";
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path + ": check that its folder exists");
}

}  // namespace cgan
