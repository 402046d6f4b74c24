// Floor 4: writing. The levels come back, what a format cannot hold is said, and a file appears whole or not at all.
#include "picture_files.h"
#include "picture_samples.h"

#include <gaussfilt/pictures.h>

#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace gaussfilt {
namespace {

using namespace picture_files;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Picture small() { return picture_of(noise(16, 9, 3, 8), Colour::rgb); }

template <class E> std::string save_error(const Picture& picture, const fs::path& file) {
  try {
    picture.save(file);
  } catch (const E& error) {
    return error.what();
  }
  return "(it was saved)";
}

mode_t mode_of(const fs::path& file) {
  struct stat found {};
  EXPECT_EQ(stat(file.c_str(), &found), 0);
  return found.st_mode & 07777;
}

TEST(Save, PngKeepsEveryDepthAndBand) {
  const Folder folder;
  for (const int bits : {8, 16})
    for (const int bands : {1, 2, 3, 4}) {
      const Samples samples = noise(33, 17, bands, bits);
      EXPECT_THAT(picture_of(samples, bands <= 2 ? Colour::grey : Colour::rgb).save(folder / "out.png"), IsEmpty());
      EXPECT_EQ(decode(folder / "out.png"), samples) << bands << " bands, " << bits << " bits";
      constexpr int types[] = {grey, grey_alpha, rgb, rgba};
      EXPECT_EQ(png_type(read_bytes(folder / "out.png")), std::pair(bits, types[bands - 1]));
    }
}

TEST(Save, PromotedPngIsWrittenWithEightBits) {
  const Folder folder;
  const Samples samples = noise(9, 9, 1, 1);
  write_bytes(folder / "in.png", png(samples, {.colour = palette, .depth = 1, .chunks = {{"PLTE", "abcxyz"}}}));
  Picture::load(folder / "in.png").save(folder / "out.png");
  EXPECT_EQ(png_type(read_bytes(folder / "out.png")), std::pair(8, int{rgb}));
  write_bytes(folder / "in.png", png(samples, {.colour = grey, .depth = 1}));
  Picture::load(folder / "in.png").save(folder / "out.png");
  EXPECT_EQ(png_type(read_bytes(folder / "out.png")), std::pair(8, int{grey}));
}

TEST(Save, JpegFlattensAlphaOntoWhiteAndSaysSo) {
  const Folder folder;
  for (const int bits : {8, 16})
    for (const int bands : {2, 4}) {
      Samples samples{32, 16, bands, bits, {}};
      const int full = bits == 8 ? 255 : 65535;
      for (int i = 0; i < 32 * 16; ++i) {
        for (int band = 0; band + 1 < bands; ++band) samples.values.push_back(0);
        samples.values.push_back(
            static_cast<std::uint16_t>(i % 32 < 16 ? 0 : full));  // left transparent, right opaque black
      }
      const auto notes = picture_of(samples, bands == 2 ? Colour::grey : Colour::rgb).save(folder / "out.jpg");
      if (bits == 8) {
        EXPECT_THAT(notes, ElementsAre(HasSubstr("no alpha")));
      } else {
        EXPECT_THAT(notes, ElementsAre(HasSubstr("no alpha"), HasSubstr("8 bits")));
      }
      const Samples read = decode(folder / "out.jpg");
      EXPECT_EQ(read.bands, bands - 1);
      EXPECT_NEAR(read.at(2, 8, 0), 255, 2);
      EXPECT_NEAR(read.at(29, 8, 0), 0, 2);
    }
}

TEST(Save, JpegOfSixteenBitsIsReducedToTheNearestLevel) {
  const Folder folder;
  // 0x80ff is 128.5 levels and a half of a 257th less: 129 by rounding, 128 by cutting off. Quality 100 keeps flat
  // areas.
  const Samples samples{16, 16, 1, 16, std::vector<std::uint16_t>(256, 129 * 257 - 100)};
  Picture picture = picture_of(samples, Colour::grey);
  EXPECT_THAT(picture.save(folder / "out.jpg", {.quality = 100}), ElementsAre(HasSubstr("8 bits")));
  EXPECT_EQ(decode(folder / "out.jpg").at(8, 8, 0), 129);
}

TEST(Save, CmykStaysInJpegAndBecomesRgbInPng) {
  const Folder folder;
  Samples ramp{32, 32, 4, 8, {}};
  for (int i = 0; i < 32 * 32; ++i)
    for (const int level : {i % 32 * 8, 30, 60, 10}) ramp.values.push_back(static_cast<std::uint16_t>(level));
  write_bytes(folder / "in.jpg", jpeg(ramp));
  const Picture picture = Picture::load(folder / "in.jpg");
  EXPECT_THAT(picture.save(folder / "out.jpg"), IsEmpty());
  EXPECT_EQ(decode(folder / "out.jpg").bands, 4);
  EXPECT_NEAR(decode(folder / "out.jpg").at(16, 16, 0), ramp.at(16, 16, 0), 6);
  EXPECT_THAT(picture.save(folder / "out.png"), ElementsAre(HasSubstr("no CMYK")));
  const Samples read = decode(folder / "out.png");
  EXPECT_EQ(read.bands, 3);
  EXPECT_GT(read.at(0, 16, 0), read.at(31, 16, 0)) << "more cyan, less red";
}

TEST(Save, ExtensionDecidesInAnyCase) {
  const Folder folder;
  small().save(folder / "a.PNG");
  small().save(folder / "b.JPG");
  small().save(folder / "c.Jpeg");
  EXPECT_TRUE(read_bytes(folder / "a.PNG").starts_with("\x89PNG"));
  EXPECT_TRUE(read_bytes(folder / "b.JPG").starts_with("\xff\xd8\xff"));
  EXPECT_TRUE(read_bytes(folder / "c.Jpeg").starts_with("\xff\xd8\xff"));
}

TEST(Save, RefusesAnExtensionThatNobodyWrites) {
  const Folder folder;
  for (const char* name : {"out.xyz", "out", "out.", ".png", "out.png.bak"}) {
    EXPECT_THAT(save_error<InvalidArgument>(small(), folder / name), HasSubstr("must be one of png, jpg, jpeg"))
        << name;
    EXPECT_THROW(check_writable(folder / name), InvalidArgument) << name;
  }
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(Save, QualityChangesTheSizeAndIsChecked) {
  const Folder folder;
  const Picture picture = picture_of(noise(64, 64, 3, 8), Colour::rgb);
  picture.save(folder / "low.jpg", {.quality = 30});
  picture.save(folder / "high.jpg", {.quality = 95});
  EXPECT_LT(fs::file_size(folder / "low.jpg") * 2, fs::file_size(folder / "high.jpg"));
  EXPECT_THROW(picture.save(folder / "no.jpg", {.quality = 0}), InvalidArgument);
  EXPECT_THROW(picture.save(folder / "no.jpg", {.quality = 101}), InvalidArgument);
}

TEST(Save, JpegThatIsTooLongSaysWhatToDo) {
  const Folder folder;
  const Picture picture(Array(DType::u8, {1, 65501, 1}), Colour::grey);
  EXPECT_THAT(save_error<IoError>(picture, folder / "out.jpg"), HasSubstr("write a PNG instead"));
  picture.save(folder / "out.png");
  EXPECT_THAT(folder.names(), ElementsAre("out.png"));
}

// ---- Whole or not at all ----

TEST(Save, LeavesNothingBesideTheTarget) {
  const Folder folder;
  small().save(folder / "out.png");
  small().save(folder / "out.png");
  EXPECT_THAT(folder.names(), ElementsAre("out.png"));
}

TEST(Save, NewFileHeedsTheUmaskAndAReplacedOneKeepsItsPermissions) {
  const Folder folder;
  const mode_t before = umask(027);
  small().save(folder / "new.png");
  EXPECT_EQ(mode_of(folder / "new.png"), 0640u);
  for (const mode_t mode : {0600u, 0666u, 0755u}) {
    ASSERT_EQ(chmod((folder / "new.png").c_str(), mode), 0);
    small().save(folder / "new.png");
    EXPECT_EQ(mode_of(folder / "new.png"), mode);
  }
  umask(before);
}

TEST(Save, FollowsLinks) {
  const Folder folder;
  fs::create_directory(folder / "real");
  write_bytes(folder / "real/picture.png", "old");
  fs::create_symlink("real/picture.png", folder / "link.png");
  fs::create_symlink(folder / "link.png", folder / "link-to-link.png");
  small().save(folder / "link-to-link.png");
  EXPECT_TRUE(fs::is_symlink(folder / "link.png"));
  EXPECT_TRUE(fs::is_symlink(folder / "link-to-link.png"));
  EXPECT_TRUE(read_bytes(folder / "real/picture.png").starts_with("\x89PNG"));

  fs::create_symlink("real/not-yet.png", folder / "dangling.png");
  small().save(folder / "dangling.png");
  EXPECT_TRUE(fs::is_symlink(folder / "dangling.png"));
  EXPECT_TRUE(fs::is_regular_file(folder / "real/not-yet.png"));

  fs::create_symlink("round.png", folder / "round.png");
  EXPECT_THAT(save_error<IoError>(small(), folder / "round.png"), HasSubstr("round.png"));
}

TEST(Save, LongNamesFit) {
  const Folder folder;
  const std::string name = std::string(251, 'n') + ".png";
  small().save(folder / name);
  EXPECT_THAT(folder.names(), ElementsAre(name));
}

TEST(Save, RefusesTargetsThatAreNoFiles) {
  const Folder folder;
  fs::create_directory(folder / "folder.png");
  ASSERT_EQ(mkfifo((folder / "pipe.png").c_str(), 0600), 0);
  EXPECT_THAT(save_error<IoError>(small(), folder / "folder.png"), HasSubstr("is a folder"));
  EXPECT_THAT(save_error<IoError>(small(), folder / "pipe.png"), HasSubstr("not a regular file"));
  EXPECT_THAT(save_error<IoError>(small(), folder / "none/out.png"), HasSubstr("none/out.png: cannot be written"));
  EXPECT_THROW(check_writable(folder / "folder.png"), IoError);
  EXPECT_THROW(check_writable(folder / "pipe.png"), IoError);
  EXPECT_THROW(check_writable(folder / "none/out.png"), IoError);
  EXPECT_NO_THROW(check_writable(folder / "out.png"));
  EXPECT_THAT(folder.names(), ElementsAre("folder.png", "pipe.png"));
}

TEST(Save, UnwritableFolderAndFile) {
  // The superuser may write everywhere but in the kernel's own file systems.
  EXPECT_THAT(save_error<IoError>(small(), "/proc/gaussfilt-test.png"),
              HasSubstr("/proc/gaussfilt-test.png: cannot be written"));
  if (geteuid() == 0) return;
  const Folder folder;
  write_bytes(folder / "old.png", "old");
  ASSERT_EQ(chmod((folder / "old.png").c_str(), 0444), 0);
  EXPECT_THROW(check_writable(folder / "old.png"), IoError);
  EXPECT_THROW(small().save(folder / "old.png"), IoError);
  ASSERT_EQ(chmod(folder.path().c_str(), 0555), 0);
  EXPECT_THROW(check_writable(folder / "new.png"), IoError);
  EXPECT_THROW(small().save(folder / "new.png"), IoError);
  EXPECT_EQ(read_bytes(folder / "old.png"), "old");
}

TEST(Save, IntoTheCurrentFolder) {
  const Folder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  small().save("plain.png");
  fs::current_path(before);
  EXPECT_THAT(folder.names(), ElementsAre("plain.png"));
}

}  // namespace
}  // namespace gaussfilt
