// Floor 5. `gaussfilt kernel` and `gaussfilt plan` as declared: numbers without pictures, with the library's defaults.
#include "readers.h"

#include <gaussfilt/gaussfilt.h>
#include <gaussfilt/named_kernels.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace gaussfilt::cli {
namespace {

constexpr std::array<std::string_view, 4> kernel_formats{"text", "json", "csv", "svg"};
constexpr std::array<std::string_view, 3> methods{"separable", "integer", "multirate"};  // of a Gaussian
constexpr std::int64_t most_taps = 1 << 20;
constexpr std::int64_t largest_integer_sum = std::int64_t{1} << 40;

std::vector<std::string> taps_values() { return strings(taps_names()); }

std::vector<std::string> dtype_values() {
  std::vector<std::string> names;
  for (const DType dtype : all_dtypes()) names.emplace_back(name(dtype));
  return names;
}

// `given`, where it is wanted, becomes the option's name once it is given.
void declare_taps(Command& command, Taps& taps, std::string* given = nullptr) {
  command.option({.names = "--taps",
                  .shape = "TAPS",
                  .topic = "Kernel",
                  .brief = listed(taps_values()) + ", default " + std::string(name(Taps::sampled)),
                  .more = "How the Gaussian meets the grid: its values at whole numbers; Lindeberg's discrete kernel, "
                          "which delivers its sigma exactly; its means over a sample's cell.",
                  .shown = true,
                  .values = taps_values},
                 [&taps, given](const std::string& text) {
                   taps = named("--taps", text, taps_values(), parse_taps);
                   if (given != nullptr) *given = "--taps";
                 });
}

struct TypedKernel {
  KernelArguments arguments;
  Strength strength;
  std::string name;    // of a kernel of two dimensions; empty: a Gaussian's taps are asked for
  std::string option;  // the last one that was given and is about a Gaussian's taps
};

KernelFormat parse_kernel_format(std::string_view text) {
  const auto found = std::ranges::find(kernel_formats, text);
  if (found == kernel_formats.end()) throw InvalidArgument("format");
  return static_cast<KernelFormat>(found - kernel_formats.begin());
}

std::int64_t kernel_radius(const Settled& settled, const Strength& strength, const KernelArguments& arguments) {
  if (!settled.radius.empty()) return settled.radius[0];
  const double truncate = strength.truncate.value_or(4.0), cut = std::isinf(truncate) ? 9.0 : truncate;
  if (!(cut * arguments.sigma < most_taps / 2))
    throw Refusal(
        fmt::format("--sigma: {} makes more than the {} taps that can be printed, cut it (gaussfilt kernel --sigma "
                    "{} --radius 1000)",
                    arguments.sigma, most_taps, arguments.sigma));
  constexpr double ideal = 1e-16;  // what lies beyond changes no digit
  return std::isinf(truncate) ? ideal_cut(arguments.sigma, arguments.order, ideal, arguments.taps).radius
                              : truncated_radius(arguments.sigma, truncate);
}

// A named kernel says all there is to say: an option of the Gaussian's taps beside it is a mistake.
KernelArguments settle_named(TypedKernel& typed) {
  const Strength& given = typed.strength;
  for (const auto& [option, text] : {std::pair{"--sigma", given.sigma_text},
                                     {"--fwhm", given.fwhm_text},
                                     {"--size", given.size_text},
                                     {"--radius", given.radius_text},
                                     {"--truncate", given.truncate_text}})
    if (!text.empty()) typed.option = option;
  if (!typed.option.empty())
    throw Refusal(
        fmt::format("{}: is of the taps of a Gaussian, and does not go with the kernel {}; leave one out "
                    "(gaussfilt kernel '{}')",
                    typed.option, typed.name, typed.name));
  typed.arguments.matrix = kernel_text("NAME", typed.name);
  return std::move(typed.arguments);
}

KernelArguments settle_kernel(TypedKernel& typed) {
  if (!typed.name.empty()) return settle_named(typed);
  KernelArguments& arguments = typed.arguments;
  const Settled settled = settle(typed.strength, "gaussfilt kernel");
  if (settled.sigma.empty())
    throw Refusal("--sigma is missing (gaussfilt kernel --sigma 2), or the NAME of a kernel (gaussfilt kernel edges)");
  arguments.sigma = settled.sigma[0];
  arguments.strength = settled.told;
  if (arguments.sigma == 0 && arguments.order > 0)
    throw Refusal(
        fmt::format("--order: is {} with sigma 0, a derivative needs a sigma > 0 (gaussfilt kernel --sigma 1 "
                    "--order {})",
                    arguments.order, arguments.order));
  if (arguments.integers && arguments.order > 0)
    throw Refusal(
        fmt::format("--integers: does not go with --order {}, since the taps of a derivative sum to 0 and not "
                    "to a number that could be chosen (gaussfilt kernel --sigma {} --integers {})",
                    arguments.order, arguments.sigma, *arguments.integers));
  arguments.radius = kernel_radius(settled, typed.strength, arguments);
  if (arguments.radius > most_taps / 2)
    throw Refusal(
        fmt::format("--radius: is {}, must be at most {}, that the taps can be printed (gaussfilt kernel --sigma {} "
                    "--radius 1000)",
                    arguments.radius, most_taps / 2, arguments.sigma));
  return std::move(arguments);
}

// Values separated by commas, each read by `read`.
template <class T, class Read> std::vector<T> list(const std::string& text, Read read) {
  std::vector<T> values;
  for (const std::string& part : split(text, ',')) values.push_back(read(part));
  return values;
}

struct TypedPlan {
  PlanArguments arguments;
  bool shape = false;
  bool out_dtype = false;
};

void read_shape(const std::string& text, TypedPlan& typed) {
  auto values = numbers<std::int64_t>(text, 'x');
  if (!values) values = numbers<std::int64_t>(text);
  if (!values || values->size() > max_rank || std::ranges::any_of(*values, [](std::int64_t n) { return n < 0; }))
    refuse("--shape", text, "whole numbers >= 0, the outermost axis first (--shape 1080x1920x3)");
  typed.arguments.layout.shape = Shape(std::span<const std::int64_t>(*values));
  typed.shape = true;
}

void read_borders(const std::string& text, GaussianOptions& options) {
  const std::vector<std::string> names = border_names();
  options.border = PerAxis<Border>(list<Border>(text, [&](const std::string& part) {
    const std::size_t colon = std::min(part.find(':'), part.size());
    const Border border = named("--border", part.substr(0, colon), names, parse_border);
    if (colon == part.size()) return border;
    const auto value = number<double>(std::string_view(part).substr(colon + 1));
    if (border != Border::constant || !value)
      refuse("--border", part, "a name alone, or constant:VALUE (--border constant:1)");
    options.cval = *value;
    return border;
  }));
}

void declare_array(Command& plan, TypedPlan& typed) {
  plan.option({.names = "--shape",
               .shape = "NxNx...",
               .topic = "Array",
               .brief = "Extents, the outermost axis first: 1080x1920x3",
               .shown = true},
              [&typed](const std::string& text) { read_shape(text, typed); });
  plan.option({.names = "--dtype",
               .shape = "TYPE",
               .topic = "Array",
               .brief = "Of the input: u8, u16, f64 and others, default f32",
               .more = fmt::format("One of {}; NumPy's long names are understood, too.", listed(dtype_values())),
               .shown = true,
               .values = dtype_values},
              [&typed](const std::string& text) {
                typed.arguments.layout.dtype = named("--dtype", text, dtype_values(), parse_dtype);
              });
  plan.option({.names = "--out-dtype",
               .shape = "TYPE",
               .topic = "Array",
               .brief = "Of the output, default that of the input",
               .shown = true,
               .values = dtype_values},
              [&typed](const std::string& text) {
                typed.arguments.out_dtype = named("--out-dtype", text, dtype_values(), parse_dtype);
                typed.out_dtype = true;
              });
  plan.option({.names = "--axes",
               .shape = "A,B",
               .topic = "Array",
               .brief = "Which axes to filter, default all",
               .more = "In this order; negative ones count from the end. Other options with several values have one "
                       "for each of these axes, or one for all.",
               .shown = true},
              [&typed](const std::string& text) {
                const auto axes = numbers<int>(text);
                if (!axes) refuse("--axes", text, "whole numbers (--axes 0,1)");
                typed.arguments.options.axes = Axes(*axes);
              });
}

void declare_operator(Command& plan, GaussianOptions& options) {
  plan.option({.names = "-s,--sigma",
               .shape = "S,...",
               .topic = "Kernel",
               .brief = fmt::format("Standard deviation in samples, default {}", GaussianOptions{}.sigma[0]),
               .shown = true},
              [&options](const std::string& text) {
                const auto values = numbers<double>(text);
                const auto good = [](double value) { return std::isfinite(value) && value >= 0; };
                if (!values || !std::ranges::all_of(*values, good))
                  refuse("--sigma", text, "a finite number >= 0, or one for each axis (--sigma 4,2)");
                options.sigma = PerAxis<double>(*values);
              });
  plan.option({.names = "--order",
               .shape = "N,...",
               .topic = "Kernel",
               .brief = "0 smooths, N is the N-th derivative",
               .shown = true},
              [&options](const std::string& text) {
                options.order = PerAxis<int>(list<int>(text, [](const std::string& part) {
                  return static_cast<int>(whole("--order", part, 0, 100, "1"));
                }));
              });
  declare_taps(plan, options.taps);
  plan.option({.names = "--radius",
               .shape = "R,...",
               .topic = "Kernel",
               .brief = "Cut the kernel R samples from its centre",
               .shown = true},
              [&options](const std::string& text) {
                options.radius = PerAxis<std::int64_t>(list<std::int64_t>(
                    text, [](const std::string& part) { return whole("--radius", part, 0, 0x7fffffff - 16, "12"); }));
              });
  plan.option({.names = "--truncate",
               .shape = "T",
               .topic = "Kernel",
               .brief = "Cut the kernel at T sigmas, default 4; inf: uncut",
               .more = "With --tolerance the default is inf.",
               .shown = true},
              [&options](const std::string& text) {
                const auto value = number<double>(text);
                if (!value || !(*value > 0)) refuse("--truncate", text, "a number > 0, or inf (--truncate 4)");
                options.truncate = *value;
              });
}

PlanArguments settle_plan(TypedPlan& typed) {
  PlanArguments& arguments = typed.arguments;
  if (!typed.shape) throw Refusal("--shape is missing (gaussfilt plan --shape 1080x1920 --sigma 4)");
  if (!typed.out_dtype) arguments.out_dtype = arguments.layout.dtype;
  if (arguments.options.truncate && !arguments.options.radius.empty())
    throw Refusal(
        fmt::format("--truncate: does not go with --radius, both say where the kernel is cut; leave one out "
                    "(--radius {})",
                    arguments.options.radius[0]));
  return std::move(arguments);
}

// The names, for --help-all.
std::string kernel_remark() {
  std::string text = "NAME is a file, a matrix as text, or one of:";
  for (const KernelFamily& family : named_kernels())
    text += fmt::format(" {}{}{}", family.name, family.parameters.empty() ? "" : fmt::format("({})", family.parameters),
                        &family == &named_kernels().back() ? "." : ",");
  return text;
}

}  // namespace

