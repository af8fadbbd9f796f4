// Rows of src/ops/matmul.cpp. The reference is three loops.
#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

Tensor plain_product(const Tensor& a, const Tensor& b) {
  const Tensor x = a.to(kDouble).contiguous(), y = b.to(kDouble).contiguous();
  const int64_t m = x.size(0), k = x.size(1), n = y.size(1);
  Tensor z = zeros({m, n}, kDouble);
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j)
      for (int64_t l = 0; l < k; ++l)
        z.data_ptr<double>()[i * n + j] += x.data_ptr<double>()[i * k + l] * y.data_ptr<double>()[l * n + j];
  return z;
}
Tensor plain_batches(const Tensor& a, const Tensor& b) {
  std::vector<Tensor> out;
  for (int64_t i = 0; i < a.size(0); ++i) out.push_back(plain_product(a[i], b[i]));
  return stack(out);
}

Row row_of(const std::string& name, Function function, Function method, Function reference, std::vector<In> samples,
           std::vector<Bad> refused) {
  Row row;
  row.name = name;
  row.function = std::move(function);
  row.method = std::move(method);
  row.reference = std::move(reference);
  row.samples = std::move(samples);
  row.loss_of_precision = 6;
  row.bad = std::move(refused);
  return row;
}

void add_products(Rows& rows) {
  rows.push_back(row_of(
      "mm", [](const In& x) { return mm(x[0], x[1]); }, [](const In& x) { return x[0].mm(x[1]); },
      [](const In& x) { return plain_product(x[0], x[1]); },
      {{numbers({2, 3}), numbers({3, 4}, -2, 2, 2)},
       {numbers({1, 5}), numbers({5, 1}, -2, 2, 2)},
       {numbers({0, 2}), numbers({2, 3})},
       {numbers({2, 0}), numbers({0, 3})}},
      {ON(ShapeError, "inner", mm(ones({2, 3}), ones({2, 3}))), ON(ShapeError, "vector", mm(ones({2}), ones({2, 2}))),
       ON(DtypeError, "dtypes", mm(ones({2, 2}), ones({2, 2}, kDouble))),
       ON(TypeError, "undefined", mm(undefined, ones({2, 2})))}));
  rows.back().integer_dtypes = {kInt, kLong};
  rows.back().out = [](Tensor& out, const In& x) { return mm_out(out, x[0], x[1]); };
  rows.push_back(row_of(
      "bmm", [](const In& x) { return bmm(x[0], x[1]); }, [](const In& x) { return x[0].bmm(x[1]); },
      [](const In& x) { return plain_batches(x[0], x[1]); },
      {{numbers({3, 2, 3}), numbers({3, 3, 4}, -2, 2, 2)}, {numbers({1, 2, 1}), numbers({1, 1, 2}, -2, 2, 2)}},
      {ON(ShapeError, "batches", bmm(ones({2, 2, 2}), ones({3, 2, 2}))),
       ON(ShapeError, "inner", bmm(ones({2, 2, 3}), ones({2, 2, 3}))),
       ON(ShapeError, "matrices", bmm(ones({2, 2}), ones({2, 2})))}));
  rows.push_back(row_of(
      "mv", [](const In& x) { return mv(x[0], x[1]); }, [](const In& x) { return x[0].mv(x[1]); },
      [](const In& x) { return plain_product(x[0], x[1].unsqueeze(1)).squeeze(1); },
      {{numbers({2, 3}), numbers({3}, -2, 2, 2)}},
      {ON(ShapeError, "inner", mv(ones({2, 3}), ones({2}))), ON(ShapeError, "dims", mv(ones({2}), ones({2}))),
       ON(TypeError, "undefined", mv(ones({2, 2}), undefined))}));
  for (const std::string name : {"dot", "vdot"})
    rows.push_back(row_of(
        name, [name](const In& x) { return name == "dot" ? dot(x[0], x[1]) : vdot(x[0], x[1]); }, nullptr,
        [](const In& x) { return (x[0] * x[1]).sum(); }, {{numbers({5}), numbers({5}, -2, 2, 2)}},
        {ON(ShapeError, "lengths", dot(ones({2}), ones({3}))), ON(ShapeError, "matrix", vdot(ones({2, 2}), ones({2}))),
         ON(DtypeError, "dtypes", dot(ones({2}), ones({2}, kDouble)))}));
  for (const std::string name : {"outer", "ger"})
    rows.push_back(row_of(
        name, [name](const In& x) { return name == "ger" ? ger(x[0], x[1]) : outer(x[0], x[1]); }, nullptr,
        [](const In& x) { return plain_product(x[0].unsqueeze(1), x[1].unsqueeze(0)); },
        {{numbers({2}), numbers({3}, -2, 2, 2)}},
        {ON(ShapeError, "matrix", outer(ones({2, 2}), ones({2}))), ON(ShapeError, "0-dim", ger(ones({2}), ones({}))),
         ON(TypeError, "undefined", outer(undefined, ones({2})))}));
  rows.push_back(row_of(
      "matmul", [](const In& x) { return matmul(x[0], x[1]); }, [](const In& x) { return x[0].matmul(x[1]); },
      [](const In& x) {
        const Tensor a = x[0].dim() == 1 ? x[0].unsqueeze(0) : x[0], b = x[1].dim() == 1 ? x[1].unsqueeze(1) : x[1];
        std::vector<int64_t> lead = (a.dim() > b.dim() ? a : b).sizes().vec();
        lead.resize(lead.size() - 2);
        std::vector<int64_t> left = lead, right = lead, whole = lead;
        left.insert(left.end(), {a.size(-2), a.size(-1)});
        right.insert(right.end(), {b.size(-2), b.size(-1)});
        if (x[0].dim() > 1) whole.push_back(a.size(-2));
        if (x[1].dim() > 1) whole.push_back(b.size(-1));
        return plain_batches(a.expand(left).reshape({-1, a.size(-2), a.size(-1)}),
                             b.expand(right).reshape({-1, b.size(-2), b.size(-1)}))
            .reshape(whole);
      },
      {{numbers({2, 3}), numbers({3, 4}, -2, 2, 2)},
       {numbers({3}), numbers({3}, -2, 2, 2)},
       {numbers({3}), numbers({3, 2}, -2, 2, 2)},
       {numbers({2, 3}), numbers({3}, -2, 2, 2)},
       {numbers({2, 2, 3}), numbers({3, 2}, -2, 2, 2)},
       {numbers({2, 3}), numbers({2, 3, 2}, -2, 2, 2)},
       {numbers({2, 1, 2, 3}), numbers({2, 3, 2}, -2, 2, 2).unsqueeze(1)}},
      {ON(ShapeError, "inner", matmul(ones({2, 3}), ones({2, 3}))),
       ON(ShapeError, "0-dim", matmul(ones({}), ones({2}))),
       ON(DtypeError, "dtypes", matmul(ones({2, 2}), ones({2, 2}, kLong))),
       ON(TypeError, "undefined", matmul(undefined, undefined))}));
}

