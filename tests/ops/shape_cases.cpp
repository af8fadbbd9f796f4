// Rows of src/ops/shape.cpp and src/ops/join.cpp. A reference says for each element of the result where it comes from.
#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
using Dims = std::vector<int64_t>;

int64_t flat(const Dims& sizes, const Dims& at) {
  int64_t place = 0;
  for (size_t d = 0; d < sizes.size(); ++d) place = place * sizes[d] + at[d];
  return place;
}

/// The tensor of `sizes` whose element at `c` is x's at from(c).
Tensor picked(const Tensor& x, const Dims& sizes, const std::function<Dims(const Dims&)>& from) {
  const Tensor in = x.to(kDouble).contiguous();
  Tensor y = empty(sizes, kDouble);
  for (int64_t i = 0; i < y.numel(); ++i) {
    Dims c(sizes.size());
    int64_t rest = i;
    for (size_t d = sizes.size(); d-- > 0;) {
      c[d] = rest % sizes[d];
      rest /= sizes[d];
    }
    y.data_ptr<double>()[i] = in.data_ptr<double>()[flat(in.sizes().vec(), from(c))];
  }
  return y;
}
Tensor same_elements(const Tensor& x, const Dims& sizes) {
  const Tensor in = x.to(kDouble).contiguous();
  Tensor y = empty(sizes, kDouble);
  for (int64_t i = 0; i < y.numel(); ++i) y.data_ptr<double>()[i] = in.data_ptr<double>()[i];
  return y;
}

void add(Rows& rows, const std::string& name, Function function, Function method, Function reference,
         std::vector<Bad> refused, std::vector<In> samples = {{numbers({2, 3, 4})}}) {
  Row row;
  row.name = name;
  row.function = std::move(function);
  row.method = std::move(method);
  row.reference = std::move(reference);
  row.samples = std::move(samples);
  row.bad = {bad<TypeError>("undefined", [f = row.function, n = row.samples[0].size()] { f(In(n, undefined)); })};
  row.bad.insert(row.bad.end(), refused.begin(), refused.end());
  rows.push_back(row);
}

/// A vector on the diagonal under the main one.
Tensor pad_below(const Tensor& v) {
  Tensor y = zeros({v.numel() + 1, v.numel() + 1}, kDouble);
  for (int64_t i = 0; i < v.numel(); ++i) y[i + 1][i] = v.to(kDouble)[i];
  return y;
}

#define X x[0]
#define BOTH(op, ...) \
  [](const In& x) { return hearth::op(X __VA_OPT__(, ) __VA_ARGS__); }, [](const In& x) { return X.op(__VA_ARGS__); }
#define REF(...) [](const In& x) { return __VA_ARGS__; }
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

Tensor cube() { return ones({2, 3, 4}); }

