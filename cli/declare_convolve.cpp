// Floor 5. `gaussfilt convolve` as declared.
#include "filter_options.h"

#include <gaussfilt/gaussfilt.h>

#include <fmt/format.h>

#include <cmath>

namespace gaussfilt::cli {
namespace {

struct Typed {
  ConvolveArguments arguments;
  RegionOptions regions;
  MatrixOptions matrix;
};

double finite(std::string_view option, const std::string& text, std::string_view example) {
  const auto value = number<double>(text);
  if (!value || !std::isfinite(*value)) refuse(option, text, fmt::format("a finite number ({} {})", option, example));
  return *value;
}

ConvolveArguments settle_convolve(Typed& typed) {
  ConvolveArguments& arguments = typed.arguments;
  settle_files(arguments, "gaussfilt convolve");
  const std::string call = fmt::format("gaussfilt convolve {} {}", arguments.in, arguments.out);
  settle_matrix(typed.matrix, call, arguments.options);
  settle_regions(typed.regions, arguments, call + fmt::format(" --kernel '{}'", typed.matrix.kernel));
  return std::move(arguments);
}

}  // namespace

void declare_matrix(Command& command, MatrixOptions& typed, ConvolveOptions& options) {
  command.option(
      {.names = "-k,--kernel",
       .shape = "K",
       .topic = "Filtering",
       .brief = "A name, a file, or a matrix: \"1 2 1; 2 4 2; 1 2 1\"",
       .more = "'gaussfilt kernel --help-all' lists the names, 'gaussfilt kernel NAME' shows one. Files hold "
               "rows (CSV) or JSON: [[...]] or {\"kernel\": [[...]], \"factor\": F, \"bias\": B, \"anchor\": "
               "[x, y]}.",
       .shown = true,
       .takes = Takes::file,
       .values = kernel_names},
      [&typed, &options](const std::string& text) {
        typed.kernel = text;
        options.kernel = kernel_text("--kernel", text);
      });
  command.option({.names = "--factor",
                  .shape = "F",
                  .topic = "Filtering",
                  .brief = "Result = F * sum + B; default 1 / sum of K, or 1",
                  .more = "1 where the matrix sums to 0; a named kernel has its own.",
                  .shown = true},
                 [&options](const std::string& text) { options.factor = finite("--factor", text, "0.0625"); });
  command.option({.names = "--bias",
                  .shape = "B",
                  .topic = "Filtering",
                  .brief = "Added to the result, in levels, default 0",
                  .shown = true},
                 [&options](const std::string& text) { options.bias = finite("--bias", text, "128"); });
  command.option({.names = "--anchor",
                  .shape = "X,Y",
                  .topic = "Filtering",
                  .brief = "Cell of K that meets the pixel, default its middle",
                  .more = "Column and row from 0, as the matrix is written; the default is size / 2, rounded down."},
                 [&options](const std::string& text) {
                   const auto values = numbers<std::int64_t>(text);
                   if (!values || values->size() != 2)
                     refuse("--anchor", text, "two whole numbers, column and row (--anchor 1,1)");
                   options.anchor = Anchor{.x = (*values)[0], .y = (*values)[1]};
                 });
  command.flag({.names = "--convolve",
                .shape = "",
                .topic = "Filtering",
                .brief = "Turn the matrix by 180 degrees first: the default"},
               typed.convolve);
  command.flag(
      {.names = "--correlate", .shape = "", .topic = "Filtering", .brief = "Apply the matrix as it is written"},
      typed.correlate);
}

void declare_rules(Command& command, ConvolveOptions& options) {
  command.option({.names = "--signed",
                  .shape = "HOW",
                  .topic = "Filtering",
                  .brief = fmt::format("Results below 0: {}", listed(strings(signed_names()))),
                  .more = "clip, the default: 0. abs: their magnitude. mid: mid-grey + result / 2.",
                  .shown = true,
                  .values = [] { return strings(signed_names()); }},
                 [&options](const std::string& text) {
                   options.sign = named("--signed", text, strings(signed_names()), parse_signed);
                 });
  command.option(
      {.names = "--like",
       .shape = "WHOM",
       .topic = "Filtering",
       .brief = fmt::format("Whose rules: {}", listed(strings(rules_names()))),
       .more = "pillow: to the bit what ImageFilter.Kernel gives. 3 x 3 or 5 x 5; rows from the bottom up; the "
               "outermost pixels stay; alpha is a band like any other.",
       .values = [] { return strings(rules_names()); }},
      [&options](const std::string& text) {
        options.like = named("--like", text, strings(rules_names()), parse_rules);
      });
}

void settle_matrix(const MatrixOptions& typed, std::string_view call, ConvolveOptions& options) {
  if (typed.kernel.empty()) throw Refusal(fmt::format("--kernel is missing ({} --kernel sharpen3x3)", call));
  if (typed.convolve && typed.correlate)
    throw Refusal(fmt::format("--correlate: does not go with --convolve; leave one out ({} --kernel '{}' --correlate)",
                              call, typed.kernel));
  if (options.like == Rules::pillow && (typed.convolve || typed.correlate))
    throw Refusal(
        fmt::format("--{}: does not go with --like pillow, which turns the matrix upside down; leave one out ({} "
                    "--kernel '{}' --like pillow)",
                    typed.convolve ? "convolve" : "correlate", call, typed.kernel));
  if (typed.correlate) options.turn = Turn::correlate;
}

void declare_convolve(Declaration& declaration) {
  const auto typed = std::make_shared<Typed>();
  Command& convolve = declaration.add(
      {.name = "convolve",
       .usage = "IN OUT --kernel K [OPTIONS]",
       .summary = "Filter a picture, or a folder of them, with any kernel",
       .examples = {{"convolve photo.jpg sharp.jpg --kernel sharpen3x3", "by name"},
                    {"convolve a.png b.png -k '1 2 1; 2 4 2; 1 2 1'", "a matrix"},
                    {"convolve a.png b.png -k laplacian --signed mid", "signed results"}},
       .remarks = {
           "Result = F * sum + B, rounded once. The matrix is turned by 180 degrees unless --correlate is given.",
           "unsharp(sigma, amount, threshold) is a filter and no matrix: picture + amount * (picture - its Gaussian) "
           "where they differ by more than threshold levels of 255.",
           "A transparent pixel never shows. Where no weight is negative, alpha is averaged as the colours are; else "
           "it "
           "stays, and what a neighbour leaves open counts as the pixel's own colour."}});
  declare_files(convolve, typed->arguments);
  declare_matrix(convolve, typed->matrix, typed->arguments.options);
  declare_rules(convolve, typed->arguments.options);
  declare_border(convolve, "Filtering", typed->arguments.options.border, typed->arguments.options.cval);
  declare_regions(convolve, typed->regions, typed->arguments);
  declare_file_options(convolve, typed->arguments);
  convolve.settle = [typed]() -> Request { return settle_convolve(*typed); };
}

}  // namespace gaussfilt::cli
