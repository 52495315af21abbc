// Precompiled for the trainer: reading these is most of what compiling one of its files costs.
// Nobody includes this; every file includes what it uses.
#include <ATen/ATen.h>
