#include "plugin/colorizer/picture_passes.h"

#include <string>

#include "plugin/colorizer/interface/checks.h"

namespace cgan {

PicturePasses::PicturePasses(const Backend& backend, const StreamFormat& frame, bool interlaced,
                             const WorkSize& size, const NetworkGrid& grid, CganMemory memory,
                             const FramesUnderWay& frames)
    : interlaced_(interlaced) {
  const auto make = [&](CganScan scan, const StreamFormat& format) {
    const FramePlan plan = FramePlan::of(format, size, grid.width, grid.height, grid.scale);
    parts_[scan] = {format, backend.frame_passes(plan, memory, frames)};
  };
  make(CGAN_SCAN_FRAME, frame);
  if (!interlaced) return;
  for (const CganScan field : {CGAN_SCAN_TOP_FIELD, CGAN_SCAN_BOTTOM_FIELD})
    make(field, frame.field(field));
}

const PicturePasses::Part& PicturePasses::part(CganScan scan) const {
  const bool is_known =
      scan == CGAN_SCAN_FRAME || scan == CGAN_SCAN_TOP_FIELD || scan == CGAN_SCAN_BOTTOM_FIELD;
  if (!is_known || (scan != CGAN_SCAN_FRAME && !interlaced_)) {
    refuse_frame("A field came in a stream of whole frames; set the stream to interlaced.",
                 "scan " + std::to_string(static_cast<int>(scan)));
  }
  return parts_[scan];
}

const StreamFormat& PicturePasses::format(const CganFrame& in, const CganFrame& out) const {
  if (in.scan != out.scan) {
    refuse_frame("Input and output are not the same rows of a frame; pass one scan for both.",
                 "scans " + std::to_string(in.scan) + " and " + std::to_string(out.scan));
  }
  return part(in.scan).format;
}

FramePasses& PicturePasses::to_write(CganScan scan) {
  const bool is_field = scan != CGAN_SCAN_FRAME;
  if (is_field != wrote_field_) forget();
  wrote_field_ = is_field;
  return passes(scan);
}

void PicturePasses::archive(StateArchive& archive) {
  archive.flag(wrote_field_);
  for (const Part& part : parts_) {
    if (part.passes != nullptr) part.passes->archive(archive);
  }
}

void PicturePasses::keep(int64_t frames) {
  for (const Part& part : parts_) {
    if (part.passes != nullptr) part.passes->keep(frames);
  }
}

void PicturePasses::forget() {
  for (const Part& part : parts_) {
    if (part.passes != nullptr) part.passes->forget();
  }
}

}  // namespace cgan
