// Rows of src/ops/index.cpp, src/ops/indexing.cpp and src/ops/sort.cpp.
#include <algorithm>
#include <numeric>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

Tensor places() { return tensor({2, 0, 2}); }
Tensor grid() { return tensor({{0, 2, 1}, {1, 1, 0}}); }

/// Loops over [n, m] with access to the elements of a copy in double.
template <class F>
Tensor loop(const Tensor& start, IntArrayRef sizes, F f) {
  Tensor y = start.to(kDouble).contiguous().clone();
  for (int64_t i = 0; i < sizes[0]; ++i)
    for (int64_t j = 0; j < sizes[1]; ++j) f(y, i, j);
  return y;
}
double at(const Tensor& t, int64_t i, int64_t j) { return t.to(kDouble)[i][j].item<double>(); }

void add_selections(Rows& rows) {
  Row row;
  row.name = "index_select";
  row.function = [](const In& x) { return index_select(x[0], 0, places()); };
  row.method = [](const In& x) { return x[0].index_select(0, places()); };
  row.out = [](Tensor& out, const In& x) { return index_select_out(out, x[0], 0, places()); };
  row.samples = {{numbers({3, 4})}};
  row.reference = [](const In& x) {
    return loop(empty({3, 4}), {3, 4}, [&](Tensor& y, int64_t i, int64_t j) { y[i][j] = at(x[0], i == 1 ? 0 : 2, j); });
  };
  row.bad = {ON(IndexError, "out of range", index_select(ones({3}), 0, tensor({3}))),
             ON(DtypeError, "float index", index_select(ones({3}), 0, ones({1}))),
             ON(ShapeError, "matrix index", index_select(ones({3}), 0, grid())),
             ON(TypeError, "undefined", index_select(undefined, 0, places()))};
  rows.push_back(row);
  row.name = "take";
  row.function = [](const In& x) { return take(x[0], grid()); };
  row.method = [](const In& x) { return x[0].take(grid()); };
  row.out = nullptr;
  row.reference = [](const In& x) {
    return loop(empty({2, 3}), {2, 3},
                [&](Tensor& y, int64_t i, int64_t j) { y[i][j] = at(x[0], 0, grid()[i][j].item<int64_t>()); });
  };
  row.bad = {ON(IndexError, "range", take(ones({2}), tensor({5}))), ON(DtypeError, "float", take(ones({2}), ones({1}))),
             ON(TypeError, "undefined", take(undefined, tensor({0})))};
  rows.push_back(row);
  row.name = "embedding";
  row.function = [](const In& x) { return embedding(x[0], grid()).flatten(0, 1); };
  row.method = nullptr;
  row.reference = [](const In& x) {
    return loop(empty({6, 4}), {6, 4},
                [&](Tensor& y, int64_t i, int64_t j) { y[i][j] = at(x[0], grid()[i / 3][i % 3].item<int64_t>(), j); });
  };
  row.bad = {ON(IndexError, "range", embedding(ones({2, 2}), tensor({2}))),
             ON(ShapeError, "vector", embedding(ones({2}), tensor({0}))),
             ON(DtypeError, "float", embedding(ones({2, 2}), ones({1}))),
             ON(NotImplementedError, "sparse", embedding(ones({2, 2}), tensor({0}), -1, false, true))};
  rows.push_back(row);
  for (const bool along : {false, true}) {
    row.name = along ? "take_along_dim" : "gather";
    row.function = [along](const In& x) { return along ? take_along_dim(x[0], grid(), 1) : gather(x[0], 1, grid()); };
    row.method = [along](const In& x) { return along ? x[0].take_along_dim(grid(), 1) : x[0].gather(1, grid()); };
    row.samples = {{numbers({2, 4})}};
    row.reference = [](const In& x) {
      return loop(empty({2, 3}), {2, 3},
                  [&](Tensor& y, int64_t i, int64_t j) { y[i][j] = at(x[0], i, grid()[i][j].item<int64_t>()); });
    };
    row.bad = {ON(IndexError, "range", gather(ones({2, 2}), 1, tensor({{2}}))),
               ON(DtypeError, "float", gather(ones({2}), 0, ones({1}))),
               ON(ShapeError, "dims", take_along_dim(ones({2}), tensor({{0}}), 0)),
               ON(ShapeError, "rank", gather(ones({2}), 0, tensor({{0}})))};
    rows.push_back(row);
  }
  row.name = "masked_select";
  row.function = [](const In& x) { return masked_select(x[0], x[1].gt(0)); };
  row.method = [](const In& x) { return x[0].masked_select(x[1].gt(0)); };
  row.samples = {{numbers({2, 4}), numbers({2, 4}, -2, 2, 5)}, {numbers({2, 4}), numbers({4}, -2, 2, 5)}};
  row.reference = [](const In& x) {
    std::vector<double> kept;
    const Tensor m = x[1].expand({2, 4});
    for (int64_t i = 0; i < 2; ++i)
      for (int64_t j = 0; j < 4; ++j)
        if (at(m, i, j) > 0) kept.push_back(at(x[0], i, j));
    return tensor(kept, kDouble);
  };
  row.differentiable = {true, false};
  row.bad = {ON(DtypeError, "mask", masked_select(ones({2}), ones({2}))),
             ON(ShapeError, "shapes", masked_select(ones({2}), ones({3}, kBool))),
             ON(TypeError, "undefined", masked_select(undefined, ones({2}, kBool)))};
  rows.push_back(row);
}

