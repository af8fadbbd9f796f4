// Rows of src/ops/contraction.cpp and src/ops/calculus.cpp.
#include <cmath>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

Row row_of(const char* name, Function function, Function reference, std::vector<In> samples, std::vector<Bad> bad) {
  Row row;
  row.name = name;
  row.function = std::move(function);
  row.reference = std::move(reference);
  row.samples = std::move(samples);
  row.bad = std::move(bad);
  row.loss_of_precision = 4;
  return row;
}
Tensor some(IntArrayRef sizes, uint64_t seed) { return numbers(sizes, -2, 2, seed); }

void add_einsum(Rows& rows) {
  const std::vector<Bad> bad_inputs = {ON(ValueError, "operands", einsum("ij,jk->ik", {ones({2, 2})})),
                                       ON(ValueError, "too many", einsum("ij", {ones({2, 2}), ones({2})})),
                                       ON(ShapeError, "rank", einsum("ijk", {ones({2, 2})})),
                                       ON(ShapeError, "sizes", einsum("ij,jk", {ones({2, 3}), ones({4, 2})})),
                                       ON(ValueError, "label", einsum("i1", {ones({2, 2})})),
                                       ON(ValueError, "output", einsum("ij->ik", {ones({2, 2})})),
                                       ON(ShapeError, "diagonal", einsum("ii", {ones({2, 3})})),
                                       ON(TypeError, "undefined", einsum("i", {undefined}))};
  const auto add = [&](const char* name, const char* equation, const std::vector<In>& samples, Function reference) {
    Row row = row_of(
        name, [equation](const In& x) { return einsum(equation, x); }, std::move(reference), samples, bad_inputs);
    rows.push_back(row);
  };
  add("einsum", "bij,bjk->bik", {{some({2, 3, 4}, 1), some({2, 4, 5}, 2)}},
      [](const In& x) { return (x[0].unsqueeze(-1) * x[1].unsqueeze(1)).sum(2); });
  add("einsum.outer", "i, j", {{some({3}, 1), some({4}, 2)}}, [](const In& x) { return x[0].unsqueeze(1) * x[1]; });
  add("einsum.trace", "ii", {{some({3, 3}, 1)}}, [](const In& x) { return x[0].diagonal().sum(); });
  add("einsum.diagonal", "...ii->...i", {{some({2, 3, 3}, 1)}}, [](const In& x) { return x[0].diagonal(0, 1, 2); });
  add("einsum.transpose", "ba", {{some({2, 3}, 1)}}, [](const In& x) { return x[0].t(); });
  add("einsum.sum", "ij->", {{some({2, 3}, 1)}}, [](const In& x) { return x[0].sum(); });
  add("einsum.ellipsis", "...ij,...jk->...ik", {{some({2, 1, 3, 4}, 1), some({5, 4, 2}, 2)}},
      [](const In& x) { return (x[0].unsqueeze(-1) * x[1].unsqueeze(-3)).sum(-2); });
  add("einsum.three", "ij,jk,kl->il", {{some({2, 3}, 1), some({3, 4}, 2), some({4, 2}, 3)}}, [](const In& x) {
    return (x[0].reshape({2, 3, 1, 1}) * x[1].reshape({1, 3, 4, 1}) * x[2].reshape({1, 1, 4, 2})).sum({1, 2});
  });
  add("einsum.bilinear", "bn,anm,bm->ba", {{some({2, 3}, 1), some({4, 3, 5}, 2), some({2, 5}, 3)}}, [](const In& x) {
    return (x[0].reshape({2, 1, 3, 1}) * x[1].unsqueeze(0) * x[2].reshape({2, 1, 1, 5})).sum({2, 3});
  });
  add("einsum.empty", "ij,jk->ik", {{some({2, 0}, 1), some({0, 3}, 2)}}, [](const In&) {
    return zeros({2, 3}, kDouble);
  });
  rows.back().gradient = false;
  Row row = rows.front();
  row.name = "einsum.path";
  row.bad = bad_inputs;
  row.function = [](const In& x) { return einsum("ij,jk,kl->il", x, std::vector<int64_t>{1, 2, 0, 1}); };
  row = row_of(
      "einsum.path",
      [](const In& x) {
        return einsum("ij,jk,kl->il", x, std::vector<int64_t>{1, 2, 0, 1});
      },
      [](const In& x) { return x[0].mm(x[1].mm(x[2])); }, {{some({2, 3}, 1), some({3, 4}, 2), some({4, 2}, 3)}},
      {ON(ValueError, "length", einsum("i,i", {ones({2}), ones({2})}, std::vector<int64_t>{0})),
       ON(ValueError, "same", einsum("i,i", {ones({2}), ones({2})}, std::vector<int64_t>{0, 0})),
       ON(ValueError, "range", einsum("i,i", {ones({2}), ones({2})}, std::vector<int64_t>{0, 5}))});
  rows.push_back(row);
}

