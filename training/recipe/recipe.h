#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "model/networks/discriminator_options.h"
#include "model/networks/generator_options.h"

namespace cgan {

struct Augmentation;

/// Every number that decides what training does: two runs with the same recipe, data and LibTorch
/// give the same weights. Printed at start, stored in checkpoints and in the weights' provenance.
/// The values here are those of `--recipe report`: the report's own (Adam 1e-4, batch 50, binary
/// cross-entropy, L1, cosine distance, reverse training).
struct Recipe {
  std::string name = "report";  ///< Which table of values the run began from.

  // The run
  int64_t seed = 1;     ///< Seed of everything random.
  int64_t epochs = 60;  ///< Times that the training set is gone through; > 0.
  int64_t batch = 50;   ///< Pictures per step; >= 2 per worker.
  int64_t workers = 0;  ///< Shares of a batch worked on at the same time; 0: one per core.

  // The networks
  std::string network = "report";  ///< or "photo": encoder that knows ImageNet, patch discriminator
  std::string encoder = "efficientnet-lite0";  ///< Of "photo"; or "efficientnet-lite2".
  int64_t tile = 32;  ///< Side of the pictures; a multiple of 16, of 32 for "photo".
  /// Generator: e0..e4 of "report", bottleneck and four decoder stages of "photo".
  std::vector<int64_t> widths = {64, 128, 256, 512, 512};
  /// "plain", the one that belongs to the network; or "projected", heads on a frozen network's
  /// maps.
  std::string discriminator = "plain";
  std::vector<int64_t> d_widths = {64, 128, 256,
                                   512};  ///< Discriminator, c1..c4; "projected": the first.
  int64_t d_hidden = 128;                 ///< Discriminator, f1.
  std::string upsampling = "transposed";  ///< or "subpixel"
  double dropout = 0.5;        ///< Report: in d1 and d2; photo: of the encoder's channels; [0, 1).
  bool spectral_norm = false;  ///< Discriminator's weights divided by their largest singular value.

  // Adam
  double lr = 1e-4;                   ///< Learning rate of the generator.
  double d_lr = 1e-4;                 ///< Learning rate of the discriminator.
  double beta1 = 0.9;                 ///< Generator and discriminator.
  double beta2 = 0.999;               ///< Generator and discriminator.
  double weight_decay = 0;            ///< Decoupled, of the generator.
  double encoder_lr = 0.1;            ///< Rate of a trained encoder as a share of lr.
  double encoder_from = 0;            ///< Epoch before which a trained encoder is frozen.
  int64_t encoder_frozen = 0;         ///< Its taps, from the finest on, that never learn; 0..5.
  std::string schedule = "constant";  ///< or "cosine": falls to lr_final * lr over the epochs.
  double warmup = 0;                  ///< Epochs over which the rates rise from 0.
  double lr_final = 0.01;             ///< Last rate of "cosine" as a share of the first.
  double ema = 0.999;  ///< Decay per step of the averaged generator that is exported; [0, 1).

  // The generator's loss: weights of its terms
  double adversarial = 1;          ///< -log D(G)
  double l1 = 100;                 ///< |G - y|, always of the generator's own picture
  bool keep_luma = false;          ///< D and the other terms see the input's luma with G's chroma.
  double cosine = 10;              ///< 1 - cos(G, y)
  double chroma = 0;               ///< |G - y| in Cb and Cr
  std::string chroma_norm = "l1";  ///< or "smooth"
  double chroma_beta = 0.05;       ///< Difference from which "smooth" is linear; > 0.
  double match = 0;                ///< 1 - exp(-d^2 / (2 match_scale^2)) in Lab's ab plane
  double match_scale = 8;          ///< Lab units; > 0
  double aux_class = 0;          ///< Cross-entropy of the class, from the encoder's last features.
  double farther_than_grey = 0;  ///< Share of the pictures that grey would be nearer to, softly.
  double colourfulness = 0;      ///< max(0, colourfulness_share - CF(G) / CF(y))
  double colourfulness_share = 0.8;  ///< of the originals' that is enough; > 0
  double colourfulness_power = 1;    ///< of the mean over pictures, see colourfulness_loss(); > 0
  double consistency = 0;            ///< Between two moments of a scene; needs pairs.
  double perceptual = 0;             ///< Distance in the features of a classifier.
  double recognition = 0;            ///< Divergence of the classes that it sees.
  double feature_matching = 0;       ///< Distance in what a projected discriminator knows.
  std::string reverse = "spread";    ///< "off", "spread" or "ascent"
  double reverse_weight = 1;         ///< Of the spread term or of the ascent.
  int64_t reverse_every = 10;        ///< "ascent": every so many steps.
  double reverse_limit = 0.3;        ///< "ascent": distance beyond which nothing is asked for.

