// Rows of src/ops/margin_loss.cpp and src/ops/ctc.cpp.
#include <cmath>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

double at(const Tensor& t, int64_t i, int64_t j) { return t[i][j].item<double>(); }
Tensor wide(const Tensor& t) { return t.to(kDouble).contiguous(); }
/// 1 and -1 by turns, as x's dtype, for rows or for elements.
Tensor signs(const Tensor& x, bool rows) {
  const Tensor t = tensor({1.0, -1.0, 1.0, -1.0}, x.options().requires_grad(false));
  return rows ? t : t.unsqueeze(1);
}
Tensor all_reductions(const Tensor& loss) { return join({loss.mean(), loss.sum(), loss}); }

using Loss2 = Tensor (*)(const Tensor& x, int64_t reduction);
Function three_ways(Loss2 f) {
  return [f](const In& x) {
    return join({f(x[0], Reduction::Mean), f(x[0], Reduction::Sum), f(x[0], Reduction::None)});
  };
}

void add_elementwise_losses(Rows& rows) {
  Row row;
  row.loss_of_precision = 6;
  row.samples = {{numbers({4, 3})}};
  row.name = "hinge_embedding_loss";
  row.function =
      three_ways([](const Tensor& x, int64_t r) { return hinge_embedding_loss(x, signs(x, false), 0.8, r); });
  row.reference = [](const In& x) {
    const Tensor a = wide(x[0]), y = zeros({4, 3}, kDouble);
    for (int64_t i = 0; i < 4; ++i)
      for (int64_t j = 0; j < 3; ++j) y[i][j] = i % 2 == 0 ? at(a, i, j) : std::max(0.0, 0.8 - at(a, i, j));
    return all_reductions(y);
  };
  row.bad = {ON(TypeError, "undefined", hinge_embedding_loss(undefined, ones({2}))),
             ON(ShapeError, "shapes", hinge_embedding_loss(ones({2}), ones({3}))),
             ON(ValueError, "reduction", hinge_embedding_loss(ones({2}), ones({2}), 1, 5))};
  rows.push_back(row);
  row.name = "soft_margin_loss";
  row.function = three_ways([](const Tensor& x, int64_t r) { return soft_margin_loss(x, signs(x, false), r); });
  row.reference = [](const In& x) {
    const Tensor a = wide(x[0]), y = zeros({4, 3}, kDouble);
    for (int64_t i = 0; i < 4; ++i)
      for (int64_t j = 0; j < 3; ++j) y[i][j] = std::log1p(std::exp(i % 2 == 0 ? -at(a, i, j) : at(a, i, j)));
    return all_reductions(y);
  };
  row.bad = {ON(TypeError, "undefined", soft_margin_loss(ones({2}), undefined)),
             ON(ShapeError, "shapes", soft_margin_loss(ones({2}), ones({3}))),
             ON(ValueError, "reduction", soft_margin_loss(ones({2}), ones({2}), 5))};
  rows.push_back(row);
  for (const bool log_input : {true, false}) {
    row.name = log_input ? "poisson_nll_loss" : "poisson_nll_loss.rate";
    row.samples = {{numbers({4, 3}, 0.5, 2), numbers({4, 3}, 0.2, 3, 2)}};
    row.function = [log_input](const In& x) {
      return join({poisson_nll_loss(x[0], x[1], log_input, false, 1e-3, Reduction::Mean),
                   poisson_nll_loss(x[0], x[1], log_input, true, 1e-3, Reduction::None)});
    };
    row.reference = [log_input](const In& x) {
      const Tensor a = wide(x[0]), t = wide(x[1]), plain = zeros({4, 3}, kDouble), full_loss = zeros({4, 3}, kDouble);
      for (int64_t i = 0; i < 4; ++i)
        for (int64_t j = 0; j < 3; ++j) {
          const double u = at(a, i, j), v = at(t, i, j);
          const double loss = log_input ? std::exp(u) - v * u : u - v * std::log(u + 1e-3);
          plain[i][j] = loss;
          full_loss[i][j] = loss + (v > 1 ? v * std::log(v) - v + 0.5 * std::log(2 * M_PI * v) : 0);
        }
      return join({plain.mean(), full_loss});
    };
    row.bad = {
        ON(TypeError, "undefined", poisson_nll_loss(undefined, ones({2}), true, false, 1e-8, Reduction::Mean)),
        ON(ShapeError, "shapes", poisson_nll_loss(ones({2}), ones({3}), true, false, 1e-8, Reduction::Mean)),
        ON(DtypeError, "integers", poisson_nll_loss(ones({2}, kLong), ones({2}), true, false, 1e-8, Reduction::Mean)),
        ON(ValueError, "reduction", poisson_nll_loss(ones({2}), ones({2}), true, false, 1e-8, 5))};
    rows.push_back(row);
  }
}