void add_products(Rows& rows) {
  Row row = row_of(
      "tensordot",
      [](const In& x) {
        return tensordot(x[0], x[1], {2, 0}, {0, 1});
      },
      [](const In& x) {
        return (x[0].permute({1, 2, 0}).unsqueeze(-1) * x[1].unsqueeze(0)).sum({1, 2});
      },
      {{some({2, 3, 4}, 1), some({4, 2, 5}, 2)}},
      {ON(ValueError, "counts", tensordot(ones({2}), ones({2}), {0}, {})),
       ON(ShapeError, "sizes", tensordot(ones({2}), ones({3}), {0}, {0})),
       ON(IndexError, "dim", tensordot(ones({2}), ones({2}), {3}, {0})),
       ON(TypeError, "undefined", tensordot(undefined, ones({2}), {0}, {0}))});
  row.out = [](Tensor& out, const In& x) { return tensordot_out(out, x[0], x[1], {2, 0}, {0, 1}); };
  rows.push_back(row);
  row = row_of(
      "inner", [](const In& x) { return inner(x[0], x[1]); },
      [](const In& x) { return (x[0].unsqueeze(1) * x[1].unsqueeze(0)).sum(-1); }, {{some({2, 3}, 1), some({4, 3}, 2)}},
      {ON(ShapeError, "sizes", inner(ones({2}), ones({3}))), ON(TypeError, "undefined", inner(undefined, ones({2}))),
       ON(TypeError, "second", inner(ones({2}), undefined))});
  row.method = [](const In& x) { return x[0].inner(x[1]); };
  row.out = [](Tensor& out, const In& x) { return inner_out(out, x[0], x[1]); };
  rows.push_back(row);
  row = row_of(
      "kron", [](const In& x) { return kron(x[0], x[1]); },
      [](const In& x) {
        Tensor y = zeros({4, 9}, kDouble);
        for (int64_t i = 0; i < 4; ++i)
          for (int64_t j = 0; j < 9; ++j) y[i][j] = x[0][i / 2][j / 3] * x[1][i % 2][j % 3];
        return y;
      },
      {{some({2, 3}, 1), some({2, 3}, 2)}},
      {ON(TypeError, "undefined", kron(undefined, ones({2}))), ON(TypeError, "second", kron(ones({2}), undefined)),
       ON(TypeError, "method", undefined.kron(ones({1})))});
  row.method = [](const In& x) { return x[0].kron(x[1]); };
  row.out = [](Tensor& out, const In& x) { return kron_out(out, x[0], x[1]); };
  rows.push_back(row);
  const Function cross_by_hand = [](const In& x) {
    const auto part = [&](size_t k, int64_t i) { return x[k].expand({2, 3}).select(1, i); };
    return stack({part(0, 1) * part(1, 2) - part(0, 2) * part(1, 1), part(0, 2) * part(1, 0) - part(0, 0) * part(1, 2),
                  part(0, 0) * part(1, 1) - part(0, 1) * part(1, 0)},
                 1);
  };
  row = row_of("cross", [](const In& x) { return cross(x[0], x[1]); }, cross_by_hand,
               {{some({2, 3}, 1), some({1, 3}, 2)}},
               {ON(ShapeError, "no 3", cross(ones({2, 2}), ones({2, 2}))),
                ON(ShapeError, "dim", cross(ones({2, 3}), ones({2, 3}), 0)),
                ON(ShapeError, "ranks", cross(ones({3}), ones({2, 3}))),
                ON(TypeError, "undefined", cross(undefined, ones({3})))});
  row.method = [](const In& x) { return x[0].cross(x[1]); };
  row.out = [](Tensor& out, const In& x) { return cross_out(out, x[0], x[1]); };
  rows.push_back(row);
  row.name = "linalg_cross";
  row.function = [](const In& x) { return linalg::cross(x[0], x[1]); };
  row.method = nullptr;
  row.out = [](Tensor& out, const In& x) { return linalg::cross_out(out, x[0], x[1]); };
  rows.push_back(row);
  row = row_of(
      "addr", [](const In& x) { return addr(x[0], x[1], x[2], 0.5, 2); },
      [](const In& x) { return x[0] * 0.5 + x[1].unsqueeze(1) * x[2] * 2; },
      {{some({2, 3}, 1), some({2}, 2), some({3}, 3)}},
      {ON(ShapeError, "shapes", addr(ones({4, 4}), ones({2}), ones({2}))),
       ON(ShapeError, "matrices", addr(ones({2, 2}), ones({2, 2}), ones({2}))),
       ON(TypeError, "undefined", addr(undefined, ones({2}), ones({2})))});
  row.method = [](const In& x) { return x[0].addr(x[1], x[2], 0.5, 2); };
  row.in_place = [](const In& x) { return x[0].addr_(x[1], x[2], 0.5, 2); };
  row.out = [](Tensor& out, const In& x) { return addr_out(out, x[0], x[1], x[2], 0.5, 2); };
  rows.push_back(row);
  const Function chain = [](const In& x) { return x[0].mm(x[1]).mm(x[2]); };
  row = row_of("linalg_multi_dot", [](const In& x) { return linalg::multi_dot(x); }, chain,
               {{some({2, 5}, 1), some({5, 1}, 2), some({1, 3}, 3)}},
               {ON(ValueError, "one", linalg::multi_dot({ones({2, 2})})),
                ON(ShapeError, "rank", linalg::multi_dot({ones({2, 2}), ones({2}), ones({2, 2})})),
                ON(ShapeError, "sizes", linalg::multi_dot({ones({2, 2}), ones({3, 2})}))});
  rows.push_back(row);
  row.name = "chain_matmul";
  row.function = [](const In& x) { return chain_matmul(x); };
  row.bad = {ON(ValueError, "none", chain_matmul({})),
             ON(ShapeError, "sizes", chain_matmul({ones({2, 2}), ones({3, 2})})),
             ON(TypeError, "undefined", chain_matmul({undefined, undefined}))};
  rows.push_back(row);
}

