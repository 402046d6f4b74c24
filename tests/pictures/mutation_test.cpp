// Floor 4: files of strangers. Two thousand damaged ones over all formats, the same at every run: each is a picture or
// one sentence that names the file, soon, and nothing is left over.
#include "picture_files.h"
#include "picture_samples.h"

#include <gaussfilt/pictures.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace gaussfilt {
namespace {

using namespace picture_files;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int mutants_of_each = 170;  // of the 12 kinds below: 2040
constexpr std::int64_t most_pixels = 4'000'000;
constexpr std::chrono::seconds soon{10};  // one file; in truth milliseconds, but machines are busy and sanitizers slow

using Random = std::mt19937;  // the same numbers everywhere, unlike the standard's distributions

std::size_t below(Random& random, std::size_t limit) { return limit == 0 ? 0 : random() % limit; }

std::string encoded(const Picture& picture, const char* extension, const SaveOptions& options = {}) {
  const std::vector<std::byte> bytes = picture.encode(extension, options);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Picture animation() {
  Array pixels(DType::u8, {4, 20, 26, 4});
  std::uint32_t state = 7;
  for (std::uint8_t& item : pixels.items<std::uint8_t>()) {
    state = state * 1664525u + 1013904223u;
    item = static_cast<std::uint8_t>(state >> 24);
  }
  return Picture(std::move(pixels), Colour::rgb);
}

Picture floats() {
  Array pixels(DType::f32, {20, 26, 3});
  float value = 0;
  for (float& item : pixels.items<float>()) item = value += 0.01F;
  return Picture(std::move(pixels), Colour::rgb);
}

// A whole file of each kind. Each is small, so that damage hits what matters.
struct Kind {
  const char* name;
  const char* extension;
  std::string (*make)();
};

Picture rgb_picture() { return picture_of(noise(26, 20, 3, 8), Colour::rgb); }

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"Png", "png", [] { return png(noise(26, 20, 4, 16), {.colour = rgba, .depth = 16}); }},
      {"PngPalette", "png",
       [] {
         const std::string colours(48, '\x55');
         return png(
             noise(26, 20, 1, 4),
             {.colour = palette, .depth = 4, .interlaced = true, .chunks = {{"PLTE", colours}, {"tRNS", "\1\2"}}});
       }},
      {"Jpeg", "jpg",
       [] {
         return jpeg(noise(26, 20, 3, 8),
                     {.segments = {{1, exif(6, "a thumbnail", "a note")}, {13, photoshop("a caption", "small")}}});
       }},
      {"JpegProgressive", "jpg", [] { return jpeg(noise(26, 20, 4, 8), {.progressive = true}); }},
      {"Webp", "webp", [] { return encoded(rgb_picture(), "webp"); }},
      {"WebpAnimated", "webp", [] { return encoded(animation(), "webp", {.compression = "lossless"}); }},
      {"Tiff", "tif", [] { return encoded(rgb_picture(), "tif", {.compression = "lzw"}); }},
      {"TiffFloat", "tif", [] { return encoded(floats(), "tif", {.compression = "none"}); }},
      {"TiffPages", "tif", [] { return encoded(animation(), "tif"); }},
      {"GifAnimated", "gif", [] { return encoded(animation(), "gif"); }},
      {"Avif", "avif", [] { return encoded(rgb_picture(), "avif"); }},
      {"Svg", "svg",
       [] {
         return std::string(
             R"svg(<svg xmlns="http://www.w3.org/2000/svg" width="26" height="20" viewBox="0 0 52 40">)svg"
             R"svg(<defs><linearGradient id="g"><stop offset="0" stop-color="red"/><stop offset="1"/></linearGradient>)svg"
             R"svg(<filter id="f"><feGaussianBlur stdDeviation="2"/></filter></defs><g filter="url(#f)">)svg"
             R"svg(<path d="M 3 4 C 9 9 20 1 30 30 Z" fill="url(#g)" stroke-width="2" transform="rotate(20) scale(1.5)"/>)svg"
             R"svg(<text x="4" y="9" font-size="7">words</text></g></svg>)svg");
       }},
  };
  return all;
}

// ---- damage ----

std::string flipped(std::string bytes, Random& random) {
  // Half of them where headers stand.
  const std::size_t reach = random() % 2 == 0 ? std::min<std::size_t>(bytes.size(), 200) : bytes.size();
  for (std::size_t count = 1 + below(random, 12); count > 0; --count)
    bytes[below(random, reach)] ^= static_cast<char>(1 << below(random, 8));
  return bytes;
}

std::string truncated(const std::string& bytes, Random& random) { return bytes.substr(0, below(random, bytes.size())); }

std::string with_other_header(const std::string& bytes, const std::string& other, Random& random) {
  const std::size_t size = std::min({1 + below(random, 96), bytes.size(), other.size()});
  return other.substr(0, size) + bytes.substr(size);
}

std::string spliced(const std::string& bytes, const std::string& other, Random& random) {
  return bytes.substr(0, below(random, bytes.size())) + other.substr(below(random, other.size()));
}

// A field of 1, 2 or 4 bytes becomes one of the numbers on which readers stumble.
std::string extreme(std::string bytes, Random& random) {
  constexpr std::array<std::uint32_t, 6> numbers = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x00010000};
  const std::size_t reach = random() % 2 == 0 ? std::min<std::size_t>(bytes.size(), 200) : bytes.size();
  const std::size_t at = below(random, reach);
  const std::size_t width = std::size_t{1} << below(random, 3);
  const std::uint32_t number = numbers[below(random, numbers.size())];
  for (std::size_t i = at; i < std::min(at + width, bytes.size()); ++i)
    bytes[i] = static_cast<char>(number >> (8 * (i - at)) & 0xff);
  return bytes;
}

