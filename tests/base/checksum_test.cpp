#include "base/checksum.h"

#include <gtest/gtest.h>

#include <string>

namespace hearth {
namespace {

TEST(Checksum, Crc32cOfKnownBytes) {
  const std::string zeros(32, '\0'), ones(32, '\xff');
  for (const auto crc : {&crc32c, &crc32c_portable}) {
    EXPECT_EQ(crc("123456789", 9, 0), 0xe3069283U);
    EXPECT_EQ(crc("", 0, 0), 0U);
    EXPECT_EQ(crc(zeros.data(), 32, 0), 0x8a9136aaU);  // RFC 3720, B.4
    EXPECT_EQ(crc(ones.data(), 32, 0), 0x62a8ab43U);
    EXPECT_EQ(crc("456789", 6, crc("123", 3, 0)), 0xe3069283U);
  }
}

TEST(Checksum, Digest64OfKnownBytesInAnyPieces) {
  const auto of = [](const std::string& text, size_t piece) {
    Digest64 digest;
    for (size_t i = 0; i < text.size(); i += piece) digest.add(text.data() + i, std::min(piece, text.size() - i));
    return digest.value();
  };
  EXPECT_EQ(of("", 1), 0xef46db3751d8e999U);
  EXPECT_EQ(of("a", 1), 0xd24ec4f1a98c6e5bU);
  EXPECT_EQ(of("abc", 3), 0x44bc2cf5ad770999U);
  EXPECT_EQ(of("Nobody inspects the spammish repetition", 39), 0xfbcea83c8a378bf1U);
  std::string text;
  for (int i = 0; i < 1000; ++i) text += static_cast<char>(i * 7);
  for (const size_t piece : {1, 7, 31, 32, 33, 100}) EXPECT_EQ(of(text, piece), of(text, 1000)) << piece;
}

}  // namespace
}  // namespace hearth
