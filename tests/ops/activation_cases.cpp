// Rows of src/ops/activation.cpp.
#include <cmath>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;

double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }
double softplus_of(double x) { return std::log1p(std::exp(x)); }
double gelu_of(double x) { return x / 2 * std::erfc(-x * std::sqrt(0.5)); }
double gelu_tanh_of(double x) {
  return x / 2 * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * (x + 0.044715 * x * x * x)));
}
double selu_of(double x) { return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * std::expm1(x)); }

/// Every form of `call`, a call on `t` without its name's suffix: in place and method where they are there.
struct Forms {
  Function function, method, in_place;
};

void add(Rows& rows, const std::string& name, const Forms& forms, double (*reference)(double), bool second = true,
         std::vector<Bad> more = {}) {
  Row row;
  row.name = name;
  row.function = forms.function;
  row.method = forms.method;
  row.in_place = forms.in_place;
  row.reference = elementwise(reference);
  row.samples = unary_samples(-4, 4);
  row.second = second;
  row.loss_of_precision = 2;
  row.bad = {bad<TypeError>("undefined", [f = forms.function] { f({undefined}); }),
             bad<TypeError>("undefined self", [f = forms.method] { f({undefined}); })};
  if (forms.in_place)
    row.bad.push_back(bad<AutogradError>("leaf", [f = forms.in_place] { f({ones({2}).requires_grad_()}); }));
  row.bad.insert(row.bad.end(), more.begin(), more.end());
  rows.push_back(row);
}

#define FORMS(call)                                            \
  Forms {                                                      \
    [](const In& x) { return hearth::call; }, nullptr, nullptr \
  }
#define ALL(op, ...)                                                                                          \
  Forms {                                                                                                     \
    [](const In& x) { return hearth::op(x[0] __VA_OPT__(, ) __VA_ARGS__); },                                  \
        [](const In& x) { return x[0].op(__VA_ARGS__); }, [](const In& x) { return x[0].op##_(__VA_ARGS__); } \
  }
#define NO_IN_PLACE(op, ...)                                                 \
  Forms {                                                                    \
    [](const In& x) { return hearth::op(x[0] __VA_OPT__(, ) __VA_ARGS__); }, \
        [](const In& x) { return x[0].op(__VA_ARGS__); }, nullptr            \
  }

std::vector<Bad> also(Bad b) { return {std::move(b)}; }

}  // namespace

