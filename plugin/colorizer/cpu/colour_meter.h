#pragma once

#include <vector>

#include "plugin/colorizer/cpu/row_loops.h"
#include "plugin/colorizer/format/plane_view.h"
#include "plugin/colorizer/plan/frame_plan.h"
#include "plugin/colorizer/shot/own_colour.h"

namespace cgan {

/// Measures the colour of a frame that is more than the tint of a black-and-white print: in a
/// sepia, toned or discoloured print all pixels of one luma have one chroma, in a picture in colour
/// they do not. So the mean chroma of each luma is taken away, and what is left averaged over cells
/// of the picture and their neighbours, where grain and the noise of tapes go under. A cell counts
/// where two codes (of 8 bits) are left: more where samples of a cell are unlike each other, which
/// is noise; less in the dark, where colours fade with the picture. Black and white cells (borders
/// of the frame, burnt lights) do not count as picture.
///
/// The tint of a luma is interpolated between few: seven colour bars of seven lumas are no tint.
///
/// Measured share of the picture: 0 in seven black-and-white films; 0.05 at most where they were
/// given tints, chroma noise of 4 codes or of 3 smeared over 12 samples, and H.264 at quantizers 20
/// to 34; 0.2 with smeared noise of 5 codes or two strong tones at quantizer 34. 0.28 and more at
/// the first frames of the shots of eight colour clips, but for a dull one of 0.11. What a picture
/// all of one hue is, such as a plain sky, nobody can tell: it counts as tinted (a ninth clip).
/// Allocates in the constructor only. Thread-safety: one thread at a time.
class ColourMeter {
 public:
  explicit ColourMeter(ColourMeterPlan plan, const RowLoops& loops = row_loops_of());

  ColourMeasure measure(const InputView& in);

  /// The samples of a frame, (rows, columns) of the plan: signal 0..1, codes of 8 bits around 0.
  struct Samples {
    float *luma, *cb, *cr;
  };
  /// measure() in two halves, for whom reads the frame himself: fill these, then
  Samples samples() { return {luma_.data(), cb_.data(), cr_.data()}; }
  /// measure them. They do not stay as they are.
  ColourMeasure measure_samples();

 private:
  template <typename Sample>
  void read(const InputView& in);
  void take_tint_away();
  void average_cells();
  ColourMeasure count_cells();

  ColourMeterPlan plan_;
  const RowLoops& loops_;
  /// Of the samples, row after row: signal, what is left of the chroma, place among the tones and
  /// how much the sample counts for the tint.
  std::vector<float> luma_, cb_, cr_, position_, counts_;
  /// Of the cells, row after row; noise: variance within.
  std::vector<float> cell_luma_, cell_cb_, cell_cr_, cell_noise_, sorted_;
};

}  // namespace cgan
