// Rows of src/ops/reduce.cpp. References reduce by plain loops over the rows of a matrix.
#include <cmath>
#include <numeric>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;

/// A reduction along dim 1 of [n, m, k], from a function of the m values.
Function along_middle(std::function<double(const std::vector<double>&)> f) {
  return [f = std::move(f)](const In& in) {
    const Tensor x = in[0].to(kDouble).contiguous();
    const int64_t n = x.size(0), m = x.size(1), k = x.size(2);
    Tensor y = empty({n, k}, kDouble);
    for (int64_t i = 0; i < n; ++i)
      for (int64_t j = 0; j < k; ++j) {
        std::vector<double> values;
        for (int64_t r = 0; r < m; ++r) values.push_back(x.data_ptr<double>()[(i * m + r) * k + j]);
        y.data_ptr<double>()[i * k + j] = f(values);
      }
    return y;
  };
}
/// A scan along dim 1 of [n, m, k], from a function that turns the m values into m others.
Function scan_middle(void (*f)(std::vector<double>&)) {
  return [f](const In& in) {
    Tensor y = in[0].to(kDouble).contiguous().clone();
    const int64_t n = y.size(0), m = y.size(1), k = y.size(2);
    for (int64_t i = 0; i < n; ++i)
      for (int64_t j = 0; j < k; ++j) {
        std::vector<double> values;
        for (int64_t r = 0; r < m; ++r) values.push_back(y.data_ptr<double>()[(i * m + r) * k + j]);
        f(values);
        for (int64_t r = 0; r < m; ++r) y.data_ptr<double>()[(i * m + r) * k + j] = values[static_cast<size_t>(r)];
      }
    return y;
  };
}

using V = std::vector<double>;
double sum_of(const V& v) { return std::accumulate(v.begin(), v.end(), 0.0); }
double mean_of(const V& v) { return sum_of(v) / static_cast<double>(v.size()); }
double prod_of(const V& v) { return std::accumulate(v.begin(), v.end(), 1.0, std::multiplies<>()); }
double max_of(const V& v) { return *std::max_element(v.begin(), v.end()); }
double min_of(const V& v) { return *std::min_element(v.begin(), v.end()); }
double var_of(const V& v) {
  double s = 0;
  for (const double x : v) s += (x - mean_of(v)) * (x - mean_of(v));
  return s / static_cast<double>(v.size() - 1);
}
double norm_of(const V& v) {
  double s = 0;
  for (const double x : v) s += x * x;
  return std::sqrt(s);
}
double logsumexp_of(const V& v) {
  double s = 0;
  for (const double x : v) s += std::exp(x);
  return std::log(s);
}

std::vector<In> cubes(double low = -2, double high = 2) {
  return {{numbers({2, 3, 4}, low, high)}, {numbers({1, 5, 1}, low, high, 2)}, {numbers({3, 1, 2}, low, high, 3)}};
}

std::vector<Bad> refuse(const std::function<Tensor(const Tensor&, int64_t)>& f) {
  return {bad<TypeError>("undefined", [f] { f(undefined, 0); }),
          bad<IndexError>("dim too large",
                          [f] {
                            f(ones({2, 3}), 2);
                          }),
          bad<IndexError>("dim too small", [f] {
            f(ones({2, 3}), -3);
          })};
}

#define REDUCTION(row_name, op, f, ...)                                            \
  do {                                                                             \
    Row row;                                                                       \
    row.name = row_name;                                                           \
    row.function = [](const In& x) { return hearth::op(x[0], 1); };                \
    row.method = [](const In& x) { return x[0].op(1); };                           \
    row.reference = along_middle(f);                                               \
    row.samples = cubes();                                                         \
    row.loss_of_precision = 4;                                                     \
    row.bad = refuse([](const Tensor& t, int64_t d) { return hearth::op(t, d); }); \
    __VA_ARGS__;                                                                   \
    rows.push_back(row);                                                           \
  } while (false)

