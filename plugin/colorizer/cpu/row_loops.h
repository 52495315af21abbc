#pragma once

#include <cstddef>
#include <cstdint>

#include "model/kernels/instruction_set.h"
#include "plugin/colorizer/pixel/gamut_code.h"
#include "plugin/colorizer/pixel/luma_site.h"
#include "plugin/colorizer/pixel/match.h"
#include "plugin/colorizer/pixel/motion.h"
#include "plugin/colorizer/plan/taps.h"

/// The loops of the passes over rows of pixels, compiled for each instruction set and chosen by a
/// table. Each call runs in the calling thread. Every set gives the same bits: products and sums
/// are rounded one by one, and in one order.
namespace cgan {

/// One row of the work copy: the area mean of rows of the frame.
struct WorkRow {
  const uint8_t* samples;  ///< The first row that the span of lines holds.
  ptrdiff_t stride;        ///< Bytes.
  int sample_bytes;
  int64_t frame_width, width;  ///< Samples; of the row that is made.
  Span lines;
  const Span* columns;  ///< (width)
  float scale, offset;  ///< Sum of weighted samples -> -1..1.
};

/// One row of the frame's luma at its chroma samples.
struct GuideRow {
  const uint8_t *above, *own, *below;  ///< Rows of the frame.
  int sample_bytes;
  int64_t frame_width, width;  ///< Samples; of the row that is made.
  pixel::Cover across, down;   ///< 4:4:4, 4:2:2 or 4:2:0: where columns are shared.
  float scale, offset;         ///< Sum of weighted samples -> 0..1.
};

/// One row of the guided fit at work size; see ChromaUpsample.
struct FitRow {
  const float* luma;  ///< scale rows of scale pixels for each sample, -1..1
  int64_t luma_stride, scale;
  const float *cb, *cr;  ///< (width)
  int64_t width;
  float* planes[6];  ///< (width) of each plane of the fit.
};

/// A run of chroma signals that becomes codes.
struct CodeRun {
  const float *luma, *cb, *cr;  ///< (count)
  int64_t count;
  pixel::GamutConstants gamut;
  pixel::LookConstants look;
  int shift;         ///< Bits of a sample below its code; of one byte: 0.
  int sample_bytes;  ///< Of the codes.
};

/// What ChromaHold keeps a run of codes by, as samples lie in memory.
struct HeldRun {
  int64_t count;
  int tolerance, neutral;
  int sample_bytes;
};

/// Chroma samples among the tones of luma; see ColourMeter.
struct ToneRun {
  const float *position, *weights;  ///< (count)
  int64_t count;
};

/// Of chroma in a tone.
struct Tint {
  float cb, cr;
};

/// A row of blocks whose motion is searched; see MotionField.
struct BlockRow {
  /// Codes at the first block's window. Readable are pixel::kRange pixels before and behind every
  /// window, and one more behind.
  const uint8_t *present, *reference;
  int64_t stride, blocks;
  int still;  ///< Sum of differences of a window up to which it stands still.
};

/// One row of luma beside that of the picture that was brought to it; see LumaMatch.
struct MatchRow {
  const float *luma, *above, *below;  ///< (width), the row's and its neighbours'
  const float* compensated;           ///< (width)
  int64_t width;
};

/// A run of pixels whose colours so far are mixed with new ones; see TemporalPasses.
struct MixRun {
  const float *luma, *cb, *cr;      ///< (count), new
  const float *confidence, *drift;  ///< (count)
  int64_t count;
  float strength;
};

/// The loops for one instruction set. Pointers of a call lie apart unless said otherwise.
struct RowLoops {
  InstructionSet set;

  /// @param sums (frame_width), scratch
  void (*work_row)(const WorkRow& row, float* sums, float* work);
  void (*guide_row)(const GuideRow& row, float* luma);

