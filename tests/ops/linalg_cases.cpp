// Rows of src/ops/factor.cpp and src/ops/linalg.cpp. Decompositions are checked by what they must be: their product is
// the matrix, their factors are triangular or orthogonal; references are plain elimination.
#include <cmath>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;

/// The product of two reflections of 4 rows, from their vectors below the diagonal of x[0] and factors x[1].
Tensor reflected(const In& x) {
  Tensor q = eye(4, TensorOptions(kDouble));
  for (int64_t i = 0; i < 2; ++i) {
    Tensor v = x[0].select(1, i).clone();
    for (int64_t j = 0; j <= i; ++j) v[j] = j == i ? 1.0 : 0.0;
    q = q.mm(eye(4, TensorOptions(kDouble)) - x[1][i] * v.unsqueeze(1) * v);
  }
  return q;
}

#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

Tensor mT(const Tensor& x) { return x.transpose(-2, -1); }
/// Matrices well away from singular.
Tensor regular(IntArrayRef sizes, uint64_t seed = 1) {
  Tensor x = numbers(sizes, -1, 1, seed);
  x.diagonal(0, -2, -1).add_(3);
  return x;
}
Tensor gram(const Tensor& x) { return x.matmul(mT(x)) + eye(x.size(-2), x.detach().options()); }
Tensor symmetric(const Tensor& x) { return (x + mT(x)) / 2 + arange(x.size(-1), x.detach().options()).diag() * 2; }

/// Solution and determinant of one matrix, by Gauss and Jordan.
struct Eliminated {
  Tensor x;
  double det = 1;
};
Eliminated eliminate(const Tensor& a, const Tensor& b) {
  Tensor m = cat({a, b}, 1).to(kDouble).contiguous().clone();
  const int64_t n = a.size(0), width = m.size(1);
  auto* p = m.data_ptr<double>();
  Eliminated result;
  for (int64_t k = 0; k < n; ++k) {
    int64_t best = k;
    for (int64_t i = k; i < n; ++i)
      if (std::abs(p[i * width + k]) > std::abs(p[best * width + k])) best = i;
    if (best != k) {
      for (int64_t j = 0; j < width; ++j) std::swap(p[k * width + j], p[best * width + j]);
      result.det = -result.det;
    }
    const double pivot = p[k * width + k];
    result.det *= pivot;
    for (int64_t j = 0; j < width; ++j) p[k * width + j] /= pivot;
    for (int64_t i = 0; i < n; ++i) {
      const double factor = p[i * width + k];
      if (i == k) continue;
      for (int64_t j = 0; j < width; ++j) p[i * width + j] -= factor * p[k * width + j];
    }
  }
  result.x = m.narrow(1, n, width - n).clone();
  return result;
}
Tensor inverse_of(const Tensor& a) {
  if (a.dim() > 2) {
    std::vector<Tensor> parts;
    for (int64_t i = 0; i < a.size(0); ++i) parts.push_back(inverse_of(a[i]));
    return stack(parts);
  }
  return eliminate(a, eye(a.size(0), TensorOptions(kDouble))).x;
}
Tensor det_of(const Tensor& a) {
  std::vector<double> d;
  for (int64_t i = 0; i < a.size(0); ++i) d.push_back(eliminate(a[i], zeros({a.size(1), 0}, kDouble)).det);
  return tensor(d, kDouble);
}

Row row_of(const char* name, Function function, Function reference, std::vector<In> samples,
           std::vector<Bad> bad = {}) {
  Row row;
  row.name = name;
  row.function = std::move(function);
  row.reference = std::move(reference);
  row.samples = std::move(samples);
  row.bad = std::move(bad);
  row.dtypes = {kFloat};
  row.loss_of_precision = 40;
  row.tolerance = 1e-9;
  return row;
}
/// What every op on square matrices refuses.
template <class F>
std::vector<Bad> square_bad(F f) {
  return {bad<ShapeError>("not square",
                          [f] {
                            f(ones({2, 3}));
                          }),
          bad<ShapeError>("vector", [f] { f(ones({2})); }),
          bad<DtypeError>("integers",
                          [f] {
                            f(ones({2, 2}, kLong));
                          }),
          bad<TypeError>("undefined", [f] { f(undefined); })};
}
template <class F>
std::vector<Bad> matrix_bad(F f) {
  return {bad<ShapeError>("vector", [f] { f(ones({2})); }),
          bad<DtypeError>("integers",
                          [f] {
                            f(ones({2, 2}, kLong));
                          }),
          bad<TypeError>("undefined", [f] { f(undefined); })};
}

