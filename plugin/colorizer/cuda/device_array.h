#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "plugin/colorizer/format/plane_view.h"
#include "plugin/colorizer/format/stream_format.h"

namespace cgan::cuda {

/// Rows of bytes that are copied between host and device.
struct Rows {
  int64_t bytes, count;
};

/// Numbers on a device, freed with it.
/// @tparam Device what memory and kernels come from: CudaDevice, or in tests a loop on the host
template <typename T, typename Device>
class DeviceArray {
 public:
  /// @param device must outlive this
  DeviceArray(Device& device, int64_t count)
      : device_(device),
        count_(count),
        data_(count == 0 ? nullptr : static_cast<T*>(device.allocate(count * int64_t{sizeof(T)}))) {
  }
  /// With these values.
  DeviceArray(Device& device, const std::vector<T>& values)
      : DeviceArray(device, static_cast<int64_t>(values.size())) {
    put(values.data());
  }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;
  ~DeviceArray() { device_.release(data_); }

  /// Null where it is empty.
  T* data() const { return data_; }
  void put(const T* values) {
    if (count_ > 0) device_.upload(data_, rows().bytes, values, rows().bytes, rows());
  }
  void get(T* values) const { get(values, 0, count_); }
  /// Numbers first .. first + count - 1.
  void get(T* values, int64_t first, int64_t count) const {
    if (count == 0) return;
    const int64_t bytes = count * int64_t{sizeof(T)};
    device_.download(values, bytes, data_ + first, bytes, {bytes, 1});
  }

 private:
  Rows rows() const { return {count_ * int64_t{sizeof(T)}, 1}; }

  Device& device_;
  int64_t count_;
  T* data_;
};

/// The planes of a frame on a device, rows without gaps.
template <typename Device>
class DevicePlanes {
 public:
  /// @param chroma_width, chroma_height of a format that has chroma
  DevicePlanes(Device& device, const PixelFormat& format, int64_t width, int64_t height,
               int64_t chroma_width, int64_t chroma_height)
      : device_(device),
        is_interleaved_(format.layout == ChromaLayout::kInterleaved),
        bytes_(format.sample_bytes()),
        luma_rows_{width * bytes_, height},
        chroma_rows_{format.has_chroma() ? chroma_width * bytes_ * (is_interleaved_ ? 2 : 1) : 0,
                     chroma_height},
        luma_(device, luma_rows_.bytes * height),
        first_(device, chroma_rows_.bytes * chroma_height),
        second_(device, is_interleaved_ ? 0 : chroma_rows_.bytes * chroma_height),
        cr_first_(format.cr_first) {}

  FrameView view() const {
    FrameView view = {luma_.data(),     first_.data(),      second_.data(),
                      luma_rows_.bytes, chroma_rows_.bytes, chroma_rows_.bytes};
    if (!is_interleaved_) return view;
    view.cr = view.cb + bytes_;
    if (cr_first_) std::swap(view.cb, view.cr);
    return view;
  }
  LumaView luma() const { return {luma_.data(), luma_rows_.bytes}; }
  ChromaView chroma() const {
    const FrameView planes = view();
    return {planes.cb, planes.cr, planes.cb_stride, planes.cr_stride};
  }

  void put_luma(const LumaView& from) {
    device_.upload(luma_.data(), luma_rows_.bytes, from.data, from.stride, luma_rows_);
  }
  void get_luma(const FrameView& to) const {
    device_.download(to.luma, to.luma_stride, luma_.data(), luma_rows_.bytes, luma_rows_);
  }
  void put_chroma(const ChromaView& from) {
    const uint8_t* const first = is_interleaved_ && cr_first_ ? from.cr : from.cb;
    device_.upload(first_.data(), chroma_rows_.bytes, first, from.cb_stride, chroma_rows_);
    if (is_interleaved_) return;
    device_.upload(second_.data(), chroma_rows_.bytes, from.cr, from.cr_stride, chroma_rows_);
  }
  void get_chroma(const FrameView& to) const {
    uint8_t* const first = is_interleaved_ && cr_first_ ? to.cr : to.cb;
    device_.download(first, to.cb_stride, first_.data(), chroma_rows_.bytes, chroma_rows_);
    if (is_interleaved_) return;
    device_.download(to.cr, to.cr_stride, second_.data(), chroma_rows_.bytes, chroma_rows_);
  }

 private:
  Device& device_;
  bool is_interleaved_;
  int64_t bytes_;
  Rows luma_rows_, chroma_rows_;
  DeviceArray<uint8_t, Device> luma_, first_, second_;
  bool cr_first_;
};

}  // namespace cgan::cuda
