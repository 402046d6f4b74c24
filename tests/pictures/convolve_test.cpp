// Floor 4: filtering pictures with any kernel, held to sums done here.
#include "picture_files.h"
#include "picture_samples.h"

#include <gaussfilt/convolution.h>
#include <gaussfilt/error.h>
#include <gaussfilt/named_kernels.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace gaussfilt {
namespace {

using namespace picture_files;
using testing::HasSubstr;

ConvolveOptions with(const std::string& kernel) { return {.kernel = find_kernel(kernel)}; }

Samples convolved(const Samples& samples, const ConvolveOptions& options) {
  Picture picture = picture_of(samples, samples.bands <= 2 ? Colour::grey : Colour::rgb);
  EXPECT_EQ(convolve(picture, options), RunStatus::complete);
  return samples_of(picture);
}

Samples with_dot() {
  Samples samples{.width = 7, .height = 7, .bands = 1, .bits = 8, .values = std::vector<std::uint16_t>(49)};
  samples.values[3 * 7 + 3] = 1;
  return samples;
}

TEST(Convolve, ADotBecomesThePictureOfTheMatrix) {
  ConvolveOptions options = with("1 2 3; 4 5 6; 7 8 9");
  options.factor = 1;
  for (const Turn turn : {Turn::convolve, Turn::correlate}) {
    options.turn = turn;
    const Samples result = convolved(with_dot(), options);
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 3; ++x)
        EXPECT_EQ(result.at(2 + x, 2 + y, 0), turn == Turn::convolve ? 1 + 3 * y + x : 9 - 3 * y - x);
  }
}

TEST(Convolve, TheAnchorIsTheCellThatMeetsThePixel) {
  ConvolveOptions options = with(R"({"kernel": [[1, 2, 3, 4]], "factor": 1, "anchor": [3, 0]})");
  Samples result = convolved(with_dot(), options);
  for (int x = 0; x < 7; ++x) EXPECT_EQ(result.at(x, 3, 0), x <= 3 ? x + 1 : 0) << x;
  options.anchor = Anchor{.x = 0, .y = 0};
  result = convolved(with_dot(), options);
  for (int x = 0; x < 7; ++x) EXPECT_EQ(result.at(x, 3, 0), x >= 3 ? x - 2 : 0) << x;
}

TEST(Convolve, ABiasOfANamedKernelIsScaledToTheDepth) {
  const Picture deep = picture_of(noise(4, 4, 1, 16), Colour::grey),
                plain = picture_of(noise(4, 4, 1, 8), Colour::grey);
  EXPECT_EQ(settle(plain, with("pillow-emboss")).bias, 128);
  EXPECT_EQ(settle(deep, with("pillow-emboss")).bias, 128 * 257);
  ConvolveOptions like = with("pillow-emboss");
  like.like = Rules::pillow;
  EXPECT_EQ(settle(deep, like).bias, 128);
  ConvolveOptions own = with("1 -1");
  own.bias = 100;
  EXPECT_EQ(settle(deep, own).bias, 100);
  EXPECT_EQ(settle(plain, with("1 -1")).factor, 1);
  EXPECT_EQ(settle(plain, with("1 3")).factor, 0.25);
}

TEST(Convolve, PagesDoNotBleedIntoEachOther) {
  const Samples one = noise(9, 8, 3, 8, 1), two = noise(9, 8, 3, 8, 2);
  Array pixels(DType::u8, {2, 8, 9, 3});
  std::copy(one.values.begin(), one.values.end(), pixels.items<std::uint8_t>().begin());
  std::copy(two.values.begin(), two.values.end(), pixels.items<std::uint8_t>().begin() + 8 * 9 * 3);
  Picture both(std::move(pixels), Colour::rgb);
  convolve(both, with("emboss5x5"));
  Samples expected = convolved(one, with("emboss5x5"));
  const Samples second = convolved(two, with("emboss5x5"));
  expected.values.insert(expected.values.end(), second.values.begin(), second.values.end());
  const auto* levels = static_cast<const std::uint8_t*>(both.pixels().data());
  EXPECT_TRUE(std::equal(expected.values.begin(), expected.values.end(), levels));
}

TEST(Convolve, AnUnsharpWithoutThresholdIsItsMatrix) {
  const Samples samples = noise(40, 30, 3, 8);
  const Samples filter = convolved(samples, with("unsharp(1.3, 0.6)"));
  ConvolveOptions options;
  const NamedKernel linear = named_kernel("unsharp(1.3, 0.6)");
  options.kernel.kernel = linear.kernel;
  options.factor = 1;
  const Samples matrix = convolved(samples, options);
  for (std::size_t i = 0; i < samples.values.size(); ++i) EXPECT_NEAR(filter.values[i], matrix.values[i], 1);
}

TEST(Convolve, WhatCannotBeIsRefusedAndThePictureStays) {
  const Samples samples = noise(9, 8, 2, 8);
  const auto says = [&](const ConvolveOptions& options, const std::string& part) {
    Picture picture = picture_of(samples, Colour::grey);
    try {
      convolve(picture, options);
      ADD_FAILURE() << part;
    } catch (const InvalidArgument& error) {
      EXPECT_THAT(error.what(), HasSubstr(part));
    }
    EXPECT_EQ(samples_of(picture), samples);
  };
  ConvolveOptions options = with("1 2 1");
  options.anchor = Anchor{.x = 3, .y = 0};
  says(options, "anchor: is 3,0, must be a cell of the matrix, from 0,0 to 2,0.");
  options = with("1 2 1");
  options.like = Rules::pillow;
  says(options, "like: is pillow, and the kernel is 3 x 1, must be 3 x 3 or 5 x 5.");
  options = with("unsharp(2)");
  options.bias = 1;
  says(options, "bias: does not go with unsharp(2, 1.5, 0), which is no matrix; leave it out.");
  options = with("edges");
  options.border = Border::constant;
  options.cval = 3;
  says(options, "must be 0 (transparent) for a picture with alpha.");
  options = with("edges");
  options.factor = infinity;
  says(options, "factor: is inf, must be a finite number.");
  options = with("edges");
  options.regions = {Rect{.x = 20, .y = 0, .width = 2, .height = 2}};
  says(options, "lies outside the picture");
  says({}, "must be a matrix of at least 1 x 1.");
}

}  // namespace
}  // namespace gaussfilt
