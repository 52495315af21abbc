#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/cpu/chroma_upsample.h"
#include "plugin/colorizer/cpu/colour_meter.h"
#include "plugin/colorizer/cpu/luma_copy.h"
#include "plugin/colorizer/cpu/pack.h"
#include "plugin/colorizer/cuda/device_array.h"
#include "plugin/colorizer/cuda/frame_kernels.h"
#include "plugin/colorizer/format/sample.h"

namespace cgan::cuda {

/// FramePasses by kernels. Frames and work pictures lie on the host and are copied across; a
/// frame's own colours are measured on the host, which reads few samples. Everything is allocated
/// by the constructor.
/// @tparam Device see DeviceArray; its calls are in order, launches and uploads may be so later
template <typename Device>
class FramePassesOn : public FramePasses {
 public:
  /// @param device must outlive the passes
  FramePassesOn(const FramePlan& plan, Device& device)
      : plan_(plan),
        device_(device),
        in_(device, plan.format.in, plan.format.width, plan.format.height, in_grid(plan).width,
            in_grid(plan).height),
        out_(device, plan.format.out, plan.format.width, plan.format.height, plan.pack.grid.width,
             plan.pack.grid.height),
        luma_table_(device, plan.luma_copy.table),
        work_columns_(device, plan.work_copy.columns),
        work_rows_(device, plan.work_copy.rows),
        own_columns_(device, plan.own_chroma.columns),
        own_lines_(device, plan.own_chroma.lines),
        columns_(device, plan.upsample.columns),
        lines_(device, plan.upsample.lines),
        work_(device, plan.work_copy.size.padded_width * plan.work_copy.size.padded_height),
        chroma_(device, 2 * plan.upsample.source.chroma_width * plan.upsample.source.chroma_height),
        planes_(device, kMoments * plan.upsample.width * plan.upsample.height),
        scratch_(device, kMoments * plan.upsample.width * plan.upsample.height),
        luma_copy_(plan.luma_copy),
        packer_(plan.pack),
        held_(device,
              2 * plan.pack.grid.width * plan.pack.grid.height * plan.pack.format.sample_bytes()) {
    if (plan.colour_meter.has_value()) colour_meter_.emplace(*plan.colour_meter);
  }

  void read(const LumaView& luma, float* work) override {
    in_.put_luma(luma);
    const WorkCopyPlan& plan = plan_.work_copy;
    with_sample(plan.in_bytes, [&](auto sample) {
      device_.launch(WorkCopyKernel<decltype(sample)>{
          in_.luma().data, in_.luma().stride, work_columns_.data(), work_rows_.data(), plan.size,
          plan.scale, plan.offset, work_.data()});
    });
    work_.get(work);
    device_.wait();
  }

  ColourMeasure measure(const InputView& in) override { return colour_meter_->measure(in); }

  void write(const InputView& in, const WorkPicture* picture, const CganLook& look,
             const FrameView& out) override {
    const int64_t width = plan_.pack.grid.width;
    const int64_t own =
        picture == nullptr ? width : std::llround(look.split * static_cast<double>(width));
    in_.put_luma(in.luma);
    if (picture != nullptr) fit(*picture);
    write_luma(in.luma, out);
    if (own > 0) write_own(in.chroma, own);
    if (own < width) write_chroma(own, look);
    out_.get_chroma(out);
    device_.wait();
    if (own < width) holds_ = true;
  }

  /// On the host: it may be the device that failed.
  void write_neutral(const LumaView& luma, const FrameView& out) override {
    holds_ = false;
    luma_copy_.rows(luma, out, 0, plan_.format.height);
    packer_.write_neutral(out);
  }

  void forget() override { holds_ = false; }

 private:
  static constexpr int64_t kMoments = 6;
  enum class OwnWay { kNeutral, kCopy, kConvert };

  static ChromaGrid in_grid(const FramePlan& plan) {
    return plan.format.in.has_chroma() ? plan.format.in_chroma_grid() : ChromaGrid{};
  }

  static int64_t apart(const PixelFormat& format) {
    return format.layout == ChromaLayout::kInterleaved ? 2 : 1;
  }

  /// Calls call(In{}, Out{}) with the types of the samples.
  template <typename Call>
  void with_samples(const Call& call) const {
    with_sample(plan_.format.in.sample_bytes(), [&](auto in) {
      with_sample(plan_.format.out.sample_bytes(), [&](auto out) { call(in, out); });
    });
  }

