#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>

#include "plugin/colorizer/cuda/device_array.h"
#include "plugin/colorizer/format/plane_view.h"
#include "plugin/colorizer/plan/frame_plan.h"

namespace cgan::cuda {

/// Frames of the host on their way to a device and back, one each way while others are computed.
/// The luma of a frame stays on the device until it is written. Everything is allocated by the
/// constructor.
/// @tparam Device see DeviceArray
template <typename Device>
class FramesAcross {
 public:
  /// Luma on the device.
  struct Kept {
    Kept(Device& device, int64_t row_bytes, int64_t rows)
        : row_bytes(row_bytes), plane(device, row_bytes * rows), done(device) {}

    LumaView luma() const { return {plane.data(), row_bytes}; }

    int64_t row_bytes;
    DeviceArray<uint8_t, Device> plane;
    DeviceEvent<Device> done;        ///< Nothing computes with it any more.
    const uint8_t* frame = nullptr;  ///< Luma on the host, until that is written.
  };

  /// @param device must outlive this
  /// @param frames that are kept, at least 1
  FramesAcross(Device& device, const FramePlan& plan, int64_t frames)
      : chroma_(device, plan.format.in, in_grid(plan).width, in_grid(plan).height),
        chroma_done_(device),
        out_luma_(device, plan.format.width * plan.format.out.sample_bytes(), plan.format.height),
        out_chroma_(device, plan.format.out, plan.pack.grid.width, plan.pack.grid.height),
        download_(device) {
    const int64_t row_bytes = plan.format.width * plan.format.in.sample_bytes();
    for (int64_t i = 0; i < frames; ++i) kept_.emplace_back(device, row_bytes, plan.format.height);
    for (int64_t i = 0; i < std::min(frames, kMostUploads); ++i)
      staging_.emplace_back(device, row_bytes, plan.format.height);
  }

  /// From now on no more than so many frames are kept, at least 1.
  void keep(int64_t frames) {
    for (; static_cast<int64_t>(kept_.size()) > frames; kept_.pop_front())
      kept_.front().done.wait();
  }

  /// Copies a frame's luma to the device, in the place of the one that has been there longest.
  /// Valid until the next call, as that of find(); whoever computes with it records its `done`.
  Kept& take(const LumaView& luma) {
    kept_.splice(kept_.end(), kept_, kept_.begin());
    Kept& kept = kept_.back();
    kept.frame = nullptr;
    kept.done.hold(Lane::kUpload);
    uploads_ = (uploads_ + 1) % staging_.size();
    staging_[uploads_].put(luma.data, luma.stride, kept.plane);
    kept.frame = luma.data;
    return kept;
  }
  /// That of a frame that was taken, unless others have come since. Memory may be another frame's
  /// by now that was let go: the latest is meant.
  Kept& find(const LumaView& luma) {
    const auto found = std::find_if(kept_.rbegin(), kept_.rend(),
                                    [&](const Kept& kept) { return kept.frame == luma.data; });
    return found == kept_.rend() ? take(luma) : *found;
  }

  /// Copies the chroma of the frame that is written next.
  ChromaView take_chroma(const ChromaView& chroma) {
    chroma_done_.hold(Lane::kUpload);
    chroma_.put(chroma);
    return chroma_.view();
  }

  /// On the device, to write the next frame to.
  FrameView out() const {
    FrameView view = {};
    view.luma = out_luma_.data();
    view.luma_stride = out_luma_.row_bytes();
    out_chroma_.add_to(view);
    return view;
  }
  /// Begins to copy back what was written there, of a frame of this luma.
  /// @param to on the host
  void fetch_out(Kept& kept, const FrameView& to, bool with_luma) {
    kept.done.record(Lane::kCompute);
    kept.frame = nullptr;
    chroma_done_.record(Lane::kCompute);
    to_ = to;
    with_luma_ = with_luma;
    download_.begin([&] {
      if (with_luma_) out_luma_.fetch();
      out_chroma_.fetch();
    });
  }
  /// Until it is there.
  void take_out() {
    download_.wait();
    if (with_luma_) out_luma_.take(to_.luma, to_.luma_stride);
    out_chroma_.take(to_);
  }

 private:
  /// That are on their way: the host waits for none of the frame before.
  static constexpr int64_t kMostUploads = 2;

  static ChromaGrid in_grid(const FramePlan& plan) {
    return plan.format.in.has_chroma() ? plan.format.in_chroma_grid() : ChromaGrid{};
  }

  std::list<Kept> kept_;                      ///< From the one that has been there longest on.
  std::deque<PlaneStaging<Device>> staging_;  ///< Of luma, in turn.
  size_t uploads_ = 0;
  DeviceChroma<Device> chroma_;
  DeviceEvent<Device> chroma_done_;  ///< Nothing computes with it any more.
  DevicePlane<Device> out_luma_;
  DeviceChroma<Device> out_chroma_;
  FrameView to_ = {};
  bool with_luma_ = false;
  Download<Device> download_;
};

}  // namespace cgan::cuda