void add_writes(Rows& rows) {
  Row row;
  row.samples = {{numbers({3, 4}), numbers({3, 4}, -2, 2, 2)}};
  row.name = "index_add";
  row.function = [](const In& x) { return index_add(x[0], 0, places(), x[1], 0.5); };
  row.method = [](const In& x) { return x[0].index_add(0, places(), x[1], 0.5); };
  row.in_place = [](const In& x) { return x[0].index_add_(0, places(), x[1], 0.5); };
  row.loss_of_precision = 3;
  row.reference = [](const In& x) {
    return loop(x[0], {3, 4}, [&](Tensor& y, int64_t i, int64_t j) {
      const int64_t to = places()[i].item<int64_t>();
      y[to][j] = at(y, to, j) + 0.5 * at(x[1], i, j);
    });
  };
  row.bad = {ON(IndexError, "range", index_add(ones({2}), 0, tensor({2}), ones({1}))),
             ON(ShapeError, "source", index_add(ones({2}), 0, tensor({1}), ones({2}))),
             ON(DtypeError, "dtype", index_add(ones({2}), 0, tensor({1}), ones({1}, kDouble)))};
  rows.push_back(row);
  const auto no_repeat = [] { return tensor({2, 0, 1}); };
  row.name = "index_copy";
  row.function = [no_repeat](const In& x) { return index_copy(x[0], 0, no_repeat(), x[1]); };
  row.method = [no_repeat](const In& x) { return x[0].index_copy(0, no_repeat(), x[1]); };
  row.in_place = [no_repeat](const In& x) { return x[0].index_copy_(0, no_repeat(), x[1]); };
  row.reference = [no_repeat](const In& x) {
    return loop(x[0], {3, 4},
                [&](Tensor& y, int64_t i, int64_t j) { y[no_repeat()[i].item<int64_t>()][j] = at(x[1], i, j); });
  };
  row.bad = {ON(IndexError, "range", index_copy(ones({2}), 0, tensor({2}), ones({1}))),
             ON(ShapeError, "source", index_copy(ones({2}), 0, tensor({1}), ones({2}))),
             ON(DtypeError, "dtype", index_copy(ones({2}), 0, tensor({1}), ones({1}, kDouble)))};
  rows.push_back(row);
  row.name = "index_fill";
  row.function = [](const In& x) { return index_fill(x[0], 0, tensor({2, 0}), 0.25); };
  row.method = [](const In& x) { return x[0].index_fill(0, tensor({2, 0}), 0.25); };
  row.in_place = [](const In& x) { return x[0].index_fill_(0, tensor({2, 0}), 0.25); };
  row.samples = {{numbers({3, 4})}};
  row.reference = [](const In& x) {
    return loop(x[0], {3, 4}, [](Tensor& y, int64_t i, int64_t j) {
      if (i != 1) y[i][j] = 0.25;
    });
  };
  row.bad = {ON(IndexError, "range", index_fill(ones({2}), 0, tensor({2}), 1)),
             ON(DtypeError, "float", index_fill(ones({2}), 0, ones({1}), 1)),
             ON(TypeError, "undefined", index_fill(undefined, 0, tensor({0}), 1))};
  rows.push_back(row);
  for (const bool adds : {false, true}) {
    const auto where_to = [adds] { return adds ? tensor({{0, 0, 1}, {2, 1, 1}}) : tensor({{0, 3, 1}, {2, 1, 0}}); };
    row.name = adds ? "scatter_add" : "scatter";
    row.function = [adds, where_to](const In& x) {
      return adds ? scatter_add(x[0], 1, where_to(), x[1]) : scatter(x[0], 1, where_to(), x[1]);
    };
    row.method = [adds, where_to](const In& x) {
      return adds ? x[0].scatter_add(1, where_to(), x[1]) : x[0].scatter(1, where_to(), x[1]);
    };
    row.in_place = [adds, where_to](const In& x) {
      return adds ? x[0].scatter_add_(1, where_to(), x[1]) : x[0].scatter_(1, where_to(), x[1]);
    };
    row.samples = {{numbers({2, 4}), numbers({2, 3}, -2, 2, 2)}, {numbers({2, 4}), numbers({3, 5}, -2, 2, 2)}};
    row.reference = [adds, where_to](const In& x) {
      return loop(x[0], {2, 3}, [&](Tensor& y, int64_t i, int64_t j) {
        const int64_t to = where_to()[i][j].item<int64_t>();
        y[i][to] = (adds ? at(y, i, to) : 0) + at(x[1], i, j);
      });
    };
    row.bad = {ON(IndexError, "range", scatter_add(ones({2}), 0, tensor({2}), ones({1}))),
               ON(ShapeError, "src", scatter(ones({3}), 0, tensor({0, 1}), ones({1}))),
               ON(DtypeError, "dtype", scatter(ones({2}), 0, tensor({0}), ones({1}, kDouble)))};
    rows.push_back(row);
  }
}

