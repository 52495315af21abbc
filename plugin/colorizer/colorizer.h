#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/inference/frozen_generator.h"
#include "model/threads/worker_pool.h"
#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/flight/frame_queue.h"
#include "plugin/colorizer/interface/colorizer_interface.h"
#include "plugin/colorizer/network/placement.h"
#include "plugin/colorizer/network/tiled_network.h"

namespace cgan {

/// A frame's way from luma to chroma, unless its shot keeps a colour of its own: work copy, tiles,
/// generator, blend, steadiness in time, guided upsampling, pack. Everything that the size decides
/// is allocated by set_stream(); a frame allocates nothing but the network's own memory. The same
/// frames give the same bits at any number of threads and any delay, but for the last digit of a
/// network in floating point. Thread-safety: one thread at a time.
class Colorizer {
 public:
  /// Chooses the device and loads the model. The strings are not looked at afterwards.
  /// @throws ColorizerError (CGAN_ERROR_DEVICE, CGAN_ERROR_SETTINGS), ModelFileError, c10::Error
  explicit Colorizer(const CganSettings& settings);
  /// With a generator of the caller's, on the CPU; model, device and precision are not looked at.
  /// @param backend null: the CPU's
  Colorizer(const CganSettings& settings, std::unique_ptr<FrozenGenerator> generator,
            std::unique_ptr<Backend> backend = nullptr);
  ~Colorizer();

  /// Allocates, and runs the network once so that its first-run cost does not fall on a frame.
  /// Strong guarantee: on a throw the former stream goes on.
  /// @throws ColorizerError (CGAN_ERROR_FRAME), c10::Error, std::bad_alloc
  void set_stream(const CganStreamInfo& info);

  /// Forgets the frames so far, those that wait as well, after a jump in the stream.
  /// @throws ColorizerError (CGAN_ERROR_DEVICE) where passes run on a card that failed
  void reset();

  /// Colours one frame, or keeps its own colour. In place where out.data[0] == in.data[0]: luma is
  /// not touched. On a throw after the frame was found sound, the output holds luma and neutral
  /// chroma.
  /// @throws ColorizerError, also (CGAN_ERROR_FRAME) where a frame waits; c10::Error,
  ///   std::bad_alloc
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
  bool takes(CganMemory memory) const { return backend_->takes(memory); }
  void mark() { is_marked_ = true; }
  const std::vector<uint8_t>& state() const { return state_; }  ///< Empty: there is none.
  bool changes_shot() const { return changes_shot_; }
  /// @throws ColorizerError (CGAN_ERROR_FRAME): the stream is then as after reset()
  void restore(const void* state, size_t size);

  const CganCounts& counts() const { return counts_; }   ///< Since set_stream().
  const std::string& device() const { return device_; }  ///< "cpu" or "cuda:N".
  /// What speaks against the precision, with the remedy; empty: nothing.
  const std::string& warning() const { return placement_.warning; }
  /// See the C interface; empty: nothing. Valid until the next call of it.
  const std::string& take_notice();
  /// "fp32", "bf16", "fp16" or "int8".
  const std::string& precision() const { return placement_.precision_name; }

 private:
  struct Stream;

  Stream& stream();
  Stream& waiting();
  void check_memory(CganMemory memory) const;
  std::shared_ptr<PictureNetwork> make_network(Stream& stream);
  std::unique_ptr<Stream> make_stream(const CganStreamInfo& info);
  void finish_reading() const noexcept;
  void keep_state(const FrameQueue::Coloured& work, bool forgets);
  void enter(const InputView& in, CganScan scan, const CganLook& look, FrameQueue::Start start);
  template <typename Enter>
  void paint(const CganFrame& in, const CganFrame& out, const CganLook& look, const Enter& enter);

  const CganSettings settings_;
  WorkerPool pool_;
  Placement placement_;
  std::string device_ = "cpu";
  std::unique_ptr<Backend> backend_;
  std::shared_ptr<FrozenGenerator>
      generator_;  ///< Of all colorizers on a card that have the model.
  std::unique_ptr<Stream> stream_;
  CganCounts counts_ = {};
  bool is_marked_ = false;      ///< The next frame.
  std::vector<uint8_t> state_;  ///< Of the frame last coloured.
  bool changes_shot_ = false;   ///< The same.
  std::string notice_, taken_notice_;
};

}  // namespace cgan
