// Rows of src/ops/rearrange.cpp.
#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

/// A row of one input of the shape given, against another way to say the same.
Row row_of(const char* name, IntArrayRef sizes, Function function, Function reference, std::vector<Bad> bad) {
  Row row;
  row.name = name;
  row.function = std::move(function);
  row.reference = std::move(reference);
  row.samples = {{numbers(sizes)}};
  row.bad = std::move(bad);
  return row;
}
double at(const Tensor& t, IntArrayRef place) {
  Tensor x = t;
  for (const int64_t i : place) x = x[i];
  return x.item<double>();
}

void add_transposes(Rows& rows) {
  for (const char* name : {"adjoint", "mT", "mH"}) {
    const std::string op = name;
    rows.push_back(row_of(
        name, {2, 3, 4},
        [op](const In& x) { return op == "adjoint" ? adjoint(x[0])
                                   : op == "mT"    ? x[0].mT()
                                                   : x[0].mH(); },
        [](const In& x) {
          return x[0].permute({0, 2, 1});
        },
        {ON(ShapeError, "vector", ones({3}).mT()), ON(TypeError, "undefined", undefined.mH()),
         ON(ShapeError, "number", adjoint(ones({})))}));
  }
  rows.push_back(row_of(
      "numpy_T", {2, 3, 4}, [](const In& x) { return x[0].numpy_T(); },
      [](const In& x) {
        return x[0].permute({2, 1, 0});
      },
      {ON(TypeError, "undefined", undefined.numpy_T()), ON(TypeError, "undefined first", undefined.numpy_T().sum()),
       ON(AutogradError, "in place on a view of a leaf", ones({2, 2}).requires_grad_().numpy_T().add_(1))}));
}

