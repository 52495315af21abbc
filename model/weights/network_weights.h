#pragma once

#include <string>

#include "model/networks/discriminator.h"
#include "model/networks/patch_discriminator.h"
#include "model/networks/photo_generator.h"
#include "model/networks/report_generator.h"
#include "model/weights/generator_weights.h"
#include "model/weights/weights.h"

/// The way between networks and weights files. A file's tensors bear the names of the module's
/// parameters and of its batch norms' running statistics ("e1.conv.weight",
/// "e1.norm.running_var"); batch counters are left out. The header's `options` hold the fields of
/// the Options struct under their own names.
namespace cgan {

/// What WeightsHeader::architecture says of each discriminator; of generators: generator_weights.h.
constexpr const char kReportDiscriminatorArchitecture[] = "report-discriminator";
constexpr const char kPatchDiscriminatorArchitecture[] = "patch-discriminator";
/// The photo generator's encoder alone, as "efficientnet-lite2-encoder".
std::string encoder_architecture(EfficientNetLite variant);

/// Copies a network into weights: later training does not change them.
/// @param provenance JSON object as text, see weights.h.
Weights to_weights(const ReportGenerator& network, const std::string& provenance);
Weights to_weights(const Discriminator& network, const std::string& provenance);
Weights to_weights(const PhotoGenerator& network, const std::string& provenance);
Weights to_weights(const PatchDiscriminator& network, const std::string& provenance);

/// The options with which a network must be made to take these weights.
/// @throws ModelFileError (kInvalid) for another architecture, missing options or ones that the
///   network refuses.
DiscriminatorOptions discriminator_options(const Weights& weights);
PatchDiscriminatorOptions patch_discriminator_options(const Weights& weights);

/// Copies weights into a network on whatever device it is.
/// @throws ModelFileError (kInvalid) where architecture, names or shapes do not fit; the network
///   is then unchanged.
void load_weights(ReportGenerator& network, const Weights& weights);
void load_weights(Discriminator& network, const Weights& weights);
void load_weights(PhotoGenerator& network, const Weights& weights);
void load_weights(PatchDiscriminator& network, const Weights& weights);

/// Whether these are of an encoder alone, as training/encoder_weights.py writes them.
bool is_encoder(const Weights& weights);
/// Copies these into the encoder; the decoder stays as it is.
/// @throws as load_weights
void load_encoder_weights(PhotoGenerator& network, const Weights& weights);

}  // namespace cgan
