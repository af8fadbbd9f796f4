#include "hearth/data/stack.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <vector>

#include "base/fail.h"
#include "hearth/ops.h"

namespace hearth::data::detail {

struct StackInto::State {
  explicit State(size_t n) : filled(n) {}

  /// Memory for a sample like this one at place k, or null where it does not go with the others.
  std::byte* place_for(size_t k, ArrayRef<int64_t> sizes, ScalarType type) {
    if (!ready.load(std::memory_order_acquire)) allocate(sizes, type);
    if (type != dtype || sizes.size() != shape.size() || !std::equal(sizes.begin(), sizes.end(), shape.begin()))
      return nullptr;
    filled[k] = 1;
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
    ready.store(true, std::memory_order_release);
  }

  void keep(size_t k, Tensor sample) {
    const std::lock_guard lock(mutex);
    if (kept.empty()) kept.resize(filled.size());
    kept[k] = std::move(sample);
    filled[k] = 2;
  }

  std::vector<uint8_t> filled;  // by place, each written by one thread: 1 in its place, 2 kept
  std::mutex mutex;
  std::atomic<bool> ready{false};
  Tensor out;  // [n, *shape]
  std::vector<int64_t> shape;
  ScalarType dtype = ScalarType::Undefined;
  std::byte* block = nullptr;
  int64_t bytes = 0;         // of a sample
  std::vector<Tensor> kept;  // those that have no place in `out`
};

namespace {

/// How mean and stddev meet a sample: one number for all of it, or one for each channel.
struct Channels {
  const float* mean;
  const float* stddev;
  int64_t count, area;
};

std::optional<Channels> channels_of(ArrayRef<int64_t> sizes, const Tensor& mean, const Tensor& stddev) {
  if (sizes.size() != 3 || mean.scalar_type() != kFloat32 || stddev.scalar_type() != kFloat32) return std::nullopt;
  if (!mean.is_contiguous() || !stddev.is_contiguous() || mean.numel() != stddev.numel()) return std::nullopt;
  if (mean.numel() != 1 && mean.numel() != sizes[0]) return std::nullopt;
  const int64_t all = sizes[0] * sizes[1] * sizes[2];
  return Channels{mean.data_ptr<float>(), stddev.data_ptr<float>(), mean.numel(),
                  mean.numel() == 0 ? 0 : all / mean.numel()};
}

/// The same two roundings as sub and div.
void normalize(const float* in, float* out, const Channels& channels) {
  for (int64_t c = 0; c < channels.count; ++c, in += channels.area, out += channels.area) {
    const float mean = channels.mean[c], stddev = channels.stddev[c];
    for (int64_t i = 0; i < channels.area; ++i) out[i] = (in[i] - mean) / stddev;
  }
}

bool plain(const Tensor& t) { return t.defined() && t.device().is_cpu() && !t.requires_grad() && t.is_contiguous(); }

}  // namespace

StackInto::StackInto(size_t n) : state_(std::make_unique<State>(n)) {}
StackInto::StackInto(StackInto&&) noexcept = default;
StackInto::~StackInto() = default;

void StackInto::put(size_t k, Tensor sample) {
  State& s = *state_;
  if (sample.defined() && sample.device().is_cpu() && !sample.requires_grad()) {
    if (!sample.is_contiguous()) sample = sample.contiguous();
    if (std::byte* const place = s.place_for(k, sample.sizes(), sample.scalar_type())) {
      if (s.bytes > 0) std::memcpy(place, sample.data_ptr(), static_cast<size_t>(s.bytes));
      return;
    }
  }
  s.keep(k, std::move(sample));
}

void StackInto::put_normalized(size_t k, const Tensor& sample, const Tensor& mean, const Tensor& stddev) {
  if (plain(sample) && sample.scalar_type() == kFloat32)
    if (const auto channels = channels_of(sample.sizes(), mean, stddev))
      if (std::byte* const place = state_->place_for(k, sample.sizes(), kFloat32))
        return normalize(sample.data_ptr<float>(), reinterpret_cast<float*>(place), *channels);
  put(k, sample.sub(mean).div(stddev));
}

void StackInto::put_row(size_t k, const Tensor& rows, size_t index, const Tensor* mean, const Tensor* stddev) {
  State& s = *state_;
  const auto row = static_cast<int64_t>(index);
  if (rows.defined() && rows.dim() > 0 && index >= static_cast<size_t>(rows.size(0)))
    throw IndexError(
        fmt::format("[dataset] index {} is out of range for a dataset with {} samples", index, rows.size(0)), row,
        rows.size(0));
  if (plain(rows) && rows.dim() > 0) {
    const ArrayRef<int64_t> sizes = rows.sizes().slice(1);
    const auto channels = mean ? channels_of(sizes, *mean, *stddev) : std::nullopt;
    const bool floats = rows.scalar_type() == kFloat32;
    std::byte* const place = !mean || (channels && floats) ? s.place_for(k, sizes, rows.scalar_type()) : nullptr;
    if (place && mean)
      return normalize(rows.data_ptr<float>() + row * (s.bytes / 4), reinterpret_cast<float*>(place), *channels);
    if (place) {
      if (s.bytes > 0)
        std::memcpy(place, static_cast<const std::byte*>(rows.data_ptr()) + row * s.bytes,
                    static_cast<size_t>(s.bytes));
      return;
    }
  }
  mean ? put_normalized(k, rows[row], *mean, *stddev) : put(k, rows[row]);
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