void add_splits(Rows& rows) {
  Row row = row_of(
      "tensor_split", {7, 2}, [](const In& x) { return join(tensor_split(x[0], 3)); },
      [](const In& x) {
        return join({x[0].narrow(0, 0, 3), x[0].narrow(0, 3, 2), x[0].narrow(0, 5, 2)});
      },
      {ON(ValueError, "sections", tensor_split(ones({3}), 0)), ON(ShapeError, "number", tensor_split(ones({}), 2)),
       ON(ValueError, "parts without end", tensor_split(ones({0}), int64_t{1} << 62)),
       ON(IndexError, "dim", tensor_split(ones({3}), 2, 4)),
       ON(DtypeError, "float sections", tensor_split(ones({3}), ones({1})))});
  row.method = [](const In& x) { return join(x[0].tensor_split(tensor(3))); };
  rows.push_back(row);
  row.name = "tensor_split.indices";
  row.function = [](const In& x) { return join(tensor_split(x[0], IntArrayRef({1, 5}))); };
  row.method = [](const In& x) { return join(x[0].tensor_split(tensor({1, 5}))); };
  row.reference = [](const In& x) { return join({x[0].slice(0, 0, 1), x[0].slice(0, 1, 5), x[0].slice(0, 5)}); };
  rows.push_back(row);
  row = row_of(
      "hsplit", {2, 4}, [](const In& x) { return join(hsplit(x[0], 2)); },
      [](const In& x) {
        return join({x[0].narrow(1, 0, 2), x[0].narrow(1, 2, 2)});
      },
      {ON(ShapeError, "uneven", hsplit(ones({2, 3}), 2)), ON(ShapeError, "number", hsplit(ones({}), 1)),
       ON(TypeError, "undefined", hsplit(undefined, 1))});
  row.method = [](const In& x) { return join(x[0].hsplit(IntArrayRef({2}))); };
  rows.push_back(row);
  row = row_of(
      "vsplit", {4, 2}, [](const In& x) { return join(vsplit(x[0], 2)); },
      [](const In& x) {
        return join({x[0].narrow(0, 0, 2), x[0].narrow(0, 2, 2)});
      },
      {ON(ShapeError, "uneven", vsplit(ones({3, 2}), 2)), ON(ShapeError, "vector", vsplit(ones({2}), 1)),
       ON(TypeError, "undefined", vsplit(undefined, 1))});
  row.method = [](const In& x) { return join(x[0].vsplit(IntArrayRef({2}))); };
  rows.push_back(row);
  row = row_of(
      "dsplit", {2, 1, 4}, [](const In& x) { return join(dsplit(x[0], 2)); },
      [](const In& x) {
        return join({x[0].narrow(2, 0, 2), x[0].narrow(2, 2, 2)});
      },
      {ON(ShapeError, "uneven", dsplit(ones({1, 1, 3}), 2)), ON(ShapeError, "matrix", dsplit(ones({2, 2}), 1)),
       ON(TypeError, "undefined", dsplit(undefined, 1))});
  row.method = [](const In& x) { return join(x[0].dsplit(IntArrayRef({2}))); };
  rows.push_back(row);
  const std::vector<Bad> split_bad = {ON(TypeError, "undefined", unsafe_split(undefined, 1)),
                                      ON(IndexError, "dim", unsafe_chunk(ones({2}), 1, 3)),
                                      ON(Error, "sizes", unsafe_split_with_sizes(ones({2}), {1, 2}))};
  rows.push_back(row_of(
      "unsafe_split", {5, 2}, [](const In& x) { return join(unsafe_split(x[0], 2)); },
      [](const In& x) { return x[0].reshape({-1}); }, split_bad));
  rows.push_back(row_of(
      "unsafe_chunk", {5, 2}, [](const In& x) { return join(unsafe_chunk(x[0], 2)); },
      [](const In& x) { return x[0].reshape({-1}); }, split_bad));
  rows.push_back(row_of(
      "unsafe_split_with_sizes", {5, 2},
      [](const In& x) {
        return join(unsafe_split_with_sizes(x[0], {2, 3}));
      },
      [](const In& x) { return x[0].reshape({-1}); }, split_bad));
  row = row_of(
      "narrow_copy", {3, 4}, [](const In& x) { return narrow_copy(x[0], 1, 1, 2); },
      [](const In& x) { return x[0].slice(1, 1, 3); },
      {ON(Error, "range", narrow_copy(ones({2}), 0, 1, 5)), ON(IndexError, "dim", narrow_copy(ones({2}), 3, 0, 1)),
       ON(TypeError, "undefined", narrow_copy(undefined, 0, 0, 1))});
  row.method = [](const In& x) { return x[0].narrow_copy(1, 1, 2); };
  rows.push_back(row);
}