double dot_of(const Tensor& a, const Tensor& b, int64_t i) {
  double sum = 0;
  for (int64_t j = 0; j < a.size(1); ++j) sum += at(a, i, j) * at(b, i, j);
  return sum;
}
double distance_of(const Tensor& a, const Tensor& b, int64_t i, double p) {
  double sum = 0;
  for (int64_t j = 0; j < a.size(1); ++j) sum += std::pow(std::abs(at(a, i, j) - at(b, i, j) + 1e-6), p);
  return std::pow(sum, 1 / p);
}

void add_pair_losses(Rows& rows) {
  Row row;
  row.loss_of_precision = 8;
  row.samples = {{numbers({4, 3}), numbers({4, 3}, -2, 2, 2)}};
  row.name = "cosine_embedding_loss";
  row.function = [](const In& x) {
    return all_reductions(cosine_embedding_loss(x[0], x[1], signs(x[0], true), 0.1, Reduction::None));
  };
  row.reference = [](const In& x) {
    const Tensor a = wide(x[0]), b = wide(x[1]), y = zeros({4}, kDouble);
    for (int64_t i = 0; i < 4; ++i) {
      const double cosine = dot_of(a, b, i) / std::sqrt(dot_of(a, a, i) * dot_of(b, b, i));
      y[i] = i % 2 == 0 ? 1 - cosine : std::max(0.0, cosine - 0.1);
    }
    return all_reductions(y);
  };
  row.bad = {ON(ShapeError, "target", cosine_embedding_loss(ones({2, 3}), ones({2, 3}), ones({2, 3}))),
             ON(ShapeError, "vectors", cosine_embedding_loss(ones({3}), ones({3}), ones({3}))),
             ON(TypeError, "undefined", cosine_embedding_loss(ones({2, 3}), undefined, ones({2})))};
  rows.push_back(row);
  row.name = "margin_ranking_loss";
  row.function = [](const In& x) {
    return all_reductions(margin_ranking_loss(x[0], x[1], signs(x[0], false), 0.4, Reduction::None));
  };
  row.reference = [](const In& x) {
    const Tensor a = wide(x[0]), b = wide(x[1]), y = zeros({4, 3}, kDouble);
    for (int64_t i = 0; i < 4; ++i)
      for (int64_t j = 0; j < 3; ++j)
        y[i][j] = std::max(0.0, 0.4 - (i % 2 == 0 ? 1 : -1) * (at(a, i, j) - at(b, i, j)));
    return all_reductions(y);
  };
  row.bad = {ON(ShapeError, "shapes", margin_ranking_loss(ones({2}), ones({3}), ones({2}))),
             ON(ValueError, "reduction", margin_ranking_loss(ones({2}), ones({2}), ones({2}), 0, 7)),
             ON(TypeError, "undefined", margin_ranking_loss(ones({2}), undefined, ones({2})))};
  rows.push_back(row);
  row.samples = {{numbers({4, 3}), numbers({4, 3}, -2, 2, 2), numbers({4, 3}, -2, 2, 3)}};
  for (const bool swap : {false, true}) {
    row.name = swap ? "triplet_margin_loss.swap" : "triplet_margin_loss";
    row.function = [swap](const In& x) {
      return all_reductions(triplet_margin_loss(x[0], x[1], x[2], 1.5, 3, 1e-6, swap, Reduction::None));
    };
    row.reference = [swap](const In& x) {
      const Tensor a = wide(x[0]), b = wide(x[1]), c = wide(x[2]), y = zeros({4}, kDouble);
      for (int64_t i = 0; i < 4; ++i) {
        double far = distance_of(a, c, i, 3);
        if (swap) far = std::min(far, distance_of(b, c, i, 3));
        y[i] = std::max(0.0, 1.5 + distance_of(a, b, i, 3) - far);
      }
      return all_reductions(y);
    };
    row.bad = {ON(ShapeError, "dimensions", triplet_margin_loss(ones({2, 3}), ones({3}), ones({2, 3}))),
               ON(ShapeError, "shapes", triplet_margin_loss(ones({2, 3}), ones({2, 4}), ones({2, 3}))),
               ON(TypeError, "undefined", triplet_margin_loss(ones({2, 3}), ones({2, 3}), undefined))};
    rows.push_back(row);
  }
}

