// Floor 5. `gaussfilt report`: what was done to a picture, as a page.
#include "commands.h"
#include "files.h"
#include "filter_command.h"
#include "kernel_report.h"
#include "markup.h"
#include "matrix_report.h"
#include "messages.h"
#include "nearest.h"
#include "plan_facts.h"
#include "progress.h"
#include "readers.h"
#include "recipe_file.h"
#include "regions.h"
#include "report_page.h"

#include "faces/threads.h"

#include <gaussfilt/files.h>
#include <gaussfilt/gaussfilt.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gaussfilt::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::size_t most_png = std::size_t{2} << 20;  // bytes of both pictures; more, and they are JPEG
constexpr int page_quality = 92;
constexpr int least_side = 480;              // a smaller picture is enlarged by a whole number
constexpr double drawn_sigmas = 5;           // of a Gaussian that is not cut
constexpr std::int64_t widest_drawn = 1000;  // the radius of the widest kernel that is drawn

std::string file_of(const std::string& path) { return fs::path(path).filename().string(); }

void check_page(const ReportArguments& arguments) {
  const std::string extension = extension_of(arguments.page);
  if (extension != "html" && extension != "htm")
    throw InvalidArgument(fmt::format("-o: is '{}', must end in .html (-o page.html).", arguments.page));
  for (const std::string& other : {arguments.in, arguments.out})
    if (is_folder(other))
      throw InvalidArgument(fmt::format("{}: is a folder; a page shows one picture and what was made of it.", other));
  if (is_folder(arguments.page)) throw InvalidArgument(fmt::format("-o: {} is a folder.", arguments.page));
}

// ---- the pictures

// It is no drawing, and where it was made of one page of IN it has that page alone.
Picture load_after(const ReportArguments& arguments) {
  ReadArguments read = arguments.read;
  LoadOptions& options = read.options;
  options.dpi.reset(), options.scale.reset(), options.width.reset(), options.height.reset();
  const std::optional<int> page = std::exchange(options.page, {});
  if (page && inspect_picture(arguments.out, read).pages > 1) options.page = page;
  return load_picture(arguments.out, read);
}

void check_sizes(const ReportArguments& arguments, const Picture& before, const Picture& after) {
  if (before.width() != after.width() || before.height() != after.height())
    throw IoError(
        fmt::format("{} is {} x {} and {} is {} x {}, must be of one size; a drawing is read with the --dpi, "
                    "--scale, --width or --height that OUT was made with.",
                    arguments.in, before.width(), before.height(), arguments.out, after.width(), after.height()));
  if (before.pages() != after.pages())
    throw IoError(fmt::format("{} has {} and {} has {} pages; name the page that OUT was made of (--page 1).",
                              arguments.in, before.pages(), arguments.out, after.pages()));
}

void put_pictures(const ReportArguments& arguments, const Picture& before, const Picture& after, Page& page) {
  const Picture one = thumbnail(before, arguments.longest, arguments.longest);
  const Picture two = thumbnail(after, arguments.longest, arguments.longest);
  std::string type = "png";
  std::vector<std::byte> first = one.encode("png"), second = two.encode("png");
  if (first.size() + second.size() > most_png) {
    type = "jpeg";
    first = one.encode("jpg", {.quality = page_quality});
    second = two.encode("jpg", {.quality = page_quality});
  }
  page.before = {.name = file_of(arguments.in), .uri = data_uri("image/" + type, first)};
  page.after = {.name = file_of(arguments.out), .uri = data_uri("image/" + type, second)};
  page.width = before.width();
  page.height = before.height();
  const auto side = static_cast<int>(std::max(one.width(), one.height()));
  const bool shrunk = one.width() < before.width() || one.height() < before.height();
  const int times = shrunk ? 1 : std::max(1, least_side / side);
  page.shown_width = times * static_cast<int>(one.width());
  page.shown_height = times * static_cast<int>(one.height());
  page.caption = times > 1 ? fmt::format("Shown {} times enlarged", times)
                 : shrunk  ? fmt::format("Shown shrunk to {} x {} pixels", one.width(), one.height())
                           : "Shown in its own pixels";
  if (type == "jpeg") page.caption += fmt::format(", as JPEG of quality {}", page_quality);
  if (before.pages() > 1) page.caption += fmt::format("; the first of {} pages", before.pages());
  page.caption += ". Drag the line, or use the arrow keys on the slider.";
}

