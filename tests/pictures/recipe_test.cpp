// Floor 4: recipes: what is read, what is refused and where, what is written, what is done.
#include "pictures/picture_files.h"

#include <gaussfilt/convolution.h>
#include <gaussfilt/files.h>
#include <gaussfilt/recipe.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <random>

namespace {

using namespace gaussfilt;
using picture_files::Folder;
using picture_files::noise;
using picture_files::write_bytes;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// A recipe of one blur with these options.
std::string blur_with(const std::string& options) {
  return R"({"version": 1, "filters": [{"name": "a", "blur": {)" + options + "}}]}";
}

BlurOptions read_blur(const std::string& options) {
  return std::get<BlurOptions>(parse_recipe(blur_with(options)).filters.at(0).steps.at(0));
}

const std::string all_options = R"({"version": 1, "save": {"quality": 80, "compression": 3, "depth": 16}, "filters": [
  {"name": "soft", "blur": {"sigma": [3, 2.5], "truncate": 4, "taps": "discrete", "light": "linear", "tolerance": 1e-4,
                            "border": "constant:255", "regions": [[1, -2, 30, 40], [5, 6, 7, 8]], "source": "crop"}},
  {"name": "spots", "blur": {"sigma": 1, "feather": 2.5, "source": "masked", "regions": [[1, 2, 3.5, 4, [5, 0]],
    {"ellipse": [9, 8, 7, 6], "sigma": 3}, {"polygon": [[1, 2], [30, 4.5], [5, 60]]}, "ellipse:25%,10%,50%,3@sigma=2",
    "polygon:1,2 50%,3 4,99.5%", "rect:1%,2%,3%,4%"]}},
  {"name": "around", "blur": {"sigma": 1, "invert": true, "regions": ["1,2,3,4"]}},
  {"name": "cut", "chain": [{"blur": {"fwhm": 2.3548200450309493}}, {"blur": {"size": 5}},
                            {"blur": {"sigma": 2, "radius": [3, 4], "border": "mirror"}}]}]})";
const std::string kernels = R"json({"version": 1, "filters": [{"name": "k", "chain": [
  {"convolve": {"kernel": "motion(9, 30)", "signed": "mid"}},
  {"convolve": {"kernel": [[1, 2], [3, -4.5]], "factor": 0.5, "bias": 3, "anchor": [1, 1]}}]}]})json";

TEST(Recipe, ReadsEveryOption) {
  const Recipe recipe = parse_recipe(all_options);
  ASSERT_EQ(recipe.filters.size(), 4U);
  EXPECT_EQ(recipe.save.quality, 80);
  EXPECT_EQ(recipe.save.compression, "3");
  EXPECT_EQ(recipe.save.depth, 16);
  EXPECT_EQ(recipe.filters[0].name, "soft");
  EXPECT_EQ(kind(recipe.filters[0].steps.at(0)), "blur");
  const auto& soft = std::get<BlurOptions>(recipe.filters[0].steps[0]);
  EXPECT_EQ(soft.sigma[0], 3);
  EXPECT_EQ(soft.sigma[1], 2.5);
  EXPECT_EQ(soft.truncate, 4);
  EXPECT_EQ(soft.taps, Taps::discrete);
  EXPECT_EQ(soft.light, Light::linear);
  EXPECT_EQ(soft.tolerance, 1e-4);
  EXPECT_EQ(soft.border, Border::constant);
  EXPECT_EQ(soft.cval, 255);
  EXPECT_EQ(soft.source, RegionSource::crop);
  ASSERT_EQ(soft.regions.size(), 2U);
  EXPECT_EQ(soft.regions[0].box.y, -2);
  EXPECT_EQ(soft.regions[0].box.height, 40);
  ASSERT_EQ(recipe.filters[3].steps.size(), 3U);
  const auto step = [&](std::size_t i) { return std::get<BlurOptions>(recipe.filters[3].steps[i]); };
  EXPECT_NEAR(step(0).sigma[0], 1, 1e-12);
  EXPECT_NEAR(step(1).sigma[0], 1.1, 1e-12);
  EXPECT_EQ(step(1).radius[0], 2);
  EXPECT_EQ(step(2).radius[1], 4);
  EXPECT_EQ(step(2).border, Border::mirror);
  EXPECT_FALSE(step(2).truncate);
}

