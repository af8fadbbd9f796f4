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
  row.method = [](const In& x) { return x[0].moveaxis({0}, {2}); };
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
