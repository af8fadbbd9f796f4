#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hearth/export.h"

// Generator::mutex() gives a std::mutex, and <mutex> is dear: programs that lock include it anyway.
namespace std {
#if defined(_GLIBCXX_BEGIN_NAMESPACE_VERSION)
_GLIBCXX_BEGIN_NAMESPACE_VERSION
#endif
class mutex;
#if defined(_GLIBCXX_END_NAMESPACE_VERSION)
_GLIBCXX_END_NAMESPACE_VERSION
#endif
}  // namespace std

namespace hearth {

struct GeneratorImpl;

/// The default generator's seed until manual_seed sets another.
constexpr uint64_t default_rng_seed_val = 67280421310721;

/// A handle to a source of random numbers; copies share it. Using an empty handle is a TypeError. Operations lock the
/// generator while they draw; a program that draws from one in several threads gets an order that varies.
class HEARTH_API Generator {
 public:
  Generator() = default;
  explicit Generator(GeneratorImpl* owned) : impl_(owned) {}  ///< takes over one reference
  Generator(const Generator& other);
  Generator(Generator&& other) noexcept : impl_(other.impl_) { other.impl_ = nullptr; }
  Generator& operator=(Generator other) noexcept {
    GeneratorImpl* const mine = impl_;
    impl_ = other.impl_;
    other.impl_ = mine;
    return *this;
  }
  ~Generator();

  bool defined() const { return impl_ != nullptr; }
  bool operator==(const Generator& other) const { return impl_ == other.impl_; }
  bool operator!=(const Generator& other) const { return impl_ != other.impl_; }

  /// Starts the stream that belongs to the seed (its lower 32 bits, as in PyTorch).
  void set_current_seed(uint64_t seed);
  uint64_t current_seed() const;
  /// Draws a seed from the system, sets and returns it.
  uint64_t seed();
  /// Held by an operation while it draws.
  std::mutex& mutex();
  /// A generator of its own in the same state.
  Generator clone() const;
  /// The whole state: engine, position, seed and the normal value kept for the next call.
  std::vector<uint8_t> get_state() const;
  /// ValueError if the bytes are not a whole state; the generator is then as before.
  void set_state(const std::vector<uint8_t>& state);

  GeneratorImpl* unsafeGetGeneratorImpl() const { return impl_; }

 private:
  GeneratorImpl* impl_ = nullptr;
};

/// Seeds the default generator. The same seed gives the numbers that PyTorch gives.
HEARTH_API void manual_seed(uint64_t seed);
/// Seeds the default generator from the system and returns that seed.
HEARTH_API uint64_t seed();

namespace detail {
/// The generator that operations draw from when none is given: the process's, except inside a data loader's worker,
/// where each sample has its own.
HEARTH_API const Generator& getDefaultCPUGenerator();
HEARTH_API Generator createCPUGenerator(uint64_t seed_val = default_rng_seed_val);
}  // namespace detail

}  // namespace hearth