TEST(Recipe, ReadsEveryRegion) {
  const Recipe recipe = parse_recipe(all_options, "r.json");
  const auto& spots = std::get<BlurOptions>(recipe.filters[1].steps.at(0));
  EXPECT_EQ(spots.feather, 2.5);
  EXPECT_FALSE(spots.invert);
  EXPECT_EQ(spots.source, RegionSource::masked);
  ASSERT_EQ(spots.regions.size(), 6U);
  EXPECT_EQ(spots.regions[0].box.width, 4) << "a fraction grows to whole pixels";
  EXPECT_EQ((*spots.regions[0].sigma)[0], 5);
  EXPECT_EQ((*spots.regions[0].sigma)[1], 0);
  EXPECT_EQ(spots.regions[1].shape, Region::Shape::ellipse);
  EXPECT_EQ(spots.regions[1].box.height, 6);
  EXPECT_EQ((*spots.regions[1].sigma)[0], 3);
  ASSERT_EQ(spots.regions[2].corners.size(), 3U);
  EXPECT_EQ(spots.regions[2].corners[1].y, 4.5);
  const Region ellipse = place(spots.regions[3], 200, 80);
  EXPECT_EQ(ellipse.shape, Region::Shape::ellipse);
  EXPECT_EQ(ellipse.box.x, 50);
  EXPECT_EQ(ellipse.box.y, 8);
  EXPECT_EQ(ellipse.box.width, 100);
  EXPECT_EQ(ellipse.box.height, 3);
  EXPECT_EQ(place(spots.regions[4], 200, 80).corners.at(1).x, 100);
  EXPECT_EQ(spots.regions[3].told, "/filters/1/blur/regions/3 of r.json");
  EXPECT_TRUE(std::get<BlurOptions>(recipe.filters[2].steps.at(0)).invert);
}

TEST(Recipe, RegionsInPercentAreThoseOfEachPicture) {
  const Recipe recipe = parse_recipe(
      blur_with(R"("sigma": 2, "feather": 3, "regions": ["50%,0,50%,100%", {"ellipse": [2, 3, 12, 9], "sigma": 4}])"));
  for (const int width : {20, 40}) {
    const auto sample = [width] {
      Array pixels(DType::u8, {30, width, 3});
      std::mt19937 random(7);
      for (std::uint8_t& level : pixels.items<std::uint8_t>()) level = static_cast<std::uint8_t>(random());
      return Picture(std::move(pixels), Colour::rgb);
    };
    Picture by_recipe = sample(), by_hand = sample();
    Region spot = ellipse_region({2, 3, 12, 9});
    spot.sigma = 4.0;
    blur(by_hand, {.sigma = 2.0, .regions = {Rect{width / 2, 0, width / 2, 30}, spot}, .feather = 3});
    apply(by_recipe, recipe.filters[0]);
    EXPECT_EQ(compare(by_recipe, by_hand).differing, 0);
    EXPECT_GT(compare(sample(), by_hand).differing, 0);
  }
}

TEST(Recipe, WhatIsLeftOutIsTheDefaultOfThePictures) {
  const BlurOptions read = read_blur(R"("sigma": 2.0)"), fresh;
  EXPECT_EQ(read.border, fresh.border);
  EXPECT_EQ(read.cval, fresh.cval);
  EXPECT_EQ(read.taps, fresh.taps);
  EXPECT_EQ(read.light, fresh.light);
  EXPECT_EQ(read.source, fresh.source);
  EXPECT_FALSE(read.truncate || read.tolerance);
  EXPECT_TRUE(read.regions.empty() && read.radius.empty());
}

