// Rows of src/ops/search.cpp, src/ops/unique.cpp and src/ops/scatter_reduce.cpp.
#include <algorithm>
#include <cmath>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

std::vector<double> values(const Tensor& t) {
  const Tensor x = t.detach().to(kDouble).contiguous();
  return {x.data_ptr<double>(), x.data_ptr<double>() + x.numel()};
}
Tensor from(const std::vector<double>& v) { return tensor(v, kDouble); }
Tensor counts() { return tensor({1, 3, 1, 0, 3, 3}); }

Row plain(const char* name, Function function, Function reference, std::vector<In> samples, std::vector<Bad> bad) {
  Row row;
  row.name = name;
  row.function = std::move(function);
  row.reference = std::move(reference);
  row.samples = std::move(samples);
  row.bad = std::move(bad);
  row.gradient = false;
  return row;
}

void add_counting(Rows& rows) {
  Row row = plain(
      "bincount", [](const In& x) { return bincount(counts(), x[0], 5); },
      [](const In& x) {
        const auto w = values(x[0]);
        return from({w[3], w[0] + w[2], 0, w[1] + w[4] + w[5], 0});
      },
      {{numbers({6})}},
      {ON(DtypeError, "floats", bincount(ones({2}))), ON(ValueError, "negative", bincount(tensor({-1}))),
       ON(ShapeError, "matrix", bincount(ones({2, 2}, kLong))),
       ON(ShapeError, "weights", bincount(counts(), ones({2}))),
       ON(ValueError, "minlength", bincount(counts(), {}, -1))});
  row.method = [](const In& x) { return counts().bincount(x[0], 5); };
  row.dtypes = {kFloat};
  rows.push_back(row);
  row.name = "bincount.plain";
  row.function = [](const In& x) { return x[0].numel() ? bincount(counts()) : Tensor(); };
  row.method = nullptr;
  row.reference = [](const In&) { return from({1, 2, 0, 3}); };
  rows.push_back(row);
  row = plain(
      "histc", [](const In& x) { return histc(x[0], 4, -2, 2); },
      [](const In& x) {
        std::vector<double> bins(4);
        for (const double v : values(x[0]))
          if (v >= -2 && v <= 2) ++bins[static_cast<size_t>(std::min(3.0, std::floor(v + 2)))];
        return from(bins);
      },
      {{numbers({30}, -3, 3)}, {from({-2, 2, 0, 1, 5})}},
      {ON(DtypeError, "integers", histc(tensor({1}))), ON(ValueError, "bins", histc(ones({2}), 0)),
       ON(ValueError, "range", histc(ones({2}), 4, 3, 1)), ON(ValueError, "infinite", histc(full({2}, INFINITY), 4))});
  row.method = [](const In& x) { return x[0].histc(4, -2, 2); };
  row.out = [](Tensor& out, const In& x) { return histc_out(out, x[0], 4, -2, 2); };
  row.dtypes = {kFloat};
  rows.push_back(row);
  row = plain(
      "histogram",
      [](const In& x) {
        return std::get<0>(histogram(x[0], from({-2, 0, 0.5, 2}).to(x[0].scalar_type()), x[1], true));
      },
      [](const In& x) {
        const double edges[] = {-2, 0, 0.5, 2};
        std::vector<double> bins(3);
        const auto v = values(x[0]), w = values(x[1]);
        double total = 0;
        for (size_t i = 0; i < v.size(); ++i)
          for (size_t b = 0; b < 3; ++b)
            if (v[i] >= edges[b] && (v[i] < edges[b + 1] || (b == 2 && v[i] <= 2))) {
              bins[b] += w[i];
              total += w[i];
            }
        for (size_t b = 0; b < 3; ++b) bins[b] /= total * (edges[b + 1] - edges[b]);
        return from(bins);
      },
      {{numbers({30}, -3, 3), numbers({30}, 0.5, 1.5, 3)}},
      {ON(DtypeError, "integers", histogram(tensor({1}), 4)), ON(ShapeError, "edges", histogram(ones({2}), ones({1}))),
       ON(ValueError, "bins", histogram(ones({2}), 0)), ON(ValueError, "bins", histogram(ones({2}), INT64_MAX)),
       ON(ShapeError, "weight", histogram(ones({2}), 4, std::nullopt, ones({3})))});
  row.method = [](const In& x) {
    return std::get<0>(x[0].histogram(from({-2, 0, 0.5, 2}).to(x[0].scalar_type()), x[1], true));
  };
  row.dtypes = {kFloat};
  rows.push_back(row);
}

