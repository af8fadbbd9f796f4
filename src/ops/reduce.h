#pragma once

// What every reduction shares.

#include "base/fail.h"
#include "ops/autocast.h"
#include "ops/executors.h"

namespace hearth {

/// Which dimensions are reduced; all of them where none is named.
struct Reduced {
  Reduced(const char* op, const Tensor& x, OptionalIntArrayRef wanted, bool keep) : keepdim(keep) {
    const int64_t rank = x.dim();
    sizes = DimVector(x.sizes());
    SmallVector<bool, 8> seen(static_cast<size_t>(std::max<int64_t>(rank, 1)), false);
    if (wanted.has_value() && !wanted->empty()) {
      for (const int64_t d : *wanted) {
        const int64_t w = wrap_dim(op, d, rank);
        if (seen[static_cast<size_t>(w)]) fail("[{}] dim {} stands twice in {}", op, d, shape_text(*wanted));
        seen[static_cast<size_t>(w)] = true;
        if (rank > 0) dims.push_back(w);
      }
    } else {
      for (int64_t d = 0; d < rank; ++d) dims.push_back(d);
    }
    kept = sizes;
    for (const int64_t d : dims) kept[static_cast<size_t>(d)] = 1;
    for (size_t i = 0; i < sizes.size(); ++i) {
      const bool gone = std::find(dims.begin(), dims.end(), static_cast<int64_t>(i)) != dims.end();
      if (gone) count *= sizes[i];
      if (!gone || keepdim) result.push_back(kept[i]);
    }
  }
  /// A gradient of the result's shape, over all of x's elements.
  Tensor spread(const Tensor& g) const { return g.reshape(kept).expand(sizes); }

  /// y, a result of this shape, with the names of x that are left.
  Tensor named(Tensor y, const Tensor& x) const {
    return names::without("reduce", std::move(y), x, keepdim ? IntArrayRef() : IntArrayRef(dims));
  }

  DimVector dims, sizes, kept, result;
  int64_t count = 1;
  bool keepdim;
};

/// Runs the kernel; the result has `r.result` sizes.
inline Tensor reduced(ReduceOp op, const Tensor& x, const Reduced& r, ScalarType dtype, const Args& args = {}) {
  Tensor y = make_tensor(r.kept, dtype);
  kernels(x.device()).reduce(op, y, x, r.dims, args);
  impl(y)->set_contiguous(r.result);
  return r.named(std::move(y), x);
}

inline void check_nonempty(const char* op, const Reduced& r) {
  if (r.count == 0)
    fail<ShapeError>("[{}] nothing to reduce: shape {} has no elements along dims {}, and {} of none is undefined", op,
                     shape_text(r.sizes), shape_text(r.dims), op);
}

/// Integers and bools sum in int64.
inline ScalarType sum_dtype(const Tensor& x, std::optional<ScalarType> dtype) {
  return dtype ? *dtype : isIntegralType(x.scalar_type(), true) ? kLong : x.scalar_type();
}

}  // namespace hearth