TEST(Recipe, WrittenAndReadAgainItIsTheSame) {
  const Recipe recipe = parse_recipe(all_options);
  const std::string once = to_json(recipe);
  EXPECT_EQ(to_json(parse_recipe(once)), once);
  EXPECT_EQ(to_json(parse_recipe(blur_with(R"("sigma": [2, 2.0], "border": "reflect")"))),
            to_json(parse_recipe(blur_with(R"("sigma": 2)"))));
  EXPECT_EQ(to_json(Step(read_blur(R"("sigma": 0.1, "radius": 3)"))), R"({"blur":{"sigma":0.1,"radius":3}})");
}

struct Bad {
  std::string json;
  std::string where;  // the pointer
  std::string part;   // of the sentence
};

void expect_refused(const Bad& bad) {
  try {
    parse_recipe(bad.json, "r.json");
    ADD_FAILURE() << "taken: " << bad.json;
  } catch (const RecipeError& error) {
    const std::string sentence = error.what();
    EXPECT_EQ(error.pointer(), bad.where) << bad.json;
    EXPECT_THAT(sentence, AllOf(StartsWith("r.json: " + bad.where), HasSubstr(bad.part), EndsWith(".")));
    EXPECT_EQ(sentence.find('\n'), sentence.npos);
  }
}

TEST(Recipe, WrongDocumentsAreOneSentenceWithTheirPlace) {
  for (const Bad& bad : std::vector<Bad>{
           {"", "", "line 1, column 1: is no JSON"},
           {"{\n \"version\": 1,\n \"filters\": [}", "", "line 3, column 14: is no JSON"},
           {"[]", "", "is [], must be a recipe: an object with version, filters or save"},
           {"{}", "", "has no member 'version'"},
           {R"({"version": 2, "filters": []})", "/version", "is 2, must be 1"},
           {R"({"version": "1", "filters": []})", "/version", "is \"1\", must be 1"},
           {R"({"version": 1})", "", "has no member 'filters'"},
           {R"({"version": 1, "filters": {}})", "/filters", "is an object, must be an array of 1 to 1000 filters"},
           {R"({"version": 1, "filters": []})", "/filters", "is [], must be an array"},
           {R"({"version": 1, "filters": [3]})", "/filters/0", "is 3, must be a filter: an object with name"},
           {R"({"version": 1, "filters": [{"blur": {"sigma": 1}}]})", "/filters/0", "has no member 'name'"},
           {R"({"version": 1, "filters": [{"name": "a"}]})", "/filters/0", "exactly one of 'blur'"},
           {R"({"version": 1, "filters": [{"name": "a", "blur": {"sigma": 1}, "chain": []}]})", "/filters/0/chain",
            "is [], must be an array of 1 to 100 steps"},
           {R"({"version": 1, "filters": [{"name": "a", "chain": [{}]}]})", "/filters/0/chain/0", "exactly one member"},
           {R"({"version": 1, "filters": [{"name": "a", "blru": {"sigma": 1}}]})", "/filters/0",
            "has the member 'blru', must be a filter with name, blur"},
           {R"({"version": 1, "filters": [{"name": "a/b", "blur": {"sigma": 1}}]})", "/filters/0/name", "is \"a/b\""},
           {R"({"version": 1, "filters": [{"name": "..", "blur": {"sigma": 1}}]})", "/filters/0/name", "no dot"},
           {R"({"version": 1, "filters": [{"name": "a", "blur": {"sigma": 1}}, {"name": "a", "blur": {"sigma": 2}}]})",
            "/filters/1/name", "'a' is the name of a filter before it"},
           {R"({"version": 1, "version": 1, "filters": []})", "", "'version' stands twice"},
           {R"({"version": 1, "filters": [], "a/b~c": 1})", "", "has the member 'a/b~c'"},
           {R"({"version": 1, "filters": [], "a\u0000\nb": 1})", "", "has the member 'a??b', must be"},
           {std::string(100000, '['), "", "nests deeper than 64"},
           {R"({"version": 1, "save": {"quality": 101}, "filters": [{"name": "a", "blur": {"sigma": 1}}]})",
            "/save/quality", "is 101, must be a whole number from 1 to 100"},
           {R"({"version": 1, "save": {"depth": 12}, "filters": [{"name": "a", "blur": {"sigma": 1}}]})", "/save/depth",
            "is 12, must be 8, 16 or 32"},
           {R"({"version": 1, "save": {"compression": "lwz"}, "filters": [{"name": "a", "blur": {"sigma": 1}}]})",
            "/save/compression", "is \"lwz\", must be 0, 1"},
       })
    expect_refused(bad);
}

