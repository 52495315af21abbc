#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <utility>

#include "model/threads/serial_libtorch.h"
#include "plugin/colorizer/colorizer_stream.h"
#include "plugin/colorizer/interface/checks.h"
#include "plugin/colorizer/interface/colorizer_error.h"
#include "plugin/colorizer/network/card_network.h"
#include "plugin/colorizer/network/device_errors.h"
#include "plugin/colorizer/network/host_network.h"
#include "plugin/colorizer/network/memory_steps.h"
#include "plugin/colorizer/network/shared_generators.h"

namespace cgan {
namespace {

const CganSettings& checked(const CganSettings& settings) {
  check(settings);
  return settings;
}

int thread_count(uint32_t asked) {
  return asked > 0 ? static_cast<int>(asked) : std::min(available_processors(), CGAN_MOST_THREADS);
}

std::shared_ptr<FrozenGenerator> load(const Weights& weights, const Placement& placement,
                                      uint64_t variant) {
  const c10::InferenceMode inference;
  // Folding weights would wake a team of OpenMP threads that nobody needs afterwards.
  const SerialLibTorch serial;
  FrozenGenerator::Options options;
  options.device = placement.device;
  options.type = placement.type;
  options.variant = variant;
  const auto create = [&] {
    return on_device(placement.device, [&] { return FrozenGenerator::create(weights, options); });
  };
  if (placement.device.is_cpu()) return create();
  return shared_generator(weights, options, create);
}

}  // namespace

Colorizer::Colorizer(const CganSettings& settings)
    : settings_(checked(settings)), pool_(thread_count(settings.threads)) {
  const Weights weights = read_weights(find_weights(settings.model));
  placement_ = choose_placement(settings.device == nullptr ? CGAN_DEFAULT_DEVICE : settings.device,
                                settings.precision, weights);
  placement_.runs_network = settings.shots_only == 0;
  device_ = placement_.device.str();
  generator_ = load(weights, placement_, settings.variant);
  const bool has_card = settings.device_passes != 0 && placement_.device.is_cuda();
  backend_ = has_card ? make_cuda_backend(device_) : make_cpu_backend(pool_);
}

Colorizer::Colorizer(const CganSettings& settings, std::unique_ptr<FrozenGenerator> generator,
                     std::unique_ptr<Backend> backend)
    : settings_(settings),
      pool_(thread_count(settings.threads)),
      backend_(backend == nullptr ? make_cpu_backend(pool_) : std::move(backend)),
      generator_(std::move(generator)) {
  placement_.runs_network = settings.shots_only == 0;
}

Colorizer::~Colorizer() {
  finish_reading();
}

void Colorizer::check_memory(CganMemory memory) const {
  if (memory != CGAN_MEMORY_HOST && memory != CGAN_MEMORY_CUDA) {
    refuse_frame("Where the frames lie is unknown; pass them in host or CUDA memory.",
                 "memory " + std::to_string(static_cast<int>(memory)));
  }
  if (takes(memory)) return;
  throw ColorizerError(CGAN_ERROR_SETTINGS,
                       "Frames on a CUDA card need the passes over frames there; use device=cuda "
                       "with device-passes=true, or pass frames in host memory.",
                       "device " + device_);
}

std::shared_ptr<PictureNetwork> Colorizer::make_network(Stream& stream) {
  void* const cuda_stream = backend_->cuda_stream();
  if (cuda_stream == nullptr)
    return std::make_shared<HostNetwork>(stream.network, pool_, placement_);
  return make_card_network(stream.network, placement_, cuda_stream, settings_.batch, notice_,
                           [&stream] { return stream.give_up_frames(); });
}

/// With as many frames on a card as there is memory for.
std::unique_ptr<Colorizer::Stream> Colorizer::make_stream(const CganStreamInfo& info) {
  const StreamFormat format = StreamFormat::from(info);
  const int64_t short_side =
      settings_.work_size > 0 ? settings_.work_size : generator_->short_side();
  const WorkSize size =
      work_size_for(format.width, format.height, short_side, TiledNetwork::rule(*generator_));
  std::string notices;
  for (OnCard on_card = Stream::most_on_card(info, *this);;) {
    try {
      auto stream = std::make_unique<Stream>(format, info, size, on_card, *this);
      notice_ = notices;
      return stream;
    } catch (const ColorizerError& error) {
      if (error.kind != CGAN_ERROR_MEMORY || on_card == OnCard::kOne) throw;
    } catch (const c10::Error& error) {
      if (!is_out_of_memory(error) || on_card == OnCard::kOne) throw;
    }
    add_notice(notices, Stream::lessen(on_card, info.delay));
  }
}

void Colorizer::set_stream(const CganStreamInfo& info) {
  check_memory(info.memory);
  const c10::InferenceMode inference;
  const SerialLibTorch serial;
  std::unique_ptr<Stream> stream = make_stream(info);
  stream->frames.warm_up();  // then frames that wait have been read, too
  stream_ = std::move(stream);
  counts_ = {};
}

uint32_t Colorizer::best_delay() const {
  constexpr int kMost = 16;  // each holds a frame and the memory of a network
  if (backend_->runs_beside_host()) return 1;
  const bool is_worth_it = placement_.device.is_cpu() && pool_.threads() > 1;
  return is_worth_it ? static_cast<uint32_t>(std::min(pool_.threads(), kMost)) : 0;
}

}  // namespace cgan
