// Rows of src/ops/pointwise.cpp and src/ops/transcendental.cpp.
#include <cmath>
#include <numbers>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;

/// What every one-input op with all forms refuses.
template <class F, class Out, class InPlace>
std::vector<Bad> unary_bad(F f, Out out, InPlace in_place) {
  return {bad<TypeError>("undefined", [f] { f({undefined}); }),
          bad<DtypeError>("out can't hold the result",
                          [out] {
                            Tensor o = empty({2}, kBool);
                            out(o, {ones({2}, kDouble) * 0.5});
                          }),
          bad<AutogradError>("in place on a leaf", [in_place] { in_place({(ones({2}) * 0.5).requires_grad_()}); })};
}
template <class F, class Out, class InPlace>
std::vector<Bad> binary_bad(F f, Out out, InPlace in_place) {
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
          bad<DtypeError>("out can't hold the result",
                          [out] {
                            Tensor o = empty({2}, kBool);
                            out(o, {ones({2}), ones({2})});
                          }),
          bad<ShapeError>("in place into a smaller shape", [in_place] {
            in_place({ones({3}), ones({2, 3})});
          })};
}

#define UNARY(op, f, low, high, ...)                                   \
  do {                                                                 \
    Row row;                                                           \
    row.name = #op;                                                    \
    HEARTH_UNARY_FORMS(op);                                            \
    row.reference = elementwise([](double x) -> double { return f; }); \
    row.samples = unary_samples(low, high);                            \
    row.bad = unary_bad(row.function, row.out, row.in_place);          \
    __VA_ARGS__;                                                       \
    rows.push_back(row);                                               \
  } while (false)
#define BINARY(op, f, low, high, low2, high2, ...)                               \
  do {                                                                           \
    Row row;                                                                     \
    row.name = #op;                                                              \
    HEARTH_BINARY_FORMS(op);                                                     \
    row.reference = elementwise([](double a, double b) -> double { return f; }); \
    row.samples = binary_samples(low, high, low2, high2);                        \
    row.bad = binary_bad(row.function, row.out, row.in_place);                   \
    __VA_ARGS__;                                                                 \
    rows.push_back(row);                                                         \
  } while (false)

const std::vector<ScalarType> kWhole = {kByte, kChar, kShort, kUInt16, kInt, kLong};

