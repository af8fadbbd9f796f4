// Rows of src/ops/compare.cpp.
#include <cmath>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;

std::vector<Bad> binary_bad(const Function& f) {
  return {bad<TypeError>("undefined first",
                         [f] {
                           f({undefined, ones({2})});
                         }),
          bad<TypeError>("undefined second",
                         [f] {
                           f({ones({2}, kLong), undefined});
                         }),
          bad<ShapeError>("shapes", [f] {
            f({ones({2, 3}, kLong), ones({2, 4}, kLong)});
          })};
}

#define COMPARISON(op, f)                                                                         \
  do {                                                                                            \
    Row row;                                                                                      \
    row.name = #op;                                                                               \
    HEARTH_BINARY_FORMS(op);                                                                      \
    row.reference = elementwise([](double a, double b) -> double { return (f) ? 1 : 0; });        \
    row.samples = binary_samples();                                                               \
    row.samples.push_back({tensor({1.0, 2.0, 0.0}, kDouble), tensor({1.0, 3.0, -0.0}, kDouble)}); \
    row.integer_dtypes = {kByte, kLong};                                                          \
    row.gradient = false;                                                                         \
    row.bad = binary_bad(row.function);                                                           \
    rows.push_back(row);                                                                          \
  } while (false)

/// Ops of integers alone: samples are made of them.
#define BITWISE(op, f)                                                                                      \
  do {                                                                                                      \
    Row row;                                                                                                \
    row.name = #op;                                                                                         \
    HEARTH_BINARY_FORMS(op);                                                                                \
    row.reference = elementwise([](double x, double y) -> double {                                          \
      const auto a = static_cast<int64_t>(x), b = static_cast<int64_t>(y);                                  \
      return static_cast<double>(f);                                                                        \
    });                                                                                                     \
    row.samples = {{tensor({12, 7, 0, 255}), tensor({10, 3, 5, 1})}, {tensor({{6}, {9}}), tensor({3, 5})}}; \
    row.dtypes = {};                                                                                        \
    row.in_place = nullptr;                                                                                 \
    row.gradient = false;                                                                                   \
    row.bad = binary_bad(row.function);                                                                     \
    row.bad.push_back(bad<DtypeError>("floating", [f_ = row.function] { f_({ones({2}), ones({2})}); }));    \
    rows.push_back(row);                                                                                    \
  } while (false)

#define PREDICATE(op, f)                                                                                  \
  do {                                                                                                    \
    Row row;                                                                                              \
    row.name = #op;                                                                                       \
    row.function = [](const In& x) { return hearth::op(x[0]); };                                          \
    row.method = [](const In& x) { return x[0].op(); };                                                   \
    row.reference = elementwise([](double x) -> double { return (f) ? 1 : 0; });                          \
    row.samples = unary_samples();                                                                        \
    row.samples.push_back({tensor({1.0, 1.0 / 0.0, -1.0 / 0.0, 0.0 / 0.0, -0.0, 0.0}, kDouble)});         \
    row.gradient = false;                                                                                 \
    row.bad = {bad<TypeError>("undefined", [] { hearth::op(undefined); }),                                \
               bad<TypeError>("undefined self", [] { Tensor().op(); }), bad<TypeError>("moved from", [] { \
                 Tensor a = ones({1});                                                                    \
                 const Tensor b = std::move(a);                                                           \
                 hearth::op(a);                                                                           \
               })};                                                                                       \
    rows.push_back(row);                                                                                  \
  } while (false)