// ---- numbers

std::string bytes_text(const std::string& file) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(file, error);
  if (error) return "";
  return bytes < 10000 ? fmt::format(", {} bytes", bytes)
                       : fmt::format(", {:.4g} kB", static_cast<double>(bytes) / 1e3);
}

std::string levels(double value, const Picture& picture) {
  return fmt::format("{:.6g}{}", value, is_floating(picture.dtype()) ? "" : value == 1 ? " level" : " levels");
}

// Nothing where channels are of different kinds (CMYK that became sRGB).
std::optional<Difference> measured(const Picture& a, const Picture& b) {
  try {
    return compare(a, b, Compared::seen);
  } catch (const InvalidArgument&) {
    return {};
  }
}

void put_difference(const Picture& before, const std::optional<Difference>& difference, Page& page) {
  if (!difference) {
    page.facts.emplace_back("Difference", "not measured: their channels are of different kinds");
    return;
  }
  if (difference->differing == 0) {
    page.facts.emplace_back("Difference", "none: every pixel is the same");
    return;
  }
  const auto pixels = static_cast<double>(before.width() * before.height() * before.pages());
  std::string where = fmt::format(", at {},{}", difference->x, difference->y);
  if (before.pages() > 1) where += fmt::format(" of page {}", difference->page + 1);
  page.facts.emplace_back("Largest difference", levels(difference->largest, before) + where);
  page.facts.emplace_back("Rms difference", levels(difference->rms, before));
  page.facts.emplace_back("PSNR", fmt::format("{:.2f} dB", difference->psnr));
  page.facts.emplace_back("Pixels that differ", fmt::format("{} of {} ({:.3g} %)", difference->differing, pixels,
                                                            100 * static_cast<double>(difference->differing) / pixels));
}

// Whether OUT is what the filter makes of IN.
void put_proof(const ReportArguments& arguments, const NamedFilter& filter, const Picture& before, const Picture& after,
               Page& page) {
  Picture made = before.copy();
  apply(made, filter, arguments.threads);
  const std::optional<Difference> difference = measured(made, after);
  std::string text;
  if (!difference) text = "not proven: the channels of OUT are of another kind";
  else if (difference->differing == 0) text = "yes, to the bit";
  else
    text = fmt::format("but for at most {}, rms {}: OUT was written with loss, or made by something else",
                       levels(difference->largest, made), levels(difference->rms, made));
  page.facts.emplace_back("OUT is what this filter makes of IN", text);
}

// ---- the filter

// The text of a kernel's plot, or a sentence that says why there is none.
template <class Draw> void put_plot(PageStep& step, Draw draw) {
  try {
    step.plots.push_back(draw());
  } catch (const InvalidArgument& error) {
    step.plot_note = error.what();
  }
}

// Along one axis.
void put_gaussian(const BlurOptions& options, std::size_t axis, std::string_view along, PageStep& step) {
  const double sigma = options.sigma[axis];
  const bool uncut = options.radius.empty() && !(options.truncate && std::isfinite(*options.truncate));
  const double reach =
      uncut ? std::max(3.0, std::ceil(drawn_sigmas * sigma)) : options.truncate.value_or(0) * sigma + 0.5;
  const std::int64_t radius = !options.radius.empty() ? options.radius[axis]
                              : reach > widest_drawn  ? widest_drawn + 1
                                                      : static_cast<std::int64_t>(reach);
  if (radius > widest_drawn) {
    step.plot_note = fmt::format("The kernel reaches more than {} pixels, and is not drawn.", widest_drawn);
    return;
  }
  if (uncut) step.plot_note = fmt::format("The blur is not cut; the kernel is drawn to {} sigma.", drawn_sigmas);
  KernelArguments asked;
  asked.sigma = sigma;
  asked.radius = radius;
  asked.taps = options.taps;
  asked.strength = fmt::format("sigma {:.6g}{}", sigma, along);
  put_plot(step, [&] { return kernel_svg(make_report(asked)); });
}

