#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "plugin/colorizer/network/picture_network.h"
#include "plugin/colorizer/network/placement.h"
#include "plugin/colorizer/network/tiled_network.h"

namespace cgan {

/// Picture and colours lie on the card and nothing crosses to the host. The network is recorded as
/// a CUDA graph when it first runs; where memory is short it gives up what MemorySteps says. A call
/// of colour() returns before the card is through, and allocates nothing once it has run.
/// @param network must outlive it
/// @param stream the CUDA stream that it runs on, of place.device
/// @param batch tiles in one call of the network at most; 0: all
/// @param notices must outlive it: a sentence is added for each thing that is given up
/// @param give_up_frames see MemorySteps
/// @throws ColorizerError (CGAN_ERROR_SETTINGS) where this program was built without CUDA
std::shared_ptr<PictureNetwork> make_card_network(const TiledNetwork& network,
                                                  const Placement& place, void* stream,
                                                  int64_t batch, std::string& notices,
                                                  std::function<std::string()> give_up_frames = {});

}  // namespace cgan
