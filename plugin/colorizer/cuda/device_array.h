#pragma once

#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "plugin/colorizer/cuda/transfer.h"
#include "plugin/colorizer/format/plane_view.h"
#include "plugin/colorizer/format/stream_format.h"

namespace cgan::cuda {

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
  int64_t count() const { return count_; }
  void put(const T* values, Lane lane = Lane::kCompute) {
    if (count_ > 0) device_.upload(data_, values, count_ * int64_t{sizeof(T)}, lane);
  }
  void get(T* values, Lane lane = Lane::kCompute) const {
    if (count_ > 0) device_.download(values, data_, count_ * int64_t{sizeof(T)}, lane);
  }

 private:
  Device& device_;
  int64_t count_;
  T* data_;
};

/// Bytes on the host that are copied to and from a device without a detour, freed with it.
template <typename Device>
class StagingArray {
 public:
  /// @param device must outlive this
  StagingArray(Device& device, int64_t bytes)
      : device_(device), data_(static_cast<uint8_t*>(device.allocate_staging(bytes))) {}
  StagingArray(const StagingArray&) = delete;
  StagingArray& operator=(const StagingArray&) = delete;
  ~StagingArray() { device_.release_staging(data_); }

  uint8_t* data() const { return data_; }

 private:
  Device& device_;
  uint8_t* data_;
};

/// A plane of a frame on a device, rows without gaps, and its staging on the host.
template <typename Device>
class DevicePlane {
 public:
  DevicePlane(Device& device, int64_t row_bytes, int64_t rows)
      : row_bytes_(row_bytes),
        rows_(row_bytes > 0 ? rows : 0),
        plane_(device, row_bytes_ * rows_),
        staging_(device, row_bytes_ * rows_),
        uploaded_(device) {}

  uint8_t* data() const { return plane_.data(); }
  int64_t row_bytes() const { return row_bytes_; }

  /// The host's rows are read when it returns. What is computed from now on finds them there.
  void put(const uint8_t* from, ptrdiff_t stride) {
    if (rows_ == 0) return;
    uploaded_.wait();  // what was put before still lies in the staging
    for (int64_t y = 0; y < rows_; ++y)
      std::memcpy(staging_.data() + y * row_bytes_, from + y * stride, row_bytes_);
    plane_.put(staging_.data(), Lane::kUpload);
    uploaded_.record(Lane::kUpload);
    uploaded_.hold(Lane::kCompute);
  }
  /// Within a Download; when that has been waited for, take() gives the plane.
  void fetch() { plane_.get(staging_.data(), Lane::kDownload); }
  void take(uint8_t* to, ptrdiff_t stride) const {
    for (int64_t y = 0; y < rows_; ++y)
      std::memcpy(to + y * stride, staging_.data() + y * row_bytes_, row_bytes_);
  }

 private:
  int64_t row_bytes_, rows_;
  DeviceArray<uint8_t, Device> plane_;
  StagingArray<Device> staging_;
  DeviceEvent<Device> uploaded_;
};

/// The planes of a frame on a device.
template <typename Device>
class DevicePlanes {
 public:
  /// @param chroma_width, chroma_height of a format that has chroma
  DevicePlanes(Device& device, const PixelFormat& format, int64_t width, int64_t height,
               int64_t chroma_width, int64_t chroma_height)
      : is_interleaved_(format.layout == ChromaLayout::kInterleaved),
        cr_first_(format.cr_first),
        bytes_(format.sample_bytes()),
        luma_(device, width * bytes_, height),
        first_(device, format.has_chroma() ? chroma_width * bytes_ * (is_interleaved_ ? 2 : 1) : 0,
               chroma_height),
        second_(device, is_interleaved_ ? 0 : first_.row_bytes(), chroma_height) {}

  FrameView view() const {
    FrameView view = {luma_.data(),      first_.data(),      second_.data(),
                      luma_.row_bytes(), first_.row_bytes(), first_.row_bytes()};
    if (!is_interleaved_) return view;
    view.cr = view.cb + bytes_;
    if (cr_first_) std::swap(view.cb, view.cr);
    return view;
  }
  LumaView luma() const { return {luma_.data(), luma_.row_bytes()}; }
  ChromaView chroma() const {
    const FrameView planes = view();
    return {planes.cb, planes.cr, planes.cb_stride, planes.cr_stride};
  }

  void put_luma(const LumaView& from) { luma_.put(from.data, from.stride); }
  void put_chroma(const ChromaView& from) {
    first_.put(is_cr_first() ? from.cr : from.cb, from.cb_stride);
    if (!is_interleaved_) second_.put(from.cr, from.cr_stride);
  }
  /// See DevicePlane.
  void fetch_luma() { luma_.fetch(); }
  void fetch_chroma() {
    first_.fetch();
    if (!is_interleaved_) second_.fetch();
  }
  void take_luma(const FrameView& to) const { luma_.take(to.luma, to.luma_stride); }
  void take_chroma(const FrameView& to) const {
    first_.take(is_cr_first() ? to.cr : to.cb, to.cb_stride);
    if (!is_interleaved_) second_.take(to.cr, to.cr_stride);
  }

 private:
  bool is_cr_first() const { return is_interleaved_ && cr_first_; }

  bool is_interleaved_, cr_first_;
  int64_t bytes_;
  DevicePlane<Device> luma_, first_, second_;
};

}  // namespace cgan::cuda