  void write_luma(const LumaView& in, const FrameView& out) {
    if (in.data == out.luma) return;
    const LumaCopyPlan& plan = plan_.luma_copy;
    const FrameView to = out_.view();
    with_samples([&](auto from, auto sample) {
      device_.launch(LumaKernel<decltype(from), decltype(sample)>{
          {plan.width, plan.height, plan.in_shift, luma_table_.data()},
          in_.luma().data,
          in_.luma().stride,
          to.luma,
          to.luma_stride});
    });
    out_.get_luma(out);
  }

  void write_own(const ChromaView& in, int64_t count) {
    if (!plan_.own_chroma.in.has_chroma()) return launch_own(OwnWay::kNeutral, count);
    in_.put_chroma(in);
    launch_own(plan_.own_chroma.is_copy ? OwnWay::kCopy : OwnWay::kConvert, count);
  }

  void launch_own(OwnWay way, int64_t count) {
    const OwnChromaPlan& plan = plan_.own_chroma;
    with_samples([&](auto from, auto to) {
      using Kernel = OwnChromaKernel<decltype(from), decltype(to)>;
      using Way = typename Kernel::Way;
      const Way kernel_way = way == OwnWay::kNeutral ? Way::kNeutral
                             : way == OwnWay::kCopy  ? Way::kCopy
                                                     : Way::kConvert;
      device_.launch(Kernel{kernel_way, count, plan_.pack.grid.height, plan.in.shift,
                            plan.out.shift, apart(plan.in), apart(plan.out), plan_.pack.neutral,
                            plan.scale, plan.offset, plan.highest, own_columns_.data(),
                            own_lines_.data(), in_.chroma(), out_.view()});
    });
  }

  void write_chroma(int64_t first, const CganLook& look) {
    const LumaGuidePlan& guide = plan_.guide;
    const PackPlan& pack = plan_.pack;
    with_samples([&](auto from, auto to) {
      using Out = decltype(to);
      device_.launch(ChromaKernel<decltype(from), Out>{
          {guide.frame_width, guide.frame_height, guide.grid.step_x, guide.grid.step_y,
           guide.across, guide.down, guide.scale, guide.offset},
          {planes_.data(), plan_.upsample.width, plan_.upsample.height, columns_.data(),
           lines_.data()},
          pack.gamut,
          pack.look_constants(look),
          first,
          pack.grid.width,
          pack.grid.height,
          pack.format.shift,
          pack.hold_tolerance,
          pack.neutral,
          apart(pack.format),
          holds_,
          in_.luma(),
          out_.view(),
          reinterpret_cast<Out*>(held_.data())});
    });
  }

  void box_means(int64_t planes) {
    constexpr int64_t kRadius = ChromaUpsample::kRadius;
    const int64_t width = plan_.upsample.width, height = plan_.upsample.height;
    device_.launch(
        RowMeansKernel{planes_.data(), width, planes * height, kRadius, scratch_.data()});
    device_.launch(
        ColumnMeansKernel{scratch_.data(), width, height, planes, kRadius, planes_.data()});
  }

  template <int kScale>
  void fit_at_scale(const FitPlanes& planes) {
    device_.launch(MomentsKernel<kScale>{planes});
    box_means(kMoments);
    device_.launch(SlopesKernel{planes, ChromaUpsample::kEpsilon});
    box_means(2);
    device_.launch(RestsKernel<kScale>{planes});
  }

  /// See ChromaUpsample::fit().
  void fit(const WorkPicture& picture) {
    work_.put(picture.luma);
    chroma_.put(picture.chroma);
    const UpsamplePlan::Source& source = plan_.upsample.source;
    const FitPlanes planes = {
        work_.data(),          source.luma_stride,
        chroma_.data(),        chroma_.data() + source.chroma_width * source.chroma_height,
        source.chroma_width,   plan_.upsample.width,
        plan_.upsample.height, planes_.data()};
    if (source.chroma_scale == 1) return fit_at_scale<1>(planes);
    fit_at_scale<2>(planes);
  }

  FramePlan plan_;
  Device& device_;
  DevicePlanes<Device> in_, out_;
  DeviceArray<uint16_t, Device> luma_table_;
  DeviceArray<Span, Device> work_columns_, work_rows_;
  DeviceArray<Tap, Device> own_columns_, own_lines_, columns_, lines_;
  DeviceArray<float, Device> work_, chroma_;     ///< The picture at work size.
  DeviceArray<float, Device> planes_, scratch_;  ///< Of the fit.
  LumaCopy luma_copy_;
  Packer packer_;
  DeviceArray<uint8_t, Device> held_;  ///< See ChromaHold.
  bool holds_ = false;
  std::optional<ColourMeter> colour_meter_;  ///< None for gray.
};

}  // namespace cgan::cuda
