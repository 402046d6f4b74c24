// Floor 5: `gaussfilt report`: what was done to a picture, as a page. How a browser shows it: test_report_page.py.
#include "program.h"

#include <gaussfilt/pictures.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace picture_files;
using program::Result;
using program::run;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ReportCommand : public testing::Test {
 protected:
  ReportCommand() { write_bytes(folder / "in.png", png(noise(60, 40, 3, 8), {})); }

  void filter(std::vector<std::string> words) {
    const Result result = run(folder, words);
    EXPECT_EQ(result.code, 0) << result.err;
  }

  // The page that the command writes.
  std::string page(std::vector<std::string> words) {
    words.insert(words.begin(), {"report", "-o", "page.html"});
    const Result result = run(folder, words);
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.err, IsEmpty());
    said = result.out;
    return read_bytes(folder / "page.html");
  }

  std::string refused(std::vector<std::string> words, int code = 2) {
    words.insert(words.begin(), "report");
    const std::vector<std::string> before = folder.names();
    const Result result = run(folder, words);
    EXPECT_EQ(result.code, code) << result.out;
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    EXPECT_EQ(folder.names(), before);
    return result.err;
  }

  const Folder folder;
  std::string said;
};

constexpr const char* proven = "<th scope=\"row\">OUT is what this filter makes of IN</th><td>yes, to the bit</td>";

TEST_F(ReportCommand, WithoutAFilterItHasWhatCanBeMeasured) {
  filter({"blur", "in.png", "out.png", "--sigma", "2"});
  const std::string text = page({"in.png", "out.png"});
  const gaussfilt::Difference difference =
      compare(gaussfilt::Picture::load(folder / "in.png"), gaussfilt::Picture::load(folder / "out.png"));
  const std::string largest = std::to_string(static_cast<int>(difference.largest)) + " levels";
  EXPECT_THAT(said, HasSubstr("in.png | out.png -> page.html  60 x 40 RGB 8 bit, largest difference " + largest));
  EXPECT_THAT(text, AllOf(HasSubstr("<td>" + largest + ", at "), HasSubstr("Rms difference"), HasSubstr("PSNR"),
                          HasSubstr("in.png: 60 x 40 RGB 8 bit, 7"), Not(HasSubstr("The filter"))));
  EXPECT_EQ(text.find("<?xml"), std::string::npos);
  EXPECT_THAT(page({"in.png", "in.png"}), HasSubstr("none: every pixel is the same"));
}

TEST_F(ReportCommand, ABlurIsProvenWithItsPlanAndKernel) {
  filter({"blur", "in.png", "out.png", "--sigma", "3,1.5", "--light", "linear", "--border", "wrap"});
  const std::string text = page({"in.png", "out.png", "--sigma", "3,1.5", "--light", "linear", "--border", "wrap"});
  EXPECT_THAT(text, AllOf(HasSubstr(proven), HasSubstr("Blur, sigma 3,1.5 in linear light"),
                          HasSubstr("Delivered sigma</th><td>"), HasSubstr("Error bound"), HasSubstr("The whole plan"),
                          HasSubstr("sigma 3 along rows: 31 sampled taps"), HasSubstr("sigma 1.5 along columns"),
                          HasSubstr("&quot;border&quot;: &quot;wrap&quot;")));
}

TEST_F(ReportCommand, AConvolutionIsProven) {
  filter({"convolve", "in.png", "out.png", "-k", "emboss3x3", "--correlate", "--region", "5,5,20,20"});
  const std::string text = page({"in.png", "out.png", "-k", "emboss3x3", "--correlate", "--region", "5,5,20,20"});
  EXPECT_THAT(text, AllOf(HasSubstr(proven), HasSubstr("Convolution, emboss3x3"), HasSubstr("correlated"),
                          HasSubstr("emboss3x3: 3 x 3, version"), HasSubstr("<li>box 5,5 20 x 20</li>")));
}

TEST_F(ReportCommand, AFilterOfARecipeIsProvenStepByStep) {
  write_bytes(folder / "r.json", R"({"version": 1, "filters": [
    {"name": "twice", "chain": [{"blur": {"sigma": 1}}, {"convolve": {"kernel": "sharpen3x3"}}]},
    {"name": "soft", "blur": {"sigma": 2}}]})");
  filter({"apply", "r.json", "in.png", "-o", "d"});
  EXPECT_THAT(page({"in.png", "d/in-twice.png", "--recipe", "r.json", "--filter", "twice"}),
              AllOf(HasSubstr(proven), HasSubstr("The filter &#39;twice&#39;"), HasSubstr("1. Blur, sigma 1"),
                    HasSubstr("2. Convolution, sharpen3x3")));
  EXPECT_THAT(page({"in.png", "d/in-twice.png", "--recipe", "r.json", "--filter", "soft"}),
              AllOf(Not(HasSubstr(proven)), HasSubstr("made by something else")));
  EXPECT_THAT(refused({"in.png", "d/in-twice.png", "-o", "x.html", "--recipe", "r.json"}),
              HasSubstr("r.json has 2 filters; name the one that made OUT (--filter 'twice')"));
  EXPECT_THAT(refused({"in.png", "d/in-twice.png", "-o", "x.html", "--recipe", "r.json", "--filter", "sfot"}),
              HasSubstr("must be one of twice or soft; did you mean 'soft'"));
}

