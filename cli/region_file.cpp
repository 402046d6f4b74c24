// Floor 5. Files of regions: JSON (a list, or COCO) and CSV. What is wrong is told with its place.
#include "region_file.h"

#include "readers.h"
#include "region_text.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gaussfilt::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t largest_file = std::size_t{32} << 20;  // as a tree in memory eight times as much

std::string read_text(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  std::string text;
  std::array<char, 65536> piece{};
  while (file && text.size() <= largest_file) {
    file.read(piece.data(), piece.size());
    text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof() && text.size() <= largest_file)
    throw IoError(fmt::format("{}: cannot be read as a file of regions.", name));
  if (text.size() > largest_file)
    throw IoError(fmt::format("{}: is larger than 32 MiB, must be at most that; split it.", name));
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return text;
}

[[noreturn]] void refuse_count(const std::string& name, const std::string& place) {
  throw IoError(
      fmt::format("{}: {}: is one region too many, at most {} go with a picture; split the file and blur in "
                  "several runs.",
                  name, place, max_regions));
}

// ---- JSON ----

// A value and where it stands in the file.
class Node {
 public:
  Node(const std::string& file, const json& value, std::string place = "")
      : file_(file), value_(value), place_(std::move(place)) {}

  const json& value() const { return value_; }
  std::string place() const { return place_.empty() ? "all of it" : place_; }
  std::string title() const { return fmt::format("{} of {}", place(), file_); }  // in later messages
  std::size_t size() const { return value_.size(); }
  Node at(std::size_t index) const { return {file_, value_[index], fmt::format("{}/{}", place_, index)}; }
  Node at(const std::string& key) const { return {file_, value_.at(key), place_ + "/" + key}; }
  bool has(const std::string& key) const { return value_.contains(key); }

  [[noreturn]] void refuse(std::string_view rule) const {
    std::string text = value_.is_structured() ? std::string(value_.is_array() ? "a list" : "an object") : value_.dump();
    if (text.size() > 40) text = text.substr(0, 37) + "...";
    throw IoError(fmt::format("{}: {}: is {}, {}.", file_, place(), text, rule));
  }
  double number() const {
    if (!value_.is_number()) refuse("must be a number");
    return value_.get<double>();
  }
  const std::string& text() const {
    if (!value_.is_string()) refuse("must be a text");
    return value_.get_ref<const std::string&>();
  }
  Node list(const std::string& key) const {
    const Node node = at(key);
    if (!node.value().is_array()) node.refuse("must be a list");
    return node;
  }
  const std::string& file() const { return file_; }

 private:
  const std::string& file_;
  const json& value_;
  std::string place_;
};

// Calls `read`; what it finds wrong is told of the node.
template <class Read> auto with_rule(const Node& node, Read read) {
  try {
    return read();
  } catch (const RegionRule& rule) {
    const std::string sentence = rule.what();
    // The example is one of the command line.
    node.refuse(sentence.substr(0, sentence.find(" (--region")));
  }
}

Length length_of(const Node& node) {
  const double value = node.number();
  if (!(std::fabs(value) <= 1e9)) node.refuse("must be at most 1e9");
  return {.value = value, .percent = false};
}

RegionArgument box_of(const Node& node) {
  if (!node.value().is_array() || node.size() != 4) node.refuse("must be [x, y, width, height]");
  RegionArgument region;
  region.text = node.title();
  for (std::size_t i = 0; i < 4; ++i) region.numbers.push_back(length_of(node.at(i)));
  for (const std::size_t i : {2U, 3U})
    if (!(region.numbers[i].value > 0)) node.at(i).refuse("must be a size > 0");
  with_rule(node, [&] { check_box(region); });
  return region;
}

// x and y in turn, as COCO has them, or [x, y] each.
RegionArgument polygon_of(const Node& node) {
  if (!node.value().is_array()) node.refuse("must be a list of corners");
  RegionArgument region;
  region.shape = Region::Shape::polygon;
  region.text = node.title();
  for (std::size_t i = 0; i < node.size(); ++i) {
    const Node corner = node.at(i);
    if (!corner.value().is_array()) {
      region.numbers.push_back(length_of(corner));
      continue;
    }
    if (corner.size() != 2) corner.refuse("must be [x, y]");
    for (const std::size_t axis : {0U, 1U}) region.numbers.push_back(length_of(corner.at(axis)));
  }
  with_rule(node, [&] { check_polygon(region); });
  return region;
}

// A file beside this one.
std::string beside(const std::string& file, const std::string& name) {
  return fs::path(name).is_absolute() ? name : (fs::path(file).parent_path() / name).string();
}

RegionArgument text_of(const Node& node) {
  const std::string& text = node.text();
  RegionArgument region = with_rule(node, [&] { return read_region(text); });
  region.text = node.title();
  if (region.shape == Region::Shape::mask) region.mask = beside(node.file(), region.mask);
  return region;
}