void add_cholesky(Rows& rows) {
  const auto not_definite = ON(LinAlgError, "not definite", linalg::cholesky(-eye(2, TensorOptions(kDouble))));
  Row row = row_of(
      "linalg_cholesky",
      [](const In& x) {
        const Tensor l = linalg::cholesky(gram(x[0]));
        return l * l;
      },
      [](const In& x) {  // by the definition, one column after the other
        const Tensor a = gram(x[0]);
        Tensor l = zeros(a.sizes(), kDouble);
        for (int64_t j = 0; j < 3; ++j)
          for (int64_t i = j; i < 3; ++i) {
            const Tensor rest = (l.select(-2, i).narrow(-1, 0, j) * l.select(-2, j).narrow(-1, 0, j)).sum(-1);
            const Tensor v = a.select(-2, i).select(-1, j) - rest;
            l.select(-2, i).select(-1, j).copy_(i == j ? v.sqrt() : v / l.select(-2, j).select(-1, j));
          }
        return l * l;
      },
      {{numbers({2, 3, 3})}}, square_bad([](const Tensor& x) { return linalg::cholesky(x); }));
  row.bad.push_back(not_definite);
  rows.push_back(row);
  const Function reference = row.reference;
  row.name = "cholesky";
  row.function = [](const In& x) {
    const Tensor u = cholesky(gram(x[0]), true);
    return mT(u * u);
  };
  row.method = [](const In& x) {
    const Tensor u = gram(x[0]).cholesky(true);
    return mT(u * u);
  };
  row.bad = square_bad([](const Tensor& x) { return cholesky(x); });
  rows.push_back(row);
  row.name = "linalg_cholesky_ex";
  row.method = nullptr;
  row.function = [](const In& x) {
    const Tensor l = std::get<0>(linalg::cholesky_ex(gram(x[0])));
    return l * l;
  };
  row.bad = square_bad([](const Tensor& x) { return std::get<0>(linalg::cholesky_ex(x)); });
  rows.push_back(row);
  row = row_of(
      "cholesky_solve", [](const In& x) { return cholesky_solve(x[1], linalg::cholesky(gram(x[0]))); },
      [](const In& x) { return inverse_of(gram(x[0])).matmul(x[1]); },
      {{numbers({2, 3, 3}), numbers({2, 3, 2}, -2, 2, 4)}}, square_bad([](const Tensor& x) {
        return cholesky_solve(ones({2, 1}), x);
      }));
  row.method = [](const In& x) { return x[1].cholesky_solve(linalg::cholesky(gram(x[0]), true), true); };
  row.method = nullptr;
  rows.push_back(row);
  row = row_of(
      "cholesky_inverse", [](const In& x) { return cholesky_inverse(linalg::cholesky(gram(x[0]))); },
      [](const In& x) { return inverse_of(gram(x[0])); }, {{numbers({2, 3, 3})}},
      square_bad([](const Tensor& x) { return cholesky_inverse(x); }));
  rows.push_back(row);
}

void add_lu(Rows& rows) {
  for (const auto& [m, n] : {std::pair{3, 3}, {4, 2}, {2, 4}}) {
    Row row = row_of(
        "",
        [](const In& x) {
          const auto [p, l, u] = linalg::lu(x[0]);
          return join({p.matmul(l).matmul(u), l.square().triu(1), u.tril(-1), u.square().sum(), l.square().sum()});
        },
        nullptr, {{numbers({2, m, n}, -2, 2, 5)}}, matrix_bad([](const Tensor& x) { return linalg::lu(x); }));
    row.name = m == n ? "linalg_lu" : m > n ? "linalg_lu.tall" : "linalg_lu.wide";
    rows.push_back(row);
  }
  Row row = row_of(
      "linalg_lu_factor",
      [](const In& x) {
        const auto [lu, pivots] = linalg::lu_factor(x[0]);
        const auto [p, l, u] = lu_unpack(lu, pivots);
        return p.matmul(l).matmul(u);
      },
      [](const In& x) { return x[0]; }, {{numbers({2, 3, 3}, -2, 2, 5)}},
      matrix_bad([](const Tensor& x) { return linalg::lu_factor(x); }));
  row.bad.push_back(ON(LinAlgError, "singular", linalg::lu_factor(zeros({2, 2}))));
  rows.push_back(row);
  row.name = "linalg_lu_factor_ex";
  row.bad = matrix_bad([](const Tensor& x) { return linalg::lu_factor_ex(x); });
  row.function = [](const In& x) {
    const auto [lu, pivots, info] = linalg::lu_factor_ex(x[0]);
    const auto [p, l, u] = lu_unpack(lu, pivots);
    return p.matmul(l).matmul(u);
  };
  rows.push_back(row);
  row.name = "lu_unpack";
  row.bad = {ON(ShapeError, "pivots", lu_unpack(ones({2, 2}), ones({3}, kInt))),
             ON(IndexError, "range", lu_unpack(ones({2, 2}), full({2}, 7, kInt))),
             ON(TypeError, "undefined", lu_unpack(undefined, ones({2}, kInt)))};
  rows.push_back(row);
  row = row_of(
      "linalg_lu_solve",
      [](const In& x) {
        const auto [lu, pivots] = linalg::lu_factor(x[0]);
        return join({linalg::lu_solve(lu, pivots, x[1]), linalg::lu_solve(lu, pivots, mT(x[1]), false),
                     linalg::lu_solve(lu, pivots, x[1], true, true)});
      },
      [](const In& x) {
        const Tensor inverse = inverse_of(x[0]);
        return join({inverse.matmul(x[1]), mT(x[1]).matmul(inverse), mT(inverse).matmul(x[1])});
      },
      {{regular({2, 3, 3}), numbers({2, 3, 2}, -2, 2, 4)}}, square_bad([](const Tensor& x) {
        return linalg::lu_solve(x, ones({2}, kInt), ones({2, 1}));
      }));
  rows.push_back(row);
  row.name = "lu_solve";
  row.function = [](const In& x) {
    const auto [lu, pivots] = linalg::lu_factor(x[0]);
    return lu_solve(x[1], lu, pivots);
  };
  row.reference = [](const In& x) { return inverse_of(x[0]).matmul(x[1]); };
  row.bad = square_bad([](const Tensor& x) { return lu_solve(ones({2, 1}), x, ones({2}, kInt)); });
  rows.push_back(row);
}

