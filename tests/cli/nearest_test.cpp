// Floor 5, from the inside: which word was probably meant.
#include "cli/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace gaussfilt::cli {
namespace {

TEST(EditDistance, CountsLettersAddedDroppedChangedAndSwapped) {
  EXPECT_EQ(edit_distance("", ""), 0);
  EXPECT_EQ(edit_distance("sigma", "sigma"), 0);
  EXPECT_EQ(edit_distance("simga", "sigma"), 1);
  EXPECT_EQ(edit_distance("sgma", "sigma"), 1);
  EXPECT_EQ(edit_distance("siggma", "sigma"), 1);
  EXPECT_EQ(edit_distance("sogma", "sigma"), 1);
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("abc", ""), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
}

TEST(Nearest, IsTheWordThatWasMeantOrNone) {
  const std::vector<std::string> options = {"-s", "--sigma", "--size", "--tolerance", "--taps", "--quiet", "-q"};
  EXPECT_EQ(nearest("--simga", options), "--sigma");
  EXPECT_EQ(nearest("--Sigma", options), "--sigma");
  EXPECT_EQ(nearest("-sigma", options), "--sigma");
  EXPECT_EQ(nearest("--tol", options), "--tolerance");
  EXPECT_EQ(nearest("--quite", options), "--quiet");
  EXPECT_EQ(nearest("--unrelated", options), "");
  EXPECT_EQ(nearest("-x", options), "");
  EXPECT_EQ(nearest("", options), "");
  EXPECT_EQ(nearest(std::string(100000, 'a'), options), "");
}

}  // namespace
}  // namespace gaussfilt::cli