std::vector<double> sigma_of(const Node& node) {
  std::vector<double> sigma;
  if (node.value().is_array()) {
    for (std::size_t i = 0; i < std::min<std::size_t>(node.size(), 3); ++i) sigma.push_back(node.at(i).number());
  } else {
    sigma.push_back(node.number());
  }
  with_rule(node, [&] { check_sigma(sigma); });
  return sigma;
}

RegionArgument object_of(const Node& node) {
  constexpr std::string_view rule =
      R"(must hold one of "box", "ellipse", "polygon" and "mask", and may hold "sigma" beside it)";
  RegionArgument region;
  int shapes = 0;
  for (const auto& item : node.value().items()) {
    const Node value = node.at(item.key());
    const std::vector<double> sigma = region.sigma;
    if (item.key() == "box" || item.key() == "ellipse") {
      region = box_of(value);
      if (item.key() == "ellipse") region.shape = Region::Shape::ellipse;
    } else if (item.key() == "polygon") {
      region = polygon_of(value);
    } else if (item.key() == "mask") {
      region.shape = Region::Shape::mask;
      region.mask = beside(node.file(), value.text());
    } else if (item.key() == "sigma") {
      region.sigma = sigma_of(value);
      continue;
    } else {
      node.refuse(rule);
    }
    region.sigma = sigma;
    ++shapes;
  }
  if (shapes != 1) node.refuse(rule);
  region.text = node.title();
  return region;
}

RegionArgument entry_of(const Node& node) {
  if (node.value().is_string()) return text_of(node);
  if (node.value().is_object()) return object_of(node);
  if (!node.value().is_array() || node.size() < 4 || node.size() > 5)
    node.refuse(R"(must be [x, y, width, height], "ellipse:X,Y,W,H" or {"polygon": [[x, y], ...]})");
  if (node.size() == 4) return box_of(node);
  const json box(node.value().begin(), node.value().begin() + 4);
  RegionArgument region = box_of({node.file(), box, node.place()});
  region.sigma = sigma_of(node.at(4));
  return region;
}

void add(std::vector<RegionArgument>& regions, RegionArgument region, const Node& node) {
  if (regions.size() >= max_regions) refuse_count(node.file(), node.place());
  regions.push_back(std::move(region));
}

// Polygons where there are some, else the box: that of a run-length mask, too.
void read_annotation(const Node& node, std::vector<RegionArgument>& regions) {
  if (node.has("segmentation") && node.at("segmentation").value().is_array() && node.at("segmentation").size() > 0) {
    const Node polygons = node.at("segmentation");
    for (std::size_t i = 0; i < polygons.size(); ++i) add(regions, polygon_of(polygons.at(i)), polygons.at(i));
    return;
  }
  if (!node.has("bbox")) node.refuse(R"(must hold "bbox" or "segmentation")");
  add(regions, box_of(node.at("bbox")), node);
}

std::int64_t size_of(const Node& image, const std::string& key) {
  if (!image.has(key)) return 0;
  const double size = image.at(key).number();
  if (!(size >= 1 && size <= 1e9)) image.at(key).refuse("must be a number of pixels");
  return static_cast<std::int64_t>(size);
}

// An id as text: files have numbers and texts.
std::string id_of(const Node& node, const std::string& key) {
  if (!node.value().is_object()) node.refuse("must be an object");
  if (!node.has(key)) node.refuse(fmt::format("must hold \"{}\"", key));
  const json& id = node.at(key).value();
  if (id.is_structured() || id.is_null()) node.at(key).refuse("must be a number or a text");
  return id.dump();
}

void read_coco(const Node& root, RegionFile& file) {
  if (!root.has("annotations")) root.refuse(R"(must be a list of regions, or COCO with "images" and "annotations")");
  std::map<std::string, std::size_t> ids;
  if (root.has("images")) {
    const Node images = root.list("images");
    for (std::size_t i = 0; i < images.size(); ++i) {
      const Node image = images.at(i);
      if (!ids.try_emplace(id_of(image, "id"), i).second) image.refuse("must have an id of its own");
      if (!image.has("file_name")) image.refuse(R"(must hold "file_name")");
      file.names.emplace(fs::path(image.at("file_name").text()).filename().string(), i);
      file.images.push_back({.file_name = image.at("file_name").text(),
                             .width = size_of(image, "width"),
                             .height = size_of(image, "height"),
                             .regions = {}});
    }
  }
  const Node annotations = root.list("annotations");
  for (std::size_t i = 0; i < annotations.size(); ++i) {
    const Node node = annotations.at(i);
    if (!node.value().is_object()) node.refuse(R"(must be an object with "bbox" or "segmentation")");
    if (!root.has("images")) {
      read_annotation(node, file.regions);
      continue;
    }
    const auto found = ids.find(id_of(node, "image_id"));
    if (found == ids.end()) node.at("image_id").refuse("must be the id of one of the images");
    read_annotation(node, file.images[found->second].regions);
  }
}

