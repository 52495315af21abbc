#include "training/recipe/recipe.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "training/data/batches.h"
#include "training/losses/adversarial.h"
#include "training/losses/colour_terms.h"
#include "training/losses/reverse.h"

namespace cgan {
namespace {

constexpr double kPi = 3.14159265358979323846;

void require(bool holds, const std::string& sentence) {
  if (!holds) throw std::invalid_argument(sentence);
}

// A checkpoint older than a field goes on with the field's default.
template <class T>
void read_field(const nlohmann::json& json, const char* name, T& field) {
  if (json.is_object() && !json.contains(name)) return;
  try {
    json.at(name).get_to(field);
  } catch (const nlohmann::json::exception&) {
    throw std::invalid_argument("the stored recipe has no usable value for '" + std::string(name) +
                                "'; it was written by another version of the trainer");
  }
}

}  // namespace

ReportGeneratorOptions Recipe::generator_options() const {
  ReportGeneratorOptions options;
  options.tile = tile;
  std::copy_n(widths.begin(), options.widths.size(), options.widths.begin());
  options.upsampling = upsampling_from_string(upsampling);
  options.dropout = dropout;
  return options;
}

PhotoGeneratorOptions Recipe::photo_generator_options() const {
  PhotoGeneratorOptions options;
  options.encoder = efficientnet_lite_from_string(encoder);
  std::copy_n(widths.begin(), options.widths.size(), options.widths.begin());
  return options;
}

DiscriminatorOptions Recipe::discriminator_options() const {
  DiscriminatorOptions options;
  options.tile = tile;
  std::copy_n(d_widths.begin(), options.widths.size(), options.widths.begin());
  options.hidden = d_hidden;
  return options;
}

PatchDiscriminatorOptions Recipe::patch_discriminator_options() const {
  PatchDiscriminatorOptions options;
  std::copy_n(d_widths.begin(), options.widths.size(), options.widths.begin());
  return options;
}

Augmentation Recipe::augmentation() const {
  const auto has = [&](const char* name) {
    return std::find(augment.begin(), augment.end(), name) != augment.end();
  };
  Augmentation result;
  result.flip = has("flip");
  result.shift = has("shift") ? shift : 0;
  result.crop = has("crop");
  result.zoom = zoom;
  result.old_film.strength = old_film;
  result.pairs = pairs;
  return result;
}

double Recipe::rate_factor(double progress) const {
  double factor = 1;
  if (schedule == "cosine") {
    const double share = std::clamp((progress - warmup) / (epochs - warmup), 0.0, 1.0);
    factor = lr_final + (1 - lr_final) * 0.5 * (1 + std::cos(kPi * share));
  }
  // A first step at rate 0 would be wasted, hence the small lower bound.
  if (progress < warmup) factor *= std::max(progress / warmup, 1e-3);
  return factor;
}

void Recipe::validate() const {
  require(seed >= 0, "--seed must not be negative");
  require(epochs > 0, "--epochs must be positive");
  require(workers >= 0, "--workers must not be negative");
  require(batch >= 2 * std::max<int64_t>(workers, 1), "--batch must be at least 2 per worker");
  require(network == "report" || network == "photo",
          "--network is 'report' or 'photo', not '" + network + "'");
  const int64_t step = network == "photo" ? 32 : 16;
  require(tile > 0 && tile % step == 0,
          "--tile must be a positive multiple of " + std::to_string(step));
  require(widths.size() == 5, "--widths takes five numbers, as 64,128,256,512,512");
  require(discriminator == "plain" || discriminator == "projected",
          "--discriminator is 'plain' or 'projected', not '" + discriminator + "'");
  require(d_widths.size() == 4, "--d-widths takes four numbers, as 64,128,256,512");
  require(dropout >= 0 && dropout < 1, "--dropout must lie in [0, 1)");
  require(lr > 0 && d_lr > 0, "--lr and --d-lr must be positive");
  require(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1,
          "--beta1 and --beta2 must lie in [0, 1)");
  require(weight_decay >= 0 && encoder_lr >= 0 && encoder_from >= 0,
          "--weight-decay, --encoder-lr and --encoder-from must not be negative");
  require(encoder_frozen >= 0 && encoder_frozen <= 5, "--encoder-frozen must lie in 0..5");
  require(schedule == "constant" || schedule == "cosine",
          "--schedule is 'constant' or 'cosine', not '" + schedule + "'");
  require(warmup >= 0 && warmup < epochs, "--warmup must lie between 0 and --epochs");
  require(lr_final >= 0 && lr_final <= 1, "--lr-final must lie in [0, 1]");
  require(ema >= 0 && ema < 1, "--ema must lie in [0, 1)");
  for (double weight :
       {adversarial, l1, cosine, chroma, match, aux_class, farther_than_grey, colourfulness,
        consistency, perceptual, recognition, feature_matching, reverse_weight})
    require(weight >= 0, "the weights of the loss must not be negative");
  require(l1 + cosine + chroma + match > 0,
          "one of --l1, --cosine, --chroma and --match must be above 0: they tell the generator "
          "what to paint, the other terms how");
  require(match_scale > 0 && chroma_beta > 0 && colourfulness_share > 0 && colourfulness_power > 0,
          "--match-scale, --chroma-beta, --colourfulness-share and --colourfulness-power must be "
          "positive");
  require(consistency == 0 || pairs > 0,
          "--consistency needs pictures with a second moment: set --pairs above 0");
  require(feature_matching == 0 || (discriminator == "projected" && adversarial > 0),
          "--feature-matching needs the maps of --discriminator projected, and --adversarial above "
          "0");
  require(zoom >= 1, "--zoom must be at least 1");
  for (double share : {old_film, pairs, vividness})
    require(share >= 0 && share <= 1, "--old-film, --pairs and --vividness lie in [0, 1]");
  require(reverse_every > 0 && reverse_limit > 0,
          "--reverse-every and --reverse-limit must be positive");
  require(adversarial_from >= 0, "--adversarial-from must not be negative");
  require(label_smoothing >= 0 && label_smoothing < 0.5, "--label-smoothing must lie in [0, 0.5)");
  require(d_floor >= 0, "--d-floor must not be negative");
  require(shift >= 0 && shift < tile, "--shift must lie between 0 and --tile");
  const std::set<std::string> known = {"flip", "shift", "crop"};
  for (const auto& word : augment)
    require(known.count(word) == 1,
            "--augment takes 'flip', 'shift' and 'crop', not '" + word + "'");
  upsampling_from_string(upsampling);
  efficientnet_lite_from_string(encoder);
  adversarial_from_string(adversarial_loss);
  chroma_norm_from_string(chroma_norm);
  reverse_from_string(reverse);
}

namespace {

Recipe photo_recipe() {
  Recipe recipe;
  recipe.name = "photo";
  recipe.network = "photo";
  recipe.encoder = "efficientnet-lite2";
  recipe.tile = 192;
  recipe.batch = 16;
  recipe.widths = {256, 160, 96, 64, 32};
  recipe.d_widths = {64, 128, 256, 256};
  recipe.dropout = 0.35;
  recipe.epochs = 70;
  recipe.lr = 1e-3;
  recipe.d_lr = 4e-4;
  recipe.weight_decay = 0.05;
  recipe.encoder_from = 6;
  recipe.encoder_lr = 0.02;
  recipe.schedule = "cosine";
  recipe.warmup = 0.5;
  recipe.keep_luma = false;  // the picture is made with the input's luma already
  recipe.l1 = 0;
  recipe.cosine = 0;
  recipe.chroma = 40;
  recipe.chroma_norm = "smooth";
  recipe.reverse = "off";
  recipe.adversarial = 0;
  recipe.adversarial_loss = "hinge";
  recipe.spectral_norm = true;
  recipe.augment = {"flip"};
  recipe.zoom = 1.6;
  recipe.old_film = 0.7;
  recipe.vividness = 0.7;
  return recipe;
}

}  // namespace

Recipe recipe_from_name(const std::string& name) {
  Recipe recipe;
  if (name == "report") return recipe;
  if (name == "photo") return photo_recipe();
  if (name != "best")
    throw std::invalid_argument("--recipe is 'report', 'best' or 'photo', not '" + name + "'");
  recipe.name = "best";
  recipe.lr = 1e-3;
  recipe.d_lr = 1e-4;
  recipe.schedule = "cosine";
  recipe.warmup = 0.5;
  recipe.keep_luma = true;
  recipe.l1 = 2;
  recipe.cosine = 2;
  recipe.chroma = 20;
  recipe.match = 2;
  recipe.aux_class = 0.1;
  recipe.reverse = "off";
  recipe.augment = {"flip", "shift"};
  recipe.shift = 4;
  // Long regression, then a short game: from the start on, D overpowers G and accuracy falls.
  recipe.adversarial_from = 50;
  recipe.adversarial = 0.1;
  recipe.adversarial_loss = "hinge";
  recipe.spectral_norm = true;
  return recipe;
}

nlohmann::json to_json(const Recipe& recipe) {
  nlohmann::json json = {{"name", recipe.name}};
  visit_fields(recipe,
               [&](const char* name, const auto& field, const char*) { json[name] = field; });
  return json;
}

Recipe recipe_from_json(const nlohmann::json& json) {
  Recipe recipe;
  read_field(json, "name", recipe.name);
  visit_fields(recipe,
               [&](const char* name, auto& field, const char*) { read_field(json, name, field); });
  return recipe;
}

}  // namespace cgan
