// New tensors. The declarations are by hand, in hearth/creation.h, since they take TensorOptions.
#include "hearth/creation.h"

#include <cmath>
#include <cstring>
#include <memory>
#include <numbers>

#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

namespace {

void check_options(const char* op, const TensorOptions& o) {
  if (o.layout() != kStrided)
    fail<NotImplementedError>("[{}] only strided tensors are supported; leave the layout out", op);
  if (o.pinned_memory()) fail<NotImplementedError>("[{}] this build has no pinned memory; leave pinned_memory out", op);
}

Tensor finish(Tensor t, const TensorOptions& o) {
  if (o.requires_grad()) t.set_requires_grad(true);
  if (autograd::t_state.inference) impl(t)->inference = true;
  return t;
}

/// Elements may hold anything, but of bools only true and false are values at all.
Tensor unset(Tensor t) {
  if (t.scalar_type() == kBool) std::memset(impl(t)->storage->data(), 0, impl(t)->storage->bytes());
  return t;
}

TensorOptions like(const Tensor& self, const TensorOptions& o) {
  TensorOptions merged = o;
  if (!o.has_dtype()) merged = merged.dtype(self.scalar_type());
  if (!o.has_device()) merged = merged.device(self.device());
  return merged;
}

TensorOptions number_options(const TensorOptions& o, std::initializer_list<Scalar> numbers) {
  if (o.has_dtype()) return o;
  for (const Scalar& s : numbers)
    if (s.isFloatingPoint()) return o.dtype(get_default_dtype_as_scalartype());
  return o.dtype(kLong);
}

DimVector channels_last_strides(IntArrayRef size) {
  DimVector strides(size.size());
  int64_t next = 1;
  for (size_t k = 0; k < size.size(); ++k) {
    const size_t d = k == 0 ? 1 : k == size.size() - 1 ? 0 : size.size() - k;
    strides[d] = next;
    next *= std::max<int64_t>(size[d], 1);
  }
  return strides;
}

}  // namespace

Tensor empty(IntArrayRef size, const TensorOptions& options, std::optional<MemoryFormat> memory_format) {
  check_options("empty", options);
  const MemoryFormat format = memory_format.value_or(options.memory_format_opt().value_or(MemoryFormat::Contiguous));
  if (format == MemoryFormat::ChannelsLast || format == MemoryFormat::ChannelsLast3d) {
    const size_t rank = format == MemoryFormat::ChannelsLast ? 4 : 5;
    if (size.size() != rank)
      fail<ShapeError>("[empty] channels-last wants {} dimensions, and shape {} has {}", rank, shape_text(size),
                       size.size());
    checked_numel("empty", size);
    return finish(unset(make_strided(size, channels_last_strides(size), options.dtype())), options);
  }
  return finish(unset(make_tensor(size, options.dtype(), options.device())), options);
}

Tensor empty_strided(IntArrayRef size, IntArrayRef stride, const TensorOptions& options) {
  check_options("empty_strided", options);
  if (size.size() != stride.size())
    fail<ShapeError>("[empty_strided] {} sizes but {} strides; give one stride for each", size.size(), stride.size());
  checked_numel("empty_strided", size);
  int64_t span = 1;
  for (size_t i = 0; i < size.size(); ++i) {
    int64_t reach;
    if (stride[i] < 0) fail("[empty_strided] stride {} at dimension {} is negative", stride[i], i);
    if (__builtin_mul_overflow(std::max<int64_t>(size[i] - 1, 0), stride[i], &reach) ||
        __builtin_add_overflow(span, reach, &span) || span > (int64_t{1} << 58))
      fail("[empty_strided] shape {} with strides {} spans more memory than there is", shape_text(size),
           shape_text(stride));
  }
  return finish(unset(make_strided(size, stride, options.dtype())), options);
}

Tensor empty_like(const Tensor& self, const TensorOptions& options, std::optional<MemoryFormat> format) {
  checked_impl("empty_like", self);
  return names::kept("empty_like",
                     empty(self.sizes(), like(self, options), format == MemoryFormat::Preserve ? std::nullopt : format),
                     self);
}