Tensor labels() { return tensor({1, 0, 2, 1}); }
Tensor lists() { return tensor({{1, -1, 0}, {2, 0, -1}, {-1, 1, 2}, {0, 2, 1}}); }

void add_class_margins(Rows& rows) {
  Row row;
  row.loss_of_precision = 8;
  row.samples = {{numbers({4, 3})}};
  for (const int p : {1, 2}) {
    row.name = p == 1 ? "multi_margin_loss" : "multi_margin_loss.squared";
    row.function = [p](const In& x) {
      const Tensor w = tensor({0.5, 1.0, 2.0}, x[0].options().requires_grad(false));
      return all_reductions(multi_margin_loss(x[0], labels(), p, 0.6, w, Reduction::None));
    };
    row.reference = [p](const In& x) {
      const Tensor a = wide(x[0]), y = zeros({4}, kDouble);
      for (int64_t i = 0; i < 4; ++i) {
        const auto t = labels()[i].item<int64_t>();
        double sum = 0;
        for (int64_t j = 0; j < 3; ++j)
          if (j != t) sum += std::pow(std::max(0.0, 0.6 - at(a, i, t) + at(a, i, j)), p);
        y[i] = sum / 3 * (t == 0 ? 0.5 : t == 1 ? 1 : 2);
      }
      return all_reductions(y);
    };
    row.bad = {ON(IndexError, "class", multi_margin_loss(ones({1, 3}), tensor({3}))),
               ON(ValueError, "p", multi_margin_loss(ones({1, 3}), tensor({1}), 3)),
               ON(ShapeError, "target", multi_margin_loss(ones({2, 3}), tensor({1}))),
               ON(DtypeError, "target dtype", multi_margin_loss(ones({1, 3}), ones({1}))),
               ON(ShapeError, "weight", multi_margin_loss(ones({1, 3}), tensor({1}), 1, 1, ones({2})))};
    rows.push_back(row);
  }
  row.name = "multilabel_margin_loss";
  row.function = [](const In& x) { return all_reductions(multilabel_margin_loss(x[0], lists(), Reduction::None)); };
  row.reference = [](const In& x) {
    const Tensor a = wide(x[0]), y = zeros({4}, kDouble);
    for (int64_t i = 0; i < 4; ++i) {
      std::vector<int64_t> own;
      for (int64_t j = 0; j < 3 && lists()[i][j].item<int64_t>() >= 0; ++j)
        own.push_back(lists()[i][j].item<int64_t>());
      double sum = 0;
      for (int64_t j = 0; j < 3; ++j)
        if (std::find(own.begin(), own.end(), j) == own.end())
          for (const int64_t t : own) sum += std::max(0.0, 1 - (at(a, i, t) - at(a, i, j)));
      y[i] = sum / 3;
    }
    return all_reductions(y);
  };
  row.bad = {ON(IndexError, "class", multilabel_margin_loss(ones({1, 2}), tensor({{2, -1}}))),
             ON(ShapeError, "shapes", multilabel_margin_loss(ones({2, 3}), tensor({{1, -1}}))),
             ON(DtypeError, "target dtype", multilabel_margin_loss(ones({1, 2}), ones({1, 2})))};
  rows.push_back(row);
}