void add_orthogonal(Rows& rows) {
  const auto orthogonal = [](const Tensor& q) { return mT(q).matmul(q) - eye(q.size(-1), q.detach().options()); };
  for (const auto& [m, n] : {std::pair{3, 3}, {4, 2}, {2, 4}}) {
    Row row = row_of(
        "",
        [orthogonal](const In& x) {
          const auto [q, r] = linalg::qr(x[0]);
          return join({q.matmul(r), orthogonal(q), r.tril(-1), q * q * q * q, r * r});
        },
        nullptr, {{numbers({2, m, n}, -2, 2, 5)}}, matrix_bad([](const Tensor& x) { return linalg::qr(x); }));
    row.name = m == n ? "linalg_qr" : m > n ? "linalg_qr.tall" : "linalg_qr.wide";
    row.bad.push_back(ON(ValueError, "mode", linalg::qr(ones({2, 2}), "thin")));
    row.bad.push_back(ON(AutogradError, "no gradient without Q",
                         std::get<1>(linalg::qr(ones({2, 2}).requires_grad_(), "r")).sum().backward()));
    row.bad.push_back(ON(AutogradError, "no gradient of complete",
                         std::get<0>(linalg::qr(ones({3, 2}).requires_grad_(), "complete")).sum().backward()));
    rows.push_back(row);
  }
  Row row = row_of(
      "qr",
      [](const In& x) {
        const auto [q, r] = qr(x[0], false);
        return q.matmul(r);
      },
      [](const In& x) { return x[0]; }, {{numbers({4, 2}, -2, 2, 5)}},
      matrix_bad([](const Tensor& x) { return qr(x); }));
  row.method = [](const In& x) {
    const auto [q, r] = x[0].qr(false);
    return q.matmul(r);
  };
  row.gradient = false;  // of the complete form
  rows.push_back(row);
  row = row_of(
      "linalg_householder_product", [](const In& x) { return linalg::householder_product(x[0], x[1]); },
      [](const In& x) { return reflected(x).narrow(1, 0, 3); },
      {{numbers({4, 3}, -2, 2, 5), numbers({2}, 0.5, 1.5, 6)}},
      {ON(ShapeError, "wide", linalg::householder_product(ones({2, 3}), ones({2}))),
       ON(ShapeError, "tau", linalg::householder_product(ones({3, 2}), ones({3}))),
       ON(TypeError, "undefined", linalg::householder_product(undefined, ones({1})))});
  row.out = [](Tensor& out, const In& x) { return linalg::householder_product_out(out, x[0], x[1]); };
  rows.push_back(row);
  row.name = "orgqr";
  row.out = nullptr;
  row.function = [](const In& x) { return orgqr(x[0], x[1]); };
  row.method = [](const In& x) { return x[0].orgqr(x[1]); };
  rows.push_back(row);
  row = row_of(
      "ormqr",
      [](const In& x) {
        return join({ormqr(x[0], x[1], x[2]), ormqr(x[0], x[1], x[2], true, true), ormqr(x[0], x[1], mT(x[2]), false),
                     ormqr(x[0], x[1], mT(x[2]), false, true)});
      },
      [](const In& x) {
        const Tensor q = reflected(x);
        return join({q.mm(x[2]), q.t().mm(x[2]), x[2].t().mm(q), x[2].t().mm(q.t())});
      },
      {{numbers({4, 3}, -2, 2, 5), numbers({2}, 0.5, 1.5, 6), numbers({4, 2}, -2, 2, 7)}},
      {ON(ShapeError, "tau", ormqr(ones({3, 2}), ones({3}), ones({3, 1}))),
       ON(ShapeError, "rows", ormqr(ones({3, 2}), ones({2}), ones({2, 3}))),
       ON(DtypeError, "dtypes", ormqr(ones({3, 2}), ones({2}), ones({3, 2}, kDouble))),
       ON(TypeError, "undefined", ormqr(ones({3, 2}), undefined, ones({3, 1})))});
  rows.push_back(row);
  row = row_of(
      "geqrf",
      [](const In& x) {
        const auto [packed, tau] = geqrf(x[0]);
        return linalg::householder_product(packed, tau).matmul(packed.narrow(-2, 0, packed.size(-1)).triu());
      },
      [](const In& x) { return x[0].clone(); }, {{numbers({2, 4, 3})}, {numbers({3, 3})}},
      matrix_bad([](const Tensor& x) { return geqrf(x); }));
  row.gradient = false;
  rows.push_back(row);
}

