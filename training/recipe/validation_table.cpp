#include "training/recipe/validation_table.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

namespace cgan {
namespace {

struct Column {
  const char* head;
  const char* key;
  double factor;
  int decimals;
};

/// Room for a number with sign and three decimals.
constexpr size_t kLeastWidth = 6;

/// What matters most stands first.
constexpr Column kColumns[] = {
    {"above grey, dB", "psnr_gain", 1, 2},
    {"worse than grey, %", "worse_than_grey", 100, 1},
    {"colour, %", "colourfulness_ratio", 100, 0},
    {"FID, % of grey's", "fid_ratio", 100, 1},
    {"recovery", "recovery_answer", 1, 2},
    {"error in a, b", "ab_distance", 1, 2},
    {"within 5 %", "accuracy_5", 1, 2},
    {"within 2 %", "accuracy_2", 1, 2},
    {"MAE", "mae", 1, 3},
    {"pictures", "pictures", 1, 0},
};

}  // namespace

void check_validation_sets(const std::vector<ValidationSet>& sets) {
  if (sets.empty()) throw std::invalid_argument("there are no pictures to be scored");
  std::set<std::string> names = {kTrainingName};
  for (const auto& set : sets) {
    if (set.name.empty() || set.name.front() == '.' || set.name.find('/') != std::string::npos)
      throw std::invalid_argument(
          "'" + set.name + "' is no name for pictures to be scored; give one by NAME=FOLDER");
    if (!names.insert(set.name).second)
      throw std::invalid_argument("two sets of pictures are called '" + set.name +
                                  "'; give another name by NAME=FOLDER");
  }
}

std::pair<std::string, std::string> named_folder(const std::string& text) {
  const auto equals = text.find('=');
  if (equals != std::string::npos && text.find('/') > equals)
    return {text.substr(0, equals), text.substr(equals + 1)};
  // An end of "/" or "/." has no name of its own.
  auto path = std::filesystem::absolute(text).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return {path.filename().string(), text};
}

std::string validation_table(const std::vector<std::pair<std::string, nlohmann::json>>& rows) {
  const auto right = [](const std::string& text, size_t width) {
    return "  " + std::string(width - std::min(width, text.size()), ' ') + text;
  };
  const auto width_of = [](const Column& column) {
    return std::max(kLeastWidth, std::string(column.head).size());
  };
  std::vector<Column> columns;
  std::copy_if(std::begin(kColumns), std::end(kColumns), std::back_inserter(columns),
               [&](const Column& column) {
                 return std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
                   return row.second.contains(column.key);
                 });
               });
  size_t names = 0;
  for (const auto& row : rows) names = std::max(names, row.first.size());
  std::string table(names + 2, ' ');
  for (const auto& column : columns) table += right(column.head, width_of(column));
  for (const auto& [name, scores] : rows) {
    table += "\n  " + name + std::string(names - name.size(), ' ');
    for (const auto& column : columns) {
      char number[32] = "-";
      if (scores.contains(column.key))
        std::snprintf(number, sizeof number, "%.*f", column.decimals,
                      column.factor * scores[column.key].get<double>());
      table += right(number, width_of(column));
    }
  }
  return table + "\n";
}

}  // namespace cgan
