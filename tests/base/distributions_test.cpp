#include "base/distributions.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <functional>
#include <vector>

namespace hearth {
namespace {

// The numbers that PyTorch 1.13 gives for manual_seed(42) on a processor with AVX2.

using Numbers = std::vector<double>;

Numbers draw(size_t n, const std::function<double(RandomStream&)>& next) {
  RandomStream stream(42);
  Numbers numbers;
  for (size_t i = 0; i < n; ++i) numbers.push_back(next(stream));
  return numbers;
}

template <class T>
Numbers uniforms(RandomStream& stream, int64_t n, double from, double to) {
  std::vector<T> values(static_cast<size_t>(n));
  uniform_fill(stream, values.data(), n, from, to);
  return {values.begin(), values.end()};
}

template <class T>
Numbers uniforms(int64_t n, double from, double to) {
  RandomStream stream(42);
  return uniforms<T>(stream, n, from, to);
}

template <class T>
Numbers normals(RandomStream& stream, int64_t n, double mean = 0, double std = 1) {
  std::vector<T> values(static_cast<size_t>(n));
  normal_fill(stream, values.data(), n, mean, std);
  return {values.begin(), values.end()};
}

template <class T>
Numbers normals(int64_t n, double mean = 0, double std = 1) {
  RandomStream stream(42);
  return normals<T>(stream, n, mean, std);
}

void expect_near(const Numbers& mine, const Numbers& theirs, double relative) {
  ASSERT_EQ(mine.size(), theirs.size());
  for (size_t i = 0; i < mine.size(); ++i) {
    EXPECT_NEAR(mine[i], theirs[i], std::fabs(theirs[i]) * relative) << "number " << i;
  }
}

TEST(Uniform, PyTorchsNumbersToTheBit) {
  EXPECT_EQ(uniforms<float>(5, 0, 1),
            (Numbers{0x1.c3b8ccp-1, 0x1.d47b66p-1, 0x1.880d7p-2, 0x1.eb2a1cp-1, 0x1.8fd1a8p-2}));
  EXPECT_EQ(uniforms<double>(5, 0, 1), (Numbers{0x1.dc66cbea3db3p-5, 0x1.01ae177aca87p-4, 0x1.fa3563ccea238p-4,
                                                0x1.aebc98cb2c14p-5, 0x1.0d66672221879p-1}));
  EXPECT_EQ(uniforms<float>(20, -0.37, 0.91),
            (Numbers{0x1.84c394p-1, 0x1.9a378cp-1,  0x1.ebc9e8p-4, 0x1.b74022p-1, 0x1.09c6cap-3,
                     0x1.98b9bcp-2, -0x1.54aebep-5, 0x1.4aae46p-1, 0x1.ab1a9ep-1, -0x1.989f02p-3,
                     0x1.a70ee6p-1, 0x1.8f22fep-2,  0x1.7c5538p-1, 0x1.6d3c5ap-2, 0x1.283e4ep-1,
                     0x1.6fe5eap-3, 0x1.86d806p-1,  0x1.755918p-2, -0x1.d77ddp-6, 0x1.bb87b6p-2}));
  EXPECT_EQ(uniforms<double>(20, -0.37, 0.91),
            (Numbers{-0x1.2ea7df5fa4354p-2, -0x1.286c21724e8d2p-2, -0x1.b1c959ba4b6e6p-3, -0x1.35f64df3f8f29p-2,
                     0x1.36c8b619ef6f9p-2,  0x1.ec1a45a1441b9p-3,  0x1.b4955115dde73p-1,  0x1.a33a2fcb5aad2p-1,
                     -0x1.0d60c6f2bb9d9p-2, -0x1.9a0ce96633099p-3, -0x1.5a0dbdf052d0ap-3, 0x1.c47bfb698b19p-4,
                     0x1.6ab6b70fc25e8p-1,  0x1.7d0d33374870cp-1,  0x1.cfd708f6c4f2ap-4,  0x1.a7da56bb6723ep-2,
                     -0x1.07648ac96448dp-2, 0x1.0e16291acecc8p-1,  0x1.b63a156cb503ep-2,  0x1.848a686df65a4p-3}));
  EXPECT_EQ(uniforms<BFloat16>(5, -0.37, 0.91), (Numbers{0x1.22p-3, 0x1.0ep-1, 0x1.76p-4, -0x1.32p-2, 0x1.4ap-3}));
  EXPECT_EQ(uniforms<Half>(5, -0.37, 0.91), (Numbers{0x1.55cp-2, 0x1.158p-1, 0x1.57p-3, 0x1.c14p-2, 0x1.584p-2}));
}

/// FNV-1a over the bits of a million numbers.
template <class Word, class T>
uint64_t hash_of_million() {
  RandomStream stream(7);
  std::vector<T> values(1'000'000);
  uniform_fill(stream, values.data(), 1'000'000, -0.3, 0.7);
  uint64_t hash = 1469598103934665603U;
  for (const T value : values) hash = (hash ^ std::bit_cast<Word>(value)) * 1099511628211U;
  return hash;
}

TEST(Uniform, AMillionNumbersToTheBit) {
  EXPECT_EQ((hash_of_million<uint32_t, float>()), 0x60411034f3a438e1U);
  EXPECT_EQ((hash_of_million<uint64_t, double>()), 0xecfb9ad0d0835c0U);
}

TEST(Uniform, FillAndSingleDrawsAgree) {
  RandomStream filled(5), single(5);
  std::vector<float> values(3000);
  uniform_fill(filled, values.data(), 3000, -2.0, 0.3);
  for (const float value : values) ASSERT_EQ(value, uniform<float>(single, -2.0F, 0.3F));
  uniform_fill(filled, values.data(), 100, 0.0, 1.0);
  for (size_t i = 0; i < 100; ++i) ASSERT_EQ(values[i], uniform<float>(single, 0.0F, 1.0F));
}

TEST(Normal, FewNumbersComeInKeptPairs) {
  RandomStream stream(42);
  expect_near(normals<float>(stream, 5), {0x1.58c55cp-2, 0x1.07cd3ap-3, 0x1.e02dcep-3, 0x1.d7b8d8p-3, -0x1.1f7384p+0},
              1e-7);
  EXPECT_TRUE(stream.next_double_normal.has_value());
  expect_near(normals<float>(stream, 4), {-0x1.7d99bp-3, 0x1.1aa658p+1, -0x1.46a78cp-1, 0x1.d8bcacp-2},
              1e-7);  // begins with the value kept
  EXPECT_EQ(uniforms<float>(stream, 2, 0, 1), (Numbers{0x1.141a54p-2, 0x1.c3f4dp-2}));
  expect_near(
      normals<double>(5),
      {0x1.58c55b33d44ccp-2, 0x1.07cd39b3d4b85p-3, 0x1.e02dcdb63ec41p-3, 0x1.d7b8d7b0a7c22p-3, -0x1.1f7383f8320c1p+0},
      1e-15);
}

TEST(Normal, ManyNumbersComeInBlocksOf16) {
  expect_near(normals<float>(16),
              {0x1.ed4a52p+0, 0x1.7cbea6p+0, 0x1.cd2acep-1, -0x1.0d81b6p+1, 0x1.5b59aap-1, -0x1.3c0b22p+0,
               -0x1.60cf0cp-5, -0x1.9acb74p+0, -0x1.8117ep-1, 0x1.a612b6p+0, -0x1.91e5ecp-2, -0x1.6752ccp+0,
               -0x1.74acdcp-1, -0x1.1e6da2p-1, -0x1.89a54p-1, 0x1.865f3ep-1},
              1e-6);
  RandomStream stream(42);
  expect_near(
      normals<float>(stream, 37),
      {0x1.ed4a52p+0,  0x1.7cbea6p+0, 0x1.cd2acep-1,  -0x1.0d81b6p+1, 0x1.5b59aap-1,  -0x1.3c0b22p+0, -0x1.60cf0cp-5,
       -0x1.9acb74p+0, -0x1.8117ep-1, 0x1.a612b6p+0,  -0x1.91e5ecp-2, -0x1.6752ccp+0, -0x1.74acdcp-1, -0x1.1e6da2p-1,
       -0x1.89a54p-1,  0x1.865f3ep-1, 0x1.a46ee2p+0,  -0x1.46db0ap-3, -0x1.fd55c8p-2, 0x1.c223bp-2,   -0x1.8429c4p-1,
       -0x1.b2b51ap-2, 0x1.390ee8p-2, -0x1.8c9764p-1, 0x1.1e007ep-5,  0x1.48cf3ap-2,  0x1.92d776p+0,  -0x1.b0e11cp-1,
       0x1.4ff364p+0,  0x1.0fb76cp+1, -0x1.3c123ap+0, -0x1.f39fb2p-2, -0x1.6b05fap+0, 0x1.cae3aep-1,  0x1.98d32ep-5,
       0x1.2223dp+1,   0x1.2dcfbap+0},
      1e-6);
  EXPECT_EQ(uniforms<float>(stream, 2, 0, 1), (Numbers{0x1.d20ed6p-1, 0x1.49bc6cp-1}));  // 37 + 16 draws so far
  expect_near(normals<float>(20, 1.5, 0.3),
              {0x1.09fe5ap+1, 0x1.f23932p+0, 0x1.c52cd2p+0, 0x1.bc978cp-1, 0x1.45c688p+0, 0x1.d2d096p+0, 0x1.bd8062p+0,
               0x1.00892cp+1, 0x1.9b547ep+0, 0x1.4b4472p+0, 0x1.5a1c38p+0, 0x1.928bd8p+0, 0x1.6e3614p+0, 0x1.833506p+0,
               0x1.6cadd4p+0, 0x1.c20982p+0, 0x1.683686p+0, 0x1.619c04p+0, 0x1.bdb3acp+0, 0x1.5042fp+0},
              1e-6);
}

TEST(Normal, OtherTypes) {
  expect_near(normals<double>(16),
              {0x1.32bee22ccb503p-2, 0x1.f063c46668b78p-3, 0x1.22011e840abbdp-2, -0x1.dd10ce0b8c5a4p-3,
               0x1.57a1651f4080fp-1, 0x1.9043d03301e76p-1, -0x1.ca51a01b5635ep+0, -0x1.bf975374a1832p+0,
               0x1.63479875eff86p-3, 0x1.113f545630654p-2, 0x1.b6cd4189ed584p-2, 0x1.dadecf5c79cd4p-3,
               -0x1.057e37304749cp+0, -0x1.a78f0bc585a1cp-1, 0x1.bbf5377e05516p+0, -0x1.7df87a7384c38p+0},
              1e-15);
  expect_near(normals<double>(37),
              {0x1.32bee22ccb503p-2,  0x1.f063c46668b78p-3,  0x1.22011e840abbdp-2,  -0x1.dd10ce0b8c5a4p-3,
               0x1.57a1651f4080fp-1,  0x1.9043d03301e76p-1,  -0x1.ca51a01b5635ep+0, -0x1.bf975374a1832p+0,
               0x1.63479875eff86p-3,  0x1.113f545630654p-2,  0x1.b6cd4189ed584p-2,  0x1.dadecf5c79cd4p-3,
               -0x1.057e37304749cp+0, -0x1.a78f0bc585a1cp-1, 0x1.bbf5377e05516p+0,  -0x1.7df87a7384c38p+0,
               0x1.af4f50453b3d3p-2,  0x1.812ba60e823bdp+0,  0x1.4586fc50325b4p+0,  0x1.3cc2503d82af8p-1,
               -0x1.30c45c7145abep-5, 0x1.299da1478f7e5p-3,  -0x1.490a197c5ed36p-1, 0x1.ba2a193fb0931p-1,
               -0x1.37a7e81c04e7ap+0, -0x1.c74691d64e493p-2, -0x1.11857c7112068p-2, -0x1.9fa99419a36f4p-1,
               0x1.2c595264a0764p+1,  -0x1.b237c7fac2d57p-3, 0x1.24c0307af6c6p-1,   0x1.3e514ec46da84p-1,
               -0x1.fda3aac3af6cdp+0, -0x1.018b7e9a3399ap-2, -0x1.05ac8c66b1333p+0, 0x1.27448a0e201c6p-3,
               0x1.91cb329c887e9p+0},
              1e-15);
  expect_near(
      normals<double>(20, 1.5, 0.3),
      {0x1.97018429c272dp+0, 0x1.929d575d70ba1p+0, 0x1.95c0157d1a67bp+0, 0x1.6e1c2b792abcap+0, 0x1.7d248f222358dp+0,
       0x1.cf81ca417d712p+0, 0x1.7f39b5e83cd3fp+0, 0x1.86df4064da287p+0, 0x1.82f3aae36811ep+0, 0x1.76eb3bc63a7c9p+0,
       0x1.f4093da4c64d3p-1, 0x1.5bf209bb9a9p+0,   0x1.9e2299956225ap+0, 0x1.d5213bccf7408p+0, 0x1.c27200a0e4328p+0,
       0x1.c1ae3adfa986p+0,  0x1.9327a317f3e84p+0, 0x1.9416f1d30816dp+0, 0x1.0ac2ecdbe9b36p+0, 0x1.66918942d8e6dp+0},
      1e-15);
  EXPECT_EQ(normals<BFloat16>(20),
            (Numbers{-0x1.9ep-1, -0x1.88p+0, 0x1.ap-2,   0x1.6p-3,  -0x1.0ep-5, -0x1.48p-4, 0x1.4p-4,
                     -0x1.4cp-1, 0x1.22p-1,  0x1.e4p-3,  0x1.f2p-2, 0x1.2cp+0,  -0x1.52p+0, -0x1.58p-1,
                     0x1.54p-5,  -0x1.4ap-1, -0x1.16p+1, 0x1.5ap+0, 0x1.1ap-2,  -0x1.cep-4}));
  EXPECT_EQ(normals<Half>(20),
            (Numbers{0x1.8cp-2,   0x1.78cp+0,  0x1.2ccp-3,  -0x1.1e8p+0, -0x1.8c8p+0, -0x1.6bp+0,  0x1.49p-1,
                     -0x1.114p-1, 0x1.1p-2,    -0x1.c8cp-1, 0x1.fecp-1,  0x1.d94p-2,  -0x1.07cp+0, 0x1.384p-2,
                     0x1.74p-1,   -0x1.248p-2, 0x1.9e8p+0,  -0x1.464p+0, 0x1.07cp-4,  0x1.cd8p-2}));
}

TEST(Normal, SinglePrecisionIsAccurate) {
  constexpr int64_t n = 160'000;
  RandomStream stream(11), again(11);
  std::vector<float> values(n), units(n);
  normal_fill(stream, values.data(), n, 0, 1);
  uniform_fill(again, units.data(), n, 0, 1);
  for (size_t i = 0; i < n; i += 16) {
    for (size_t j = i; j < i + 8; ++j) {
      const double radius = std::sqrt(-2.0 * std::log(1.0 - static_cast<double>(units[j])));
      const double theta = static_cast<double>(static_cast<float>(2 * M_PI) * units[j + 8]);
      ASSERT_NEAR(values[j], radius * std::cos(theta), 5e-7 * std::fabs(radius * std::cos(theta)));
      ASSERT_NEAR(values[j + 8], radius * std::sin(theta), 5e-7 * std::fabs(radius * std::sin(theta)));
    }
  }
}

TEST(Integers, PyTorchsNumbers) {
  const auto bounded = [](uint64_t range, int64_t base, size_t n) {
    return draw(n, [=](RandomStream& g) { return static_cast<double>(random_from_to<int64_t>(g, range, base)); });
  };
  EXPECT_EQ(bounded(10, 0, 8), (Numbers{2.0, 7.0, 6.0, 4.0, 6.0, 5.0, 0.0, 4.0}));
  EXPECT_EQ(bounded((uint64_t{1} << 40) + 5, -5, 4),
            (Numbers{441476371554.0, 395845085946.0, 458553876606.0, 809967084457.0}));
  EXPECT_EQ(bounded((uint64_t{1} << 32) - 1, 0, 4), (Numbers{1608637542.0, 3421126067.0, 4083286876.0, 787846414.0}));
  EXPECT_EQ(bounded(uint64_t{1} << 32, 0, 4), (Numbers{3421126067.0, 787846414.0, 3348747335.0, 2563451924.0}));
  RandomStream whole(42);
  for (const int64_t expected :
       {6909045637428952499LL, -909160480315697906LL, -4943839226470214585LL, -7403444187379848172LL})
    EXPECT_EQ(random_from_to<int64_t>(whole, 0, 0), expected);
  RandomStream words(42);  // 32 bits for types that hold no more
  EXPECT_EQ(random_from_to<int32_t>(words, uint64_t{1} << 32, 0), 1608637542);
}

template <class T>
double element(RandomStream& g) {
  return static_cast<double>(random_element<T>(g));
}

TEST(Integers, WithoutBounds) {
  RandomStream longs(42);
  for (const int64_t expected :
       {6909045637428952499LL, 8314211556539077902LL, 4279532810384561223LL, 1819927849474927636LL})
    EXPECT_EQ(random_element<int64_t>(longs), expected);
  EXPECT_EQ(draw(4, element<int32_t>), (Numbers{1608637542.0, 1273642419.0, 1935803228.0, 787846414.0}));
  EXPECT_EQ(draw(4, element<uint8_t>), (Numbers{102.0, 179.0, 92.0, 14.0}));
  EXPECT_EQ(draw(8, element<bool>), (Numbers{0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0}));
  EXPECT_EQ(draw(4, element<float>), (Numbers{0x1.c3b80ep+23, 0x1.d479dp+23, 0x1.8809a4p+22, 0x1.eb29cp+23}));
  EXPECT_EQ(draw(4, element<double>),
            (Numbers{0x1.dc66cbea3ab4p+48, 0x1.01ae177ac6b98p+49, 0x1.fa3563cce736p+49, 0x1.aebc98cb274ap+48}));
  EXPECT_EQ(draw(4, element<Half>), (Numbers{0x1.aap+8, 0x1.cd8p+9, 0x1.748p+9, 0x1.c6p+10}));
  EXPECT_EQ(draw(4, element<BFloat16>), (Numbers{0x1.8p+3, 0x1.2ap+7, 0x1.92p+7, 0x1p+6}));
}

TEST(Distributions, PyTorchsNumbers) {
  expect_near(
      draw(5, [](RandomStream& g) { return exponential(g, 1.7); }),
      {0x1.20b70ebb8ee22p-5, 0x1.391bc68b12c9ap-5, 0x1.3dd782ef4c022p-4, 0x1.044764e007044p-5, 0x1.c1e7622afcb74p-2},
      1e-15);
  expect_near(draw(5, [](RandomStream& g) { return cauchy(g, 1, 2); }),
              {-0x1.3a6632p+3, -0x1.1f98ccp+3, -0x1.f1e348p+1, -0x1.5fe9b6p+3, 0x1.2a3148p+0}, 1e-7);
  expect_near(draw(5, [](RandomStream& g) { return log_normal(g, 1, 2); }),
              {0x1.55214cp+2, 0x1.c22e42p+1, 0x1.160d4ap+2, 0x1.13c3d8p+2, 0x1.26a434p-2}, 1e-7);
  EXPECT_EQ(draw(5, [](RandomStream& g) { return geometric(g, 0.2); }),
            (Numbers{0x1.ap+3, 0x1.ap+3, 0x1.4p+3, 0x1.cp+3, 0x1.8p+1}));
  EXPECT_EQ(draw(20, [](RandomStream& g) { return bernoulli(g, 0.3) ? 1.0 : 0.0; }),
            (Numbers{0x1p+0, 0x1p+0, 0x1p+0, 0x1p+0, 0x0p+0, 0x0p+0, 0x0p+0, 0x0p+0, 0x1p+0, 0x1p+0,
                     0x1p+0, 0x0p+0, 0x0p+0, 0x0p+0, 0x0p+0, 0x0p+0, 0x1p+0, 0x0p+0, 0x0p+0, 0x0p+0}));
}

}  // namespace
}  // namespace hearth