void declare_kernel(Declaration& declaration) {
  const auto typed = std::make_shared<TypedKernel>();
  KernelArguments& arguments = typed->arguments;
  Command& kernel = declaration.add(
      {.name = "kernel",
       .usage = "NAME|--sigma S|--size N [OPTIONS]",
       .summary = "Print or plot a kernel, or the taps of a Gaussian",
       .examples = {{"kernel --sigma 2", "taps, response"},
                    {"kernel --size 5 --integers 256", "whole numbers"},
                    {"kernel emboss3x3 --format svg >emboss.svg", "a plot"}},
       .remarks = {kernel_remark(),
                   "Taps are in the order of correlation. The sigma that they deliver and their frequency response are "
                   "printed with them: asked and delivered sigma differ where the kernel is cut short, and for sampled "
                   "taps below sigma 0.8."}});
  kernel.word({.name = "NAME",
               .brief = "A kernel by name, from a file or as text",
               .required = false,
               .takes = Takes::text,
               .values = kernel_names},
              typed->name);
  declare_strength(kernel, typed->strength, 1, "", ", default 4; inf: uncut");
  for (OptionText& option : kernel.options)
    if (option.topic == "Blurring") option.topic = "Kernel", option.shown = true;
  declare_taps(kernel, arguments.taps, &typed->option);
  kernel.option({.names = "--order",
                 .shape = "N",
                 .topic = "Kernel",
                 .brief = "0 smooths, N is the N-th derivative",
                 .shown = true},
                [typed](const std::string& text) {
                  typed->arguments.order = static_cast<int>(whole("--order", text, 0, 100, "1"));
                  typed->option = "--order";
                });
  kernel.option({.names = "--integers",
                 .shape = "[SUM]",
                 .topic = "Output",
                 .brief = "Whole numbers that sum to SUM, default 256",
                 .more = "Nearest to the taps by largest remainder; pairs stay equal, the centre takes the rest. The "
                         "sigma that they deliver and the largest error of a tap are printed, too.",
                 .shown = true,
                 .absent = "256"},
                [typed](const std::string& text) {
                  typed->arguments.integers = whole("--integers", text, 1, largest_integer_sum, "256");
                  typed->option = "--integers";
                });
  kernel.option({.names = "--format",
                 .shape = "FORMAT",
                 .topic = "Output",
                 .brief = listed(strings(kernel_formats)) + ", default text",
                 .more = "csv holds the values alone.",
                 .shown = true,
                 .values = [] { return strings(kernel_formats); }},
                [&arguments](const std::string& text) {
                  arguments.format = named("--format", text, strings(kernel_formats), parse_kernel_format);
                });
  kernel.settle = [typed]() -> Request { return settle_kernel(*typed); };
}

