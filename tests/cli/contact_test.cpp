// Floor 5: `gaussfilt contact`: every filter of a recipe on one sheet.
#include "program.h"

#include <gaussfilt/recipe.h>
#include <gaussfilt/sheets.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace picture_files;
using program::Result;
using program::run;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* recipe = R"({"version": 1, "filters": [
  {"name": "soft", "blur": {"sigma": 3}},
  {"name": "edges <&>", "convolve": {"kernel": "laplacian", "signed": "mid"}},
  {"name": "part", "chain": [{"blur": {"sigma": 1}}, {"blur": {"sigma": 4, "regions": [[2, 3, 10, 12]]}}]}]})";

class Contact : public testing::Test {
 protected:
  Contact() {
    write_bytes(folder / "in.png", png(noise(90, 60, 3, 8), {}));
    write_bytes(folder / "r.json", recipe);
  }

  std::string refused(std::vector<std::string> words, int code = 2) {
    words.insert(words.begin(), "contact");
    const std::vector<std::string> before = folder.names();
    const Result result = run(folder, words);
    EXPECT_EQ(result.code, code) << result.out;
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    EXPECT_EQ(folder.names(), before);
    return result.err;
  }

  const Folder folder;
};

TEST_F(Contact, ShowsTheOriginalAndWhatEachFilterMakesOfThePicture) {
  const Result result =
      run(folder, {"contact", "in.png", "-o", "sheet.png", "--recipe", "r.json", "--cell", "45", "--columns", "4"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "in.png -> sheet.png  90 x 60 RGB 8 bit, the original and 3 filters, sheet of 260 x " +
                            std::to_string(decode(folder / "sheet.png").height) + "\n");
  const Samples sheet = decode(folder / "sheet.png");
  ASSERT_EQ(sheet.width, 16 + 4 * (45 + 16));
  // Shrunk after the filter, which is that of the full picture.
  const gaussfilt::Picture original = gaussfilt::Picture::load(folder / "in.png");
  const gaussfilt::Recipe filters = gaussfilt::load_recipe(folder / "r.json");
  for (int cell = 0; cell < 4; ++cell) {
    gaussfilt::Picture picture = original.copy();
    if (cell > 0) gaussfilt::apply(picture, filters.filters[static_cast<std::size_t>(cell - 1)]);
    const gaussfilt::Picture small = gaussfilt::thumbnail(picture, 45, 45);
    const auto* expected = static_cast<const std::uint8_t*>(small.pixels().data());
    for (int y = 0; y < 30; ++y)
      for (int x = 0; x < 45; ++x)
        for (int band = 0; band < 3; ++band)
          ASSERT_EQ(sheet.at(16 + cell * 61 + x, 16 + y, band), expected[3 * (45 * y + x) + band]) << cell;
  }
}

TEST_F(Contact, TakesDrawingsAnimationsAndStandardInput) {
  const std::string svg =
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><path d="M3 2L30 9z"/></svg>)";
  write_bytes(folder / "a.svg", svg);
  gaussfilt::Picture(gaussfilt::Array(gaussfilt::DType::u8, {3, 30, 40, 3}), gaussfilt::Colour::rgb)
      .save(folder / "a.gif");
  for (const auto& [in, said] : {std::pair{"a.svg", "40 x 30 RGBA 8 bit,"}, {"a.gif", "40 x 30 RGB"}}) {
    const Result result = run(folder, {"contact", in, "-o", "sheet.jpg", "--recipe", "r.json"});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr(said));
  }
  const Result piped = run(folder, {"contact", "-", "-o", "s.png", "--recipe", "r.json", "-q"}, {.input = svg});
  EXPECT_EQ(piped.code, 0) << piped.err;
  EXPECT_THAT(piped.out, IsEmpty());
  EXPECT_EQ(decode(folder / "s.png").width, 16 + 2 * (256 + 16));
}

TEST_F(Contact, RefusesACommandLineThatCannotBe) {
  EXPECT_THAT(refused({"in.png", "--recipe", "r.json"}), HasSubstr("(gaussfilt contact in.png -o sheet.png --recipe"));
  EXPECT_THAT(refused({"in.png", "-o", "s.png"}),
              HasSubstr("(gaussfilt contact in.png -o s.png --recipe recipe.json)"));
  EXPECT_THAT(refused({"in.png", "-o", "-", "--recipe", "r.json"}), HasSubstr("-o: is '-', must be a file"));
  EXPECT_THAT(refused({"in.png", "-o", "s.txt", "--recipe", "r.json"}), HasSubstr("its extension is 'txt'"));
  EXPECT_THAT(refused({"in.png", "-o", "in.png", "--recipe", "r.json"}), HasSubstr("must be another file than IN"));
  EXPECT_THAT(refused({"in.png", "-o", "s.png", "--recipe", "r.json", "--cell", "8"}),
              HasSubstr("from 16 to 8192 (--cell 400)"));
  EXPECT_THAT(refused({"in.png", "-o", "s.png", "--recipe", "r.json", "--columns", "0"}), HasSubstr("--columns 4"));
  write_bytes(folder / "bad.json", R"({"version": 1, "filters": [{"name": "a", "blur": {"sigam": 3}}]})");
  EXPECT_THAT(refused({"in.png", "-o", "s.png", "--recipe", "bad.json"}),
              HasSubstr("bad.json: /filters/0/blur: has the member 'sigam'"));
  EXPECT_THAT(refused({"in.png", "-o", "s.png", "--recipe", "none.json"}, 1), HasSubstr("none.json: "));
}

TEST_F(Contact, AFilterThatDoesNotFitThePictureIsNamed) {
  write_bytes(folder / "far.json",
              R"({"version": 1, "filters": [{"name": "far", "blur": {"sigma": 3, "regions": [[900, 0, 5, 5]]}}]})");
  EXPECT_THAT(refused({"in.png", "-o", "s.png", "--recipe", "far.json"}, 1), HasSubstr("in.png by 'far': "));
  EXPECT_THAT(refused({"none.png", "-o", "s.png", "--recipe", "r.json"}, 1), HasSubstr("none.png: "));
}

}  // namespace
