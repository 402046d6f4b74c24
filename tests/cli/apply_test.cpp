// Floor 5: `gaussfilt apply`: every filter on every picture, names, refusals, the manifest.
#include "program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace {

using namespace picture_files;
using nlohmann::json;
using program::Result;
using program::run;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* two_filters = R"({"version": 1, "filters": [
  {"name": "soft", "blur": {"sigma": 3}},
  {"name": "cut", "chain": [{"blur": {"sigma": 1.5}}, {"blur": {"sigma": 2, "regions": [[2, 3, 10, 12]]}}]}]})";

class Apply : public testing::Test {
 protected:
  Apply() { write_bytes(folder / "r.json", two_filters); }

  void put(const std::string& name, std::uint32_t seed = 1) {
    fs::create_directories((folder / name).parent_path());
    write_bytes(folder / name, png(noise(40, 30, 3, 8, seed), {}));
  }

  void put_svg(const std::string& name) {
    fs::create_directories((folder / name).parent_path());
    write_bytes(folder / name,
                R"(<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><path d="M3 2L30 9L8 25z"/></svg>)");
  }

  // Files below a folder with their bytes, but for the manifest, which has times in it.
  std::map<std::string, std::string> files(const std::string& name) const {
    std::map<std::string, std::string> found;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(folder / name, error))
      if (!entry.is_directory() && entry.path().filename() != "gaussfilt-manifest.json")
        found[fs::relative(entry.path(), folder / name).string()] = read_bytes(entry.path());
    return found;
  }

  std::vector<std::string> names(const std::string& name) const {
    std::vector<std::string> all;
    for (const auto& [file, bytes] : files(name)) all.push_back(file);
    return all;
  }

  json manifest(const std::string& name = "out/gaussfilt-manifest.json") const {
    return json::parse(read_bytes(folder / name));
  }

  void expect_refused(const std::vector<std::string>& words, const std::string& part) {
    const Result result = run(folder, words);
    EXPECT_EQ(result.code, 2) << result.err;
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, AllOf(StartsWith("gaussfilt: "), HasSubstr(part), HasSubstr("gaussfilt apply --help")));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_FALSE(fs::exists(folder / "out")) << part;
  }

  Folder folder;
};