  /// The guided fit's moments I, I I, Cb, Cr, I Cb, I Cr, written to all six planes.
  void (*moments_row)(const FitRow& row);
  /// Means over 2 kFitRadius + 1 numbers, fewer at the border.
  void (*row_means)(const float* in, int64_t width, float* out);
  /// The mean of a few rows.
  void (*column_means)(const float* const* rows, int64_t count, int64_t width, float* out);
  /// Means of the moments -> the slopes of Cb and Cr in the first two planes.
  void (*slopes)(float* const* planes, int64_t count, float variance_floor);
  /// What the mean slopes leave of the chroma, written to planes 2 and 3.
  void (*rests_row)(const FitRow& row);
  /// @param upper, lower (4, width): slopes and rests of Cb and Cr above and below
  /// @param share how far the row lies from the upper to the lower
  void (*guided_row)(const float* upper, const float* lower, int64_t width, float share,
                     const float* luma, float* cb, float* cr);

  /// @param cb, cr (count), of sample_bytes each, written
  void (*chroma_codes)(const CodeRun& run, void* cb, void* cr);
  /// @param codes, held (count), of sample_bytes each, both brought up to date
  void (*hold_codes)(const HeldRun& run, void* codes, void* held);

  /// The mean chroma of a tone.
  Tint (*tint_of_tone)(const ToneRun& run, float tone, const float* cb, const float* cr);
  /// Takes a tone's tint away from the samples near to it.
  void (*take_tint)(const ToneRun& run, float tone, const Tint& tint, float* cb, float* cr);
  /// How much samples count for the tint: those far from it less.
  void (*tint_counts)(const float* cb, const float* cr, int64_t count, float* counts);

  /// Codes of pixel::detail_code().
  /// @param rows 2 pixel::kDetailRadius + 1 rows of luma, in the middle that of the codes
  /// @param sums (width + 2 pixel::kDetailRadius), scratch
  void (*detail_row)(const float* const* rows, int64_t width, float* sums, uint8_t* codes);
  /// @param found (blocks), written: of motions whose windows differ least the first
  void (*search_blocks)(const BlockRow& row, pixel::Motion* found);
  /// See motion.h.
  int (*window_difference)(const uint8_t* a, const uint8_t* b, int64_t stride);
  int (*cell_difference)(const uint8_t* a, const uint8_t* b, int64_t stride);
  int (*flat_difference)(const uint8_t* codes, int64_t stride);

  /// @param excess, level (width), written; see pixel::luma_excess()
  void (*excess_row)(const MatchRow& row, float* excess, float* level);
  /// Sums over 2 kMatchRadius + 1 numbers.
  /// @param in (width), with kMatchRadius more at both ends
  void (*window_sums)(const float* in, int64_t width, float* out);
  /// @param lines 2 kMatchRadius + 1 rows of sums of the excess
  /// @param scale of pixel::match_scale()
  void (*confidence_row)(const float* const* lines, int64_t width, float scale, float* confidence);
  /// Means of windows, from rows of their sums.
  void (*level_row)(const float* const* lines, int64_t width, float* level);

  /// luma = gain * luma + offset
  void (*expose)(float gain, float offset, int64_t count, float* luma);
  /// Brings the drift up to date; see pixel::next_drift().
  /// @return pixels whose colour cannot be trusted
  int64_t (*drift)(const float* level, const float* confidence, const float* age, float share,
                   int64_t count, float* drift);
  /// @param luma, cb, cr, age (count), brought up to date
  void (*mix)(const MixRun& run, float* luma, float* cb, float* cr, float* age);
  /// Where colours cannot be trusted: the present luma, of age 0.
  void (*renew)(const float* present, const float* confidence, int64_t count, float* luma,
                float* age);
  /// Each number twice. @param width of the result
  void (*widen_row)(const float* in, int64_t width, float* out);
  /// Means of two by two numbers. @param width of the result
  void (*halve_rows)(const float* upper, const float* lower, int64_t width, float* out);
};

/// Half the side of a neighbourhood of the guided fit, samples.
constexpr int64_t kFitRadius = 2;

/// Half the side of the windows of window_sums().
using pixel::kMatchRadius;

/// @param set that runs here; the loops of the largest set compiled that it includes
/// @throws std::invalid_argument where it does not run here
const RowLoops& row_loops_of(InstructionSet set = best_instruction_set());

}  // namespace cgan
