#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <deque>
#include <optional>
#include <vector>

#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/cpu/chroma_upsample.h"
#include "plugin/colorizer/cpu/colour_meter.h"
#include "plugin/colorizer/cpu/luma_copy.h"
#include "plugin/colorizer/cpu/pack.h"
#include "plugin/colorizer/cuda/device_array.h"
#include "plugin/colorizer/cuda/frame_kernels.h"
#include "plugin/colorizer/cuda/frames_across.h"
#include "plugin/colorizer/format/sample.h"

namespace cgan::cuda {

/// FramePasses by kernels. Work pictures lie on the device; frames that do not are copied across. A
/// frame's own colours are judged on the host, by few samples. Everything is allocated by the
/// constructor.
/// @tparam Device see DeviceArray
template <typename Device>
class FramePassesOn : public FramePasses {
 public:
  /// @param device must outlive the passes
  /// @param memory where the frames lie
  /// @param frames see keep()
  FramePassesOn(const FramePlan& plan, Device& device, CganMemory memory = CGAN_MEMORY_HOST,
                const FramesUnderWay& frames = {})
      : plan_(plan),
        device_(device),
        luma_table_(device, plan.luma_copy.table),
        work_columns_(device, plan.work_copy.columns),
        work_rows_(device, plan.work_copy.rows),
        own_columns_(device, plan.own_chroma.columns),
        own_lines_(device, plan.own_chroma.lines),
        columns_(device, plan.upsample.columns),
        lines_(device, plan.upsample.lines),
        planes_(device, kMoments * plan.upsample.width * plan.upsample.height),
        scratch_(device, kMoments * plan.upsample.width * plan.upsample.height),
        luma_copy_(plan.luma_copy),
        packer_(plan.pack),
        held_(device,
              2 * plan.pack.grid.width * plan.pack.grid.height * plan.pack.format.sample_bytes()),
        written_(device) {
    if (memory == CGAN_MEMORY_HOST) across_.emplace(device, plan, frames.unwritten);
    if (!plan.colour_meter.has_value()) return;
    colour_meter_.emplace(device, *plan.colour_meter);
    for (int64_t i = 0; i < frames.undecided; ++i)
      measured_.emplace_back(device, is_on_host() ? 0 : colour_meter_->count());
  }

  void read(const LumaView& luma, float* work) override {
    Kept* const kept = is_on_host() ? &across_->take(luma) : nullptr;
    const LumaView from = kept == nullptr ? luma : kept->luma();
    const WorkCopyPlan& plan = plan_.work_copy;
    with_sample(plan.in_bytes, [&](auto sample) {
      device_.launch(WorkCopyKernel<decltype(sample)>{from.data, from.stride, work_columns_.data(),
                                                      work_rows_.data(), plan.size, plan.scale,
                                                      plan.offset, work});
    });
    if (kept != nullptr) kept->done.record(Lane::kCompute);
  }

  void measure(const InputView& in, int64_t place) override {
    if (is_on_host()) {
      measured_[place].found = colour_meter_->on_host.measure(in);
    } else {
      measure_there(in, measured_[place]);
    }
  }
  ColourMeasure measured(int64_t place) override {
    Measured& measured = measured_[place];
    if (is_on_host()) return measured.found;
    measured.download.wait();
    return colour_meter_->measure(measured.on_host.data());
  }

  void write(const InputView& in, const WorkPicture* picture, const CganLook& look,
             const FrameView& out) override {
    const int64_t width = plan_.pack.grid.width;
    const int64_t own =
        picture == nullptr ? width : std::llround(look.split * static_cast<double>(width));
    const Writing writing = {own_way(), own, in.luma.data != out.luma};
    if (picture != nullptr) fit(*picture);
    if (is_on_host()) {
      write_across(in, writing, look, out);
    } else {
      write_there(in, writing, look, out);
      written_.record(Lane::kCompute);
    }
    if (own < width) holds_ = true;
  }

  void complete() override {
    if (!is_on_host()) return written_.wait();
    across_->take_out();
  }

  void keep(int64_t frames) override {
    if (is_on_host()) across_->keep(frames);
  }

  /// Of frames on the host, there: it may be the device that failed.
  void write_neutral(const LumaView& luma, const FrameView& out) override {
    holds_ = false;
    if (is_on_host()) {
      luma_copy_.rows(luma, out, 0, plan_.format.height);
      packer_.write_neutral(out);
      return;
    }
    write_there({luma, {}}, {OwnWay::kNeutral, plan_.pack.grid.width, luma.data != out.luma}, {},
                out);
    device_.wait();
  }

  void forget() override { holds_ = false; }

  void archive(StateArchive& archive) override {
    archive.flag(holds_);
    if (!holds_) return;
    std::vector<uint8_t> codes(held_.count());
    if (archive.is_writer()) {
      held_.get(codes.data());
      device_.wait();
    }
    archive.plane(codes);
    if (archive.is_writer()) return;
    held_.put(codes.data());
    device_.wait();
  }

 private:
  static constexpr int64_t kMoments = 6;
  using Kept = typename FramesAcross<Device>::Kept;

  /// Measures colours; the samples that it looks at, of frames on the device, are gathered there.
  struct Meter {
    Meter(Device& device, const ColourMeterPlan& plan)
        : on_host(plan), columns(device, plan.columns), rows(device, plan.rows) {}

