// Floor 5. `gaussfilt report` as declared.
#include "filter_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gaussfilt::cli {
namespace {

struct Typed {
  ReportArguments arguments;
  Strength strength;
  BlurOptions blur;
  MatrixOptions matrix;
  ConvolveOptions convolve;
  Border border = Border::reflect;
  double cval = 0;
  RegionOptions regions;
};

void declare_page(Command& report, ReportArguments& arguments) {
  report.option({.names = "-o,--output",
                 .shape = "FILE",
                 .topic = "Page",
                 .brief = "The page to write, .html",
                 .shown = true,
                 .takes = Takes::file},
                [&arguments](const std::string& text) { arguments.page = file_name("--output", text); });
  report.option({.names = "--recipe",
                 .shape = "R",
                 .topic = "Page",
                 .brief = "OUT was made by a filter of this recipe",
                 .shown = true,
                 .takes = Takes::file},
                [&arguments](const std::string& text) { arguments.recipe = file_name("--recipe", text); });
  report.option({.names = "--filter",
                 .shape = "NAME",
                 .topic = "Page",
                 .brief = "The name of that filter; one alone needs none",
                 .shown = true},
                [&arguments](const std::string& text) {
                  if (text.empty()) refuse("--filter", text, "the name of a filter of the recipe (--filter soft)");
                  arguments.filter = text;
                });
  report.option({.names = "--longest",
                 .shape = "PX",
                 .topic = "Page",
                 .brief = fmt::format("Longest side of the pictures in it, default {}", ReportArguments{}.longest),
                 .more = "16 to 8192. What is larger is shrunk into the page; what is measured is the whole."},
                [&arguments](const std::string& text) {
                  arguments.longest = static_cast<int>(whole("--longest", text, 16, 8192, "2400"));
                });
}

void declare_running(Command& report, ReportArguments& arguments) {
  declare_threads(report, "Running", "Threads, default as many as this process may use", arguments.threads);
  report.flag(
      {.names = "-q,--quiet", .shape = "", .topic = "Running", .brief = "Print nothing but errors", .shown = true},
      arguments.quiet);
}

// The screen has room for the page's own options and for those that say what was done.
void hide_details(Command& report) {
  constexpr std::array shown = {"--output", "--recipe", "--filter", "--sigma", "--kernel", "--region", "--quiet"};
  for (OptionText& option : report.options)
    option.shown = option.shown && std::ranges::find(shown, long_name(option)) != shown.end();
}

// Which options say that OUT was blurred; "" where none does.
std::string_view blurring(const Typed& typed) {
  const Strength& strength = typed.strength;
  for (const auto& [text, name] : {std::pair{&strength.sigma_text, "--sigma"},
                                   {&strength.fwhm_text, "--fwhm"},
                                   {&strength.size_text, "--size"},
                                   {&strength.radius_text, "--radius"},
                                   {&strength.truncate_text, "--truncate"}})
    if (!text->empty()) return name;
  return typed.blur.taps != Taps::sampled     ? "--taps"
         : typed.blur.light != Light::encoded ? "--light"
         : typed.blur.tolerance               ? "--tolerance"
                                              : "";
}

bool has_regions(const ReportArguments& arguments) {
  return !arguments.regions.empty() || !arguments.regions_file.empty();
}

void settle_filter(Typed& typed, const std::string& call) {
  ReportArguments& arguments = typed.arguments;
  const std::string_view blurred = blurring(typed);
  const bool convolved = !typed.matrix.kernel.empty();
  if (!arguments.recipe.empty() && (convolved || !blurred.empty() || has_regions(arguments)))
    throw Refusal(
        fmt::format("--recipe: does not go with {}, since the recipe says what was done; leave one out ({} "
                    "--recipe {})",
                    convolved          ? "--kernel"
                    : !blurred.empty() ? blurred
                                       : "--region",
                    call, arguments.recipe));
  if (!arguments.filter.empty() && arguments.recipe.empty())
    throw Refusal(
        fmt::format("--filter: is the name of a filter and needs --recipe ({} --recipe recipe.json --filter "
                    "{})",
                    call, arguments.filter));
  if (convolved && !blurred.empty())
    throw Refusal(
        fmt::format("{}: does not go with --kernel, OUT was blurred or convolved; leave one out ({} --kernel "
                    "'{}')",
                    blurred, call, typed.matrix.kernel));
  if (!convolved && blurred.empty() && has_regions(arguments))
    throw Refusal(
        fmt::format("--region: says where, and not what was done there; add --sigma or --kernel ({} --sigma 2 "
                    "--region ...)",
                    call));
  if (convolved) {
    settle_matrix(typed.matrix, call, typed.convolve);
    typed.convolve.border = typed.border;
    typed.convolve.cval = typed.cval;
    arguments.convolve = typed.convolve;
  } else if (!blurred.empty()) {
    arguments.strength = settle_blurring(typed.strength, call, typed.blur);
    typed.blur.border = typed.border;
    typed.blur.cval = typed.cval;
    arguments.blur = typed.blur;
  }
}

ReportArguments settle_report(Typed& typed) {
  ReportArguments& arguments = typed.arguments;
  for (const auto& [name, text] : {std::pair{"IN", &arguments.in}, std::pair{"OUT", &arguments.out}})
    if (text->empty() || *text == "-") refuse(name, *text, "a file");
  const std::string call = fmt::format("gaussfilt report {} {}", arguments.in, arguments.out);
  if (arguments.page.empty()) throw Refusal(fmt::format("-o is missing, the page to write ({} -o page.html)", call));
  const std::string whole_call = fmt::format("{} -o {}", call, arguments.page);
  settle_reading(arguments.read);
  settle_filter(typed, whole_call);
  settle_regions(typed.regions, arguments, whole_call + " --sigma 2");
  return std::move(arguments);
}

}  // namespace