void add_geometry(Rows& rows) {
  const auto shape_errors = [](const char* op) {
    (void)op;
    return std::vector<Bad>{ON(ShapeError, "elements", cube().view({5, 5})),
                            ON(ValueError, "two unknown", cube().view({-1, -1}))};
  };
  add(rows, "view", BOTH(view, {4, -1}), REF(same_elements(X, {4, 6})), shape_errors("view"));
  rows.back().layouts = false;  // refuses what would need a copy
  rows.back().bad.push_back(ON(ShapeError, "needs a copy", cube().transpose(0, 1).view({24})));
  add(rows, "reshape", BOTH(reshape, {4, -1}), REF(same_elements(X, {4, 6})),
      {ON(ShapeError, "elements", cube().reshape({5, 5})), ON(ValueError, "two unknown", cube().reshape({-1, -1}))});
  add(
      rows, "view_as",
      [](const In& x) {
        return view_as(X, ones({6, 4}));
      },
      [](const In& x) {
        return X.view_as(ones({6, 4}));
      },
      REF(same_elements(X, {6, 4})),
      {ON(ShapeError, "elements", cube().view_as(ones({5}))), ON(TypeError, "other", cube().view_as(Tensor()))});
  rows.back().layouts = false;
  add(rows, "reshape_as",
      [](const In& x) {
        return reshape_as(X, ones({6, 4}));
      },
      nullptr, REF(same_elements(X, {6, 4})),
      {ON(ShapeError, "elements", cube().reshape_as(ones({5}))), ON(TypeError, "other", cube().reshape_as(Tensor()))});
  add(rows, "ravel", BOTH(ravel), REF(same_elements(X, {24})),
      {ON(TypeError, "self", Tensor().ravel()), ON(TypeError, "again", ravel(undefined))});
  add(rows, "alias", BOTH(alias), REF(X),
      {ON(TypeError, "self", Tensor().alias()), ON(TypeError, "again", alias(undefined))});
  add(rows, "flatten", BOTH(flatten, 1), REF(same_elements(X, {2, 12})),
      {ON(IndexError, "dim", cube().flatten(3)), ON(ValueError, "order", cube().flatten(2, 1))});
  add(rows, "unflatten", BOTH(unflatten, 2, {2, -1}), REF(same_elements(X, {2, 3, 2, 2})),
      {ON(ShapeError, "sizes", cube().unflatten(2, {3, 3})), ON(IndexError, "dim", cube().unflatten(3, {2, 2}))});
  rows.back().layouts = false;
  add(rows, "squeeze", BOTH(squeeze), REF(same_elements(X, {2, 3})),
      {ON(IndexError, "dim", cube().squeeze(3)), ON(TypeError, "self", Tensor().squeeze())}, {{numbers({2, 1, 3, 1})}});
  add(rows, "squeeze.dim", BOTH(squeeze, 1), REF(same_elements(X, {2, 3, 1})),
      {ON(IndexError, "dim", cube().squeeze(-4)), ON(TypeError, "self", Tensor().squeeze(0))},
      {{numbers({2, 1, 3, 1})}});
  add(rows, "unsqueeze", BOTH(unsqueeze, 1), REF(same_elements(X, {2, 1, 3, 4})),
      {ON(IndexError, "dim", cube().unsqueeze(4)), ON(IndexError, "low", cube().unsqueeze(-5))});
  const auto spread = REF(picked(X, {2, 3, 4}, [](const Dims& c) { return Dims{0, c[1], c[2]}; }));
  add(rows, "expand", BOTH(expand, {2, -1, 4}), spread,
      {ON(ShapeError, "size", cube().expand({3, 3, 4})), ON(ShapeError, "too few", cube().expand({4}))},
      {{numbers({1, 3, 4})}});
  add(rows, "expand_as", [](const In& x) { return expand_as(X, cube()); }, nullptr, spread,
      {ON(ShapeError, "size", cube().expand_as(ones({3, 3, 4}))), ON(TypeError, "other", cube().expand_as(Tensor()))},
      {{numbers({1, 3, 4})}});
  add(rows, "broadcast_to", BOTH(broadcast_to, {2, 3, 4}), spread,
      {ON(ShapeError, "size", cube().broadcast_to({3, 3, 4})),
       ON(ShapeError, "negative", cube().broadcast_to({2, 3, -2}))},
      {{numbers({1, 3, 4})}});
  add(rows, "as_strided", BOTH(as_strided, {2, 2, 3}, {2, 1, 3}, 1),
      [](const In& x) {
        return picked(X.reshape({-1}), {2, 2, 3}, [](const Dims& c) { return Dims{1 + 2 * c[0] + c[1] + 3 * c[2]}; });
      },
      {ON(ValueError, "beyond", ones({3}).as_strided({4}, {1})),
       ON(ShapeError, "strides", ones({3}).as_strided({2}, {1, 1})),
       ON(ValueError, "negative", ones({3}).as_strided({2}, {-1}))},
      {{numbers({12})}});
  rows.back().layouts = false;
}