void add_finding(Rows& rows) {
  const auto search = [](bool right) {
    return [right](const In& x) {
      const auto s = values(x[0]), v = values(x[1]);
      std::vector<double> at;
      for (const double q : v)
        at.push_back(
            static_cast<double>(std::count_if(s.begin(), s.end(), [&](double e) { return right ? e <= q : e < q; })));
      return from(at).reshape(x[1].sizes());
    };
  };
  const Tensor sorted = from({-2, -1, -1, 0, 0.5, 3}), query = from({-3, -2, -1, 0.2, 0.5, 4}).reshape({2, 3});
  Row row =
      plain("searchsorted", [](const In& x) { return searchsorted(x[0], x[1]); }, search(false), {{sorted, query}},
            {ON(ShapeError, "shapes", searchsorted(ones({2, 3}), ones({3, 3}))),
             ON(ValueError, "side", searchsorted(ones({2}), ones({2}), false, false, "up")),
             ON(ValueError, "contradiction", searchsorted(ones({2}), ones({2}), false, true, "left")),
             ON(ShapeError, "sorter", searchsorted(ones({2}), ones({2}), false, false, {}, tensor({0}))),
             ON(TypeError, "undefined", searchsorted(undefined, ones({1})))});
  row.out = [](Tensor& out, const In& x) { return searchsorted_out(out, x[0], x[1]); };
  row.integer_dtypes = {};
  rows.push_back(row);
  row.name = "searchsorted.right";
  row.out = nullptr;
  row.function = [](const In& x) {
    return searchsorted(x[0].flip(0), x[1], true, false, "right", tensor({5, 4, 3, 2, 1, 0}));
  };
  row.reference = search(true);
  rows.push_back(row);
  row.name = "searchsorted.rows";
  row.function = [](const In& x) { return searchsorted(stack({x[0], x[0] * 2}), x[1]); };
  row.reference = [search](const In& x) {
    return cat({search(false)({x[0], x[1].narrow(0, 0, 1)}), search(false)({x[0] * 2, x[1].narrow(0, 1, 1)})});
  };
  rows.push_back(row);
  row.name = "bucketize";
  row.function = [](const In& x) { return bucketize(x[1], x[0], false, true); };
  row.reference = search(true);
  row.out = [](Tensor& out, const In& x) { return bucketize_out(out, x[1], x[0], false, true); };
  row.bad = {ON(ShapeError, "matrix", bucketize(ones({2}), ones({2, 2}))),
             ON(TypeError, "undefined", bucketize(undefined, ones({2}))),
             ON(TypeError, "undefined boundaries", bucketize(ones({2}), undefined))};
  rows.push_back(row);
  row = plain(
      "isin", [](const In& x) { return isin(x[0], x[1]); },
      [](const In& x) {
        const auto test = values(x[1]);
        std::vector<double> found;
        for (const double v : values(x[0])) found.push_back(std::count(test.begin(), test.end(), v) > 0);
        return from(found);
      },
      {{from({1, 2, 3, NAN, 2}), from({2, 5, NAN})}, {from({1}), empty({0}, kDouble)}},
      {ON(TypeError, "undefined", isin(undefined, ones({1}))),
       ON(TypeError, "undefined test", isin(ones({1}), undefined)),
       ON(TypeError, "undefined against a number", isin(undefined, 1))});
  row.out = [](Tensor& out, const In& x) { return isin_out(out, x[0], x[1]); };
  row.integer_dtypes = {kLong};
  row.samples = {{from({1, 2, 3, 2}), from({2, 5})}, {from({1}), empty({0}, kDouble)}};
  rows.push_back(row);
}

/// Of each row of a matrix, by f of its sorted values.
template <class F>
Function by_row(F f) {
  return [f](const In& x) {
    std::vector<double> out;
    for (int64_t i = 0; i < x[0].size(0); ++i) {
      auto v = values(x[0][i]);
      std::sort(v.begin(), v.end());
      out.push_back(f(v));
    }
    return from(out);
  };
}
double quantile_at(const std::vector<double>& v, double q) {
  const double rank = q * (static_cast<double>(v.size()) - 1), low = std::floor(rank);
  const auto i = static_cast<size_t>(low);
  return i + 1 < v.size() ? v[i] + (rank - low) * (v[i + 1] - v[i]) : v[i];
}

