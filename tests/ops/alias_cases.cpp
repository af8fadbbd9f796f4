// Rows of src/ops/alias.cpp.
#include <cmath>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;

std::vector<Bad> unary_bad(const Row& row) {
  const auto f = row.function, in_place = row.in_place;
  const auto out = row.out;
  return {bad<TypeError>("undefined", [f] { f({undefined}); }),
          bad<DtypeError>("out can't hold the result",
                          [out] {
                            Tensor o = empty({2}, kBool);
                            out(o, {ones({2}, kDouble) * 0.5});
                          }),
          bad<AutogradError>("in place on a leaf", [in_place] { in_place({(ones({2}) * 0.5).requires_grad_()}); })};
}
std::vector<Bad> binary_bad(const Row& row) {
  const auto f = row.function, in_place = row.in_place;
  return {bad<TypeError>("undefined first",
                         [f] {
                           f({undefined, ones({2})});
                         }),
          bad<TypeError>("undefined second",
                         [f] {
                           f({ones({2}), undefined});
                         }),
          bad<ShapeError>("shapes that don't broadcast",
                          [f] {
                            f({ones({2, 3}), ones({2, 4})});
                          }),
          bad<ShapeError>("in place into a smaller shape", [in_place] {
            in_place({ones({3}), ones({2, 3})});
          })};
}

#define ALIAS_OF_ONE(op, f, low, high)                                 \
  {                                                                    \
    Row row;                                                           \
    row.name = #op;                                                    \
    HEARTH_UNARY_FORMS(op);                                            \
    row.reference = elementwise([](double x) -> double { return f; }); \
    row.samples = unary_samples(low, high);                            \
    row.bad = unary_bad(row);                                          \
    rows.push_back(row);                                               \
  }
#define ALIAS_OF_TWO(op, f, low, high, low2, high2, ...)                         \
  {                                                                              \
    Row row;                                                                     \
    row.name = #op;                                                              \
    HEARTH_BINARY_FORMS(op);                                                     \
    row.reference = elementwise([](double a, double b) -> double { return f; }); \
    row.samples = binary_samples(low, high, low2, high2);                        \
    row.bad = binary_bad(row);                                                   \
    __VA_ARGS__;                                                                 \
    rows.push_back(row);                                                         \
  }

void add_comparisons(Rows& rows) {
  ALIAS_OF_TWO(greater, a > b, -2, 2, -2, 2, row.gradient = false);
  ALIAS_OF_TWO(greater_equal, a >= b, -2, 2, -2, 2, row.gradient = false);
  ALIAS_OF_TWO(less, a < b, -2, 2, -2, 2, row.gradient = false);
  ALIAS_OF_TWO(less_equal, a <= b, -2, 2, -2, 2, row.gradient = false);
  ALIAS_OF_TWO(not_equal, a != b, -2, 2, -2, 2, row.gradient = false);
}

Row plain(const std::string& name, Function function, Function reference, std::vector<Bad> refused) {
  Row row;
  row.name = name;
  row.function = std::move(function);
  row.reference = std::move(reference);
  row.samples = {{numbers({2, 3})}, {numbers({3, 1, 2}, -2, 2, 2)}};
  row.bad = std::move(refused);
  return row;
}
std::vector<Bad> three(const std::function<void(const Tensor&)>& f) {
  std::vector<Bad> all;
  for (const char* what : {"undefined", "undefined again"}) all.push_back(bad<TypeError>(what, [f] { f(undefined); }));
  all.push_back(bad<TypeError>("moved from", [f] {
    Tensor t = ones({2});
    const Tensor taken = std::move(t);
    f(t);
  }));
  return all;
}
Tensor truth(bool value) { return full({}, value ? 1.0 : 0.0, kDouble); }

