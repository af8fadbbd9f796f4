#pragma once

#include "ops/executors.h"

namespace hearth {

/// Throws unless x is a batch of float or double matrices (square ones); halves and integers are refused by name.
void check_matrix(const char* op, const Tensor& x);
void check_square(const char* op, const Tensor& x);
/// Throws LinAlgError where an element is not finite.
void check_finite(const char* op, const Tensor& x);
/// [B…] of x [B…, m, n], and with more sizes behind.
DimVector batch_sizes(const Tensor& x, std::initializer_list<int64_t> more = {});
/// LinAlgError with the first failed matrix, if any: "{op} of matrix {i}: {what} {info}".
void check_info(const char* op, const Tensor& info, const char* what);
/// The symmetric part of x halved off the diagonal: tril(x) with half the diagonal.
Tensor half_lower(const Tensor& x);
inline Tensor mT(const Tensor& x) { return x.transpose(-2, -1); }

namespace linalg {
/// a [B…, n, n] and b with their batch dimensions broadcast.
std::pair<Tensor, Tensor> broadcast_batches(const char* op, const Tensor& a, const Tensor& b);
/// Whether b is a vector (or a batch of them) beside a, as NumPy decides.
bool is_vector(const Tensor& a, const Tensor& b);
inline Tensor identity_like(const Tensor& x) { return eye(x.size(-1), x.detach().options()).expand(x.sizes()); }
}  // namespace linalg

}  // namespace hearth
