#pragma once

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/cuda/device_array.h"
#include "plugin/colorizer/cuda/match_on.h"
#include "plugin/colorizer/cuda/mix_kernels.h"
#include "plugin/colorizer/cuda/motion_on.h"

namespace cgan::cuda {

/// TemporalPasses by kernels, the bits of CpuTemporalPasses. Pictures, their chroma and evidence
/// are those of the device. Only compare(), uncertain_share() and archive() wait for it. Everything
/// is allocated by the constructor.
/// @tparam Device see DeviceArray
template <typename Device>
class TemporalPassesOn : public TemporalPasses {
 public:
  /// As for Backend::temporal_passes().
  /// @param device must outlive the passes
  TemporalPassesOn(int64_t width, int64_t height, int64_t chroma_scale, Device& device)
      : device_(device),
        width_(width),
        height_(height),
        scale_(chroma_scale),
        motion_(device, width, height),
        match_(device, width, height),
        histories_{{device, kPlanes * width * height},
                   {device, kPlanes * width * height},
                   {device, kPlanes * width * height}},
        present_(device, width * height),
        weight_(device, width * height),
        filled_(device, width * height),
        uncertain_(device, height),
        output_(device, 2 * samples()),
        joined_(device, 2 * samples()),
        uncertain_on_host_(device, height * int64_t{sizeof(int32_t)}),
        download_(device),
        planes_on_host_(kPlanes * width * height) {
    for (float* history : {past_, shelf_, compensated_}) clear(history, kPlanes, 0.0f);
    clear(present_.data(), 1, 0.0f);
  }

  void reset() override { match_.set_noise(0.0f); }

  void take(const float* luma, int64_t stride) override {
    device_.launch(TakeKernel{luma, stride, width_, height_, present_.data()});
  }

  PictureDifference compare() override {
    motion_.estimate(past_, present_.data(), match_.noise());
    motion_.compensate(past_, 1, compensated_);
    match_.fit_exposure(compensated_, present_.data());
    return match_.measure_difference(motion_.fits());
  }
  void exchange() override { std::swap(past_, shelf_); }
  void remember() override { std::swap(past_, compensated_); }

  void compensate() override {
    match_.expose(compensated_);
    match_.compare(compensated_, present_.data());
    // All but the luma, which compare() brought there.
    motion_.compensate(past_ + pixels(), kPlanes - 1, compensated_ + pixels());
    device_.launch(DriftKernel{match_.level(), match_.confidence(), match_.noise(), width_, height_,
                               planes(compensated_).drift});
  }
  void compensate_nothing() override {
    take_plane(present_.data(), compensated_);
    clear(compensated_ + pixels(), kPlanes - 1, 0.0f);
  }
  float uncertain_share() override {
    device_.launch(UncertainRowsKernel{match_.confidence(), planes(compensated_).age, width_,
                                       height_, uncertain_.data()});
    auto* const rows = reinterpret_cast<int32_t*>(uncertain_on_host_.data());
    download_.begin([&] { uncertain_.get(rows, Lane::kDownload); });
    download_.wait();
    const int64_t count = std::accumulate(rows, rows + height_, int64_t{0});
    return static_cast<float>(count) / static_cast<float>(pixels());
  }

  void mix(const float* chroma, float strength) override {
    device_.launch(MixKernel{present_.data(), chroma, match_.confidence(), width_, height_, scale_,
                             strength, planes(compensated_)});
  }
  void fill() override {
    const float* const confidence = match_.confidence();
    const HistoryPlanes to = planes(compensated_);
    device_.launch(FillWeightKernel{confidence, width_, height_, weight_.data()});
    for (const int64_t step : pixel::kFillSteps) {
      device_.launch(
          FillMeansKernel{{present_.data(), to.cb, to.cr, weight_.data(), width_, height_},
                          confidence,
                          step,
                          filled_.data()});
      device_.launch(PutFilledKernel{filled_.data(), confidence, width_, height_, to.cb, to.cr,
                                     weight_.data()});
    }
    device_.launch(RenewKernel{present_.data(), confidence, width_, height_, to.luma, to.age});
  }

