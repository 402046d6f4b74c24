// Floor 5: help, man page and completions say the same, fit their screen, and their examples run.
#include "program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <sstream>

namespace {

using picture_files::Folder;
using program::Result;
using program::run;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::map<std::string, std::vector<std::string>> commands = {
    {"blur", {"--sigma",        "--fwhm",       "--size",      "--radius",    "--truncate",    "--taps",
              "--tolerance",    "--border",     "--region",    "--regions",   "--invert",      "--feather",
              "--source",       "--light",      "--quality",   "--depth",     "--compression", "--format",
              "--page",         "--dpi",        "--scale",     "--width",     "--height",      "--salvage",
              "--allow-loader", "--max-pixels", "--max-pages", "--recursive", "--jobs",        "--threads",
              "--compare",      "--show",       "--explain",   "--json",      "--quiet",       "--compare-as"}},
    {"convolve", {"--kernel",       "--factor",     "--bias",      "--anchor",    "--convolve",    "--correlate",
                  "--signed",       "--like",       "--border",    "--region",    "--regions",     "--invert",
                  "--feather",      "--source",     "--quality",   "--depth",     "--compression", "--format",
                  "--page",         "--dpi",        "--scale",     "--width",     "--height",      "--salvage",
                  "--allow-loader", "--max-pixels", "--max-pages", "--recursive", "--jobs",        "--threads",
                  "--compare",      "--show",       "--explain",   "--json",      "--quiet",       "--compare-as"}},
    {"apply",
     {"--output", "--in-place", "--pattern", "--manifest", "--recursive", "--dry-run", "--resume", "--jobs",
      "--threads", "--quiet", "--page", "--dpi", "--scale", "--width", "--height", "--salvage", "--allow-loader",
      "--max-pixels", "--max-pages"}},
    {"contact",
     {"--output", "--recipe", "--columns", "--cell", "--threads", "--quiet", "--page", "--dpi", "--scale", "--width",
      "--height", "--salvage", "--allow-loader", "--max-pixels", "--max-pages"}},
    {"report",
     {"--output",   "--recipe",   "--filter",       "--longest",    "--sigma",    "--fwhm",   "--size",    "--radius",
      "--truncate", "--taps",     "--tolerance",    "--light",      "--border",   "--kernel", "--factor",  "--bias",
      "--anchor",   "--convolve", "--correlate",    "--signed",     "--like",     "--region", "--regions", "--invert",
      "--feather",  "--source",   "--threads",      "--quiet",      "--page",     "--dpi",    "--scale",   "--width",
      "--height",   "--salvage",  "--allow-loader", "--max-pixels", "--max-pages"}},
    {"kernel",
     {"--sigma", "--fwhm", "--size", "--radius", "--truncate", "--taps", "--order", "--integers", "--format"}},
    {"plan",
     {"--shape", "--dtype", "--out-dtype", "--sigma", "--order", "--axes", "--border", "--truncate", "--radius",
      "--taps", "--tolerance", "--method", "--threads", "--json"}},
    {"info",
     {"--json", "--page", "--dpi", "--scale", "--width", "--height", "--allow-loader", "--max-pixels", "--max-pages"}},
    {"compare",
     {"--heatmap", "--json", "--page", "--dpi", "--scale", "--width", "--height", "--salvage", "--allow-loader",
      "--max-pixels", "--max-pages"}},
    {"help", {}}};

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) all.push_back(line);
  return all;
}

void expect_columns(const std::string& text, const std::string& where) {
  for (const std::string& line : lines(text)) EXPECT_LE(line.size(), 80U) << where << ": " << line;
}

// Every --word of a text.
std::set<std::string> options_in(const std::string& text) {
  std::set<std::string> found;
  const auto letter = [](char c) { return ('a' <= c && c <= 'z') || c == '-'; };
  for (std::size_t at = text.find("--"); at != std::string::npos; at = text.find("--", at + 1)) {
    if (at > 0 && letter(text[at - 1])) continue;
    std::size_t end = at;
    while (end < text.size() && letter(text[end])) ++end;
    if (end > at + 3) found.insert(text.substr(at, end - at));
  }
  return found;
}

std::string without(std::string text, const std::string& part, const std::string& instead = "") {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at))
    text.replace(at, part.size(), instead);
  return text;
}

class Help : public testing::Test {
 protected:
  std::string out(const std::vector<std::string>& words) {
    const Result result = run(folder, words);
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.err, IsEmpty());
    return result.out;
  }

  // What a shell says to a script.
  std::string shell(const std::string& program, const std::string& script) {
    picture_files::write_bytes(folder / "script", script);
    const std::string command = "cd '" + folder.path().string() + "' && " + program + " script 2>&1";
    FILE* pipe = popen(command.c_str(), "r");
    std::string said;
    std::array<char, 4096> buffer{};
    while (pipe != nullptr && std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe) != nullptr)
      said += buffer.data();
    if (pipe != nullptr) pclose(pipe);
    return said;
  }

  Folder folder;
};