void add_advanced(Rows& rows) {
  Row row;
  const auto rows_of = [] { return std::vector<Tensor>{tensor({0, 2}), tensor({3, 1})}; };
  row.name = "index";
  row.function = [rows_of](const In& x) { return hearth::index(x[0], rows_of()); };
  row.method = [rows_of](const In& x) { return x[0].index({rows_of()[0], rows_of()[1]}); };
  row.samples = {{numbers({3, 4})}};
  row.reference = [](const In& x) { return tensor({at(x[0], 0, 3), at(x[0], 2, 1)}, kDouble); };
  row.bad = {ON(IndexError, "range", ones({2}).index({tensor({2})})),
             ON(IndexError, "too many", ones({2}).index({0, 0})), ON(DtypeError, "float", ones({2}).index({ones({1})})),
             ON(ShapeError, "mask", ones({2}).index({ones({3}, kBool)}))};
  rows.push_back(row);
  row.name = "index_put";
  row.function = [rows_of](const In& x) { return index_put(x[0], rows_of(), x[1]); };
  row.method = [rows_of](const In& x) { return x[0].index_put(rows_of(), x[1]); };
  row.samples = {{numbers({3, 4}), numbers({2}, -2, 2, 2)}};
  row.reference = [](const In& x) {
    Tensor y = x[0].to(kDouble).clone();
    y[0][3] = x[1].to(kDouble)[0];
    y[2][1] = x[1].to(kDouble)[1];
    return y;
  };
  row.bad = {ON(IndexError, "range", ones({2}).index_put({tensor({2})}, ones({1}))),
             ON(ShapeError, "values", ones({3}).index_put({tensor({0, 1})}, ones({3}))),
             ON(DtypeError, "dtype", ones({3}).index_put({tensor({0, 1})}, ones({2}, kDouble)))};
  rows.push_back(row);
  row.name = "index_put_";
  row.function = [rows_of](const In& x) {
    Tensor y = x[0] * 1;
    return index_put_(y, rows_of(), x[1], /*accumulate=*/true);
  };
  row.method = nullptr;
  row.reference = [](const In& x) {
    Tensor y = x[0].to(kDouble).clone();
    y[0][3] += x[1].to(kDouble)[0];
    y[2][1] += x[1].to(kDouble)[1];
    return y;
  };
  rows.push_back(row);
}