Tensor full(IntArrayRef size, const Scalar& value, const TensorOptions& options) {
  TensorOptions o = options;
  if (!o.has_dtype()) o = value.isBoolean() ? o.dtype(kBool) : number_options(o, {value});
  Tensor t = empty(size, o.requires_grad(std::nullopt));
  kernels(t.device()).fill(t, value);
  return finish(std::move(t), o);
}

Tensor zeros(IntArrayRef size, const TensorOptions& options) { return full(size, 0, options.dtype(options.dtype())); }
Tensor ones(IntArrayRef size, const TensorOptions& options) { return full(size, 1, options.dtype(options.dtype())); }
Tensor full_like(const Tensor& self, const Scalar& value, const TensorOptions& options, std::optional<MemoryFormat>) {
  checked_impl("full_like", self);
  return names::kept("full_like", full(self.sizes(), value, like(self, options)), self);
}
Tensor zeros_like(const Tensor& self, const TensorOptions& options, std::optional<MemoryFormat> format) {
  return full_like(self, 0, options, format);
}
Tensor ones_like(const Tensor& self, const TensorOptions& options, std::optional<MemoryFormat> format) {
  return full_like(self, 1, options, format);
}
Tensor scalar_tensor(const Scalar& s, const TensorOptions& options) {
  return full({}, s, options.dtype(options.dtype()));
}

namespace {
Tensor steps_from(const char* op, const Scalar& start, const Scalar& end, const Scalar& step,
                  const TensorOptions& options, bool with_end) {
  const double a = start.toDouble(), b = end.toDouble(), d = step.toDouble();
  if (!std::isfinite(a) || !std::isfinite(b)) fail("[{}] bounds {} and {} must be finite", op, a, b);
  if (d == 0) fail("[{}] step is 0; give another one", op);
  if ((d > 0 && a > b) || (d < 0 && a < b))
    fail("[{}] end {} can't be reached from start {} with step {}; change the step's sign or swap the bounds", op, b, a,
         d);
  double count = 0;
  if (start.isIntegral(true) && end.isIntegral(true) && step.isIntegral(true)) {
    const auto span = static_cast<__int128>(end.toLong()) - start.toLong();
    const __int128 n =
        step.toLong() > 0 ? (span + step.toLong() - 1) / step.toLong() : (span + step.toLong() + 1) / step.toLong();
    count = static_cast<double>(with_end ? span / step.toLong() + 1 : n);
  } else {
    count = with_end ? std::floor((b - a) / d) + 1 : std::ceil((b - a) / d);
  }
  if (count > 1e15) fail("[{}] {} numbers are more than a tensor can hold", op, count);
  Tensor t = empty({static_cast<int64_t>(count)}, options.requires_grad(std::nullopt));
  kernels(t.device()).arange(t, start, step);
  return finish(std::move(t), options);
}
}  // namespace

Tensor arange(const Scalar& end, const TensorOptions& options) { return arange(0, end, 1, options); }
Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& options) {
  return arange(start, end, 1, options);
}
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, const TensorOptions& options) {
  return steps_from("arange", start, end, step, number_options(options, {start, end, step}), false);
}
Tensor range(const Scalar& start, const Scalar& end, const Scalar& step, const TensorOptions& options) {
  return steps_from("range", start, end, step, options.dtype(options.dtype()), true);
}

Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps, const TensorOptions& options) {
  if (steps < 0) fail("[linspace] steps is {}; it must not be negative", steps);
  Tensor t = empty({steps}, options.requires_grad(std::nullopt));
  kernels(t.device()).linspace(t, start, end);
  return finish(std::move(t), options);
}
Tensor logspace(const Scalar& start, const Scalar& end, int64_t steps, double base, const TensorOptions& options) {
  const Tensor exponents = linspace(start, end, steps, kDouble);
  return finish(pow(Scalar(base), exponents).to(options.dtype()), options);
}

Tensor eye(int64_t n, const TensorOptions& options) { return eye(n, n, options); }
Tensor eye(int64_t n, int64_t m, const TensorOptions& options) {
  if (n < 0 || m < 0) fail("[eye] sizes {} and {} must not be negative", n, m);
  Tensor t = zeros({n, m}, options.requires_grad(std::nullopt));
  const NoGradGuard no_grad;
  t.as_strided({std::min(n, m)}, {m + 1}, 0).fill_(1);
  return finish(std::move(t), options);
}