void add_turned(Rows& rows) {
  const auto turned = REF(picked(X, {4, 2, 3}, [](const Dims& c) { return Dims{c[1], c[2], c[0]}; }));
  const auto swapped = REF(picked(X, {4, 3, 2}, [](const Dims& c) { return Dims{c[2], c[1], c[0]}; }));
  add(rows, "permute", BOTH(permute, {2, 0, 1}), turned,
      {ON(ShapeError, "too few", cube().permute({0, 1})), ON(ValueError, "twice", cube().permute({0, 0, 1}))});
  add(rows, "movedim", BOTH(movedim, 2, 0), turned,
      {ON(IndexError, "dim", cube().movedim(3, 0)), ON(ValueError, "lengths", cube().movedim({0, 1}, {0}))});
  for (const std::string name : {"transpose", "swapaxes", "swapdims"})
    add(
        rows, name,
        [name](const In& x) {
          return name == "transpose" ? transpose(X, 0, 2) : name == "swapaxes" ? swapaxes(X, 0, 2) : swapdims(X, 0, 2);
        },
        [name](const In& x) {
          return name == "transpose" ? X.transpose(0, 2) : name == "swapaxes" ? X.swapaxes(0, 2) : X.swapdims(0, 2);
        },
        swapped, {ON(IndexError, "dim", cube().transpose(0, 3)), ON(IndexError, "low", cube().transpose(-4, 0))});
  add(rows, "t", BOTH(t),
      REF(picked(X, {3, 2},
                 [](const Dims& c) {
                   return Dims{c[1], c[0]};
                 })),
      {ON(ShapeError, "three dims", cube().t()), ON(TypeError, "self", Tensor().t())}, {{numbers({2, 3})}});
  add(rows, "flip", BOTH(flip, {0, 2}),
      REF(picked(X, {2, 3, 4},
                 [](const Dims& c) {
                   return Dims{1 - c[0], c[1], 3 - c[2]};
                 })),
      {ON(IndexError, "dim", cube().flip({3})), ON(TypeError, "self", Tensor().flip({0}))});
  add(rows, "roll", BOTH(roll, {1, -1}, {0, 2}),
      REF(picked(X, {2, 3, 4},
                 [](const Dims& c) {
                   return Dims{(c[0] + 1) % 2, c[1], (c[2] + 1) % 4};
                 })),
      {ON(ValueError, "lengths", cube().roll({1}, {0, 1})), ON(IndexError, "dim", cube().roll({1}, {3}))});
  add(rows, "rot90", BOTH(rot90),
      REF(picked(X, {3, 2},
                 [](const Dims& c) {
                   return Dims{c[1], 2 - c[0]};
                 })),
      {ON(ValueError, "dims", cube().rot90(1, {0})), ON(ValueError, "same", cube().rot90(1, {1, 1}))},
      {{numbers({2, 3})}});
  const auto in_place = [&](const std::string& name, Function f, Function reference, const In& sample) {
    Row row;
    row.name = name;
    row.function = [f](const In& x) {
      Tensor y = X * 1;
      return f({y});
    };
    row.samples = {sample};
    row.reference = std::move(reference);
    row.bad = {bad<TypeError>("undefined", [f] { f({undefined}); }),
               bad<AutogradError>("leaf", [f, sample] { f({sample[0].clone().requires_grad_()}); }),
               ON(IndexError, "dim", ones({2}).unsqueeze_(5))};
    rows.push_back(row);
  };
  in_place("unsqueeze_", REF(Tensor(X).unsqueeze_(1)), REF(same_elements(X, {2, 1, 3})), {numbers({2, 3})});
  in_place("squeeze_", REF(Tensor(X).squeeze_()), REF(same_elements(X, {2, 3})), {numbers({2, 1, 3})});
  in_place("squeeze_.dim", REF(Tensor(X).squeeze_(1)), REF(same_elements(X, {2, 3})), {numbers({2, 1, 3})});
  in_place("t_", REF(Tensor(X).t_()),
           REF(picked(X, {3, 2},
                      [](const Dims& c) {
                        return Dims{c[1], c[0]};
                      })),
           {numbers({2, 3})});
  in_place("transpose_", REF(Tensor(X).transpose_(0, 1)),
           REF(picked(X, {3, 2},
                      [](const Dims& c) {
                        return Dims{c[1], c[0]};
                      })),
           {numbers({2, 3})});
  const Function exchanged = REF(picked(X, {3, 2}, [](const Dims& c) { return Dims{c[1], c[0]}; }));
  in_place("swapaxes_", REF(Tensor(X).swapaxes_(0, 1)), exchanged, {numbers({2, 3})});
  in_place("swapdims_", REF(Tensor(X).swapdims_(1, 0)), exchanged, {numbers({2, 3})});
  in_place("set_",
           [](const In& x) {
             Tensor y = empty({0}, x[0].options());
             return y.set_(x[0]) * 1;
           },
           REF(X.clone()), {numbers({2, 3})});
  rows.back().bad = {ON(TypeError, "undefined", ones({2}).set_(undefined)),
                     ON(DtypeError, "dtype", ones({2}).set_(ones({2}, kDouble))),
                     ON(AutogradError, "leaf", ones({2}).requires_grad_().set_(ones({2}))),
                     ON(AutogradError, "source", ones({2}).set_(ones({2}).requires_grad_())),
                     ON(ValueError, "bounds", ones({2}).set_(ones({2}).storage(), 1, {2}))};
  rows.back().gradient = false;
  rows.back().layouts = false;
  in_place("as_strided_",
           [](const In& x) {
             return x[0].as_strided_({2, 2}, {3, 1}, 1);
           },
           REF(picked(X, {2, 2},
                      [](const Dims& c) {
                        return Dims{c[0], c[1] + 1};
                      })),
           {numbers({2, 3})});
  rows.back().layouts = false;  // it reads memory as it lies
}

