#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "model/kernels/instruction_set.h"
#include "model/threads/worker_pool.h"
#include "plugin/colorizer/format/plane_view.h"
#include "plugin/colorizer/interface/colorizer_interface.h"
#include "plugin/colorizer/plan/frame_plan.h"
#include "plugin/colorizer/shot/own_colour.h"
#include "plugin/colorizer/shot/shot_change.h"
#include "plugin/colorizer/shot/state_archive.h"

namespace cgan {

class Backend;

/// Numbers of pictures at work size, where their backend computes: addresses of the host's or a
/// card's memory. The backend must outlive them.
struct FreeWorkArray {
  const Backend* backend = nullptr;
  void operator()(float* numbers) const;
};
using WorkArray = std::unique_ptr<float[], FreeWorkArray>;

/// A frame at work size; as in a WorkArray.
struct WorkPicture {
  const float* luma;    ///< (padded_height, padded_width), -1..1
  const float* chroma;  ///< (2, chroma height, chroma width), -0.5..0.5 or beyond, finite
};

/// How many frames of a stream are on their way at the same time, each at least 1.
struct FramesUnderWay {
  int64_t undecided = 1;  ///< Measured before it is asked what was found in the first of them.
  int64_t unwritten = 1;  ///< Read before the first of them is written; see FramePasses::keep().
};

/// The passes over the pixels of a stream's frames. Thread-safety: one thread at a time, the pool's
/// owner.
class FramePasses {
 public:
  virtual ~FramePasses() = default;

  /// Luma of a frame -> its copy at work size; see WorkCopyPlan. A frame on a card may still be
  /// read after it returns, see Backend::wait().
  /// @param work (padded_height, padded_width), as in a WorkArray, written
  virtual void read(const LumaView& luma, float* work) = 0;

  /// Begins to look for colours of its own in a frame of a format that has chroma. A frame on a
  /// card may still be read after it returns, see Backend::wait().
  /// @param place 0 .. as many as are measured before the first of them is asked for: where the
  ///   result is kept
  virtual void measure(const InputView& in, int64_t place) = 0;
  /// What measure() found there last.
  virtual ColourMeasure measured(int64_t place) = 0;

  /// Begins to write a whole frame: the luma as LumaCopyPlan says, on the left `look.split` of the
  /// chroma that the frame has of its own, right of it the picture's, brought to the frame by
  /// ChromaUpsample and PackPlan. A code trembles no farther from the last frame's than ChromaHold
  /// says.
  /// @param in nothing of it is needed after it returns, where it lies on the host
  /// @param picture null: it keeps its own chroma throughout
  virtual void write(const InputView& in, const WorkPicture* picture, const CganLook& look,
                     const FrameView& out) = 0;

  /// Until the frame that was begun last is written; once after each write(). What was asked of the
  /// backend meanwhile goes on.
  virtual void complete() = 0;

  /// From now on, of frames on the host, so many that were read at most stay where the backend
  /// computes until they are written; the others are copied there again. Gives memory back.
  /// @param frames at least 1
  virtual void keep(int64_t frames) = 0;

  /// Writes the luma, and chroma without colour. The next frame is written as after forget().
  /// @throws ColorizerError where the frames lie on a card that failed
  virtual void write_neutral(const LumaView& luma, const FrameView& out) = 0;

  /// The next frame is written without regard to the last one, for example after a cut.
  virtual void forget() = 0;

  /// What the next frame is written with regard to.
  virtual void archive(StateArchive& archive) = 0;
};

/// The passes that keep colour steady in time, over pictures at work size, all of them as in a
/// WorkArray: the present one and the past, which is the picture so far with its colours, their age
/// and their drift. Decisions are TemporalFilter's. Thread-safety: one thread at a time.
class TemporalPasses {
 public:
  virtual ~TemporalPasses() = default;

  /// Forgets the grain of a former film.
  virtual void reset() = 0;
  /// The luma of the present picture.
  /// @param luma (height, stride), -1..1
  virtual void take(const float* luma, int64_t stride) = 0;