    /// Numbers of a frame that it looks at: (3, rows, columns) of luma, Cb, Cr.
    int64_t count() const { return 3 * columns.count() * rows.count(); }
    ColourMeasure measure(const uint8_t* samples) {
      const ColourMeter::Samples to = on_host.samples();
      const int64_t bytes = columns.count() * rows.count() * int64_t{sizeof(float)};
      for (float* const plane : {to.luma, to.cb, to.cr}) {
        std::memcpy(plane, samples, bytes);
        samples += bytes;
      }
      return on_host.measure_samples();
    }

    ColourMeter on_host;
    DeviceArray<int64_t, Device> columns, rows;
  };

  /// What was measured of a frame: of one on the device its samples, on their way to the host.
  struct Measured {
    Measured(Device& device, int64_t count)
        : samples(device, count),
          on_host(device, count * int64_t{sizeof(float)}),
          download(device) {}

    ColourMeasure found;
    DeviceArray<float, Device> samples;  ///< See Meter::count().
    StagingArray<Device> on_host;
    Download<Device> download;
  };

  struct Writing {
    OwnWay way;     ///< Of the first samples of every row;
    int64_t count;  ///< so many.
    bool writes_luma;
  };

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

  bool is_on_host() const { return across_.has_value(); }

  void measure_there(const InputView& in, Measured& measured) {
    const ColourMeterPlan& plan = *plan_.colour_meter;
    const Meter& meter = *colour_meter_;
    with_sample(plan.in.sample_bytes(), [&](auto sample) {
      device_.launch(MeterKernel<decltype(sample)>{
          in.luma, in.chroma, meter.columns.data(), meter.rows.data(), meter.columns.count(),
          meter.rows.count(), plan.width, plan.height, plan.in.step_x, plan.in.step_y,
          apart(plan.in), plan.shared_luma_scale(), plan.luma_offset, plan.chroma_scale,
          plan.chroma_offset, measured.samples.data()});
    });
    auto* const on_host = reinterpret_cast<float*>(measured.on_host.data());
    measured.download.begin([&] { measured.samples.get(on_host, Lane::kDownload); });
  }

  OwnWay own_way() const {
    if (!plan_.own_chroma.in.has_chroma()) return OwnWay::kNeutral;
    return plan_.own_chroma.is_copy ? OwnWay::kCopy : OwnWay::kConvert;
  }

  /// Of frames on the host.
  void write_across(const InputView& in, const Writing& writing, const CganLook& look,
                    const FrameView& out) {
    Kept& kept = across_->find(in.luma);
    const bool has_own = writing.count > 0 && plan_.own_chroma.in.has_chroma();
    const ChromaView chroma = has_own ? across_->take_chroma(in.chroma) : ChromaView{};
    write_there({kept.luma(), chroma}, writing, look, across_->out());
    across_->fetch_out(kept, out, writing.writes_luma);
  }

  void write_there(const InputView& in, const Writing& writing, const CganLook& look,
                   const FrameView& out) {
    const OwnChromaPlan& own = plan_.own_chroma;
    const LumaGuidePlan& guide = plan_.guide;
    const PackPlan& pack = plan_.pack;
    with_samples([&](auto from, auto to) {
      using Out = decltype(to);
      device_.launch(FrameKernel<decltype(from), Out>{
          {plan_.luma_copy.in_shift, luma_table_.data(), writing.writes_luma},
          {writing.way, writing.count, own.in.shift, own.out.shift, apart(own.in), own.scale,
           own.offset, own.highest, own_columns_.data(), own_lines_.data()},
          {guide.frame_width, guide.frame_height, guide.grid.step_x, guide.grid.step_y,
           guide.across, guide.down, guide.scale, guide.offset},
          {planes_.data(), plan_.upsample.width, plan_.upsample.height, columns_.data(),
           lines_.data()},
          pack.gamut,
          pack.look_constants(look),
          pack.grid.width,
          pack.grid.height,
          pack.format.shift,
          pack.hold_tolerance,
          pack.neutral,
          apart(pack.format),
          holds_,
          in,
          out,
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
    const UpsamplePlan::Source& source = plan_.upsample.source;
    const FitPlanes planes = {
        picture.luma,          source.luma_stride,
        picture.chroma,        picture.chroma + source.chroma_width * source.chroma_height,
        source.chroma_width,   plan_.upsample.width,
        plan_.upsample.height, planes_.data()};
    if (source.chroma_scale == 1) return fit_at_scale<1>(planes);
    fit_at_scale<2>(planes);
  }

  FramePlan plan_;
  Device& device_;
  std::optional<FramesAcross<Device>> across_;  ///< Of frames on the host.
  DeviceArray<uint16_t, Device> luma_table_;
  DeviceArray<Span, Device> work_columns_, work_rows_;
  DeviceArray<Tap, Device> own_columns_, own_lines_, columns_, lines_;
  DeviceArray<float, Device> planes_, scratch_;  ///< Of the fit.
  LumaCopy luma_copy_;
  Packer packer_;
  DeviceArray<uint8_t, Device> held_;  ///< See ChromaHold.
  bool holds_ = false;
  DeviceEvent<Device> written_;
  std::optional<Meter> colour_meter_;  ///< None for gray.
  std::deque<Measured> measured_;      ///< By place.
};

}  // namespace cgan::cuda
