#pragma once

#include <ATen/core/Tensor.h>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "training/metrics/hue_scores.h"
#include "training/metrics/lab_metrics.h"

namespace cgan {

/// Originals and what became of them. All pictures (N, 3, H, W), RGB, 0..1, float32, CPU.
struct ScoredPictures {
  at::Tensor original;
  at::Tensor picture;  ///< The original's Y' with the prediction's chroma: what the element shows.
  at::Tensor own;      ///< The network's own RGB; undefined where it puts out chroma only.
  at::Tensor labels;   ///< (N), int64; -1 where a picture has no class
};

/// Y' of BT.601 in all three channels: the uncoloured picture. @param rgb (N, 3, H, W), 0..1
/// @return (N, 3, H, W)
at::Tensor grey_picture(const at::Tensor& rgb);

/// Every measure that needs no network, over a set of pictures.
/// Thread-safety: one thread at a time.
class PictureScores {
 public:
  void add(const ScoredPictures& pictures);

  /// Plain keys, per cent for accuracies and shares where the name says nothing else:
  ///   pictures
  ///   mae, accuracy_2, accuracy_5             the original's L, a and b of the picture as shown
  ///   mae_own_l, accuracy_2_own_l, ...        the network's own RGB as it is
  ///   psnr, psnr_grey, psnr_gain, psnr_own    dB, mean over pictures: of the picture; of grey;
  ///                                           their difference; of own RGB
  ///   psnr_pooled, psnr_pooled_grey, psnr_gain_pooled     dB, of the mean error over all pixels
  ///   ciede2000, ciede2000_grey               mean over pixels
  ///   chroma_distance, chroma_distance_grey   mean over pixels of the distance in (a, b)
  ///   colourfulness, colourfulness_original   mean over pictures
  ///   colourfulness_ratio                     of those two means
  ///   spread, spread_original, spread_ratio   of mean chroma over pictures, see chroma_spread in
  ///                                           training/losses/reverse.h
  ///   worse_than_grey                         share of pictures whose PSNR is below grey's, 0..1
  ///   worse_than_grey_chroma                  share of pictures whose mean chroma distance is
  ///                                           larger than grey's, 0..1
  ///   per_class                               where pictures have classes: by name
  ///   per_hue                                 by name: error, share, predicted_share, hit
  /// psnr to worse_than_grey and per_hue are of the picture that the element shows. Keys of own RGB
  /// are left out where no picture has it.
  nlohmann::ordered_json json(const std::vector<std::string>& class_names) const;

 private:
  struct ClassScores {
    LabMetrics lab;
    int64_t pictures = 0;
    double ciede2000 = 0, chroma_distance = 0, colourfulness = 0, original_colourfulness = 0;
  };

  LabMetrics input_l_, own_l_;
  HueScores hues_;
  std::map<int64_t, ClassScores> classes_;  ///< by label; -1: without
  int64_t pictures_ = 0, pixels_ = 0, worse_than_grey_ = 0, worse_than_grey_chroma_ = 0;
  double psnr_ = 0, psnr_grey_ = 0, psnr_own_ = 0, pooled_error_ = 0, pooled_grey_error_ = 0;
  double ciede2000_ = 0, ciede2000_grey_ = 0, chroma_distance_ = 0, chroma_distance_grey_ = 0;
  double colourfulness_ = 0, original_colourfulness_ = 0;
  std::vector<at::Tensor> layouts_, original_layouts_;
};

}  // namespace cgan
