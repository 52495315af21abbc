#include "training/data/cifar10.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace cgan {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSide = 32;
constexpr int64_t kPlane = kSide * kSide;
constexpr int64_t kPicture = 3 * kPlane;
constexpr int64_t kRecord = 1 + kPicture;

class Cifar10 : public Dataset {
 public:
  int64_t size() const override { return static_cast<int64_t>(labels_.size()); }
  PictureView picture(int64_t index) const override {
    return {pixels_.data() + index * kPicture, kSide, kSide};
  }
  int64_t label(int64_t index) const override { return labels_[index]; }
  const std::vector<std::string>& class_names() const override { return names_; }
  const std::string& description() const override { return description_; }

  void append(const fs::path& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file)
      throw std::runtime_error("cannot open the CIFAR-10 batch " + path.string() +
                               "; name a .bin file or a folder with data_batch_*.bin");
    const auto bytes = static_cast<int64_t>(file.tellg());
    if (bytes == 0 || bytes % kRecord != 0)
      throw std::runtime_error(path.string() + " has " + std::to_string(bytes) +
                               " bytes, which is not a whole number of CIFAR-10 records of 3073 "
                               "bytes; use the binary version of the data set and fetch it again");
    std::vector<uint8_t> raw(bytes);
    file.seekg(0);
    if (!file.read(reinterpret_cast<char*>(raw.data()), bytes))
      throw std::runtime_error("cannot read " + path.string() + " to its end");
    const int64_t count = bytes / kRecord;
    pixels_.reserve(pixels_.size() + count * kPicture);
    for (int64_t i = 0; i < count; ++i) {
      const uint8_t* record = raw.data() + i * kRecord;
      if (record[0] >= names_.size())
        throw std::runtime_error("record " + std::to_string(i) + " of " + path.string() +
                                 " has label " + std::to_string(record[0]) +
                                 "; CIFAR-10 has labels 0..9");
      labels_.push_back(record[0]);
      const uint8_t* planes = record + 1;
      for (int64_t p = 0; p < kPlane; ++p)
        for (int64_t c = 0; c < 3; ++c) pixels_.push_back(planes[c * kPlane + p]);
    }
    description_ += (description_.empty() ? "CIFAR-10: " : ", ") + path.filename().string();
  }

 private:
  std::vector<uint8_t> pixels_;
  std::vector<uint8_t> labels_;
  std::string description_;
  const std::vector<std::string> names_ = {"airplane", "automobile", "bird",  "cat",  "deer",
                                           "dog",      "frog",       "horse", "ship", "truck"};
};

std::vector<fs::path> batches_of(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (name.rfind("data_batch_", 0) == 0 && entry.path().extension() == ".bin")
      found.push_back(entry.path());
  }
  if (found.empty())
    throw std::runtime_error("no data_batch_*.bin in " + folder.string() +
                             "; name the folder of CIFAR-10's binary version");
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

std::unique_ptr<Dataset> read_cifar10(const std::vector<std::string>& paths) {
  auto data = std::make_unique<Cifar10>();
  for (const auto& path : paths) {
    if (fs::is_directory(path))
      for (const auto& batch : batches_of(path)) data->append(batch);
    else
      data->append(path);
  }
  if (data->size() == 0) throw std::runtime_error("no CIFAR-10 batch was named");
  return data;
}

}  // namespace cgan
