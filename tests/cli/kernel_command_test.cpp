// Floor 5: `gaussfilt kernel` and `gaussfilt plan`, held to the library and to sums done by hand.
#include "program.h"

#include <gaussfilt/gaussfilt.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <numbers>

namespace {

using namespace gaussfilt;
using nlohmann::json;
using picture_files::Folder;
using program::Result;
using program::run;
using testing::HasSubstr;

class Numbers : public testing::Test {
 protected:
  std::string out(const std::vector<std::string>& words, const program::Setting& setting = {}) {
    const Result result = run(folder, words, setting);
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return result.out;
  }
  json parsed(const std::vector<std::string>& words) { return json::parse(out(words)); }
  void expect_refused(const std::vector<std::string>& words, const std::string& part) {
    const Result result = run(folder, words);
    EXPECT_EQ(result.code, 2) << part;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr(part));
  }

  Folder folder;
};

TEST_F(Numbers, KernelPrintsTheLibrarysTaps) {
  for (const auto& [order, taps] :
       {std::pair{0, Taps::sampled}, {0, Taps::discrete}, {1, Taps::sampled}, {2, Taps::integrated}}) {
    const Kernel kernel = gaussian_kernel(1.5, order, truncated_radius(1.5, 4), taps);
    const json answer = parsed({"kernel", "--sigma", "1.5", "--order", std::to_string(order), "--taps",
                                std::string(name(taps)), "--format", "json"});
    EXPECT_EQ(answer.at("taps").get<std::vector<double>>(), kernel.taps);
    EXPECT_EQ(answer.at("radius"), kernel.centre);
    EXPECT_EQ(answer.contains("delivered_sigma"), order == 0);
    if (order == 0) {
      EXPECT_EQ(answer.at("delivered_sigma"), delivered_sigma(kernel));
    }
  }
}

TEST_F(Numbers, KernelIsCutAsAsked) {
  const auto radius = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "kernel");
    words.insert(words.end(), {"--format", "json"});
    return parsed(words).at("radius").get<int>();
  };
  EXPECT_EQ(radius({"--sigma", "2"}), 8);
  EXPECT_EQ(radius({"--sigma", "2", "--truncate", "3"}), 6);
  EXPECT_EQ(radius({"--sigma", "2", "--radius", "3"}), 3);
  EXPECT_EQ(radius({"--sigma", "2", "--size", "5"}), 2);
  EXPECT_EQ(radius({"--size", "7"}), 3);
  EXPECT_GE(radius({"--sigma", "2", "--truncate", "inf"}), 15);
  EXPECT_NEAR(parsed({"kernel", "--size", "5", "--format", "json"}).at("sigma").get<double>(), 1.1, 1e-15);
  EXPECT_NEAR(parsed({"kernel", "--fwhm", "2.3548200450309493", "--format", "json"}).at("sigma").get<double>(), 1,
              1e-15);
  EXPECT_THAT(out({"kernel", "--size", "5"}), HasSubstr("sigma 1.1 (0.15 N + 0.35, OpenCV's rule for --size 5)"));
}

TEST_F(Numbers, FrequencyResponseIsThatOfTheTaps) {
  for (const int order : {0, 1, 2, 3}) {
    const json answer =
        parsed({"kernel", "--sigma", "2", "--order", std::to_string(order), "--truncate", "8", "--format", "json"});
    const double step = 2 * std::numbers::pi / 128;
    const json& rows = answer.at("frequency_response");
    ASSERT_EQ(rows.size(), 65U);
    for (const int at : {0, 5, 11, 20}) {
      const double w = step * at, ideal = std::pow(w, order) * std::exp(-2 * w * w);
      EXPECT_NEAR(rows[static_cast<std::size_t>(at)].at("gaussian").get<double>(), ideal, 1e-14);
      EXPECT_NEAR(rows[static_cast<std::size_t>(at)].at("response").get<double>(), ideal, 1e-6) << order << " " << at;
    }
  }
}

