#include "plugin/colorizer/network/shared_generators.h"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace cgan {
namespace {

std::string key_of(const Weights& weights, const FrozenGenerator::Options& options) {
  std::string key = weights.header.architecture + '\n' + weights.header.options + '\n' +
                    options.device.str() + '\n' + std::to_string(static_cast<int>(options.type)) +
                    '\n' + std::to_string(options.variant);
  for (const auto& [name, tensor] : weights.tensors) {
    const std::string_view bytes(static_cast<const char*>(tensor.data_ptr()), tensor.nbytes());
    key += '\n' + name + ' ' + std::to_string(std::hash<std::string_view>()(bytes));
  }
  return key;
}

}  // namespace

std::shared_ptr<FrozenGenerator> shared_generator(
    const Weights& weights, const FrozenGenerator::Options& options,
    const std::function<std::unique_ptr<FrozenGenerator>()>& make) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<FrozenGenerator>> alive;
  const std::string key = key_of(weights, options);
  const std::lock_guard<std::mutex> lock(mutex);
  if (const auto found = alive.find(key); found != alive.end()) {
    if (auto generator = found->second.lock()) return generator;
    alive.erase(found);
  }
  std::shared_ptr<FrozenGenerator> generator = make();
  alive.emplace(key, generator);
  return generator;
}

}  // namespace cgan
