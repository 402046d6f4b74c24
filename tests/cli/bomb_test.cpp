// Floor 5: files that claim more than a machine has are refused at once, in little memory, in one line.
#include "program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace {

using namespace picture_files;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr rlim_t little_memory = rlim_t{1} << 30;
constexpr std::chrono::seconds at_once{10};  // in truth milliseconds

#ifdef GAUSSFILT_SANITIZED
constexpr bool limits_memory = false;  // a sanitizer's own map of memory is larger than any limit
#else
constexpr bool limits_memory = true;
#endif

program::Result refuse(const Folder& folder, const std::string& name, const std::string& bytes,
                       const std::vector<std::string>& options = {}) {
  write_bytes(folder / name, bytes);
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::string> words = {"blur", name, "out.png", "--threads", "2"};
  words.insert(words.end(), options.begin(), options.end());
  program::Setting setting;
  if (limits_memory) setting.address_space = little_memory;
  const program::Result result = program::run(folder, words, setting);
  EXPECT_LT(std::chrono::steady_clock::now() - start, at_once);
  EXPECT_EQ(result.signal, 0);
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, StartsWith("gaussfilt: " + name));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  EXPECT_THAT(folder.names(), ElementsAre(name));
  return result;
}

// Bits, the lowest of a byte first, as deflate has them.
class Bits {
 public:
  void add(std::uint32_t value, int count) {
    for (int i = 0; i < count; ++i) {
      if (used_ == 0) bytes_ += '\0';
      bytes_.back() = static_cast<char>(bytes_.back() | static_cast<char>((value >> i & 1) << used_));
      used_ = (used_ + 1) % 8;
    }
  }
  void code(const char* bits) {
    for (; *bits != '\0'; ++bits) add(*bits == '1' ? 1 : 0, 1);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  int used_ = 0;
};

std::string big(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xff);
  return text;
}

// A zlib stream of `count` zero bytes at two bits for 258 of them: one dynamic block with the codes 0 for a match of
// 258, 10 for the byte 0, 11 for the end, and 0 for the distance 1.
std::string deflated_zeros(std::uint64_t count) {
  Bits bits;
  bits.add(1, 1);  // the last block
  bits.add(2, 2);  // dynamic codes
  bits.add(286 - 257, 5);
  bits.add(0, 5);       // one distance code
  bits.add(18 - 4, 4);  // lengths of the code for lengths, in deflate's order: 18 has 1 bit, 2 and 1 have 2
  for (const std::uint32_t length : {0u, 0u, 1u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 2u, 0u, 2u})
    bits.add(length, 3);
  const auto zeros = [&](std::uint32_t many) { bits.code("0"), bits.add(many - 11, 7); };
  bits.code("11"), zeros(138), zeros(117), bits.code("11"), zeros(28), bits.code("10"), bits.code("10");
  bits.code("10");
  std::uint64_t left = count - 1;
  for (; left >= 258; left -= 258) bits.code("00");
  for (; left > 0; --left) bits.code("10");
  bits.code("11");
  return "\x78\x9c" + bits.bytes() + big(static_cast<std::uint32_t>(count % 65521) << 16 | 1);
}

std::string png_of_zeros(std::uint32_t side) {
  const std::uint64_t bytes = std::uint64_t{side} * (1 + (side + 7) / 8);
  return png_header(side, side, 1, grey) + png_chunk("IDAT", deflated_zeros(bytes)) + png_chunk("IEND", "");
}

TEST(Bomb, TheStreamOfZerosIsAPicture) {
  const Folder folder;
  write_bytes(folder / "in.png", png_of_zeros(100));
  const Samples samples = decode(folder / "in.png");
  EXPECT_EQ(samples.values, std::vector<std::uint16_t>(100 * 100, 0));
}

TEST(Bomb, PngOf60000x60000) {
  const Folder folder;
  const std::string bytes = png_of_zeros(60000);
  EXPECT_LT(bytes.size(), 450'000U);
  EXPECT_THAT(refuse(folder, "in.png", bytes).err, HasSubstr("60000 x 60000"));
}

TEST(Bomb, PngOf60000x60000ThatWasAllowed) {
  if (!limits_memory) GTEST_SKIP() << "memory cannot be limited under a sanitizer";
  const Folder folder;
  refuse(folder, "in.png", png_of_zeros(60000), {"--max-pixels", "4000000000"});
}

TEST(Bomb, TiffThatClaimsTooMuch) {
  const Folder folder;
  std::string bytes("II*\0\x08\0\0\0\x0a\0", 10);
  const auto entry = [&](int tag, int type, std::uint32_t value) {
    for (const int byte : {tag & 255, tag >> 8, type, 0, 1, 0, 0, 0}) bytes += static_cast<char>(byte);
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xff);
  };
  entry(256, 4, 60000), entry(257, 4, 60000), entry(258, 3, 8), entry(259, 3, 1), entry(262, 3, 1), entry(273, 4, 140);
  entry(277, 3, 1), entry(278, 4, 60000), entry(279, 4, 3600000000U), entry(284, 3, 1);
  bytes += std::string(64, '\0');
  EXPECT_THAT(refuse(folder, "in.tif", bytes).err, HasSubstr("60000 x 60000"));
}

TEST(Bomb, GifThatClaimsTooMuch) {
  const Folder folder;
  const std::string side("\x60\xea\x60\xea", 4);
  const std::string bytes =
      "GIF89a" + side + std::string("\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0", 14) + side + std::string("\0\2\2D\1\0;", 7);
  EXPECT_THAT(refuse(folder, "in.gif", bytes).err, HasSubstr("60000 x 60000"));
}

TEST(Bomb, WebpThatClaimsWhatIsNotThere) {
  const Folder folder;
  // VP8L of 16384 x 16384: below the limit of pixels, so it is the missing content that is noticed.
  std::string bytes("RIFF\x1e\0\0\0WEBPVP8L\x11\0\0\0\x2f\xff\xff\xff\x0f", 25);
  bytes += std::string(13, '\0');
  refuse(folder, "in.webp", bytes);
}

TEST(Bomb, DrawingOfAMillionByAMillion) {
  const Folder folder;
  const std::string bytes =
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="1000000" height="1000000"><rect width="9" height="9"/></svg>)";
  EXPECT_THAT(refuse(folder, "in.svg", bytes).err, HasSubstr("1000000 x 1000000"));
}

}  // namespace