void add_stacks(Rows& rows) {
  const std::vector<Bad> undefined_bad = {ON(TypeError, "undefined", atleast_1d(undefined)),
                                          ON(TypeError, "undefined in a list", atleast_2d({ones({2}), undefined})),
                                          ON(TypeError, "undefined", atleast_3d(undefined))};
  rows.push_back(row_of(
      "atleast_1d", {}, [](const In& x) { return atleast_1d(TensorList(x))[0]; },
      [](const In& x) { return x[0].reshape({1}); }, undefined_bad));
  rows.push_back(row_of(
      "atleast_2d", {3}, [](const In& x) { return atleast_2d(TensorList(x))[0]; },
      [](const In& x) {
        return x[0].reshape({1, 3});
      },
      undefined_bad));
  rows.push_back(row_of(
      "atleast_3d", {3, 2},
      [](const In& x) {
        return join({atleast_3d(TensorList(x))[0], atleast_3d(x[0][0])});
      },
      [](const In& x) {
        return join({x[0].reshape({3, 2, 1}), x[0][0].reshape({1, 2, 1})});
      },
      undefined_bad));
  Row row = row_of(
      "column_stack", {3},
      [](const In& x) {
        return column_stack({x[0], x[1]});
      },
      [](const In& x) {
        return cat({x[0].unsqueeze(1), x[1]}, 1);
      },
      {ON(ShapeError, "sizes", column_stack({ones({2}), ones({3})})), ON(Error, "empty", column_stack({})),
       ON(TypeError, "undefined", column_stack({undefined}))});
  row.out = [](Tensor& out, const In& x) { return column_stack_out(out, {x[0], x[1]}); };
  row.samples = {{numbers({3}), numbers({3, 2}, -2, 2, 5)}};
  rows.push_back(row);
  row.name = "dstack";
  row.function = [](const In& x) { return dstack({x[0], x[1]}); };
  row.out = [](Tensor& out, const In& x) { return dstack_out(out, {x[0], x[1]}); };
  row.reference = [](const In& x) { return stack({x[0], x[1]}, 1).unsqueeze(0); };
  row.samples = {{numbers({3}), numbers({3}, -2, 2, 5)}};
  row.bad = {ON(ShapeError, "sizes", dstack({ones({2}), ones({3})})), ON(Error, "empty", dstack({})),
             ON(TypeError, "undefined", dstack({undefined}))};
  rows.push_back(row);
  row.name = "row_stack";
  row.function = [](const In& x) { return row_stack({x[0], x[1]}); };
  row.out = [](Tensor& out, const In& x) { return row_stack_out(out, {x[0], x[1]}); };
  row.reference = [](const In& x) { return stack({x[0], x[1]}); };
  row.bad = {ON(ShapeError, "sizes", row_stack({ones({2}), ones({3})})), ON(Error, "empty", row_stack({})),
             ON(TypeError, "undefined", row_stack({undefined}))};
  rows.push_back(row);
  row = row_of(
      "broadcast_tensors", {3, 1},
      [](const In& x) {
        return join(broadcast_tensors({x[0], x[1]}));
      },
      [](const In& x) {
        return join({x[0].expand({3, 2}), x[1].expand({3, 2})});
      },
      {ON(ShapeError, "shapes", broadcast_tensors({ones({2}), ones({3})})),
       ON(TypeError, "undefined", broadcast_tensors({undefined})),
       ON(TypeError, "undefined second", broadcast_tensors({ones({2}), undefined}))});
  row.samples = {{numbers({3, 1}), numbers({2}, -2, 2, 5)}};
  rows.push_back(row);
  row = row_of(
      "sum_to_size", {2, 3, 4},
      [](const In& x) {
        return sum_to_size(x[0], {3, 1});
      },
      [](const In& x) { return x[0].sum(0).sum(-1, true); },
      {ON(ShapeError, "not from", sum_to_size(ones({2, 3}), {2})),
       ON(ShapeError, "longer", sum_to_size(ones({2}), {1, 2})),
       ON(TypeError, "undefined", sum_to_size(undefined, {1}))});
  row.method = [](const In& x) { return x[0].sum_to_size({3, 1}); };
  rows.push_back(row);
}

