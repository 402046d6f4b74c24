// Floor 5. The page that `gaussfilt report` writes.
#include "report_page.h"

#include "markup.h"

#include <gaussfilt/runtime.h>

#include <fmt/format.h>

#include <string_view>

namespace gaussfilt::cli {
namespace {

constexpr std::size_t most_listed = 100;  // regions that are told one by one

constexpr std::string_view style = R"css(
:root { color-scheme: light dark; --ink: #1c1c22; --soft: #62626c; --ground: #fbfbfc; --card: #ffffff; --line: #dcdce2;
  --mark: #1f5fa8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8ee; --soft: #a2a2ae; --ground: #17171b; --card: #212127; --line: #3a3a44; --mark: #7db4f0; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.4rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
.viewer { margin: 0 auto; width: fit-content; max-width: 100%; --split: 50%; }
.stage { position: relative; width: fit-content; max-width: 100%; margin: 0 auto; overflow: hidden; touch-action: pan-y;
  cursor: ew-resize; border: 1px solid var(--line); }
.stage img { display: block; max-width: 100%; height: auto; user-select: none; }
.stage .before, .stage svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.stage .before { clip-path: inset(0 calc(100% - var(--split)) 0 0); }
.enlarged img { image-rendering: pixelated; }
.line { position: absolute; top: 0; bottom: 0; left: var(--split); width: 2px; margin-left: -1px; background: #fff;
  box-shadow: 0 0 2px #000; pointer-events: none; }
.stage svg { pointer-events: none; }
.stage svg * { fill: none; stroke: #ffd83d; stroke-width: 2px; vector-effect: non-scaling-stroke; }
.stage svg { filter: drop-shadow(0 0 1px #000); }
.stage svg .whole { stroke-dasharray: 6 4; }
.plain .stage svg { display: none; }
#slider { display: block; width: 100%; margin: .6rem 0 0; accent-color: var(--mark); }
.sides { display: flex; justify-content: space-between; }
figcaption, .note { color: var(--soft); font-size: .9rem; }
table { border-collapse: collapse; width: 100%; background: var(--card); border: 1px solid var(--line); }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem; border-top: 1px solid var(--line);
  overflow-wrap: anywhere; }
th { font-weight: 500; color: var(--soft); width: 14rem; }
pre { overflow-x: auto; background: var(--card); border: 1px solid var(--line); padding: .8rem; font-size: .85rem; }
.plots { display: flex; flex-wrap: wrap; gap: 1rem; }
.plots svg { max-width: 100%; height: auto; border: 1px solid var(--line); }
details { margin: .5rem 0; }
summary { cursor: pointer; }
footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
)css";

constexpr std::string_view script = R"js(
"use strict";
{
  const viewer = document.getElementById("viewer");
  const stage = document.getElementById("stage");
  const slider = document.getElementById("slider");
  const outlines = document.getElementById("outlines");
  const show = () => {
    viewer.style.setProperty("--split", slider.value + "%");
    slider.setAttribute("aria-valuetext", slider.value + " % before");
  };
  const drag = (event) => {
    const box = stage.getBoundingClientRect();
    slider.value = 100 * (event.clientX - box.left) / box.width;
    show();
  };
  slider.addEventListener("input", show);
  stage.addEventListener("pointerdown", (event) => {
    stage.setPointerCapture(event.pointerId);
    drag(event);
  });
  stage.addEventListener("pointermove", (event) => { if (event.buttons & 1) drag(event); });
  if (outlines) outlines.addEventListener("change", () => viewer.classList.toggle("plain", !outlines.checked));
  show();
}
)js";

std::string element(std::string_view name, std::string_view text) {
  return fmt::format("<{0}>{1}</{0}>\n", name, escaped(text));
}

std::string table(const Facts& facts) {
  std::string text = "<table>\n";
  for (const auto& [what, value] : facts)
    text += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(what), escaped(value));
  return text + "</table>\n";
}

// Lines stay lines: escaped() takes one at a time.
std::string lines(std::string_view text) {
  std::string all;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    all += escaped(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

std::string folded(std::string_view summary, std::string_view text) {
  return fmt::format("<details><summary>{}</summary>\n<pre>{}</pre></details>\n", escaped(summary), lines(text));
}

// ---- the viewer

std::string rect(const Rect& box, std::string_view more) {
  return fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}"{}>)", box.x, box.y, box.width, box.height, more);
}

std::string outline(const PageRegion& placed) {
  const Region& region = placed.region;
  const std::string end = fmt::format("<title>{}</title></", escaped(placed.told));
  const auto x = static_cast<double>(region.box.x), y = static_cast<double>(region.box.y);
  const auto a = static_cast<double>(region.box.width) / 2, b = static_cast<double>(region.box.height) / 2;
  switch (region.shape) {
    case Region::Shape::rect: return rect(region.box, "") + end + "rect>\n";
    case Region::Shape::ellipse:
      return fmt::format(R"(<ellipse cx="{}" cy="{}" rx="{}" ry="{}">)", x + a, y + b, a, b) + end + "ellipse>\n";
    case Region::Shape::polygon: {
      std::string points;
      for (const Point& corner : region.corners) points += fmt::format("{:.6g},{:.6g} ", corner.x, corner.y);
      return fmt::format(R"(<polygon points="{}">)", points) + end + "polygon>\n";
    }
    case Region::Shape::mask: break;
  }
  return rect(placed.box, R"( class="whole")") + end + "rect>\n";
}

std::string outlines(const Page& page) {
  if (page.regions.empty()) return "";
  std::string text = fmt::format(R"(<svg viewBox="0 0 {} {}" preserveAspectRatio="none">)"
                                 "\n",
                                 page.width, page.height);
  for (const PageRegion& region : page.regions) text += outline(region);
  return text + "</svg>\n";
}

std::string image(const Page& page, const PagePicture& picture, std::string_view side) {
  return fmt::format("<img class=\"{}\" alt=\"{}: {}\" width=\"{}\" height=\"{}\" draggable=\"false\" src=\"{}\">\n",
                     side, side, escaped(picture.name), page.shown_width, page.shown_height, picture.uri);
}

std::string viewer(const Page& page) {
  const bool enlarged = page.shown_width > page.width;
  std::string text = fmt::format("<figure class=\"viewer{}\" id=\"viewer\">\n<div class=\"stage\" id=\"stage\">\n",
                                 enlarged ? " enlarged" : "");
  text += image(page, page.after, "after") + image(page, page.before, "before") + outlines(page);
  text +=
      "<div class=\"line\"></div>\n</div>\n"
      "<input type=\"range\" id=\"slider\" min=\"0\" max=\"100\" step=\"any\" value=\"50\" "
      "aria-label=\"how much of the picture before is shown\">\n"
      "<div class=\"sides note\"><span>before</span><span>after</span></div>\n";
  if (!page.regions.empty())
    text += "<label class=\"note\"><input type=\"checkbox\" id=\"outlines\" checked> show the regions</label>\n";
  return text + fmt::format("<figcaption>{}</figcaption>\n</figure>\n", escaped(page.caption));
}

// ---- below it

std::string step_html(const PageStep& step, std::size_t number, std::size_t count) {
  std::string text = element("h3", count == 1 ? step.title : fmt::format("{}. {}", number, step.title));
  text += table(step.facts);
  if (!step.explanation.empty()) text += folded("The whole plan", step.explanation);
  if (!step.recipe.empty()) text += folded("As a recipe has it", step.recipe);
  if (!step.plots.empty()) text += "<div class=\"plots\">\n";
  for (const std::string& plot : step.plots) text += plot.substr(std::min(plot.find("<svg"), plot.size()));
  if (!step.plots.empty()) text += "</div>\n";
  if (!step.plot_note.empty()) text += fmt::format("<p class=\"note\">{}</p>\n", escaped(step.plot_note));
  return text;
}

std::string steps_html(const Page& page) {
  if (page.steps.empty()) return "";
  std::string text = element("h2", page.filter.empty() ? "The filter" : fmt::format("The filter '{}'", page.filter));
  for (std::size_t i = 0; i < page.steps.size(); ++i) text += step_html(page.steps[i], i + 1, page.steps.size());
  return text;
}

std::string regions_html(const Page& page) {
  if (page.regions.empty()) return "";
  std::string text = element("h2", "Regions");
  if (!page.regions_note.empty()) text += element("p", page.regions_note);
  text += "<ol>\n";
  for (std::size_t i = 0; i < std::min(page.regions.size(), most_listed); ++i)
    text += element("li", page.regions[i].told);
  text += "</ol>\n";
  if (page.regions.size() > most_listed)
    text += element("p", fmt::format("and {} more, drawn above.", page.regions.size() - most_listed));
  return text;
}

std::string notes_html(const Page& page) {
  if (page.notes.empty()) return "";
  std::string text = element("h2", "Notes") + "<ul>\n";
  for (const std::string& note : page.notes) text += element("li", note + ".");
  return text + "</ul>\n";
}

}  // namespace

std::string page_html(const Page& page) {
  // Nothing is loaded, and nothing runs but what stands here, whatever a name may hold.
  const std::string policy = fmt::format("default-src 'none'; img-src data:; style-src '{}'; script-src '{}'",
                                         policy_hash(style), policy_hash(script));
  const std::string title = fmt::format("{} \u2192 {}", page.before.name, page.after.name);
  return fmt::format(
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"generator\" content=\"gaussfilt {}\">\n",
             policy, version()) +
         element("title", title) + fmt::format("<style>{}</style>\n</head>\n<body>\n<main>\n", style) +
         element("h1", title) + viewer(page) + element("h2", "Before and after") + table(page.facts) +
         steps_html(page) + regions_html(page) + notes_html(page) +
         element("footer", fmt::format("Written by gaussfilt {}.", version())) +
         fmt::format("</main>\n<script>{}</script>\n</body>\n</html>\n", script);
}

}  // namespace gaussfilt::cli
