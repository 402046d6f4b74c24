// Floor 5. The command line as typed.
#include "options.h"

#include <gaussfilt/gaussfilt.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

namespace gaussfilt::cli {
namespace {

// The whole text as a number, in any locale's environment; nothing where it is none.
template <class T> std::optional<T> number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return {};
  return value;
}

template <class T> std::optional<std::vector<T>> numbers(std::string_view text) {
  std::vector<T> values;
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const auto value = number<T>(text.substr(0, comma));
    if (!value) return {};
    values.push_back(*value);
    if (comma == text.size()) return values;
    text.remove_prefix(comma + 1);
  }
}

[[noreturn]] void refuse(std::string_view option, const std::string& text, std::string_view rule) {
  throw CLI::ValidationError(std::string(option), fmt::format("is '{}', must be {}", text, rule));
}

void read_sigma(const std::string& text, BlurArguments& arguments) {
  const auto values = numbers<double>(text);
  const auto good = [](double sigma) { return std::isfinite(sigma) && sigma >= 0; };
  if (!values || values->size() > 2 || !std::all_of(values->begin(), values->end(), good))
    refuse("--sigma", text, "a finite number >= 0, or two of them for x and y (--sigma 4,2)");
  arguments.options.sigma = PerAxis<double>(*values);
  arguments.sigma_text = text;
}

void read_border(const std::string& text, BlurArguments& arguments) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  try {
    arguments.options.border = parse_border(text.substr(0, colon));
  } catch (const InvalidArgument&) {
    refuse("--border", text, "reflect, mirror, nearest, wrap, constant or constant:VALUE");
  }
  if (colon == text.size()) return;
  const auto value = number<double>(std::string_view(text).substr(colon + 1));
  if (arguments.options.border != Border::constant || !value || !std::isfinite(*value) || *value < 0)
    refuse("--border", text, "a name alone, or constant:VALUE with a level >= 0 (--border constant:255)");
  arguments.options.cval = *value;
}

void read_truncate(const std::string& text, BlurArguments& arguments) {
  const auto value = number<double>(text);
  if (!value || !(*value > 0)) refuse("--truncate", text, "a number > 0 of sigmas, or inf (--truncate 4)");
  arguments.options.truncate = *value;
}

void read_tolerance(const std::string& text, BlurArguments& arguments) {
  const auto value = number<double>(text);
  if (!value || !(*value > 0) || !std::isfinite(*value))
    refuse("--tolerance", text, "a number > 0, relative to the full range (--tolerance 1e-4)");
  arguments.options.tolerance = *value;
}

void read_region(const std::string& text, BlurArguments& arguments) {
  const auto values = numbers<std::int64_t>(text);
  if (!values || values->size() != 4 || (*values)[2] < 1 || (*values)[3] < 1)
    refuse("--region", text,
           "X,Y,WIDTH,HEIGHT in whole pixels, with a size of at least 1 x 1 (--region 10,20,300,200)");
  const std::vector<std::int64_t>& v = *values;
  arguments.options.regions.push_back({.x = v[0], .y = v[1], .width = v[2], .height = v[3]});
}

void read_threads(const std::string& text, BlurArguments& arguments) {
  const auto value = number<int>(text);
  if (!value || *value < 1) refuse("--threads", text, "a whole number >= 1");
  arguments.options.threads = *value;
}

constexpr std::string_view blur_footer = R"(
Examples:
  gaussfilt blur photo.jpg soft.jpg --sigma 4
  gaussfilt blur photo.jpg soft.png --sigma 8,2 --border mirror --compare both.png
  gaussfilt blur team.jpg team.jpg --sigma 12 --region 210,80,96,96 --region 400,60,90,90

IN is read by its content; OUT's extension (png, jpg, jpeg) says what is written. OUT appears whole or not at all,
and may be IN. Metadata are kept, embedded previews are dropped. A blurred text or face may still be recognised:
to hide something for good, paint over it.
Exit codes: 0 done, 1 a picture failed, 2 the command line is wrong.)";