/// Symmetric, indefinite, and with zeros where a plain elimination would divide by them.
Tensor indefinite(const Tensor& x) {
  const Tensor s = x + mT(x);
  return s - s.diagonal(0, -2, -1).diag_embed();
}
void add_ldl(Rows& rows) {
  const std::vector<In> samples = {{numbers({2, 4, 4}, 0.5, 2)}, {numbers({5, 5}, -2, 2, 3)}};
  Row row = row_of(
      "linalg_ldl_factor",
      [](const In& x) {
        const auto [ld, pivots] = linalg::ldl_factor(indefinite(x[0]));
        return linalg::ldl_solve(ld, pivots, eye(x[0].size(-1), x[0].options()));
      },
      [](const In& x) { return inverse_of(indefinite(x[0])); }, samples,
      square_bad([](const Tensor& x) { return linalg::ldl_factor(x); }));
  row.bad.push_back(ON(LinAlgError, "zeros", linalg::ldl_factor(zeros({2, 2}))));
  row.bad.push_back(ON(AutogradError, "gradient", {
    Tensor x = eye(2).requires_grad_();
    std::get<0>(linalg::ldl_factor(x)).sum().backward();
  }));
  row.gradient = false;
  row.loss_of_precision = 400;
  rows.push_back(row);
  row.name = "linalg_ldl_factor_ex";
  row.function = [](const In& x) {
    const auto [ld, pivots, info] = linalg::ldl_factor_ex(indefinite(x[0]));
    return linalg::ldl_solve(ld, pivots, eye(x[0].size(-1), x[0].options())) + info.sum();
  };
  row.bad = square_bad([](const Tensor& x) { return linalg::ldl_factor_ex(x); });
  rows.push_back(row);
  row.name = "linalg_ldl_solve";
  row.function = [](const In& x) {
    const auto [ld, pivots] = linalg::ldl_factor(indefinite(x[0]));
    return linalg::ldl_solve(ld, pivots, x[0]);
  };
  row.reference = [](const In& x) { return inverse_of(indefinite(x[0])).matmul(x[0]); };
  row.out = [](Tensor& out, const In& x) {
    const auto [ld, pivots] = linalg::ldl_factor(indefinite(x[0]));
    return linalg::ldl_solve_out(out, ld, pivots, x[0]);
  };
  const Tensor two = tensor({1, 2}, kInt);
  row.bad = {bad<ShapeError>("rows",
                             [two] {
                               linalg::ldl_solve(eye(2), two, ones({3, 1}));
                             }),
             bad<ShapeError>("pivots",
                             [two] {
                               linalg::ldl_solve(eye(3), two, ones({3, 1}));
                             }),
             bad<DtypeError>("dtypes",
                             [two] {
                               linalg::ldl_solve(eye(2), two, ones({2, 1}, kDouble));
                             }),
             bad<ValueError>("places",
                             [two] {
                               linalg::ldl_solve(eye(2), two * 7, ones({2, 1}));
                             }),
             ON(ValueError, "pivots", linalg::ldl_solve(eye(2), tensor({1, -2}, kInt), ones({2, 1}))),
             ON(ValueError, "pivots", linalg::ldl_solve(eye(2), tensor({-1, -2}, kInt), ones({2, 1}))),
             ON(ValueError, "pivots", linalg::ldl_solve(eye(1), full({1}, INT32_MIN, kInt), ones({1, 1}))),
             ON(TypeError, "undefined", linalg::ldl_solve(eye(2), undefined, ones({2, 1})))};
  rows.push_back(row);
}

void add_spectra(Rows& rows) {
  const auto orthogonal = [](const Tensor& q) { return mT(q).matmul(q) - eye(q.size(-1), q.detach().options()); };
  Row row = row_of(
      "linalg_eigh",
      [orthogonal](const In& x) {
        const auto [values, v] = linalg::eigh(symmetric(x[0]));
        return join({(v * values.unsqueeze(-2)).matmul(mT(v)), orthogonal(v), values, v * v});
      },
      nullptr, {{numbers({2, 3, 3})}}, square_bad([](const Tensor& x) { return linalg::eigh(x); }));
  row.bad.push_back(ON(ValueError, "UPLO", linalg::eigh(ones({2, 2}), "M")));
  row.bad.push_back(ON(LinAlgError, "NaN", linalg::eigh(full({2, 2}, NAN))));
  rows.push_back(row);
  row = row_of(
      "linalg_eigvalsh", [](const In& x) { return linalg::eigvalsh(symmetric(x[0])).pow(2).sum(-1); },
      [](const In& x) {
        return symmetric(x[0]).square().sum({-2, -1});
      },
      {{numbers({2, 3, 3})}}, square_bad([](const Tensor& x) { return linalg::eigvalsh(x); }));
  rows.push_back(row);
  const std::vector<Bad> complex_bad = {ON(NotImplementedError, "complex", linalg::eig(ones({2, 2}))),
                                        ON(NotImplementedError, "complex values", linalg::eigvals(ones({2, 2}))),
                                        ON(ShapeError, "square", linalg::eig(ones({2, 3}))),
                                        ON(TypeError, "undefined", linalg::eig(undefined))};
  for (const char* name : {"linalg_eig", "linalg_eigvals"}) {  // refused by name, and that is all they do
    Row refused = row_of(
        name, [](const In& x) { return x[0] * 1; }, nullptr, {{numbers({2})}}, complex_bad);
    rows.push_back(refused);
  }
  for (const auto& [m, n] : {std::pair{3, 3}, {4, 2}, {2, 4}}) {
    row = row_of(
        "",
        [orthogonal](const In& x) {
          const auto [u, s, vh] = linalg::svd(x[0], false);
          return join({(u * s.unsqueeze(-2)).matmul(vh), orthogonal(u), orthogonal(mT(vh)), s, u * u, vh * vh});
        },
        nullptr, {{numbers({2, m, n}, -2, 2, 5)}}, matrix_bad([](const Tensor& x) { return linalg::svd(x); }));
    row.name = m == n ? "linalg_svd" : m > n ? "linalg_svd.tall" : "linalg_svd.wide";
    row.bad.push_back(ON(LinAlgError, "NaN", linalg::svd(full({2, 2}, NAN))));
    rows.push_back(row);
  }
  row = row_of(
      "svd",
      [orthogonal](const In& x) {
        const auto [u, s, v] = svd(x[0], false);
        return join({(u.narrow(-1, 0, 2) * s.unsqueeze(-2)).matmul(mT(v)), orthogonal(u)});
      },
      [](const In& x) {
        return join({x[0], zeros({2, 4, 4}, kDouble)});
      },
      {{numbers({2, 4, 2}, -2, 2, 5)}}, matrix_bad([](const Tensor& x) { return svd(x); }));
  row.gradient = false;  // of the full form; the thin one's is above
  rows.push_back(row);
  row = row_of(
      "linalg_svdvals", [](const In& x) { return linalg::svdvals(x[0]).square().sum(-1); },
      [](const In& x) {
        return x[0].square().sum({-2, -1});
      },
      {{numbers({2, 4, 3}, -2, 2, 5)}}, matrix_bad([](const Tensor& x) { return linalg::svdvals(x); }));
  rows.push_back(row);
}

