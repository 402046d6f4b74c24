// Floor 0: named kernels, held to what their names say: sums, symmetries, moments.
#include <gaussfilt/gaussfilt.h>

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>
#include <string>

namespace gaussfilt {
namespace {

double sum(const NamedKernel& named) {
  return std::accumulate(named.kernel.values.begin(), named.kernel.values.end(), 0.0);
}

std::vector<double> turned(const NamedKernel& named) {
  return {named.kernel.values.rbegin(), named.kernel.values.rend()};
}

// Of weights about the middle, y upwards: the covariance.
struct Moments {
  double sum = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;

  explicit Moments(const DenseKernel& kernel) {
    const std::int64_t height = kernel.shape[0], width = kernel.shape[1];
    for (std::int64_t row = 0; row < height; ++row)
      for (std::int64_t column = 0; column < width; ++column) {
        const double w = kernel.values[static_cast<std::size_t>(row * width + column)];
        const auto dx = static_cast<double>(column - width / 2), dy = static_cast<double>(height / 2 - row);
        sum += w;
        x += w * dx;
        y += w * dy;
        xx += w * dx * dx;
        xy += w * dx * dy;
        yy += w * dy * dy;
      }
  }
  double angle() const { return 0.5 * std::atan2(2 * xy, xx - yy) * 180 / std::numbers::pi; }
  double along() const { return (xx + yy) / 2 + std::hypot((xx - yy) / 2, xy); }
  double across() const { return (xx + yy) / 2 - std::hypot((xx - yy) / 2, xy); }
};

std::string refusal(const std::string& text) {
  try {
    named_kernel(text);
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "";
}

TEST(NamedKernels, EveryOneOfTheListIsThereUnderItsExample) {
  EXPECT_EQ(named_kernels().size(), 22U);
  for (const KernelFamily& family : named_kernels()) {
    const std::string example = family.name == "unsharp" ? "unsharp(2, 1.5)" : std::string(family.example);
    const NamedKernel named = named_kernel(example);
    EXPECT_EQ(named.name.substr(0, named.name.find('(')), family.name);
    EXPECT_EQ(named.kernel.values.size(), static_cast<std::size_t>(named.kernel.shape.product())) << example;
    EXPECT_EQ(named.version, 1);
    EXPECT_FALSE(named.orientation.empty());
    EXPECT_EQ(named_kernel(named.name).kernel.values, named.kernel.values) << named.name;
    EXPECT_EQ(family.parameters.empty(), family.example == family.name);
  }
}

TEST(NamedKernels, FactorTimesSumIsOneOrZero) {
  for (const KernelFamily& family : named_kernels()) {
    const NamedKernel named = named_kernel(family.name == "unsharp" ? "unsharp(2, 1.5)" : family.example);
    const double gain = named.factor * sum(named);
    const bool edges = family.name == "edges" || family.name == "laplacian" || family.name == "pillow-contour" ||
                       family.name == "pillow-find-edges" || family.name == "pillow-emboss";
    EXPECT_NEAR(gain, edges ? 0 : 1, 1e-14) << family.name;
  }
}

TEST(NamedKernels, BinomialsAreProductsOfTheirLines) {
  const std::vector<double> three{1, 2, 1}, five{1, 4, 6, 4, 1};
  for (const auto& [name, line, divisor] : {std::tuple{"gaussian3x3", three, 16.0}, {"gaussian5x5", five, 256.0}}) {
    const NamedKernel named = named_kernel(name);
    EXPECT_EQ(named.factor, 1 / divisor);
    for (std::size_t y = 0; y < line.size(); ++y)
      for (std::size_t x = 0; x < line.size(); ++x)
        EXPECT_EQ(named.kernel.values[y * line.size() + x], line[y] * line[x]) << name;
  }
  NamedKernel twice = named_kernel("gaussian5x5");
  for (double& value : twice.kernel.values) value = -value;
  twice.kernel.values[12] += 512;
  EXPECT_EQ(named_kernel("sharpen5x5").kernel.values, twice.kernel.values);
}

TEST(NamedKernels, AllButTheReliefsAreTheSameTurned) {
  for (const KernelFamily& family : named_kernels()) {
    const NamedKernel named = named_kernel(family.name == "unsharp" ? "unsharp(2, 1.5)" : family.example);
    EXPECT_EQ(named.kernel.values == turned(named), family.name.find("emboss") == std::string::npos) << family.name;
  }
}

TEST(NamedKernels, ReliefsAreLitFromTheUpperLeftWhenConvolved) {
  for (const char* name : {"emboss3x3", "emboss5x5"}) {
    const NamedKernel named = named_kernel(name);
    // Convolution of a step up towards the lower right: the sum of the weights above and left of the middle.
    const Moments moments(named.kernel);
    EXPECT_LT(moments.x, 0) << name;  // the weights lie on the left of the matrix, so on the right of the pixel
    EXPECT_GT(moments.y, 0) << name;
    EXPECT_EQ(moments.x, -moments.y) << name;
  }
}

TEST(NamedKernels, AGaussianIsTheProductOfItsTaps) {
  const NamedKernel named = named_kernel("gaussian(7, 1.4)");
  const std::vector<double> taps = gaussian_kernel(1.4, 0, 3).taps;
  EXPECT_EQ(named.kernel.shape, (Shape{7, 7}));
  for (std::size_t i = 0; i < 49; ++i) EXPECT_EQ(named.kernel.values[i], taps[i / 7] * taps[i % 7]);
  EXPECT_EQ(named_kernel("gaussian(7)").name, "gaussian(7, 1.4)");
}

TEST(NamedKernels, AMotionIsALineByItsMoments) {
  for (const double angle : {0.0, 30.0, 45.0, 90.0, 120.0, 135.0, -30.0, 7.5})
    for (const int size : {5, 9, 25}) {
      const NamedKernel named = named_kernel("motion(" + std::to_string(size) + ", " + std::to_string(angle) + ")");
      const Moments moments(named.kernel);
      const std::string where = named.name;
      EXPECT_NEAR(moments.sum, 1, 1e-14) << where;
      EXPECT_NEAR(moments.x, 0, 1e-14) << where;
      EXPECT_NEAR(moments.y, 0, 1e-14) << where;
      const double off = std::remainder(moments.angle() - angle, 180.0);
      EXPECT_NEAR(off, 0, size == 5 ? 1.5 : 0.3) << where;
      // A line of that length, seen through pixels: size^2 / 12, and up to 1/12 more.
      EXPECT_GT(moments.along(), (size * size - 1) / 12.0 * 0.97) << where;
      EXPECT_LT(moments.along(), (size * size + 1) / 12.0 * 1.03) << where;
      EXPECT_LT(moments.across(), 0.2) << where;
      EXPECT_EQ(named.kernel.values, turned(named)) << where;
    }
}

TEST(NamedKernels, AMotionAlongARowIsItsMean) {
  const NamedKernel row = named_kernel("motion(5, 180)"), column = named_kernel("motion(5, 90)");
  for (std::size_t i = 0; i < 25; ++i) {
    EXPECT_EQ(row.kernel.values[i], i / 5 == 2 ? 0.2 : 0) << i;
    EXPECT_EQ(column.kernel.values[i], i % 5 == 2 ? 0.2 : 0) << i;
  }
}

TEST(NamedKernels, AMotionUpwardsTurnsOverTheDiagonal) {
  const NamedKernel up = named_kernel("motion(9, 30)"), steep = named_kernel("motion(9, 60)");
  for (std::size_t y = 0; y < 9; ++y)
    for (std::size_t x = 0; x < 9; ++x)
      EXPECT_NEAR(up.kernel.values[y * 9 + x], steep.kernel.values[(8 - x) * 9 + (8 - y)], 1e-15);
}

TEST(NamedKernels, UnsharpIsThePictureAndMoreOfWhatItsGaussianTakesAway) {
  const NamedKernel named = named_kernel("unsharp(1, 2)");
  const std::vector<double> taps = gaussian_kernel(1, 0, 4).taps;
  for (std::size_t i = 0; i < 81; ++i)
    EXPECT_NEAR(named.kernel.values[i], (i == 40 ? 3.0 : 0.0) - 2 * taps[i / 9] * taps[i % 9], 1e-15);
  EXPECT_EQ(parse_kernel_name("unsharp(2)").parameters, (std::vector<double>{2, 1.5, 0}));
}

TEST(NamedKernels, NamesAreReadInAnyCaseWithBlanks) {
  EXPECT_EQ(named_kernel("  Motion( 9 ,+30 ) ").name, "motion(9, 30)");
  EXPECT_EQ(parse_kernel_name("BOX(3)").text, "box(3)");
  EXPECT_EQ(parse_kernel_name("edges()").text, "edges");
}

TEST(NamedKernels, WhatIsWrongIsSaidWithTheRightCall) {
  const auto says = [](const std::string& text, const std::string& part) {
    EXPECT_NE(refusal(text).find(part), std::string::npos) << text << ": " << refusal(text);
  };
  says("mottion(9, 30)", "is none of gaussian(size[, sigma]), gaussian3x3,");
  says("motion(9)", "has 1 parameter, must be motion(size, angle), as in motion(9, 30).");
  says("motion", "has 0 parameters");
  says("edges(3)", "has 1 parameter, must be edges, as in edges.");
  says("motion(8, 30)", "has the size \"8\", must be an odd whole number from 1 to 1023, as in motion(9, 30).");
  says("motion(9, x)", "has the angle \"x\", must be a finite number");
  says("motion(9, nan)", "must be a finite number");
  says("motion(9, )", "has the angle \"\"");
  says("motion(9, 30", "has no closing bracket, as in motion(9, 30).");
  says("gaussian(5, 0)", "has the sigma \"0\", must be a finite number > 0");
  says("gaussian(1e9)", "must be an odd whole number from 1 to 1023");
  says("box(0)", "must be a whole number from 1 to 1023");
  says("unsharp(2, 1.5, 3)", "has a threshold, which no matrix can have");
  says("unsharp(1e6)", "as a matrix must be at most 126");
  says("", "is none of");
}

}  // namespace
}  // namespace gaussfilt
