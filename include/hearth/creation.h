#pragma once

#include "hearth/generator.h"
#include "hearth/tensor.h"

namespace hearth {

/// Uninitialised memory.
HEARTH_API Tensor empty(IntArrayRef size, const TensorOptions& options = {},
                        std::optional<MemoryFormat> memory_format = std::nullopt);
/// With names of dimensions, as zeros to randn take them too; none are none.
HEARTH_API Tensor empty(IntArrayRef size, std::optional<DimnameList> names, const TensorOptions& options = {},
                        std::optional<MemoryFormat> memory_format = std::nullopt);
HEARTH_API Tensor empty_strided(IntArrayRef size, IntArrayRef stride, const TensorOptions& options = {});
HEARTH_API Tensor empty_like(const Tensor& self, const TensorOptions& options = {},
                             std::optional<MemoryFormat> memory_format = std::nullopt);
HEARTH_API Tensor zeros(IntArrayRef size, const TensorOptions& options = {});
HEARTH_API Tensor zeros(IntArrayRef size, std::optional<DimnameList> names, const TensorOptions& options = {});
HEARTH_API Tensor zeros_like(const Tensor& self, const TensorOptions& options = {},
                             std::optional<MemoryFormat> memory_format = std::nullopt);
HEARTH_API Tensor ones(IntArrayRef size, const TensorOptions& options = {});
HEARTH_API Tensor ones(IntArrayRef size, std::optional<DimnameList> names, const TensorOptions& options = {});
HEARTH_API Tensor ones_like(const Tensor& self, const TensorOptions& options = {},
                            std::optional<MemoryFormat> memory_format = std::nullopt);
/// Without a dtype, that of fill_value: bool, int64 or the default dtype.
HEARTH_API Tensor full(IntArrayRef size, const Scalar& fill_value, const TensorOptions& options = {});
HEARTH_API Tensor full(IntArrayRef size, const Scalar& fill_value, std::optional<DimnameList> names,
                       const TensorOptions& options = {});
HEARTH_API Tensor full_like(const Tensor& self, const Scalar& fill_value, const TensorOptions& options = {},
                            std::optional<MemoryFormat> memory_format = std::nullopt);
/// start, start + step, … below end. Without a dtype: int64 if all three are integers, else the default dtype.
HEARTH_API Tensor arange(const Scalar& end, const TensorOptions& options = {});
HEARTH_API Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& options = {});
HEARTH_API Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, const TensorOptions& options = {});
/// start, start + step, … up to and with end.
HEARTH_API Tensor range(const Scalar& start, const Scalar& end, const Scalar& step = 1,
                        const TensorOptions& options = {});
/// `steps` numbers from start to end, both included.
HEARTH_API Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps = 100,
                           const TensorOptions& options = {});
/// base to the powers of linspace.
HEARTH_API Tensor logspace(const Scalar& start, const Scalar& end, int64_t steps = 100, double base = 10.0,
                           const TensorOptions& options = {});
/// The n x m matrix with ones on the diagonal.
HEARTH_API Tensor eye(int64_t n, const TensorOptions& options = {});
HEARTH_API Tensor eye(int64_t n, int64_t m, const TensorOptions& options = {});
HEARTH_API Tensor scalar_tensor(const Scalar& s, const TensorOptions& options = {});
/// The places [2, n] (rows, then columns) of a row x col matrix on and below the diagonal `offset`, row by row.
HEARTH_API Tensor tril_indices(int64_t row, int64_t col, int64_t offset = 0, const TensorOptions& options = kLong);
/// The same, on and above it.
HEARTH_API Tensor triu_indices(int64_t row, int64_t col, int64_t offset = 0, const TensorOptions& options = kLong);

// Windows of window_length numbers, floating. A periodic one, the default, is a symmetric one that is longer by one
// without its last number, as spectra want it.

