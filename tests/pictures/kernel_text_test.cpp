// Floor 4: kernels as people write them, and what is said where they cannot be read.
#include "picture_files.h"

#include <gaussfilt/error.h>
#include <gaussfilt/kernel_text.h>
#include <gaussfilt/named_kernels.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gaussfilt {
namespace {

using testing::HasSubstr;
using Values = std::vector<double>;

template <class Read> std::string refusal(Read read) {
  try {
    read();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

void expect_refused(const std::string& text, const std::string& sentence) {
  EXPECT_EQ(refusal([&] { parse_kernel(text, "k"); }), sentence) << text;
}

TEST(KernelText, RowsAreReadHoweverTheyAreWritten) {
  for (const char* text :
       {"1 2 1; 2 4 2", "1,2,1;2,4,2", " 1, 2 ,1 ;\t2 4 2; ", "1,2,1\r\n2,4,2\r\n", "1 2 1\n\n2 4 2\n",
        "\xEF\xBB\xBF"
        "1 2 1\n2 4 2",
        "+1 2e0 1.0; 2 4 2", "[[1, 2, 1], [2, 4, 2]]", "{\"kernel\": [[1, 2, 1], [2, 4, 2]]}"}) {
    const KernelText kernel = parse_kernel(text);
    EXPECT_EQ(kernel.kernel.values, (Values{1, 2, 1, 2, 4, 2})) << text;
    EXPECT_EQ(kernel.kernel.shape, (Shape{2, 3})) << text;
    EXPECT_EQ(kernel.told, "3 x 2");
    EXPECT_FALSE(kernel.factor || kernel.bias || kernel.anchor);
  }
}

TEST(KernelText, JsonMayHoldFactorBiasAndAnchor) {
  const KernelText kernel = parse_kernel(R"({"kernel": [[-1, 1]], "factor": 0.5, "bias": 128, "anchor": [1, 0]})");
  EXPECT_EQ(kernel.factor, 0.5);
  EXPECT_EQ(kernel.bias, 128);
  ASSERT_TRUE(kernel.anchor);
  EXPECT_EQ(kernel.anchor->x, 1);
  EXPECT_EQ(kernel.anchor->y, 0);
}

TEST(KernelText, WhatIsNoMatrixIsRefusedWithItsPlace) {
  expect_refused("1 2 1; 2 4", "k: row 2 has 2 values, must have 3 as the first row has.");
  expect_refused("1 2 1\n\n2 4 2 1", "k: line 3 has 4 values, must have 3 as the first row has.");
  expect_refused("1 2\n3 x", "k: line 2, column 3: is 'x', must be a finite number.");
  expect_refused("1 nan", "k: line 1, column 3: is 'nan', must be a finite number.");
  expect_refused("1 1e999", "k: line 1, column 3: is '1e999', must be a finite number.");
  expect_refused("1,,2", "k: line 1, column 3: a value is missing.");
  expect_refused("1,2,", "k: line 1, column 5: a value is missing behind the comma.");
  expect_refused("1 \x01z", "k: line 1, column 3: is '?z', must be a finite number.");
  expect_refused(" ;;\n", "k: holds no value, must be a matrix such as \"1 2 1; 2 4 2; 1 2 1\".");
  expect_refused("", "k: holds no value, must be a matrix such as \"1 2 1; 2 4 2; 1 2 1\".");
}

TEST(KernelText, JsonIsRefusedWithAPointer) {
  expect_refused("[[1, 2], [3]]", "k: /1 has 1 value, must have 2 as the first row has.");
  expect_refused(R"([[1, "x"]])", "k: /0/1 is '\"x\"', must be a finite number.");
  expect_refused(R"({"kernel": [[1], [null]]})", "k: /kernel/1/0 is 'null', must be a finite number.");
  expect_refused(R"({"kernel": [1, 2]})", "k: /kernel/0 is '1', must be an array of numbers.");
  expect_refused(R"({"kernel": [[[1]]]})", "k: /kernel/0/0 is an array, must be a finite number.");
  expect_refused(R"({"kernel": {}})", "k: /kernel: must be an array of rows, as in [[1, 2, 1], [2, 4, 2], [1, 2, 1]].");
  expect_refused("[]", "k: must be an array of rows, as in [[1, 2, 1], [2, 4, 2], [1, 2, 1]].");
  expect_refused("[[]]", "k: /0 is an empty array, must be an array of numbers.");
  expect_refused("{}", "k: has no key \"kernel\", must be {\"kernel\": [[1, 2, 1], ...]}.");
  expect_refused(R"({"kernel": [[1]], "fator": 2})",
                 "k: '/fator' is no key of a kernel, must be kernel, factor, bias or anchor.");
  expect_refused(R"({"kernel": [[1]], "factor": "2"})", "k: /factor is '\"2\"', must be a finite number.");
  expect_refused(R"({"kernel": [[1]], "anchor": [0.5, 0]})",
                 "k: /anchor is an array, must be two whole numbers, column and row.");
  expect_refused(R"({"kernel": [[1, 2]], "anchor": [2, 0]})",
                 "k: /anchor is [2, 0], must lie in the matrix, from [0, 0] to [1, 0].");
  expect_refused("[[1,\n  nan]]", "k: line 2, column 4: is not JSON from here on.");
  expect_refused("[[1e999]]", "k: holds a number beyond the range of double.");
  EXPECT_THAT(refusal([] { parse_kernel(std::string(100000, '['), "k"); }), HasSubstr("is not JSON"));
  const std::string deep = "[[" + std::string(100000, '[') + std::string(100000, ']') + "]]";
  expect_refused(deep, "k: /0/0 is an array, must be a finite number.");
}

TEST(KernelText, NamesFilesAndMatricesAreToldApart) {
  const picture_files::Folder folder;
  picture_files::write_bytes(folder / "3x3.csv", "1,2\n3,4\n");
  const std::string file = (folder / "3x3.csv").string();
  EXPECT_EQ(find_kernel(file).kernel.values, (Values{1, 2, 3, 4}));
  EXPECT_EQ(find_kernel(file).told, file);
  EXPECT_EQ(find_kernel("1 2; 3 4").kernel.values, (Values{1, 2, 3, 4}));
  EXPECT_EQ(find_kernel("5").kernel.values, (Values{5}));
  const KernelText named = find_kernel("Gaussian3x3");
  EXPECT_EQ(named.told, "gaussian3x3");
  EXPECT_EQ(named.factor, 1.0 / 16);
  EXPECT_EQ(named.version, 1);
  const KernelText unsharp = find_kernel("unsharp(2, 1, 3)");
  ASSERT_TRUE(unsharp.unsharp);
  EXPECT_EQ(unsharp.unsharp->threshold, 3);
  EXPECT_THAT(
      refusal([] { find_kernel("mottion(9, 30)"); }),
      HasSubstr("is neither a matrix (\"1 2 1; 2 4 2; 1 2 1\"), nor a file, nor one of gaussian, gaussian3x3,"));
  EXPECT_THAT(refusal([] { find_kernel("motion(8, 30)"); }), HasSubstr("must be an odd whole number"));
  EXPECT_THAT(refusal([&] { load_kernel(folder / "none.csv"); }), HasSubstr("none.csv: cannot be read: "));
  EXPECT_THAT(refusal([&] { load_kernel(folder.path()); }), HasSubstr("is a folder, must be a file."));
}

}  // namespace
}  // namespace gaussfilt
