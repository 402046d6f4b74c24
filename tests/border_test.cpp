// Floor 0: borders, their formulas against lines written out by hand and by unrolling.
#include <gaussfilt/border.h>
#include <gaussfilt/error.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gaussfilt {
namespace {

constexpr Border all_borders[] = {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant};

// One period of the endless line that repeats, from index 0 on.
std::vector<std::int64_t> period(Border border, std::int64_t n) {
  std::vector<std::int64_t> line;
  for (std::int64_t i = 0; i < n; ++i) line.push_back(i);
  if (border == Border::reflect) {
    for (std::int64_t i = n; i-- > 0;) line.push_back(i);
  }
  if (border == Border::mirror) {
    for (std::int64_t i = n - 1; i-- > 1;) line.push_back(i);
  }
  return line;
}

std::int64_t brute_force(Border border, std::int64_t i, std::int64_t n) {
  if (border == Border::constant) return i < 0 || i >= n ? -1 : i;
  if (border == Border::nearest) return i < 0 ? 0 : i >= n ? n - 1 : i;
  const std::vector<std::int64_t> line = period(border, n);
  while (i < 0) i += static_cast<std::int64_t>(line.size());
  while (i >= static_cast<std::int64_t>(line.size())) i -= static_cast<std::int64_t>(line.size());
  return line[static_cast<std::size_t>(i)];
}

TEST(BorderIndex, IsTheUnrolledLine) {
  for (Border border : all_borders) {
    for (std::int64_t n = 1; n <= 9; ++n) {
      for (std::int64_t i = -6 * n - 5; i <= 7 * n + 5; ++i) {
        EXPECT_EQ(border_index(border, i, n), brute_force(border, i, n)) << name(border) << " " << i << " of " << n;
      }
    }
  }
}

TEST(BorderIndex, MeetsThePicturesOfTheHeader) {
  const auto extension = [](Border border) {
    std::string line;
    for (std::int64_t i = -3; i < 7; ++i) {
      const std::int64_t at = border_index(border, i, 4);
      line += at < 0 ? 'k' : "abcd"[at];
    }
    return line;
  };
  EXPECT_EQ(extension(Border::reflect), "cbaabcddcb");
  EXPECT_EQ(extension(Border::mirror), "dcbabcdcba");
  EXPECT_EQ(extension(Border::nearest), "aaaabcdddd");
  EXPECT_EQ(extension(Border::wrap), "bcdabcdabc");
  EXPECT_EQ(extension(Border::constant), "kkkabcdkkk");
}

TEST(BorderIndex, StaysInsideFarAway) {
  const std::int64_t far = (std::int64_t{1} << 62) + 12345;
  for (Border border : all_borders) {
    for (std::int64_t i : {far, -far}) {
      const std::int64_t at = border_index(border, i, 1000);
      EXPECT_TRUE(border == Border::constant ? at == -1 : at >= 0 && at < 1000) << name(border) << " " << at;
    }
  }
}

TEST(BorderNames, ParseBackInAnyLetterCase) {
  ASSERT_EQ(border_rules().size(), std::size(all_borders));
  for (const BorderRule& rule : border_rules()) {
    EXPECT_EQ(rule.name, name(rule.border));
    EXPECT_EQ(parse_border(rule.name), rule.border);
    EXPECT_FALSE(rule.formula.empty());
    EXPECT_FALSE(rule.picture.empty());
    for (std::string_view alias : rule.aliases) {
      EXPECT_EQ(parse_border(alias), rule.border) << alias;
      std::string upper(alias);
      for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      EXPECT_EQ(parse_border(upper), rule.border) << upper;
    }
  }
}

TEST(BorderNames, IncludeThoseOfSciPyAndOpenCV) {
  const std::pair<std::string_view, Border> known[] = {
      {"grid-mirror", Border::reflect}, {"grid-wrap", Border::wrap},    {"grid-constant", Border::constant},
      {"reflect", Border::reflect},     {"mirror", Border::mirror},     {"nearest", Border::nearest},
      {"wrap", Border::wrap},           {"constant", Border::constant}, {"reflect_101", Border::mirror},
      {"replicate", Border::nearest}};
  for (const auto& [text, border] : known) EXPECT_EQ(parse_border(text), border) << text;
}

TEST(BorderNames, RefuseOthersWithTheList) {
  try {
    parse_border("edge-ish");
    FAIL() << "accepted";
  } catch (const InvalidArgument& error) {
    const std::string text = error.what();
    for (Border border : all_borders) EXPECT_NE(text.find(name(border)), std::string::npos) << text;
    EXPECT_NE(text.find("edge-ish"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace gaussfilt