TEST_F(Apply, EveryPictureGoesThroughEveryFilter) {
  put("in/a.png", 1);
  put("in/b.png", 2);
  put_svg("in/a.svg");
  const Result result = run(folder, {"apply", "r.json", "in", "-o", "new/out"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "6 done, 0 failed\n");
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(names("new/out"),
              ElementsAre("a-cut.png", "a-soft.png", "a.svg-cut.png", "a.svg-soft.png", "b-cut.png", "b-soft.png"));
  // What `blur` makes of them, one after the other.
  const auto blur = [&](const std::string& in, const std::vector<std::string>& options) {
    std::vector<std::string> words = {"blur", in, "alone.png"};
    words.insert(words.end(), options.begin(), options.end());
    EXPECT_EQ(run(folder, words).code, 0);
    return read_bytes(folder / "alone.png");
  };
  for (const std::string name : {"a.png", "a.svg", "b.png"}) {
    const std::string stem = name == "a.svg" ? name : name.substr(0, 1);
    const std::string soft = blur("in/" + name, {"--sigma", "3"});
    EXPECT_EQ(read_bytes(folder / ("new/out/" + stem + "-soft.png")), soft) << name;
    blur("in/" + name, {"--sigma", "1.5"});
    const std::string cut = blur("alone.png", {"--sigma", "2", "--region", "2,3,10,12"});
    EXPECT_EQ(read_bytes(folder / ("new/out/" + stem + "-cut.png")), cut) << name;
    EXPECT_NE(soft, cut);
  }
}

TEST_F(Apply, TheManifestProvesWhatWasDone) {
  put("in/a.png");
  put_svg("in/b.svg");
  ASSERT_EQ(run(folder, {"apply", "r.json", "in", "-o", "out"}).code, 0);
  const json all = manifest();
  EXPECT_EQ(all.at("gaussfilt"), GAUSSFILT_PROJECT_VERSION);
  EXPECT_EQ(all.at("recipe").at("filters").size(), 2U);
  EXPECT_EQ(all.at("done"), 4);
  ASSERT_EQ(all.at("results").size(), 4U);
  std::vector<std::string> outputs;
  for (const json& one : all.at("results")) {
    outputs.push_back(one.at("output"));
    const auto hash = [&](const std::string& file) {
      const std::string command = "sha256sum < '" + (folder / file).string() + "'";
      FILE* pipe = popen(command.c_str(), "r");
      std::string digits(64, ' ');
      EXPECT_EQ(std::fread(digits.data(), 1, 64, pipe), 64U);
      pclose(pipe);
      return digits;
    };
    EXPECT_EQ(one.at("input_sha256"), hash(one.at("input")));
    EXPECT_EQ(one.at("output_sha256"), hash("out/" + one.at("output").get<std::string>()));
    const json& step = one.at("steps").at(0);
    const bool drawing = one.at("input") == "in/b.svg";  // has alpha, whose products are no whole numbers
    EXPECT_EQ(step.at("method"), drawing ? "separable" : "integer");
    const double asked = step.at("blur").at("sigma");
    EXPECT_NEAR(step.at("delivered_sigma").at("x").get<double>(), asked, 0.01);
    EXPECT_GT(step.at("error_bound").get<double>(), 0);
    for (const char* part : {"read", "filter", "encode"}) EXPECT_GT(one.at("milliseconds").at(part).get<double>(), 0);
  }
  EXPECT_THAT(outputs, ElementsAre("a-soft.png", "a-cut.png", "b.svg-soft.png", "b.svg-cut.png"));
  EXPECT_FALSE(fs::exists(folder / "out/gaussfilt-manifest.json-journal"));
}

TEST_F(Apply, TheTreeIsKept) {
  for (const char* name : {"in/a.png", "in/x/b.png", "in/x/y/c.png", "in/.git/d.png"}) put(name);
  write_bytes(folder / "in/e.txt", "words");
  EXPECT_EQ(run(folder, {"apply", "r.json", "in", "-o", "flat"}).out,
            "2 done, 0 failed, 1 other file left out: e.txt; 1 folder not entered (--recursive does)\n");
  EXPECT_EQ(run(folder, {"apply", "r.json", "in", "-o", "out", "-r"}).code, 0);
  EXPECT_THAT(names("out"),
              ElementsAre("a-cut.png", "a-soft.png", "x/b-cut.png", "x/b-soft.png", "x/y/c-cut.png", "x/y/c-soft.png"));
  EXPECT_EQ(run(folder, {"apply", "r.json", "in", "-o", "by", "-r", "--pattern", "{filter}/{dir}/{stem}.tif"}).code, 0);
  EXPECT_THAT(names("by"),
              ElementsAre("cut/a.tif", "cut/x/b.tif", "cut/x/y/c.tif", "soft/a.tif", "soft/x/b.tif", "soft/x/y/c.tif"));
  EXPECT_EQ(run(folder, {"apply", "r.json", "in", "-o", "in/x/out", "-r"}).out,
            run(folder, {"apply", "r.json", "in", "-o", "in/x/out", "-r"}).out)
      << "outputs are no inputs";
}

TEST_F(Apply, FilesFoldersAndPatternsTogether) {
  put("in/a.png", 1);
  put("in/b.png", 2);
  put("c.png", 3);
  put("[d].png", 4);
  const Result result = run(folder, {"apply", "r.json", "in/*.png", "c.png", "./c.png", "[d].png", "in", "-o", "out"});
  EXPECT_EQ(result.out, "8 done, 0 failed\n") << result.err << "each once";
  EXPECT_THAT(names("out"), ElementsAre("[d]-cut.png", "[d]-soft.png", "a-cut.png", "a-soft.png", "b-cut.png",
                                        "b-soft.png", "c-cut.png", "c-soft.png"));
  const Result none = run(folder, {"apply", "r.json", "*.jpg", "-o", "none"});
  EXPECT_EQ(none.code, 1);
  EXPECT_EQ(none.err, "gaussfilt: *.jpg: there is no file of such a name.\n");
  EXPECT_FALSE(fs::exists(folder / "none"));
}

TEST_F(Apply, JobsAndThreadsChangeNoByte) {
  for (int i = 0; i < 7; ++i) put("in/" + std::to_string(i) + ".png", static_cast<std::uint32_t>(i));
  ASSERT_EQ(run(folder, {"apply", "r.json", "in", "-o", "one", "--jobs", "1", "--threads", "1"}).code, 0);
  for (const char* jobs : {"2", "4", "100"}) {
    const Result result = run(folder, {"apply", "r.json", "in", "-o", "many", "--jobs", jobs, "--threads", "3"});
    EXPECT_EQ(result.out, "14 done, 0 failed\n") << result.err;
    EXPECT_TRUE(files("one") == files("many")) << jobs;
    fs::remove_all(folder / "many");
  }
}

TEST_F(Apply, ADryRunTellsAndWritesNothing) {
  put("in/a.png");
  put_svg("in/b.svg");
  const Result result = run(folder, {"apply", "r.json", "in", "-o", "out", "--dry-run"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out,
            "in/a.png -> out/a-soft.png  soft\n"
            "in/a.png -> out/a-cut.png  cut\n"
            "in/b.svg -> out/b.svg-soft.png  soft\n"
            "in/b.svg -> out/b.svg-cut.png  cut\n"
            "4 to do, 0 done before, 0 cannot be read\n");
  EXPECT_THAT(folder.names(), ElementsAre("in", "r.json"));
  ASSERT_EQ(run(folder, {"apply", "r.json", "in/a.png", "-o", "out"}).code, 0);
  const auto before = files("out");
  const std::string record = read_bytes(folder / "out/gaussfilt-manifest.json");
  EXPECT_THAT(
      run(folder, {"apply", "r.json", "in", "-o", "out", "-n", "--resume"}).out,
      AllOf(StartsWith("in/a.png -> out/a-soft.png  soft, done before\n"), HasSubstr("2 to do, 2 done before")));
  EXPECT_EQ(files("out"), before);
  EXPECT_EQ(read_bytes(folder / "out/gaussfilt-manifest.json"), record);
}

TEST_F(Apply, OneBadFileDoesNotStopTheRest) {
  for (const char* name : {"in/a.png", "in/b.png", "in/c.png"}) put(name);
  write_bytes(folder / "in/b.png", read_bytes(folder / "in/a.png").substr(0, 2000));
  fs::create_directories(folder / "out/c-cut.png");  // in the way of an output
  for (const char* jobs : {"1", "3"}) {
    const Result result = run(folder, {"apply", "r.json", "in", "missing.png", "-o", "out", "--jobs", jobs});
    EXPECT_EQ(result.code, 1);
    EXPECT_EQ(result.out, "3 done, 5 failed\n");
    EXPECT_THAT(result.err,
                AllOf(HasSubstr("gaussfilt: in/b.png: "), HasSubstr("gaussfilt: out/c-cut.png: is a folder"),
                      HasSubstr("gaussfilt: missing.png: there is no such file")));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 3) << result.err;
    EXPECT_THAT(names("out"), ElementsAre("a-cut.png", "a-soft.png", "c-soft.png"));
    const json all = manifest();
    EXPECT_EQ(all.at("failed"), 5);
    EXPECT_THAT(all.at("results").at(2).at("error").get<std::string>(), StartsWith("in/b.png: "));
    EXPECT_FALSE(all.at("results").at(2).contains("output_sha256"));
    fs::remove(folder / "out/a-cut.png");
    fs::remove(folder / "out/a-soft.png");
    fs::remove(folder / "out/c-soft.png");
  }
}

TEST_F(Apply, ARegionOutsideOnePictureIsThatPicturesFailure) {
  put("in/a.png");
  write_bytes(folder / "in/small.png", png(noise(2, 2, 3, 8), {}));
  const Result result = run(folder, {"apply", "r.json", "in", "-o", "out"});
  EXPECT_EQ(result.out, "3 done, 1 failed\n");
  EXPECT_THAT(result.err, StartsWith("gaussfilt: in/small.png by 'cut': region: "));
  EXPECT_THAT(result.err, HasSubstr("/blur/regions/0 of r.json lies outside the picture, which is 2 x 2 pixels."));
}

TEST_F(Apply, OutputsThatMeetAreRefusedBeforeTheWork) {
  put("in/a.png");
  put("other/a.png");
  put("in/a.svg.png");
  put_svg("in/a.svg");
  expect_refused({"apply", "r.json", "in/a.png", "other/a.png", "-o", "out"},
                 "in/a.png by 'soft' and other/a.png by 'soft': would both be written to out/a-soft.png");
  expect_refused({"apply", "r.json", "in", "-o", "out"},
                 "in/a.svg by 'soft' and in/a.svg.png by 'soft': would both be written to out/a.svg-soft.png");
  expect_refused({"apply", "r.json", "in", "-o", "out", "--pattern", "{stem}{ext}"}, "must have {filter} in it");
  write_bytes(folder / "one.json", R"({"version": 1, "filters": [{"name": "soft", "blur": {"sigma": 3}}]})");
  const std::string before = read_bytes(folder / "other/a.png");
  expect_refused(
      {"apply", "one.json", "other", "-o", "other", "--pattern", "{stem}{ext}"},
      "other/a.png by 'soft': would be written over other/a.png, which is an input; choose another -o, or say "
      "--in-place");
  EXPECT_EQ(read_bytes(folder / "other/a.png"), before);
  fs::create_symlink("../other/a.png", folder / "in/b-soft.png");
  put("b.png");
  expect_refused({"apply", "one.json", "b.png", "other", "-o", "in"},
                 "b.png by 'soft': would be written over other/a.png");
}

TEST_F(Apply, NothingIsWrittenOverTheRecipeOrTheManifest) {
  put("a.png");
  fs::create_directories(folder / "rest");
  write_bytes(folder / "a-soft.png", two_filters);
  const Result recipe = run(folder, {"apply", "a-soft.png", "a.png", "-o", "."});
  EXPECT_THAT(recipe.err, HasSubstr("would be written to ./a-soft.png, which is the recipe"));
  EXPECT_EQ(read_bytes(folder / "a-soft.png"), two_filters);
  expect_refused({"apply", "r.json", "a.png", "-o", "rest", "--manifest", "rest/a-cut.png"}, "which is the manifest");
}

TEST_F(Apply, InPlaceOnlyWhenTold) {
  write_bytes(folder / "one.json", R"({"version": 1, "filters": [{"name": "soft", "blur": {"sigma": 3}}]})");
  put("in/a.png", 1);
  put("in/x/b.png", 2);
  ASSERT_EQ(run(folder, {"apply", "one.json", "in", "-o", "apart", "-r"}).code, 0);
  const std::string original = read_bytes(folder / "in/a.png");
  const Result result = run(folder, {"apply", "one.json", "in", "--in-place", "-r"});
  EXPECT_EQ(result.out, "2 done, 0 failed\n") << result.err;
  EXPECT_THAT(names("in"), ElementsAre("a.png", "x/b.png"));
  EXPECT_EQ(read_bytes(folder / "in/a.png"), read_bytes(folder / "apart/a-soft.png"));
  EXPECT_NE(read_bytes(folder / "in/a.png"), original);
  // Nothing is blurred twice, and what is not done yet is.
  write_bytes(folder / "in/a.png", original);
  EXPECT_EQ(run(folder, {"apply", "one.json", "in", "--in-place", "-r", "--resume"}).out,
            "1 done, 1 done before, 0 failed\n");
  EXPECT_EQ(read_bytes(folder / "in/a.png"), read_bytes(folder / "apart/a-soft.png"));
  EXPECT_EQ(read_bytes(folder / "in/x/b.png"), read_bytes(folder / "apart/x/b-soft.png"));
  expect_refused({"apply", "r.json", "in", "--in-place"}, "the recipe has 2 filters, must have one");
  expect_refused({"apply", "one.json", "in", "--in-place", "-o", "out"}, "--in-place: does not go with -o");
  expect_refused({"apply", "one.json", "in", "--in-place", "--pattern", "a{ext}"}, "--pattern: does not go with");
}

TEST_F(Apply, WrongPatternsAreOneSentence) {
  put("a.png");
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"{nonsense}", "--pattern: is '{nonsense}', the fields of a name are {dir}, {stem}, {filter} and {ext};"},
      {"{stem}-{fliter}{ext}", "did you mean: gaussfilt apply r.json a.png -o out --pattern '{stem}-{filter}{ext}'"},
      {"{stem", "must close every brace"},
      {"stem}", "must open every brace"},
      {"", "must end as a file's name does"},
      {"{filter}/", "must end as a file's name does"},
      {"/tmp/{filter}{ext}", "must be relative"},
      {"../{filter}{ext}", "must not have '..'"},
      {"{filter}{dir}", "must end in {ext} or in a format that can be written"},
      {"{filter}.txt", "must end in {ext} or in a format that can be written: "},
      {"{dir}{dir}", "must have {filter} in it"}};
  for (const auto& [pattern, part] : wrong)
    expect_refused({"apply", "r.json", "a.png", "-o", "out", "--pattern", pattern}, part);
  EXPECT_EQ(run(folder, {"apply", "r.json", "a.png", "-o", "out", "--pattern", "{{{filter}}}{ext}"}).code, 0);
  EXPECT_THAT(names("out"), ElementsAre("{cut}.png", "{soft}.png"));
}