/// What complex numbers would change.
void add_real_parts(Rows& rows) {
  const Function same = [](const In& x) { return x[0].to(kDouble); };
  rows.push_back(plain(
      "real", [](const In& x) { return real(x[0]); }, same, three([](const Tensor& t) { real(t); })));
  rows.push_back(plain(
      "conj", [](const In& x) { return x[0].conj(); }, same, three([](const Tensor& t) { conj(t); })));
  rows.push_back(plain(
      "resolve_conj", [](const In& x) { return x[0].resolve_conj(); }, same,
      three([](const Tensor& t) { resolve_conj(t); })));
  rows.push_back(plain(
      "resolve_neg", [](const In& x) { return x[0].resolve_neg(); }, same,
      three([](const Tensor& t) { resolve_neg(t); })));
  ALIAS_OF_ONE(conj_physical, x, -2, 2);
  rows.push_back(plain(
      "isreal", [](const In& x) { return isreal(x[0]); }, [](const In& x) { return ones(x[0].sizes(), kDouble); },
      three([](const Tensor& t) { isreal(t); })));
  rows.back().gradient = false;
  Row row = plain(
      "angle", [](const In& x) { return angle(x[0]); }, elementwise([](double x) { return x < 0 ? M_PI : 0; }),
      three([](const Tensor& t) { angle(t); }));
  row.method = [](const In& x) { return x[0].angle(); };
  row.out = [](Tensor& out, const In& x) { return angle_out(out, x[0]); };
  rows.push_back(row);
}

void add_questions(Rows& rows) {
  const auto ask = [&](const std::string& name, Function f, double answer, std::vector<Bad> refused) {
    rows.push_back(plain(
        name, std::move(f), [answer](const In&) { return full({}, answer, kDouble); }, std::move(refused)));
    rows.back().gradient = false;
    rows.back().dtypes = {};
  };
  ask("is_nonzero", [](const In& x) { return truth(is_nonzero(x[0].sum()) && !x[0].sum().mul(0).is_nonzero()); }, 1,
      {bad<ShapeError>("two", [] { is_nonzero(ones({2})); }), bad<ShapeError>("none", [] { is_nonzero(ones({0})); }),
       bad<TypeError>("undefined", [] { is_nonzero(undefined); })});
  ask(
      "is_same_size", [](const In& x) { return truth(is_same_size(x[0], x[0] + 1) && !x[0].is_same_size(x[0][0])); }, 1,
      three([](const Tensor& t) { is_same_size(t, ones({2})); }));
  ask(
      "is_set_to", [](const In& x) { return truth(x[0].is_set_to(x[0].alias()) && !x[0].is_set_to(x[0].clone())); }, 1,
      three([](const Tensor& t) { ones({2}).is_set_to(t); }));
  ask(
      "promote_types", [](const In&) { return truth(promote_types(kByte, kChar) == kShort); }, 1,
      three([](const Tensor& t) { promote_types(kByte, t.scalar_type()); }));
  ask(
      "can_cast",
      [](const In&) { return truth(can_cast(kInt, kHalf) && !can_cast(kHalf, kInt) && !can_cast(kInt, kBool)); }, 1,
      three([](const Tensor& t) { can_cast(kByte, t.scalar_type()); }));
  ask(
      "result_type",
      [](const In& x) {
        return truth(result_type(x[0], ones({}, kLong)) == kDouble && result_type(ones({2}, kInt), 1.5) == kFloat &&
                     result_type(2, ones({2}, kByte)) == kByte && result_type(1, 1.5) == kFloat &&
                     result_type(true, false) == kBool);
      },
      1, three([](const Tensor& t) { result_type(t, ones({2})); }));
}

void add_flips(Rows& rows) {
  rows.push_back(plain(
      "fliplr", [](const In& x) { return x[0].fliplr(); }, [](const In& x) { return flip(x[0].to(kDouble), {1}); },
      {bad<ShapeError>("vector", [] { fliplr(ones({3})); }), bad<ShapeError>("number", [] { fliplr(ones({})); }),
       bad<TypeError>("undefined", [] { fliplr(undefined); })}));
  rows.push_back(plain(
      "flipud", [](const In& x) { return x[0].flipud(); }, [](const In& x) { return flip(x[0].to(kDouble), {0}); },
      {bad<ShapeError>("number", [] { flipud(ones({})); }), bad<TypeError>("undefined", [] { flipud(undefined); }),
       bad<TypeError>("undefined method", [] { Tensor().flipud(); })}));
  rows.push_back(plain(
      "matrix_H", [](const In& x) { return x[0].flatten(1).matrix_H(); },
      [](const In& x) { return x[0].to(kDouble).flatten(1).transpose(0, 1); },
      {bad<ShapeError>("vector", [] { ones({3}).matrix_H(); }),
       bad<ShapeError>("batch",
                       [] {
                         ones({2, 2, 2}).matrix_H();
                       }),
       bad<TypeError>("undefined", [] { Tensor().matrix_H(); })}));
}

