// Floor 4: what travels from the file read to the file written, and what must not.
#include "picture_files.h"

#include <gaussfilt/pictures.h>
#include <gaussfilt/sheets.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gaussfilt {
namespace {

using namespace picture_files;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string sharp = "SHARP-PREVIEW-INSIDE";
const std::string xmp_start =
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>";
const std::string xmp_end = "</rdf:RDF></x:xmpmeta>";

std::string xmp_segment(const std::string& inner) {
  return std::string("http://ns.adobe.com/xap/1.0/\0", 29) + xmp_start + inner + xmp_end;
}
std::string icc_segment(const std::string& profile) { return std::string("ICC_PROFILE\0\1\1", 14) + profile; }

// A JPEG with everything a camera and an editor put in.
std::string rich_jpeg(int orientation, const std::string& xmp) {
  return jpeg(noise(40, 24, 3, 8),
              {.quality = 95,
               .segments = {{1, exif(orientation, "\xff\xd8" + sharp + "\xff\xd9", "MAKER " + sharp)},
                            {1, xmp_segment(xmp)},
                            {2, icc_segment(rgb_profile())},
                            {13, photoshop("The caption", sharp)}}});
}

class Metadata : public testing::Test {
 protected:
  Folder folder;

  void pass_through(const std::string& in, const std::string& out) {
    notes = Picture::load(folder / in).save(folder / out);
  }
  std::vector<std::string> notes;
};

TEST_F(Metadata, JpegToJpegKeepsProfileResolutionExifXmpAndIptc) {
  write_bytes(folder / "in.jpg",
              rich_jpeg(6, "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' dc:title='kept'/>"));
  pass_through("in.jpg", "out.jpg");
  EXPECT_EQ(field(folder / "out.jpg", "icc-profile-data"), rgb_profile());
  EXPECT_NEAR(resolution(folder / "out.jpg"), 300 / 25.4, 0.05);
  EXPECT_THAT(field(folder / "out.jpg", "exif-ifd0-ImageDescription"), HasSubstr("A test picture"));
  EXPECT_THAT(field(folder / "out.jpg", "xmp-data"), HasSubstr("dc:title='kept'"));
  EXPECT_THAT(field(folder / "out.jpg", "iptc-data"), HasSubstr("The caption"));
}

TEST_F(Metadata, JpegToPngKeepsProfileResolutionExifAndXmp) {
  write_bytes(folder / "in.jpg",
              rich_jpeg(3, "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' dc:title='kept'/>"));
  pass_through("in.jpg", "out.png");
  EXPECT_EQ(field(folder / "out.png", "icc-profile-data"), rgb_profile());
  EXPECT_NEAR(resolution(folder / "out.png"), 300 / 25.4, 0.05);
  EXPECT_THAT(field(folder / "out.png", "exif-ifd0-ImageDescription"), HasSubstr("A test picture"));
  EXPECT_THAT(field(folder / "out.png", "xmp-data"), HasSubstr("dc:title='kept'"));
}

TEST_F(Metadata, PngToPngKeepsProfileResolutionExifXmpAndText) {
  const Samples samples = noise(12, 8, 3, 16);
  const std::string name("profile\0\0", 9);
  const std::string xmp("XML:com.adobe.xmp\0\0\0\0\0", 22);
  write_bytes(folder / "in.png", png(samples, {.colour = rgb,
                                               .depth = 16,
                                               .chunks = {{"iCCP", name + stored(rgb_profile())},
                                                          {"pHYs", std::string("\0\0\x2e\x23\0\0\x2e\x23\1", 9)},
                                                          {"eXIf", exif(1, sharp, sharp).substr(6)},
                                                          {"iTXt", xmp + xmp_start + "<kept/>" + xmp_end},
                                                          {"tEXt", std::string("Author\0Ada", 10)},
                                                          {"tEXt", std::string("Raw profile type exif\0", 22) + sharp},
                                                          {"tEXt", std::string("Thumb::URI\0", 11) + sharp}}}));
  pass_through("in.png", "out.png");
  EXPECT_EQ(decode(folder / "out.png"), samples);
  EXPECT_EQ(field(folder / "out.png", "icc-profile-data"), rgb_profile());
  EXPECT_NEAR(resolution(folder / "out.png"), 11.811, 0.05);
  EXPECT_THAT(field(folder / "out.png", "exif-ifd0-ImageDescription"), HasSubstr("A test picture"));
  EXPECT_THAT(field(folder / "out.png", "xmp-data"), HasSubstr("<kept/>"));
  std::string texts;  // libvips numbers them, XMP among them, and writes keys up to a space
  for (const char* key : {"Author", "Raw profile type exif", "Raw", "Thumb::URI"})
    for (int i = 0; i < 6; ++i)
      texts += field(folder / "out.png", ("png-comment-" + std::to_string(i) + "-" + key).c_str());
  EXPECT_EQ(texts, "Ada") << "texts may be compressed, so the bytes alone do not tell";
  EXPECT_THAT(read_bytes(folder / "out.png"), Not(HasSubstr(sharp)));
}

TEST_F(Metadata, PngHoldsOneExifChunkOnly) {
  write_bytes(folder / "in.jpg", rich_jpeg(6, ""));
  pass_through("in.jpg", "out.png");
  const std::string bytes = read_bytes(folder / "out.png");
  EXPECT_NE(bytes.find("eXIf"), std::string::npos);
  EXPECT_EQ(bytes.find("eXIf"), bytes.rfind("eXIf"));
  EXPECT_TRUE(bytes.ends_with(png_chunk("IEND", "")));
}

TEST_F(Metadata, NoPreviewSurvives) {
  write_bytes(folder / "in.jpg", rich_jpeg(1, ""));
  ASSERT_THAT(read_bytes(folder / "in.jpg"), HasSubstr(sharp));
  for (const char* out : {"out.jpg", "out.png"}) {
    pass_through("in.jpg", out);
    EXPECT_THAT(read_bytes(folder / out), Not(HasSubstr(sharp))) << out;
    EXPECT_EQ(field(folder / out, "jpeg-thumbnail-data"), "") << out;
    EXPECT_EQ(field(folder / out, "exif-ifd1-Compression"), "") << out;
  }
}

TEST_F(Metadata, NoOrientationSurvives) {
  write_bytes(folder / "in.jpg",
              rich_jpeg(6,
                        "<rdf:Description xmlns:tiff='http://ns.adobe.com/tiff/1.0/' tiff:Orientation=\"6\">"
                        "<tiff:Orientation>8</tiff:Orientation></rdf:Description>"));
  for (const char* out : {"out.jpg", "out.png"}) {
    pass_through("in.jpg", out);
    EXPECT_THAT(field(folder / out, "exif-ifd0-Orientation"), testing::AnyOf(IsEmpty(), testing::StartsWith("1 ")))
        << out;
    EXPECT_THAT(field(folder / out, "xmp-data"),
                testing::AllOf(HasSubstr("tiff:Orientation=\"1\""), HasSubstr("<tiff:Orientation>1</")))
        << out;
    EXPECT_EQ(decode(folder / out, true), decode(folder / out, false)) << out;
  }
}

TEST_F(Metadata, ResolutionTurnsWithThePicture) {
  const std::string chunk("\0\0\x0f\xa0\0\0\x07\xd0\1", 9);  // 4 and 2 pixels a millimetre
  write_bytes(folder / "in.png", png(noise(6, 4, 1, 8), {.colour = grey, .depth = 8, .chunks = {{"pHYs", chunk}}}));
  pass_through("in.png", "out.png");
  EXPECT_NEAR(resolution(folder / "out.png"), 4, 0.01);
  // The EXIF block has an orientation alone, so that it says nothing about the resolution.
  const std::string block("II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0", 26);
  write_bytes(folder / "in.png",
              png(noise(6, 4, 1, 8), {.colour = grey, .depth = 8, .chunks = {{"pHYs", chunk}, {"eXIf", block}}}));
  pass_through("in.png", "out.png");
  EXPECT_NEAR(resolution(folder / "out.png"), 2, 0.01);
}

TEST_F(Metadata, ResolutionsInExifTurnToo) {
  std::string block = exif(6, sharp, sharp).substr(6);
  block.replace(block.find(std::string("\x2c\1\0\0", 4)), 2, std::string("\x48\0", 2));  // 72 across, 300 down
  write_bytes(folder / "in.png", png(noise(6, 4, 1, 8), {.colour = grey, .depth = 8, .chunks = {{"eXIf", block}}}));
  pass_through("in.png", "out.png");
  EXPECT_THAT(field(folder / "out.png", "exif-ifd0-XResolution"), testing::StartsWith("300/1 "));
  EXPECT_THAT(field(folder / "out.png", "exif-ifd0-YResolution"), testing::StartsWith("72/1 "));
}

TEST_F(Metadata, BrokenExifIsDroppedQuietly) {
  const std::string block = exif(6, sharp, sharp).substr(6);
  std::string astray = block;
  astray.replace(4, 4, "\xff\xff\xff\x7f");  // the first directory lies beyond the end
  for (const std::string& broken : {block.substr(0, 4), block.substr(0, 9), "XX" + block.substr(2), astray}) {
    write_bytes(folder / "in.jpg",
                jpeg(noise(8, 8, 1, 8), {.quality = 90, .segments = {{1, std::string("Exif\0\0", 6) + broken}}}));
    pass_through("in.jpg", "out.png");
    // Newer libvips writes a block of its own (resolution, orientation 1); nothing of the broken one may be in it.
    EXPECT_THAT(read_bytes(folder / "out.png"), AllOf(Not(HasSubstr(sharp)), Not(HasSubstr("A test picture"))))
        << broken.size();
    EXPECT_THAT(field(folder / "out.png", "exif-ifd0-Orientation"), Not(testing::StartsWith("6"))) << broken.size();
    EXPECT_THAT(notes, IsEmpty());
  }
}

TEST_F(Metadata, XmpThatCanHoldPicturesIsDroppedAndSaidSo) {
  for (const char* space : {"http://ns.adobe.com/xap/1.0/g/img/", "http://ns.google.com/photos/1.0/image/"}) {
    write_bytes(folder / "in.jpg",
                rich_jpeg(1, std::string("<rdf:Description xmlns:p='") + space + "' p:image='" + sharp + "'/>"));
    EXPECT_THAT(Picture::load(folder / "in.jpg").notes(), ElementsAre(HasSubstr("XMP")));
    pass_through("in.jpg", "out.jpg");
    EXPECT_THAT(read_bytes(folder / "out.jpg"), Not(HasSubstr(sharp)));
    EXPECT_EQ(field(folder / "out.jpg", "xmp-data"), "");
  }
}

TEST_F(Metadata, BrokenPhotoshopBlockIsDroppedQuietly) {
  const std::string block = photoshop("The caption", sharp);
  for (const std::size_t size : {std::size_t{14}, std::size_t{20}, std::size_t{30}, block.size() - 10}) {
    write_bytes(folder / "in.jpg", jpeg(noise(8, 8, 1, 8), {.quality = 90, .segments = {{13, block.substr(0, size)}}}));
    pass_through("in.jpg", "out.jpg");
    EXPECT_THAT(read_bytes(folder / "out.jpg"), Not(HasSubstr(sharp))) << size;
  }
}

TEST_F(Metadata, ProfileOfCmykDoesNotFollowIntoRgb) {
  Samples samples = noise(16, 16, 4, 8);
  write_bytes(folder / "in.jpg", jpeg(samples));
  pass_through("in.jpg", "out.png");
  EXPECT_EQ(field(folder / "out.png", "icc-profile-data"), "");
}

TEST_F(Metadata, AComparisonKeepsTheProfile) {
  write_bytes(folder / "in.jpg", rich_jpeg(1, ""));
  const Picture picture = Picture::load(folder / "in.jpg");
  comparison(picture, picture).save(folder / "both.png");
  EXPECT_EQ(field(folder / "both.png", "icc-profile-data"), rgb_profile());
  EXPECT_THAT(read_bytes(folder / "both.png"), Not(HasSubstr(sharp)));
}

}  // namespace
}  // namespace gaussfilt
