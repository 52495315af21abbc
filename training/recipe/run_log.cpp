#include "training/recipe/run_log.h"

#include <stdexcept>

namespace cgan {
namespace {

nlohmann::json to_json(const StepLosses& losses) {
  nlohmann::json json;
  for (const auto& [name, value] : kGeneratorReadings) json[name] = losses.*value;
  for (const auto& [name, value] : kDiscriminatorReadings) json[name] = losses.*value;
  return json;
}

}  // namespace

void LossMeans::add(const StepLosses& losses) {
  const auto values = to_json(losses);
  for (const auto& [key, value] : values.items())
    sums_[key] = sums_.value(key, 0.0) + value.get<double>();
  moved_ += losses.discriminator_moved;
  ++count_;
}

nlohmann::json LossMeans::take() {
  nlohmann::json means;
  for (const auto& [key, value] : sums_.items()) means[key] = value.get<double>() / count_;
  means["d_accuracy"] =
      (means["d_original"].get<double>() + means["d_generated"].get<double>()) / 2;
  const double found = means["d_original"].get<double>();
  const double taken = found + (1 - means["d_generated"].get<double>());
  means["d_recall"] = found;
  means["d_precision"] = found > 0 ? found / taken : 0;
  means["d_moved"] = static_cast<double>(moved_) / count_;
  sums_ = nlohmann::json::object();
  moved_ = count_ = 0;
  return means;
}

RunLog::RunLog(const std::string& path, int64_t steps_done) {
  std::string kept;
  if (steps_done > 0) {
    std::ifstream old(path);
    for (std::string line; std::getline(old, line);) {
      const auto json = nlohmann::json::parse(line, nullptr, false);
      if (!json.is_discarded() && json.value("step", int64_t{0}) <= steps_done) kept += line + "\n";
    }
  }
  file_.open(path, std::ios::trunc);
  if (!(file_ << kept << std::flush)) throw std::runtime_error("cannot write " + path);
}

void RunLog::write(const nlohmann::json& line) {
  file_ << line.dump() << std::endl;
}

}  // namespace cgan