namespace {
/// Where mask [row, col] is true, as [2, n].
Tensor places_of(const char* op, int64_t row, int64_t col, bool lower, int64_t offset, const TensorOptions& options) {
  if (row < 0 || col < 0) fail("[{}] sizes {} and {} must not be negative", op, row, col);
  check_options(op, options);
  const Tensor all = ones({row, col}, kBool), mask = lower ? all.tril(offset) : all.triu(offset);
  return finish(mask.nonzero().t().contiguous().to(options.dtype_opt().value_or(kLong)), options);
}

/// shape(t), a tensor function, where t are the numbers of the window's places from 0 to 1, both included.
template <class F>
Tensor window(const char* op, int64_t length, bool periodic, const TensorOptions& options, F&& shape) {
  if (length < 0) fail("[{}] window_length is {}; it must not be negative", op, length);
  check_options(op, options);
  if (!isFloatingType(options.dtype()))
    throw DtypeError(fmt::format("[{}] a window of {} can't be made; give a floating dtype", op, options.dtype()),
                     options.dtype());
  const NoGradGuard no_grad;
  Tensor y = ones({length}, kDouble);
  if (length > 1) {
    const int64_t steps = periodic ? length : length - 1;
    y = shape(arange(length, kDouble) / static_cast<double>(steps));
  }
  return finish(y.to(options.dtype()), options);
}
}  // namespace

Tensor tril_indices(int64_t row, int64_t col, int64_t offset, const TensorOptions& options) {
  return places_of("tril_indices", row, col, true, offset, options);
}
Tensor triu_indices(int64_t row, int64_t col, int64_t offset, const TensorOptions& options) {
  return places_of("triu_indices", row, col, false, offset, options);
}

Tensor bartlett_window(int64_t window_length, const TensorOptions& options) {
  return bartlett_window(window_length, true, options);
}
Tensor bartlett_window(int64_t window_length, bool periodic, const TensorOptions& options) {
  return window("bartlett_window", window_length, periodic, options,
                [](const Tensor& t) { return 1 - (t * 2 - 1).abs(); });
}
Tensor blackman_window(int64_t window_length, const TensorOptions& options) {
  return blackman_window(window_length, true, options);
}
Tensor blackman_window(int64_t window_length, bool periodic, const TensorOptions& options) {
  return window("blackman_window", window_length, periodic, options, [](const Tensor& t) {
    const Tensor angle = t * (2 * std::numbers::pi);
    return 0.42 - 0.5 * angle.cos() + 0.08 * (2 * angle).cos();
  });
}
Tensor hamming_window(int64_t window_length, const TensorOptions& options) {
  return hamming_window(window_length, true, options);
}
Tensor hamming_window(int64_t window_length, bool periodic, const TensorOptions& options) {
  return hamming_window(window_length, periodic, 0.54, options);
}
Tensor hamming_window(int64_t window_length, bool periodic, double alpha, const TensorOptions& options) {
  return hamming_window(window_length, periodic, alpha, 0.46, options);
}
Tensor hamming_window(int64_t window_length, bool periodic, double alpha, double beta, const TensorOptions& options) {
  return window("hamming_window", window_length, periodic, options,
                [=](const Tensor& t) { return alpha - beta * (t * (2 * std::numbers::pi)).cos(); });
}
Tensor hann_window(int64_t window_length, const TensorOptions& options) {
  return hann_window(window_length, true, options);
}
Tensor hann_window(int64_t window_length, bool periodic, const TensorOptions& options) {
  return hamming_window(window_length, periodic, 0.5, 0.5, options);
}
Tensor kaiser_window(int64_t window_length, const TensorOptions& options) {
  return kaiser_window(window_length, true, options);
}
Tensor kaiser_window(int64_t window_length, bool periodic, const TensorOptions& options) {
  return kaiser_window(window_length, periodic, 12, options);
}
Tensor kaiser_window(int64_t window_length, bool periodic, double beta, const TensorOptions& options) {
  return window("kaiser_window", window_length, periodic, options, [=](const Tensor& t) {
    const Tensor inside = (1 - (t * 2 - 1).square()).clamp_min(0).sqrt();
    // i0e leaves out e^|x|, so that no beta overflows
    return special::i0e(inside * beta) * ((inside - 1) * std::fabs(beta)).exp() / special::i0e(full({}, beta, kDouble));
  });
}