void add_solving(Rows& rows) {
  Row row = row_of(
      "linalg_solve_triangular",
      [](const In& x) {
        return join({linalg::solve_triangular(x[0], x[1], true), linalg::solve_triangular(x[0], mT(x[1]), false, false),
                     linalg::solve_triangular(x[0], x[1], false, true, true)});
      },
      [](const In& x) {
        const Tensor one = eye(3, TensorOptions(kDouble));
        return join({inverse_of(x[0].triu()).matmul(x[1]), mT(x[1]).matmul(inverse_of(x[0].tril())),
                     inverse_of(x[0].tril(-1) + one).matmul(x[1])});
      },
      {{regular({2, 3, 3}), numbers({2, 3, 2}, -2, 2, 4)}}, square_bad([](const Tensor& x) {
        return linalg::solve_triangular(x, ones({2, 1}), true);
      }));
  row.bad.push_back(ON(ShapeError, "rows", linalg::solve_triangular(ones({2, 2}), ones({3, 1}), true)));
  rows.push_back(row);
  row = row_of(
      "triangular_solve", [](const In& x) { return std::get<0>(triangular_solve(x[1], x[0], true, true)); },
      [](const In& x) { return inverse_of(mT(x[0].triu())).matmul(x[1]); },
      {{regular({2, 3, 3}), numbers({2, 3, 2}, -2, 2, 4)}}, square_bad([](const Tensor& x) {
        return triangular_solve(ones({2, 1}), x);
      }));
  rows.push_back(row);
  row = row_of(
      "linalg_solve", [](const In& x) { return linalg::solve(x[0], x[1]); },
      [](const In& x) { return inverse_of(x[0]).matmul(x[1]); },
      {{regular({2, 3, 3}), numbers({2, 3, 2}, -2, 2, 4)}, {regular({3, 3}), numbers({2, 3, 2}, -2, 2, 4)}},
      square_bad([](const Tensor& x) { return linalg::solve(x, ones({2})); }));
  row.out = [](Tensor& out, const In& x) { return linalg::solve_out(out, x[0], x[1]); };
  row.bad.push_back(ON(LinAlgError, "singular", linalg::solve(zeros({2, 2}), ones({2}))));
  row.bad.push_back(ON(DtypeError, "dtypes", linalg::solve(ones({2, 2}), ones({2}, kDouble))));
  rows.push_back(row);
  row.name = "linalg_solve.right";
  row.out = nullptr;
  row.function = [](const In& x) { return linalg::solve(x[0], mT(x[1]), false); };
  row.reference = [](const In& x) { return mT(x[1]).matmul(inverse_of(x[0])); };
  rows.push_back(row);
  row.name = "linalg_solve_ex";
  row.function = [](const In& x) { return std::get<0>(linalg::solve_ex(x[0], x[1].select(-1, 0))); };
  row.reference = [](const In& x) { return inverse_of(x[0]).matmul(x[1].narrow(-1, 0, 1)).squeeze(-1); };
  row.samples = {{regular({2, 3, 3}), numbers({2, 3, 2}, -2, 2, 4)}};
  rows.push_back(row);
  row = row_of(
      "linalg_inv", [](const In& x) { return linalg::inv(x[0]); }, [](const In& x) { return inverse_of(x[0]); },
      {{regular({2, 3, 3})}}, square_bad([](const Tensor& x) { return linalg::inv(x); }));
  row.out = [](Tensor& out, const In& x) { return linalg::inv_out(out, x[0]); };
  row.bad.push_back(ON(LinAlgError, "singular", linalg::inv(zeros({2, 2}))));
  rows.push_back(row);
  row.name = "linalg_inv_ex";
  row.out = nullptr;
  row.function = [](const In& x) { return std::get<0>(linalg::inv_ex(x[0])); };
  rows.push_back(row);
  row.name = "linalg_inv_ex.beside_a_singular_one";
  row.function = [](const In& x) {
    const auto [inverse, info] = linalg::inv_ex(cat({zeros({1, 3, 3}, x[0].detach().options()), x[0]}));
    return join({inverse.narrow(0, 1, 2), info.ne(0).to(inverse.scalar_type())});
  };
  row.reference = [](const In& x) { return join({inverse_of(x[0]), tensor({1.0, 0.0, 0.0}, kDouble)}); };
  row.gradient = false;  // checked above; the singular matrix has none
  rows.push_back(row);
  row.gradient = true;
  row.reference = [](const In& x) { return inverse_of(x[0]); };
  row.name = "inverse";
  row.function = [](const In& x) { return inverse(x[0]); };
  row.method = [](const In& x) { return x[0].inverse(); };
  row.out = [](Tensor& out, const In& x) { return inverse_out(out, x[0]); };
  rows.push_back(row);
  row = row_of(
      "linalg_tensorinv",
      [](const In& x) {
        return linalg::tensorinv(x[0].reshape({2, 3, 6}), 2);
      },
      [](const In& x) {
        return inverse_of(x[0]).reshape({6, 2, 3});
      },
      {{regular({6, 6})}},
      {ON(ValueError, "ind", linalg::tensorinv(ones({2, 2}), 0)),
       ON(ShapeError, "square", linalg::tensorinv(ones({2, 3}), 1)),
       ON(TypeError, "undefined", linalg::tensorinv(undefined))});
  rows.push_back(row);
  row = row_of(
      "linalg_tensorsolve",
      [](const In& x) {
        return linalg::tensorsolve(x[0].reshape({2, 3, 6}), x[1].reshape({2, 3}));
      },
      [](const In& x) { return inverse_of(x[0]).mv(x[1]); }, {{regular({6, 6}), numbers({6}, -2, 2, 4)}},
      {ON(ShapeError, "square", linalg::tensorsolve(ones({2, 3}), ones({2}))),
       ON(TypeError, "undefined", linalg::tensorsolve(undefined, ones({2}))),
       ON(TypeError, "undefined second", linalg::tensorsolve(ones({2}), undefined))});
  rows.push_back(row);
}

