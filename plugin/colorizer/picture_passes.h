#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/format/stream_format.h"
#include "plugin/colorizer/format/work_size.h"
#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

/// The passes over the pictures of a stream: its frames and, where it is interlaced, their fields,
/// all with work copies of one size. Thread-safety: as FramePasses.
class PicturePasses {
 public:
  struct NetworkGrid {
    int64_t width, height, scale;  ///< See FramePlan::of().
  };
  /// @param memory, frames as for Backend::frame_passes()
  PicturePasses(const Backend& backend, const StreamFormat& frame, bool interlaced,
                const WorkSize& size, const NetworkGrid& grid, CganMemory memory,
                const FramesUnderWay& frames);

  /// @throws ColorizerError (CGAN_ERROR_FRAME) for a field of a stream that is not interlaced, and
  ///   for no scan at all
  const StreamFormat& format(CganScan scan) const { return part(scan).format; }
  /// Of a picture and what becomes of it. @throws as well where their scans differ
  const StreamFormat& format(const CganFrame& in, const CganFrame& out) const;
  FramePasses& passes(CganScan scan) { return *part(scan).passes; }
  /// The passes to write with. Frames and fields keep no chroma of each other, whose rows are not
  /// the same.
  FramePasses& to_write(CganScan scan);

  /// See FramePasses.
  void keep(int64_t frames);
  void forget();
  void archive(StateArchive& archive);

 private:
  struct Part {
    StreamFormat format;
    std::unique_ptr<FramePasses> passes;
  };
  const Part& part(CganScan scan) const;

  std::array<Part, 3> parts_;  ///< By scan; those of fields are empty unless interlaced.
  bool interlaced_;
  bool wrote_field_ = false;
};

}  // namespace cgan