void add_parts(Rows& rows) {
  add(rows, "select", BOTH(select, 1, -1),
      REF(picked(X, {2, 4},
                 [](const Dims& c) {
                   return Dims{c[0], 2, c[1]};
                 })),
      {ON(IndexError, "index", cube().select(1, 3)), ON(IndexError, "dim", cube().select(3, 0)),
       ON(IndexError, "0-dim", ones({}).select(0, 0))});
  add(rows, "slice", BOTH(slice, 2, 1, 4, 2),
      REF(picked(X, {2, 3, 2},
                 [](const Dims& c) {
                   return Dims{c[0], c[1], 1 + 2 * c[2]};
                 })),
      {ON(ValueError, "step", cube().slice(0, 0, 2, 0)), ON(IndexError, "dim", cube().slice(3))});
  add(rows, "narrow", BOTH(narrow, 1, 1, 2),
      REF(picked(X, {2, 2, 4},
                 [](const Dims& c) {
                   return Dims{c[0], 1 + c[1], c[2]};
                 })),
      {ON(IndexError, "length", cube().narrow(1, 2, 2)), ON(IndexError, "start", cube().narrow(1, -4, 1)),
       ON(IndexError, "dim", cube().narrow(3, 0, 1))});
  add(rows, "diagonal", BOTH(diagonal, 1, 0, 2),
      REF(picked(X, {3, 2},
                 [](const Dims& c) {
                   return Dims{c[1], c[0], c[1] + 1};
                 })),
      {ON(ValueError, "same dims", cube().diagonal(0, 1, 1)), ON(IndexError, "dim", cube().diagonal(0, 0, 3))});
  add(rows, "unfold", BOTH(unfold, 2, 2, 1),
      REF(picked(X, {2, 3, 3, 2},
                 [](const Dims& c) {
                   return Dims{c[0], c[1], c[2] + c[3]};
                 })),
      {ON(ValueError, "size", cube().unfold(2, 5, 1)), ON(ValueError, "step", cube().unfold(2, 2, 0))});
  const auto parts = [&](const std::string& name, std::vector<Tensor> (*f)(const Tensor&), std::vector<Bad> refused) {
    add(
        rows, name, [f](const In& x) { return join(f(X)); }, nullptr,
        REF(join({picked(X, {2, 2, 4}, [](const Dims& c) { return c; }), picked(X, {2, 1, 4},
                                                                                [](const Dims& c) {
                                                                                  return Dims{c[0], 2, c[2]};
                                                                                })})),
        std::move(refused));
  };
  parts("split", [](const Tensor& t) { return split(t, 2, 1); },
        {ON(ValueError, "size", cube().split(0)), ON(ShapeError, "0-dim", ones({}).split(1))});
  parts("split.sizes",
        [](const Tensor& t) {
          return split(t, {2, 1}, 1);
        },
        {ON(ShapeError, "sum", cube().split({1, 1}, 1)), ON(ValueError, "negative", cube().split({-1, 4}, 1))});
  parts("split_with_sizes",
        [](const Tensor& t) {
          return split_with_sizes(t, {2, 1}, 1);
        },
        {ON(ShapeError, "sum", cube().split_with_sizes({1, 1}, 1)),
         ON(IndexError, "dim", cube().split_with_sizes({1}, 3))});
  parts("chunk", [](const Tensor& t) { return chunk(t, 2, 1); },
        {ON(ValueError, "chunks", cube().chunk(0)), ON(IndexError, "dim", cube().chunk(2, 3))});
  add(rows, "unbind", [](const In& x) { return join(unbind(X, 1)); }, nullptr,
      REF(join({X.select(1, 0), X.select(1, 1), X.select(1, 2)})),
      {ON(ShapeError, "0-dim", ones({}).unbind()), ON(IndexError, "dim", cube().unbind(3))});
  add(rows, "tril", BOTH(tril, 1), REF(X * (arange(4).unsqueeze(0) - arange(3).unsqueeze(1)).le(1).to(kDouble)),
      {ON(ShapeError, "one dim", ones({3}).tril()), ON(AutogradError, "leaf", ones({2, 2}).requires_grad_().tril_())});
  add(rows, "triu", BOTH(triu, -1), REF(X * (arange(4).unsqueeze(0) - arange(3).unsqueeze(1)).ge(-1).to(kDouble)),
      {ON(ShapeError, "one dim", ones({3}).triu()), ON(AutogradError, "leaf", ones({2, 2}).requires_grad_().triu_())});
  add(rows, "diag", BOTH(diag, 1),
      REF(picked(X, {2},
                 [](const Dims& c) {
                   return Dims{c[0], c[0] + 1};
                 })),
      {ON(ShapeError, "three dims", cube().diag()), ON(TypeError, "self", Tensor().diag())}, {{numbers({3, 3})}});
  add(rows, "diag.vector", BOTH(diag, -1), REF(pad_below(X)),
      {ON(ShapeError, "0-dim", ones({}).diag()), ON(TypeError, "self", Tensor().diag())}, {{numbers({2})}});
  add(rows, "trace", BOTH(trace), REF(X[0][0] + X[1][1]),
      {ON(ShapeError, "vector", ones({3}).trace()), ON(ShapeError, "cube", cube().trace())}, {{numbers({2, 3})}});
}

