#pragma once

namespace cgan {

/// Where the colours of a frame come from.
enum class ColourSource {
  kOwn,      ///< It keeps its own.
  kNetwork,  ///< The network ran for it.
  kCarried   ///< The network did not: those of frames before are carried along motion.
};

}  // namespace cgan