void add_found(Rows& rows) {
  Row row;
  row.gradient = false;
  row.dtypes = {};
  row.samples = {{tensor({{0.0, 1.5, 0.0}, {2.0, 0.0, -1.0}}, kDouble)}};
  row.reference = [](const In&) { return tensor({{0.0, 1.0}, {1.0, 0.0}, {1.0, 2.0}}, kDouble); };
  for (const bool arg : {false, true}) {
    row.name = arg ? "argwhere" : "nonzero";
    row.function = [arg](const In& x) { return arg ? argwhere(x[0]) : nonzero(x[0]); };
    row.method = [arg](const In& x) { return arg ? x[0].argwhere() : x[0].nonzero(); };
    row.bad = {ON(TypeError, "undefined", nonzero(undefined)), ON(TypeError, "self", Tensor().argwhere()),
               ON(TypeError, "again", argwhere(undefined))};
    rows.push_back(row);
  }
  row.name = "nonzero_static";
  row.function = [](const In& x) { return nonzero_static(x[0], 2); };
  row.method = [](const In& x) { return x[0].nonzero_static(5, 7).narrow(0, 0, 2); };
  row.reference = [](const In&) { return tensor({{0.0, 1.0}, {1.0, 0.0}}, kDouble); };
  row.bad = {ON(TypeError, "undefined", nonzero_static(undefined, 2)),
             ON(TypeError, "self", Tensor().nonzero_static(2)), ON(ValueError, "size", nonzero_static(ones({2}), -1))};
  rows.push_back(row);
  row.name = "nonzero_static.padded";
  row.function = [](const In& x) { return nonzero_static(x[0], 4, 7); };
  row.method = nullptr;
  row.reference = [](const In&) { return tensor({{0.0, 1.0}, {1.0, 0.0}, {1.0, 2.0}, {7.0, 7.0}}, kDouble); };
  rows.push_back(row);
  row.name = "nonzero_numpy";
  row.function = [](const In& x) { return stack(x[0].nonzero_numpy(), 1); };
  row.reference = [](const In&) { return tensor({{0.0, 1.0}, {1.0, 0.0}, {1.0, 2.0}}, kDouble); };
  row.bad = {ON(TypeError, "undefined", nonzero_numpy(undefined)), ON(TypeError, "self", Tensor().nonzero_numpy()),
             ON(TypeError, "again", nonzero_numpy(undefined))};
  rows.push_back(row);
  row.name = "one_hot";
  row.function = [](const In& x) { return one_hot(x[0].to(kLong), 3); };
  row.method = nullptr;
  row.samples = {{tensor({2.0, 0.0}, kDouble)}};
  row.reference = [](const In&) { return tensor({{0.0, 0.0, 1.0}, {1.0, 0.0, 0.0}}, kDouble); };
  row.bad = {ON(IndexError, "class", one_hot(tensor({3}), 3)), ON(IndexError, "negative", one_hot(tensor({-1}))),
             ON(DtypeError, "float", one_hot(ones({2})))};
  rows.push_back(row);
}