TEST_F(Numbers, IntegersSumToWhatWasAskedFor) {
  for (const std::string sum : {"", "100", "65536"}) {
    std::vector<std::string> words = {"kernel", "--sigma", "1.2", "--format", "json", "--integers"};
    if (!sum.empty()) words.push_back(sum);
    const std::int64_t expected = sum.empty() ? 256 : std::stoll(sum);
    const json answer = parsed(words);
    const Kernel kernel = gaussian_kernel(1.2, 0, truncated_radius(1.2, 4));
    const auto integers = answer.at("integers").at("taps").get<std::vector<std::int64_t>>();
    EXPECT_EQ(integers, integer_taps(kernel, expected));
    Kernel used = kernel;
    double worst = 0;
    for (std::size_t i = 0; i < integers.size(); ++i) {
      used.taps[i] = static_cast<double>(integers[i]) / static_cast<double>(expected);
      worst = std::max(worst, std::abs(used.taps[i] - kernel.taps[i]));
    }
    EXPECT_EQ(answer.at("integers").at("delivered_sigma"), delivered_sigma(used));
    EXPECT_EQ(answer.at("integers").at("largest_error"), worst);
  }
  EXPECT_EQ(out({"kernel", "--size", "3", "--sigma", "0.85", "--integers", "16", "--format", "csv"}).substr(0, 19),
            "offset,tap,integer\n");
  expect_refused({"kernel", "--sigma", "2", "--order", "1", "--integers"}, "the taps of a derivative sum to 0");
  expect_refused({"kernel", "--sigma", "2", "--integers", "0"}, "--integers: is '0'");
}

TEST_F(Numbers, KernelTextFitsATerminal) {
  const std::vector<std::vector<std::string>> calls = {{"--sigma", "2"},
                                                       {"--sigma", "2", "--integers", "1000000"},
                                                       {"--sigma", "1e-3", "--order", "3"},
                                                       {"--sigma", "0"},
                                                       {"--sigma", "150", "--order", "2"}};
  for (std::vector<std::string> words : calls) {
    words.insert(words.begin(), "kernel");
    std::istringstream stream(out(words));
    for (std::string line; std::getline(stream, line);) EXPECT_LE(line.size(), 80U) << line;
  }
  EXPECT_THAT(out({"kernel", "--sigma", "0.5"}), HasSubstr("delivered sigma: 0.463694 (-7.26 %)"));
}

TEST_F(Numbers, KernelDoesNotDependOnTheLocale) {
  for (const std::string format : {"text", "json", "csv", "svg"}) {
    const std::vector<std::string> words = {"kernel", "--sigma", "1.5", "--format", format};
    EXPECT_EQ(out(words), out(words, {.environment = {{"LC_ALL", "de_DE.UTF-8"}}})) << format;
  }
}