void add_diagonals(Rows& rows) {
  Row row = row_of(
      "diag_embed", {2, 3}, [](const In& x) { return diag_embed(x[0], 1); },
      [](const In& x) {
        Tensor y = zeros({2, 4, 4}, kDouble);
        for (int64_t i = 0; i < 2; ++i)
          for (int64_t j = 0; j < 3; ++j) y[i][j][j + 1] = at(x[0], {i, j});
        return y;
      },
      {ON(IndexError, "same dims", diag_embed(ones({2}), 0, 1, 1)),
       ON(IndexError, "dim", diag_embed(ones({2}), 0, 0, 5)), ON(TypeError, "undefined", diag_embed(undefined))});
  row.method = [](const In& x) { return x[0].diag_embed(1); };
  rows.push_back(row);
  row = row_of(
      "diagflat", {2, 2}, [](const In& x) { return diagflat(x[0], -1); },
      [](const In& x) {
        Tensor y = zeros({5, 5}, kDouble);
        for (int64_t i = 0; i < 4; ++i) y[i + 1][i] = at(x[0], {i / 2, i % 2});
        return y;
      },
      {ON(TypeError, "undefined", diagflat(undefined)), ON(TypeError, "undefined method", undefined.diagflat()),
       ON(TypeError, "undefined offset", diagflat(undefined, 1))});
  row.method = [](const In& x) { return x[0].diagflat(-1); };
  rows.push_back(row);
  row = row_of(
      "block_diag", {2, 2},
      [](const In& x) {
        return block_diag({x[0], x[1]});
      },
      [](const In& x) {
        Tensor y = zeros({3, 5}, kDouble);
        for (int64_t i = 0; i < 2; ++i)
          for (int64_t j = 0; j < 2; ++j) y[i][j] = at(x[0], {i, j});
        for (int64_t j = 0; j < 3; ++j) y[2][j + 2] = at(x[1], {j});
        return y;
      },
      {ON(ShapeError, "rank", block_diag({ones({1, 1, 1})})), ON(TypeError, "undefined", block_diag({undefined})),
       ON(TypeError, "undefined second", block_diag({ones({1}), undefined}))});
  row.samples = {{numbers({2, 2}), numbers({3}, -2, 2, 5)}};
  rows.push_back(row);
  row = row_of(
      "fill_diagonal", {3, 2}, [](const In& x) { return x[0].clone().fill_diagonal_(4); },
      [](const In& x) {
        Tensor y = x[0].clone();
        y[0][0] = 4;
        y[1][1] = 4;
        return y;
      },
      {ON(ShapeError, "vector", ones({2}).fill_diagonal_(1)), ON(ShapeError, "box", ones({2, 3, 2}).fill_diagonal_(1)),
       ON(TypeError, "undefined", undefined.fill_diagonal_(1))});
  row.in_place = [](const In& x) { return x[0].fill_diagonal_(4); };
  row.function = [](const In& x) { return fill_diagonal(x[0], 4); };
  rows.push_back(row);
  row.name = "fill_diagonal.wrap";
  row.function = [](const In& x) { return fill_diagonal(x[0], 4, true); };
  row.in_place = [](const In& x) { return x[0].fill_diagonal_(4, true); };
  row.samples = {{numbers({7, 2})}};
  row.reference = [](const In& x) {
    Tensor y = x[0].clone();
    for (const int64_t i : {0, 3, 6}) y[i][0] = 4;
    for (const int64_t i : {1, 4}) y[i][1] = 4;
    return y;
  };
  rows.push_back(row);
}

void add_combinations(Rows& rows) {
  Row row = row_of(
      "cartesian_prod", {2},
      [](const In& x) {
        return cartesian_prod({x[0], x[1]});
      },
      [](const In& x) {
        Tensor y = zeros({6, 2}, kDouble);
        for (int64_t i = 0; i < 6; ++i) {
          y[i][0] = at(x[0], {i / 3});
          y[i][1] = at(x[1], {i % 3});
        }
        return y;
      },
      {ON(ShapeError, "matrix", cartesian_prod({ones({2, 2})})), ON(ValueError, "empty", cartesian_prod({})),
       ON(TypeError, "undefined", cartesian_prod({undefined}))});
  row.samples = {{numbers({2}), numbers({3}, -2, 2, 5)}};
  rows.push_back(row);
  row = row_of(
      "combinations", {4}, [](const In& x) { return combinations(x[0]); },
      [](const In& x) {
        std::vector<Tensor> pairs;
        for (int64_t i = 0; i < 4; ++i)
          for (int64_t j = i + 1; j < 4; ++j) pairs.push_back(stack({x[0][i], x[0][j]}));
        return stack(pairs);
      },
      {ON(ShapeError, "matrix", combinations(ones({2, 2}))), ON(ValueError, "negative", combinations(ones({2}), -1)),
       ON(TypeError, "undefined", combinations(undefined))});
  row.method = [](const In& x) { return x[0].combinations(); };
  rows.push_back(row);
  row.name = "combinations.with_replacement";
  row.function = [](const In& x) { return combinations(x[0], 2, true); };
  row.method = nullptr;
  row.reference = [](const In& x) {
    std::vector<Tensor> pairs;
    for (int64_t i = 0; i < 4; ++i)
      for (int64_t j = i; j < 4; ++j) pairs.push_back(stack({x[0][i], x[0][j]}));
    return stack(pairs);
  };
  rows.push_back(row);
  row = row_of(
      "vander", {3}, [](const In& x) { return vander(x[0]); },
      [](const In& x) {
        return stack({x[0] * x[0], x[0], ones({3}, kDouble)}, 1);
      },
      {ON(ShapeError, "matrix", vander(ones({2, 2}))), ON(ValueError, "negative", vander(ones({2}), -1)),
       ON(TypeError, "undefined", vander(undefined))});
  rows.push_back(row);
}