TEST_F(Apply, WrongRecipesAreOneSentenceWithTheirPlace) {
  put("a.png");
  const auto with = [](const std::string& options) {
    return R"({"version": 1, "filters": [{"name": "a", "blur": {)" + options + "}}]}";
  };
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {with(R"("sigma": -1)"), "bad.json: /filters/0/blur/sigma: is -1, must be a finite number >= 0"},
      {with(R"("sigam": 1)"), "bad.json: /filters/0/blur: has the member 'sigam', must be"},
      {with(R"("sigam": 1)"), "; did you mean 'sigma'; see"},
      {with(R"("sigma": 1, "border": "miror")"), "did you mean 'mirror'"},
      {with(R"("sigma": NaN)"),
       "bad.json: line 1, column 60: is no JSON: syntax error while parsing value - invalid literal; see"},
      {"{\"version\": 1,\n \"filter\": []}", "did you mean 'filters'"},
      {R"({"version": 1, "filters": [{"name": "a", "chian": []}]})", "did you mean 'chain'"},
      {"\x89PNG", "is no JSON"}};
  for (const auto& [recipe, part] : wrong) {
    write_bytes(folder / "bad.json", recipe);
    expect_refused({"apply", "bad.json", "a.png", "-o", "out"}, part);
  }
  const Result none = run(folder, {"apply", "none.json", "a.png", "-o", "out"});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, StartsWith("gaussfilt: none.json: cannot be read: No such file or directory."));
}