void put_kernels(const BlurOptions& options, PageStep& step) {
  const bool alike =
      options.sigma[0] == options.sigma[1] && (options.radius.empty() || options.radius[0] == options.radius[1]);
  if (alike && options.sigma[0] > 0) put_gaussian(options, 0, "", step);
  if (!alike && options.sigma[0] > 0) put_gaussian(options, 0, " along rows", step);
  if (!alike && options.sigma[1] > 0) put_gaussian(options, 1, " along columns", step);
}

void put_matrix(const ConvolveOptions& options, const Convolution& settled, PageStep& step) {
  KernelText asked = options.kernel;
  asked.factor = settled.factor;
  asked.bias = settled.bias;
  asked.anchor = settled.anchor;
  put_plot(step, [&] { return matrix_svg(make_report(asked)); });
}

void put_plan(const std::optional<Plan>& plan, PageStep& step) {
  if (!plan) {
    step.facts.emplace_back("Plan", "Pillow's sums, in f32, from the lowest row up");
    return;
  }
  const ordered_json facts = plan_facts(*plan);
  step.facts.emplace_back("Method", facts.at("method").get<std::string>());
  const double x = facts.at("delivered_sigma").at("x"), y = facts.at("delivered_sigma").at("y");
  if (x > 0 || y > 0)
    step.facts.emplace_back("Delivered sigma", x == y ? fmt::format("{:.6g}", x)
                                                      : fmt::format("{:.6g} along rows, {:.6g} along columns", x, y));
  step.facts.emplace_back("Error bound",
                          fmt::format("{:.3g} of the full range", facts.at("error_bound").get<double>()));
  step.explanation = plan->explain();
}

PageStep page_step(const Picture& before, const Step& step, const std::optional<Plan>& plan,
                   const std::string& strength) {
  PageStep result;
  put_plan(plan, result);
  if (const auto* blur = std::get_if<BlurOptions>(&step)) {
    const std::string sigma = blur->sigma[0] == blur->sigma[1]
                                  ? fmt::format("sigma {:.6g}", blur->sigma[0])
                                  : fmt::format("sigma {:.6g},{:.6g}", blur->sigma[0], blur->sigma[1]);
    result.title = fmt::format("Blur, {}{}", strength.empty() ? sigma : strength,
                               blur->light == Light::linear ? " in linear light" : "");
    put_kernels(*blur, result);
  } else {
    const auto& convolve = std::get<ConvolveOptions>(step);
    const Convolution settled = settle(before, convolve);
    result.title = "Convolution, " + told(convolve, settled);
    put_matrix(convolve, settled, result);
  }
  try {
    result.recipe = ordered_json::parse(to_json(step)).dump(2);
  } catch (const InvalidArgument&) {
    // No recipe holds ellipses, a feather and the like: then it is told by the options alone.
  }
  return result;
}

std::string region_text(const Region& region, const std::string& mask) {
  const std::string box = fmt::format("{},{} {} x {}", region.box.x, region.box.y, region.box.width, region.box.height);
  std::string text = region.shape == Region::Shape::rect      ? "box " + box
                     : region.shape == Region::Shape::ellipse ? "ellipse in " + box
                     : region.shape == Region::Shape::polygon
                         ? fmt::format("polygon of {} corners", region.corners.size())
                         : fmt::format("mask {}", file_of(mask));
  if (region.sigma) text += fmt::format(", sigma {:.6g},{:.6g}", (*region.sigma)[0], (*region.sigma)[1]);
  return text;
}

// The regions of a step; `placed`: those of the command line, which know the files of their masks.
void put_regions(const Step& step, const std::vector<RegionText>& placed, const Picture& before, Page& page) {
  std::visit(
      [&](const auto& options) {
        for (std::size_t i = 0; i < options.regions.size(); ++i) {
          const Region region = place(options.regions[i], before.width(), before.height());
          const std::string mask = i < placed.size() ? placed[i].mask : "";
          const Rect box = region_weights(region, before.width(), before.height()).box;
          page.regions.push_back({.region = region, .box = box, .told = region_text(region, mask)});
        }
        if (options.regions.empty()) return;
        page.regions_note =
            fmt::format("{}{}; source: {}.", options.invert ? "All but these are filtered" : "Only these are filtered",
                        options.feather > 0 ? fmt::format(", fading out over {:.6g} pixels", options.feather) : "",
                        name(options.source));
      },
      step);
}