TEST(Recipe, WrongBlursAreOneSentenceWithTheirPlace) {
  const std::string blur = "/filters/0/blur";
  for (const Bad& bad : std::vector<Bad>{
           {"", blur, "does not say how strong"},
           {R"("sigma": -2)", blur + "/sigma", "is -2, must be a finite number >= 0"},
           {R"("sigma": "2")", blur + "/sigma", "is \"2\", must be"},
           {R"("sigma": true)", blur + "/sigma", "is true, must be"},
           {R"("sigma": null)", blur + "/sigma", "is null, must be"},
           {R"("sigma": [1, 2, 3])", blur + "/sigma", "is [1,2,3], must be"},
           {R"("sigma": [1, -2])", blur + "/sigma/1", "is -2, must be"},
           {R"("sigma": NaN)", "", "is no JSON"},
           {R"("sigma": 1e999)", "", "too large for any use"},
           {R"("sigam": 2)", blur, "has the member 'sigam', must be a blur with sigma"},
           {R"("sigma": 2, "fwhm": 3)", blur, "has both 'sigma' and 'fwhm'"},
           {R"("size": 5, "radius": 3)", blur, "has both 'size' and 'radius'"},
           {R"("size": 5, "truncate": 3)", blur, "has both 'size' and 'truncate'"},
           {R"("sigma": 1, "radius": 5, "truncate": 3)", blur, "has both 'radius' and 'truncate'"},
           {R"("radius": 5)", blur, "does not say how strong"},
           {R"("size": 4)", blur + "/size", "is 4, must be an odd whole number"},
           {R"("sigma": 1, "radius": 1.5)", blur + "/radius", "is 1.5, must be a whole number"},
           {R"("sigma": 1, "radius": 1e30)", blur + "/radius", "must be a whole number"},
           {R"("sigma": 1, "truncate": 0)", blur + "/truncate", "is 0, must be a number > 0"},
           {R"("sigma": 1, "tolerance": -1e-3)", blur + "/tolerance", "is -0.001, must be"},
           {R"("sigma": 1, "taps": "sampeld")", blur + "/taps", "is \"sampeld\", must be sampled, discrete or"},
           {R"("sigma": 1, "light": 1)", blur + "/light", "is 1, must be a name"},
           {R"("sigma": 1, "border": "mirorr")", blur + "/border", "must be reflect, mirror"},
           {R"("sigma": 1, "border": "constant:x")", blur + "/border", "constant:LEVEL"},
           {R"("sigma": 1, "border": "constant:-1")", blur + "/border", "constant:LEVEL"},
           {R"("sigma": 1, "border": "constant:nan")", blur + "/border", "constant:LEVEL"},
           {R"("sigma": 1, "source": "crop")", blur, "no 'regions'"},
           {R"("sigma": 1, "regions": [])", blur + "/regions", "must be an array of 1 to"},
           {R"("sigma": 1, "regions": [[1, 2, 3]])", blur + "/regions/0", "is [1,2,3], must be [x, y, width, height]"},
           {R"("sigma": 1, "regions": [[1, 2, 3, -4]])", blur + "/regions/0/3", "is -4, must be"},
           {R"("sigma": 1, "regions": ["ring:1,2,3,4"])", blur + "/regions/0", "must begin with ellipse:"},
           {R"("sigma": 1, "regions": [{"polygon": [[1, 2], [3], [4, 5]]}])", blur + "/regions/0/polygon/1", "is [3]"},
           {R"("sigma": 1, "regions": [{"box": [1, 2, 3, 4], "sigma": -1}])", blur + "/regions/0/sigma", "sigma > 0"},
           {R"("sigma": 1, "regions": [{"mask": "a.png"}])", blur + "/regions/0", "do not go into recipes"},
           {R"("sigma": 1, "regions": ["mask:a.png"])", blur + "/regions/0", "do not go into recipes"},
           {R"("sigma": 1, "invert": true)", blur, "no 'regions'"},
           {R"("sigma": 1, "feather": 2)", blur, "no 'regions'"},
           {R"("sigma": 1, "regions": [[1, 2, 3, 4]], "feather": -2)", blur + "/feather", "is -2"},
           {R"("sigma": 1, "regions": [[1, 2, 3, 4]], "invert": 1)", blur + "/invert", "true or false"},
           {R"("sigma": 1, "regions": [[1, 2, 3, 4, 5]], "invert": true)", blur + "/regions/0", "a sigma of its own"},
       })
    expect_refused({blur_with(bad.json), bad.where, bad.part});
}

