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

/// Memory of the host by which a plane of a frame goes to a device or comes back. On the device its
/// rows lie without gaps.
template <typename Device>
class PlaneStaging {
 public:
  /// @param device must outlive this
  PlaneStaging(Device& device, int64_t row_bytes, int64_t rows)
      : row_bytes_(row_bytes),
        rows_(row_bytes > 0 ? rows : 0),
        bytes_(device, row_bytes_ * rows_),
        uploaded_(device) {}
  ~PlaneStaging() { uploaded_.wait_at_end(); }

  /// The host's rows are read when it returns. What is computed from now on finds them there.
  void put(const uint8_t* from, ptrdiff_t stride, DeviceArray<uint8_t, Device>& plane) {
    if (rows_ == 0) return;
    uploaded_.wait();  // what was put before still lies here
    for (int64_t y = 0; y < rows_; ++y)
      std::memcpy(bytes_.data() + y * row_bytes_, from + y * stride, row_bytes_);
    plane.put(bytes_.data(), Lane::kUpload);
    uploaded_.record(Lane::kUpload);
    uploaded_.hold(Lane::kCompute);
  }
  /// Within a Download; when that has been waited for, take() gives the plane.
  void fetch(const DeviceArray<uint8_t, Device>& plane) {
    plane.get(bytes_.data(), Lane::kDownload);
  }
  void take(uint8_t* to, ptrdiff_t stride) const {
    for (int64_t y = 0; y < rows_; ++y)
      std::memcpy(to + y * stride, bytes_.data() + y * row_bytes_, row_bytes_);
  }

 private:
  int64_t row_bytes_, rows_;
  StagingArray<Device> bytes_;
  DeviceEvent<Device> uploaded_;
};

/// A plane of a frame on a device, and its staging.
template <typename Device>
class DevicePlane {
 public:
  DevicePlane(Device& device, int64_t row_bytes, int64_t rows)
      : row_bytes_(row_bytes),
        plane_(device, row_bytes > 0 ? row_bytes * rows : 0),
        staging_(device, row_bytes, rows) {}

  uint8_t* data() const { return plane_.data(); }
  int64_t row_bytes() const { return row_bytes_; }
  /// See PlaneStaging.
  void put(const uint8_t* from, ptrdiff_t stride) { staging_.put(from, stride, plane_); }
  void fetch() { staging_.fetch(plane_); }
  void take(uint8_t* to, ptrdiff_t stride) const { staging_.take(to, stride); }

 private:
  int64_t row_bytes_;
  DeviceArray<uint8_t, Device> plane_;
  PlaneStaging<Device> staging_;
};

/// The chroma of a frame on a device: no plane, one or two.
template <typename Device>
class DeviceChroma {
 public:
  /// @param width, height of chroma, of a format that has it
  DeviceChroma(Device& device, const PixelFormat& format, int64_t width, int64_t height)
      : is_interleaved_(format.layout == ChromaLayout::kInterleaved),
        cr_first_(format.cr_first),
        bytes_(format.sample_bytes()),
        first_(device, format.has_chroma() ? width * bytes_ * (is_interleaved_ ? 2 : 1) : 0,
               height),
        second_(device, is_interleaved_ ? 0 : first_.row_bytes(), height) {}

  ChromaView view() const {
    FrameView planes = {};
    add_to(planes);
    return {planes.cb, planes.cr, planes.cb_stride, planes.cr_stride};
  }
  /// Its part of a frame.
  void add_to(FrameView& frame) const {
    frame.cb = first_.data();
    frame.cr = is_interleaved_ ? frame.cb + bytes_ : second_.data();
    if (is_cr_first()) std::swap(frame.cb, frame.cr);
    frame.cb_stride = frame.cr_stride = first_.row_bytes();
  }

  /// See PlaneStaging.
  void put(const ChromaView& from) {
    first_.put(is_cr_first() ? from.cr : from.cb, from.cb_stride);
    if (!is_interleaved_) second_.put(from.cr, from.cr_stride);
  }
  void fetch() {
    first_.fetch();
    if (!is_interleaved_) second_.fetch();
  }
  void take(const FrameView& to) const {
    first_.take(is_cr_first() ? to.cr : to.cb, to.cb_stride);
    if (!is_interleaved_) second_.take(to.cr, to.cr_stride);
  }

 private:
  bool is_cr_first() const { return is_interleaved_ && cr_first_; }

  bool is_interleaved_, cr_first_;
  int64_t bytes_;
  DevicePlane<Device> first_, second_;
};

}  // namespace cgan::cuda