void add_sums(Rows& rows) {
  REDUCTION(
      "sum", sum, sum_of, row.integer_dtypes = {kByte, kInt, kLong};
      row.out = [](Tensor& out, const In& x) { return sum_out(out, x[0], 1); });
  REDUCTION("nansum", nansum, sum_of);
  REDUCTION("mean", mean, mean_of);
  REDUCTION("nanmean", nanmean, mean_of);
  REDUCTION("prod", prod, prod_of, row.integer_dtypes = {kLong});
  REDUCTION("amax", amax, max_of);
  REDUCTION("amin", amin, min_of);
  REDUCTION("logsumexp", logsumexp, logsumexp_of);
  for (const bool all : {true, false}) {
    Row row;
    row.name = all ? "sum.all" : "mean.all";
    row.function = [all](const In& x) { return all ? sum(x[0]) : mean(x[0]); };
    row.method = [all](const In& x) { return all ? x[0].sum() : x[0].mean(); };
    row.reference = [all](const In& x) {
      double s = 0;
      const Tensor d = x[0].to(kDouble).contiguous();
      for (int64_t i = 0; i < d.numel(); ++i) s += d.data_ptr<double>()[i];
      return full({}, all ? s : s / static_cast<double>(d.numel()), kDouble);
    };
    row.samples = {{numbers({2, 3, 4})}, {numbers({})}, {numbers({301})}};
    row.loss_of_precision = 10;
    row.bad = {bad<TypeError>("undefined", [all] { all ? sum(undefined) : mean(undefined); }),
               bad<DtypeError>("mean of integers", [] { mean(ones({2}, kLong)); }), bad<ValueError>("a dim twice", [] {
                 sum(ones({2, 3}), {0, 0});
               })};
    rows.push_back(row);
  }
  {
    Row row;
    row.name = "sum.dims";
    row.function = [](const In& x) { return sum(x[0], {0, -1}, true); };
    row.method = [](const In& x) { return x[0].sum({0, -1}, true); };
    row.reference = [](const In& x) { return x[0].sum(0).sum(1).reshape({1, x[0].size(1), 1}); };
    row.samples = cubes();
    row.loss_of_precision = 4;
    row.bad = refuse([](const Tensor& t, int64_t d) { return sum(t, {0, d}); });
    rows.push_back(row);
    row.name = "prod.all";
    row.function = [](const In& x) { return prod(x[0]); };
    row.method = [](const In& x) { return x[0].prod(); };
    row.samples = {{numbers({2, 3}, 0.5, 1.5)}, {tensor({1.5, 0.0, 2.0}, kDouble)}, {tensor({0.0, 0.0, 2.0}, kDouble)}};
    row.reference = [](const In& x) {
      double p = 1;
      for (int64_t i = 0; i < x[0].numel(); ++i) p *= x[0].reshape({-1})[i].item<double>();
      return full({}, p, kDouble);
    };
    row.bad = {bad<TypeError>("undefined", [] { prod(undefined); }),
               bad<TypeError>("undefined self", [] { Tensor().prod(); }),
               bad<IndexError>("dim", [] { prod(ones({2}), 1); })};
    rows.push_back(row);
  }
}

void add_extremes(Rows& rows) {
  for (const bool largest : {true, false}) {
    Row row;
    row.name = largest ? "max" : "min";
    row.function = [largest](const In& x) {
      return std::get<0>(largest ? hearth::max(x[0], 1) : hearth::min(x[0], 1));
    };
    row.method = [largest](const In& x) { return std::get<0>(largest ? x[0].max(1) : x[0].min(1)); };
    row.reference = along_middle(largest ? max_of : min_of);
    row.samples = cubes();
    row.bad = refuse(
        [largest](const Tensor& t, int64_t d) { return std::get<0>(largest ? hearth::max(t, d) : hearth::min(t, d)); });
    row.bad.push_back(bad<ShapeError>("empty", [largest] { largest ? ones({0}).max() : ones({0}).min(); }));
    rows.push_back(row);
    row.name += ".all";
    row.function = [largest](const In& x) { return largest ? hearth::max(x[0]) : hearth::min(x[0]); };
    row.method = [largest](const In& x) { return largest ? x[0].max() : x[0].min(); };
    row.samples = {{numbers({2, 3})}, {numbers({})}, {tensor({1.0, 3.0, 3.0, -2.0, -2.0}, kDouble)}};
    row.samples.pop_back();  // at a tie the slope is not the difference quotient's
    row.reference = [largest](const In& x) {
      const Tensor v = x[0].reshape({-1});
      double best = v[0].item<double>();
      for (int64_t i = 0; i < v.numel(); ++i)
        best = largest ? std::max(best, v[i].item<double>()) : std::min(best, v[i].item<double>());
      return full({}, best, kDouble);
    };
    rows.push_back(row);
    row.name = largest ? "argmax" : "argmin";
    row.function = [largest](const In& x) { return largest ? argmax(x[0], 1) : argmin(x[0], 1); };
    row.method = [largest](const In& x) { return largest ? x[0].argmax(1) : x[0].argmin(1); };
    row.reference = along_middle(
        largest ? [](const V& v) { return static_cast<double>(std::max_element(v.begin(), v.end()) - v.begin()); }
                : [](const V& v) { return static_cast<double>(std::min_element(v.begin(), v.end()) - v.begin()); });
    row.samples = cubes();
    row.gradient = false;
    row.bad = refuse([largest](const Tensor& t, int64_t d) { return largest ? argmax(t, d) : argmin(t, d); });
    rows.push_back(row);
  }
  Row row;
  row.name = "aminmax";
  row.function = [](const In& x) {
    const auto [low, high] = aminmax(x[0], 1);
    return join({low, high});
  };
  row.reference = [](const In& x) { return join({along_middle(min_of)(x), along_middle(max_of)(x)}); };
  row.samples = cubes();
  row.bad = refuse([](const Tensor& t, int64_t d) { return std::get<0>(aminmax(t, d)); });
  rows.push_back(row);
}