void add_scatters(Rows& rows) {
  Row row = row_of(
      "select_scatter", {2, 3}, [](const In& x) { return select_scatter(x[0], x[1], 1, 2); },
      [](const In& x) {
        return stack({x[0].select(1, 0), x[0].select(1, 1), x[1]}, 1);
      },
      {ON(IndexError, "index", select_scatter(ones({2}), ones({}), 0, 5)),
       ON(ShapeError, "src", select_scatter(ones({2, 2}), ones({3}), 0, 0)),
       ON(TypeError, "undefined", select_scatter(ones({2}), undefined, 0, 0))});
  row.method = [](const In& x) { return x[0].select_scatter(x[1], 1, 2); };
  row.samples = {{numbers({2, 3}), numbers({2}, -2, 2, 5)}};
  rows.push_back(row);
  row.name = "slice_scatter";
  row.function = [](const In& x) { return slice_scatter(x[0], x[1], 1, 0, 3, 2); };
  row.method = [](const In& x) { return x[0].slice_scatter(x[1], 1, 0, 3, 2); };
  row.reference = [](const In& x) { return stack({x[1].select(1, 0), x[0].select(1, 1), x[1].select(1, 1)}, 1); };
  row.samples = {{numbers({2, 3}), numbers({2, 2}, -2, 2, 5)}};
  row.bad = {ON(ShapeError, "src", slice_scatter(ones({2, 2}), ones({2, 3}), 1)),
             ON(IndexError, "dim", slice_scatter(ones({2}), ones({2}), 3)),
             ON(TypeError, "undefined", slice_scatter(ones({2}), undefined))};
  rows.push_back(row);
  row.name = "diagonal_scatter";
  row.function = [](const In& x) { return diagonal_scatter(x[0], x[1], 1); };
  row.method = [](const In& x) { return x[0].diagonal_scatter(x[1], 1); };
  row.reference = [](const In& x) {
    Tensor y = x[0].clone();
    y[0][1] = x[1][0];
    y[1][2] = x[1][1];
    return y;
  };
  row.samples = {{numbers({3, 3}), numbers({2}, -2, 2, 5)}};
  row.bad = {ON(ShapeError, "src", diagonal_scatter(ones({2, 2}), ones({3}))),
             ON(IndexError, "dim", diagonal_scatter(ones({2}), ones({2}))),
             ON(TypeError, "undefined", diagonal_scatter(ones({2, 2}), undefined))};
  rows.push_back(row);
  row.name = "as_strided_scatter";
  row.function = [](const In& x) { return as_strided_scatter(x[0].contiguous(), x[1], {2, 2}, {3, 1}, 1); };
  row.method = [](const In& x) { return x[0].contiguous().as_strided_scatter(x[1], {2, 2}, {3, 1}, 1); };
  row.reference = [](const In& x) { return cat({x[0].narrow(1, 0, 1), x[1]}, 1); };
  row.samples = {{numbers({2, 3}), numbers({2, 2}, -2, 2, 5)}};
  row.bad = {ON(ShapeError, "src", as_strided_scatter(ones({4}), ones({3}), {2}, {1})),
             ON(Error, "out of storage", as_strided_scatter(ones({4}), ones({3}), {3}, {4})),
             ON(TypeError, "undefined", as_strided_scatter(ones({4}), undefined, {2}, {1}))};
  rows.push_back(row);
}

}  // namespace

void add_rearrange_rows(Rows& rows) {
  add_transposes(rows);
  add_splits(rows);
  add_stacks(rows);
  add_diagonals(rows);
  add_combinations(rows);
  add_scatters(rows);
}

}  // namespace hearth::op_table