/// Straight up and down.
HEARTH_API Tensor bartlett_window(int64_t window_length, const TensorOptions& options = {});
HEARTH_API Tensor bartlett_window(int64_t window_length, bool periodic, const TensorOptions& options = {});
/// 0.42 - 0.5 cos(t) + 0.08 cos(2 t), t from 0 to 2 pi.
HEARTH_API Tensor blackman_window(int64_t window_length, const TensorOptions& options = {});
HEARTH_API Tensor blackman_window(int64_t window_length, bool periodic, const TensorOptions& options = {});
/// alpha - beta cos(t), t from 0 to 2 pi; 0.54 and 0.46 by default.
HEARTH_API Tensor hamming_window(int64_t window_length, const TensorOptions& options = {});
HEARTH_API Tensor hamming_window(int64_t window_length, bool periodic, const TensorOptions& options = {});
HEARTH_API Tensor hamming_window(int64_t window_length, bool periodic, double alpha, const TensorOptions& options = {});
HEARTH_API Tensor hamming_window(int64_t window_length, bool periodic, double alpha, double beta,
                                 const TensorOptions& options = {});
/// 0.5 - 0.5 cos(t), t from 0 to 2 pi.
HEARTH_API Tensor hann_window(int64_t window_length, const TensorOptions& options = {});
HEARTH_API Tensor hann_window(int64_t window_length, bool periodic, const TensorOptions& options = {});
/// i0(beta sqrt(1 - t^2)) / i0(beta), t from -1 to 1; beta is 12 by default.
HEARTH_API Tensor kaiser_window(int64_t window_length, const TensorOptions& options = {});
HEARTH_API Tensor kaiser_window(int64_t window_length, bool periodic, const TensorOptions& options = {});
HEARTH_API Tensor kaiser_window(int64_t window_length, bool periodic, double beta, const TensorOptions& options = {});

/// Uniform numbers of [0, 1).
HEARTH_API Tensor rand(IntArrayRef size, const TensorOptions& options = {});
HEARTH_API Tensor rand(IntArrayRef size, std::optional<Generator> generator, const TensorOptions& options = {});
HEARTH_API Tensor rand(IntArrayRef size, std::optional<DimnameList> names, const TensorOptions& options = {});
HEARTH_API Tensor rand(IntArrayRef size, std::optional<Generator> generator, std::optional<DimnameList> names,
                       const TensorOptions& options = {});
HEARTH_API Tensor rand_like(const Tensor& self, const TensorOptions& options = {},
                            std::optional<MemoryFormat> memory_format = std::nullopt);
/// Numbers of the standard normal distribution.
HEARTH_API Tensor randn(IntArrayRef size, const TensorOptions& options = {});
HEARTH_API Tensor randn(IntArrayRef size, std::optional<Generator> generator, const TensorOptions& options = {});
HEARTH_API Tensor randn(IntArrayRef size, std::optional<DimnameList> names, const TensorOptions& options = {});
HEARTH_API Tensor randn(IntArrayRef size, std::optional<Generator> generator, std::optional<DimnameList> names,
                        const TensorOptions& options = {});
HEARTH_API Tensor randn_like(const Tensor& self, const TensorOptions& options = {},
                             std::optional<MemoryFormat> memory_format = std::nullopt);
/// Integers of [low, high).
HEARTH_API Tensor randint(int64_t high, IntArrayRef size, const TensorOptions& options = kLong);
HEARTH_API Tensor randint(int64_t low, int64_t high, IntArrayRef size, const TensorOptions& options = kLong);
HEARTH_API Tensor randint(int64_t high, IntArrayRef size, std::optional<Generator> generator,
                          const TensorOptions& options = kLong);
HEARTH_API Tensor randint(int64_t low, int64_t high, IntArrayRef size, std::optional<Generator> generator,
                          const TensorOptions& options = kLong);
HEARTH_API Tensor randint_like(const Tensor& self, int64_t high, const TensorOptions& options = {});
HEARTH_API Tensor randint_like(const Tensor& self, int64_t low, int64_t high, const TensorOptions& options = {});
/// The numbers 0 to n - 1 in random order.
HEARTH_API Tensor randperm(int64_t n, const TensorOptions& options = kLong);
HEARTH_API Tensor randperm(int64_t n, std::optional<Generator> generator, const TensorOptions& options = kLong);
/// Numbers of normal distributions, one for each element of mean and std.
HEARTH_API Tensor normal(double mean, double std, IntArrayRef size, std::optional<Generator> generator = std::nullopt,
                         const TensorOptions& options = {});
