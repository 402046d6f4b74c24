// Floor 5. What lies beyond the edges of a picture: --border as declared.
#include "readers.h"

#include <gaussfilt/gaussfilt.h>

#include <fmt/format.h>

#include <cmath>

namespace gaussfilt::cli {
namespace {

void read_border(const std::string& text, Border& border, double& cval) {
  const std::vector<std::string> names = border_names();
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string rule = fmt::format("must be {} or constant:VALUE", fmt::join(names, ", "));
  try {
    border = parse_border(text.substr(0, colon));
  } catch (const InvalidArgument&) {
    refuse_name("--border", text, names, rule);
  }
  if (colon == text.size()) return;
  const auto value = number<double>(std::string_view(text).substr(colon + 1));
  if (border != Border::constant || !value || !std::isfinite(*value) || *value < 0)
    refuse("--border", text, "a name alone, or constant:VALUE with a level >= 0 (--border constant:255)");
  cval = *value;
}

}  // namespace

void declare_border(Command& command, const std::string& topic, Border& border, double& cval) {
  command.option({.names = "--border",
                  .shape = "NAME",
                  .topic = topic,
                  .brief = fmt::format("Edges: {}[:VALUE]", fmt::join(border_names(), ", ")),
                  .more = "reflect is the default; VALUE is a level, default 0; with transparency only 0.",
                  .shown = true,
                  .values = border_names},
                 [&border, &cval](const std::string& text) { read_border(text, border, cval); });
}

}  // namespace gaussfilt::cli