void add_determinants(Rows& rows) {
  Row row = row_of(
      "linalg_det", [](const In& x) { return linalg::det(x[0]); }, [](const In& x) { return det_of(x[0]); },
      {{numbers({3, 3, 3}, -2, 2, 5)}}, square_bad([](const Tensor& x) { return linalg::det(x); }));
  row.out = [](Tensor& out, const In& x) { return linalg::det_out(out, x[0]); };
  rows.push_back(row);
  row.name = "det";
  row.out = nullptr;
  row.function = [](const In& x) { return det(x[0]); };
  row.method = [](const In& x) { return x[0].det(); };
  rows.push_back(row);
  row = row_of(
      "det.singular", [](const In& x) { return det(x[0]); }, [](const In&) { return zeros({}, kDouble); },
      {{tensor({{1.0, 2.0, 3.0}, {2.0, 4.0, 6.5}, {3.0, 6.0, 9.25}}, kDouble)}},
      square_bad([](const Tensor& x) { return det(x); }));
  row.second = false;
  rows.push_back(row);
  row = row_of(
      "linalg_slogdet",
      [](const In& x) {
        const auto [s, l] = linalg::slogdet(x[0]);
        return join({s, l});
      },
      [](const In& x) {
        const Tensor d = det_of(x[0]);
        return join({d.sign(), d.abs().log()});
      },
      {{numbers({3, 3, 3}, -2, 2, 5)}}, square_bad([](const Tensor& x) { return linalg::slogdet(x); }));
  rows.push_back(row);
  row.name = "slogdet";
  row.function = [](const In& x) {
    const auto [s, l] = slogdet(x[0]);
    return join({s, l});
  };
  row.method = [](const In& x) {
    const auto [s, l] = x[0].slogdet();
    return join({s, l});
  };
  rows.push_back(row);
  row = row_of(
      "logdet", [](const In& x) { return logdet(x[0]); }, [](const In& x) { return det_of(x[0]).log(); },
      {{regular({3, 3, 3})}}, square_bad([](const Tensor& x) { return logdet(x); }));
  row.method = [](const In& x) { return x[0].logdet(); };
  rows.push_back(row);
}