detail::Deleter::~Deleter() = default;

Tensor detail::from_blob(void* data, IntArrayRef sizes, const IntArrayRef* strides, Deleter* owned,
                         const TensorOptions& options) {
  struct Blob {
    void* data;
    std::unique_ptr<Deleter> deleter;
  };
  auto blob = std::make_unique<Blob>(Blob{data, std::unique_ptr<Deleter>(owned)});
  check_options("from_blob", options);
  const int64_t numel = checked_numel("from_blob", sizes);
  if (!data && numel > 0) fail("[from_blob] data is null, but shape {} has {} elements", shape_text(sizes), numel);
  if (strides && strides->size() != sizes.size())
    fail<ShapeError>("[from_blob] {} sizes but {} strides; give one stride for each", sizes.size(), strides->size());
  int64_t span = numel > 0 ? 1 : 0;
  for (size_t i = 0; strides && i < sizes.size(); ++i) {
    if ((*strides)[i] < 0) fail("[from_blob] stride {} at dimension {} is negative", (*strides)[i], i);
    if (numel > 0) span += (sizes[i] - 1) * (*strides)[i];
  }
  const auto bytes = static_cast<size_t>(strides ? span : numel) * elementSize(options.dtype());
  StorageImpl* storage = nullptr;
  if (owned) {
    const auto release = [](void* context) {
      const std::unique_ptr<Blob> gone(static_cast<Blob*>(context));
      gone->deleter->call(gone->data);
    };
    storage = StorageImpl::adopt(data, bytes, release, blob.release());
  } else {
    storage = StorageImpl::adopt(data, bytes, nullptr, nullptr);
  }
  const DimVector steps = strides ? DimVector(*strides) : contiguous_strides(sizes);
  return finish(Tensor(new TensorImpl(storage, sizes, steps, 0, options.dtype())), options);
}

detail::TensorDataContainer::TensorDataContainer(std::initializer_list<TensorDataContainer> list)
    : sizes_({static_cast<int64_t>(list.size())}), type_(get_default_dtype_as_scalartype()) {
  const TensorDataContainer* first = list.begin();
  if (list.size() == 0) return;
  type_ = first->type_;
  sizes_.insert(sizes_.end(), first->sizes_.begin(), first->sizes_.end());
  for (const TensorDataContainer& part : list) {
    if (part.sizes_ != first->sizes_)
      throw ShapeError(fmt::format("[tensor] expected all sub-lists to have sizes {}, but one has sizes {}; give every "
                                   "row the same length",
                                   shape_text(first->sizes_), shape_text(part.sizes_)),
                       part.sizes_, first->sizes_);
    if (part.type_ != type_)
      throw DtypeError(
          fmt::format("[tensor] expected all elements to have the type {}, but one is {}; write them alike "
                      "(1.0 and 2.0, not 1 and 2.0)",
                      type_, part.type_),
          part.type_, type_);
    values_.insert(values_.end(), part.values_.begin(), part.values_.end());
  }
}

Tensor detail::TensorDataContainer::make(const TensorOptions& options) const {
  const ScalarType natural = isFloatingType(type_) ? get_default_dtype_as_scalartype() : type_ == kBool ? kBool : kLong;
  const ScalarType wide = isFloatingType(type_) ? kDouble : kLong;
  Tensor t = empty(sizes_, TensorOptions(wide));
  for (size_t i = 0; i < values_.size(); ++i) {
    if (wide == kDouble) {
      t.data_ptr<double>()[i] = values_[i].toDouble();
    } else {
      t.data_ptr<int64_t>()[i] = values_[i].toLong();
    }
  }
  const NoGradGuard no_grad;
  check_options("tensor", options);
  return finish(t.to(options.device(), options.dtype_opt().value_or(natural)), options);
}

}  // namespace hearth