void add_truths(Rows& rows) {
  for (const bool all_row : {true, false}) {
    Row row;
    row.name = all_row ? "all" : "any";
    row.function = [all_row](const In& x) { return all_row ? all(x[0].gt(0), 1) : any(x[0].gt(0), 1); };
    row.method = [all_row](const In& x) { return all_row ? x[0].gt(0).all(1) : x[0].gt(0).any(1); };
    row.reference = along_middle(all_row ? [](const V& v) { return min_of(v) > 0 ? 1.0 : 0.0; }
                                         : [](const V& v) { return max_of(v) > 0 ? 1.0 : 0.0; });
    row.samples = cubes();
    row.gradient = false;
    row.bad = refuse([all_row](const Tensor& t, int64_t d) { return all_row ? all(t, d) : any(t, d); });
    rows.push_back(row);
  }
  Row row;
  row.name = "count_nonzero";
  row.function = [](const In& x) { return count_nonzero(x[0].gt(0), 1); };
  row.reference = along_middle([](const V& v) {
    return static_cast<double>(std::count_if(v.begin(), v.end(), [](double x) { return x > 0; }));
  });
  row.samples = cubes();
  row.gradient = false;
  row.bad = refuse([](const Tensor& t, int64_t d) { return count_nonzero(t, d); });
  rows.push_back(row);
  row.name = "count_nonzero.optional";
  row.function = [](const In& x) { return count_nonzero(x[0].gt(0), std::optional<int64_t>(1)); };
  row.bad = refuse([](const Tensor& t, int64_t d) { return count_nonzero(t, std::optional<int64_t>(d)); });
  rows.push_back(row);
}

void add_spreads(Rows& rows) {
  for (const bool root : {false, true}) {
    Row row;
    row.name = root ? "std" : "var";
    row.function = [root](const In& x) { return root ? hearth::std(x[0], 1, true) : hearth::var(x[0], 1, true); };
    row.method = [root](const In& x) { return root ? x[0].std(1, true) : x[0].var(1, true); };
    row.reference = along_middle(root ? [](const V& v) { return std::sqrt(var_of(v)); } : var_of);
    row.samples = {{numbers({2, 3, 4})}, {numbers({1, 5, 1}, -2, 2, 2)}};
    row.loss_of_precision = 6;
    row.bad =
        refuse([root](const Tensor& t, int64_t d) { return root ? hearth::std(t, d, true) : hearth::var(t, d, true); });
    row.bad.push_back(bad<DtypeError>("integers", [] { hearth::var(ones({2}, kLong)); }));
    rows.push_back(row);
    for (const int64_t less : {int64_t{3}, -std::numeric_limits<int64_t>::max() - 1}) {
      Row other = row;
      other.name += less > 0 ? ".correction" : ".extreme_correction";
      other.function = [root, less](const In& x) {
        return root ? hearth::std(x[0], 1, std::optional(less)) : hearth::var(x[0], 1, std::optional(less));
      };
      other.method = nullptr;
      other.reference = along_middle([root, less](const V& v) {
        const double n = static_cast<double>(v.size()), var = var_of(v) * (n - 1) / (n - static_cast<double>(less));
        return root ? std::sqrt(var) : var;
      });
      other.samples = {{numbers({2, 5, 4})}};
      rows.push_back(other);
    }
    row.name = root ? "std_mean" : "var_mean";
    row.function = [root](const In& x) {
      const auto [spread, mean] = root ? std_mean(x[0], 1, true) : var_mean(x[0], 1, true);
      return join({spread, mean});
    };
    row.method = nullptr;
    row.reference = [root](const In& x) {
      return join(
          {along_middle(root ? [](const V& v) { return std::sqrt(var_of(v)); } : var_of)(x), along_middle(mean_of)(x)});
    };
    rows.push_back(row);
  }
  {
    Row row;
    row.name = "norm";
    row.function = [](const In& x) { return norm(x[0], 2, 1, false); };
    row.method = [](const In& x) { return x[0].norm(2, 1, false); };
    row.reference = along_middle(norm_of);
    row.samples = cubes();
    row.loss_of_precision = 4;
    row.bad = refuse([](const Tensor& t, int64_t d) { return norm(t, 2, d); });
    rows.push_back(row);
    row.name = "norm.orders";
    row.function = [](const In& x) {
      return join({norm(x[0], 1, 1), norm(x[0], 3, 1), norm(x[0], 0.5, 1), norm(x[0], INFINITY, 1)});
    };
    row.method = nullptr;
    row.reference = [](const In& x) {
      const Tensor a = x[0].abs();
      return join({a.sum(1), a.pow(3).sum(1).pow(1.0 / 3), a.sqrt().sum(1).square(), a.amax(1)});
    };
    row.samples = {{numbers({2, 3, 4}, 0.2, 2)}};
    row.tolerance = 1e-10;
    row.loss_of_precision = 10;
    rows.push_back(row);
    row.name = "dist";
    row.function = [](const In& x) { return dist(x[0], x[1]); };
    row.method = [](const In& x) { return x[0].dist(x[1]); };
    row.reference = [](const In& x) { return (x[0] - x[1]).square().sum().sqrt(); };
    row.samples = {{numbers({2, 3}), numbers({2, 3}, -2, 2, 2)}, {numbers({2, 3}), numbers({3}, -2, 2, 2)}};
    row.bad = {bad<TypeError>("undefined", [] { dist(undefined, ones({1})); }),
               bad<ShapeError>("shapes", [] { dist(ones({2}), ones({3})); }),
               bad<DtypeError>("integers", [] { dist(ones({2}, kLong), ones({2}, kLong)); })};
    rows.push_back(row);
  }
}

