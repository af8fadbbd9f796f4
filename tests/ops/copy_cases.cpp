// Rows of src/ops/copy.cpp.
#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

void add(Rows& rows, const std::string& name, Function function, Function reference, std::vector<Bad> refused,
         std::vector<In> samples = {{numbers({2, 3})}}, bool gradient = true) {
  Row row;
  row.name = name;
  row.function = std::move(function);
  row.reference = std::move(reference);
  row.samples = std::move(samples);
  row.gradient = gradient;
  row.bad = std::move(refused);
  rows.push_back(row);
}

}  // namespace

void add_copy_rows(Rows& rows) {
  add(
      rows, "clone", [](const In& x) { return clone(x[0]); }, [](const In& x) { return x[0]; },
      {ON(TypeError, "undefined", clone(undefined)), ON(TypeError, "self", Tensor().clone()),
       ON(ShapeError, "format", ones({2}).clone(MemoryFormat::ChannelsLast))});
  rows.back().method = [](const In& x) { return x[0].clone(); };
  add(
      rows, "contiguous", [](const In& x) { return contiguous(x[0]); }, [](const In& x) { return x[0]; },
      {ON(TypeError, "undefined", contiguous(undefined)), ON(TypeError, "self", Tensor().contiguous()),
       ON(ShapeError, "format", ones({2}).contiguous(MemoryFormat::ChannelsLast))});
  add(
      rows, "type_as", [](const In& x) { return type_as(x[0], zeros({1}, kDouble)); }, [](const In& x) { return x[0]; },
      {ON(TypeError, "undefined", type_as(undefined, ones({1}))), ON(TypeError, "other", type_as(ones({1}), undefined)),
       ON(TypeError, "self", Tensor().type_as(ones({1})))});
  add(
      rows, "copy_",
      [](const In& x) {
        Tensor y = x[0] * 1;
        return y.copy_(x[1]);
      },
      [](const In& x) {
        return x[1].expand({2, 3});
      },
      {ON(ShapeError, "shape", ones({2}).copy_(ones({3}))), ON(TypeError, "undefined", ones({2}).copy_(undefined)),
       ON(AutogradError, "leaf", ones({2}).requires_grad_().copy_(ones({2}))),
       ON(ValueError, "overlap", ones({1}).expand({3}).copy_(ones({3})))},
      {{numbers({2, 3}), numbers({2, 3}, -2, 2, 2)}, {numbers({2, 3}), numbers({3}, -2, 2, 2)}});
  add(
      rows, "fill_",
      [](const In& x) {
        Tensor y = x[0] * 1;
        return y.fill_(x[1]);
      },
      [](const In& x) {
        return x[1].expand({2, 3});
      },
      {ON(ShapeError, "value", ones({2}).fill_(ones({2}))), ON(TypeError, "undefined", Tensor().fill_(1)),
       ON(AutogradError, "leaf", ones({2}).requires_grad_().fill_(1))},
      {{numbers({2, 3}), numbers({}, -2, 2, 2)}});
  add(
      rows, "zero_",
      [](const In& x) {
        Tensor y = x[0] * 1;
        return y.zero_() + x[0];
      },
      [](const In& x) { return x[0]; },
      {ON(TypeError, "undefined", Tensor().zero_()), ON(AutogradError, "leaf", ones({2}).requires_grad_().zero_()),
       ON(ValueError, "overlap", ones({1}).expand({3}).zero_())});
  const auto made = [&](const std::string& name, Function f, double value) {
    add(
        rows, name, std::move(f),
        [value](const In&) {
          return full({2, 2}, value, kDouble);
        },
        {ON(TypeError, "undefined", Tensor().new_zeros({2})), ON(ValueError, "negative", ones({2}).new_zeros({-2})),
         ON(ValueError, "too large", ones({2}).new_empty({int64_t{1} << 40, int64_t{1} << 40}))},
        {{numbers({2, 3})}}, false);
  };
  made(
      "new_zeros",
      [](const In& x) {
        return x[0].new_zeros({2, 2});
      },
      0);
  made(
      "new_ones",
      [](const In& x) {
        return x[0].new_ones({2, 2});
      },
      1);
  made(
      "new_full",
      [](const In& x) {
        return x[0].new_full({2, 2}, 0.5);
      },
      0.5);
  made(
      "new_empty",
      [](const In& x) {
        return x[0].new_empty({2, 2}).fill_(3);
      },
      3);
  made(
      "new_empty_strided",
      [](const In& x) {
        return x[0].new_empty_strided({2, 2}, {1, 2}).fill_(3);
      },
      3);
  const auto resized = [&](const std::string& name, Function f) {
    add(
        rows, name, std::move(f),
        [](const In& x) {
          return x[0].reshape({6}).narrow(0, 0, 4).reshape({2, 2});
        },
        {ON(AutogradError, "gradient", ones({2}).requires_grad_().resize_({3})),
         ON(ValueError, "negative", ones({2}).resize_({-1})), ON(TypeError, "undefined", Tensor().resize_({1}))},
        {{numbers({2, 3})}}, false);
    rows.back().layouts = false;  // memory order is what counts
  };
  resized("resize_", [](const In& x) { return x[0].resize_({2, 2}); });
  resized("resize_as_", [](const In& x) { return x[0].resize_as_(ones({2, 2})); });
}

}  // namespace hearth::op_table
