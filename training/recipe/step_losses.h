#pragma once

namespace cgan {

/// What one step measured, as means over the batch. Terms are without their weight; a term of
/// weight 0 is not computed and reads 0.
struct StepLosses {
  double generator = 0;  ///< the weighted sum that G minimised
  double adversarial = 0, l1 = 0, cosine = 0, chroma = 0, match = 0, reverse = 0, aux_class = 0;
  double farther_than_grey = 0, colourfulness = 0, consistency = 0, perceptual = 0;
  double recognition = 0, feature_matching = 0;
  double discriminator = 0;          ///< J_D before D's update; 0 before the game starts
  double d_original = 0;             ///< share of originals that D took for originals
  double d_generated = 0;            ///< share of generated pictures that D saw through
  double d_cross_entropy = 0;        ///< of D's answers, mean over both kinds; log(2): it guesses
  bool discriminator_moved = false;  ///< false: D does not exist yet or rested
};

/// A number of StepLosses with its name in the log.
struct StepReading {
  const char* name;
  double StepLosses::*value;
};

/// Everything that G's half of a step measures.
constexpr StepReading kGeneratorReadings[] = {
    {"generator", &StepLosses::generator},
    {"adversarial", &StepLosses::adversarial},
    {"l1", &StepLosses::l1},
    {"cosine", &StepLosses::cosine},
    {"chroma", &StepLosses::chroma},
    {"match", &StepLosses::match},
    {"reverse", &StepLosses::reverse},
    {"aux_class", &StepLosses::aux_class},
    {"farther_than_grey", &StepLosses::farther_than_grey},
    {"colourfulness", &StepLosses::colourfulness},
    {"consistency", &StepLosses::consistency},
    {"perceptual", &StepLosses::perceptual},
    {"recognition", &StepLosses::recognition},
    {"feature_matching", &StepLosses::feature_matching},
};

/// The same for D's half.
constexpr StepReading kDiscriminatorReadings[] = {
    {"discriminator", &StepLosses::discriminator},
    {"d_original", &StepLosses::d_original},
    {"d_generated", &StepLosses::d_generated},
    {"d_cross_entropy", &StepLosses::d_cross_entropy},
};

}  // namespace cgan
