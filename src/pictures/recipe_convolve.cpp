// Floor 4. The step "convolve" of a recipe.
#include "recipe_steps.h"
#include "recipe_where.h"

#include <gaussfilt/convolution.h>
#include <gaussfilt/error.h>

#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

using nlohmann::ordered_json;

constexpr std::array<std::string_view, 2> turns = {"convolve", "correlate"};
constexpr std::size_t most_rows = 1000;
constexpr std::int64_t farthest_cell = 1000;

struct ConvolveDraft : Where {
  ConvolveOptions options;
};

bool any(double) { return true; }

// The name of a kernel, or rows. A recipe says all that it does, so no other file is read: one that bears the name is
// no kernel of ours.
KernelText kernel_of_text(const Value& value) {
  const std::string word =
      text(value, "the name of a kernel, or a matrix (\"kernel\": [[1, 2, 1], [2, 4, 2], [1, 2, 1]])");
  try {
    const bool rows = word.find_first_not_of("0123456789+-.eE,; \t\n") == word.npos;
    KernelText found = rows ? parse_kernel(word) : find_kernel(word);
    if (rows || found.version != 0 || found.unsharp) return found;
  } catch (const Error& error) {
    std::string why = error.what();
    if (why.ends_with('.')) why.pop_back();
    value.say(why);
  }
  value.refuse("the name of a kernel, or a matrix; files of kernels do not go into recipes");
}

void read_kernel(const Value& value, ConvolveDraft& draft) {
  if (!value.json().is_array()) {
    draft.options.kernel = kernel_of_text(value);
    return;
  }
  DenseKernel kernel;
  std::size_t columns = 0;
  const std::vector<Value> rows = entries(value, "rows", 1, most_rows);
  for (const Value& row : rows) {
    const std::vector<Value> cells = entries(row, "numbers", 1, most_rows);
    if (columns != 0 && cells.size() != columns)
      row.say(fmt::format("has {} numbers and the row before it {}, must have as many", cells.size(), columns));
    columns = cells.size();
    for (const Value& cell : cells) kernel.values.push_back(number(cell, "a finite number", any));
  }
  kernel.shape = {static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(columns)};
  draft.options.kernel.told = fmt::format("{} x {}", columns, rows.size());
  draft.options.kernel.kernel = std::move(kernel);
}

void read_factor(const Value& value, ConvolveDraft& draft) {
  draft.options.factor = number(value, "a finite number (\"factor\": 0.0625)", any);
}

void read_bias(const Value& value, ConvolveDraft& draft) {
  draft.options.bias = number(value, "a finite number of levels (\"bias\": 128)", any);
}

void read_anchor(const Value& value, ConvolveDraft& draft) {
  constexpr std::string_view rule = "two whole numbers >= 0, column and row (\"anchor\": [1, 1])";
  if (!value.json().is_array() || value.json().size() != 2) value.refuse(rule);
  draft.options.anchor =
      Anchor{.x = whole(value.entry(0), rule, 0, farthest_cell), .y = whole(value.entry(1), rule, 0, farthest_cell)};
}

void read_turn(const Value& value, ConvolveDraft& draft) {
  draft.options.turn =
      named(value, turns, [](std::string_view word) { return word == turns[0] ? Turn::convolve : Turn::correlate; });
}

void read_signed(const Value& value, ConvolveDraft& draft) {
  draft.options.sign = named(value, signed_names(), parse_signed);
}

void read_like(const Value& value, ConvolveDraft& draft) {
  draft.options.like = named(value, rules_names(), parse_rules);
}

// What only a blur can do.
void check_kernel_regions(const Value& value, const Where& where) {
  if (where.source == RegionSource::masked)
    value.member("source").refuse("context or crop; only a blur can leave out what is not inside");
  for (std::size_t i = 0; i < where.regions.size(); ++i)
    if (where.regions[i].sigma)
      value.member("regions").entry(i).say("has a sigma, which a kernel has not; leave it out");
}

Step read_convolve(const Value& value) {
  static const std::vector<Member<ConvolveDraft>> members = [] {
    std::vector<Member<ConvolveDraft>> own = {
        {"kernel", read_kernel, true}, {"factor", read_factor}, {"bias", read_bias}, {"anchor", read_anchor},
        {"turn", read_turn},           {"signed", read_signed}, {"like", read_like}};
    add_where(own);
    return own;
  }();
  ConvolveDraft draft;
  read_members(value, "a convolution", members, draft);
  check_where(value, draft);
  check_kernel_regions(value, draft);
  put_where(draft, draft.options);
  return draft.options;
}

ordered_json matrix(const DenseKernel& kernel) {
  ordered_json rows = ordered_json::array();
  const std::size_t width = static_cast<std::size_t>(kernel.shape[1]);
  for (std::size_t at = 0; at < kernel.values.size(); ++at) {
    if (at % width == 0) rows.push_back(ordered_json::array());
    rows.back().push_back(kernel.values[at]);
  }
  return rows;
}

ordered_json write_convolve(const Step& step) {
  const auto& options = std::get<ConvolveOptions>(step);
  const KernelText& kernel = options.kernel;
  const bool named = kernel.version != 0 || kernel.unsharp;
  ordered_json result;
  result["kernel"] = named ? ordered_json(kernel.told) : matrix(kernel.kernel);
  const auto put = [&result](const char* name, const std::optional<double>& said) {
    if (said) result[name] = *said;
  };
  put("factor", options.factor || named ? options.factor : kernel.factor);
  put("bias", options.bias || named ? options.bias : kernel.bias);
  const std::optional<Anchor> anchor = options.anchor || named ? options.anchor : kernel.anchor;
  if (anchor) result["anchor"] = {anchor->x, anchor->y};
  if (options.turn != Turn::convolve) result["turn"] = turns[1];
  if (options.sign != Signed::clip) result["signed"] = name(options.sign);
  if (options.like != Rules::gaussfilt) result["like"] = name(options.like);
  write_where(options, result);
  return result;
}

ConvolveOptions on_threads(const Step& step, int threads) {
  ConvolveOptions options = std::get<ConvolveOptions>(step);
  if (threads > 0) options.threads = threads;
  return options;
}

RunStatus run_convolve(Picture& picture, const Step& step, int threads, const RunOptions& run) {
  return convolve(picture, on_threads(step, threads), run);
}

// Pillow's rules follow no plan.
std::optional<Plan> plan_of_convolve(const Picture& picture, const Step& step, int threads) {
  if (std::get<ConvolveOptions>(step).like == Rules::pillow) return {};
  return plan_convolve(picture, on_threads(step, threads));
}

}  // namespace

StepKind convolve_kind() {
  return {.name = "convolve",
          .read = read_convolve,
          .write = write_convolve,
          .run = run_convolve,
          .plan = plan_of_convolve};
}

}  // namespace gaussfilt::pictures
