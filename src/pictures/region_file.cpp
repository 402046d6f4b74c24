// Floor 4. Files of regions: JSON (a list, or COCO) and CSV. What is wrong is told with its place.
#include "region_text.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t largest_file = std::size_t{32} << 20;  // as a tree in memory eight times as much

std::string read_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  std::string text;
  std::array<char, 65536> piece{};
  while (file && text.size() <= largest_file) {
    file.read(piece.data(), piece.size());
    text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof() && text.size() <= largest_file)
    throw IoError(fmt::format("{}: cannot be read as a file of regions.", name));
  return text;
}

[[noreturn]] void refuse_count(const std::string& name, const std::string& place) {
  throw IoError(
      fmt::format("{}: {}: is one region too many, at most {} go with a picture; split the file and filter in "
                  "several runs.",
                  name, place, max_regions));
}

// ---- JSON ----

void add(std::vector<RegionText>& regions, RegionText region, const Value& value) {
  if (regions.size() >= max_regions) refuse_count(value.title(), value.pointer());
  regions.push_back(std::move(region));
}

Value list_of(const Value& value, const std::string& key) {
  Value list = value.member(key);
  if (!list.json().is_array()) list.refuse("a list");
  return list;
}

// Polygons where there are some, else the box: that of a run-length mask, too.
void read_annotation(const Value& value, std::vector<RegionText>& regions) {
  const auto polygons = value.json().find("segmentation");
  if (polygons != value.json().end() && polygons->is_array() && !polygons->empty()) {
    for (std::size_t i = 0; i < polygons->size(); ++i) {
      const Value polygon = value.member("segmentation").entry(i);
      add(regions, {.region = read_json_polygon(polygon), .mask = {}}, polygon);
    }
    return;
  }
  if (!value.json().contains("bbox")) value.refuse_by(R"(must hold "bbox" or "segmentation")");
  add(regions, {.region = read_json_box(value.member("bbox")), .mask = {}}, value);
}

std::int64_t size_of(const Value& image, const std::string& key) {
  if (!image.json().contains(key)) return 0;
  const auto some = [](double size) { return size >= 1 && size <= 1e9; };
  return static_cast<std::int64_t>(number(image.member(key), "a number of pixels", some));
}

// An id as text: files have numbers and texts.
std::string id_of(const Value& value, const std::string& key) {
  if (!value.json().is_object()) value.refuse("an object");
  if (!value.json().contains(key)) value.refuse_by(fmt::format("must hold \"{}\"", key));
  const json& id = value.json().at(key);
  if (id.is_structured() || id.is_null()) value.member(key).refuse("a number or a text");
  return id.dump();
}

std::map<std::string, std::size_t> read_images(const Value& images, RegionFile& file) {
  std::map<std::string, std::size_t> ids;
  for (std::size_t i = 0; i < images.json().size(); ++i) {
    const Value image = images.entry(i);
    if (!ids.try_emplace(id_of(image, "id"), i).second) image.refuse_by("must have an id of its own");
    if (!image.json().contains("file_name")) image.refuse_by(R"(must hold "file_name")");
    const std::string name = text(image.member("file_name"), "a text");
    file.names.emplace(fs::path(name).filename().string(), i);
    file.images.push_back(
        {.file_name = name, .width = size_of(image, "width"), .height = size_of(image, "height"), .regions = {}});
  }
  return ids;
}

constexpr std::string_view list_or_coco = R"(a list of regions, or COCO with "images" and "annotations")";

void read_coco(const Value& root, RegionFile& file) {
  if (!root.json().contains("annotations")) root.refuse(list_or_coco);
  const bool images = root.json().contains("images");
  std::map<std::string, std::size_t> ids;
  if (images) ids = read_images(list_of(root, "images"), file);
  const Value annotations = list_of(root, "annotations");
  for (std::size_t i = 0; i < annotations.json().size(); ++i) {
    const Value one = annotations.entry(i);
    if (!one.json().is_object()) one.refuse(R"(an object with "bbox" or "segmentation")");
    if (!images) {
      read_annotation(one, file.regions);
      continue;
    }
    const auto found = ids.find(id_of(one, "image_id"));
    if (found == ids.end()) one.member("image_id").refuse("the id of one of the images");
    read_annotation(one, file.images[found->second].regions);
  }
}

// A file beside this one.
std::string beside(const std::string& file, const std::string& name) {
  return fs::path(name).is_absolute() ? name : (fs::path(file).parent_path() / name).string();
}

void read_json(std::string_view text, RegionFile& file) {
  const json document = parse_json(text, file.name);
  const Value root(document, "", file.name);
  if (document.is_object()) return read_coco(root, file);
  if (!document.is_array()) root.refuse(list_or_coco);
  for (std::size_t i = 0; i < document.size(); ++i) {
    if (i >= max_regions) refuse_count(file.name, root.entry(i).pointer());
    file.regions.push_back(read_region_entry(root.entry(i)));
    std::string& mask = file.regions.back().mask;
    if (!mask.empty()) mask = beside(file.name, mask);
  }
}

// ---- CSV ----

std::string trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r";
  const std::size_t first = text.find_first_not_of(blank);
  return first == std::string_view::npos ? ""
                                         : std::string(text.substr(first, text.find_last_not_of(blank) + 1 - first));
}

// Which of x, y, width, height and sigma stands in each column.
using Columns = std::vector<std::size_t>;

