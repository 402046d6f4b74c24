// Floor 4: every format that is written comes back as what was put in, and what it cannot hold is said.
#include "picture_files.h"
#include "picture_samples.h"

#include <gaussfilt/pictures.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

namespace gaussfilt {
namespace {

using namespace picture_files;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

template <class E> std::string encode_error(const Picture& picture, const char* extension, const SaveOptions& options) {
  try {
    picture.encode(extension, options);
  } catch (const E& error) {
    return error.what();
  }
  return "(it was encoded)";
}

Picture back(const Picture& picture, const char* extension, const SaveOptions& options = {},
             std::vector<std::string>* notes = nullptr) {
  return Picture::decode(picture.encode(extension, options, notes));
}

template <class T> Array ramp(std::int64_t height, std::int64_t width, std::int64_t bands, double step) {
  Array array(DTypeOf<T>::value, {height, width, bands});
  double value = 0;
  for (T& item : array.items<T>()) {
    value += step;
    if constexpr (std::is_integral_v<T>) item = static_cast<T>(static_cast<std::int64_t>(value));  // wraps
    else item = static_cast<T>(value);
  }
  return array;
}

bool same(const View& a, const View& b) {
  const auto bytes = [](const View& view) {
    std::size_t size = size_of(view.dtype());
    for (int axis = 0; axis < view.rank(); ++axis) size *= static_cast<std::size_t>(view.shape()[axis]);
    const auto* data = static_cast<const std::byte*>(view.data());
    return std::vector(data, data + size);
  };
  return a.dtype() == b.dtype() && bytes(a) == bytes(b);
}

TEST(Formats, TiffKeepsEveryKindOfSample) {
  std::vector<Array> arrays;
  arrays.push_back(ramp<std::uint8_t>(9, 7, 1, 3));
  arrays.push_back(ramp<std::int8_t>(9, 7, 1, 1));
  arrays.push_back(ramp<std::uint16_t>(9, 7, 3, 300));
  arrays.push_back(ramp<std::int16_t>(9, 7, 1, -500));
  arrays.push_back(ramp<std::uint32_t>(9, 7, 1, 6e7));
  arrays.push_back(ramp<std::int32_t>(9, 7, 1, -3e7));
  arrays.push_back(ramp<float>(9, 7, 3, 0.37));
  for (Array& array : arrays) {
    const Colour colour = array.shape()[2] == 3 ? Colour::rgb : Colour::grey;
    const Picture picture(std::move(array), colour);
    for (const char* compression : {"none", "lzw", "deflate", "zstd", "packbits"}) {
      std::vector<std::string> notes;
      const Picture found = back(picture, "tif", {.compression = compression}, &notes);
      EXPECT_TRUE(same(found.pixels(), picture.pixels())) << picture.describe() << ' ' << compression;
      EXPECT_EQ(found.colour(), colour);
      EXPECT_EQ(found.extension(), "tif");
      EXPECT_THAT(notes, IsEmpty());
    }
  }
}

TEST(Formats, TiffKeepsCmykLabAndBandsWithoutAColour) {
  const Picture cmyk(ramp<std::uint16_t>(5, 6, 4, 500), Colour::cmyk);
  EXPECT_EQ(back(cmyk, "tif").describe(), cmyk.describe());
  EXPECT_TRUE(same(back(cmyk, "tif").pixels(), cmyk.pixels()));
  const Picture bands(ramp<std::uint8_t>(5, 6, 7, 1), Colour::bands);
  const Picture found = back(bands, "tif");
  EXPECT_TRUE(same(found.pixels(), bands.pixels()));
  EXPECT_EQ(found.colour(), Colour::bands);
  EXPECT_FALSE(found.has_alpha());
  const Picture lab(ramp<float>(5, 6, 3, 0.9), Colour::lab);
  EXPECT_TRUE(same(back(lab, "tif").pixels(), lab.pixels()));
  EXPECT_EQ(back(lab, "tif").colour(), Colour::lab);
}

TEST(Formats, LabKeepsTheDepthOfItsFile) {
  const Picture lab(ramp<float>(5, 60, 3, 0.09), Colour::lab);
  const Picture wide = back(lab, "tif", {.depth = 16});
  EXPECT_EQ(wide.dtype(), DType::i16);
  EXPECT_EQ(back(wide, "tif").dtype(), DType::i16);
  EXPECT_TRUE(same(back(wide, "tif").pixels(), wide.pixels()));
  const Picture narrow = back(lab, "tif", {.depth = 8});
  EXPECT_EQ(narrow.dtype(), DType::f32);  // filtered in floats
  EXPECT_LT(narrow.encode("tif", {.compression = "none"}).size() + 200,
            lab.encode("tif", {.compression = "none"}).size());
}

TEST(Formats, LosslessCompressionsAreLossless) {
  allow_loader("jxl");
  allow_loader("jp2k");
  for (const char* extension : {"webp", "jxl", "jp2"}) {
    const Picture picture = picture_of(noise(33, 21, 3, 8), Colour::rgb);
    const Picture found = back(picture, extension, {.compression = "lossless"});
    EXPECT_EQ(samples_of(found), samples_of(picture)) << extension;
  }
  for (const char* extension : {"jxl", "jp2"}) {
    const Picture picture = picture_of(noise(33, 21, 1, 16), Colour::grey);
    EXPECT_EQ(samples_of(back(picture, extension, {.compression = "lossless"})), samples_of(picture)) << extension;
  }
}

TEST(Formats, QualityAndCompressionChangeTheBytes) {
  const Picture picture = picture_of(noise(65, 65, 3, 8), Colour::rgb);
  for (const char* extension : {"jpg", "webp", "avif"})
    EXPECT_LT(picture.encode(extension, {.quality = 20}).size(), picture.encode(extension, {.quality = 95}).size())
        << extension;
  const Picture flat(ramp<std::uint8_t>(64, 64, 1, 1), Colour::grey);
  EXPECT_LT(flat.encode("png", {.compression = "9"}).size(), flat.encode("png", {.compression = "0"}).size());
}

TEST(Formats, SayWhatTheyCannotHold) {
  struct Case {
    const char* extension;
    Colour colour;
    int bands, bits;
    std::vector<std::string> says;
  };
  const std::vector<Case> cases = {
      {"jpg",
       Colour::rgb,
       4,
       16,
       {"JPEG has no alpha: flattened onto white", "JPEG has 8 bits a sample: reduced from 16"}},
      {"webp", Colour::grey, 1, 16, {"WebP has 8 bits a sample: reduced from 16", "WebP has no grey: written as RGB"}},
      {"webp", Colour::cmyk, 4, 8, {"WebP has no CMYK: converted to sRGB"}},
      {"avif", Colour::rgb, 3, 16, {"AVIF has 12 bits a sample: reduced from 16"}},
      {"gif", Colour::rgb, 3, 8, {"GIF has 256 colours a frame: reduced to them"}},
      {"tif", Colour::rgb, 4, 16, {}},
      {"png", Colour::rgb, 4, 16, {}}};
  for (const Case& wanted : cases) {
    std::vector<std::string> notes;
    const Picture picture = picture_of(noise(9, 8, wanted.bands, wanted.bits), wanted.colour);
    EXPECT_EQ(back(picture, wanted.extension, {}, &notes).width(), 9);
    EXPECT_EQ(notes, wanted.says) << wanted.extension;
  }
}

TEST(Formats, RefuseWhatWouldLoseThePicture) {
  const Picture floats(ramp<float>(4, 4, 1, 0.1), Colour::grey);
  EXPECT_THAT(encode_error<InvalidArgument>(floats, "png", {}), HasSubstr("PNG has no float samples; write .tif"));
  const Picture bands(ramp<std::uint8_t>(4, 4, 6, 1), Colour::bands);
  EXPECT_THAT(encode_error<InvalidArgument>(bands, "png", {}), HasSubstr("6 bands without a colour"));
  const Picture pages(Array(DType::u8, {3, 4, 5, 1}), Colour::grey);
  EXPECT_THAT(encode_error<InvalidArgument>(pages, "png", {}), HasSubstr("PNG holds one picture, and this one has 3"));
  const Picture wide(Array(DType::u8, {1, 16384, 3}), Colour::rgb);
  EXPECT_THAT(encode_error<IoError>(wide, "webp", {}), HasSubstr("WebP holds at most 16383 pixels a side"));
  EXPECT_THROW(check_writable(floats, "png"), InvalidArgument);
  EXPECT_NO_THROW(check_writable(floats, "png", {.depth = 8}));
}

TEST(Formats, RefuseOptionsThatMeanNothing) {
  const Picture picture = picture_of(noise(4, 4, 3, 8), Colour::rgb);
  const auto error = [&](const char* extension, const SaveOptions& options) {
    return encode_error<InvalidArgument>(picture, extension, options);
  };
  EXPECT_EQ(error("jpg", {.quality = 0}), "quality: is 0, must be 1 to 100.");
  EXPECT_EQ(error("png", {.quality = 90}), "quality: is 90, but PNG has no such choice; leave it out.");
  EXPECT_EQ(error("png", {.compression = "10"}), "compression: is '10', must be 0 to 9 for PNG.");
  EXPECT_EQ(error("webp", {.compression = "zip"}), "compression: is 'zip', must be lossless or lossy for WebP.");
  EXPECT_EQ(error("jpg", {.compression = "lossless"}), "compression: is 'lossless', must be left out for JPEG.");
  EXPECT_EQ(error("png", {.depth = 12}), "depth: is 12, must be 8, 16 or 32 (float).");
  EXPECT_EQ(error("png", {.depth = 32}), "depth: is 32, but PNG holds at most 16 bits a sample.");
  EXPECT_THAT(error("bmp", {}), HasSubstr("its extension is 'bmp', must be one of png, jpg"));
}

TEST(Formats, DepthsAreConvertedFullRangeToFullRange) {
  Array levels(DType::u8, {1, 256, 1});
  for (int i = 0; i < 256; ++i)
    levels.items<std::uint8_t>()[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(i);
  const Picture picture(std::move(levels), Colour::grey);
  const Picture wide = back(picture, "png", {.depth = 16});
  ASSERT_EQ(wide.dtype(), DType::u16);
  for (int i = 0; i < 256; ++i) EXPECT_EQ(static_cast<const std::uint16_t*>(wide.pixels().data())[i], i * 257);
  EXPECT_EQ(samples_of(back(wide, "png", {.depth = 8})), samples_of(picture));
  const Picture floats = back(picture, "tif", {.depth = 32});
  ASSERT_EQ(floats.dtype(), DType::f32);
  for (int i = 0; i < 256; ++i)  // grey: straight
    EXPECT_FLOAT_EQ(static_cast<const float*>(floats.pixels().data())[i], static_cast<float>(i) / 255);
  EXPECT_EQ(samples_of(back(floats, "png", {.depth = 8})), samples_of(picture));
}

TEST(Formats, DoublesAreReducedToFloats) {
  Array values(DType::f64, {1, 2, 1});
  values.items<double>()[0] = 0.1;
  values.items<double>()[1] = -1e20;
  std::vector<std::string> notes;
  const Picture found = back(Picture(std::move(values), Colour::grey), "tif", {}, &notes);
  ASSERT_EQ(found.dtype(), DType::f32);
  EXPECT_EQ(static_cast<const float*>(found.pixels().data())[0], 0.1F);
  EXPECT_EQ(static_cast<const float*>(found.pixels().data())[1], -1e20F);
  EXPECT_THAT(notes, ElementsAre("TIFF has 32 bits a sample: reduced from 64"));
}

TEST(Formats, FloatColoursAreLight) {
  Array levels(DType::u8, {1, 256, 3});
  for (std::size_t i = 0; i < 768; ++i) levels.items<std::uint8_t>()[i] = static_cast<std::uint8_t>(i / 3);
  const Picture picture(std::move(levels), Colour::rgb);
  const Picture light = back(picture, "tif", {.depth = 32});
  for (std::size_t i = 0; i < 256; ++i) {
    const double encoded = static_cast<double>(i) / 255;
    const double wanted = encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
    EXPECT_NEAR(static_cast<const float*>(light.pixels().data())[3 * i], wanted, 1e-7) << i;
  }
  EXPECT_EQ(samples_of(back(light, "png", {.depth = 8})), samples_of(picture));
}

TEST(Formats, BeyondTheRangeOfFloatsThereIsTheNearestLevel) {
  Array values(DType::f32, {1, 4, 1});
  const float all[] = {-1.0F, 2.0F, std::nanf(""), 0.5F};
  std::copy(std::begin(all), std::end(all), values.items<float>().begin());
  const Picture found = back(Picture(std::move(values), Colour::grey), "png", {.depth = 8});
  EXPECT_THAT(samples_of(found).values, ElementsAre(0, 255, 0, 128));
}

TEST(Formats, PagesComeBack) {
  Array pixels(DType::u8, {3, 8, 6, 3});
  auto items = pixels.items<std::uint8_t>();
  for (std::size_t i = 0; i < items.size(); ++i) items[i] = static_cast<std::uint8_t>(i * 7);
  const Picture picture(std::move(pixels), Colour::rgb);
  for (const char* extension : {"tif", "webp"}) {
    const SaveOptions options{.compression = std::string(extension) == "webp" ? "lossless" : "none"};
    const auto bytes = picture.encode(extension, options);
    const Picture all = Picture::decode(bytes);
    EXPECT_EQ(all.pages(), 3) << extension;
    EXPECT_EQ(all.height(), 8);
    EXPECT_TRUE(same(all.pixels(), picture.pixels())) << extension;
    const Picture second = Picture::decode(bytes, {.page = 2});
    EXPECT_EQ(second.pages(), 1);
    EXPECT_TRUE(same(second.pixels(), picture.page(1))) << extension;
    EXPECT_THROW(Picture::decode(bytes, {.page = 4}), IoError);
    EXPECT_THROW(Picture::decode(bytes, {.max_pages = 2}), IoError);
    EXPECT_THROW(Picture::decode(bytes, {.max_pixels = 3 * 8 * 6 - 1}), IoError);
  }
}

TEST(Formats, LoadersOfStrangersFilesAreAllowedByName) {
  EXPECT_THAT(loaders_to_allow(), AllOf(Contains("pdf"), Contains("openexr"), Contains("fits")));
  EXPECT_THROW(allow_loader("png"), InvalidArgument);
  const std::string ppm = "P5\n2 2\n255\nabcd";
  const auto bytes = std::as_bytes(std::span(ppm));
  EXPECT_THROW(Picture::decode(bytes), IoError);
  allow_loader("ppm");
  EXPECT_THAT(samples_of(Picture::decode(bytes)).values, ElementsAre('a', 'b', 'c', 'd'));
}

TEST(Formats, DrawingsTakeTheAskedSize) {
  const std::string svg =
      "<svg xmlns='http://www.w3.org/2000/svg' width='30' height='10'><rect width='15' height='10' fill='red'/></svg>";
  const auto bytes = std::as_bytes(std::span(svg));
  const auto size = [&](const LoadOptions& options) {
    const Picture picture = Picture::decode(bytes, options);
    return std::pair(picture.width(), picture.height());
  };
  EXPECT_EQ(size({}), std::pair(std::int64_t{30}, std::int64_t{10}));
  EXPECT_EQ(size({.dpi = 144}), std::pair(std::int64_t{60}, std::int64_t{20}));
  EXPECT_EQ(size({.scale = 0.5}), std::pair(std::int64_t{15}, std::int64_t{5}));
  EXPECT_EQ(size({.width = 90}), std::pair(std::int64_t{90}, std::int64_t{30}));
  EXPECT_EQ(size({.width = 90, .height = 20}), std::pair(std::int64_t{60}, std::int64_t{20}));
  EXPECT_THROW(Picture::decode(bytes, {.dpi = 72, .scale = 2}), InvalidArgument);
  EXPECT_THROW(Picture::decode(bytes, {.scale = -1}), InvalidArgument);
  EXPECT_THROW(Picture::decode(bytes, {.scale = 1e6}), IoError);
  const Picture picture = Picture::decode(bytes);
  const auto* pixels = static_cast<const std::uint8_t*>(picture.pixels().data());
  EXPECT_THAT(std::vector(pixels, pixels + 4), ElementsAre(255, 0, 0, 255));
  EXPECT_EQ(pixels[4 * 29 + 3], 0);  // transparent stays transparent
}

// Little endian, one strip, as the smallest TIFF has it.
std::string bilevel_tiff() {
  const auto little = [](std::uint32_t value, int bytes) {
    std::string text;
    for (; bytes > 0; --bytes, value >>= 8) text += static_cast<char>(value & 0xff);
    return text;
  };
  const auto entry = [&](std::uint32_t tag, std::uint32_t value) {
    return little(tag, 2) + little(3, 2) + little(1, 4) + little(value, 4);
  };
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> tags = {{256, 8}, {257, 1}, {258, 1}, {259, 1}, {262, 1},
                                                                     {273, 8}, {277, 1}, {278, 1}, {279, 1}};
  std::string file = std::string("II\x2a\0", 4) + little(10, 4) + std::string("\xa5\0", 2);
  file += little(static_cast<std::uint32_t>(tags.size()), 2);
  for (const auto& [tag, value] : tags) file += entry(tag, value);
  return file + little(0, 4);
}

TEST(Formats, ATiffOfOneBitSaysThatItWasPromoted) {
  const std::string file = bilevel_tiff();
  const Picture picture = Picture::decode(std::as_bytes(std::span(file)));
  EXPECT_THAT(samples_of(picture).values, ElementsAre(255, 0, 255, 0, 0, 255, 0, 255));
  EXPECT_THAT(picture.notes(), ElementsAre("1 bit a sample is read as 8"));
}

TEST(Formats, APictureIsToldByItsContent) {
  const Folder folder;
  write_bytes(folder / "a.txt", png(noise(4, 4, 1, 8), {.colour = grey}));
  write_bytes(folder / "b.png", "some words");
  write_bytes(folder / "c.png", "");
  write_bytes(folder / "d.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='3' height='3'/>");
  EXPECT_TRUE(is_picture(folder / "a.txt"));
  EXPECT_FALSE(is_picture(folder / "b.png"));
  EXPECT_FALSE(is_picture(folder / "c.png"));
  EXPECT_TRUE(is_picture(folder / "d.svg"));
  EXPECT_FALSE(is_picture(folder.path()));
  EXPECT_FALSE(is_picture(folder / "none"));
}

}  // namespace
}  // namespace gaussfilt