#define SCAN(row_name, op, f, ...)                                                 \
  do {                                                                             \
    Row row;                                                                       \
    row.name = row_name;                                                           \
    row.function = [](const In& x) { return hearth::op(x[0], 1); };                \
    row.method = [](const In& x) { return x[0].op(1); };                           \
    row.reference = scan_middle(f);                                                \
    row.samples = cubes();                                                         \
    row.loss_of_precision = 5;                                                     \
    row.bad = refuse([](const Tensor& t, int64_t d) { return hearth::op(t, d); }); \
    __VA_ARGS__;                                                                   \
    rows.push_back(row);                                                           \
  } while (false)

void add_scans(Rows& rows) {
  SCAN(
      "cumsum", cumsum, [](V& v) { std::partial_sum(v.begin(), v.end(), v.begin()); },
      row.in_place = [](const In& x) { return x[0].cumsum_(1); });
  SCAN("cumprod", cumprod, [](V& v) { std::partial_sum(v.begin(), v.end(), v.begin(), std::multiplies<>()); });
  SCAN("logcumsumexp", logcumsumexp, [](V& v) {
    double s = 0;
    for (double& x : v) x = std::log(s += std::exp(x));
  });
  SCAN("softmax", softmax, [](V& v) {
    const double s = std::exp(logsumexp_of(v));
    for (double& x : v) x = std::exp(x) / s;
  });
  SCAN("log_softmax", log_softmax, [](V& v) {
    const double s = logsumexp_of(v);
    for (double& x : v) x -= s;
  });
  for (const bool largest : {true, false}) {
    Row row;
    row.name = largest ? "cummax" : "cummin";
    row.function = [largest](const In& x) { return std::get<0>(largest ? cummax(x[0], 1) : cummin(x[0], 1)); };
    row.method = [largest](const In& x) { return std::get<0>(largest ? x[0].cummax(1) : x[0].cummin(1)); };
    row.reference = scan_middle(largest ? [](V& v) {
      for (size_t i = 1; i < v.size(); ++i) v[i] = std::max(v[i], v[i - 1]);
    }
                                        : [](V& v) {
                                            for (size_t i = 1; i < v.size(); ++i) v[i] = std::min(v[i], v[i - 1]);
                                          });
    row.samples = cubes();
    row.bad =
        refuse([largest](const Tensor& t, int64_t d) { return std::get<0>(largest ? cummax(t, d) : cummin(t, d)); });
    rows.push_back(row);
  }
}

}  // namespace

void add_reduce_rows(Rows& rows) {
  add_sums(rows);
  add_extremes(rows);
  add_truths(rows);
  add_spreads(rows);
  add_scans(rows);
}

}  // namespace hearth::op_table