void add_pseudo(Rows& rows) {
  const Function by_normal_equations = [](const In& x) { return inverse_of(mT(x[0]).matmul(x[0])).matmul(mT(x[0])); };
  Row row = row_of(
      "linalg_pinv", [](const In& x) { return linalg::pinv(x[0]); }, by_normal_equations,
      {{numbers({2, 4, 3}, -2, 2, 5)}}, matrix_bad([](const Tensor& x) { return linalg::pinv(x); }));
  rows.push_back(row);
  row.name = "linalg_pinv.hermitian";
  row.function = [](const In& x) {
    return linalg::pinv(symmetric(x[0]), std::optional<double>(), std::optional<double>(), true);
  };
  row.reference = [](const In& x) { return inverse_of(symmetric(x[0])); };
  row.samples = {{regular({2, 3, 3})}};
  rows.push_back(row);
  row = row_of(
      "pinverse", [](const In& x) { return pinverse(x[0]); }, by_normal_equations, {{numbers({2, 4, 3}, -2, 2, 5)}},
      matrix_bad([](const Tensor& x) { return pinverse(x); }));
  row.method = [](const In& x) { return x[0].pinverse(); };
  rows.push_back(row);
  row = row_of(
      "linalg_matrix_rank",
      [](const In& x) {
        return linalg::matrix_rank(cat({x[0], x[0]}, -1));
      },
      [](const In& x) { return full({2}, 3, kLong) + 0 * x[0].size(0); }, {{numbers({2, 3, 3}, -2, 2, 5)}},
      matrix_bad([](const Tensor& x) { return linalg::matrix_rank(x); }));
  row.gradient = false;
  rows.push_back(row);
  for (const char* driver : {"gelsy", "gels", "gelsd", "gelss"}) {
    const std::string name = driver;
    row = row_of(
        "", [name](const In& x) { return std::get<0>(linalg::lstsq(x[0], x[1], std::nullopt, name)); },
        [](const In& x) { return inverse_of(mT(x[0]).matmul(x[0])).matmul(mT(x[0])).matmul(x[1]); },
        {{numbers({2, 4, 3}, -2, 2, 5), numbers({2, 4, 2}, -2, 2, 6)}},
        matrix_bad([](const Tensor& x) { return linalg::lstsq(x, ones({2})); }));
    row.name = name == "gelsy" ? "linalg_lstsq" : "linalg_lstsq." + name;
    row.bad.push_back(ON(ValueError, "driver", linalg::lstsq(ones({2, 2}), ones({2}), std::nullopt, "best")));
    rows.push_back(row);
  }
}

void add_powers(Rows& rows) {
  Row row = row_of(
      "linalg_matrix_power",
      [](const In& x) {
        return join({linalg::matrix_power(x[0], 5), linalg::matrix_power(x[0], -2), linalg::matrix_power(x[0], 0)});
      },
      [](const In& x) {
        const Tensor i = inverse_of(x[0]), two = x[0].matmul(x[0]);
        return join({two.matmul(two).matmul(x[0]), i.matmul(i), eye(3, TensorOptions(kDouble)).expand({2, 3, 3})});
      },
      {{regular({2, 3, 3}) * 0.3}},
      {ON(ShapeError, "square", linalg::matrix_power(ones({2, 3}), 2)),
       ON(LinAlgError, "singular", linalg::matrix_power(zeros({2, 2}), -1)),
       ON(TypeError, "undefined", linalg::matrix_power(undefined, 2))});
  rows.push_back(row);
  row.name = "matrix_power";
  row.function = [](const In& x) { return matrix_power(x[0], 3); };
  row.method = [](const In& x) { return x[0].matrix_power(3); };
  row.reference = [](const In& x) { return x[0].matmul(x[0]).matmul(x[0]); };
  rows.push_back(row);
  const Function series = [](const In& x) {
    Tensor term = eye(3, TensorOptions(kDouble)).expand({2, 3, 3}), sum = term;
    for (int k = 1; k < 80; ++k) {
      term = term.matmul(x[0]) / k;
      sum = sum + term;
    }
    return sum;
  };
  row = row_of(
      "linalg_matrix_exp", [](const In& x) { return linalg::matrix_exp(x[0]); }, series,
      {{numbers({2, 3, 3}, -1, 1, 5)}, {numbers({2, 3, 3}, -4, 4, 6)}},
      square_bad([](const Tensor& x) { return linalg::matrix_exp(x); }));
  row.loss_of_precision = 400;
  rows.push_back(row);
  row.name = "matrix_exp";
  row.function = [](const In& x) { return matrix_exp(x[0]); };
  row.method = [](const In& x) { return x[0].matrix_exp(); };
  rows.push_back(row);
}