TEST(Recipe, ReadsConvolutions) {
  const auto read = [](const std::string& options) {
    const std::string text = R"({"version": 1, "filters": [{"name": "a", "convolve": {)" + options + "}}]}";
    const Recipe recipe = parse_recipe(text);
    EXPECT_EQ(to_json(parse_recipe(to_json(recipe))), to_json(recipe));
    return std::get<ConvolveOptions>(recipe.filters.at(0).steps.at(0));
  };
  const ConvolveOptions all = read(R"("kernel": [[1, 2], [3, 4], [5, 6]], "factor": 0.5, "bias": -3, "anchor": [1, 2],
    "turn": "correlate", "signed": "abs", "like": "gaussfilt", "border": "constant:9", "regions": [[1, 2, 3, 4]])");
  EXPECT_EQ(all.kernel.kernel.shape, Shape({3, 2}));
  EXPECT_THAT(all.kernel.kernel.values, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(all.factor, 0.5);
  EXPECT_EQ(all.bias, -3);
  EXPECT_EQ(all.anchor->y, 2);
  EXPECT_EQ(all.turn, Turn::correlate);
  EXPECT_EQ(all.sign, Signed::abs);
  EXPECT_EQ(all.cval, 9);
  EXPECT_EQ(all.regions.size(), 1U);
  EXPECT_EQ(read(R"("kernel": "emboss3x3")").kernel.version, 1);
  EXPECT_TRUE(read(R"json("kernel": "unsharp(2, 1, 3)")json").kernel.unsharp);
  EXPECT_EQ(read(R"("kernel": "1 2 1; 2 4 2")").kernel.kernel.shape, Shape({2, 3}));
  const std::string place = "/filters/0/convolve";
  for (const Bad& bad : std::vector<Bad>{{"", place, "has no member 'kernel', which a convolution needs"},
                                         {R"("kernel": "embos3x3")", place + "/kernel", "embos3x3"},
                                         {R"json("kernel": "motion(x)")json", place + "/kernel", "motion"},
                                         {R"("kernel": "/etc/passwd")", place + "/kernel", ""},
                                         {R"("kernel": [[1, 2], [3]])", place + "/kernel/1", "must have as many"},
                                         {R"("kernel": [[1, "2"]])", place + "/kernel/0/1", "must be a finite number"},
                                         {R"("kernel": [[1]], "anchor": [-1, 0])", place + "/anchor/0", "is -1"},
                                         {R"("kernel": [[1]], "light": "linear")", place, "has the member 'light'"},
                                         {R"("kernel": [[1]], "regions": ["1,2,3,4@sigma=2"])", place + "/regions/0",
                                          "has a sigma, which a kernel has not"},
                                         {R"("kernel": [[1]], "regions": [[1, 2, 3, 4]], "source": "masked")",
                                          place + "/source", "only a blur can leave out"}})
    expect_refused(
        {R"({"version": 1, "filters": [{"name": "a", "convolve": {)" + bad.json + "}}]}", bad.where, bad.part});
}

TEST(Recipe, AWordThatIsNoneComesWithThoseThatThereAre) {
  try {
    parse_recipe(blur_with(R"("sigma": 1, "taps": "sampeld")"));
    FAIL();
  } catch (const RecipeError& error) {
    EXPECT_EQ(error.word, "sampeld");
    EXPECT_THAT(error.known, ElementsAre("sampled", "discrete", "integrated"));
  }
}

TEST(Recipe, AMillionRegionsAreRefusedInOneSentence) {
  std::string boxes = "[1,2,3,4]";
  for (int i = 1; i < 1000000; ++i) boxes += ",[1,2,3,4]";
  expect_refused({blur_with(R"("sigma": 1, "regions": [)" + boxes + "]"), "/filters/0/blur/regions",
                  "is an array of 1000000, must be an array of 1 to"});
}

// What a slip of the hand or a broken disk makes of a recipe.
std::string mutated(std::string text, std::mt19937& random) {
  const auto pick = [&](std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random); };
  static const std::vector<std::string> pieces = {"NaN",   "-1",     "1e400", "null", "{}",  "[]",   "\"\"",
                                                  "true",  "{",      "]",     ",",    "\\u", "\xff", "\0",
                                                  "chain", "1e-400", "[[[[",  "//",   "\"",  "0.5"};
  for (std::size_t times = 1 + pick(4); times > 0; --times) {
    const std::size_t at = pick(text.size());
    switch (pick(5)) {
      case 0: text[at] = static_cast<char>(pick(256)); break;
      case 1: text.erase(at, 1 + pick(12)); break;
      case 2: text.insert(at, pieces[pick(pieces.size())]); break;
      case 3: text.insert(at, text.substr(pick(text.size()), pick(40))); break;
      default: text.replace(at, 1 + pick(5), pieces[pick(pieces.size())]); break;
    }
    if (text.empty()) text = "{";
  }
  return text;
}

