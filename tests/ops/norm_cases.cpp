// Rows of src/ops/norm.cpp.
#include <cmath>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

/// (x - mean) / sqrt(var + eps) over `dims`, by public reductions that have rows of their own.
Tensor normal(const Tensor& x, IntArrayRef dims, double eps) {
  const Tensor centred = x - x.mean(dims, true);
  return centred / (centred.square().mean(dims, true) + eps).sqrt();
}

void add_batch_norm(Rows& rows) {
  Row row;
  row.name = "batch_norm";
  row.function = [](const In& x) { return batch_norm(x[0], x[1], x[2], {}, {}, true, 0.1, 1e-3); };
  row.samples = {{numbers({3, 2, 4}), numbers({2}, 0.5, 1.5, 2), numbers({2}, -1, 1, 3)},
                 {numbers({4, 3}), numbers({3}, 0.5, 1.5, 2), numbers({3}, -1, 1, 3)},
                 {numbers({2, 2, 3, 3}), numbers({2}, 0.5, 1.5, 2), numbers({2}, -1, 1, 3)}};
  row.reference = [](const In& in) {
    const Tensor x = in[0].to(kDouble);
    std::vector<int64_t> dims, shape(static_cast<size_t>(x.dim()), 1);
    for (int64_t d = 0; d < x.dim(); ++d)
      if (d != 1) dims.push_back(d);
    shape[1] = x.size(1);
    return normal(x, dims, 1e-3) * in[1].to(kDouble).reshape(shape) + in[2].to(kDouble).reshape(shape);
  };
  row.dtypes = {kFloat, kBFloat16};
  row.loss_of_precision = 10;
  row.bad = {ON(ShapeError, "weight", batch_norm(ones({3, 2}), ones({3}), {}, {}, {}, true, 0.1, 1e-5)),
             ON(ValueError, "one value", batch_norm(ones({1, 2}), {}, {}, {}, {}, true, 0.1, 1e-5)),
             ON(ValueError, "no statistics", batch_norm(ones({3, 2}), {}, {}, {}, {}, false, 0.1, 1e-5)),
             ON(TypeError, "undefined", batch_norm(undefined, {}, {}, {}, {}, true, 0.1, 1e-5))};
  rows.push_back(row);
  row.name = "batch_norm.eval";
  row.function = [](const In& x) {
    return batch_norm(x[0], x[1], x[2], tensor({0.3, -0.4}, x[0].options()), tensor({1.5, 0.7}, x[0].options()), false,
                      0.1, 1e-3);
  };
  row.samples = {{numbers({3, 2, 4}), numbers({2}, 0.5, 1.5, 2), numbers({2}, -1, 1, 3)}};
  row.reference = [](const In& x) {
    const Tensor mean = tensor({0.3, -0.4}, kDouble).reshape({2, 1}), var = tensor({1.5, 0.7}, kDouble).reshape({2, 1});
    return (x[0].to(kDouble) - mean) / (var + 1e-3).sqrt() * x[1].to(kDouble).reshape({2, 1}) +
           x[2].to(kDouble).reshape({2, 1});
  };
  rows.push_back(row);
}

void add_other_norms(Rows& rows) {
  Row row;
  row.dtypes = {kFloat, kBFloat16};
  row.loss_of_precision = 10;
  row.name = "layer_norm";
  row.function = [](const In& x) { return layer_norm(x[0], x[1].sizes(), x[1], x[2], 1e-3); };
  row.samples = {{numbers({3, 5}), numbers({5}, 0.5, 1.5, 2), numbers({5}, -1, 1, 3)},
                 {numbers({2, 3, 4}), numbers({3, 4}, 0.5, 1.5, 2), numbers({3, 4}, -1, 1, 3)},
                 {numbers({4}), numbers({4}, 0.5, 1.5, 2), numbers({4}, -1, 1, 3)}};
  row.reference = [](const In& x) {
    std::vector<int64_t> dims;
    for (int64_t d = x[0].dim() - x[1].dim(); d < x[0].dim(); ++d) dims.push_back(d);
    return normal(x[0].to(kDouble), dims, 1e-3) * x[1].to(kDouble) + x[2].to(kDouble);
  };
  row.bad = {ON(ShapeError, "shape", layer_norm(ones({2, 3}), {2})),
             ON(ShapeError, "weight", layer_norm(ones({2, 3}), {3}, ones({2}))),
             ON(DtypeError, "integers", layer_norm(ones({2, 3}, kLong), {3})),
             ON(TypeError, "undefined", layer_norm(undefined, {3}))};
  rows.push_back(row);
  row.name = "group_norm";
  row.function = [](const In& x) { return group_norm(x[0], 2, x[1], x[2], 1e-3); };
  row.samples = {{numbers({2, 4, 3}), numbers({4}, 0.5, 1.5, 2), numbers({4}, -1, 1, 3)}};
  row.reference = [](const In& x) {
    return normal(x[0].to(kDouble).reshape({2, 2, 6}), {2}, 1e-3).reshape({2, 4, 3}) *
               x[1].to(kDouble).reshape({4, 1}) +
           x[2].to(kDouble).reshape({4, 1});
  };
  row.bad = {ON(ShapeError, "groups", group_norm(ones({2, 3, 2}), 2)),
             ON(ShapeError, "weight", group_norm(ones({2, 4}), 2, ones({3}))),
             ON(TypeError, "undefined", group_norm(undefined, 2))};
  rows.push_back(row);
}

}  // namespace

void add_norm_rows(Rows& rows) {
  add_batch_norm(rows);
  add_other_norms(rows);
}

}  // namespace hearth::op_table