void add_differences(Rows& rows) {
  Row row = row_of(
      "diff", [](const In& x) { return diff(x[0], 2, 1, x[1]); },
      [](const In& x) {
        const Tensor a = cat({x[1], x[0]}, 1);
        const int64_t n = a.size(1);
        return a.narrow(1, 2, n - 2) - a.narrow(1, 1, n - 2) * 2 + a.narrow(1, 0, n - 2);
      },
      {{some({2, 4}, 1), some({2, 1}, 2)}},
      {ON(ShapeError, "number", diff(ones({}))), ON(ValueError, "order", diff(ones({2}), -1)),
       ON(IndexError, "dim", diff(ones({2}), 1, 3)), ON(TypeError, "undefined", diff(undefined))});
  row.method = [](const In& x) { return x[0].diff(2, 1, x[1]); };
  row.out = [](Tensor& out, const In& x) { return diff_out(out, x[0], 2, 1, x[1]); };
  rows.push_back(row);
  // Second-order differences are exact for parabolas, whatever the spacing.
  const auto parabola = [](const In& x) {
    return x[0].unsqueeze(1) + x[1].unsqueeze(1) * arange(5, kDouble).to(x[0].scalar_type());
  };
  const std::vector<Bad> bad_inputs = {ON(ShapeError, "too small", gradient(ones({1}))),
                                       ON(ValueError, "edge_order", gradient(ones({4}), std::nullopt, std::nullopt, 3)),
                                       ON(IndexError, "dim", gradient(ones({4}), std::nullopt, 3)),
                                       ON(TypeError, "undefined", gradient(undefined))};
  row = row_of(
      "gradient", [parabola](const In& x) { return gradient(parabola(x), std::optional<Scalar>(0.5), 1)[0]; },
      [](const In& x) {
        return x[1].unsqueeze(1).expand({2, 5}) * 2;
      },
      {{some({2}, 1), some({2}, 2)}}, bad_inputs);
  rows.push_back(row);
  row = row_of(
      "gradient.uneven",
      [](const In& x) {
        const Tensor places = tensor({0.0, 1.0, 1.5, 3.0, 3.2}, kDouble).to(x[0].scalar_type());
        const Tensor y = x[0].unsqueeze(1) * places * places + x[1].unsqueeze(1) * places;
        return gradient(y, TensorList({places}), 1, 2)[0];
      },
      [](const In& x) {
        const Tensor places = tensor({0.0, 1.0, 1.5, 3.0, 3.2}, kDouble);
        return x[0].unsqueeze(1) * places * 2 + x[1].unsqueeze(1);
      },
      {{some({2}, 1), some({2}, 2)}}, bad_inputs);
  row.dtypes = {kFloat};
  row.loss_of_precision = 100;
  row.tolerance = 1e-11;
  rows.push_back(row);
  const Function area = [](const In& x) {
    Tensor sum = zeros({2}, kDouble);
    for (int64_t j = 0; j + 1 < 4; ++j)
      sum = sum + (x[0].select(1, j) + x[0].select(1, j + 1)) / 2 * (x[1].select(0, j + 1) - x[1].select(0, j));
    return sum;
  };
  const std::vector<Bad> trap_bad = {
      ON(ShapeError, "points", trapezoid(ones({3}), ones({4}))), ON(ShapeError, "number", trapezoid(ones({}))),
      ON(IndexError, "dim", trapezoid(ones({2}), 1, 4)), ON(TypeError, "undefined", trapezoid(undefined))};
  rows.push_back(row_of(
      "trapezoid", [](const In& x) { return trapezoid(x[0], x[1]); }, area, {{some({2, 4}, 1), some({4}, 2)}},
      trap_bad));
  rows.push_back(row_of(
      "trapz", [](const In& x) { return trapz(x[0], x[1]); }, area, {{some({2, 4}, 1), some({4}, 2)}}, trap_bad));
  rows.push_back(row_of(
      "trapezoid.dx", [](const In& x) { return trapezoid(x[0], 0.5); },
      [](const In& x) { return (x[0].sum(1) - (x[0].select(1, 0) + x[0].select(1, 3)) / 2) * 0.5; },
      {{some({2, 4}, 1)}}, trap_bad));
  rows.push_back(row_of(
      "cumulative_trapezoid", [](const In& x) { return cumulative_trapezoid(x[0], x[1]); },
      [](const In& x) {
        std::vector<Tensor> parts;
        Tensor sum = zeros({2}, kDouble);
        for (int64_t j = 0; j + 1 < 4; ++j) {
          sum = sum + (x[0].select(1, j) + x[0].select(1, j + 1)) / 2 * (x[1].select(0, j + 1) - x[1].select(0, j));
          parts.push_back(sum);
        }
        return stack(parts, 1);
      },
      {{some({2, 4}, 1), some({4}, 2)}}, trap_bad));
}