void add_order(Rows& rows) {
  const std::vector<Bad> mode_bad = {ON(ShapeError, "empty", mode(ones({2, 0}), 1)),
                                     ON(IndexError, "dim", mode(ones({2}), 3)),
                                     ON(TypeError, "undefined", mode(undefined))};
  Row row = plain(
      "mode", [](const In& x) { return std::get<0>(mode(x[0].round(), 1)); }, by_row([](std::vector<double> v) {
        double best = 0;
        int64_t most = 0;
        for (double& e : v) e = std::nearbyint(e);
        for (const double e : v)
          if (const auto n = std::count(v.begin(), v.end(), e); n > most) {
            most = n;
            best = e;
          }
        return best;
      }),
      {{numbers({3, 9})}, {numbers({2, 1})}}, mode_bad);
  row.method = [](const In& x) { return std::get<0>(x[0].round().mode(1)); };
  rows.push_back(row);
  row = plain("nanmedian",
              [](const In& x) {
                return std::get<0>(nanmedian(cat({x[0], full({x[0].size(0), 2}, NAN, x[0].options())}, 1), 1));
              },
              by_row([](const std::vector<double>& v) { return v[(v.size() - 1) / 2]; }),
              {{numbers({3, 5})}, {numbers({2, 4})}},
              {ON(ShapeError, "empty", nanmedian(ones({2, 0}), 1)), ON(IndexError, "dim", nanmedian(ones({2}), 3)),
               ON(TypeError, "undefined", nanmedian(undefined))});
  row.gradient = true;
  row.layouts = true;
  rows.push_back(row);
  for (const bool nan : {false, true}) {
    row = plain(
        nan ? "nanquantile" : "quantile",
        [nan](const In& x) {
          const Tensor q = tensor({0.3, 0.8}, kDouble).to(x[0].scalar_type());
          return nan ? nanquantile(cat({x[0], full({x[0].size(0), 1}, NAN, x[0].options())}, 1), q, 1)
                     : quantile(x[0], q, 1);
        },
        [](const In& x) {
          return stack({by_row([](const auto& v) { return quantile_at(v, 0.3); })(x),
                        by_row([](const auto& v) { return quantile_at(v, 0.8); })(x)});
        },
        {{numbers({3, 5})}, {numbers({2, 1})}},
        {ON(ValueError, "q", quantile(ones({2}), 1.5)), ON(DtypeError, "integers", quantile(tensor({1}), 0.5)),
         ON(ShapeError, "empty", quantile(ones({0}), 0.5)),
         ON(ValueError, "interpolation", quantile(ones({2}), 0.5, 0, false, "cubic")),
         ON(DtypeError, "q's dtype", quantile(ones({2}), ones({1}, kDouble)))});
    row.gradient = true;
    row.dtypes = {kFloat};
    rows.push_back(row);
  }
  row.name = "quantile.nearest";
  row.function = [](const In& x) { return quantile(x[0], 0.3, 1, true, "nearest"); };
  row.method = [](const In& x) { return x[0].quantile(0.3, 1, true, "nearest"); };
  row.reference = [](const In& x) {
    return by_row([](const auto& v) {
             return v[static_cast<size_t>(std::nearbyint(0.3 * (static_cast<double>(v.size()) - 1)))];
           })(x)
        .unsqueeze(1);
  };
  rows.push_back(row);
  row.name = "quantile.midpoint";
  row.function = [](const In& x) { return quantile(x[0], 0.3, 1, false, "midpoint"); };
  row.method = nullptr;
  row.reference = by_row([](const auto& v) {
    const double rank = 0.3 * (static_cast<double>(v.size()) - 1);
    return (v[static_cast<size_t>(std::floor(rank))] + v[static_cast<size_t>(std::ceil(rank))]) / 2;
  });
  rows.push_back(row);
}