std::string doubled_or_cut_out(std::string bytes, Random& random) {
  const std::size_t at = below(random, bytes.size());
  const std::string part = bytes.substr(at, 1 + below(random, 64));
  return random() % 2 == 0 ? bytes.insert(at, part) : bytes.erase(at, part.size());
}

// A PNG whose checksums hold again, so that the damage comes past them.
std::string with_checksums(const std::string& bytes) {
  constexpr std::size_t signature = 8;
  std::string repaired = bytes.substr(0, signature);
  std::size_t at = signature;
  while (at + 12 <= bytes.size()) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(bytes[at + i]);
    if (size > bytes.size() - at - 12) break;
    repaired += png_chunk(bytes.substr(at + 4, 4), bytes.substr(at + 8, size));
    at += 12 + size;
  }
  return repaired + bytes.substr(std::min(at, bytes.size()));
}

std::string damaged(std::size_t index, int number) {
  static std::vector<std::string> originals;
  if (originals.empty())
    for (const Kind& each : kinds()) originals.push_back(each.make());
  Random random(static_cast<std::uint32_t>(number) * 1000 + static_cast<std::uint32_t>(index));
  const std::string& bytes = originals[index];
  const std::string& other = originals[below(random, originals.size())];
  switch (number % 6) {
    case 0: return flipped(bytes, random);
    case 1: return truncated(bytes, random);
    case 2: return with_other_header(bytes, other, random);
    case 3: return spliced(bytes, number % 4 == 3 ? bytes : other, random);
    case 4: return extreme(bytes, random);
    default: return doubled_or_cut_out(bytes, random);
  }
}

std::string mutant(std::size_t index, int number) {
  const std::string bytes = damaged(index, number);
  return bytes.starts_with("\x89PNG") && number % 4 < 3 ? with_checksums(bytes) : bytes;
}

// ---- what may become of it ----

// The picture; nothing where it was refused as it should be.
std::optional<Picture> read(const fs::path& file, bool from_memory, const LoadOptions& options) {
  try {
    if (!from_memory) return Picture::load(file, options);
    const std::string bytes = read_bytes(file);
    return Picture::decode(std::as_bytes(std::span(bytes)), options, file.string());
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), HasSubstr(file.string()));
    EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
  }
  return {};
}

void blur_and_save(Picture picture, const std::string& extension) {
  EXPECT_LE(picture.width() * picture.height() * picture.pages(), most_pixels);
  blur(picture, {.sigma = 1.5});
  const Folder folder;
  try {
    picture.save(folder / ("out." + extension));
    EXPECT_THAT(folder.names(), ElementsAre("out." + extension));
  } catch (const Error& error) {  // a format need not hold what a damaged file claims to be
    EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
    EXPECT_THAT(folder.names(), IsEmpty());
  }
}

class EveryKind : public testing::TestWithParam<std::size_t> {};

TEST_P(EveryKind, DamagedIsAPictureOrASentence) {
  const Kind& kind = kinds()[GetParam()];
  const Folder folder;
  int refused = 0;
  int salvaged = 0;
  for (int number = 0; number < mutants_of_each; ++number) {
    SCOPED_TRACE(testing::Message() << kind.name << " " << number);
    const fs::path file = folder / "in";
    write_bytes(file, mutant(GetParam(), number));
    const auto start = std::chrono::steady_clock::now();
    std::optional<Picture> picture = read(file, number % 2 == 1, {.max_pixels = most_pixels});
    std::optional<Picture> saved = read(file, number % 2 == 0, {.max_pixels = most_pixels, .salvage = true});
    if (!picture) ++refused;
    if (!picture && saved) ++salvaged;
    EXPECT_TRUE(saved || !picture) << "salvage refuses what is whole";
    const bool own = number % 3 == 0 && std::string(kind.extension) != "svg";
    if (picture || saved) blur_and_save(std::move(picture ? *picture : *saved), own ? kind.extension : "tif");
    EXPECT_LT(std::chrono::steady_clock::now() - start, soon);
    EXPECT_THAT(folder.names(), ElementsAre("in"));
    if (HasFailure()) {
      write_bytes(fs::temp_directory_path() / ("gaussfilt-mutant-" + std::string(kind.name) + std::to_string(number)),
                  read_bytes(file));
      break;
    }
  }
  // The damage is neither harmless nor hopeless.
  EXPECT_GT(refused, mutants_of_each / 10);
  EXPECT_LT(refused - salvaged, mutants_of_each);
  RecordProperty("refused", refused);
  RecordProperty("salvaged", salvaged);
}

TEST_P(EveryKind, WholeIsAPicture) {
  const std::string bytes = kinds()[GetParam()].make();
  const Picture picture = Picture::decode(std::as_bytes(std::span(bytes)));
  EXPECT_EQ(picture.width() * picture.height(), 26 * 20);
}

INSTANTIATE_TEST_SUITE_P(Mutation, EveryKind, testing::Range<std::size_t>(0, kinds().size()),
                         [](const auto& one) { return std::string(kinds()[one.param].name); });

}  // namespace
}  // namespace gaussfilt