void add_statistics(Rows& rows) {
  const auto by_hand = [](const Tensor& x, const Tensor& w, double correction, const Tensor& a) {
    const Tensor total = w.sum(), mean = (x * w).sum(1, true) / total, c = x - mean;
    return (c * w).mm(c.t()) / (total - correction * ((w * a).sum() / total).item<double>());
  };
  const std::vector<Bad> bad_inputs = {
      ON(ShapeError, "rank", cov(ones({2, 2, 2}))), ON(ShapeError, "fweights", cov(ones({2, 3}), 1, ones({2}, kLong))),
      ON(ValueError, "negative", cov(ones({2, 2}), 1, {}, tensor({-1.0, 1.0}))),
      ON(DtypeError, "bool", cov(ones({2}, kBool))), ON(TypeError, "undefined", cov(undefined))};
  Row row = row_of(
      "cov", [](const In& x) { return cov(x[0]); },
      [by_hand](const In& x) { return by_hand(x[0], ones({5}, kDouble), 1, ones({5}, kDouble)); }, {{some({3, 5}, 1)}},
      bad_inputs);
  row.method = [](const In& x) { return x[0].cov(); };
  rows.push_back(row);
  row = row_of(
      "cov.weighted",
      [](const In& x) {
        return cov(x[0], 1, tensor({1, 2, 1, 3, 1}), x[1]);
      },
      [by_hand](const In& x) {
        return by_hand(x[0], x[1] * tensor({1, 2, 1, 3, 1}), 1, x[1]);
      },
      {{some({3, 5}, 1), numbers({5}, 0.5, 1.5, 4)}}, bad_inputs);
  row.differentiable = {true, false};
  rows.push_back(row);
  row = row_of(
      "corrcoef", [](const In& x) { return corrcoef(x[0]).tril(-1); },
      [](const In& x) {
        const Tensor c = x[0] - x[0].mean(1, true);
        const Tensor n = c / c.square().sum(1, true).sqrt();
        return n.mm(n.t()).tril(-1);
      },
      {{some({3, 5}, 1)}},
      {ON(ShapeError, "rank", corrcoef(ones({2, 2, 2}))), ON(DtypeError, "bool", corrcoef(ones({2}, kBool))),
       ON(TypeError, "undefined", corrcoef(undefined))});
  row.method = [](const In& x) { return x[0].corrcoef().tril(-1); };
  rows.push_back(row);
  row = row_of(
      "renorm", [](const In& x) { return renorm(x[0], 2, 0, 1.5); },
      [](const In& x) {
        const Tensor n = x[0].square().sum({1, 2}, true).sqrt();
        return x[0] * (1.5 / (n + 1e-7)).clamp_max(1);
      },
      {{some({3, 2, 2}, 1) * 0.6}},
      {ON(ShapeError, "vector", renorm(ones({2}), 2, 0, 1)), ON(ValueError, "p", renorm(ones({2, 2}), 0, 0, 1)),
       ON(ValueError, "maxnorm", renorm(ones({2, 2}), 2, 0, -1)),
       ON(DtypeError, "integers", renorm(ones({2, 2}, kLong), 2, 0, 1))});
  row.method = [](const In& x) { return x[0].renorm(2, 0, 1.5); };
  row.in_place = [](const In& x) { return x[0].renorm_(2, 0, 1.5); };
  row.out = [](Tensor& out, const In& x) { return renorm_out(out, x[0], 2, 0, 1.5); };
  rows.push_back(row);
}

}  // namespace

void add_contraction_rows(Rows& rows) {
  add_einsum(rows);
  add_products(rows);
  add_differences(rows);
  add_statistics(rows);
}

}  // namespace hearth::op_table
