#include "plugin/colorizer/network/card_network.h"

#include <ATen/cuda/CUDAGraph.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/nan_to_num.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/version.h>

#include <optional>

#include "plugin/colorizer/cuda/cuda_device.h"
#include "plugin/colorizer/network/device_errors.h"
#include "plugin/colorizer/network/memory_steps.h"
#include "plugin/colorizer/network/tensor_network.h"

namespace cgan {
namespace {

/// Only what this thread does meanwhile is recorded: other elements go on.
void begin_recording(at::cuda::CUDAGraph& graph) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 1)
  graph.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
#else
  graph.capture_begin();
#endif
}

class CardNetwork : public PictureNetwork {
 public:
  CardNetwork(const TiledNetwork& network, const Placement& place, cudaStream_t stream,
              int64_t batch, std::string& notices, std::function<std::string()> give_up_frames)
      : network_(network),
        place_(place),
        stream_(c10::cuda::getStreamFromExternal(stream, place.device.index())),
        steps_(
            batch > 0 ? std::min(batch, network.fine().grid.count()) : network.fine().grid.count(),
            std::move(give_up_frames)),
        notices_(notices) {
    on_device(place_.device, [&] {
      const c10::InferenceMode inference;
      const c10::cuda::CUDAStreamGuard guard(stream_);
      const auto numbers = at::TensorOptions(c10::kFloat).device(place_.device);
      luma_ = at::zeros({1, 1, network.height(), network.width()}, numbers);
      chroma_ = at::zeros({1, 2, network.chroma_height(), network.chroma_width()}, numbers);
      vividness_ = at::zeros({}, numbers);
      has_failed_ = at::zeros({}, numbers.dtype(c10::kBool));
      failed_on_host_ = at::empty({kRunsKnown}, at::TensorOptions(c10::kBool).pinned_memory(true));
      tensors_.emplace(network_, place_.device, steps_.tiles());
    });
  }

  int64_t colour(const float* luma, double vividness) override {
    on_device(place_.device, [&] {
      const c10::InferenceMode inference;
      const c10::cuda::CUDAStreamGuard guard(stream_);
      cuda::check(cudaMemcpyAsync(luma_.data_ptr<float>(), luma, luma_.numel() * sizeof(float),
                                  cudaMemcpyDeviceToDevice, stream_.stream()));
      if (vividness != wanted_) vividness_.fill_(vividness);
      wanted_ = vividness;
      run_within_memory(
          steps_, [&] { attempt(); }, [&](const std::string& notice) { give_way(notice); });
      cuda::check(cudaMemcpyAsync(failed_on_host(runs_), has_failed_.data_ptr<bool>(), sizeof(bool),
                                  cudaMemcpyDeviceToHost, stream_.stream()));
    });
    return runs_++;
  }

  const float* chroma() const override { return chroma_.data_ptr<float>(); }

  void check(int64_t run) override {
    if (*failed_on_host(run)) refuse_colours(place_);
  }

 private:
  bool* failed_on_host(int64_t run) const {
    return failed_on_host_.data_ptr<bool>() + run % kRunsKnown;
  }

  void attempt() {
    if (!steps_.records()) return play();
    if (graph_ == nullptr) record();
    graph_->replay();
  }

  /// Luma and vividness -> chroma.
  void play() {
    const auto chroma = tensors_->colour(luma_, vividness_);
    has_failed_.copy_(at::isfinite(chroma).all().logical_not());
    // What is no number would spread in time.
    chroma_.copy_(at::nan_to_num(chroma, 0.0, 0.0, 0.0));
  }

  void record() {
    // What libraries set up when they first run cannot be recorded.
    for (int run = 0; run < kRunsBefore; ++run) play();
    cuda::check(cudaStreamSynchronize(stream_.stream()));
    auto graph = std::make_unique<at::cuda::CUDAGraph>();
    begin_recording(*graph);
    try {
      play();
    } catch (...) {
      try {
        graph->capture_end();
      } catch (const c10::Error&) {  // what was thrown first is the cause
      }
      throw;
    }
    graph->capture_end();
    graph_ = std::move(graph);
  }

  void give_way(const std::string& notice) {
    graph_.reset();
    cuda::check(cudaStreamSynchronize(stream_.stream()));
    c10::cuda::CUDACachingAllocator::emptyCache();
    tensors_.emplace(network_, place_.device, steps_.tiles());
    add_notice(notices_, notice);
  }

  static constexpr int kRunsBefore = 2;

  const TiledNetwork& network_;
  const Placement place_;
  c10::cuda::CUDAStream stream_;
  MemorySteps steps_;
  std::string& notices_;
  at::Tensor luma_, vividness_, chroma_;
  at::Tensor has_failed_;      ///< (), bool: the last run.
  at::Tensor failed_on_host_;  ///< (kRunsKnown), bool, pinned: the last ones, in turn.
  int64_t runs_ = 0;
  double wanted_ = 0.0;  ///< What vividness_ holds.
  std::optional<TensorNetwork> tensors_;
  std::unique_ptr<at::cuda::CUDAGraph> graph_;
};

}  // namespace

std::shared_ptr<PictureNetwork> make_card_network(const TiledNetwork& network,
                                                  const Placement& place, void* stream,
                                                  int64_t batch, std::string& notices,
                                                  std::function<std::string()> give_up_frames) {
  return std::make_shared<CardNetwork>(network, place, static_cast<cudaStream_t>(stream), batch,
                                       notices, std::move(give_up_frames));
}

}  // namespace cgan