void add_activation_rows(Rows& rows) {
  add(rows, "relu", ALL(relu), [](double x) { return std::max(x, 0.0); });
  add(rows, "relu6", ALL(relu6), [](double x) { return std::min(std::max(x, 0.0), 6.0); });
  add(rows, "sigmoid", ALL(sigmoid), sigmoid_of);
  add(rows, "tanh", ALL(tanh), [](double x) { return std::tanh(x); });
  add(rows, "gelu", ALL(gelu), gelu_of);
  add(rows, "gelu.tanh", ALL(gelu, "tanh"), gelu_tanh_of, true,
      also(bad<ValueError>("approximate", [] { gelu(ones({2}), "cubic"); })));
  add(rows, "silu", ALL(silu), [](double x) { return x * sigmoid_of(x); });
  add(rows, "mish", ALL(mish), [](double x) { return x * std::tanh(softplus_of(x)); });
  add(rows, "softplus", NO_IN_PLACE(softplus), softplus_of, true,
      also(bad<TypeError>("undefined with beta", [] { softplus(undefined, 2); })));
  add(
      rows, "softplus.beta", NO_IN_PLACE(softplus, 2, 3),
      [](double x) { return 2 * x > 3 ? x : softplus_of(2 * x) / 2; }, true,
      also(bad<TypeError>("undefined with beta", [] { softplus(undefined, 2); })));
  add(rows, "elu", ALL(elu, 1.3, 0.9, 1.1), [](double x) { return 0.9 * (x > 0 ? x : 1.3 * std::expm1(1.1 * x)); });
  add(
      rows, "celu", ALL(celu, 1.4), [](double x) { return x > 0 ? x : 1.4 * std::expm1(x / 1.4); }, true,
      also(bad<ValueError>("alpha 0", [] { celu(ones({2}), 0); })));
  add(rows, "selu", ALL(selu), selu_of);
  add(rows, "leaky_relu", ALL(leaky_relu, 0.2), [](double x) { return x > 0 ? x : 0.2 * x; });
  add(
      rows, "hardtanh", ALL(hardtanh, -0.7, 1.2), [](double x) { return std::min(std::max(x, -0.7), 1.2); }, true,
      also(bad<ValueError>("bounds", [] { hardtanh(ones({2}), 1, -1); })));
  add(rows, "hardsigmoid", ALL(hardsigmoid), [](double x) { return std::min(std::max(x + 3, 0.0), 6.0) / 6; });
  add(rows, "hardswish", ALL(hardswish), [](double x) { return x * std::min(std::max(x + 3, 0.0), 6.0) / 6; });
  add(
      rows, "softsign", NO_IN_PLACE(softsign), [](double x) { return x / (1 + std::abs(x)); }, true,
      also(bad<TypeError>("undefined again", [] { softsign(undefined); })));
  add(
      rows, "log_sigmoid", NO_IN_PLACE(log_sigmoid), [](double x) { return -softplus_of(-x); }, true,
      also(bad<TypeError>("undefined again", [] { log_sigmoid(undefined); })));
  add(
      rows, "hardshrink", NO_IN_PLACE(hardshrink, 0.6), [](double x) { return std::abs(x) > 0.6 ? x : 0; }, true,
      also(bad<TypeError>("undefined again", [] { hardshrink(undefined); })));
  add(
      rows, "softshrink", NO_IN_PLACE(softshrink, 0.6),
      [](double x) { return x > 0.6    ? x - 0.6
                            : x < -0.6 ? x + 0.6
                                       : 0; }, true,
      also(bad<ValueError>("negative", [] { softshrink(ones({2}), -1); })));
  add(rows, "threshold", ALL(threshold, 0.3, -1.5), [](double x) { return x > 0.3 ? x : -1.5; });
  {
    Row row;
    row.name = "prelu";
    row.function = [](const In& x) { return prelu(x[0], x[1]); };
    row.method = [](const In& x) { return x[0].prelu(x[1]); };
    row.samples = {{numbers({2, 3, 4}), numbers({3}, 0.1, 0.4)}, {numbers({5}), numbers({1}, 0.1, 0.4)}};
    row.reference = [](const In& x) {
      const Tensor w = x[1].numel() == 1 ? x[1] : x[1].reshape({3, 1});
      return x[0].clamp_min(0) + w * x[0].clamp_max(0);
    };
    row.bad = {bad<TypeError>("undefined weight",
                              [] {
                                prelu(ones({2, 3}), undefined);
                              }),
               bad<TypeError>("undefined", [] { prelu(undefined, ones({1})); }),
               bad<DtypeError>("integers", [] { prelu(ones({2}, kLong), ones({1})); }), bad<ShapeError>("weights", [] {
                 prelu(ones({2, 3}), ones({4}));
               })};
    rows.push_back(row);
  }
  {
    Row row;
    row.name = "glu";
    row.function = [](const In& x) { return glu(x[0], 1); };
    row.method = [](const In& x) { return x[0].glu(1); };
    row.samples = {{numbers({2, 4})}, {numbers({3, 2, 2})}};
    row.reference = [](const In& x) {
      const auto halves = x[0].chunk(2, 1);
      return halves[0] / ((-halves[1]).exp() + 1);
    };
    row.bad = {bad<TypeError>("undefined", [] { glu(undefined); }),
               bad<ShapeError>("odd",
                               [] {
                                 glu(ones({2, 3}), 1);
                               }),
               bad<IndexError>("dim", [] {
                 glu(ones({2, 4}), 2);
               })};
    rows.push_back(row);
  }
}

}  // namespace hearth::op_table