void add_unique(Rows& rows) {
  const Tensor flat = from({3, 1, 1, 2, 3, 3}).reshape({2, 3});
  const std::vector<Bad> bad_inputs = {ON(TypeError, "undefined", unique(undefined)),
                                       ON(IndexError, "dim", unique_dim(ones({2}), 3)),
                                       ON(ShapeError, "number", unique_dim(ones({}), 0)),
                                       ON(TypeError, "undefined consecutive", unique_consecutive(undefined))};
  const auto all = [](const std::tuple<Tensor, Tensor, Tensor>& t) {
    return join({std::get<0>(t), std::get<1>(t).to(kDouble), std::get<2>(t).to(kDouble)});
  };
  const Function expected = [](const In&) { return from({1, 2, 3, 2, 0, 0, 1, 2, 2, 2, 1, 3}); };
  rows.push_back(plain(
      "unique", [all](const In& x) { return all(unique(x[0], true, true, true)); }, expected, {{flat}}, bad_inputs));
  rows.push_back(plain(
      "_unique2", [all](const In& x) { return all(_unique2(x[0], true, true, true)); }, expected, {{flat}},
      bad_inputs));
  rows.push_back(plain(
      "_unique",
      [](const In& x) {
        return join({std::get<0>(_unique(x[0])), std::get<1>(_unique(x[0], true, true)).to(kDouble)});
      },
      [](const In&) {
        return from({1, 2, 3, 2, 0, 0, 1, 2, 2});
      },
      {{flat}}, bad_inputs));
  Row row = plain(
      "unique_consecutive", [all](const In& x) { return all(unique_consecutive(x[0], true, true)); },
      [](const In&) {
        return from({3, 1, 2, 3, 0, 1, 1, 2, 3, 3, 1, 2, 1, 2});
      },
      {{flat}}, bad_inputs);
  row.method = [all](const In& x) { return all(x[0].unique_consecutive(true, true)); };
  rows.push_back(row);
  const Tensor lines = from({2, 1, 1, 3, 2, 1, 1, 0, 1, 0}).reshape({5, 2});
  rows.push_back(plain(
      "unique_dim", [all](const In& x) { return all(unique_dim(x[0], 0, true, true, true)); },
      [](const In&) {
        return from({1, 0, 1, 3, 2, 1, 2, 1, 2, 0, 0, 2, 1, 2});
      },
      {{lines}}, bad_inputs));
  rows.push_back(plain(
      "unique_dim_consecutive", [all](const In& x) { return all(unique_dim_consecutive(x[0], 0, true, true)); },
      [](const In&) {
        return from({2, 1, 1, 3, 2, 1, 1, 0, 0, 1, 2, 3, 3, 1, 1, 1, 2});
      },
      {{lines}}, bad_inputs));
}

Tensor where_to() { return tensor({{0, 2, 1}, {0, 0, 2}}); }
/// scatter_reduce along dim 1 by hand.
Function combined(double (*step)(double, double), double start, bool include, bool mean = false) {
  return [=](const In& x) {
    auto y = values(x[0]);
    const auto src = values(x[1]);
    std::vector<double> n(y.size(), include ? 1 : 0);
    const int64_t columns = x[0].size(1);
    for (int64_t pass = include ? 1 : 0; pass < 2; ++pass)
      for (int64_t i = 0; i < 2; ++i)
        for (int64_t j = 0; j < 3; ++j) {
          const auto place = static_cast<size_t>(i * columns + where_to()[i][j].item<int64_t>());
          if (pass == 0) {
            y[place] = start;
          } else {
            y[place] = step(y[place], src[static_cast<size_t>(i * 3 + j)]);
            ++n[place];
          }
        }
    if (mean)
      for (size_t i = 0; i < y.size(); ++i) y[i] /= std::max(n[i], 1.0);
    return from(y).reshape(x[0].sizes());
  };
}

