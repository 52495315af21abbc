#pragma once

#include <memory>
#include <string>
#include <vector>

#include "training/data/dataset.h"

namespace cgan {

/// Reads CIFAR-10's official binary batches (Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/):
/// records of 3073 bytes, a label 0..9 and then the 32x32 planes R, G, B.
/// @param paths batch files, in this order, or folders whose data_batch_*.bin are taken in the
///   order of their names.
/// @throws std::runtime_error where a file cannot be read, is empty, is not a whole number of
///   records or holds a label above 9, and where a folder has no batch.
std::unique_ptr<Dataset> read_cifar10(const std::vector<std::string>& paths);

}  // namespace cgan