/// x as mantissa * 2 ^ exponent; the mantissa has x's gradient by that power.
void add_parts_of_floats(Rows& rows) {
  Row row = plain("frexp", [](const In& x) { return std::get<0>(frexp(x[0])); }, elementwise([](double x) {
                    int exponent;
                    return std::frexp(x, &exponent);
                  }),
                  {bad<DtypeError>("integers", [] { frexp(ones({2}, kLong)); }),
                   bad<TypeError>("undefined", [] { frexp(undefined); }),
                   bad<TypeError>("undefined method", [] { Tensor().frexp(); })});
  row.method = [](const In& x) { return std::get<0>(x[0].frexp()); };
  rows.push_back(row);
  row.name = "frexp.exponent";
  row.method = nullptr;
  row.function = [](const In& x) { return std::get<1>(frexp(x[0])).to(kDouble); };
  row.reference = elementwise([](double x) {
    int exponent;
    std::frexp(x, &exponent);
    return static_cast<double>(exponent);
  });
  row.gradient = false;
  row.dtypes = {};
  rows.push_back(row);
}

}  // namespace

void add_alias_rows(Rows& rows) {
  ALIAS_OF_ONE(arccos, std::acos(x), -0.9, 0.9);
  ALIAS_OF_ONE(arccosh, std::acosh(x), 1.2, 3);
  ALIAS_OF_ONE(arcsin, std::asin(x), -0.9, 0.9);
  ALIAS_OF_ONE(arcsinh, std::asinh(x), -2, 2);
  ALIAS_OF_ONE(arctan, std::atan(x), -3, 3);
  ALIAS_OF_ONE(arctanh, std::atanh(x), -0.8, 0.8);
  ALIAS_OF_ONE(deg2rad, x * M_PI / 180, -90, 90);
  ALIAS_OF_ONE(rad2deg, x * 180 / M_PI, -3, 3);
  ALIAS_OF_TWO(arctan2, std::atan2(a, b), -2, 2, 0.3, 2);
  ALIAS_OF_TWO(ldexp, std::ldexp(a, 1) * std::pow(2, b - 1), -2, 2, -2, 2);
  ALIAS_OF_TWO(float_power, std::pow(a, b), 0.3, 2, -2, 2, row.dtypes = {});
  add_comparisons(rows);
  add_real_parts(rows);
  add_questions(rows);
  add_flips(rows);
  add_parts_of_floats(rows);
  Row row;
  row.name = "concatenate";
  row.function = [](const In& x) { return concatenate({x[0], x[1]}, 1); };
  row.out = [](Tensor& out, const In& x) { return concatenate_out(out, {x[0], x[1]}, 1); };
  row.reference = [](const In& x) { return cat({x[0], x[1]}, 1); };
  row.samples = {{numbers({2, 3}), numbers({2, 2}, -2, 2, 3)}};
  row.bad = {bad<ShapeError>("sizes",
                             [] {
                               concatenate({ones({2, 2}), ones({3, 2})}, 1);
                             }),
             bad<IndexError>("dim",
                             [] {
                               concatenate({ones({2, 2})}, 4);
                             }),
             bad<TypeError>("undefined", [] {
               concatenate({ones({2}), undefined});
             })};
  rows.push_back(row);
  row.name = "moveaxis";
  row.function = [](const In& x) { return moveaxis(x[0], 0, 2); };
  row.method = [](const In& x) { return x[0].moveaxis(std::vector<int64_t>{0}, std::vector<int64_t>{2}); };
  row.out = nullptr;
  row.reference = [](const In& x) { return x[0].permute({1, 2, 0}); };
  row.samples = {{numbers({2, 3, 4})}};
  row.bad = {bad<IndexError>("dim",
                             [] {
                               moveaxis(ones({2, 2}), 5, 0);
                             }),
             bad<ValueError>("counts",
                             [] {
                               moveaxis(ones({2, 2}), {0, 1}, {0});
                             }),
             bad<TypeError>("undefined", [] { moveaxis(undefined, 0, 1); })};
  rows.push_back(row);
}

}  // namespace hearth::op_table