TEST_F(Numbers, PlotHoldsEveryTapAndBothCurves) {
  const std::string svg = out({"kernel", "--sigma", "2", "--format", "svg"});
  EXPECT_TRUE(svg.starts_with("<?xml"));
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
  const auto count = [&](const std::string& part) {
    int n = 0;
    for (std::size_t at = svg.find(part); at != std::string::npos; at = svg.find(part, at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(count("<circle"), 17);
  EXPECT_EQ(count("<polyline"), 2);
  EXPECT_EQ(count("nan"), 0);
  EXPECT_EQ(count("inf"), 0);
  for (const std::string sigma : {"0", "0.001", "1000"})
    EXPECT_THAT(out({"kernel", "--sigma", sigma, "--format", "svg"}), testing::Not(HasSubstr("nan"))) << sigma;
}

TEST_F(Numbers, KernelRefuses) {
  expect_refused({"kernel"}, "--sigma is missing (gaussfilt kernel --sigma 2)");
  expect_refused({"kernel", "--sigma", "2,3"}, "--sigma: is '2,3', must be a finite number >= 0");
  expect_refused({"kernel", "--sigma", "0", "--order", "1"}, "--order: is 1 with sigma 0");
  expect_refused({"kernel", "--sigma", "1e9"}, "--sigma: 1000000000 makes more than");
  expect_refused({"kernel", "--sigma", "1e9", "--truncate", "inf"}, "--sigma: 1000000000 makes more than");
  expect_refused({"kernel", "--sigma", "1", "--radius", "600000"}, "--radius: is 600000");
  expect_refused({"kernel", "--radius", "4"},
                 "a radius as Pillow's GaussianBlur means it is the sigma (gaussfilt kernel "
                 "--sigma 4)");
}

TEST_F(Numbers, KernelByNamePrintsTheLibrarysMatrix) {
  const NamedKernel named = named_kernel("motion(5, 30)");
  const json answer = parsed({"kernel", "motion(5, 30)", "--format", "json"});
  std::vector<double> values;
  for (const json& row : answer.at("kernel"))
    for (const json& value : row) values.push_back(value.get<double>());
  EXPECT_EQ(values, named.kernel.values);
  EXPECT_EQ(answer.at("version"), 1);
  EXPECT_EQ(answer.at("orientation"), named.orientation);
  EXPECT_EQ(out({"kernel", "emboss3x3", "--format", "csv"}), "2,1,0\n1,1,-1\n0,-1,-2\n");
  EXPECT_THAT(out({"kernel", "gaussian5x5"}), HasSubstr("sum 256, factor 0.00390625, bias 0, anchor 2,2\n"));
}

TEST_F(Numbers, KernelOfAFileIsTheMatrixThatItWrote) {
  picture_files::write_bytes(folder / "k.json", out({"kernel", "1 2; -3 4.5", "--format", "json"}));
  // The answer says more than a kernel file may hold: what is no key of one is refused by its name.
  expect_refused({"kernel", "k.json"}, "NAME: k.json: '/");
  picture_files::write_bytes(folder / "k.csv", out({"kernel", "1 2; -3 4.5", "--format", "csv"}));
  EXPECT_EQ(out({"kernel", "k.csv", "--format", "csv"}), "1,2\n-3,4.5\n");
}

TEST_F(Numbers, KernelResponseIsTheTransformOfTheMatrix) {
  const json answer = parsed({"kernel", "gaussian3x3", "--format", "json"}).at("frequency_response");
  for (const json& one : answer) {
    const double f = one.at("cycles").get<double>(), line = 0.5 + 0.5 * std::cos(2 * std::numbers::pi * f);
    const double diagonal = 0.5 + 0.5 * std::cos(std::numbers::sqrt2 * std::numbers::pi * f);
    EXPECT_NEAR(one.at("rows").get<double>(), line, 1e-12);
    EXPECT_NEAR(one.at("columns").get<double>(), line, 1e-12);
    EXPECT_NEAR(one.at("diagonal").get<double>(), diagonal * diagonal, 1e-12);
  }
}

TEST_F(Numbers, KernelByNameIsPlottedWithItsValues) {
  const std::string plot = out({"kernel", "emboss3x3", "--format", "svg"});
  EXPECT_THAT(plot, testing::StartsWith("<?xml"));
  EXPECT_THAT(plot, HasSubstr(">-2</text>"));
  EXPECT_THAT(plot, HasSubstr("light comes from the upper left"));
  expect_refused({"kernel", "box(257)", "--format", "svg"}, "must be at most 256 x 256 to be plotted");
}

TEST_F(Numbers, KernelNamesAreCheckedBeforeAnythingIsPrinted) {
  expect_refused({"kernel", "mottion(9, 30)"}, "did you mean: gaussfilt kernel 'motion(9, 30)'");
  expect_refused({"kernel", "motion(8, 30)"}, "NAME: \"motion(8, 30)\" has the size \"8\", must be an odd");
  expect_refused({"kernel", "1 2; 3"}, "NAME: row 2 has 1 value, must have 2 as the first row has");
  expect_refused({"kernel", "edges", "--sigma", "2"}, "--sigma: is of the taps of a Gaussian");
  expect_refused({"kernel", "edges", "--order", "1"}, "--order: is of the taps of a Gaussian");
  EXPECT_THAT(out({"kernel", "unsharp(1, 2, 3)"}), HasSubstr("by more than 3 levels; the others stay"));
}

TEST_F(Numbers, PlanExplainsWhatTheLibraryPlans) {
  const Layout layout{.shape = {480, 640, 3}, .dtype = DType::u8};
  const Plan plan = plan_gaussian(
      layout, DType::f32, {.sigma = {4.0, 2.0}, .border = Border::mirror, .axes = {0, 1}, .taps = Taps::discrete});
  const std::vector<std::string> words = {"plan",   "--shape", "480x640x3", "--dtype",   "u8",  "--out-dtype",
                                          "f32",    "--sigma", "4,2",       "--axes",    "0,1", "--border",
                                          "mirror", "--taps",  "discrete",  "--threads", "1"};
  EXPECT_EQ(out(words), plan.explain());
  std::vector<std::string> as_json = words;
  as_json.push_back("--json");
  const json answer = parsed(as_json);
  EXPECT_EQ(answer, json::parse(plan.explain_json()));
  for (const char* key : {"candidates", "error_bound", "scratch_bytes", "axes"})
    EXPECT_TRUE(answer.contains(key)) << key;
  EXPECT_TRUE(answer.at("axes")[0].contains("delivered_sigma"));
}

TEST_F(Numbers, PlanHasTheLibrarysDefaults) {
  const Layout layout{.shape = {100, 90}, .dtype = DType::f32};
  EXPECT_EQ(out({"plan", "--shape", "100x90"}), plan_gaussian(layout, DType::f32).explain());
  EXPECT_EQ(out({"plan", "--shape", "100,90", "--sigma", "3", "--tolerance", "1e-4"}),
            plan_gaussian(layout, DType::f32, {.sigma = 3.0, .tolerance = 1e-4}).explain());
  for (const Method method : {Method::separable, Method::multirate}) {
    EXPECT_EQ(out({"plan", "--shape", "100,90", "--sigma", "3", "--tolerance", "1e-4", "--method",
                   std::string(name(method))}),
              plan_gaussian(layout, DType::f32, {.sigma = 3.0, .tolerance = 1e-4, .method = method}).explain());
  }
  EXPECT_EQ(out({"plan", "--shape", "100x90", "--order", "0,1", "--radius", "5,6", "--border", "wrap,constant:2"}),
            plan_gaussian(layout, DType::f32,
                          {.order = {0, 1}, .border = {Border::wrap, Border::constant}, .cval = 2.0, .radius = {5, 6}})
                .explain());
}

TEST_F(Numbers, PlanRefuses) {
  expect_refused({"plan", "--sigma", "2"}, "--shape is missing");
  expect_refused({"plan", "--shape", "10x-1"}, "--shape: is '10x-1'");
  expect_refused({"plan", "--shape", "10x10", "--dtype", "u8", "--order", "1"}, "give a signed or floating output");
  expect_refused({"plan", "--shape", "10x10", "--sigma", "1,2,3"}, "sigma");
  expect_refused({"plan", "--shape", "10x10", "--axes", "0,5"}, "axes");
  expect_refused({"plan", "--shape", "10x10", "--truncate", "3", "--radius", "4"},
                 "--truncate: does not go with --radius");
  expect_refused({"plan", "--shape", "10x10", "--method", "fft"}, "--method: is 'fft', must be separable");
  expect_refused({"plan", "--shape", "10x10", "--method", "multirate"}, "multirate cannot do this");
  expect_refused({"plan", "--shape", "10x10", "--border", "wrap,miror"}, "--border: is 'miror', must be reflect");
}

}  // namespace
