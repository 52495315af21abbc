#pragma once

#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan::test {

/// Each frame coloured alone.
constexpr CganLook alone(double strength = 1.0, double saturation = 1.0) {
  CganLook look = {};
  look.strength = strength;
  look.saturation = saturation;
  return look;
}

/// Each frame steadied in time; the network on every (carried + 1)th, sooner where more than
/// `uncertain` of the picture has no sure colour.
constexpr CganLook steady(uint32_t carried, double uncertain = 1.0, double temporal = 0.95,
                          double cut_threshold = 0.55) {
  CganLook look = alone();
  look.temporal = temporal;
  look.cut_threshold = cut_threshold;
  look.carried = carried;
  look.uncertain = uncertain;
  return look;
}

constexpr CganLook vivid(double vividness) {
  CganLook look = alone();
  look.vividness = vividness;
  return look;
}

constexpr CganLook warm(double warmth) {
  CganLook look = alone();
  look.warmth = warmth;
  return look;
}

constexpr CganLook split(double split) {
  CganLook look = alone();
  look.split = split;
  return look;
}

/// Shots in colour stay as they are; gray frames are coloured alone.
constexpr CganLook keeping() {
  CganLook look = alone();
  look.cut_threshold = 0.55;
  look.on_colour = CGAN_ON_COLOUR_KEEP;
  return look;
}

}  // namespace cgan::test
