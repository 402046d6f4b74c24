// Floor 0: dtypes, shapes, views and arrays.
#include "support.h"

#include <gtest/gtest.h>

#include <limits>
#include <utility>

namespace gaussfilt::test {
namespace {

TEST(DTypes, HaveOneNameAndTheSizeOfTheirType) {
  const std::pair<std::string_view, std::size_t> known[] = {
      {"bool", 1}, {"u8", 1},  {"u16", 2}, {"u32", 4}, {"u64", 8}, {"i8", 1},  {"i16", 2},
      {"i32", 4},  {"i64", 8}, {"f16", 2}, {"f32", 4}, {"f64", 8}, {"c64", 8}, {"c128", 16}};
  ASSERT_EQ(all_dtypes().size(), std::size(known));
  for (std::size_t k = 0; k < std::size(known); ++k) {
    const DType dtype = all_dtypes()[k];
    EXPECT_EQ(static_cast<std::size_t>(dtype), k);
    EXPECT_EQ(name(dtype), known[k].first);
    EXPECT_EQ(size_of(dtype), known[k].second);
    EXPECT_EQ(parse_dtype(name(dtype)), dtype);
  }
}

TEST(DTypes, UnderstandNumPysNames) {
  const std::pair<std::string_view, DType> known[] = {
      {"bool", DType::boolean},  {"uint8", DType::u8},       {"uint16", DType::u16},  {"uint32", DType::u32},
      {"uint64", DType::u64},    {"int8", DType::i8},        {"int16", DType::i16},   {"int32", DType::i32},
      {"int64", DType::i64},     {"float16", DType::f16},    {"float32", DType::f32}, {"float64", DType::f64},
      {"complex64", DType::c64}, {"complex128", DType::c128}};
  for (const auto& [text, dtype] : known) EXPECT_EQ(parse_dtype(text), dtype) << text;
  for (const char* wrong : {"", "f8x", "float", "u128", "f32 "}) {
    EXPECT_THROW(parse_dtype(wrong), InvalidArgument) << wrong;
  }
}

TEST(DTypes, KnowTheirKind) {
  for (DType dtype : all_dtypes()) {
    const char first = name(dtype).front();
    EXPECT_EQ(is_complex(dtype), first == 'c') << name(dtype);
    EXPECT_EQ(is_floating(dtype), first == 'c' || first == 'f') << name(dtype);
    EXPECT_EQ(is_unsigned(dtype), first == 'u' || first == 'b') << name(dtype);
  }
}

TEST(ExtentsTest, HoldUpToSixteenEntries) {
  const Extents empty;
  EXPECT_EQ(empty.rank(), 0);
  EXPECT_EQ(empty.product(), 1);
  EXPECT_EQ((Extents{2, 3, 4}).product(), 24);
  EXPECT_EQ((Extents{2, 0, 4}).product(), 0);
  EXPECT_NE((Extents{2, 3}), (Extents{2, 3, 1}));
  Extents list = Extents::filled(15, 2);
  list.push_back(7);
  EXPECT_EQ(list.rank(), max_rank);
  EXPECT_EQ(list[15], 7);
  EXPECT_THROW(list.push_back(1), InvalidArgument);
  EXPECT_THROW(Extents::filled(17, 1), InvalidArgument);
  EXPECT_THROW(Extents(std::vector<std::int64_t>(17, 1)), InvalidArgument);
}

TEST(Strides, AreThoseOfCOrder) {
  EXPECT_EQ(contiguous_strides({2, 3, 4}, DType::f32), (Strides{48, 16, 4}));
  EXPECT_EQ(contiguous_strides({}, DType::f32), Strides{});
  EXPECT_EQ(contiguous_strides({5}, DType::c128), Strides{16});
}

TEST(ViewTest, SaysWhatItWasGiven) {
  const float items[6] = {};
  const View view(items, Shape{2, 3});
  EXPECT_EQ(view.data(), items);
  EXPECT_EQ(view.dtype(), DType::f32);
  EXPECT_EQ(view.shape(), (Shape{2, 3}));
  EXPECT_EQ(view.strides(), (Strides{12, 4}));
  EXPECT_EQ(view.rank(), 2);
  const View odd(items, DType::f32, {2, 3}, {-12, 0});
  EXPECT_EQ(odd.strides(), (Strides{-12, 0}));
}

TEST(ViewTest, RefusesWhatCannotBe) {
  float item[1] = {};
  const std::int64_t large = std::int64_t{1} << 40;
  EXPECT_THROW(View(item, Shape{2, -1}), InvalidArgument);
  EXPECT_THROW(View(item, DType::f32, {2, 3}, {4}), InvalidArgument);
  EXPECT_THROW(View(item, Shape{large, large}), InvalidArgument);
  EXPECT_THROW(MutableView(item, Shape{-3}), InvalidArgument);
  EXPECT_THROW(MutableView(item, DType::f32, {2}, {4, 4}), InvalidArgument);
  EXPECT_THROW(Array(DType::f32, {large, large}), InvalidArgument);
  EXPECT_THROW(Array(DType::f32, {-1}), InvalidArgument);
  EXPECT_NO_THROW(View(item, Shape{0, large}));
}

TEST(ViewTest, NamesTheExtentThatIsWrong) {
  try {
    View(nullptr, DType::u8, {4, -7});
    FAIL() << "accepted";
  } catch (const InvalidArgument& error) {
    EXPECT_NE(std::string(error.what()).find("-7"), std::string::npos) << error.what();
  }
}

TEST(ArrayTest, IsZeroAlignedAndMovable) {
  for (DType dtype : all_dtypes()) {
    Array array(dtype, {3, 5});
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(array.data()) % 64, 0u);
    for (std::byte b : bytes_of(array)) ASSERT_EQ(b, std::byte{0});
    const void* data = array.data();
    Array moved(std::move(array));
    EXPECT_EQ(moved.data(), data);
    Array assigned;
    assigned = std::move(moved);
    EXPECT_EQ(assigned.data(), data);
    EXPECT_EQ(assigned.shape(), (Shape{3, 5}));
  }
}

TEST(ArrayTest, GivesItsItemsInTheirOwnTypeOnly) {
  Array array(DType::f32, {2, 2});
  array.items<float>()[3] = 7;
  EXPECT_EQ(std::as_const(array).items<float>()[3], 7);
  EXPECT_THROW(array.items<double>(), InvalidArgument);
  EXPECT_EQ(Array(DType::u8, {0, 9}).items<std::uint8_t>().size(), 0u);
  EXPECT_EQ(Array(DType::u8, {}).items<std::uint8_t>().size(), 1u);
}

TEST(PerAxisTest, IsOneValueForAllOrOneEach) {
  const PerAxis<double> one = 2.5, each = {1.0, 2.0, 3.0}, none;
  EXPECT_EQ(one[0], 2.5);
  EXPECT_EQ(one[7], 2.5);
  EXPECT_EQ(each[2], 3.0);
  EXPECT_EQ(each.size(), 3u);
  EXPECT_TRUE(none.empty());
}

// The tests' own tool: an array in every style of memory holds the same items.
TEST(StridedTest, HoldsTheSameItems) {
  const Array array = make_array(DType::u16, {3, 4, 5}, 1);
  for (Style style : all_styles) {
    Strided strided(style, array);
    EXPECT_EQ(bytes_of(strided), bytes_of(array)) << static_cast<int>(style);
    EXPECT_TRUE(strided.gaps_untouched());
  }
}

}  // namespace
}  // namespace gaussfilt::test