TEST_F(Help, FitsAScreenAndBeginsWithThreeExamples) {
  std::vector<std::vector<std::string>> pages = {{"--help"}, {"help"}};
  for (const auto& [name, options] : commands) {
    pages.push_back({name, "--help"});
    pages.push_back({name, "-h"});
    pages.push_back({"help", name});
  }
  for (const std::vector<std::string>& words : pages) {
    const std::string text = out(words);
    EXPECT_LE(lines(text).size(), 24U) << words[0];
    expect_columns(text, words[0]);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_THAT(lines(text).at(i), StartsWith("  gaussfilt ")) << words[0];
    EXPECT_THAT(lines(text).at(3), IsEmpty());
    EXPECT_THAT(text, HasSubstr("Usage: gaussfilt"));
  }
}

TEST_F(Help, NamesEveryOptionShortAndLong) {
  for (const auto& [name, options] : commands) {
    const std::string brief = out({name, "--help"}), full = out({name, "--help-all"});
    expect_columns(full, name);
    EXPECT_THAT(full, HasSubstr("Exit codes"));
    EXPECT_THAT(full, testing::Not(HasSubstr("....")));
    for (const std::string& option : options) {
      EXPECT_TRUE(options_in(brief).contains(option)) << name << " " << option;
      EXPECT_THAT(full, HasSubstr(" " + option)) << name;
    }
    for (const std::string& option : options_in(brief)) EXPECT_TRUE(options_in(full).contains(option)) << option;
  }
}

TEST_F(Help, EveryOptionTakesWhatItIsDeclaredWith) {
  for (const auto& [name, options] : commands)
    for (const std::string& option : options) {
      const Result result = run(folder, {name, option});
      EXPECT_THAT(result.err, testing::Not(HasSubstr("is not an option"))) << name << " " << option;
    }
}

TEST_F(Help, ManPageAndCompletionsKnowWhatTheHelpKnows) {
  std::set<std::string> expected = {"--help", "--help-all", "--version"};
  for (const auto& [name, options] : commands) expected.insert(options.begin(), options.end());
  for (const std::string kind : {"man", "bash", "zsh"}) {
    const std::string text = without(out({"--generate", kind}), "\\-", "-");
    std::set<std::string> found = options_in(text);
    found.erase("--generate");
    EXPECT_EQ(found, expected) << kind;
  }
  const std::string fish = out({"--generate", "fish"});
  for (const std::string& option : expected) EXPECT_THAT(fish, HasSubstr("-l " + option.substr(2) + " ")) << option;
  for (const auto& [name, options] : commands)
    for (const std::string kind : {"man", "bash", "zsh", "fish"})
      EXPECT_THAT(out({"--generate", kind}), HasSubstr(name)) << kind;
}

TEST_F(Help, GenerateRefusesOtherKinds) {
  const Result result = run(folder, {"--generate", "bahs"});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("did you mean: gaussfilt --generate bash;"));
}

TEST_F(Help, ManPageIsPlainRoff) {
  for (const std::string& line : lines(out({"--generate", "man"}))) {
    EXPECT_FALSE(line.empty());
    EXPECT_NE(line.front(), '\'') << line;
    const bool request = line.front() == '.';
    EXPECT_TRUE(!request || line.starts_with(".br") || std::isupper(static_cast<unsigned char>(line.at(1)))) << line;
  }
}

TEST_F(Help, BashCompletes) {
  picture_files::write_bytes(folder / "photo one.png", "x");
  const std::string setup = out({"--generate", "bash"}) + R"(
complete_words() {
  COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
  _gaussfilt
  printf '%s|' "${COMPREPLY[@]}"; echo
}
)";
  const auto completed = [&](const std::string& words) {
    std::string said = shell("bash", setup + "complete_words gaussfilt " + words + "\n");
    said.erase(said.find_last_not_of('\n') + 1);
    return said;
  };
  EXPECT_EQ(completed("bl"), "blur|");
  EXPECT_EQ(completed("--v"), "--version|");
  EXPECT_EQ(completed("blur --si"), "--sigma|--size|");
  EXPECT_EQ(completed("blur --border mi"), "mirror|");
  EXPECT_EQ(completed("blur --border = n"), "nearest|");
  EXPECT_EQ(completed("blur --border ''"), "reflect|mirror|nearest|wrap|constant|");
  EXPECT_EQ(completed("blur --light ''"), "encoded|linear|");
  EXPECT_EQ(completed("blur --source ="), "context|crop|masked|");
  EXPECT_EQ(completed("blur --sigma ''"), "|");
  EXPECT_EQ(completed("blur --compare ph"), "photo one.png|");
  EXPECT_EQ(completed("blur --compare-as s"), "side|split|");
  EXPECT_EQ(completed("blur ph"), "photo one.png|");
  EXPECT_EQ(completed("kernel ph"), "|");
  EXPECT_EQ(completed("kernel --format s"), "svg|");
  EXPECT_EQ(completed("kernel -s 2 --taps d"), "discrete|");
  EXPECT_EQ(completed("plan --dtype c1"), "c128|");
  EXPECT_EQ(completed("help k"), "kernel|");
}

TEST_F(Help, TheExamplesOfCommandsWithoutPicturesRun) {
  for (const std::string command : {"kernel", "plan"}) {
    const std::vector<std::string> page = lines(out({command, "--help"}));
    for (std::size_t i = 0; i < 3; ++i) {
      std::istringstream stream(page[i].substr(0, page[i].find("   ", 2)));
      std::vector<std::string> words;
      for (std::string word; stream >> word && word.front() != '>';) words.push_back(word);
      words.erase(words.begin());
      EXPECT_THAT(out(words), testing::Not(IsEmpty())) << page[i];
    }
  }
}

}  // namespace
