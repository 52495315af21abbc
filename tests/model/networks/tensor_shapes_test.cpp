#include "model/networks/tensor_shapes.h"

#include <gtest/gtest.h>

#include "model/weights/network_weights.h"

namespace cgan {
namespace {

template <typename Network>
TensorShapes shapes_of(const Network& network) {
  TensorShapes shapes;
  for (const auto& [name, tensor] : to_weights(network, "{}").tensors)
    shapes[name] = tensor.sizes().vec();
  return shapes;
}

TEST(TensorShapes, AreThoseOfTheReportGeneratorInBothFormsOfItsUpsampling) {
  for (const auto upsampling : {Upsampling::kTransposed, Upsampling::kSubpixel}) {
    ReportGeneratorOptions options;
    options.widths = {3, 4, 5, 6, 7};
    options.upsampling = upsampling;
    EXPECT_EQ(tensor_shapes(options), shapes_of(ReportGenerator(options)));
  }
}

TEST(TensorShapes, AreThoseOfThePhotoGeneratorWithEveryEncoder) {
  for (const auto encoder : {EfficientNetLite::k0, EfficientNetLite::k2}) {
    PhotoGeneratorOptions options;
    options.encoder = encoder;
    options.widths = {3, 4, 5, 6, 7};
    EXPECT_EQ(tensor_shapes(options), shapes_of(PhotoGenerator(options)));
  }
}

}  // namespace
}  // namespace cgan
