#pragma once

namespace cgan {

/// Tells the processor that a loop waits, so that its other half, or the battery, gets more of it.
void spin_pause();

}  // namespace cgan