TEST_F(Apply, WrongCommandLinesAreOneSentence) {
  put("a.png");
  write_bytes(folder / "file", "x");
  expect_refused({"apply", "r.json", "a.png"},
                 "-o is missing, the folder to write to (gaussfilt apply r.json a.png -o out)");
  expect_refused({"apply", "r.json"}, "IN is missing");
  expect_refused({"apply", "r.json", "-", "-o", "out"}, "IN is '-', standard input");
  expect_refused({"apply", "r.json", "a.png", "-o", "file"}, "-o: file is a file, must be a folder");
  expect_refused({"apply", "r.json", "a.png", "-o", "out", "--jobs", "0"}, "--jobs: is '0'");
}

TEST_F(Apply, SaveOptionsGoToTheFormatsThatHaveThem) {
  write_bytes(folder / "q.json", R"({"version": 1, "save": {"quality": 10, "compression": 0},
                                     "filters": [{"name": "soft", "blur": {"sigma": 1}}]})");
  write_bytes(folder / "in.jpg", jpeg(noise(64, 64, 3, 8)));
  put("in.png");
  ASSERT_EQ(run(folder, {"apply", "q.json", "in.jpg", "in.png", "-o", "out"}).code, 0);
  ASSERT_EQ(run(folder, {"blur", "in.jpg", "alone.jpg", "-s", "1", "--quality", "10"}).code, 0);
  ASSERT_EQ(run(folder, {"blur", "in.png", "alone.png", "-s", "1", "--compression", "0"}).code, 0);
  EXPECT_EQ(read_bytes(folder / "out/in-soft.jpg"), read_bytes(folder / "alone.jpg"));
  EXPECT_EQ(read_bytes(folder / "out/in-soft.png"), read_bytes(folder / "alone.png"));
}

}  // namespace
