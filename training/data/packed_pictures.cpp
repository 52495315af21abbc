#include "training/data/packed_pictures.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace cgan {
namespace {

constexpr char kMagic[8] = {'C', 'G', 'A', 'N', 'P', 'A', 'C', 'K'};

struct Header {
  char magic[8];
  uint64_t key, count, name_bytes;
};

struct Record {
  int64_t offset, height, width, label;
};

[[noreturn]] void fail(const std::string& what, const std::string& path) {
  throw std::runtime_error("cannot " + what + " " + path + ": " + std::strerror(errno) +
                           "; name another folder with --cache");
}

/// Owns a mapping of a whole file.
class Mapping {
 public:
  Mapping(uint8_t* bytes, size_t size) : bytes_(bytes), size_(size) {}
  ~Mapping() { munmap(bytes_, size_); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  const uint8_t* bytes() const { return bytes_; }
  size_t size() const { return size_; }

 private:
  uint8_t* bytes_;
  size_t size_;
};

class Pack : public Dataset {
 public:
  explicit Pack(std::unique_ptr<Mapping> mapping, const std::string& description)
      : mapping_(std::move(mapping)), description_(description) {}

  /// @return whether the file is a whole pack with this key and at least one picture
  bool read(uint64_t key) {
    Header header;
    if (mapping_->size() < sizeof header) return false;
    std::memcpy(&header, mapping_->bytes(), sizeof header);
    if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0 || header.key != key) return false;
    const size_t room = mapping_->size() - sizeof header;
    if (header.count > room / sizeof(Record) ||
        header.name_bytes > room - header.count * sizeof(Record))
      return false;
    for (uint64_t i = 0; i < header.count; ++i) {
      Record record;
      std::memcpy(&record, mapping_->bytes() + sizeof header + i * sizeof record, sizeof record);
      if (record.height == 0) continue;
      const auto size = static_cast<int64_t>(mapping_->size());
      if (record.height < 0 || record.width <= 0 || record.offset < 0 || record.offset > size ||
          record.height > (size - record.offset) / 3 / record.width)
        return false;
      records_.push_back(record);
    }
    const auto* name = reinterpret_cast<const char*>(mapping_->bytes()) + sizeof header +
                       header.count * sizeof(Record);
    const auto* end = name + header.name_bytes;
    while (name < end) {
      const auto* stop = static_cast<const char*>(std::memchr(name, '\n', end - name));
      if (!stop) return false;
      names_.emplace_back(name, stop);
      name = stop + 1;
    }
    return !records_.empty();
  }

  int64_t size() const override { return static_cast<int64_t>(records_.size()); }
  PictureView picture(int64_t index) const override {
    const auto& record = records_[index];
    return {mapping_->bytes() + record.offset, record.height, record.width};
  }
  int64_t label(int64_t index) const override { return records_[index].label; }
  const std::vector<std::string>& class_names() const override { return names_; }
  const std::string& description() const override { return description_; }

 private:
  std::unique_ptr<Mapping> mapping_;
  std::string description_;
  std::vector<Record> records_;
  std::vector<std::string> names_;
};

}  // namespace

PackWriter::PackWriter(const std::string& path, uint64_t key, std::vector<PackEntry> entries,
                       const std::vector<std::string>& class_names)
    : path_(path), temporary_(path + "." + std::to_string(getpid()) + ".part") {
  std::string names;
  for (const auto& name : class_names) names += name + "\n";
  Header header{{}, key, entries.size(), names.size()};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  size_ = sizeof header + entries.size() * sizeof(Record) + names.size();
  std::vector<Record> records;
  for (const auto& entry : entries) {
    records.push_back({static_cast<int64_t>(size_), entry.height, entry.width, entry.label});
    size_ += entry.height * entry.width * 3;
  }
  const int file = open(temporary_.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0644);
  if (file < 0) fail("write", temporary_);
  // Space is claimed at once: a full disk is an error here and not a fault while decoding.
  const int claimed = posix_fallocate(file, 0, static_cast<off_t>(size_));
  void* mapped = MAP_FAILED;
  if (claimed == 0) mapped = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (mapped == MAP_FAILED) {
    if (claimed != 0) errno = claimed;
    unlink(temporary_.c_str());
    fail("write", temporary_);
  }
  bytes_ = static_cast<uint8_t*>(mapped);
  std::memcpy(bytes_, &header, sizeof header);
  std::memcpy(bytes_ + sizeof header, records.data(), records.size() * sizeof(Record));
  std::memcpy(bytes_ + sizeof header + records.size() * sizeof(Record), names.data(), names.size());
}

PackWriter::~PackWriter() {
  if (!bytes_) return;
  munmap(bytes_, size_);
  unlink(temporary_.c_str());
}

uint8_t* PackWriter::pixels_of(int64_t index) {
  Record record;
  std::memcpy(&record, bytes_ + sizeof(Header) + index * sizeof record, sizeof record);
  return bytes_ + record.offset;
}

void PackWriter::leave_out(int64_t index) {
  const int64_t none[2] = {0, 0};
  std::memcpy(bytes_ + sizeof(Header) + index * sizeof(Record) + offsetof(Record, height), none,
              sizeof none);
}

void PackWriter::finish() {
  const bool written = msync(bytes_, size_, MS_SYNC) == 0;
  munmap(bytes_, size_);
  bytes_ = nullptr;
  if (!written || rename(temporary_.c_str(), path_.c_str()) != 0) {
    unlink(temporary_.c_str());
    fail("write", path_);
  }
}

std::unique_ptr<Dataset> open_pack(const std::string& path, uint64_t key,
                                   const std::string& description) {
  const int file = open(path.c_str(), O_RDONLY);
  if (file < 0) return nullptr;
  struct stat status;
  void* mapped = MAP_FAILED;
  if (fstat(file, &status) == 0 && status.st_size > 0)
    mapped = mmap(nullptr, status.st_size, PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (mapped == MAP_FAILED) return nullptr;
  auto pack = std::make_unique<Pack>(
      std::make_unique<Mapping>(static_cast<uint8_t*>(mapped), status.st_size), description);
  if (!pack->read(key)) return nullptr;
  return pack;
}

}  // namespace cgan
