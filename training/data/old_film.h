#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "training/data/random.h"

namespace cgan {

/// How much of age and cheap copying the network's inputs are shown.
struct OldFilm {
  /// 0: none. 1: a third of the pictures stays clean, most of the others are aged mildly.
  double strength = 0;
};

/// What all frames of a shot have in common: film, lens, light, print and copy. As made, it changes
/// nothing: the picture is its BT.601 luma.
struct FilmLook {
  /// How bright the film sees red, green and blue; sums to 1.
  std::array<double, 3> response = {0.299, 0.587, 0.114};
  double blur = 0;               ///< Sigma of the lens's blur in pixels.
  double exposure = 1;           ///< Factor of the light, which the film clips at white.
  double vignette = 0;           ///< Share of the light lost in the corners, 0..1.
  double gamma = 1;              ///< Exponent of the tone curve; > 1 darkens.
  double contrast = 1;           ///< Slope of the tone curve around mid-gray, clipped at both ends.
  double black = 0, white = 1;   ///< Levels of the print, 0..1.
  double grain = 0;              ///< Standard deviation in mid-tones, share of the full range.
  double grain_size = 0;         ///< See add_grain.
  double flutter = 0;            ///< Each frame's exposure differs by up to this share.
  double flicker = 0;            ///< Most light that a frame's uneven band gains or loses, share.
  double scratches = 0;          ///< Mean number on a frame.
  double specks = 0;             ///< Mean number on a frame.
  double hairs = 0;              ///< Mean number on a frame.
  double reduction = 1;          ///< Scaled down by this factor and up again.
  std::optional<int> jpeg = {};  ///< Quality of a JPEG between, 1..100.
};

/// Draws the look of a shot. Every effect has its own probability, and ranges grow with strength
/// and with how badly this film has fared, which is mild in most cases. At strength 1: grain up to
/// 0.06, blur up to 1.2, reduction up to 2, JPEG of 25..90, frames' exposure within 3 %, six
/// pictures in a hundred orthochromatic (nearly blind to red). The ranges were chosen by eye, those
/// of blur, reduction, black and white beside archival film (training/plot_ageing.py).
/// @return nothing where the picture stays as it is
std::optional<FilmLook> draw_film_look(const OldFilm& film, SplitMix64& random);

/// A look of which nothing but grain is to be seen: moments of a clean picture differ.
FilmLook draw_grain(const OldFilm& film, SplitMix64& random);

/// Shows one frame on old film. What the frame does not share with its shot (exposure, flicker
/// band, grain, scratches, dust, hair) is drawn from `moment`; none of it depends on the picture's
/// content but the grain's strength.
/// @param rgb side * side * 3 bytes, R, G, B, row after row
/// @param gray side * side values -1..1 to be filled
/// @throws std::bad_alloc
void age_picture(const uint8_t* rgb, int64_t side, const FilmLook& look, SplitMix64& moment,
                 float* gray);

}  // namespace cgan