// The columns that a header names; none where the line is no header.
Columns read_header(const std::vector<std::string>& cells, const RegionFile& file, std::size_t line) {
  constexpr std::array<std::array<std::string_view, 2>, 5> names = {
      {{"x", "x"}, {"y", "y"}, {"w", "width"}, {"h", "height"}, {"sigma", "sigma"}}};
  Columns columns;
  for (const std::string& cell : cells) {
    std::size_t which = 0;
    while (which < names.size() && cell != names[which][0] && cell != names[which][1]) ++which;
    if (which < names.size()) columns.push_back(which);
  }
  if (columns.empty()) return columns;
  const std::set<std::size_t> different(columns.begin(), columns.end());
  if (columns.size() != cells.size() || different.size() != cells.size() || *different.begin() != 0 ||
      cells.size() < 4 || (cells.size() == 4 && different.contains(4)))
    throw IoError(fmt::format("{}: line {}: is a header that must name x, y, w and h, and may name sigma (x,y,w,h).",
                              file.name, line));
  return columns;
}

void read_line(const std::vector<std::string>& cells, const Columns& columns, std::size_t line, RegionFile& file) {
  const auto refuse = [&](const std::string& text, std::string_view rule) {
    throw IoError(fmt::format("{}: line {}: is '{}', {} (10,20,300,200).", file.name, line, text, rule));
  };
  const std::string whole = printable(fmt::format("{}", fmt::join(cells, ",")));
  const std::string shown = whole.size() > 40 ? whole.substr(0, 37) + "..." : whole;
  if (columns.empty() ? cells.size() != 4 && cells.size() != 5 : cells.size() != columns.size())
    refuse(shown, columns.empty() ? "must be x,y,w,h or x,y,w,h,sigma" : "must have as many numbers as the header");
  std::vector<Length> box(4);
  Region region;
  std::optional<PerAxis<double>> sigma;
  try {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t which = columns.empty() ? i : columns[i];
      const Length value = read_length(cells[i]);
      if (which < 4) box[which] = value;
      else if (!value.percent) sigma = read_sigma({&value.value, 1});
      else refuse(shown, "must have a sigma in pixels");
    }
    region = box_region(Region::Shape::rect, std::move(box));
  } catch (const RegionRule& rule) {
    refuse(shown, rule.without_example());
  }
  region.sigma = sigma;
  region.told = fmt::format("line {} of {}", line, file.name);
  file.regions.push_back({.region = std::move(region), .mask = {}});
}

void read_csv(std::string_view text, RegionFile& file) {
  Columns columns;
  bool first = true;
  std::size_t line = 0;
  for (std::string_view rest = text; !rest.empty();) {
    ++line;
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string row = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (row.empty()) continue;
    std::vector<std::string> cells;
    for (const std::string& cell : split(row, ',')) cells.push_back(trimmed(cell));
    if (first) columns = read_header(cells, file, line);
    const bool header = first && !columns.empty();
    first = false;
    if (header) continue;
    if (file.regions.size() >= max_regions) refuse_count(file.name, fmt::format("line {}", line));
    read_line(cells, columns, line, file);
  }
}

// Whether a name is the end of a path, whole parts of it.
bool ends_path(const fs::path& path, const fs::path& name) {
  auto a = path.end(), b = name.end();
  while (b != name.begin()) {
    if (a == path.begin() || *--a != *--b) return false;
  }
  return !name.empty();
}

}  // namespace
}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

RegionFile parse_regions(std::string_view text, const std::string& name) {
  RegionFile file{.name = name, .regions = {}, .images = {}, .names = {}};
  if (text.size() > pictures::largest_file)
    throw IoError(fmt::format("{}: is larger than 32 MiB, must be at most that; split it.", name));
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos)
    throw IoError(fmt::format("{}: is empty, must be JSON ([[10, 20, 300, 200]]) or CSV (10,20,300,200).", name));
  if (text[first] != '[' && text[first] != '{') {
    pictures::read_csv(text, file);
    return file;
  }
  try {
    pictures::read_json(text, file);
  } catch (const RecipeError& error) {
    throw IoError(error.what());
  }
  return file;
}

RegionFile load_regions(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error))
    throw IoError(fmt::format("{}: there is no such file of regions.", file.string()));
  return parse_regions(pictures::read_file(file.string()), file.string());
}

const std::vector<RegionText>& regions_for(const RegionFile& file, const std::string& picture, std::int64_t width,
                                           std::int64_t height) {
  if (file.images.empty()) return file.regions;
  const RegionImage* found = file.images.size() == 1 ? &file.images.front() : nullptr;
  if (found == nullptr) {
    std::vector<const RegionImage*> fits, namesakes;
    const auto [first, last] = file.names.equal_range(std::filesystem::path(picture).filename().string());
    for (auto at = first; at != last; ++at) {
      const RegionImage& image = file.images[at->second];
      namesakes.push_back(&image);
      if (pictures::ends_path(picture, image.file_name) || pictures::ends_path(image.file_name, picture))
        fits.push_back(&image);
    }
    if (fits.empty()) fits = namesakes;
    if (fits.size() != 1)
      throw InvalidArgument(fmt::format("regions: {} of the {} images in {} {} this file_name, must be one.",
                                        fits.empty() ? "none" : std::to_string(fits.size()), file.images.size(),
                                        file.name, fits.empty() ? "has" : "have"));
    found = fits.front();
  }
  if ((found->width != 0 && found->width != width) || (found->height != 0 && found->height != height))
    throw InvalidArgument(fmt::format("regions: {} in {} is {} x {} pixels, must be {} x {} as the picture is.",
                                      found->file_name, file.name, found->width, found->height, width, height));
  return found->regions;
}

}  // namespace gaussfilt::inline v0