double sign_of(double x) { return (x > 0) - (x < 0); }
double python_mod(double a, double b) {
  const double r = std::fmod(a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

void add_one_input(Rows& rows) {
  UNARY(neg, -x, -2, 2, row.integer_dtypes = {kChar, kShort, kInt, kLong});
  UNARY(negative, -x, -2, 2);
  UNARY(abs, std::abs(x), -2, 2, row.integer_dtypes = kWhole);
  UNARY(absolute, std::abs(x), -2, 2);
  UNARY(square, x * x, -2, 2, row.integer_dtypes = {kInt, kLong});
  UNARY(sign, sign_of(x), -2, 2, row.integer_dtypes = kWhole);
  UNARY(sgn, sign_of(x), -2, 2);
  UNARY(ceil, std::ceil(x), -2, 2);
  UNARY(floor, std::floor(x), -2, 2);
  UNARY(trunc, std::trunc(x), -2, 2);
  UNARY(fix, std::trunc(x), -2, 2);
  UNARY(round, std::nearbyint(x), -2, 2);
  UNARY(frac, x - std::trunc(x), -2, 2);
  UNARY(reciprocal, 1 / x, 0.3, 2);
  UNARY(exp, std::exp(x), -2, 2, row.integer_dtypes = {kInt, kBool});
  UNARY(exp2, std::exp2(x), -2, 2);
  UNARY(expm1, std::expm1(x), -2, 2);
  UNARY(log, std::log(x), 0.3, 3);
  UNARY(log2, std::log2(x), 0.3, 3);
  UNARY(log10, std::log10(x), 0.3, 3);
  UNARY(log1p, std::log1p(x), -0.6, 3);
  UNARY(sqrt, std::sqrt(x), 0.3, 3);
  UNARY(rsqrt, 1 / std::sqrt(x), 0.3, 3);
  UNARY(sin, std::sin(x), -4, 4);
  UNARY(cos, std::cos(x), -4, 4);
  UNARY(tan, std::tan(x), -1.2, 1.2, row.loss_of_precision = 3);
  UNARY(sinc, x == 0 ? 1 : std::sin(M_PI * x) / (M_PI * x), -2, 2);
  UNARY(asin, std::asin(x), -0.9, 0.9);
  UNARY(acos, std::acos(x), -0.9, 0.9);
  UNARY(atan, std::atan(x), -3, 3);
  UNARY(sinh, std::sinh(x), -2, 2);
  UNARY(cosh, std::cosh(x), -2, 2);
  UNARY(asinh, std::asinh(x), -2, 2);
  UNARY(acosh, std::acosh(x), 1.2, 3);
  UNARY(atanh, std::atanh(x), -0.8, 0.8);
  UNARY(erf, std::erf(x), -2, 2);
  UNARY(erfc, std::erfc(x), -2, 2);
  UNARY(lgamma, std::lgamma(x), 0.6, 4, row.loss_of_precision = 3);
  UNARY(digamma, (std::lgamma(x + 1e-5) - std::lgamma(x - 1e-5)) / 2e-5, 1.6, 4, row.tolerance = 1e-8;
        row.loss_of_precision = 3);
  UNARY(logit, std::log(x / (1 - x)), 0.1, 0.9);
  {
    Row row;
    row.name = "erfinv";
    HEARTH_UNARY_FORMS(erfinv);
    row.samples = unary_samples(-0.9, 0.9);
    row.reference = [](const In& x) {  // Newton's steps on erf, from a rough start
      return elementwise([](double y) {
        double z = 0;
        for (int i = 0; i < 60; ++i) z -= (std::erf(z) - y) / (2 * std::numbers::inv_sqrtpi * std::exp(-z * z));
        return z;
      })(x);
    };
    row.bad = unary_bad(row.function, row.out, row.in_place);
    rows.push_back(row);
  }
}

void add_more_of_one_input(Rows& rows) {
  {
    Row row;
    row.name = "positive";
    row.function = [](const In& x) { return positive(x[0]); };
    row.method = [](const In& x) { return x[0].positive(); };
    row.reference = [](const In& x) { return x[0]; };
    row.samples = unary_samples();
    row.bad = {bad<TypeError>("undefined", [] { positive(undefined); }),
               bad<DtypeError>("bool", [] { positive(ones({2}, kBool)); }),
               bad<DtypeError>("0-dim bool", [] { positive(ones({}, kBool)); })};
    rows.push_back(row);
  }
  {
    Row row;
    row.name = "round.decimals";
    row.function = [](const In& x) { return round(x[0], 1); };
    row.method = [](const In& x) { return x[0].round(1); };
    row.in_place = [](const In& x) { return x[0].round_(1); };
    row.reference = elementwise([](double x) { return std::nearbyint(x * 10) / 10; });
    row.samples = {{numbers({2, 5}, -2, 2, 3, 0.001)}};
    row.gradient = false;
    row.dtypes = {kFloat};
    row.bad = {bad<TypeError>("undefined", [] { round(undefined, 1); }),
               bad<TypeError>("undefined self", [] { Tensor().round(1); }),
               bad<AutogradError>("leaf", [] { ones({2}).requires_grad_().round_(1); })};
    rows.push_back(row);
  }
  {
    Row row;
    row.name = "nan_to_num";
    row.function = [](const In& x) { return nan_to_num(x[0], 0.5, 2.0, -3.0); };
    row.method = [](const In& x) { return x[0].nan_to_num(0.5, 2.0, -3.0); };
    row.in_place = [](const In& x) { return x[0].nan_to_num_(0.5, 2.0, -3.0); };
    row.reference = elementwise([](double x) {
      return std::isnan(x) ? 0.5 : std::isinf(x) ? (x > 0 ? 2.0 : -3.0) : x;
    });
    row.samples = unary_samples();
    row.bad = {bad<TypeError>("undefined", [] { nan_to_num(undefined); }),
               bad<TypeError>("undefined self", [] { Tensor().nan_to_num(); }),
               bad<AutogradError>("leaf", [] { ones({2}).requires_grad_().nan_to_num_(); })};
    rows.push_back(row);
  }
  for (const std::string name : {"clamp", "clip"}) {
    Row row;
    row.name = name;
    const bool clamps = name == "clamp";
    row.function = [clamps](const In& x) { return clamps ? clamp(x[0], -0.7, 1.2) : clip(x[0], -0.7, 1.2); };
    row.method = [clamps](const In& x) { return clamps ? x[0].clamp(-0.7, 1.2) : x[0].clip(-0.7, 1.2); };
    row.in_place = [clamps](const In& x) { return clamps ? x[0].clamp_(-0.7, 1.2) : x[0].clip_(-0.7, 1.2); };
    row.reference = elementwise([](double x) { return std::min(std::max(x, -0.7), 1.2); });
    row.samples = unary_samples();
    row.bad = {bad<TypeError>("undefined", [] { clamp(undefined, 0, 1); }),
               bad<ValueError>("no bounds", [] { clamp(ones({2})); }),
               bad<AutogradError>("leaf", [] { ones({2}).requires_grad_().clamp_(0, 1); })};
    rows.push_back(row);
  }
  {
    Row row;
    row.name = "clamp_min";
    row.function = [](const In& x) { return clamp_min(x[0], 0.3); };
    row.method = [](const In& x) { return x[0].clamp_min(0.3); };
    row.in_place = [](const In& x) { return x[0].clamp_min_(0.3); };
    row.reference = elementwise([](double x) { return std::max(x, 0.3); });
    row.samples = unary_samples();
    row.bad = {bad<TypeError>("undefined", [] { clamp_min(undefined, 0); }),
               bad<AutogradError>("leaf", [] { ones({2}).requires_grad_().clamp_min_(0); }),
               bad<DtypeError>("float bound into integers", [] { ones({2}, kLong).clamp_min_(0.5); })};
    rows.push_back(row);
    row.name = "clamp_max";
    row.function = [](const In& x) { return clamp_max(x[0], 0.3); };
    row.method = [](const In& x) { return x[0].clamp_max(0.3); };
    row.in_place = [](const In& x) { return x[0].clamp_max_(0.3); };
    row.reference = elementwise([](double x) { return std::min(x, 0.3); });
    rows.push_back(row);
  }
}

void add_two_inputs(Rows& rows) {
  BINARY(add, a + b, -2, 2, -2, 2, row.integer_dtypes = kWhole);
  BINARY(sub, a - b, -2, 2, -2, 2, row.integer_dtypes = {kInt, kLong});
  BINARY(subtract, a - b, -2, 2, -2, 2);
  BINARY(mul, a * b, -2, 2, -2, 2, row.integer_dtypes = kWhole);
  BINARY(multiply, a * b, -2, 2, -2, 2);
  BINARY(div, a / b, -2, 2, 0.4, 2, row.integer_dtypes = {}; row.loss_of_precision = 2);
  BINARY(divide, a / b, -2, 2, 0.4, 2, row.loss_of_precision = 2);
  BINARY(true_divide, a / b, -2, 2, 0.4, 2, row.loss_of_precision = 2);
  BINARY(floor_divide, std::floor(a / b), -2, 2, 0.4, 2, row.dtypes = {kFloat});
  BINARY(remainder, python_mod(a, b), -2, 2, 0.6, 2, row.dtypes = {kFloat});
  BINARY(fmod, std::fmod(a, b), -2, 2, 0.6, 2, row.dtypes = {kFloat});
  BINARY(pow, std::pow(a, b), 0.4, 2, -2, 2, row.loss_of_precision = 4);
  BINARY(atan2, std::atan2(a, b), 0.2, 2, 0.2, 2);
  BINARY(hypot, std::hypot(a, b), 0.2, 2, 0.2, 2);
  BINARY(xlogy, a * std::log(b), 0.2, 2, 0.2, 2, row.loss_of_precision = 3);
  BINARY(heaviside, a > 0 ? 1 : a < 0 ? 0 : b, -2, 2, -2, 2, row.gradient = false);
  BINARY(copysign, std::copysign(a, b), -2, 2, -2, 2);
  BINARY(nextafter, std::nextafter(a, b), -2, 2, -2, 2, row.gradient = false; row.dtypes = {});
#define BINARY_NO_IN_PLACE(op, f)                                                                                   \
  do {                                                                                                              \
    Row row;                                                                                                        \
    row.name = #op;                                                                                                 \
    row.function = [](const In& x) { return op(x[0], x[1]); };                                                      \
    row.method = [](const In& x) { return x[0].op(x[1]); };                                                         \
    row.out = [](Tensor& out, const In& x) { return op##_out(out, x[0], x[1]); };                                   \
    row.reference = elementwise([](double a, double b) -> double { return f; });                                    \
    row.samples = binary_samples();                                                                                 \
    row.bad = {bad<TypeError>("undefined", [] { op(undefined, ones({2})); }),                                       \
               bad<TypeError>("undefined second", [] { op(ones({2}), undefined); }), bad<ShapeError>("shapes", [] { \
                 op(ones({2, 3}), ones({4}));                                                                       \
               })};                                                                                                 \
    rows.push_back(row);                                                                                            \
  } while (false)
  BINARY_NO_IN_PLACE(maximum, std::max(a, b));
  BINARY_NO_IN_PLACE(minimum, std::min(a, b));
  BINARY_NO_IN_PLACE(fmax, std::fmax(a, b));
  BINARY_NO_IN_PLACE(fmin, std::fmin(a, b));
  BINARY_NO_IN_PLACE(logaddexp, std::log(std::exp(a) + std::exp(b)));
  BINARY_NO_IN_PLACE(logaddexp2, std::log2(std::exp2(a) + std::exp2(b)));
#undef BINARY_NO_IN_PLACE
}

void add_numbers_and_variants(Rows& rows) {
  const auto refuse = [](const std::function<void(const Tensor&)>& f) {
    return std::vector<Bad>{bad<TypeError>("undefined", [f] { f(undefined); }),
                            bad<AutogradError>("leaf", [f] { f(ones({2}).requires_grad_()); }),
                            bad<DtypeError>("a float result into integers", [f] { f(ones({2}, kLong)); })};
  };
#define SCALAR(row_name, op, number, f)                                \
  do {                                                                 \
    Row row;                                                           \
    row.name = row_name;                                               \
    row.function = [](const In& x) { return op(x[0], number); };       \
    row.method = [](const In& x) { return x[0].op(number); };          \
    row.in_place = [](const In& x) { return x[0].op##_(number); };     \
    row.reference = elementwise([](double x) -> double { return f; }); \
    row.samples = unary_samples(0.3, 2);                               \
    row.loss_of_precision = 3;                                         \
    row.bad = refuse([](const Tensor& t) { t.op##_(number); });        \
    rows.push_back(row);                                               \
  } while (false)
  SCALAR("add.number", add, 1.25, x + 1.25);
  SCALAR("sub.number", sub, 1.25, x - 1.25);
  SCALAR("mul.number", mul, 1.25, x * 1.25);
  SCALAR("div.number", div, 1.25, x / 1.25);
  SCALAR("pow.number", pow, 2.5, std::pow(x, 2.5));
  SCALAR("fmod.number", fmod, 0.7, std::fmod(x, 0.7));
  SCALAR("remainder.number", remainder, 0.7, python_mod(x, 0.7));
  SCALAR("floor_divide.number", floor_divide, 0.7, std::floor(x / 0.7));
#undef SCALAR
  {
    Row row;
    row.name = "pow.base";
    row.function = [](const In& x) { return pow(Scalar(1.7), x[0]); };
    row.reference = elementwise([](double x) { return std::pow(1.7, x); });
    row.samples = unary_samples();
    row.loss_of_precision = 2;
    row.bad = {bad<TypeError>("undefined", [] { pow(Scalar(2), undefined); }),
               bad<ValueError>("negative power of integers", [] { pow(ones({2}, kLong), -1); }),
               bad<ValueError>("negative power of bytes", [] { pow(ones({2}, kByte), -2); })};
    rows.push_back(row);
  }
  {
    Row row;
    row.name = "add.alpha";
    row.function = [](const In& x) { return add(x[0], x[1], 2.5); };
    row.method = [](const In& x) { return x[0].add(x[1], 2.5); };
    row.in_place = [](const In& x) { return x[0].add_(x[1], 2.5); };
    row.reference = elementwise([](double a, double b) { return a + 2.5 * b; });
    row.samples = binary_samples();
    row.loss_of_precision = 3;
    row.bad = {bad<TypeError>("undefined", [] { add(undefined, ones({1}), 2); }),
               bad<ShapeError>("shapes", [] { add(ones({2}), ones({3}), 2); }),
               bad<DtypeError>("bool minus bool", [] { sub(ones({2}, kBool), ones({2}, kBool)); })};
    rows.push_back(row);
  }
  {
    Row row;
    row.name = "rsub";
    row.function = [](const In& x) { return rsub(x[0], x[1]); };
    row.method = [](const In& x) { return x[0].rsub(x[1]); };
    row.reference = elementwise([](double a, double b) { return b - a; });
    row.samples = binary_samples();
    row.bad = {bad<TypeError>("undefined", [] { rsub(undefined, ones({1})); }),
               bad<ShapeError>("shapes", [] { rsub(ones({2}), ones({3})); }),
               bad<DtypeError>("bool", [] { rsub(ones({2}, kBool), true); })};
    rows.push_back(row);
    row.name = "rsub.number";
    row.function = [](const In& x) { return rsub(x[0], 3); };
    row.method = [](const In& x) { return x[0].rsub(3); };
    row.reference = elementwise([](double a) { return 3 - a; });
    row.samples = unary_samples();
    rows.push_back(row);
  }
  for (const bool floor : {true, false}) {
    Row row;
    row.name = floor ? "div.floor" : "div.trunc";
    const char* mode = floor ? "floor" : "trunc";
    row.function = [mode](const In& x) { return div(x[0], x[1], mode); };
    row.method = [mode](const In& x) { return x[0].div(x[1], mode); };
    row.in_place = [mode](const In& x) { return x[0].div_(x[1], mode); };
    row.reference = floor ? elementwise([](double a, double b) { return std::floor(a / b); })
                          : elementwise([](double a, double b) { return std::trunc(a / b); });
    row.samples = binary_samples(-2, 2, 0.4, 2);
    row.dtypes = {kFloat};
    row.bad = {bad<ValueError>("mode", [] { div(ones({2}), ones({2}), "up"); }),
               bad<TypeError>("undefined", [] { div(undefined, ones({2}), "floor"); }),
               bad<ValueError>("integers by zero", [] { div(ones({2}, kLong), zeros({2}, kLong), "floor"); })};
    rows.push_back(row);
  }
  for (const bool gcd_row : {true, false}) {
    Row row;
    row.name = gcd_row ? "gcd" : "lcm";
    row.function = [gcd_row](const In& x) { return gcd_row ? gcd(x[0], x[1]) : lcm(x[0], x[1]); };
    row.method = [gcd_row](const In& x) { return gcd_row ? x[0].gcd(x[1]) : x[0].lcm(x[1]); };
    row.samples = {{tensor({12, 18, 0, 7}), tensor({8, 27, 5, -21})}};
    row.reference = [gcd_row](const In&) {
      return gcd_row ? tensor({4.0, 9.0, 5.0, 7.0}, kDouble) : tensor({24.0, 54.0, 0.0, 21.0}, kDouble);
    };
    row.gradient = false;
    row.dtypes = {};
    row.bad = {bad<TypeError>("undefined", [] { gcd(undefined, tensor({1})); }),
               bad<ShapeError>("shapes",
                               [] {
                                 lcm(tensor({1, 2}), tensor({1, 2, 3}));
                               }),
               bad<DtypeError>("floating", [] { gcd(ones({2}), ones({2})); })};
    rows.push_back(row);
  }
}

}  // namespace

void add_pointwise_rows(Rows& rows) {
  add_one_input(rows);
  add_more_of_one_input(rows);
  add_two_inputs(rows);
  add_numbers_and_variants(rows);
}

}  // namespace hearth::op_table