// Where a text ends to be JSON that a program can take.
struct Stumble : nlohmann::json_sax<json> {
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool key(string_t&) override { return true; }
  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    at = position;
    return false;
  }
  std::size_t at = 1;  // the first byte is 1
};

[[noreturn]] void refuse_json(const std::string& text, const RegionFile& file) {
  Stumble stumble;
  json::sax_parse(text, &stumble);
  const std::string_view before = std::string_view(text).substr(0, stumble.at == 0 ? 0 : stumble.at - 1);
  throw IoError(fmt::format(
      "{}: line {}, column {}: here it is no JSON, or a number too large; a list of boxes would do ([[10, 20, 300, "
      "200]]).",
      file.name, 1 + std::count(before.begin(), before.end(), '\n'), before.size() - (before.rfind('\n') + 1) + 1));
}

void read_json(const std::string& text, RegionFile& file) {
  json root;
  try {
    root = json::parse(text);
  } catch (const json::exception&) {
    refuse_json(text, file);
  }
  const Node node(file.name, root);
  if (root.is_object()) return read_coco(node, file);
  if (!root.is_array()) node.refuse(R"(must be a list of regions, or COCO with "images" and "annotations")");
  for (std::size_t i = 0; i < node.size(); ++i) {
    if (i >= max_regions) refuse_count(file.name, node.at(i).place());
    file.regions.push_back(entry_of(node.at(i)));
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
  const std::string whole = fmt::format("{}", fmt::join(cells, ","));
  const std::string shown = whole.size() > 40 ? whole.substr(0, 37) + "..." : whole;
  if (columns.empty() ? cells.size() != 4 && cells.size() != 5 : cells.size() != columns.size())
    refuse(shown, columns.empty() ? "must be x,y,w,h or x,y,w,h,sigma" : "must have as many numbers as the header");
  RegionArgument region;
  region.text = fmt::format("line {} of {}", line, file.name);
  region.numbers.resize(4);
  try {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t which = columns.empty() ? i : columns[i];
      const Length value = read_length(cells[i]);
      if (which < 4) region.numbers[which] = value;
      else if (!value.percent) region.sigma = {value.value};
      else refuse(shown, "must have a sigma in pixels");
    }
    check_box(region);
    if (!region.sigma.empty()) check_sigma(region.sigma);
  } catch (const RegionRule& rule) {
    const std::string sentence = rule.what();
    refuse(shown, sentence.substr(0, sentence.find(" (--region")));
  }
  file.regions.push_back(std::move(region));
}

void read_csv(const std::string& text, RegionFile& file) {
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

RegionFile read_region_file(const std::string& name) {
  RegionFile file{.name = name, .regions = {}, .images = {}, .names = {}};
  std::error_code error;
  if (!fs::exists(name, error)) throw IoError(fmt::format("{}: there is no such file of regions.", name));
  const std::string text = read_text(name);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos)
    throw IoError(fmt::format("{}: is empty, must be JSON ([[10, 20, 300, 200]]) or CSV (10,20,300,200).", name));
  if (text[first] == '[' || text[first] == '{') {
    read_json(text, file);
  } else {
    read_csv(text, file);
  }
  return file;
}

const std::vector<RegionArgument>& regions_for(const RegionFile& file, const std::string& picture, std::int64_t width,
                                               std::int64_t height) {
  if (file.images.empty()) return file.regions;
  const RegionImage* found = file.images.size() == 1 ? &file.images.front() : nullptr;
  if (found == nullptr) {
    std::vector<const RegionImage*> fits, namesakes;
    const auto [first, last] = file.names.equal_range(fs::path(picture).filename().string());
    for (auto at = first; at != last; ++at) {
      const RegionImage& image = file.images[at->second];
      namesakes.push_back(&image);
      if (ends_path(picture, image.file_name) || ends_path(image.file_name, picture)) fits.push_back(&image);
    }
    if (fits.empty()) fits = namesakes;
    if (fits.size() != 1)
      throw InvalidArgument(fmt::format("--regions: {} of the {} images in {} {} this file_name, must be one.",
                                        fits.empty() ? "none" : std::to_string(fits.size()), file.images.size(),
                                        file.name, fits.empty() ? "has" : "have"));
    found = fits.front();
  }
  if ((found->width != 0 && found->width != width) || (found->height != 0 && found->height != height))
    throw InvalidArgument(fmt::format("--regions: {} in {} is {} x {} pixels, must be {} x {} as the picture is.",
                                      found->file_name, file.name, found->width, found->height, width, height));
  return found->regions;
}

}  // namespace gaussfilt::cli