Tensor sorted_rows(const Tensor& t, bool descending) {
  Tensor y = t.to(kDouble).contiguous().clone();
  for (int64_t i = 0; i < y.size(0); ++i) {
    double* p = y.data_ptr<double>() + i * y.size(1);
    std::sort(p, p + y.size(1));
    if (descending) std::reverse(p, p + y.size(1));
  }
  return y;
}

void add_ordered(Rows& rows) {
  Row row;
  row.samples = {{numbers({2, 5})}, {numbers({1, 33}, -2, 2, 3)}};
  row.name = "sort";
  row.function = [](const In& x) { return std::get<0>(sort(x[0], 1, true)); };
  row.method = [](const In& x) { return std::get<0>(x[0].sort(1, true)); };
  row.reference = [](const In& x) { return sorted_rows(x[0], true); };
  row.bad = {ON(TypeError, "undefined", sort(undefined)), ON(IndexError, "dim", sort(ones({2}), 1)),
             ON(IndexError, "low", sort(ones({2}), -2))};
  rows.push_back(row);
  row.name = "msort";
  row.function = [](const In& x) { return msort(x[0].t()).t(); };
  row.method = nullptr;
  row.reference = [](const In& x) { return sorted_rows(x[0], false); };
  rows.push_back(row);
  row.name = "topk";
  row.function = [](const In& x) { return std::get<0>(topk(x[0], 3, 1)); };
  row.method = [](const In& x) { return std::get<0>(x[0].topk(3, 1)); };
  row.reference = [](const In& x) { return sorted_rows(x[0], true).narrow(1, 0, 3); };
  row.bad = {ON(ValueError, "k", topk(ones({2}), 3)), ON(ValueError, "negative", topk(ones({2}), -1)),
             ON(IndexError, "dim", topk(ones({2}), 1, 1))};
  rows.push_back(row);
  row.name = "kthvalue";
  row.function = [](const In& x) { return std::get<0>(kthvalue(x[0], 2, 1)); };
  row.method = [](const In& x) { return std::get<0>(x[0].kthvalue(2, 1)); };
  row.reference = [](const In& x) { return sorted_rows(x[0], false).select(1, 1); };
  row.bad = {ON(ValueError, "k", kthvalue(ones({2}), 3)), ON(ValueError, "zero", kthvalue(ones({2}), 0)),
             ON(IndexError, "dim", kthvalue(ones({2}), 1, 1))};
  rows.push_back(row);
  row.name = "median";
  row.function = [](const In& x) { return std::get<0>(median(x[0], 1)); };
  row.method = [](const In& x) { return std::get<0>(x[0].median(1)); };
  row.reference = [](const In& x) { return sorted_rows(x[0], false).select(1, (x[0].size(1) - 1) / 2); };
  row.bad = {ON(ShapeError, "empty", median(ones({2, 0}), 1)), ON(TypeError, "undefined", median(undefined)),
             ON(IndexError, "dim", median(ones({2}), 1))};
  rows.push_back(row);
  row.name = "argsort";
  row.function = [](const In& x) { return x[0].gather(1, argsort(x[0], 1)); };
  row.method = nullptr;
  row.reference = [](const In& x) { return sorted_rows(x[0], false); };
  row.bad = {ON(TypeError, "undefined", argsort(undefined)), ON(IndexError, "dim", argsort(ones({2}), 1)),
             ON(IndexError, "low", argsort(ones({2}), -2))};
  rows.push_back(row);
}

}  // namespace

void add_index_rows(Rows& rows) {
  add_selections(rows);
  add_writes(rows);
  add_advanced(rows);
  add_found(rows);
  add_ordered(rows);
}

}  // namespace hearth::op_table