TEST(Recipe, MutantsAreReadOrRefusedInOneSentence) {
  std::mt19937 random(20260);
  int read = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string text = mutated(i % 2 == 0 ? all_options : kernels, random);
    try {
      const Recipe recipe = parse_recipe(text, "r.json");
      EXPECT_EQ(to_json(parse_recipe(to_json(recipe))), to_json(recipe)) << text;
      ++read;
    } catch (const RecipeError& error) {
      const std::string sentence = error.what();
      EXPECT_THAT(sentence, AllOf(StartsWith("r.json: "), EndsWith("."))) << text;
      EXPECT_EQ(sentence.find('\n'), sentence.npos) << text;
      EXPECT_LT(sentence.size(), 600U) << text;
    }
  }
  EXPECT_GT(read, 20) << "some mutants are recipes";
  EXPECT_LT(read, 3000);
}

TEST(Recipe, FilesThatAreNoneAreNamed) {
  const Folder folder;
  EXPECT_THROW(load_recipe(folder / "none.json"), IoError);
  EXPECT_THROW(load_recipe(folder.path()), IoError);
  write_bytes(folder / "large.json", std::string((16 << 20) + 1, ' '));
  EXPECT_THROW(load_recipe(folder / "large.json"), IoError);
  write_bytes(folder / "r.json", blur_with(R"("sigma": 3)"));
  EXPECT_EQ(load_recipe(folder / "r.json").filters.size(), 1U);
}

Picture sample() {
  Array pixels(DType::u8, {30, 40, 3});
  std::mt19937 random(7);
  for (int i = 0; i < 30 * 40 * 3; ++i)
    static_cast<std::uint8_t*>(pixels.data())[i] = static_cast<std::uint8_t>(random());
  return {std::move(pixels), Colour::rgb};
}

