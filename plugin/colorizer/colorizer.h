#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "model/inference/frozen_generator.h"
#include "model/threads/worker_pool.h"
#include "plugin/colorizer/flight/frame_queue.h"
#include "plugin/colorizer/format/frame_view.h"
#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

/// What is fixed for the life of a colorizer, checked.
struct ColorizerSettings {
  std::string model;   ///< Built-in name or path of a .safetensors file.
  std::string device;  ///< "auto", "cpu", "cuda" or "cuda:N".
  CganPrecision precision = CGAN_PRECISION_AUTO;
  int64_t work_size = 0;  ///< Short side of the working copy in pixels; 0: the model's own choice.
  double overlap = 0.5;   ///< Share of a tile's side that neighbours share, 0..0.75; see TileGrid.
  int64_t batch = 0;      ///< Tiles in one call of the network; 0: all of a frame.
  int threads = 0;        ///< CPU threads, 0..256; 0: one per core.
  uint64_t variant = 0;   ///< Seed of another colour scheme; 0: none.
  int64_t lookahead = 0;  ///< Frames that submit() may be ahead of finish(), 0..12.

  /// @throws ColorizerError (CGAN_ERROR_SETTINGS) where a value is outside its range.
  static ColorizerSettings from(const CganSettings& settings);
};

/// A frame's way from luma to chroma, unless its shot keeps a colour of its own: work copy, tiles,
/// generator, blend, steadiness in time, guided upsampling, pack. Everything that the size decides
/// is allocated by set_stream(); a frame allocates nothing but LibTorch's own tensors. The same
/// frames give the same bits at any number of threads and any delay, but for the last digit of a
/// network in floating point. Thread-safety: one thread at a time.
class Colorizer {
 public:
  /// Chooses the device and loads the model.
  /// @throws ColorizerError (CGAN_ERROR_DEVICE, CGAN_ERROR_SETTINGS), ModelFileError, c10::Error
  explicit Colorizer(const ColorizerSettings& settings);
  /// With a generator of the caller's, on the CPU; model, device and precision are not looked at.
  Colorizer(const ColorizerSettings& settings, std::unique_ptr<FrozenGenerator> generator);
  ~Colorizer();

  /// Allocates, and runs the network once so that its first-run cost does not fall on a frame.
  /// Strong guarantee: on a throw the former stream goes on.
  /// @throws ColorizerError (CGAN_ERROR_FRAME), c10::Error, std::bad_alloc
  void set_stream(const CganStreamInfo& info);

  /// Forgets the frames so far, those that wait as well, after a jump in the stream. Does not
  /// throw.
  void reset();

  /// Colours one frame, or keeps its own colour. In place where out.data[0] == in.data[0]: luma is
  /// not touched. On a throw after the frame was found sound, the output holds luma and neutral
  /// chroma.
  /// @throws ColorizerError, also (CGAN_ERROR_FRAME) where a frame waits; c10::Error,
  /// std::bad_alloc
  void colorize(const CganFrame& in, const CganFrame& out, const CganLook& look);

  /// The first half of colorize() for frames that wait for later ones: takes in what is needed of
  /// the next frame, which then waits for finish(). On a throw it does not.
  /// @throws as colorize(); ColorizerError (CGAN_ERROR_SETTINGS) where lookahead + delay + 1 frames
  ///   wait already
  void submit(const CganFrame& in, const CganLook& look);

  /// The second half, for the earliest frame that waits; on a throw it waits no longer. What its
  /// network threw since submit() is thrown here.
  /// @param in the frame that was submitted
  /// @param look strength, saturation, temporal, cut_threshold, warmth and split count here
  /// @throws as colorize(); ColorizerError (CGAN_ERROR_FRAME) where no frame waits
  void finish(const CganFrame& in, const CganFrame& out, const CganLook& look);

  /// In place of finish(): the earliest frame gets no colour.
  /// @throws ColorizerError (CGAN_ERROR_FRAME) where no frame waits
  void let_go();

  /// See the C interface.
  uint32_t best_delay() const;

  const CganCounts& counts() const { return counts_; }   ///< Since set_stream().
  const std::string& device() const { return device_; }  ///< "cpu" or "cuda:N".
  /// What speaks against the precision, with the remedy; empty: nothing.
  const std::string& warning() const { return warning_; }
  const std::string& precision() const { return precision_; }  ///< "fp32", "bf16", "fp16", "int8".

 private:
  struct Stream;

  Stream& stream();
  Stream& waiting();
  void enter(const LumaView& luma, const ChromaView& chroma, const CganLook& look,
             FrameQueue::Start start);
  template <typename Enter>
  void paint(const CganFrame& in, const CganFrame& out, const CganLook& look, const Enter& enter);

  ColorizerSettings settings_;
  WorkerPool pool_;
  std::string device_ = "cpu", precision_ = "fp32", warning_;
  std::unique_ptr<FrozenGenerator> generator_;
  std::unique_ptr<Stream> stream_;
  CganCounts counts_ = {};
};

}  // namespace cgan
