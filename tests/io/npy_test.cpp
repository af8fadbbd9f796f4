#include "hearth/io/npy.h"

#include <gtest/gtest.h>

#include "base/faulty_files.h"
#include "hearth/hearth.h"

namespace hearth {
namespace {

constexpr ScalarType kEvery[] = {kByte, kChar, kShort, kUInt16, kInt, kLong, kHalf, kFloat, kDouble, kBool};

std::string npy(const std::string& header, const std::string& data) {
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0' + header + data;
}

TEST(Npy, RoundTripsEveryDtypeAndShape) {
  const testing::TemporaryFolder folder;
  nn::StateDict all;
  for (const ScalarType t : kEvery) {
    int number = 0;
    for (const Tensor& x : {ones({}, t), ones({3}, t), ones({0, 3}, t), arange(24).view({1, 2, 3, 2, 2}).to(t),
                            arange(6).to(t).view({2, 3}).t(), arange(12).to(t).slice(0, 3, 11, 2)}) {
      const std::string bytes = io::to_npy(x);
      EXPECT_EQ((bytes.size() - x.nbytes()) % 64, 0U);
      const Tensor back = io::from_npy(bytes, "memory");
      EXPECT_EQ(back.scalar_type(), t);
      EXPECT_TRUE(equal(back, x)) << dtype_name(t) << " " << x.dim();
      io::save_npy(x, folder / "x.npy");
      for (const bool map : {false, true}) EXPECT_TRUE(equal(io::load_npy(folder / "x.npy", map), x));
      all.insert(std::string(dtype_name(t)) + std::to_string(number++), x);
    }
  }
  for (const bool compressed : {false, true}) {
    const nn::StateDict back = io::from_npz(io::to_npz(all, compressed), "memory");
    ASSERT_EQ(back.keys(), all.keys());
    for (const auto& item : back) EXPECT_TRUE(equal(item.value(), all[item.key()])) << item.key();
  }
  EXPECT_THROW(io::to_npy(ones({1}, kBFloat16)), DtypeError);
  EXPECT_THROW(io::to_npy(Tensor()), TypeError);
}

TEST(Npy, WritesIntoAMappedArrayStayInMemory) {
  const testing::TemporaryFolder folder;
  io::save_npy(zeros({1000}), folder / "x.npy");
  const std::string before = testing::slurp(folder / "x.npy");
  Tensor t = io::load_npy(folder / "x.npy", /*map=*/true);
  t.fill_(3);
  EXPECT_EQ(t.sum().item<float>(), 3000);
  EXPECT_EQ(testing::slurp(folder / "x.npy"), before);
}

TEST(Npy, RefusesDamage) {
  const std::string eight(8, '\0'), good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";
  EXPECT_NO_THROW(io::from_npy(npy(good, eight), "f"));
  EXPECT_NO_THROW(io::from_npy(npy("{\"shape\":(2),\"fortran_order\":True,\"descr\":\">f4\"}", eight), "f"));
  const std::vector<std::pair<const char*, std::string>> bad = {
      {"empty", ""},
      {"magic", "NUMPY" + npy(good, eight)},
      {"cut short", npy(good, "1234")},
      {"too long", npy(good, eight + "x")},
      {"no dictionary", npy("[]", eight)},
      {"an object", npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", eight)},
      {"a record", npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", eight)},
      {"complex", npy("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", eight)},
      {"no byte order", npy("{'descr': '|f4', 'fortran_order': False, 'shape': (2,), }", eight)},
      {"a key twice", npy("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", eight)},
      {"a key too many", npy("{'x': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", eight)},
      {"a key missing", npy("{'descr': '<f4', 'shape': (2,), }", eight)},
      {"a negative size", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", eight)},
      {"a size of words", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (two,), }", eight)},
      {"a vast size", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", eight)},
      {"an overflow", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296,4294967296,4), }", eight)},
      {"words behind it", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x", eight)},
      {"a bool of 2", npy("{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }", "\x02")},
      {"a header beyond it", npy(good, eight).substr(0, 30)},
      {"version 9", std::string("\x93NUMPY\x09\x00", 8) + npy(good, eight).substr(8)}};
  for (const auto& [what, bytes] : bad) EXPECT_THROW(io::from_npy(bytes, "f"), FileError) << what;
}

TEST(Npz, RefusesDamageAndTooMuch) {
  nn::StateDict arrays;
  arrays.insert("x", zeros({10000}));
  const std::string bytes = io::to_npz(arrays, /*compressed=*/true);
  EXPECT_LT(bytes.size(), 1000U);
  EXPECT_NO_THROW(io::from_npz(bytes, "f", 50000));
  EXPECT_THROW(io::from_npz(bytes, "f", 10000), FileError);
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x20);
    try {
      const nn::StateDict back = io::from_npz(flipped, "f");
      EXPECT_TRUE(back.size() == 1 && equal(back["x"], arrays["x"])) << i;
    } catch (const Error&) {
    }
    EXPECT_THROW(io::from_npz(bytes.substr(0, i), "f"), FileError) << i;
  }
}

}  // namespace
}  // namespace hearth