void add_sums_of_products(Rows& rows) {
  const auto refused = [](auto f) {
    return std::vector<Bad>{bad<TypeError>("undefined",
                                           [f] {
                                             f(In{undefined, ones({2, 2, 2}), ones({2, 2, 2})});
                                           }),
                            bad<ShapeError>("dims",
                                            [f] {
                                              f(In{ones({2}), ones({2}), ones({2})});
                                            }),
                            bad<ShapeError>("inner", [f] {
                              f(In{ones({2}), ones({2, 3, 4, 5}), ones({2, 3})});
                            })};
  };
  Function f = [](const In& x) { return addmm(x[0], x[1], x[2], 0.5, 2); };
  rows.push_back(row_of(
      "addmm", f, [](const In& x) { return x[0].addmm(x[1], x[2], 0.5, 2); },
      [](const In& x) { return 0.5 * x[0] + 2 * plain_product(x[1], x[2]); },
      {{numbers({2, 4}), numbers({2, 3}, -2, 2, 2), numbers({3, 4}, -2, 2, 3)},
       {numbers({4}), numbers({2, 3}, -2, 2, 2), numbers({3, 4}, -2, 2, 3)}},
      refused(f)));
  rows.back().in_place = [](const In& x) { return x[0].addmm_(x[1], x[2], 0.5, 2); };
  f = [](const In& x) { return addmv(x[0], x[1], x[2], 0.5, 2); };
  rows.push_back(row_of(
      "addmv", f, nullptr,
      [](const In& x) { return 0.5 * x[0] + 2 * plain_product(x[1], x[2].unsqueeze(1)).squeeze(1); },
      {{numbers({2}), numbers({2, 3}, -2, 2, 2), numbers({3}, -2, 2, 3)}}, refused(f)));
  f = [](const In& x) { return addbmm(x[0], x[1], x[2], 0.5, 2); };
  rows.push_back(row_of(
      "addbmm", f, nullptr, [](const In& x) { return 0.5 * x[0] + 2 * plain_batches(x[1], x[2]).sum(0); },
      {{numbers({2, 4}), numbers({2, 2, 3}, -2, 2, 2), numbers({2, 3, 4}, -2, 2, 3)}}, refused(f)));
  f = [](const In& x) { return baddbmm(x[0], x[1], x[2], 0.5, 2); };
  rows.push_back(row_of(
      "baddbmm", f, nullptr, [](const In& x) { return 0.5 * x[0] + 2 * plain_batches(x[1], x[2]); },
      {{numbers({2, 2, 4}), numbers({2, 2, 3}, -2, 2, 2), numbers({2, 3, 4}, -2, 2, 3)}}, refused(f)));
  rows.push_back(row_of(
      "linear", [](const In& x) { return linear(x[0], x[1], x[2]); }, nullptr,
      [](const In& x) {
        return (plain_product(x[0].reshape({-1, 3}), x[1].t()) + x[2])
            .reshape(x[0].dim() == 2 ? std::vector<int64_t>{2, 4} : std::vector<int64_t>{2, 2, 4});
      },
      {{numbers({2, 3}), numbers({4, 3}, -2, 2, 2), numbers({4}, -2, 2, 3)},
       {numbers({2, 2, 3}), numbers({4, 3}, -2, 2, 2), numbers({4}, -2, 2, 3)}},
      {ON(ShapeError, "features", linear(ones({2, 7}), ones({4, 2}))),
       ON(ShapeError, "bias", linear(ones({2, 3}), ones({4, 3}), ones({3}))),
       ON(DtypeError, "dtypes", linear(ones({2, 3}), ones({4, 3}, kDouble))),
       ON(TypeError, "undefined", linear(undefined, ones({4, 3})))}));
}

}  // namespace

void add_matmul_rows(Rows& rows) {
  add_products(rows);
  add_sums_of_products(rows);
}

}  // namespace hearth::op_table
