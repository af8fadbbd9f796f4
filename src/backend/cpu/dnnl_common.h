#pragma once

// What the files that use oneDNN share. Only dnnl_* include this, and only they know oneDNN.
//
// Primitives are made and run on one thread: hearth's pool shares out the work, so that the same bits come out of any
// number of threads. Each thread keeps its own primitives with the memory objects they run on; oneDNN's own cache,
// which all threads share, makes a second copy cheap (about 1 µs instead of 45 to 250).

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <oneapi/dnnl/dnnl.hpp>
#include <vector>

#include "backend/kernels.h"
#include "tensor/impl.h"

namespace hearth::cpu {

/// Sets OpenMP to one thread on the calling thread and on those of the pool. Cheap; call it before anything else here.
void prepare_dnnl();
const dnnl::engine& dnnl_engine();
dnnl::stream& dnnl_stream();

/// Held while primitives are made and dropped: threads share them inside oneDNN, which a thread sanitizer can't follow.
std::mutex& dnnl_making();

/// Whether this processor multiplies bfloat16 itself.
bool dnnl_has_bf16();

inline dnnl::memory::data_type dnnl_type(ScalarType dtype) {
  return dtype == kBFloat16 ? dnnl::memory::data_type::bf16 : dnnl::memory::data_type::f32;
}

/// A block of the caching allocator.
class Scratch {
 public:
  explicit Scratch(size_t bytes);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  void* data() const { return data_; }

 private:
  size_t bytes_;
  void* data_;
};

/// A primitive with its memory objects; between runs only their pointers change.
class DnnlRunner {
 public:
  struct Arg {
    int what;  // DNNL_ARG_…
    dnnl::memory::desc desc;
  };
  /// The primitive was made with scratchpad_mode::user.
  DnnlRunner(const dnnl::primitive& primitive, const std::vector<Arg>& args, size_t scratch_bytes);
  size_t scratch_bytes() const { return scratch_bytes_; }
  /// `data` in the order of `args`; `scratch` has at least scratch_bytes() or is null, then the runner takes its own.
  void run(std::initializer_list<const void*> data, void* scratch = nullptr);

 private:
  dnnl::primitive primitive_;
  std::vector<dnnl::memory> memories_;
  std::array<dnnl_exec_arg_t, 8> args_{};
  int count_ = 0;
  size_t scratch_bytes_;
};

/// Up to 32 numbers that tell primitives apart.
class DnnlKey {
 public:
  DnnlKey& operator<<(int64_t value) {
    if (size_ < kMost) values_[size_++] = value;
    hash_ = (hash_ ^ static_cast<uint64_t>(value)) * 0x9E3779B97F4A7C15U;
    hash_ ^= hash_ >> 29;
    return *this;
  }
  uint64_t hash() const { return hash_; }
  bool operator==(const DnnlKey& other) const {
    return hash_ == other.hash_ && size_ == other.size_ &&
           std::memcmp(values_.data(), other.values_.data(), size_ * sizeof(int64_t)) == 0;
  }

 private:
  static constexpr size_t kMost = 32;
  size_t size_ = 0;
  uint64_t hash_ = 0x2545F4914F6CDD1DU;
  std::array<int64_t, kMost> values_;  // NOLINT: the first size_ are set
};

/// A bounded table of one thread: 64 sets of 4 entries, the one that was used longest ago gives way. An entry may be
/// null: oneDNN has refused it, and need not be asked again.
template <class Entry>
class DnnlTable {
 public:
  static constexpr size_t kSets = 64, kWays = 4;

  /// The entry of `key`; make() returns a unique_ptr.
  template <class Make>
  std::shared_ptr<Entry> get(const DnnlKey& key, Make&& make) {
    auto& set = sets_[key.hash() % kSets];
    Slot* oldest = &set[0];
    for (Slot& slot : set) {
      if (slot.used != 0 && slot.key == key) {
        slot.used = ++clock_;
        return slot.entry;
      }
      if (slot.used < oldest->used) oldest = &slot;
    }
    const std::lock_guard lock(dnnl_making());
    std::shared_ptr<Entry> made = make();
    if (oldest->used == 0) ++size_;
    *oldest = Slot{key, made, ++clock_};
    return made;
  }
  size_t size() const { return size_; }

 private:
  struct Slot {
    DnnlKey key;
    std::shared_ptr<Entry> entry;
    uint64_t used = 0;
  };
  std::array<std::array<Slot, kWays>, kSets> sets_;
  uint64_t clock_ = 0;
  size_t size_ = 0;
};

}  // namespace hearth::cpu
