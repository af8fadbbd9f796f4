#include "base/rng.h"

#include <sys/random.h>

#include <bit>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <utility>

#include "base/fail.h"
#include "base/philox.h"

namespace hearth {
namespace {

thread_local constinit const Generator* thread_default = nullptr;

constexpr char kMagic[8] = {'h', 'e', 'a', 'r', 't', 'h', 'R', '1'};
constexpr uint8_t kHasFloat = 1, kHasDouble = 2;
// magic, engine, kept normals, 6 zeros, seed, float and 4 zeros, double
constexpr size_t kHeadBytes = 8 + 8 + 8 + 8 + 8;
constexpr size_t kTwisterBytes = kHeadBytes + 4 + 4 * static_cast<size_t>(Mt19937::kWords);
constexpr size_t kPhiloxBytes = kHeadBytes + size_t{3} * 8;

template <class Word>
void put(std::vector<uint8_t>& out, Word word) {  // little-endian everywhere
  for (size_t i = 0; i < sizeof word; ++i) out.push_back(static_cast<uint8_t>(word >> (8 * i)));
}

template <class Word>
Word take(const uint8_t*& in) {
  Word word = 0;
  for (size_t i = 0; i < sizeof word; ++i) word |= static_cast<Word>(*in++) << (8 * i);
  return word;
}

[[noreturn]] void bad_state(const char* what) {
  fail("[set_state] the bytes are not a generator's state: {}; pass what get_state gave", what);
}

GeneratorImpl& checked(GeneratorImpl* impl) {
  if (impl == nullptr) fail<TypeError>("[Generator] this handle is empty; make one with detail::createCPUGenerator()");
  return *impl;
}

}  // namespace

void RandomStream::fill(uint32_t* out, int64_t n) {
  if (engine_ == Engine::mt19937) return twister_.fill(out, n);
  for (int64_t i = 0; i < n; ++i) out[i] = next_philox();
}

std::array<uint32_t, 4> RandomStream::block(uint64_t index) {
  if (!keyed_) {
    const auto [a, b, c, d] = philox(seed_, index_, epoch_);
    key_ = uint64_t{b} << 32 | a;
    lane_ = uint64_t{d} << 32 | c;
    keyed_ = true;
  }
  return philox(key_, index, lane_);
}

uint32_t RandomStream::next_philox() {
  const auto word = static_cast<size_t>(drawn_ % 4);
  if (word == 0 || !keyed_) words_ = block(drawn_ / 4);
  ++drawn_;
  return words_[word];
}

void RandomStream::set_current_seed(uint64_t seed) {
  if (engine_ == Engine::philox) return set_stream(seed, 0, 0);
  seed_ = seed;
  twister_.reseed(seed);
  next_float_normal.reset();
  next_double_normal.reset();
}

void RandomStream::set_stream(uint64_t seed, uint64_t epoch, uint64_t index, uint64_t drawn) {
  engine_ = Engine::philox;
  keyed_ = false;
  seed_ = seed;
  epoch_ = epoch;
  index_ = index;
  drawn_ = drawn;
  next_float_normal.reset();
  next_double_normal.reset();
}

std::vector<uint8_t> RandomStream::state() const {
  std::vector<uint8_t> out;
  out.reserve(kTwisterBytes);
  out.insert(out.end(), std::begin(kMagic), std::end(kMagic));
  const int kept = (next_float_normal ? kHasFloat : 0) | (next_double_normal ? kHasDouble : 0);
  put(out, static_cast<uint64_t>(engine_) | static_cast<uint64_t>(kept) << 8);
  put(out, seed_);
  put(out, uint64_t{std::bit_cast<uint32_t>(next_float_normal.value_or(0.0F))});
  put(out, std::bit_cast<uint64_t>(next_double_normal.value_or(0.0)));
  if (engine_ == Engine::mt19937) {
    put(out, twister_.state().used);
    for (const uint32_t word : twister_.state().words) put(out, word);
  } else {
    for (const uint64_t word : {epoch_, index_, drawn_}) put(out, word);
  }
  return out;
}

void RandomStream::set_state(const uint8_t* bytes, size_t size) {
  if (size < kHeadBytes || std::memcmp(bytes, kMagic, sizeof kMagic) != 0) bad_state("the first bytes differ");
  const uint8_t* in = bytes + sizeof kMagic;
  const auto flags = take<uint64_t>(in);
  const auto engine = static_cast<uint8_t>(flags & 0xff);
  const auto kept = static_cast<uint8_t>(flags >> 8 & 0xff);
  if (engine > 1 || kept > (kHasFloat | kHasDouble) || flags >> 16 != 0) bad_state("unknown engine or flags");
  if (size != (engine == 0 ? kTwisterBytes : kPhiloxBytes)) bad_state("the size is wrong");

  RandomStream next = *this;
  next.engine_ = static_cast<Engine>(engine);
  next.keyed_ = false;
  next.seed_ = take<uint64_t>(in);
  const auto kept_float = std::bit_cast<float>(static_cast<uint32_t>(take<uint64_t>(in)));
  const auto kept_double = std::bit_cast<double>(take<uint64_t>(in));
  next.next_float_normal = (kept & kHasFloat) != 0 ? std::optional(kept_float) : std::nullopt;
  next.next_double_normal = (kept & kHasDouble) != 0 ? std::optional(kept_double) : std::nullopt;
  if (next.engine_ == Engine::mt19937) {
    Mt19937::State state;
    state.used = take<uint32_t>(in);
    if (state.used > Mt19937::kWords) bad_state("the position lies outside the engine");
    for (uint32_t& word : state.words) word = take<uint32_t>(in);
    next.twister_.set_state(state);
  } else {
    next.epoch_ = take<uint64_t>(in);
    next.index_ = take<uint64_t>(in);
    next.drawn_ = take<uint64_t>(in);
  }
  *this = next;
}

uint64_t system_seed() {
  uint64_t bits = 0;
  while (getrandom(&bits, sizeof bits, 0) != sizeof bits) {
    if (errno == EINTR) continue;
    bits = static_cast<uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
    bits *= 0x9E3779B97F4A7C15U;  // no kernel source: the clock, spread over all bits
    break;
  }
  return bits >> 11;
}

DefaultGeneratorGuard::DefaultGeneratorGuard(Generator generator)
    : mine_(std::move(generator)), before_(thread_default) {
  checked(mine_.unsafeGetGeneratorImpl());
  thread_default = &mine_;
}
DefaultGeneratorGuard::~DefaultGeneratorGuard() { thread_default = before_; }

GeneratorImpl& generator_or_default(const Generator* generator) {
  if (generator == nullptr || !generator->defined()) generator = &detail::getDefaultCPUGenerator();
  return *generator->unsafeGetGeneratorImpl();
}

Generator::Generator(const Generator& other) : impl_(other.impl_) {
  if (impl_ != nullptr) impl_->references.fetch_add(1, std::memory_order_relaxed);
}
Generator::~Generator() {
  if (impl_ != nullptr && impl_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete impl_;
}

void Generator::set_current_seed(uint64_t seed) { checked(impl_).set_current_seed(seed); }
uint64_t Generator::current_seed() const { return checked(impl_).current_seed(); }
uint64_t Generator::seed() {
  const uint64_t drawn = system_seed();
  set_current_seed(drawn);
  return drawn;
}
std::mutex& Generator::mutex() { return checked(impl_).lock; }
Generator Generator::clone() const {
  return Generator(std::make_unique<GeneratorImpl>(static_cast<const RandomStream&>(checked(impl_))).release());
}
std::vector<uint8_t> Generator::get_state() const { return checked(impl_).state(); }
void Generator::set_state(const std::vector<uint8_t>& state) { checked(impl_).set_state(state.data(), state.size()); }

void manual_seed(uint64_t seed) {
  GeneratorImpl& impl = generator_or_default(nullptr);
  const std::lock_guard lock(impl.lock);
  impl.set_current_seed(seed);
}

uint64_t seed() {
  const uint64_t drawn = system_seed();
  manual_seed(drawn);
  return drawn;
}

namespace detail {

const Generator& getDefaultCPUGenerator() {
  static const Generator process_default = createCPUGenerator();
  return thread_default != nullptr ? *thread_default : process_default;
}

Generator createCPUGenerator(uint64_t seed_val) {
  return Generator(std::make_unique<GeneratorImpl>(seed_val).release());
}

}  // namespace detail
}  // namespace hearth
