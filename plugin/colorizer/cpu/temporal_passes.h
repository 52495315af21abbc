#pragma once

#include <cstdint>
#include <vector>

#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/cpu/chroma_fill.h"
#include "plugin/colorizer/cpu/exposure.h"
#include "plugin/colorizer/cpu/luma_match.h"
#include "plugin/colorizer/cpu/motion.h"

namespace cgan {

/// TemporalPasses in the calling thread: they are too short to be shared out. Pictures are kept at
/// the size of the luma and moved by whole pixels: that does not blur, however often it is done.
/// Everything is allocated by the constructor.
class CpuTemporalPasses : public TemporalPasses {
 public:
  /// As for Backend::temporal_passes().
  CpuTemporalPasses(int64_t width, int64_t height, int64_t chroma_scale,
                    const RowLoops& loops = row_loops_of());

  void reset() override { match_.reset(); }
  void take(const float* luma, int64_t stride) override;
  PictureDifference compare() override;
  void exchange() override;
  void compensate() override;
  float uncertain_share() override;
  void compensate_nothing() override;
  void mix(const float* chroma, float strength) override;
  void fill() override;
  void remember() override;
  const float* output(Picture picture) override;
  void past_evidence(float strength, float* evidence) const override;
  void compensated_evidence(float strength, float* evidence) const override;
  const float* join(const Weighed& first, const Weighed& second) override;
  void begin(const float* luma, int64_t stride, const float* chroma) override;
  void archive(StateArchive& archive, bool past, bool shelf) override;

 private:
  /// A picture so far, each plane (height, width).
  struct History {
    std::vector<float> luma, cb, cr;
    std::vector<float> age;    ///< Frames of the network that the colour is the mean of.
    std::vector<float> drift;  ///< Steady difference of luma of late / noise.
  };
  void widen_row(const float* chroma, int64_t y, float* cb, float* cr) const;
  template <typename Value>
  void put_means(const Value& value, float* to) const;

  const RowLoops& loops_;
  int64_t width_, height_, scale_;
  MotionField motion_;
  ExposureFit exposure_;
  LumaMatch match_;
  ChromaFill fill_;
  History past_, shelf_;
  History compensated_;         ///< The past where it is in the present picture; then the present.
  std::vector<float> present_;  ///< Luma, (height, width).
  std::vector<float> row_;      ///< (2, width)
  std::vector<float> output_, joined_;
  int64_t uncertain_ = 0;  ///< Pixels, of the last compensate().
};

}  // namespace cgan