void add_scatters(Rows& rows) {
  struct Way {
    const char* name;
    double (*step)(double, double);
    double start;
  };
  const Way ways[] = {{"sum", [](double a, double b) { return a + b; }, 0},
                      {"prod", [](double a, double b) { return a * b; }, 1},
                      {"mean", [](double a, double b) { return a + b; }, 0},
                      {"amax", [](double a, double b) { return std::max(a, b); }, -INFINITY},
                      {"amin", [](double a, double b) { return std::min(a, b); }, INFINITY}};
  for (const Way& way : ways)
    for (const bool include : {true, false}) {
      const std::string how = way.name;
      Row row;
      row.name = "scatter_reduce." + how + (include ? "" : "_without_self");
      row.function = [how, include](const In& x) { return scatter_reduce(x[0], 1, where_to(), x[1], how, include); };
      row.method = [how, include](const In& x) { return x[0].scatter_reduce(1, where_to(), x[1], how, include); };
      row.in_place = [how, include](const In& x) { return x[0].scatter_reduce_(1, where_to(), x[1], how, include); };
      row.out = [how, include](Tensor& out, const In& x) {
        return scatter_reduce_out(out, x[0], 1, where_to(), x[1], how, include);
      };
      row.reference = combined(way.step, way.start, include, how == "mean");
      row.samples = {{numbers({2, 4}), numbers({2, 3}, -2, 2, 9)}};
      row.loss_of_precision = 2;
      row.bad = {ON(ValueError, "reduce", scatter_reduce(ones({2, 2}), 0, tensor({{0}}), ones({1, 1}), "median")),
                 ON(IndexError, "range", scatter_reduce(ones({2, 2}), 0, tensor({{7}}), ones({1, 1}), "sum")),
                 ON(DtypeError, "dtypes", scatter_reduce(ones({2, 2}), 0, tensor({{0}}), ones({1, 1}, kLong), "sum")),
                 ON(TypeError, "undefined", scatter_reduce(ones({2}), 0, undefined, ones({2}), "sum"))};
      rows.push_back(row);
    }
  Row row;
  row.name = "index_reduce";
  row.function = [](const In& x) { return index_reduce(x[0], 0, tensor({2, 0, 2}), x[1], "prod"); };
  row.method = [](const In& x) { return x[0].index_reduce(0, tensor({2, 0, 2}), x[1], "prod"); };
  row.in_place = [](const In& x) { return x[0].index_reduce_(0, tensor({2, 0, 2}), x[1], "prod"); };
  row.out = [](Tensor& out, const In& x) { return index_reduce_out(out, x[0], 0, tensor({2, 0, 2}), x[1], "prod"); };
  row.reference = [](const In& x) { return stack({x[0][0] * x[1][1], x[0][1], x[0][2] * x[1][0] * x[1][2]}); };
  row.samples = {{numbers({3, 2}), numbers({3, 2}, -2, 2, 9)}};
  row.loss_of_precision = 2;
  row.bad = {ON(ShapeError, "source", index_reduce(ones({2, 2}), 0, tensor({0}), ones({2, 2}), "prod")),
             ON(ShapeError, "matrix", index_reduce(ones({2}), 0, tensor({{0}}), ones({1}), "prod")),
             ON(IndexError, "dim", index_reduce(ones({2}), 3, tensor({0}), ones({1}), "prod"))};
  rows.push_back(row);
  row.name = "put";
  row.function = [](const In& x) { return put(x[0], tensor({4, 0, 4}), x[1], true); };
  row.method = [](const In& x) { return x[0].put(tensor({4, 0, 4}), x[1], true); };
  row.in_place = [](const In& x) { return x[0].put_(tensor({4, 0, 4}), x[1], true); };
  row.out = nullptr;
  row.reference = [](const In& x) {
    auto y = values(x[0]);
    const auto s = values(x[1]);
    y[4] += s[0] + s[2];
    y[0] += s[1];
    return from(y).reshape(x[0].sizes());
  };
  row.samples = {{numbers({3, 2}), numbers({3}, -2, 2, 9)}};
  row.bad = {ON(IndexError, "range", ones({2}).put_(tensor({5}), ones({1}))),
             ON(ShapeError, "counts", ones({2}).put_(tensor({1}), ones({2}))),
             ON(DtypeError, "index", ones({2}).put_(ones({1}), ones({1}))),
             ON(DtypeError, "dtypes", ones({2}).put_(tensor({0}), tensor({1})))};
  rows.push_back(row);
  row.name = "masked_scatter";
  const auto mask = [] { return tensor({{true, false}, {false, true}, {false, false}}); };
  row.function = [mask](const In& x) { return masked_scatter(x[0], mask(), x[1]); };
  row.method = [mask](const In& x) { return x[0].masked_scatter(mask(), x[1]); };
  row.in_place = [mask](const In& x) { return x[0].masked_scatter_(mask(), x[1]); };
  row.reference = [](const In& x) {
    auto y = values(x[0]);
    const auto s = values(x[1]);
    y[0] = s[0];
    y[3] = s[1];
    return from(y).reshape(x[0].sizes());
  };
  row.bad = {ON(DtypeError, "mask", masked_scatter(ones({2}), ones({2}), ones({2}))),
             ON(ShapeError, "too few", masked_scatter(ones({2}), ones({2}, kBool), ones({1}))),
             ON(ShapeError, "shapes", masked_scatter(ones({2}), ones({3}, kBool), ones({3}))),
             ON(TypeError, "undefined", masked_scatter(ones({2}), ones({2}, kBool), undefined))};
  rows.push_back(row);
}

}  // namespace

void add_search_rows(Rows& rows) {
  add_counting(rows);
  add_finding(rows);
  add_order(rows);
  add_unique(rows);
  add_scatters(rows);
}

}  // namespace hearth::op_table