HEARTH_API Tensor normal(const Tensor& mean, double std = 1, std::optional<Generator> generator = std::nullopt);
HEARTH_API Tensor normal(double mean, const Tensor& std, std::optional<Generator> generator = std::nullopt);
HEARTH_API Tensor normal(const Tensor& mean, const Tensor& std, std::optional<Generator> generator = std::nullopt);

namespace detail {
/// The callable that frees memory given to from_blob.
struct HEARTH_API Deleter {
  virtual ~Deleter();
  virtual void call(void* data) = 0;
};
HEARTH_API Tensor from_blob(void* data, IntArrayRef sizes, const IntArrayRef* strides, Deleter* owned,
                            const TensorOptions& options);
template <class F>
Deleter* make_deleter(F f) {
  struct Typed final : Deleter {
    explicit Typed(F function) : function_(std::move(function)) {}
    void call(void* data) override { function_(data); }
    F function_;
  };
  return new Typed(std::move(f));  // owned by the storage
}
}  // namespace detail

/// A tensor on memory that it does not own. The memory must outlive it; `deleter(data)`, if given, is called when the
/// last tensor on it goes.
inline Tensor from_blob(void* data, IntArrayRef sizes, const TensorOptions& options = {}) {
  return detail::from_blob(data, sizes, nullptr, nullptr, options);
}
inline Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const TensorOptions& options = {}) {
  return detail::from_blob(data, sizes, &strides, nullptr, options);
}
template <class F, class = decltype(std::declval<F&>()(static_cast<void*>(nullptr)))>
Tensor from_blob(void* data, IntArrayRef sizes, F deleter, const TensorOptions& options = {}) {
  return detail::from_blob(data, sizes, nullptr, detail::make_deleter(std::move(deleter)), options);
}
template <class F, class = decltype(std::declval<F&>()(static_cast<void*>(nullptr)))>
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, F deleter, const TensorOptions& options = {}) {
  return detail::from_blob(data, sizes, &strides, detail::make_deleter(std::move(deleter)), options);
}

namespace detail {

/// What `tensor()` takes: a number, or braces of them, nested.
class HEARTH_API TensorDataContainer {
 public:
  TensorDataContainer() : sizes_({0}), type_(get_default_dtype_as_scalartype()) {}
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
  TensorDataContainer(T value)  // NOLINT: implicit, as in LibTorch
      : values_({Scalar(value)}), type_(scalar_type_of<T>()) {}
  TensorDataContainer(Half value) : values_({Scalar(value)}), type_(kHalf) {}          // NOLINT
  TensorDataContainer(BFloat16 value) : values_({Scalar(value)}), type_(kBFloat16) {}  // NOLINT
  TensorDataContainer(std::initializer_list<TensorDataContainer> list);                // NOLINT
  template <class T, std::enable_if_t<std::is_arithmetic_v<T> || std::is_same_v<T, Half>, int> = 0>
  TensorDataContainer(ArrayRef<T> list) : sizes_({static_cast<int64_t>(list.size())}), type_(scalar_type_of<T>()) {
    for (const T& value : list) values_.push_back(Scalar(value));
  }
  template <class T>
  TensorDataContainer(const std::vector<T>& list)  // NOLINT
      : sizes_({static_cast<int64_t>(list.size())}), type_(scalar_type_of<T>()) {
    for (const T value : list) values_.push_back(Scalar(value));
  }
  Tensor make(const TensorOptions& options) const;

 private:
  std::vector<Scalar> values_;  // row-major
  std::vector<int64_t> sizes_;
  ScalarType type_;
};

}  // namespace detail

/// A tensor of these numbers: `tensor({{1, 2}, {3, 4}})`. Without a dtype, integers give int64, floating numbers the
/// default dtype, bools bool. Ragged or mixed braces throw.
inline Tensor tensor(detail::TensorDataContainer values, const TensorOptions& options = {}) {
  return values.make(options);
}

}  // namespace hearth