void add_joined(Rows& rows) {
  const std::vector<In> pair = {{numbers({2, 3}), numbers({2, 3}, -2, 2, 2)}};
  const auto list = [](const In& x) { return TensorList(x); };
  const std::vector<Bad> refused = {ON(ValueError, "empty list", cat({})),
                                    ON(ShapeError, "shapes", cat({ones({2, 3}), ones({3, 4})})),
                                    ON(IndexError, "dim", cat({ones({2}), ones({2})}, 1))};
  const auto beside = REF(picked(x[0], {2, 6},
                                 [](const Dims& c) {
                                   return Dims{c[0], c[1] % 3};
                                 }) *
                              tensor({1.0, 1.0, 1.0, 0.0, 0.0, 0.0}, kDouble) +
                          picked(x[1], {2, 6}, [](const Dims& c) {
                            return Dims{c[0], c[1] % 3};
                          }) * tensor({0.0, 0.0, 0.0, 1.0, 1.0, 1.0}, kDouble));
  add(
      rows, "cat", [list](const In& x) { return cat(list(x), 1); }, nullptr, beside, refused, pair);
  add(
      rows, "concat", [list](const In& x) { return concat(list(x), 1); }, nullptr, beside, refused, pair);
  add(
      rows, "hstack", [list](const In& x) { return hstack(list(x)); }, nullptr, beside,
      {ON(ValueError, "empty", hstack({})), ON(ShapeError, "shapes", hstack({ones({2, 3}), ones({3, 3})}))}, pair);
  add(
      rows, "vstack", [list](const In& x) { return vstack(list(x)); }, nullptr, REF(join({x[0], x[1]}).view({4, 3})),
      {ON(ValueError, "empty", vstack({})), ON(ShapeError, "shapes", vstack({ones({2, 3}), ones({2, 4})}))}, pair);
  add(
      rows, "stack", [list](const In& x) { return stack(list(x), 0); }, nullptr,
      REF(join({x[0], x[1]}).view({2, 2, 3})),
      {ON(ValueError, "empty", stack({})), ON(ShapeError, "shapes", stack({ones({2}), ones({3})}))}, pair);
  const auto doubled = REF(picked(X, {4, 3}, [](const Dims& c) { return Dims{c[0] % 2, c[1]}; }));
  add(rows, "repeat", BOTH(repeat, {2, 1}), doubled,
      {ON(ShapeError, "too few", ones({2, 3}).repeat({2})), ON(ValueError, "negative", ones({2}).repeat({-1}))},
      {{numbers({2, 3})}});
  add(rows, "tile", BOTH(tile, {2, 1}), doubled,
      {ON(ValueError, "negative", ones({2}).tile({-1})), ON(TypeError, "self", Tensor().tile({2}))},
      {{numbers({2, 3})}});
  add(rows, "repeat_interleave", BOTH(repeat_interleave, 2, 0),
      REF(picked(X, {4, 3},
                 [](const Dims& c) {
                   return Dims{c[0] / 2, c[1]};
                 })),
      {ON(ValueError, "negative", ones({2}).repeat_interleave(-1)),
       ON(IndexError, "dim", ones({2}).repeat_interleave(2, 1))},
      {{numbers({2, 3})}});
  add(rows, "meshgrid", [list](const In& x) { return join(meshgrid(list(x), "ij")); }, nullptr,
      REF(join({picked(x[0], {2, 3}, [](const Dims& c) { return Dims{c[0]}; }),
                picked(x[1], {2, 3}, [](const Dims& c) { return Dims{c[1]}; })})),
      {ON(ValueError, "empty", meshgrid({})), ON(ValueError, "indexing", meshgrid({ones({2})}, "ab"))},
      {{numbers({2}), numbers({3})}});
  add(
      rows, "constant_pad_nd",
      [](const In& x) {
        return constant_pad_nd(X, {1, 2, 0, -1}, 0.5);
      },
      nullptr,
      [](const In& x) {
        Tensor y = full({2, 7}, 0.5, kDouble);
        for (int64_t i = 0; i < 2; ++i)
          for (int64_t j = 0; j < 4; ++j) y[i][j + 1] = X.to(kDouble)[i][j];
        return y;
      },
      {ON(ValueError, "odd", constant_pad_nd(ones({2}), {1})),
       ON(ShapeError, "cuts too much", constant_pad_nd(ones({2}), {-2, -2}))},
      {{numbers({3, 4})}});
}

}  // namespace

void add_shape_rows(Rows& rows) {
  add_geometry(rows);
  add_turned(rows);
  add_parts(rows);
  add_joined(rows);
}

}  // namespace hearth::op_table