TEST_F(ReportCommand, APictureWrittenWithLossIsMeasuredAgainstTheFilter) {
  filter({"blur", "in.png", "out.jpg", "--sigma", "2"});
  EXPECT_THAT(page({"in.png", "out.jpg", "--sigma", "2"}), HasSubstr("OUT was written with loss"));
}

TEST_F(ReportCommand, WhatAKernelTooLargeToDrawIsSaidOf) {
  filter({"blur", "in.png", "out.png", "--sigma", "900"});
  EXPECT_THAT(page({"in.png", "out.png", "--sigma", "900"}),
              AllOf(HasSubstr(proven), HasSubstr("reaches more than 1000 pixels, and is not drawn")));
  filter({"convolve", "in.png", "out.png", "-k", "pillow-blur", "--like", "pillow"});
  EXPECT_THAT(page({"in.png", "out.png", "-k", "pillow-blur", "--like", "pillow"}),
              AllOf(HasSubstr(proven), HasSubstr("Pillow&#39;s sums")));
}

TEST_F(ReportCommand, ADrawingAnAnimationAndTransparency) {
  write_bytes(folder / "a.svg",
              R"(<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><path d="M3 2L30 9L8 25z"/></svg>)");
  filter({"blur", "a.svg", "a.png", "--sigma", "2", "--scale", "3"});
  EXPECT_THAT(page({"a.svg", "a.png", "--sigma", "2", "--scale", "3"}), HasSubstr(proven));
  EXPECT_THAT(refused({"a.svg", "a.png", "-o", "x.html"}, 1),
              AllOf(HasSubstr("a.svg is 40 x 30 and a.png is 120 x 90"), HasSubstr("--scale")));
  gaussfilt::Array frames(gaussfilt::DType::u8, {2, 30, 40, 3});
  frames.items<std::uint8_t>()[0] = 200;
  gaussfilt::Picture(std::move(frames), gaussfilt::Colour::rgb).save(folder / "a.gif");
  filter({"blur", "a.gif", "page1.png", "--sigma", "2", "--page", "1"});
  EXPECT_THAT(page({"a.gif", "page1.png", "--sigma", "2", "--page", "1"}), HasSubstr(proven));
  EXPECT_THAT(refused({"a.gif", "page1.png", "-o", "x.html"}, 1), HasSubstr("(--page 1)"));
  filter({"blur", "a.gif", "b.gif", "--sigma", "0"});
  EXPECT_THAT(page({"a.gif", "b.gif"}), HasSubstr("the first of 2 pages"));
}

TEST_F(ReportCommand, LargePicturesAreShrunkIntoThePage) {
  write_bytes(folder / "big.png", png(noise(1000, 500, 3, 8), {}));
  filter({"blur", "big.png", "out.png", "--sigma", "2"});
  const std::string small = page({"big.png", "out.png", "--longest", "100"});
  EXPECT_THAT(small, AllOf(HasSubstr("shrunk to 100 x 50 pixels"), HasSubstr("data:image/png;base64,")));
  EXPECT_LT(small.size(), 150000U);
  EXPECT_THAT(page({"big.png", "out.png"}),
              AllOf(HasSubstr("in its own pixels, as JPEG of quality 92"), HasSubstr("data:image/jpeg;base64,")));
  EXPECT_THAT(page({"in.png", "in.png"}), HasSubstr("width=\"480\" height=\"320\""));
}

TEST_F(ReportCommand, RefusesACommandLineThatCannotBe) {
  filter({"blur", "in.png", "out.png", "--sigma", "2"});
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"in.png", "out.png"}, "-o is missing, the page to write (gaussfilt report in.png out.png -o page.html)"},
      {{"in.png", "out.png", "-o", "out.jpg"}, "must end in .html"},
      {{"in.png", "-", "-o", "x.html"}, "OUT: is '-', must be a file"},
      {{"in.png", "out.png", "-o", "x.html", "--region", "0,0,5,5"}, "add --sigma or --kernel"},
      {{"in.png", "out.png", "-o", "x.html", "--sigma", "2", "-k", "edges"}, "--sigma: does not go with --kernel"},
      {{"in.png", "out.png", "-o", "x.html", "-k", "edges", "--light", "linear"}, "--light: does not go with --kernel"},
      {{"in.png", "out.png", "-o", "x.html", "--filter", "soft"}, "needs --recipe"},
      {{"in.png", "out.png", "-o", "x.html", "--recipe", "r.json", "-s", "2"}, "--recipe: does not go with --sigma"},
      {{"in.png", "out.png", "-o", "x.html", "--longest", "4"}, "from 16 to 8192"}};
  for (const auto& [words, sentence] : cases) EXPECT_THAT(refused(words), HasSubstr(sentence));
  EXPECT_THAT(refused({"none.png", "out.png", "-o", "x.html"}, 1), HasSubstr("none.png: "));
  EXPECT_THAT(refused({"in.png", "out.png", "-o", "none/x.html"}, 1), HasSubstr("none/x.html: "));
}

}  // namespace