void add_choices(Rows& rows) {
  {
    Row row;
    row.name = "where";
    row.function = [](const In& x) { return where(x[0].gt(0), x[1], x[2]); };
    row.samples = {{numbers({2, 3}), numbers({2, 3}, -2, 2, 2), numbers({2, 3}, -2, 2, 3)},
                   {numbers({2, 1}), numbers({3}, -2, 2, 2), numbers({}, -2, 2, 3)},
                   {numbers({0}), numbers({0}), numbers({0})}};
    row.reference = [](const In& x) {
      const Tensor m = x[0].gt(0).to(kDouble);
      return m * x[1] + (1 - m) * x[2];
    };
    row.differentiable = {false, true, true};
    row.bad = {bad<DtypeError>("condition", [] { where(ones({2}), ones({2}), ones({2})); }),
               bad<ShapeError>("shapes", [] { where(ones({2}, kBool), ones({3}), ones({2})); }),
               bad<TypeError>("undefined", [] { where(ones({2}, kBool), undefined, ones({2})); }),
               bad<TypeError>("undefined condition", [] { where(undefined); })};
    rows.push_back(row);
    row.name = "where.out";
    row.out = [](Tensor& out, const In& x) { return where_out(out, x[0].gt(0), x[1], x[2]); };
    rows.push_back(row);
  }
  {
    Row row;
    row.name = "masked_fill";
    row.function = [](const In& x) { return masked_fill(x[0], x[1].gt(0), 0.25); };
    row.method = [](const In& x) { return x[0].masked_fill(x[1].gt(0), 0.25); };
    row.in_place = [](const In& x) { return x[0].masked_fill_(x[1].gt(0), 0.25); };
    row.samples = {{numbers({2, 3}), numbers({2, 3}, -2, 2, 2)},
                   {numbers({2, 3}), numbers({3}, -2, 2, 2)},
                   {numbers({}), numbers({}, 0.1, 2)}};
    row.reference = [](const In& x) {
      const Tensor m = x[1].gt(0).to(kDouble);
      return m * 0.25 + (1 - m) * x[0];
    };
    row.differentiable = {true, false};
    row.bad = {bad<DtypeError>("mask", [] { masked_fill(ones({2}), ones({2}), 1); }),
               bad<ShapeError>("shapes", [] { masked_fill(ones({2}), ones({3}, kBool), 1); }),
               bad<TypeError>("undefined mask", [] { masked_fill(ones({2}), undefined, 1); }),
               bad<ShapeError>("value", [] { masked_fill(ones({2}), ones({2}, kBool), ones({2})); })};
    rows.push_back(row);
    row.name = "masked_fill.tensor";
    row.function = [](const In& x) { return masked_fill(x[0], x[1].gt(0), x[2]); };
    row.method = row.in_place = nullptr;
    row.samples = {{numbers({2, 3}), numbers({2, 3}, -2, 2, 2), numbers({}, 1, 2)}};
    row.reference = [](const In& x) {
      const Tensor m = x[1].gt(0).to(kDouble);
      return m * x[2] + (1 - m) * x[0];
    };
    row.differentiable = {true, false, true};
    rows.push_back(row);
  }
}

void add_mixtures(Rows& rows) {
  {
    Row row;
    row.name = "lerp";
    row.function = [](const In& x) { return lerp(x[0], x[1], x[2]); };
    row.method = [](const In& x) { return x[0].lerp(x[1], x[2]); };
    row.in_place = [](const In& x) { return x[0].lerp_(x[1], x[2]); };
    row.out = [](Tensor& out, const In& x) { return lerp_out(out, x[0], x[1], x[2]); };
    row.samples = {{numbers({2, 3}), numbers({2, 3}, -2, 2, 2), numbers({2, 3}, 0, 1, 3)},
                   {numbers({2, 3}), numbers({3}, -2, 2, 2), numbers({}, 0, 1, 3)}};
    row.reference = [](const In& x) { return x[0] + x[2] * (x[1] - x[0]); };
    row.loss_of_precision = 3;
    row.bad = {bad<TypeError>("undefined", [] { lerp(ones({2}), undefined, 0.5); }),
               bad<DtypeError>("dtypes", [] { lerp(ones({2}), ones({2}, kDouble), 0.5); }),
               bad<ShapeError>("shapes", [] { lerp(ones({2}), ones({3}), 0.5); })};
    rows.push_back(row);
    row.name = "lerp.number";
    row.function = [](const In& x) { return lerp(x[0], x[1], 0.3); };
    row.method = [](const In& x) { return x[0].lerp(x[1], 0.3); };
    row.in_place = [](const In& x) { return x[0].lerp_(x[1], 0.3); };
    row.out = nullptr;
    row.samples = {{numbers({2, 3}), numbers({2, 3}, -2, 2, 2)}};
    row.reference = [](const In& x) { return x[0] * 0.7 + x[1] * 0.3; };
    rows.push_back(row);
  }
  for (const bool divides : {false, true}) {
    Row row;
    row.name = divides ? "addcdiv" : "addcmul";
    row.function = [divides](const In& x) {
      return divides ? addcdiv(x[0], x[1], x[2], 0.7) : addcmul(x[0], x[1], x[2], 0.7);
    };
    row.method = [divides](const In& x) {
      return divides ? x[0].addcdiv(x[1], x[2], 0.7) : x[0].addcmul(x[1], x[2], 0.7);
    };
    row.in_place = [divides](const In& x) {
      return divides ? x[0].addcdiv_(x[1], x[2], 0.7) : x[0].addcmul_(x[1], x[2], 0.7);
    };
    row.samples = {{numbers({2, 3}), numbers({2, 3}, -2, 2, 2), numbers({2, 3}, 0.5, 2, 3)},
                   {numbers({2, 3}), numbers({3}, -2, 2, 2), numbers({2, 1}, 0.5, 2, 3)}};
    row.reference = [divides](const In& x) { return x[0] + 0.7 * (divides ? x[1] / x[2] : x[1] * x[2]); };
    row.loss_of_precision = 4;
    row.bad = {
        bad<TypeError>("undefined",
                       [divides] {
                         divides ? addcdiv(ones({2}), undefined, ones({2})) : addcmul(ones({2}), undefined, ones({2}));
                       }),
        bad<ShapeError>("shapes",
                        [divides] {
                          divides ? addcdiv(ones({2}), ones({3}), ones({2})) : addcmul(ones({2}), ones({3}), ones({2}));
                        }),
        divides ? bad<DtypeError>("integers", [] { addcdiv(ones({2}), ones({2}, kLong), ones({2}, kLong)); })
                : bad<AutogradError>("leaf", [] { ones({2}).requires_grad_().addcmul_(ones({2}), ones({2})); })};
    rows.push_back(row);
  }
}

