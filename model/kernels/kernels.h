#pragma once

#include <cstdint>

#include "model/kernels/instruction_set.h"

/// Loops of the network's layers over pixels by channels ("NHWC"), compiled for each instruction
/// set and chosen by a table. Each call runs in the calling thread and writes a run of pixels that
/// lie side by side. Sums of products are exact in bytes, so that results in bytes differ between
/// instruction sets by the rounding of the last step alone, and between numbers of threads by
/// nothing.
namespace cgan {

/// Numbers that are added to a run of outputs: channel c of pixel x lies at
/// first[x / 2 * pair + x % 2 * pixel + c]. So the blocks of 2x2 pixels of a picture of half the
/// size are read where they lie.
template <typename Sample>
struct AddedRun {
  const Sample* first = nullptr;  ///< None: nothing is added.
  int64_t pair = 0, pixel = 0;
};

/// One panel of a convolution in float32: outputs that are computed together.
struct FloatPanel {
  const float* weights;  ///< (tap, input, column): columns of zeros behind the last output
  const float* bias;     ///< (column)
  const int64_t* taps;   ///< Floats from a pixel of the input to the one that the tap weighs.
  int64_t tap_count;
  int64_t inputs, outputs;  ///< Channels; a pixel is as many floats.
  int64_t columns;          ///< Of the panel that are outputs, from the first.
  float low, high;          ///< Outputs are clipped to: an activation.
  AddedRun<float> added;    ///< Before that.
};

/// One panel of a convolution of bytes, code = nearest(factor * sum + offset + added_factor *
/// added), 0..255, where sum is that of products of input codes and weights.
struct BytePanel {
  const int8_t* weights;  ///< (tap, group of four inputs, column, input); the last group overlaps
                          ///< the one before where inputs do not fill it, with weights of 0
  const float *factors, *offsets;  ///< (column)
  const int64_t* taps;             ///< Bytes, as for FloatPanel.
  int64_t tap_count;
  int64_t inputs, outputs;  ///< Channels. Of fewer than 4 inputs, 4 bytes are read all the same.
  int64_t columns;
  AddedRun<uint8_t> added;
  float added_factor;
};

/// One row of a depthwise convolution in float32, of stride 1 or 2 with TensorFlow's SAME padding
/// of even sides.
struct FloatDepthwiseRow {
  const float* in;                  ///< (height, width, channels)
  int64_t height, width, channels;  ///< Channels: a multiple of 16.
  const float *taps, *bias;         ///< (kernel, kernel, channels), (channels)
  int64_t y;                        ///< Of the output.
  float low, high;
  float* out;  ///< (width / stride, channels)
};

/// One row of one block of channels of a depthwise convolution of bytes, with codes as in
/// BytePanel. A block is as many channels as a vector has words; their order within it is that in
/// which unpacking leaves them, see depthwise_place().
struct ByteDepthwiseRow {
  const uint8_t* rows[5];   ///< At the block's first channel; above and below the picture: zeros.
  int64_t width, channels;  ///< Of the input.
  const int16_t* taps;      ///< (pair of rows, column, half, channel, row of the pair)
  const float *factors, *offsets;  ///< (half, channel)
  uint8_t* out;                    ///< (width / stride, channels), at the block's first channel
};

/// Half and place in it of a channel within its block.
/// @param channels of a block
constexpr int64_t depthwise_place(int64_t channel, int64_t channels) {
  return channel % 8 / 4 * (channels / 2) + channel / 8 * 4 + channel % 4;
}

/// One row of the first layer: 3x3 at stride 2 on one channel.
struct StemRow {
  const float* rows[3];      ///< The input's, from the column of the first tap of the first output.
  int64_t width;             ///< Outputs of a channel.
  int64_t outputs;           ///< Channels, a multiple of 16.
  const float *taps, *bias;  ///< (9, outputs), (outputs)
};

/// One row of the last layer: 3x3 with zeros around to two channels, chroma = tanh(sum) / 2.
struct ChromaRow {
  const float* in;  ///< (height, width, inputs)
  int64_t height, width, inputs;
  const float* taps;  ///< (3, 3, output, input)
  float bias[2];
  int64_t y;
  float *cb, *cr;  ///< (width), written
};

/// The loops for one instruction set. Those with a kernel's size and stride take 3 or 5, and 1
/// or 2.
struct Kernels {
  InstructionSet set;
  int64_t lanes;                        ///< Floats of a vector.
  int64_t float_columns, byte_columns;  ///< Outputs of a panel.
  int64_t largest_weight;  ///< Largest size of a weight of bytes whose sums cannot saturate.

  /// @param in, out at the run's first pixel, which must be an even one where something is added
  void (*float_panel)(const FloatPanel& panel, const float* in, int64_t pixels, float* out);
  void (*byte_panel)(const BytePanel& panel, const uint8_t* in, int64_t pixels, uint8_t* out);
  /// The same before it is rounded, and not below 0.
  void (*byte_panel_to_floats)(const BytePanel& panel, const uint8_t* in, int64_t pixels,
                               float* out);
  void (*float_depthwise)(const FloatDepthwiseRow& row, int64_t kernel, int64_t stride);
  void (*byte_depthwise)(const ByteDepthwiseRow& row, int64_t kernel, int64_t stride);
  /// @param out (width, outputs), clipped to low..high
  void (*stem_floats)(const StemRow& row, float low, float high, float* out);
  /// @param out (width, outputs), nearest codes of the sums, 0..255
  void (*stem_bytes)(const StemRow& row, uint8_t* out);
  void (*chroma)(const ChromaRow& row);
};

/// @param set that runs here
/// @throws std::invalid_argument where it does not, or where this build has no code for it
const Kernels& kernels_of(InstructionSet set = best_instruction_set());

}  // namespace cgan
