#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <cstdint>
#include <memory>

#include "model/inference/workspace.h"
#include "model/kernels/instruction_set.h"
#include "model/weights/weights.h"

namespace cgan {

/// Inference form of a trained generator: batch norm folded into the convolutions, data type,
/// device and memory format (channels_last) fixed, no autograd. Whatever the network puts out,
/// this gives chroma: Cb and Cr of BT.601, full scale.
/// Thread-safety: const after construction; several threads may colour at the same time, each with
/// a workspace of its own.
class FrozenGenerator {
 public:
  struct Options {
    c10::Device device = c10::kCPU;
    /// kFloat, kBFloat16; kHalf on CUDA only; kQInt8 on the CPU only: int8, for weights that are
    /// calibrated (activation_ranges.h).
    c10::ScalarType type = c10::kFloat;
    /// Seed of one disturbance that all tiles of a stream share: other seeds give other colour
    /// schemes of the same picture. In the report's network it is a dropout mask, in the photo
    /// generator a vector added to the bottleneck. 0: none.
    uint64_t variant = 0;
    /// Of kernels on the CPU; one that runs here.
    InstructionSet instruction_set = best_instruction_set();
  };

  /// @throws ModelFileError (kInvalid) where architecture, options, names or shapes do not fit;
  ///   std::invalid_argument where `options.type` does not run on `options.device`.
  static std::unique_ptr<FrozenGenerator> create(const Weights& weights, const Options& options);
  virtual ~FrozenGenerator() = default;

  /// @param luma (N, 1, H, W), Y' of BT.601 or the frame's own, -1..1, float32, any device; H and W
  ///   multiples of multiple(). The report's network takes squares of at most tile(), the photo
  ///   generator any rectangle.
  /// @param vividness how colourful the pictures shall be, -1 muted, 0 average .. 1 vivid: an input
  ///   of the photo generator, which a network without such an input ignores
  /// @param workspace the threads and the memory to use; nothing in it is kept
  /// @return (N, 2, H/s, W/s) with s = chroma_scale(): Cb, Cr, -0.5..0.5, float32,
  ///   contiguous, on the generator's device. It is an inference tensor: a caller who changes it in
  ///   place does so under c10::InferenceMode.
  /// @throws std::invalid_argument for luma of another shape and another vividness.
  at::Tensor chroma(const at::Tensor& luma, double vividness, Workspace& workspace) const;
  /// The same in the calling thread alone.
  at::Tensor chroma(const at::Tensor& luma, double vividness = 0) const;
  /// The same in operations of LibTorch alone, of a generator that has such: on CUDA none of them
  /// waits for the card, so that they may be recorded once and played again.
  /// @param luma on the generator's device
  /// @param vividness one number, (), float32, there; it is not checked
  virtual at::Tensor chroma_there(const at::Tensor& luma, const at::Tensor& vividness) const;

  /// Side of the largest square that the network is given, in pixels.
  virtual int64_t tile() const = 0;
  /// Short side of a frame's working copy that suits the network, in pixels.
  virtual int64_t short_side() const = 0;
  /// Side of the squares that the network colours without knowing of each other; divides tile().
  /// Where kernel and stride are equal throughout, as in the report's network, that is the square
  /// under one pixel of the bottleneck (16), and the colours step from one to the next. Frames are
  /// therefore cut into tiles of this side, whose windows hide the step. The photo generator sees
  /// its whole input at once, whatever its size: its field is its tile.
  virtual int64_t field() const = 0;
  /// Sides of luma are multiples of this; divides tile().
  virtual int64_t multiple() const = 0;
  /// Luma pixels per chroma pixel along one side: 1 or 2.
  virtual int64_t chroma_scale() const = 0;

 protected:
  /// chroma() of a vividness that is one.
  virtual at::Tensor colour(const at::Tensor& luma, double vividness,
                            Workspace& workspace) const = 0;
};

}  // namespace cgan