void declare_plan(Declaration& declaration) {
  const auto typed = std::make_shared<TypedPlan>();
  PlanArguments& arguments = typed->arguments;
  Command& plan = declaration.add(
      {.name = "plan",
       .usage = "--shape NxNx... [OPTIONS]",
       .summary = "Say how an array would be filtered, at what cost and error",
       .examples = {{"plan --shape 1080x1920x3 --axes 0,1 --sigma 4", "a picture"},
                    {"plan --shape 512x512x512 --sigma 40 --tolerance 1e-4", "a volume"},
                    {"plan --shape 4096x4096 --sigma 2 --order 0,1 --json", "derivative"}},
       .remarks = {
           "The defaults are those of the library: truncate 4, or the uncut Gaussian where a tolerance is given. "
           "'gaussfilt blur --explain' says the same of a picture."}});
  declare_array(plan, *typed);
  declare_operator(plan, arguments.options);
  plan.option({.names = "--border",
               .shape = "B,...",
               .topic = "Kernel",
               .brief = fmt::format("Edges: {}[:VALUE]", fmt::join(border_names(), ", ")),
               .shown = true,
               .values = border_names},
              [&arguments](const std::string& text) { read_borders(text, arguments.options); });
  plan.option({.names = "--tolerance",
               .shape = "T",
               .topic = "Kernel",
               .brief = "Largest error that may be made, relative",
               .shown = true},
              [&arguments](const std::string& text) {
                arguments.options.tolerance = positive("--tolerance", text, "", "1e-4");
              });
  plan.option({.names = "--method",
               .shape = "METHOD",
               .topic = "Kernel",
               .brief = fmt::format("Insist on one: {}", fmt::join(methods, ", ")),
               .values = [] { return strings(methods); }},
              [&arguments](const std::string& text) {
                arguments.options.method = named("--method", text, strings(methods), parse_method);
              });
  plan.option(
      {.names = "--threads", .shape = "N", .topic = "Output", .brief = "Threads; the plan does not depend on it"},
      [&arguments](const std::string& text) {
        arguments.options.threads = static_cast<int>(whole("--threads", text, 1, 65536, "2"));
      });
  plan.flag({.names = "--json", .shape = "", .topic = "Output", .brief = "Answer as JSON", .shown = true},
            arguments.json);
  plan.settle = [typed]() -> Request { return settle_plan(*typed); };
}

}  // namespace gaussfilt::cli