TEST(Recipe, AChainIsItsStepsOneAfterTheOther) {
  const Recipe recipe = parse_recipe(R"({"version": 1, "filters": [{"name": "two", "chain": [
    {"blur": {"sigma": 2}}, {"blur": {"sigma": 1, "regions": [[3, 4, 10, 12]]}},
    {"convolve": {"kernel": "sharpen3x3"}}, {"convolve": {"kernel": "pillow-smooth", "like": "pillow"}}]}]})");
  Picture chained = sample(), by_hand = sample();
  EXPECT_EQ(apply(chained, recipe.filters[0], 1), RunStatus::complete);
  for (const std::size_t i : {0U, 1U}) blur(by_hand, std::get<BlurOptions>(recipe.filters[0].steps[i]));
  for (const std::size_t i : {2U, 3U}) convolve(by_hand, std::get<ConvolveOptions>(recipe.filters[0].steps[i]));
  EXPECT_EQ(compare(chained, by_hand).differing, 0);
  EXPECT_GT(compare(chained, sample()).differing, 0);
  const std::vector<std::optional<Plan>> plans = plan_filter(chained, recipe.filters[0]);
  ASSERT_EQ(plans.size(), 4U);
  EXPECT_TRUE(plans[0] && plans[1] && plans[2]);
  EXPECT_FALSE(plans[3]) << "Pillow's rules follow no plan";
}

TEST(Recipe, ProgressOfAChainRunsFromNothingToAll) {
  const Recipe recipe = parse_recipe(all_options);
  Picture picture = sample();
  double last = 0, least = 1;
  apply(picture, recipe.filters[3], 1, {.stop = {}, .progress = [&](double part) {
                                          EXPECT_GE(part, last);
                                          last = part;
                                          least = std::min(least, part);
                                        }});
  EXPECT_DOUBLE_EQ(last, 1);
  EXPECT_LT(least, 0.5);
}

TEST(Files, HashesAreThoseOfTheStandard) {
  const std::string abc = "abc";
  const std::string known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";  // FIPS 180-2, B.1
  EXPECT_EQ(sha256(std::as_bytes(std::span(abc))), known);
  const Folder folder;
  write_bytes(folder / "abc", abc);
  EXPECT_EQ(sha256(folder / "abc"), known);
  EXPECT_THROW(sha256(folder / "none"), IoError);
  const std::string large(200000, 'x');
  write_bytes(folder / "large", large);
  EXPECT_EQ(sha256(folder / "large"), sha256(std::as_bytes(std::span(large))));
}

TEST(Files, WholeWritesReplaceAndLeaveNothing) {
  const Folder folder;
  const std::string one = "one", two = "another";
  write_whole(folder / "a", std::as_bytes(std::span(one)), Sync::later);
  write_whole(folder / "a", std::as_bytes(std::span(two)));
  EXPECT_EQ(picture_files::read_bytes(folder / "a"), two);
  EXPECT_THROW(write_whole(folder / "none/a", std::as_bytes(std::span(one))), IoError);
  EXPECT_THAT(folder.names(), ElementsAre("a"));
}

TEST(Files, TemporariesOfProcessesThatAreGoneAreRemoved) {
  const Folder folder;
  const std::string living = ".gaussfilt-" + std::to_string(getpid()) + "-01234567.png";
  for (const std::string& name : {living, std::string(".gaussfilt-2147483646-01234567.png"), std::string("photo.png"),
                                  std::string(".gaussfilt-x.png"), std::string(".gaussfilt-12")})
    write_bytes(folder / name, "x");
  remove_abandoned_files(folder.path());
  EXPECT_THAT(folder.names(), testing::UnorderedElementsAre(living, "photo.png", ".gaussfilt-x.png", ".gaussfilt-12"));
}

}  // namespace