  /// Finds the motion from the past to the present picture, and how these differ.
  virtual PictureDifference compare() = 0;
  /// The past and the one on the shelf change places.
  virtual void exchange() = 0;

  /// Brings the past along the motion that compare() found last to where it is in the present.
  virtual void compensate() = 0;
  /// After compensate(): share of the picture, 0..1, that has no colour that can be trusted.
  virtual float uncertain_share() = 0;
  /// In its place: there is no colour in the present picture.
  virtual void compensate_nothing() = 0;

  /// Mixes new colours with the compensated, the more of these the surer they lie on the same
  /// thing.
  /// @param chroma (2, height / scale, width / scale)
  /// @param strength 0..1: share of the old colour where it is sure
  virtual void mix(const float* chroma, float strength) = 0;
  /// In its place, without new colours: fills what cannot be trusted from around.
  virtual void fill() = 0;
  /// The present picture becomes the past.
  virtual void remember() = 0;

  enum class Picture { kPast, kPresent };
  /// @return (2, height / scale, width / scale), valid until the next call
  virtual const float* output(Picture picture) = 0;
  /// Frames of the network that the past's colours are worth; compensated: that they are worth in
  /// the present picture, 0 where they do not lie on the same thing.
  /// @param evidence (height / scale, width / scale), written
  virtual void past_evidence(float strength, float* evidence) const = 0;
  virtual void compensated_evidence(float strength, float* evidence) const = 0;

  /// Colours of one picture, and what they are worth; see past_evidence().
  struct Weighed {
    const float* chroma;
    const float* evidence;
  };
  /// The mean of two, by what each is worth; `first` where both are worth nothing.
  /// @return (2, height / scale, width / scale), valid until the next call
  virtual const float* join(const Weighed& first, const Weighed& second) = 0;

  /// A first frame with its colours becomes the past.
  /// @param luma, stride as for take()
  /// @param chroma as for mix()
  virtual void begin(const float* luma, int64_t stride, const float* chroma) = 0;

  /// The grain, and the pictures that count.
  virtual void archive(StateArchive& archive, bool past, bool shelf) = 0;
};

/// The seam: where pixels are computed. Everything that a stream decides is allocated here.
class Backend {
 public:
  virtual ~Backend() = default;

  /// Whether frames may lie there.
  virtual bool takes(CganMemory memory) const = 0;

  /// Whether it computes while the host goes on.
  virtual bool runs_beside_host() const = 0;

  /// @param memory that it takes: where the frames lie
  virtual std::unique_ptr<FramePasses> frame_passes(const FramePlan& plan, CganMemory memory,
                                                    const FramesUnderWay& frames) const = 0;
  /// @param width, height luma pixels, multiples of chroma_scale, positive
  /// @param chroma_scale luma pixels per chroma sample, 1 or 2
  virtual std::unique_ptr<TemporalPasses> temporal_passes(int64_t width, int64_t height,
                                                          int64_t chroma_scale) const = 0;
  /// All 0.
  WorkArray work_array(int64_t count) const { return {allocate(count), FreeWorkArray{this}}; }
  /// Between two places in work arrays.
  virtual void copy(const float* from, int64_t count, float* to) const = 0;
  /// Until what was begun has ended.
  virtual void wait() const = 0;
  /// The CUDA stream in whose order all of this happens; null on the host.
  virtual void* cuda_stream() const = 0;

 private:
  friend FreeWorkArray;
  virtual float* allocate(int64_t count) const = 0;
  virtual void release(float* numbers) const noexcept = 0;
};

inline void FreeWorkArray::operator()(float* numbers) const {
  backend->release(numbers);
}

/// @param pool must outlive the backend and its passes
/// @param set of the loops, which all give the same bits
/// @throws std::invalid_argument where it does not run here
std::unique_ptr<Backend> make_cpu_backend(WorkerPool& pool,
                                          InstructionSet set = best_instruction_set());

/// @param device "cuda:N"
/// @throws ColorizerError: CGAN_ERROR_SETTINGS where this program was built without them, else
///   CGAN_ERROR_DEVICE, CGAN_ERROR_MEMORY
std::unique_ptr<Backend> make_cuda_backend(const std::string& device);

}  // namespace cgan