void declare_report(Declaration& declaration) {
  const auto typed = std::make_shared<Typed>();
  Command& report = declaration.add(
      {.name = "report",
       .usage = "IN OUT -o PAGE [FILTER] [OPTIONS]",
       .summary = "Write a page that shows what was done to a picture",
       .examples = {{"report photo.jpg soft.jpg -o page.html --sigma 4", "of a blur"},
                    {"report a.png b.png -o p.html --kernel sharpen3x3", "of a kernel"},
                    {"report a.png a-soft.png -o p.html --recipe r.json", "of a recipe"}},
       .remarks = {"One file of HTML that asks for no other: a slider between IN and OUT, how much they differ, and, "
                   "where the filter that made OUT is told, its plan, its kernel and its regions. It is told by the "
                   "options of blur or convolve, or by --recipe; the page then also says whether OUT is what that "
                   "filter makes of IN. Without it the page has what can be measured.",
                   "IN must be read as it was when OUT was made: with the same --page, --dpi, --scale, --width and "
                   "--height. Of an animation or a document the first page is shown, and all are measured."}});
  report.word({.name = "IN", .brief = "The picture before"}, typed->arguments.in);
  report.word({.name = "OUT", .brief = "The picture that was made of it"}, typed->arguments.out);
  declare_page(report, typed->arguments);
  declare_strength(report, typed->strength, 2, ", of blur", ", default uncut");
  declare_accuracy(report, typed->blur);
  declare_light(report, typed->blur);
  declare_border(report, "Blurring", typed->border, typed->cval);
  declare_matrix(report, typed->matrix, typed->convolve);
  declare_rules(report, typed->convolve);
  declare_regions(report, typed->regions, typed->arguments);
  declare_running(report, typed->arguments);
  declare_reading(report, typed->arguments.read, Reads::pixels);
  hide_details(report);
  report.settle = [typed]() -> Request { return settle_report(*typed); };
}

}  // namespace gaussfilt::cli
