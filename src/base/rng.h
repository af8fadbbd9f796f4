#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "base/mt19937.h"
#include "hearth/dtype.h"
#include "hearth/generator.h"

namespace hearth {

/// A stream of random words. Two engines: the Mersenne twister, with PyTorch's numbers, and a Philox stream named by
/// (seed, epoch, index), which costs nothing to start and is what a data loader's worker draws from.
class RandomStream {
 public:
  enum class Engine : uint8_t { mt19937, philox };

  explicit RandomStream(uint64_t seed = default_rng_seed_val) : seed_(seed), twister_(seed) {}

  uint32_t random() { return engine_ == Engine::mt19937 ? twister_() : next_philox(); }
  /// Two draws, the first in the upper half.
  uint64_t random64() {
    const uint64_t upper = random();
    return upper << 32 | random();
  }
  /// The next n words.
  void fill(uint32_t* out, int64_t n);

  /// Seeds the engine in use and forgets a kept normal value.
  void set_current_seed(uint64_t seed);
  uint64_t current_seed() const { return seed_; }
  /// Goes over to the Philox stream (seed, epoch, index), at its start or behind so many of its words. Its key is made
  /// at the first draw.
  void set_stream(uint64_t seed, uint64_t epoch, uint64_t index, uint64_t drawn = 0);
  Engine engine() const { return engine_; }

  /// Everything that decides the numbers to come, as bytes that mean the same on every machine.
  std::vector<uint8_t> state() const;
  /// ValueError if the bytes are not such a state; nothing changes then.
  void set_state(const uint8_t* bytes, size_t size);

  // Box-Muller makes two normals at a time: the second waits here.
  std::optional<float> next_float_normal;
  std::optional<double> next_double_normal;

 private:
  uint32_t next_philox();
  std::array<uint32_t, 4> block(uint64_t index);

  Engine engine_ = Engine::mt19937;
  bool keyed_ = false;  // key_ and lane_ are made
  uint64_t seed_;
  uint64_t epoch_ = 0, index_ = 0;
  uint64_t drawn_ = 0;  // words given out since the stream's start
  uint64_t key_ = 0, lane_ = 0;
  std::array<uint32_t, 4> words_{};  // the block of word drawn_ - 1
  Mt19937 twister_;
};

/// What a Generator points to. Operations lock it once for all the numbers they draw.
struct GeneratorImpl : RandomStream {
  using RandomStream::RandomStream;
  explicit GeneratorImpl(const RandomStream& stream) : RandomStream(stream) {}
  std::mutex lock;
  std::atomic<int> references{1};
};

/// The impl of `generator`, or of the thread's default generator where it is null or empty.
GeneratorImpl& generator_or_default(const Generator* generator);

/// While one lives, this thread's default generator is the given one.
class DefaultGeneratorGuard {
 public:
  explicit DefaultGeneratorGuard(Generator generator);
  ~DefaultGeneratorGuard();
  DefaultGeneratorGuard(const DefaultGeneratorGuard&) = delete;
  DefaultGeneratorGuard& operator=(const DefaultGeneratorGuard&) = delete;

 private:
  Generator mine_;
  const Generator* before_;
};

/// A seed from the system, of 53 bits so that a double holds it.
uint64_t system_seed();

}  // namespace hearth