  const float* output(Picture picture) override {
    const HistoryPlanes from = planes(picture == Picture::kPast ? past_ : compensated_);
    device_.launch(OutputKernel{from.cb, from.cr, width_, height_, scale_, output_.data()});
    return output_.data();
  }
  void past_evidence(float strength, float* evidence) const override {
    const HistoryPlanes from = planes(past_);
    device_.launch(EvidenceKernel<false>{from.age, from.drift, nullptr, width_, height_, scale_,
                                         strength, evidence});
  }
  void compensated_evidence(float strength, float* evidence) const override {
    const HistoryPlanes from = planes(compensated_);
    device_.launch(EvidenceKernel<true>{from.age, from.drift, match_.confidence(), width_, height_,
                                        scale_, strength, evidence});
  }
  const float* join(const Weighed& first, const Weighed& second) override {
    device_.launch(JoinKernel{first.chroma, first.evidence, second.chroma, second.evidence,
                              width_ / scale_, height_ / scale_, joined_.data()});
    return joined_.data();
  }

  void begin(const float* luma, int64_t stride, const float* chroma) override {
    device_.launch(TakeKernel{luma, stride, width_, height_, past_});
    const HistoryPlanes to = planes(past_);
    device_.launch(WidenKernel{chroma, width_, height_, scale_, to.cb});
    clear(to.age, 1, 1.0f);
    clear(to.drift, 1, 0.0f);
  }

  void archive(StateArchive& archive, bool past, bool shelf) override {
    archive.same(width_);
    archive.same(height_);
    float noise = match_.noise_on_host();
    archive.number(noise);
    if (!archive.is_writer()) match_.set_noise(noise);
    if (past) archive_history(archive, past_);
    if (shelf) archive_history(archive, shelf_);
  }

 private:
  static constexpr int64_t kPlanes = 5;

  int64_t pixels() const { return width_ * height_; }
  int64_t samples() const { return (width_ / scale_) * (height_ / scale_); }
  HistoryPlanes planes(float* history) const {
    return {history, history + pixels(), history + 2 * pixels(), history + 3 * pixels(),
            history + 4 * pixels()};
  }
  void clear(float* first, int64_t count, float value) {
    device_.launch(ClearKernel{value, width_, count * height_, first});
  }
  void take_plane(const float* from, float* to) {
    device_.launch(TakeKernel{from, width_, width_, height_, to});
  }
  DeviceArray<float, Device>& array_of(const float* history) {
    for (auto& array : histories_)
      if (array.data() == history) return array;
    return histories_[0];
  }
  void archive_history(StateArchive& archive, const float* history) {
    DeviceArray<float, Device>& array = array_of(history);
    if (archive.is_writer()) {
      array.get(planes_on_host_.data());
      device_.wait();
    }
    archive.plane(planes_on_host_);
    if (!archive.is_writer()) array.put(planes_on_host_.data());
  }

  Device& device_;
  int64_t width_, height_, scale_;
  MotionOn<Device> motion_;
  MatchOn<Device> match_;
  /// Luma, Cb, Cr, age and drift of three pictures: see CpuTemporalPasses.
  DeviceArray<float, Device> histories_[3];
  float *past_ = histories_[0].data(), *shelf_ = histories_[1].data();
  float* compensated_ = histories_[2].data();
  DeviceArray<float, Device> present_;  ///< Luma.
  DeviceArray<float, Device> weight_;
  DeviceArray<pixel::FilledColour, Device> filled_;
  DeviceArray<int32_t, Device> uncertain_;  ///< (height)
  DeviceArray<float, Device> output_, joined_;
  StagingArray<Device> uncertain_on_host_;
  Download<Device> download_;  ///< Of uncertain_.
  std::vector<float> planes_on_host_;
};

}  // namespace cgan::cuda
