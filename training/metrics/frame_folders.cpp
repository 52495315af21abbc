#include "training/metrics/frame_folders.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>

#include "training/metrics/picture_files.h"

namespace cgan {
namespace {

namespace fs = std::filesystem;

constexpr size_t kNamedAtMost = 5;

Clip read_clip(const std::string& name, const std::string& folder) {
  Clip clip{name, folder, {}};
  for (const auto& [frame, path] : pictures_by_name(folder)) clip.frames.push_back({frame, path});
  std::stable_sort(clip.frames.begin(), clip.frames.end(),
                   [](const auto& a, const auto& b) { return a.name.size() < b.name.size(); });
  return clip;
}

// "a, b and 7 more"
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), kNamedAtMost); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kNamedAtMost)
    text += " and " + std::to_string(names.size() - kNamedAtMost) + " more";
  return text;
}

template <class Named>
std::vector<std::string> missing(const std::vector<Named>& wanted,
                                 const std::vector<Named>& there) {
  std::set<std::string> names;
  for (const auto& one : there) names.insert(one.name);
  std::vector<std::string> result;
  for (const auto& one : wanted)
    if (names.count(one.name) == 0) result.push_back(one.name);
  return result;
}

void check_frames_of(const Clip& wanted, const Clip& there) {
  const auto frames = missing(wanted.frames, there.frames);
  if (!frames.empty())
    throw std::runtime_error(there.folder + " lacks " + std::to_string(frames.size()) + " of the " +
                             std::to_string(wanted.frames.size()) + " frames of " + wanted.folder +
                             " (" + listed(frames) + "); both need the same frames by name");
}

void check_clips_of(const std::vector<Clip>& wanted, const std::vector<Clip>& there) {
  const auto clips = missing(wanted, there);
  if (!clips.empty())
    throw std::runtime_error("beside " + there.front().folder + " the clips of " +
                             wanted.front().folder + " and its neighbours are missing: " +
                             listed(clips) + "; both sides need the same clips by name");
}

}  // namespace

std::vector<Clip> find_clips(const std::string& folder) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) throw std::runtime_error("cannot read the folder " + folder + ": " + error.message());
  std::set<fs::path> sub_folders;
  bool has_files = false;
  for (const auto& entry : entries) {
    if (entry.is_directory())
      sub_folders.insert(entry.path());
    else
      has_files = true;
  }
  if (sub_folders.empty()) return {read_clip("clip", folder)};
  if (has_files)
    throw std::runtime_error(folder + " holds files beside its sub-folders; move them into a " +
                             "sub-folder of their own");
  std::vector<Clip> clips;
  for (const auto& path : sub_folders)
    clips.push_back(read_clip(path.filename().string(), path.string()));
  return clips;
}

void check_same_frames(const std::vector<Clip>& first, const std::vector<Clip>& second) {
  check_clips_of(first, second);
  check_clips_of(second, first);
  for (size_t i = 0; i < first.size(); ++i) {
    check_frames_of(first[i], second[i]);
    check_frames_of(second[i], first[i]);
  }
}

}  // namespace cgan
