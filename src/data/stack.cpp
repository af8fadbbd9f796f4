#include "hearth/data/stack.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <vector>

#include "base/fail.h"
#include "data/stack_kernels.h"
#include "hearth/ops.h"

namespace hearth::data::detail {

namespace {

/// How mean and stddev meet a sample: one number for all of it, or one for each channel. count is 0 where they don't.
struct Channels {
  const float* mean = nullptr;
  const float* stddev = nullptr;
  int64_t count = 0, area = 0;
};

Channels channels_of(ArrayRef<int64_t> sizes, const Tensor& mean, const Tensor& stddev) {
  if (sizes.size() != 3 || mean.scalar_type() != kFloat32 || stddev.scalar_type() != kFloat32) return {};
  if (!mean.is_contiguous() || !stddev.is_contiguous() || mean.numel() != stddev.numel()) return {};
  if (mean.numel() == 0 || (mean.numel() != 1 && mean.numel() != sizes[0])) return {};
  return {mean.data_ptr<float>(), stddev.data_ptr<float>(), mean.numel(),
          sizes[0] * sizes[1] * sizes[2] / mean.numel()};
}

void normalize(const float* in, float* out, const Channels& channels) {
  for (int64_t c = 0; c < channels.count; ++c, in += channels.area, out += channels.area)
    normalize_run(in, out, channels.area, channels.mean[c], channels.stddev[c]);
}

/// A target of 8 bytes is not worth a call.
void copy_bytes(std::byte* to, const void* from, int64_t bytes) {
  if (bytes == 8) {
    std::memcpy(to, from, 8);
  } else if (bytes > 0) {
    std::memcpy(to, from, static_cast<size_t>(bytes));
  }
}

/// Cache lines of a sample that is copied soon. The processor follows by itself after the first few.
void prefetch(const void* data, int64_t bytes) {
  const auto* p = static_cast<const std::byte*>(data);
  for (int64_t i = 0; i < std::min<int64_t>(bytes, 4096); i += 64) __builtin_prefetch(p + i);
}

}  // namespace

struct StackInto::State {
  explicit State(size_t n) : filled(n) {}

  /// Memory for a sample like this one at place k, or null where it does not go with the others.
  std::byte* place_for(size_t k, ArrayRef<int64_t> sizes, ScalarType type) {
    if (!ready.load(std::memory_order_acquire)) allocate(sizes, type);
    if (type != dtype || sizes.size() != shape.size() || !std::equal(sizes.begin(), sizes.end(), shape.begin()))
      return nullptr;
    return block + static_cast<int64_t>(k) * bytes;
  }

  void allocate(ArrayRef<int64_t> sizes, ScalarType type) {
    const std::lock_guard lock(mutex);
    if (ready.load(std::memory_order_relaxed)) return;
    shape.assign(sizes.begin(), sizes.end());
    dtype = type;
    std::vector<int64_t> whole{static_cast<int64_t>(filled.size())};
    whole.insert(whole.end(), shape.begin(), shape.end());
    out = empty(whole, type);
    bytes = out.numel() / static_cast<int64_t>(filled.size()) * static_cast<int64_t>(out.element_size());
    block = static_cast<std::byte*>(out.data_ptr());
    if (mean && dtype == kFloat32) channels = channels_of(shape, *mean, *stddev);
    ready.store(true, std::memory_order_release);
  }

  /// The sample whose elements lie at `data` into its place.
  void fill(size_t k, std::byte* place, const void* data) {
    if (mean) {
      normalize(static_cast<const float*>(data), reinterpret_cast<float*>(place), channels);
    } else {
      copy_bytes(place, data, bytes);
    }
    filled[k] = 1;
  }

  bool fits() const { return !mean || channels.count > 0; }

  void keep(size_t k, Tensor sample) {
    if (mean) sample = sample.sub(*mean).div(*stddev);
    const std::lock_guard lock(mutex);
    if (kept.empty()) kept.resize(filled.size());
    kept[k] = std::move(sample);
    filled[k] = 2;
  }

  std::vector<uint8_t> filled;  // by place, each written by one thread: 1 in its place, 2 kept
  std::optional<Tensor> mean, stddev;
  std::mutex mutex;
  std::atomic<bool> ready{false};
  Tensor out;  // [n, *shape]
  std::vector<int64_t> shape;
  ScalarType dtype = ScalarType::Undefined;
  std::byte* block = nullptr;
  int64_t bytes = 0;         // of a sample
  Channels channels;         // where mean is set and the samples are floats that it fits
  std::vector<Tensor> kept;  // those that have no place in `out`
};

StackInto::StackInto(size_t n) : state_(std::make_unique<State>(n)) {}
StackInto::StackInto(StackInto&&) noexcept = default;
StackInto::~StackInto() = default;

void StackInto::normalize_by(const Tensor& mean, const Tensor& stddev) {
  state_->mean = mean;
  state_->stddev = stddev;
}

void StackInto::put(size_t k, Tensor sample) {
  State& s = *state_;
  if (sample.defined() && !sample.requires_grad()) {
    if (!sample.is_contiguous()) sample = sample.contiguous();
    if (std::byte* const place = s.place_for(k, sample.sizes(), sample.scalar_type()); place && s.fits())
      return s.fill(k, place, sample.data_ptr());
  }
  s.keep(k, std::move(sample));
}

void StackInto::put_row(size_t k, const Tensor& rows, size_t index, const size_t* next) {
  State& s = *state_;
  const auto row = static_cast<int64_t>(index);
  if (!rows.defined() || rows.dim() == 0) return s.keep(k, rows[row]);  // with its error
  const auto count = static_cast<size_t>(rows.size(0));
  if (index >= count)
    throw IndexError(fmt::format("[dataset] index {} is out of range for a dataset with {} samples", index, count), row,
                     static_cast<int64_t>(count));
  if (rows.is_contiguous() && !rows.requires_grad())
    if (std::byte* const place = s.place_for(k, rows.sizes().slice(1), rows.scalar_type()); place && s.fits()) {
      const auto* const data = static_cast<const std::byte*>(rows.data_ptr());
      if (next && *next < count) prefetch(data + static_cast<int64_t>(*next) * s.bytes, s.bytes);
      return s.fill(k, place, data + row * s.bytes);
    }
  put(k, rows[row]);
}

Tensor StackInto::finish() {
  State& s = *state_;
  const bool whole = std::all_of(s.filled.begin(), s.filled.end(), [](uint8_t f) { return f != 0; });
  if (whole && s.kept.empty()) return std::move(s.out);
  std::vector<Tensor> parts;
  for (size_t k = 0; k < s.filled.size(); ++k) {
    if (s.filled[k] == 1) parts.push_back(s.out[static_cast<int64_t>(k)]);
    if (s.filled[k] == 2) parts.push_back(std::move(s.kept[k]));
  }
  return stack(parts);
}

}  // namespace hearth::data::detail