  // The game
  std::string adversarial_loss = "bce";  ///< or "hinge"
  double adversarial_from = 0;           ///< Epoch before which the discriminator does not exist.
  double label_smoothing = 0;            ///< Originals are labelled 1 - this; "bce" only; [0, 0.5).
  double d_floor = 0;  ///< The discriminator rests in steps where its loss is below.

  // The pictures
  std::vector<std::string> augment;  ///< of "flip", "shift", "crop"
  int64_t shift = 2;                 ///< Largest shift in pixels.
  double zoom = 1;                   ///< Squares of 1/zoom to zoom tiles are scaled to one; >= 1.
  double old_film = 0;               ///< Strength of age in the input, 0..1.
  double pairs = 0;                  ///< Share of pictures that come with a second moment, 0..1.
  double vividness = 0;  ///< Share of pictures whose vividness the generator is told, 0..1.

  ReportGeneratorOptions generator_options() const;
  PhotoGeneratorOptions photo_generator_options() const;
  DiscriminatorOptions discriminator_options() const;
  PatchDiscriminatorOptions patch_discriminator_options() const;
  Augmentation augmentation() const;

  /// Factor of the learning rates in a step. @param progress epochs done, with fractions
  double rate_factor(double progress) const;

  /// @throws std::invalid_argument with the first value that is outside its range.
  void validate() const;
};

/// The values of a named recipe. @throws std::invalid_argument for an unknown name.
Recipe recipe_from_name(const std::string& name);

nlohmann::json to_json(const Recipe& recipe);
/// A missing field keeps its default. @throws std::invalid_argument for a value of another type.
Recipe recipe_from_json(const nlohmann::json& json);

/// Calls visit(name, field, description) for every field but `name`: the one list from which
/// command line, JSON and print-out are made.
template <class R, class Visitor>
void visit_fields(R& r, Visitor&& visit) {
  visit("seed", r.seed, "Seed of everything random");
  visit("epochs", r.epochs, "Times that the training set is gone through");
  visit("batch", r.batch, "Pictures per step");
  visit("workers", r.workers, "Shares of a batch worked on at the same time (0: one per core)");
  visit("network", r.network, "report or photo");
  visit("encoder", r.encoder, "Encoder of photo: efficientnet-lite0 or efficientnet-lite2");
  visit("tile", r.tile, "Side of the pictures in pixels, a multiple of 16 (photo: 32)");
  visit("widths", r.widths, "Channels of the generator, five numbers");
  visit("discriminator", r.discriminator, "plain, or projected: heads on --projection's maps");
  visit("d_widths", r.d_widths, "Channels of the discriminator's c1,c2,c3,c4 (projected: c1)");
  visit("d_hidden", r.d_hidden, "Width of the discriminator's dense layer");
  visit("upsampling", r.upsampling, "transposed or subpixel");
  visit("dropout", r.dropout,
        "Probability of dropout in d1 and d2 (photo: of the encoder's channels)");
  visit("spectral_norm", r.spectral_norm, "Spectral norm of the discriminator (true, false)");
  visit("lr", r.lr, "Learning rate of the generator");
  visit("d_lr", r.d_lr, "Learning rate of the discriminator");
  visit("beta1", r.beta1, "Adam's beta 1");
  visit("beta2", r.beta2, "Adam's beta 2");
  visit("weight_decay", r.weight_decay, "Decoupled weight decay of the generator");
  visit("encoder_lr", r.encoder_lr, "Rate of a trained encoder, share of --lr");
  visit("encoder_from", r.encoder_from, "Epoch before which a trained encoder is frozen");
  visit("encoder_frozen", r.encoder_frozen,
        "Resolutions of a trained encoder, from the finest on, that never learn, 0..5");
  visit("schedule", r.schedule, "Learning rate over the epochs: constant or cosine");
  visit("warmup", r.warmup, "Epochs over which the learning rates rise from 0");
  visit("lr_final", r.lr_final, "Last learning rate of cosine, share of the first");
  visit("ema", r.ema, "Decay per step of the averaged weights that are exported");
  visit("adversarial", r.adversarial, "Weight of the adversarial term (0: no discriminator)");
  visit("l1", r.l1, "Weight of the L1 distance");
  visit("keep_luma", r.keep_luma,
        "All but L1 see the input's luma with the generator's chroma (true, false)");
  visit("cosine", r.cosine, "Weight of the cosine distance");
  visit("chroma", r.chroma, "Weight of the distance in Cb and Cr");
  visit("chroma_norm", r.chroma_norm, "Norm of the chroma term: l1 or smooth");
  visit("chroma_beta", r.chroma_beta, "Difference from which smooth is linear");
  visit("match", r.match, "Weight of the robust distance in Lab's ab plane");
  visit("match_scale", r.match_scale, "Distance from which that counts as a miss, Lab units");
  visit("aux_class", r.aux_class, "Weight of the class as an auxiliary task");
  visit("farther_than_grey", r.farther_than_grey,
        "Weight of the share of pictures that grey would be nearer to");
  visit("colourfulness", r.colourfulness, "Weight of the lack of colourfulness");
  visit("colourfulness_share", r.colourfulness_share, "Of the originals' that is enough");
  visit("colourfulness_power", r.colourfulness_power,
        "Mean over pictures: 1 asks all for as much more, 2 more of those that have more");
  visit("consistency", r.consistency, "Weight of the change between two moments of a scene");
  visit("perceptual_weight", r.perceptual, "Weight of the distance in features of --perceptual");
  visit("recognition", r.recognition, "Weight of the divergence of the classes that it sees");
  visit("feature_matching", r.feature_matching,
        "Weight of the distance in the maps that the projected discriminator judges by");
  visit("reverse", r.reverse, "Reverse training: off, spread or ascent");
  visit("reverse_weight", r.reverse_weight, "Weight of reverse training");
  visit("reverse_every", r.reverse_every, "Ascent: every so many steps");
  visit("reverse_limit", r.reverse_limit, "Ascent: distance beyond which nothing is asked for");
  visit("adversarial_loss", r.adversarial_loss, "bce or hinge");
  visit("adversarial_from", r.adversarial_from, "Epoch in which the adversarial game starts");
  visit("label_smoothing", r.label_smoothing, "Originals are labelled 1 minus this (bce)");
  visit("d_floor", r.d_floor, "The discriminator rests in steps where its loss is below");
  visit("augment", r.augment, "Any of flip, shift, crop, separated by commas");
  visit("shift", r.shift, "Largest shift in pixels");
  visit("zoom", r.zoom, "Squares from 1 / this to this many tiles wide are scaled to one");
  visit("old_film", r.old_film, "Strength of grain, scratches, blur ... in the input, 0..1");
  visit("pairs", r.pairs, "Share of pictures that come with a second moment");
  visit("vividness", r.vividness, "Share of pictures whose vividness the generator is told");
}

}  // namespace cgan
