#include "model/networks/discriminator_options.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace cgan {

void check(const DiscriminatorOptions& options) {
  if (options.tile <= 0 || options.tile % 16 != 0)
    throw std::invalid_argument("the discriminator's tile must be a positive multiple of 16, not " +
                                std::to_string(options.tile));
  const auto& w = options.widths;
  if (options.hidden <= 0 || std::any_of(w.begin(), w.end(), [](int64_t c) { return c <= 0; }))
    throw std::invalid_argument("the discriminator's widths must be positive");
}

void check(const PatchDiscriminatorOptions& options) {
  if (std::any_of(options.widths.begin(), options.widths.end(), [](int64_t w) { return w <= 0; }))
    throw std::invalid_argument("the patch discriminator's widths must be positive");
}

}  // namespace cgan
