#pragma once

#include "hearth/tensor.h"

namespace hearth::indexing {

/// Python's `...`: all dimensions not named.
enum class EllipsisIndexType { Ellipsis };
constexpr EllipsisIndexType Ellipsis = EllipsisIndexType::Ellipsis;

/// Python's slice, with a bound left out as None or std::nullopt.
class Slice {
 public:
  Slice(std::optional<int64_t> start = std::nullopt, std::optional<int64_t> stop = std::nullopt,
        std::optional<int64_t> step = std::nullopt)
      : start_(start), stop_(stop), step_(step) {}
  std::optional<int64_t> start() const { return start_; }
  std::optional<int64_t> stop() const { return stop_; }
  int64_t step() const { return step_.value_or(1); }

 private:
  std::optional<int64_t> start_, stop_, step_;
};

/// One entry of an index: None, Ellipsis, an integer, a bool, a slice, or a tensor of integers or bools.
class TensorIndex {
 public:
  enum class Kind { none, ellipsis, integer, boolean, slice, tensor };
  TensorIndex(std::nullopt_t) : kind_(Kind::none) {}         // NOLINT: implicit, as in LibTorch
  TensorIndex(EllipsisIndexType) : kind_(Kind::ellipsis) {}  // NOLINT
  HEARTH_API TensorIndex(const char* text);                  // NOLINT: "..."
  template <class T, std::enable_if_t<std::is_integral_v<T>, int> = 0>
  TensorIndex(T i) : kind_(Kind::integer), integer_(static_cast<int64_t>(i)) {  // NOLINT
    if constexpr (std::is_same_v<T, bool>) kind_ = Kind::boolean;
  }
  TensorIndex(Slice slice) : kind_(Kind::slice), slice_(slice) {}                  // NOLINT
  TensorIndex(Tensor tensor) : kind_(Kind::tensor), tensor_(std::move(tensor)) {}  // NOLINT
  Kind kind() const { return kind_; }
  bool is_none() const { return kind_ == Kind::none; }
  bool is_ellipsis() const { return kind_ == Kind::ellipsis; }
  bool is_integer() const { return kind_ == Kind::integer; }
  bool is_boolean() const { return kind_ == Kind::boolean; }
  bool is_slice() const { return kind_ == Kind::slice; }
  bool is_tensor() const { return kind_ == Kind::tensor; }
  int64_t integer() const { return integer_; }
  bool boolean() const { return integer_ != 0; }
  const Slice& slice() const { return slice_; }
  const Tensor& tensor() const { return tensor_; }

 private:
  Kind kind_;
  int64_t integer_ = 0;
  Slice slice_;
  Tensor tensor_;
};

constexpr std::nullopt_t None = std::nullopt;

HEARTH_API std::ostream& operator<<(std::ostream& out, const Slice& slice);
HEARTH_API std::ostream& operator<<(std::ostream& out, const TensorIndex& index);
HEARTH_API std::ostream& operator<<(std::ostream& out, const std::vector<TensorIndex>& indices);

}  // namespace hearth::indexing