void add_whole_comparisons(Rows& rows) {
  {
    Row row;
    row.name = "isclose";
    row.function = [](const In& x) { return isclose(x[0], x[1], 1e-3, 1e-3); };
    row.method = [](const In& x) { return x[0].isclose(x[1], 1e-3, 1e-3); };
    row.samples = {{tensor({1.0, 2.0, 1.0 / 0.0}, kDouble), tensor({1.0001, 2.1, 1.0 / 0.0}, kDouble)}};
    row.reference = [](const In&) { return tensor({1.0, 0.0, 1.0}, kDouble); };
    row.dtypes = {};
    row.gradient = false;
    row.bad = {bad<DtypeError>("dtypes", [] { isclose(ones({2}), ones({2}, kDouble)); }),
               bad<ValueError>("tolerance", [] { isclose(ones({2}), ones({2}), -1); }),
               bad<TypeError>("undefined", [] { isclose(ones({2}), undefined); })};
    rows.push_back(row);
    row.name = "allclose";
    row.function = [](const In& x) { return full({}, allclose(x[0], x[1], 1e-3, 1e-3)); };
    row.method = [](const In& x) { return full({}, x[0].allclose(x[1], 1e-3, 1e-3)); };
    row.reference = [](const In&) { return full({}, 0.0, kDouble); };
    rows.push_back(row);
    row.name = "equal";
    row.function = [](const In& x) { return full({}, equal(x[0], x[1])); };
    row.method = [](const In& x) { return full({}, x[0].equal(x[1])); };
    row.bad = {bad<TypeError>("undefined", [] { equal(undefined, ones({1})); }),
               bad<TypeError>("undefined second", [] { equal(ones({1}), undefined); }),
               bad<TypeError>("undefined self", [] { Tensor().equal(ones({1})); })};
    rows.push_back(row);
  }
}

}  // namespace

void add_compare_rows(Rows& rows) {
  COMPARISON(eq, a == b);
  COMPARISON(ne, a != b);
  COMPARISON(lt, a < b);
  COMPARISON(le, a <= b);
  COMPARISON(gt, a > b);
  COMPARISON(ge, a >= b);
  COMPARISON(logical_and, a != 0 && b != 0);
  COMPARISON(logical_or, a != 0 || b != 0);
  COMPARISON(logical_xor, (a != 0) != (b != 0));
  BITWISE(bitwise_and, a & b);
  BITWISE(bitwise_or, a | b);
  BITWISE(bitwise_xor, a ^ b);
  BITWISE(bitwise_left_shift, a << b);
  BITWISE(bitwise_right_shift, a >> b);
  PREDICATE(logical_not, x == 0);
  PREDICATE(isnan, std::isnan(x));
  PREDICATE(isinf, std::isinf(x));
  PREDICATE(isfinite, std::isfinite(x));
  PREDICATE(isposinf, std::isinf(x) && x > 0);
  PREDICATE(isneginf, std::isinf(x) && x < 0);
  PREDICATE(signbit, std::signbit(x));
  {
    Row row;
    row.name = "bitwise_not";
    HEARTH_UNARY_FORMS(bitwise_not);
    row.samples = {{tensor({0, 1, 5, -7})}};
    row.reference = [](const In&) { return tensor({-1.0, -2.0, -6.0, 6.0}, kDouble); };
    row.dtypes = {};
    row.in_place = nullptr;
    row.gradient = false;
    row.bad = {bad<TypeError>("undefined", [] { bitwise_not(undefined); }),
               bad<DtypeError>("float", [] { bitwise_not(ones({2})); }),
               bad<DtypeError>("half", [] { bitwise_not(ones({2}, kHalf)); })};
    rows.push_back(row);
  }
  add_choices(rows);
  add_mixtures(rows);
  add_whole_comparisons(rows);
}

}  // namespace hearth::op_table
