#pragma once

#include <string>
#include <vector>

/// Film as folders of pictures: what `... ! pngenc ! multifilesink location=DIR/%05d.png` writes.
namespace cgan {

/// A clip's frames: pictures (.png, .jpg, .jpeg, .bmp) of one folder, in the order of their names,
/// shorter names first, so that frame 9 comes before frame 10 without leading zeros, too.
struct Clip {
  struct Frame {
    std::string name;  ///< Without folder and ending: the frame's number.
    std::string path;
  };
  std::string name;    ///< Of the sub-folder; "clip" where the named folder is itself the clip.
  std::string folder;  ///< The clip's own folder.
  std::vector<Frame> frames;
};

/// Finds the clips of a folder: each sub-folder is one, or, where there are none, the folder
/// itself. Reads no picture.
/// @return at least one clip, in the order of their names, each with at least one frame
/// @throws std::runtime_error where a folder cannot be read, a clip has no frames, two frames have
///   one name, or frames and sub-folders lie beside each other.
std::vector<Clip> find_clips(const std::string& folder);

/// @throws std::runtime_error that names what is missing on which side, unless both have the same
///   clips with the same frames.
void check_same_frames(const std::vector<Clip>& first, const std::vector<Clip>& second);

}  // namespace cgan