void add_norms(Rows& rows) {
  const std::vector<Bad> bad_inputs = {ON(DtypeError, "integers", linalg::vector_norm(ones({2}, kLong))),
                                       ON(ValueError, "order", linalg::matrix_norm(ones({2, 2}), 3)),
                                       ON(ValueError, "name", linalg::matrix_norm(ones({2, 2}), "max")),
                                       ON(ShapeError, "rank", linalg::norm(ones({2, 2, 2}), 2)),
                                       ON(TypeError, "undefined", linalg::norm(undefined))};
  Row row = row_of(
      "linalg_vector_norm",
      [](const In& x) {
        return linalg::vector_norm(x[0], 3, IntArrayRef({0, 2}), true);
      },
      [](const In& x) {
        return x[0].abs().pow(3).sum({0, 2}, true).pow(1.0 / 3);
      },
      {{numbers({2, 3, 4})}}, bad_inputs);
  rows.push_back(row);
  row.name = "linalg_norm";
  row.function = [](const In& x) {
    return join({linalg::norm(x[0]), linalg::norm(x[0], 1, IntArrayRef({1, 2})), linalg::norm(x[0][0], "fro")});
  };
  row.reference = [](const In& x) {
    return join({x[0].square().sum().sqrt(), x[0].abs().sum(1).amax(1), x[0][0].square().sum().sqrt()});
  };
  rows.push_back(row);
  row.name = "linalg_matrix_norm";
  row.function = [](const In& x) {
    return join({linalg::matrix_norm(x[0], 1, {0, 2}, true), linalg::matrix_norm(x[0], -INFINITY),
                 linalg::matrix_norm(x[0], "fro"),
                 linalg::matrix_norm(x[0], "nuc").square() - linalg::matrix_norm(x[0], "nuc").square(),
                 linalg::matrix_norm(x[0].narrow(1, 0, 1), 2)});
  };
  row.reference = [](const In& x) {
    return join({x[0].abs().sum(0).amax(-1).reshape({1, 3, 1}), x[0].abs().sum(-1).amin(-1),
                 x[0].square().sum({1, 2}).sqrt(), zeros({2}, kDouble),
                 x[0].narrow(1, 0, 1).square().sum({1, 2}).sqrt()});
  };
  rows.push_back(row);
  row = row_of(
      "frobenius_norm",
      [](const In& x) {
        return frobenius_norm(x[0], {1, 2});
      },
      [](const In& x) {
        return x[0].square().sum({1, 2}).sqrt();
      },
      {{numbers({2, 3, 4})}}, bad_inputs);
  rows.push_back(row);
  row = row_of(
      "nuclear_norm", [](const In& x) { return nuclear_norm(x[0].diag_embed()); },
      [](const In& x) { return x[0].abs().sum(-1); }, {{numbers({2, 3})}}, bad_inputs);
  rows.push_back(row);
  row = row_of(
      "linalg_cond",
      [](const In& x) {
        return join({linalg::cond(x[0].diag_embed()), linalg::cond(x[0].diag_embed(), 1),
                     linalg::cond(x[0].diag_embed(), "fro")});
      },
      [](const In& x) {
        const Tensor a = x[0].abs();
        return join({a.amax(-1) / a.amin(-1), a.amax(-1) / a.amin(-1),
                     a.square().sum(-1).sqrt() * a.square().reciprocal().sum(-1).sqrt()});
      },
      {{numbers({2, 3}, 0.6, 2)}}, matrix_bad([](const Tensor& x) { return linalg::cond(x); }));
  rows.push_back(row);
  row = row_of(
      "linalg_vecdot", [](const In& x) { return linalg::vecdot(x[0], x[1], 0); },
      [](const In& x) { return (x[0] * x[1]).sum(0); }, {{numbers({3, 2}), numbers({3, 1}, -2, 2, 4)}},
      {ON(ShapeError, "shapes", linalg::vecdot(ones({2}), ones({3}))),
       ON(TypeError, "undefined", linalg::vecdot(undefined, ones({2}))),
       ON(IndexError, "dim", linalg::vecdot(ones({2}), ones({2}), 4))});
  rows.push_back(row);
  row = row_of(
      "linalg_matmul", [](const In& x) { return linalg::matmul(x[0], x[1]); },
      [](const In& x) { return (x[0].unsqueeze(-1) * x[1]).sum(1); }, {{numbers({3, 2}), numbers({2, 4}, -2, 2, 4)}},
      {ON(ShapeError, "shapes", linalg::matmul(ones({2, 2}), ones({3, 3}))),
       ON(TypeError, "undefined", linalg::matmul(undefined, ones({2}))),
       ON(DtypeError, "dtypes", linalg::matmul(ones({2}), ones({2}, kDouble)))});
  rows.push_back(row);
  row = row_of(
      "linalg_diagonal", [](const In& x) { return linalg::diagonal(x[0]); },
      [](const In& x) {
        return stack({x[0].select(1, 0).select(1, 0), x[0].select(1, 1).select(1, 1)}, 1);
      },
      {{numbers({3, 2, 2})}},
      {ON(IndexError, "dims", linalg::diagonal(ones({2}))), ON(TypeError, "undefined", linalg::diagonal(undefined)),
       ON(IndexError, "dim", linalg::diagonal(ones({2, 2}), 0, 5, 1))});
  rows.push_back(row);
  row = row_of(
      "linalg_vander", [](const In& x) { return linalg::vander(x[0], 3); },
      [](const In& x) {
        return stack({ones_like(x[0]), x[0], x[0] * x[0]}, -1);
      },
      {{numbers({2, 4})}},
      {ON(ValueError, "N", linalg::vander(ones({2}), 1)), ON(ValueError, "number", linalg::vander(ones({}))),
       ON(TypeError, "undefined", linalg::vander(undefined))});
  rows.push_back(row);
}

}  // namespace

void add_linalg_rows(Rows& rows) {
  add_cholesky(rows);
  add_lu(rows);
  add_orthogonal(rows);
  add_ldl(rows);
  add_spectra(rows);
  add_solving(rows);
  add_determinants(rows);
  add_pseudo(rows);
  add_powers(rows);
  add_norms(rows);
}

}  // namespace hearth::op_table