/// -log of the sum over all paths of labels and blanks (0), every one walked.
double all_paths(const Tensor& logp, int64_t n, const std::vector<int64_t>& target, int64_t frames) {
  double sum = 0;
  std::vector<int64_t> path(static_cast<size_t>(frames), 0);
  const int64_t classes = logp.size(2);
  for (bool more = true; more;) {
    std::vector<int64_t> said;
    double weight = 0;
    for (size_t t = 0; t < path.size(); ++t) {
      weight += logp[static_cast<int64_t>(t)][n][path[t]].item<double>();
      if (path[t] != 0 && (t == 0 || path[t] != path[t - 1])) said.push_back(path[t]);
    }
    if (said == target) sum += std::exp(weight);
    more = false;
    for (size_t t = 0; t < path.size() && !more; ++t) {
      more = ++path[t] < classes;
      if (!more) path[t] = 0;
    }
  }
  return -std::log(sum);
}

void add_ctc(Rows& rows) {
  Row row;
  row.name = "ctc_loss";
  row.loss_of_precision = 20;
  row.tolerance = 1e-11;
  row.samples = {{numbers({4, 3, 3})}};
  row.function = [](const In& x) {
    const Tensor logp = log_softmax(x[0], 2), row_of_all = tensor({1, 1, 2, 2});
    const std::vector<int64_t> frames{4, 3, 2}, counts{2, 1, 1};
    return join({ctc_loss(logp, row_of_all, frames, counts, 0, Reduction::Mean),
                 ctc_loss(logp, tensor({{1, 1}, {2, 0}, {2, 0}}), frames, counts, 0, Reduction::None)});
  };
  row.reference = [](const In& x) {
    const Tensor logp = log_softmax(x[0].to(kDouble), 2), y = zeros({3}, kDouble);
    y[0] = all_paths(logp, 0, {1, 1}, 4);
    y[1] = all_paths(logp, 1, {2}, 3);
    y[2] = all_paths(logp, 2, {2}, 2);
    return join({(y / tensor({2.0, 1.0, 1.0}, kDouble)).mean(), y});
  };
  const auto call = [](const Tensor& x, const Tensor& t, std::vector<int64_t> in, std::vector<int64_t> out,
                       int64_t blank) { return ctc_loss(x, t, in, out, blank); };
  row.bad = {bad<ValueError>("frames",
                             [call] {
                               call(zeros({2, 1, 3}), tensor({{1}}), {3}, {1}, 0);
                             }),
             bad<ShapeError>("lengths",
                             [call] {
                               call(zeros({2, 1, 3}), tensor({{1}}), {2, 2}, {1}, 0);
                             }),
             bad<IndexError>("label",
                             [call] {
                               call(zeros({2, 1, 3}), tensor({{3}}), {2}, {1}, 0);
                             }),
             bad<IndexError>("blank label",
                             [call] {
                               call(zeros({2, 1, 3}), tensor({{0}}), {2}, {1}, 0);
                             }),
             bad<ValueError>("blank",
                             [call] {
                               call(zeros({2, 1, 3}), tensor({{1}}), {2}, {1}, 3);
                             }),
             bad<ShapeError>("targets",
                             [call] {
                               call(zeros({2, 1, 3}), tensor({1, 2}), {2}, {1}, 0);
                             }),
             bad<DtypeError>("dtype", [call] {
               call(zeros({2, 1, 3}), ones({1, 1}), {2}, {1}, 0);
             })};
  rows.push_back(row);
}

}  // namespace

void add_margin_loss_rows(Rows& rows) {
  add_elementwise_losses(rows);
  add_pair_losses(rows);
  add_class_margins(rows);
  add_ctc(rows);
}

}  // namespace hearth::op_table