// What the command line or the recipe says that was done. No steps: nothing is said.
NamedFilter told_filter(const ReportArguments& arguments) {
  if (arguments.blur) return {.name = "", .steps = {*arguments.blur}};
  if (arguments.convolve) return {.name = "", .steps = {*arguments.convolve}};
  if (arguments.recipe.empty()) return {};
  const Recipe recipe = read_recipe(arguments.recipe);
  std::vector<std::string> names;
  for (const NamedFilter& filter : recipe.filters) {
    if (filter.name == arguments.filter || (arguments.filter.empty() && recipe.filters.size() == 1)) return filter;
    names.push_back(filter.name);
  }
  if (arguments.filter.empty())
    throw InvalidArgument(fmt::format("--recipe: {} has {} filters; name the one that made OUT (--filter '{}').",
                                      arguments.recipe, names.size(), names.front()));
  const std::string meant = nearest(arguments.filter, names);
  throw InvalidArgument(fmt::format("--filter: is '{}', must be one of {}{}.", arguments.filter, listed(names),
                                    meant.empty() ? "" : fmt::format("; did you mean '{}'", meant)));
}

// Puts the regions of the command line into the step that it tells of. false: nothing is to be done.
bool place_told(const ReportArguments& arguments, const Picture& before, NamedFilter& filter, Report& report) {
  report.in = arguments.in;
  if (filter.steps.empty() || !arguments.recipe.empty()) return true;
  return std::visit([&](auto& options) { return settle_places(arguments, before, options, report); },
                    filter.steps.front());
}

void put_filter(const ReportArguments& arguments, NamedFilter filter, const Picture& before, const Picture& after,
                Page& page) {
  Report report;
  const bool something = place_told(arguments, before, filter, report);
  page.notes.insert(page.notes.end(), report.notes.begin(), report.notes.end());
  if (filter.steps.empty() || !something) return;
  page.filter = filter.name;
  put_proof(arguments, filter, before, after, page);
  const std::vector<std::optional<Plan>> plans = plan_filter(before, filter, arguments.threads);
  for (std::size_t i = 0; i < filter.steps.size(); ++i) {
    page.steps.push_back(page_step(before, filter.steps[i], plans[i], arguments.strength));
    put_regions(filter.steps[i], report.regions, before, page);
  }
}

std::string write_page(const ReportArguments& arguments, const NamedFilter& filter) {
  const Picture before = load_picture(arguments.in, arguments.read);
  const Picture after = load_after(arguments);
  check_sizes(arguments, before, after);
  Page page;
  page.facts = {
      {"Before", fmt::format("{}: {}{}", file_of(arguments.in), before.describe(), bytes_text(arguments.in))},
      {"After", fmt::format("{}: {}{}", file_of(arguments.out), after.describe(), bytes_text(arguments.out))}};
  const std::optional<Difference> difference = measured(before, after);
  put_difference(before, difference, page);
  page.notes.assign(before.notes().begin(), before.notes().end());
  put_filter(arguments, filter, before, after, page);
  put_pictures(arguments, before, after, page);
  const std::string text = page_html(page);
  write_whole(arguments.page, std::as_bytes(std::span(text)));
  const std::string apart = difference
                                ? fmt::format(", largest difference {}, rms {}", levels(difference->largest, before),
                                              levels(difference->rms, before))
                                : "";
  return printable(fmt::format("{} | {} -> {}  {}{}, {:.4g} kB\n", arguments.in, arguments.out, arguments.page,
                               before.describe(), apart, static_cast<double>(text.size()) / 1e3));
}

}  // namespace

int run_report(ReportArguments arguments) {
  if (arguments.threads == 0)
    arguments.threads = faces::thread_limit([](const char* name) { return std::getenv(name); });
  NamedFilter filter;
  try {
    check_inputs(arguments.read, {});
    check_page(arguments);
    filter = told_filter(arguments);
    read_regions(arguments);
  } catch (...) {
    return refuse_current_exception("gaussfilt report");
  }
  try {
    std::optional<Progress> progress(std::in_place, [](double) { return std::string("reporting"); });
    const std::string said = write_page(arguments, filter);
    progress.reset();
    if (!arguments.quiet) std::fputs(said.c_str(), stdout);
  } catch (...) {
    return fail(sentence_of_current_exception(fmt::format("{} and {}", arguments.in, arguments.out)));
  }
  return finish(done);
}

}  // namespace gaussfilt::cli