void add_blur(CLI::App& app, BlurArguments& arguments) {
  CLI::App* blur = app.add_subcommand("blur", "Blur a picture with a Gaussian");
  blur->footer(std::string(blur_footer));
  const auto text_option = [&](const char* name, auto read, const char* help, const char* shape) {
    CLI::Option* option = blur->add_option_function<std::vector<std::string>>(
        name,
        [&arguments, read](const std::vector<std::string>& texts) {
          for (const std::string& text : texts) read(text, arguments);
        },
        help);
    // One value each time: CLI11 would else take the words that follow for more of them.
    return option->type_name(shape)->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  };
  blur->add_option("IN", arguments.in, "The picture to read: PNG or JPEG")->required()->type_name("");
  blur->add_option("OUT", arguments.out, "The picture to write: .png, .jpg or .jpeg; may be IN")
      ->required()
      ->type_name("");
  text_option("-s,--sigma", read_sigma, "Standard deviation in pixels, one for both axes or x,y (default 2)", "S|X,Y");
  text_option("--border", read_border,
              "Beyond the edges: reflect (default), mirror, nearest, wrap, constant; VALUE in levels, default 0",
              "MODE[:VALUE]");
  text_option("--truncate", read_truncate, "Cut the Gaussian at T sigmas, as SciPy does at 4 (default: no cut)", "T");
  text_option("--tolerance", read_tolerance, "Largest error, relative to the full range (default: 1/8 of a grey level)",
              "T");
  text_option("--region", read_region, "Blur only this box of displayed pixels; may be given several times", "X,Y,W,H")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  text_option("--threads", read_threads,
              "Threads (default: all, within GAUSSFILT_NUM_THREADS, OMP_NUM_THREADS and cgroup limits)", "N");
  blur->add_option("--compare", arguments.compare, "Also write before | after, side by side")->type_name("FILE");
  blur->add_flag("--show", arguments.show, "Open the result (with --compare: both sides) in the desktop's viewer");
  blur->add_flag("--explain", arguments.explain,
                 "Say which method, what error bound, what cost, and why not the others");
  blur->add_flag("-q,--quiet", arguments.quiet, "Print nothing but errors and what was asked for");
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.pop_back();
  return text;
}

}  // namespace

Answer usage_error(std::string sentence, const std::string& command) {
  return {usage, fmt::format("gaussfilt: {}; see '{} --help'.\n", one_line(std::move(sentence)), command)};
}

std::variant<BlurArguments, Answer> parse(int argc, const char* const* argv) {
  BlurArguments arguments;
  CLI::App app("Gaussian filtering of pictures: the sigma you ask for is the sigma you get, to a stated bound.",
               "gaussfilt");
  app.set_version_flag("--version", "gaussfilt " + std::string(version()), "Print the version");
  app.require_subcommand(1);
  app.footer("\nExample: gaussfilt blur photo.jpg soft.jpg --sigma 4\n'gaussfilt blur --help' tells all about blur.");
  app.get_formatter()->column_width(26);
  add_blur(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForVersion& version) {
    return Answer{done, std::string(version.what()) + "\n"};
  } catch (const CLI::Success&) {
    return Answer{done, app.help()};
  } catch (const CLI::ParseError& error) {
    if (app.got_subcommand("blur")) return usage_error(error.what(), "gaussfilt blur");
    const std::string word = argc > 1 ? argv[1] : "";
    if (word.empty()) return usage_error("a command is missing (gaussfilt blur IN OUT)", "gaussfilt");
    if (word.front() != '-') return usage_error(fmt::format("'{}' is not a command, must be blur", word), "gaussfilt");
    return usage_error(fmt::format("'{}' is not an option here", word), "gaussfilt");
  }
  return arguments;
}

}  // namespace gaussfilt::cli
