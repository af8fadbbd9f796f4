#include "base/rng.h"

#include <gtest/gtest.h>

#include <random>
#include <thread>
#include <vector>

#include "base/philox.h"
#include "hearth/error.h"

namespace hearth {
namespace {

using Words = std::array<uint32_t, 4>;

TEST(Philox, PublishedVectors) {
  EXPECT_EQ(philox(std::array<uint32_t, 2>{0, 0}, Words{0, 0, 0, 0}),
            (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox(std::array<uint32_t, 2>{ones, ones}, Words{ones, ones, ones, ones}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  const Words pi{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
  EXPECT_EQ(
      philox(std::array<uint32_t, 2>{0xa4093822, 0x299f31d0}, Words{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}),
      pi);
  EXPECT_EQ(philox(uint64_t{0x299f31d0a4093822}, uint64_t{0x85a308d3243f6a88}, uint64_t{0x0370734413198a2e}), pi);
}

TEST(Mt19937, StreamIsTheStandardOne) {
  for (const uint32_t seed : {0U, 1U, 5489U, 0xffffffffU}) {
    Mt19937 mine(seed);
    std::mt19937 standard(seed);
    for (int i = 0; i < 2000; ++i) ASSERT_EQ(mine(), standard()) << seed << " " << i;
  }
  Mt19937 wide(uint64_t{7} << 32 | 3), narrow(3);
  EXPECT_EQ(wide(), narrow());
}

TEST(Mt19937, FillGivesTheSameStream) {
  Mt19937 filled(42), single(42);
  for (const int64_t n : {1, 0, 5, 700, 624, 3000}) {
    std::vector<uint32_t> words(static_cast<size_t>(n));
    filled.fill(words.data(), n);
    for (const uint32_t word : words) ASSERT_EQ(word, single());
  }
  EXPECT_EQ(filled(), single());
}

TEST(RandomStream, PyTorchsWordsForASeed) {
  RandomStream stream(123);
  EXPECT_EQ(stream.random64(), 12847588855871978861U);  // the first draw is the upper half
  EXPECT_EQ(stream.random(), 1228959102U);
  EXPECT_EQ(stream.random(), 1840268610U);
}

std::vector<uint32_t> draw(RandomStream& stream, int n) {
  std::vector<uint32_t> words;
  for (int i = 0; i < n; ++i) words.push_back(stream.random());
  return words;
}

TEST(RandomStream, StreamsAreNamedBySeedEpochAndIndex) {
  RandomStream stream;
  const auto named = [&](uint64_t seed, uint64_t epoch, uint64_t index) {
    stream.set_stream(seed, epoch, index);
    return draw(stream, 9);
  };
  const auto first = named(1, 2, 3);
  EXPECT_EQ(stream.engine(), RandomStream::Engine::philox);
  EXPECT_NE(named(1, 2, 4), first);
  EXPECT_NE(named(1, 3, 3), first);
  EXPECT_NE(named(2, 2, 3), first);
  EXPECT_EQ(named(1, 2, 3), first);

  stream.set_stream(1, 2, 3);
  std::vector<uint32_t> filled(9);
  stream.fill(filled.data(), 2);
  stream.fill(filled.data() + 2, 7);
  EXPECT_EQ(filled, first);

  stream.set_current_seed(5);  // stays a stream
  const auto seeded = draw(stream, 4);
  EXPECT_EQ(stream.engine(), RandomStream::Engine::philox);
  EXPECT_EQ(seeded, [&] {
    stream.set_stream(5, 0, 0);
    return draw(stream, 4);
  }());
}

TEST(RandomStream, StateComesBackInFull) {
  for (const bool philox_engine : {false, true}) {
    for (const int before : {0, 1, 3, 4, 623, 624, 625}) {
      RandomStream stream(99);
      if (philox_engine) stream.set_stream(4, 5, 6);
      draw(stream, before);
      stream.next_float_normal = 1.5F;
      stream.next_double_normal = -2.25;
      const auto state = stream.state();
      const auto expected = draw(stream, 700);
      RandomStream other(1);
      other.set_stream(7, 8, 9);  // with a key of its own
      draw(other, 2);
      other.set_state(state.data(), state.size());
      EXPECT_EQ(other.current_seed(), philox_engine ? 4U : 99U);
      EXPECT_EQ(other.next_float_normal, 1.5F);
      EXPECT_EQ(other.next_double_normal, -2.25);
      EXPECT_EQ(other.state(), state);
      EXPECT_EQ(draw(other, 700), expected) << philox_engine << before;
    }
  }
}

TEST(RandomStream, ADamagedStateChangesNothing) {
  RandomStream stream(3);
  const auto good = stream.state();
  RandomStream target(8);
  const auto before = target.state();
  const auto refused = [&](std::vector<uint8_t> bytes) {
    EXPECT_THROW(target.set_state(bytes.data(), bytes.size()), ValueError);
    EXPECT_EQ(target.state(), before);
  };
  refused({});
  refused(std::vector<uint8_t>(good.begin(), good.end() - 1));
  auto bytes = good;
  bytes.push_back(0);
  refused(bytes);
  for (const size_t at : {size_t{0}, size_t{8}, size_t{9}, size_t{15}, size_t{43}}) {  // magic, engine, flags, position
    bytes = good;
    bytes[at] = 0xff;
    refused(bytes);
  }
}

TEST(Generator, HandleSharesAndCloneDoesNot) {
  Generator a = detail::createCPUGenerator(7);
  const Generator b = a;
  EXPECT_TRUE(a == b);
  EXPECT_EQ(b.current_seed(), 7U);
  a.set_current_seed(9);
  EXPECT_EQ(b.current_seed(), 9U);
  Generator c = a.clone();
  EXPECT_TRUE(c != a);
  EXPECT_EQ(c.get_state(), a.get_state());
  c.unsafeGetGeneratorImpl()->random();
  EXPECT_NE(c.get_state(), a.get_state());
  c.set_state(a.get_state());
  EXPECT_EQ(c.get_state(), a.get_state());
  EXPECT_EQ(detail::createCPUGenerator().current_seed(), default_rng_seed_val);
  const std::lock_guard<std::mutex> lock(a.mutex());
  const uint64_t drawn = c.seed();
  EXPECT_EQ(c.current_seed(), drawn);
  EXPECT_NE(c.seed(), drawn);
}

TEST(Generator, AnEmptyHandleIsATypeError) {
  Generator none;
  EXPECT_FALSE(none.defined());
  EXPECT_THROW(none.current_seed(), TypeError);
  EXPECT_THROW(none.set_current_seed(1), TypeError);
  EXPECT_THROW(none.clone(), TypeError);
  EXPECT_THROW(none.get_state(), TypeError);
  EXPECT_THROW(none.mutex(), TypeError);
  EXPECT_THROW(DefaultGeneratorGuard{none}, TypeError);
  Generator copy = none;
  EXPECT_TRUE(copy == none);
  EXPECT_EQ(&generator_or_default(&none), detail::getDefaultCPUGenerator().unsafeGetGeneratorImpl());
}

TEST(Generator, DefaultIsPerThreadUnderAGuard) {
  const auto before = detail::getDefaultCPUGenerator().get_state();
  {
    const Generator mine = detail::createCPUGenerator(1);
    const DefaultGeneratorGuard guard(mine);
    EXPECT_TRUE(detail::getDefaultCPUGenerator() == mine);
    {
      const DefaultGeneratorGuard inner(detail::createCPUGenerator(2));
      EXPECT_EQ(detail::getDefaultCPUGenerator().current_seed(), 2U);
    }
    EXPECT_TRUE(detail::getDefaultCPUGenerator() == mine);
    manual_seed(77);
    EXPECT_EQ(mine.current_seed(), 77U);
    std::thread other([&] { EXPECT_FALSE(detail::getDefaultCPUGenerator() == mine); });
    other.join();
  }
  EXPECT_EQ(detail::getDefaultCPUGenerator().get_state(), before);
}

TEST(Generator, SeedsTheDefault) {
  Generator process = detail::getDefaultCPUGenerator();
  const auto before = process.get_state();
  manual_seed(42);
  EXPECT_EQ(process.current_seed(), 42U);
  const uint64_t drawn = seed();
  EXPECT_EQ(process.current_seed(), drawn);
  EXPECT_LT(drawn, uint64_t{1} << 53);
  process.set_state(before);
}

}  // namespace
}  // namespace hearth
