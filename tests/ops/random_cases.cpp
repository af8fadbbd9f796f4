// Rows of src/ops/random.cpp: what is drawn can only be held against its own repetition and its distribution;
// tests/backend/random_test.cpp holds the generator's numbers against PyTorch's.
#include <cmath>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

/// The same numbers each time.
template <class F>
Function seeded(F f) {
  return [f](const In& x) {
    manual_seed(7);
    return f(x);
  };
}

/// Whether `t`'s mean is what it should be, as a 0-dim tensor of 1.
Tensor mean_is(const Tensor& t, double expected, double tolerance) {
  return full({}, std::abs(t.to(kDouble).mean().item<double>() - expected) < tolerance ? 1.0 : 0.0, kDouble);
}

void add_fill(Rows& rows, const std::string& name, const std::function<void(Tensor&)>& draw, double mean,
              double tolerance, std::vector<Bad> refused) {
  Row row;
  row.name = name;
  row.function = seeded([draw, mean, tolerance](const In&) {
    Tensor t = empty({4000});
    draw(t);
    return mean_is(t, mean, tolerance);
  });
  row.reference = [](const In&) { return full({}, 1.0, kDouble); };
  row.samples = {{numbers({2})}};
  row.gradient = false;
  row.dtypes = {};
  row.bad = std::move(refused);
  rows.push_back(row);
}

}  // namespace

void add_random_rows(Rows& rows) {
  const auto leaf = [](auto f) { return bad<AutogradError>("leaf", [f] { f(ones({2}).requires_grad_()); }); };
  add_fill(rows, "uniform_", [](Tensor& t) { t.uniform_(1, 3); }, 2, 0.05,
           {ON(ValueError, "range", ones({2}).uniform_(1, 0)), ON(DtypeError, "integers", ones({2}, kLong).uniform_()),
            leaf([](const Tensor& t) { t.uniform_(); })});
  add_fill(rows, "normal_", [](Tensor& t) { t.normal_(2, 0.5); }, 2, 0.05,
           {ON(ValueError, "std", ones({2}).normal_(0, -1)), ON(DtypeError, "integers", ones({2}, kLong).normal_()),
            leaf([](const Tensor& t) { t.normal_(); })});
  add_fill(
      rows, "exponential_", [](Tensor& t) { t.exponential_(0.5); }, 2, 0.15,
      {ON(ValueError, "rate", ones({2}).exponential_(0)), ON(DtypeError, "integers", ones({2}, kLong).exponential_()),
       leaf([](const Tensor& t) { t.exponential_(); })});
  // The Cauchy distribution has a median and no mean; the other's mean is e^(mean + std^2 / 2).
  add_fill(rows, "cauchy_", [](Tensor& t) { t = t.cauchy_(2, 0.5).median().reshape({1}); }, 2, 0.05,
           {ON(ValueError, "sigma", ones({2}).cauchy_(0, 0)), ON(DtypeError, "integers", ones({2}, kLong).cauchy_()),
            leaf([](const Tensor& t) { t.cauchy_(); })});
  add_fill(
      rows, "log_normal_", [](Tensor& t) { t.log_normal_(0, 0.5); }, std::exp(0.125), 0.05,
      {ON(ValueError, "std", ones({2}).log_normal_(0, -1)), ON(DtypeError, "integers", ones({2}, kLong).log_normal_()),
       leaf([](const Tensor& t) { t.log_normal_(); })});
  add_fill(rows, "geometric_", [](Tensor& t) { t = t.to(kLong).geometric_(0.25); }, 4, 0.2,
           {ON(ValueError, "p", ones({2}).geometric_(1)), ON(DtypeError, "bools", ones({2}, kBool).geometric_(0.5)),
            leaf([](const Tensor& t) { t.geometric_(0.5); })});
  add_fill(rows, "poisson", [](Tensor& t) { t = poisson(full({4000}, 3.5)); }, 3.5, 0.1,
           {ON(ValueError, "negative", poisson(-ones({2}))), ON(DtypeError, "integers", poisson(ones({2}, kLong))),
            ON(TypeError, "undefined", poisson(undefined))});
  add_fill(rows, "binomial", [](Tensor& t) { t = binomial(full({4000}, 20.0), full({1}, 0.7)); }, 14, 0.1,
           {ON(ValueError, "probability", binomial(ones({2}), ones({2}) * 2)),
            ON(ValueError, "count", binomial(-ones({2}), ones({2}))),
            ON(DtypeError, "dtypes", binomial(ones({2}, kDouble), ones({2}))),
            ON(ShapeError, "shapes", binomial(ones({2}), ones({3})))});
  add_fill(rows, "random_", [](Tensor& t) { t.random_(2, 5); }, 3, 0.06,
           {ON(ValueError, "range", ones({2}).random_(5, 5)), ON(ValueError, "empty", ones({2}).random_(0)),
            leaf([](const Tensor& t) { t.random_(); })});
  add_fill(rows, "bernoulli_", [](Tensor& t) { t.bernoulli_(0.3); }, 0.3, 0.03,
           {ON(ValueError, "p", ones({2}).bernoulli_(1.5)), ON(ValueError, "negative", ones({2}).bernoulli_(-0.1)),
            leaf([](const Tensor& t) { t.bernoulli_(); })});
  add_fill(rows, "bernoulli", [](Tensor& t) { t = bernoulli(full({4000}, 0.3)); }, 0.3, 0.03,
           {ON(ValueError, "p", bernoulli(ones({2}) * 2)), ON(DtypeError, "integers", bernoulli(ones({2}, kLong))),
            ON(ValueError, "number", bernoulli(ones({2}), -1.0))});
  add_fill(
      rows, "multinomial",
      [](Tensor& t) {
        t = multinomial(tensor({0.5, 0.0, 0.5}), 4000, true).to(kFloat);
      },
      1, 0.05,
      {ON(ValueError, "too many", multinomial(ones({2}), 3)), ON(ValueError, "negative", multinomial(-ones({2}), 1)),
       ON(ShapeError, "dims", multinomial(ones({2, 2, 2}), 1)),
       ON(ValueError, "all zero", multinomial(zeros({2}), 1))});
  for (const bool channels : {false, true}) {
    Row row;
    row.name = channels ? "feature_dropout" : "dropout";
    row.function = seeded(
        [channels](const In& x) { return channels ? feature_dropout(x[0], 0.4, true) : dropout(x[0], 0.4, true); });
    // The mask is found by dropping ones with the same seed.
    row.reference = seeded([channels](const In& x) {
      const Tensor one = ones_like(x[0]);
      return x[0].to(kDouble) * (channels ? feature_dropout(one, 0.4, true) : dropout(one, 0.4, true)).to(kDouble);
    });
    row.samples = {{numbers({3, 5})}, {numbers({2, 3, 7})}};
    row.in_place = seeded(
        [channels](const In& x) { return channels ? feature_dropout_(x[0], 0.4, true) : dropout_(x[0], 0.4, true); });
    row.dtypes = {kFloat};
    row.bad = {bad<ValueError>("p",
                               [channels] {
                                 channels ? feature_dropout(ones({2, 2}), 1.5, true) : dropout(ones({2}), 1.5, true);
                               }),
               bad<TypeError>(
                   "undefined",
                   [channels] { channels ? feature_dropout(undefined, 0.5, true) : dropout(undefined, 0.5, true); }),
               channels ? ON(ShapeError, "dims", feature_dropout(ones({2}), 0.5, true))
                        : ON(DtypeError, "integers", dropout(ones({2}, kLong), 0.5, true))};
    rows.push_back(row);
  }
}

}  // namespace hearth::op_table
