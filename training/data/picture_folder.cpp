#include "training/data/picture_folder.h"

#include <stb_image.h>
#include <stb_image_resize.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "training/data/packed_pictures.h"

namespace cgan {
namespace {

namespace fs = std::filesystem;

struct Found {
  fs::path path;
  std::string class_name;  ///< empty: none
};

bool is_picture(const fs::path& path) {
  auto ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char letter) { return std::tolower(letter); });
  return ending == ".jpg" || ending == ".jpeg" || ending == ".png" || ending == ".bmp";
}

std::vector<Found> find_pictures(const std::vector<std::string>& folders) {
  std::vector<Found> found;
  for (const fs::path folder : folders) {
    if (!fs::is_directory(folder))
      throw std::runtime_error("there is no folder " + folder.string() + " to take pictures from");
    const size_t before = found.size();
    constexpr auto kOptions = fs::directory_options::follow_directory_symlink;
    for (const auto& entry : fs::recursive_directory_iterator(folder, kOptions)) {
      if (!entry.is_regular_file() || !is_picture(entry.path())) continue;
      const auto inside = entry.path().lexically_relative(folder);
      const bool in_sub_folder = inside.has_parent_path();
      found.push_back({entry.path(), in_sub_folder ? inside.begin()->string() : ""});
    }
    if (found.size() == before)
      throw std::runtime_error("no .jpg, .png or .bmp picture in " + folder.string());
  }
  std::sort(found.begin(), found.end(),
            [](const Found& a, const Found& b) { return a.path < b.path; });
  return found;
}

/// FNV-1a over everything that decides the content of the pack.
class Key {
 public:
  template <class T>
  void add_number(T number) {
    add_bytes(&number, sizeof number);
  }
  void add_text(const std::string& text) { add_bytes(text.data(), text.size() + 1); }
  uint64_t value() const { return value_; }

 private:
  void add_bytes(const void* bytes, size_t count) {
    for (size_t i = 0; i < count; ++i)
      value_ = (value_ ^ static_cast<const unsigned char*>(bytes)[i]) * 0x100000001b3u;
  }
  uint64_t value_ = 0xcbf29ce484222325u;
};

uint64_t key_of(const std::vector<Found>& found, int64_t size) {
  constexpr int64_t kVersion = 2;  // of how pictures are scaled
  Key key;
  key.add_number(kVersion);
  key.add_number(size);
  for (const auto& picture : found) {
    key.add_text(picture.path.string());
    key.add_text(picture.class_name);
    key.add_number<uint64_t>(fs::file_size(picture.path));
    key.add_number<int64_t>(fs::last_write_time(picture.path).time_since_epoch().count());
  }
  return key.value();
}

/// Height and width after scaling; 0, 0 where the file is no picture.
PackEntry scaled_size(const fs::path& path, int64_t size) {
  int width, height, channels;
  if (!stbi_info(path.c_str(), &width, &height, &channels)) return {0, 0, -1};
  if (std::min(width, height) <= size) return {height, width, -1};
  const double factor = static_cast<double>(size) / std::min(width, height);
  return {std::max<int64_t>(size, std::lround(height * factor)),
          std::max<int64_t>(size, std::lround(width * factor)), -1};
}

bool decode(const fs::path& path, const PackEntry& wanted, uint8_t* to) {
  int width, height, channels;
  const std::unique_ptr<stbi_uc, void (*)(void*)> rgb(
      stbi_load(path.c_str(), &width, &height, &channels, 3), stbi_image_free);
  return rgb && stbir_resize_uint8_generic(
                    rgb.get(), width, height, 0, to, static_cast<int>(wanted.width),
                    static_cast<int>(wanted.height), 0, 3, STBIR_ALPHA_CHANNEL_NONE, 0,
                    STBIR_EDGE_CLAMP, STBIR_FILTER_BOX, STBIR_COLORSPACE_LINEAR, nullptr);
}

/// Calls work(i) for 0..count - 1 on all cores.
template <class Work>
void for_all(size_t count, const Work& work) {
  std::atomic<size_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto serve = [&] {
    try {
      for (size_t i; (i = next++) < count;) work(i);
    } catch (...) {
      std::lock_guard<std::mutex> lock(failure_mutex);
      failure = std::current_exception();
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) threads.emplace_back(serve);
  serve();
  for (auto& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
}

void write_pack(const std::string& path, uint64_t key, const std::vector<Found>& found,
                int64_t size) {
  std::set<std::string> names;
  bool all_have_class = true;
  for (const auto& picture : found) {
    names.insert(picture.class_name);
    all_have_class = all_have_class && !picture.class_name.empty();
  }
  if (!all_have_class) names.clear();
  const std::vector<std::string> class_names(names.begin(), names.end());

  std::vector<PackEntry> entries(found.size());
  for_all(found.size(), [&](size_t i) {
    entries[i] = scaled_size(found[i].path, size);
    if (!class_names.empty())
      entries[i].label =
          std::lower_bound(class_names.begin(), class_names.end(), found[i].class_name) -
          class_names.begin();
  });
  PackWriter writer(path, key, entries, class_names);
  std::atomic<size_t> decoded{0};
  for_all(found.size(), [&](size_t i) {
    const auto index = static_cast<int64_t>(i);
    if (entries[i].height > 0 && decode(found[i].path, entries[i], writer.pixels_of(index))) {
      ++decoded;
      return;
    }
    std::fprintf(stderr, "left out, not a picture that can be decoded: %s\n",
                 found[i].path.c_str());
    writer.leave_out(index);
  });
  if (decoded == 0) throw std::runtime_error("none of the pictures can be decoded");
  writer.finish();
}

}  // namespace

std::unique_ptr<Dataset> open_picture_folders(const std::vector<std::string>& folders, int64_t size,
                                              const std::string& cache) {
  const auto found = find_pictures(folders);
  const uint64_t key = key_of(found, size);
  std::string description = "pictures:";
  for (const fs::path folder : folders)
    description += " " + fs::absolute(folder).lexically_normal().filename().string();
  char name[32];
  std::snprintf(name, sizeof name, "%016llx.pack", static_cast<unsigned long long>(key));
  fs::create_directories(cache);
  const auto path = (fs::path(cache) / name).string();
  if (auto pack = open_pack(path, key, description)) return pack;
  write_pack(path, key, found, size);
  auto pack = open_pack(path, key, description);
  if (!pack) throw std::runtime_error("cannot read the pack that was just written, " + path);
  return pack;
}

std::string default_picture_cache() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache)
    return (fs::path(cache) / "cgancolorize").string();
  const char* home = std::getenv("HOME");
  return (fs::path(home ? home : ".") / ".cache" / "cgancolorize").string();
}

}  // namespace cgan
