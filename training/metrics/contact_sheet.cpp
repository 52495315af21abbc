#include "training/metrics/contact_sheet.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "training/data/png_file.h"
#include "training/metrics/resampling.h"

namespace cgan {
namespace {

constexpr int64_t kGap = 2, kGroupGap = 12, kRowWidth = 1800;

at::Tensor with_margin(const at::Tensor& picture, int64_t right, int64_t below) {
  return at::constant_pad_nd(picture, {0, right, 0, below}, 1);
}

}  // namespace

void ContactSheet::add(const std::vector<at::Tensor>& group) {
  std::vector<at::Tensor> side_by_side;
  for (const auto& picture : group) {
    const int64_t height = picture.size(2), width = picture.size(3);
    const int64_t shown =
        std::max<int64_t>(1, std::llround(static_cast<double>(width) * kHeight / height));
    const auto scaled =
        area_weights(height, kHeight).matmul(picture[0]).matmul(area_weights(width, shown).t());
    side_by_side.push_back(with_margin(scaled, kGap, 0));
  }
  groups_.push_back(with_margin(at::cat(side_by_side, 2), kGroupGap - kGap, kGap));
}

void ContactSheet::write(const std::string& path) const {
  std::vector<std::vector<at::Tensor>> rows;
  std::vector<int64_t> widths;
  for (const auto& group : groups_) {
    if (rows.empty() || widths.back() + group.size(2) > kRowWidth) {
      rows.emplace_back();
      widths.push_back(0);
    }
    rows.back().push_back(group);
    widths.back() += group.size(2);
  }
  const int64_t widest = *std::max_element(widths.begin(), widths.end());
  std::vector<at::Tensor> lines;
  for (size_t i = 0; i < rows.size(); ++i)
    lines.push_back(with_margin(at::cat(rows[i], 2), widest - widths[i], 0));
  write_png(path, at::cat(lines, 1));
}

}  // namespace cgan
