// Floor 4: reading. Every kind of PNG and JPEG gives the levels that were put in, as displayed; everything else a
// sentence.
#include "picture_files.h"
#include "picture_samples.h"

#include <gaussfilt/pictures.h>

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <ostream>

namespace gaussfilt {
namespace {

using namespace picture_files;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string load_error(const fs::path& file, const LoadOptions& options = {}) {
  try {
    Picture::load(file, options);
  } catch (const IoError& error) {
    return error.what();
  }
  return "(it loaded)";
}

// ---- PNG ----

struct PngKind {
  PngColour colour;
  int depth;
  bool interlaced;
  bool transparent;  // a tRNS chunk
  friend void PrintTo(const PngKind& kind, std::ostream* out) {
    *out << "colour type " << kind.colour << ", " << kind.depth << " bits" << (kind.interlaced ? ", interlaced" : "")
         << (kind.transparent ? ", tRNS" : "");
  }
};

std::vector<PngKind> all_png_kinds() {
  std::vector<PngKind> kinds;
  for (const bool interlaced : {false, true})
    for (const bool transparent : {false, true}) {
      for (const int depth : {1, 2, 4, 8, 16}) kinds.push_back({grey, depth, interlaced, transparent});
      for (const int depth : {8, 16}) kinds.push_back({rgb, depth, interlaced, transparent});
      for (const int depth : {1, 2, 4, 8}) kinds.push_back({palette, depth, interlaced, transparent});
      if (transparent) continue;
      for (const int depth : {8, 16}) kinds.push_back({grey_alpha, depth, interlaced, false});
      for (const int depth : {8, 16}) kinds.push_back({rgba, depth, interlaced, false});
    }
  return kinds;
}

class EveryPng : public testing::TestWithParam<PngKind> {};

std::uint16_t palette_level(int index, int band) {
  return static_cast<std::uint16_t>((index * 37 + band * 91 + 5) % 256);
}
std::uint16_t palette_alpha(int index) { return static_cast<std::uint16_t>(index * 3 % 256); }

// What the file means, in 8 or 16 bits.
Samples meaning(const Samples& stored, const PngKind& kind) {
  const int bits = kind.depth == 16 ? 16 : 8;
  const int colours = kind.colour == palette ? 3 : stored.bands;
  Samples meant{stored.width, stored.height, colours + (kind.transparent ? 1 : 0), bits, {}};
  const int full = (1 << kind.depth) - 1;
  for (int y = 0; y < stored.height; ++y)
    for (int x = 0; x < stored.width; ++x) {
      bool is_key = true;  // tRNS names the colour of the first pixel
      for (int band = 0; band < colours; ++band) {
        const int index = stored.at(x, y, 0);
        const int level = kind.colour == palette ? palette_level(index, band) : stored.at(x, y, band);
        if (kind.colour != palette) is_key = is_key && level == stored.at(0, 0, band);
        meant.values.push_back(
            static_cast<std::uint16_t>(kind.depth < 8 && kind.colour != palette ? level * 255 / full : level));
      }
      if (!kind.transparent) continue;
      const int opaque = bits == 16 ? 65535 : 255;
      meant.values.push_back(kind.colour == palette ? palette_alpha(stored.at(x, y, 0))
                                                    : static_cast<std::uint16_t>(is_key ? 0 : opaque));
    }
  return meant;
}

PngOptions options_for(const PngKind& kind, const Samples& stored) {
  PngOptions options{.colour = kind.colour, .depth = kind.depth, .interlaced = kind.interlaced};
  std::string colours;
  std::string transparency;
  if (kind.colour == palette) {
    for (int index = 0; index < 1 << kind.depth; ++index) {
      for (int band = 0; band < 3; ++band) colours += static_cast<char>(palette_level(index, band));
      transparency += static_cast<char>(palette_alpha(index));
    }
    options.chunks.emplace_back("PLTE", colours);
  } else {
    for (int band = 0; band < stored.bands; ++band) {
      transparency += static_cast<char>(stored.at(0, 0, band) >> 8);
      transparency += static_cast<char>(stored.at(0, 0, band) & 0xff);
    }
  }
  if (kind.transparent) options.chunks.emplace_back("tRNS", transparency);
  return options;
}

TEST_P(EveryPng, HasTheLevelsThatWerePutIn) {
  const PngKind kind = GetParam();
  const Folder folder;
  const int bands = kind.colour == rgb ? 3 : kind.colour == grey_alpha ? 2 : kind.colour == rgba ? 4 : 1;
  const Samples stored = noise(21, 13, bands, kind.depth);
  write_bytes(folder / "in.png", png(stored, options_for(kind, stored)));
  const Picture picture = Picture::load(folder / "in.png");
  EXPECT_EQ(samples_of(picture), meaning(stored, kind));
  EXPECT_EQ(picture.has_alpha(), kind.transparent || kind.colour == grey_alpha || kind.colour == rgba);
  EXPECT_EQ(picture.dtype(), kind.depth == 16 ? DType::u16 : DType::u8);
  EXPECT_EQ(picture.colour(), kind.colour == grey || kind.colour == grey_alpha ? Colour::grey : Colour::rgb);
}

TEST_P(EveryPng, SaysWhenItWasPromoted) {
  const PngKind kind = GetParam();
  const Folder folder;
  const int bands = kind.colour == rgb ? 3 : kind.colour == grey_alpha ? 2 : kind.colour == rgba ? 4 : 1;
  const Samples stored = noise(21, 13, bands, kind.depth);
  write_bytes(folder / "in.png", png(stored, options_for(kind, stored)));
  const Picture picture = Picture::load(folder / "in.png");
  const std::vector<std::string> notes(picture.notes().begin(), picture.notes().end());
  if (kind.colour == palette) {
    EXPECT_THAT(notes,
                ElementsAre(AllOf(HasSubstr("palette"), HasSubstr(kind.transparent ? "8 bit RGBA" : "8 bit RGB"))));
  } else if (kind.depth < 8) {
    EXPECT_THAT(notes, ElementsAre(HasSubstr("read as 8")));
  } else {
    EXPECT_THAT(notes, IsEmpty());
  }
}

INSTANTIATE_TEST_SUITE_P(Load, EveryPng, testing::ValuesIn(all_png_kinds()));

TEST(Load, SaysWhatAPngLosesWithoutAWord) {
  const Folder folder;
  const Samples samples = noise(4, 4, 3, 8);
  const std::string linear("\x00\x01\x86\xa0", 4);
  const std::string frames("\0\0\0\2\0\0\0\0", 8);
  write_bytes(folder / "gamma.png", png(samples, {.colour = rgb, .depth = 8, .chunks = {{"gAMA", linear}}}));
  write_bytes(folder / "frames.png", png(samples, {.colour = rgb, .depth = 8, .chunks = {{"acTL", frames}}}));
  write_bytes(folder / "srgb.png",
              png(samples, {.colour = rgb,
                            .depth = 8,
                            .chunks = {{"sRGB", std::string(1, '\0')}, {"gAMA", std::string("\0\0\xb1\x8f", 4)}}}));
  EXPECT_THAT(Picture::load(folder / "gamma.png").notes(), ElementsAre(HasSubstr("gamma")));
  EXPECT_THAT(Picture::load(folder / "frames.png").notes(), ElementsAre(HasSubstr("first frame")));
  EXPECT_THAT(Picture::load(folder / "srgb.png").notes(), IsEmpty());
}

// ---- JPEG ----

TEST(Load, ReadsJpegOfEveryColourAlsoProgressive) {
  const Folder folder;
  for (const int bands : {1, 3, 4})
    for (const bool progressive : {false, true}) {
      // A ramp: JPEG keeps it almost as it is.
      Samples ramp{48, 40, bands, 8, {}};
      for (int i = 0; i < 48 * 40 * bands; ++i)
        ramp.values.push_back(static_cast<std::uint16_t>(20 + i / bands % 48 * 4 + i % bands * 5));
      write_bytes(folder / "in.jpg", jpeg(ramp, {.progressive = progressive, .quality = 98}));
      const Picture picture = Picture::load(folder / "in.jpg");
      EXPECT_EQ(picture.colour(), bands == 1 ? Colour::grey : bands == 3 ? Colour::rgb : Colour::cmyk);
      EXPECT_FALSE(picture.has_alpha());
      const Samples read = samples_of(picture);
      ASSERT_EQ(read.values.size(), ramp.values.size());
      for (std::size_t i = 0; i < ramp.values.size(); ++i)
        ASSERT_NEAR(read.values[i], ramp.values[i], 4) << bands << " bands, sample " << i;
    }
}

// ---- Orientation ----

TEST(Load, AppliesEveryOrientationAndResetsIt) {
  const Folder folder;
  const Samples samples = noise(40, 24, 3, 8);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const std::string block = exif(orientation, "preview", "maker");
    write_bytes(folder / "in.jpg", jpeg(samples, {.quality = 95, .segments = {{1, block}}}));
    write_bytes(folder / "in.png", png(samples, {.colour = rgb, .depth = 8, .chunks = {{"eXIf", block.substr(6)}}}));
    for (const char* name : {"in.jpg", "in.png"}) {
      const Picture picture = Picture::load(folder / name);
      EXPECT_EQ(samples_of(picture), decode(folder / name, true)) << name << " " << orientation;
      EXPECT_EQ(picture.width(), orientation >= 5 ? 24 : 40) << name << " " << orientation;
      picture.save(folder / "out.png");
      EXPECT_EQ(samples_of(Picture::load(folder / "out.png")), samples_of(picture))
          << "turned twice: " << name << orientation;
      EXPECT_EQ(decode(folder / "out.png", true), decode(folder / "out.png", false)) << name << " " << orientation;
    }
  }
}

TEST(Load, HandPlacedPixelOfOrientationSix) {
  // 6: the stored top left pixel is shown top right. Written out, so that the test above does not lean on libvips
  // alone.
  const Folder folder;
  const Samples samples{2, 1, 1, 8, {10, 200}};
  write_bytes(folder / "in.png",
              png(samples, {.colour = grey, .depth = 8, .chunks = {{"eXIf", exif(6, "", "").substr(6)}}}));
  const Samples shown = samples_of(Picture::load(folder / "in.png"));
  EXPECT_EQ(shown, (Samples{1, 2, 1, 8, {10, 200}}));
  const Samples tall{1, 2, 1, 8, {10, 200}};
  write_bytes(folder / "in.png",
              png(tall, {.colour = grey, .depth = 8, .chunks = {{"eXIf", exif(6, "", "").substr(6)}}}));
  EXPECT_EQ(samples_of(Picture::load(folder / "in.png")), (Samples{2, 1, 1, 8, {200, 10}}));
}

// ---- Names and contents ----

TEST(Load, ContentDecidesNotTheName) {
  const Folder folder;
  const Samples samples = noise(5, 4, 3, 8);
  write_bytes(folder / "really-png.jpg", png(samples, {}));
  write_bytes(folder / "no-extension", png(samples, {}));
  EXPECT_EQ(samples_of(Picture::load(folder / "really-png.jpg")), samples);
  EXPECT_EQ(samples_of(Picture::load(folder / "no-extension")), samples);
}

TEST(Load, NamesAreTakenLiterally) {
  const Folder folder;
  const Samples samples = noise(5, 4, 3, 8);
  for (const char* name :
       {"a[1].png", "a[page=1].png", "with space.png", "Grüße 写真.png", "%s%n.png", "a:b.png", "-x.png"}) {
    write_bytes(folder / name, png(samples, {}));
    const Picture picture = Picture::load(folder / name);
    EXPECT_EQ(samples_of(picture), samples) << name;
    picture.save(folder / (std::string("out ") + name));
    EXPECT_EQ(samples_of(Picture::load(folder / (std::string("out ") + name))), samples) << name;
  }
}

TEST(Load, NamesTheFileThatCannotBeRead) {
  const Folder folder;
  const std::string good_png = png(noise(64, 64, 3, 8), {});
  const std::string good_jpeg = jpeg(noise(64, 64, 3, 8));
  write_bytes(folder / "empty.png", "");
  write_bytes(folder / "text.png",
              "This is no picture, whatever its name says, and it is long enough to have a header.");
  write_bytes(folder / "cut.png", good_png.substr(0, good_png.size() / 2));
  write_bytes(folder / "end.png", good_png.substr(0, good_png.size() - 40));
  write_bytes(folder / "cut.jpg", good_jpeg.substr(0, good_jpeg.size() / 2));
  write_bytes(folder / "head.jpg", good_jpeg.substr(0, 20));
  write_bytes(folder / "signature.png", good_png.substr(0, 8));
  std::string flipped = good_png;
  flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
  write_bytes(folder / "flipped.png", flipped);
  write_bytes(folder / "page.pdf", "%PDF-1.4\n%nothing\n");
  fs::create_directory(folder / "folder.png");
  for (const char* name : {"empty.png", "text.png", "cut.png", "end.png", "cut.jpg", "head.jpg", "signature.png",
                           "flipped.png", "page.pdf", "folder.png", "missing.png"}) {
    const std::string message = load_error(folder / name);
    EXPECT_THAT(message, AllOf(testing::StartsWith((folder / name).string() + ": "), testing::EndsWith("."),
                               Not(HasSubstr("\n"))))
        << name;
  }
  EXPECT_THAT(load_error(folder / "empty.png"), HasSubstr("is empty"));
  EXPECT_THAT(load_error(folder / "folder.png"), HasSubstr("is a folder"));
  EXPECT_THAT(load_error(folder / "missing.png"), HasSubstr("No such file"));
  EXPECT_THAT(load_error(folder / "text.png"), HasSubstr("not that of a picture"));
  EXPECT_THAT(load_error(folder / "page.pdf"), HasSubstr("--allow-loader pdf"));
  EXPECT_THAT(load_error(folder / "cut.png"), HasSubstr("damaged or cut short"));
  EXPECT_THAT(load_error(folder / "cut.jpg"), HasSubstr("damaged or cut short"));
}

TEST(Load, RefusesAnAbsurdHeaderBeforeAnyPixel) {
  const Folder folder;
  const std::string bomb =
      png_header(100000, 100000, 8, rgb) + png_chunk("IDAT", stored(std::string(100, '\0'))) + png_chunk("IEND", "");
  write_bytes(folder / "bomb.png", bomb);
  ASSERT_LT(bomb.size(), 256u);
  EXPECT_THAT(load_error(folder / "bomb.png"),
              HasSubstr("claims 100000 x 100000 pixels, more than the limit of 536870912"));
}

TEST(Load, CallerSetsTheLimit) {
  const Folder folder;
  write_bytes(folder / "in.png", png(noise(8, 8, 1, 8), {.colour = grey}));
  write_bytes(folder / "in.jpg", jpeg(noise(8, 8, 1, 8)));
  for (const char* name : {"in.png", "in.jpg"}) {
    EXPECT_EQ(Picture::load(folder / name, {.max_pixels = 64}).width(), 8);
    EXPECT_THAT(load_error(folder / name, {.max_pixels = 63}),
                HasSubstr("claims 8 x 8 pixels, more than the limit of 63"));
  }
}

// ---- From memory ----

TEST(Picture, DescribesItself) {
  EXPECT_EQ(Picture(Array(DType::u8, {3, 5, 3}), Colour::rgb).describe(), "5 x 3 RGB 8 bit");
  EXPECT_EQ(Picture(Array(DType::u16, {3, 5, 4}), Colour::rgb).describe(), "5 x 3 RGBA 16 bit");
  EXPECT_EQ(Picture(Array(DType::u8, {3, 5, 1}), Colour::grey).describe(), "5 x 3 grey 8 bit");
  EXPECT_EQ(Picture(Array(DType::u8, {3, 5, 2}), Colour::grey).describe(), "5 x 3 grey+alpha 8 bit");
  EXPECT_EQ(Picture(Array(DType::u8, {3, 5, 4}), Colour::cmyk).describe(), "5 x 3 CMYK 8 bit");
  EXPECT_EQ(Picture(Array(DType::f32, {3, 5, 3}), Colour::lab).describe(), "5 x 3 Lab 32 bit float");
  EXPECT_EQ(Picture(Array(DType::i16, {2, 3, 5, 7}), Colour::bands).describe(), "5 x 3 7 bands 16 bit signed, 2 pages");
}

TEST(Picture, RefusesWhatIsNoPicture) {
  EXPECT_THROW(Picture(Array(DType::f16, {3, 5, 3}), Colour::rgb), InvalidArgument);
  EXPECT_THROW(Picture(Array(DType::u8, {3, 5}), Colour::grey), InvalidArgument);
  EXPECT_THROW(Picture(Array(DType::u8, {3, 5, 2}), Colour::rgb), InvalidArgument);
  EXPECT_THROW(Picture(Array(DType::u8, {3, 5, 6}), Colour::cmyk), InvalidArgument);
  EXPECT_THROW(Picture(Array(DType::u8, {0, 5, 3}), Colour::rgb), InvalidArgument);
}

}  // namespace
}  // namespace gaussfilt
