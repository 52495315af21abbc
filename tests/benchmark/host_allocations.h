#pragma once

#include <cstdint>

namespace cgan {

/// Calls of operator new since the process began, where host_allocations.cpp is linked.
uint64_t host_allocations();

}  // namespace cgan
