// Rows of src/ops/loss.cpp.
#include <cmath>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

Tensor classes() { return tensor({1, -100, 0, 2}); }

/// -w[t] * logp[t] by a loop over the rows, 0 where t is ignored; and the weights' sum.
std::pair<Tensor, double> plain_nll(const Tensor& logp, const Tensor& weight) {
  Tensor out = zeros({4}, kDouble);
  double total = 0;
  for (int64_t i = 0; i < 4; ++i) {
    const auto t = classes()[i].item<int64_t>();
    if (t < 0) continue;
    const double w = weight.defined() ? weight.to(kDouble)[t].item<double>() : 1;
    out[i] = -w * logp.to(kDouble)[i][t].item<double>();
    total += w;
  }
  return {out, total};
}
Tensor plain_log_softmax(const Tensor& x) {
  const Tensor d = x.to(kDouble);
  return d - d.exp().sum(1, true).log();
}

void add_class_losses(Rows& rows) {
  Row row;
  row.loss_of_precision = 6;
  row.samples = {{numbers({4, 3})}};
  const auto weights = [](const Tensor& like) { return tensor({0.5, 1.0, 2.0}, like.options()); };
  for (const std::string name : {"nll_loss", "nll_loss_nd", "nll_loss2d"}) {
    row.name = name;
    row.function = [name, weights](const In& x) {
      return name == "nll_loss"      ? nll_loss(x[0], classes(), weights(x[0]))
             : name == "nll_loss_nd" ? nll_loss_nd(x[0], classes(), weights(x[0]))
                                     : nll_loss2d(x[0], classes(), weights(x[0]));
    };
    row.reference = [weights](const In& x) {
      const auto [loss, total] = plain_nll(x[0], weights(x[0].to(kDouble)));
      return loss.sum() / total;
    };
    row.bad = {ON(IndexError, "class", nll_loss(ones({1, 3}), tensor({3}))),
               ON(ShapeError, "target", nll_loss(ones({2, 3}), tensor({1}))),
               ON(DtypeError, "target dtype", nll_loss(ones({1, 3}), ones({1}))),
               ON(ShapeError, "weight", nll_loss(ones({1, 3}), tensor({1}), ones({2}))),
               ON(ValueError, "reduction", nll_loss(ones({1, 3}), tensor({1}), {}, 7))};
    rows.push_back(row);
  }
  row.name = "nll_loss.none";
  row.function = [](const In& x) { return nll_loss(x[0], classes(), {}, Reduction::None); };
  row.reference = [](const In& x) { return plain_nll(x[0], {}).first; };
  rows.push_back(row);
  row.name = "nll_loss.images";
  row.function = [](const In& x) { return nll_loss(x[0], tensor({{{0, 1}, {1, 0}}}), {}, Reduction::Sum); };
  row.samples = {{numbers({1, 2, 2, 2})}};
  row.reference = [](const In& x) {
    return -(x[0][0][0][0][0] + x[0][0][1][0][1] + x[0][0][1][1][0] + x[0][0][0][1][1]);
  };
  rows.push_back(row);
  row.name = "cross_entropy_loss";
  row.samples = {{numbers({4, 3})}};
  row.function = [weights](const In& x) { return cross_entropy_loss(x[0], classes(), weights(x[0])); };
  row.reference = [weights](const In& x) {
    const auto [loss, total] = plain_nll(plain_log_softmax(x[0]), weights(x[0].to(kDouble)));
    return loss.sum() / total;
  };
  row.bad = {ON(IndexError, "class", cross_entropy_loss(ones({1, 3}), tensor({3}))),
             ON(ShapeError, "target", cross_entropy_loss(ones({2, 3}), tensor({1}))),
             ON(ValueError, "smoothing", cross_entropy_loss(ones({1, 3}), tensor({1}), {}, Reduction::Mean, -100, 2)),
             ON(TypeError, "undefined", cross_entropy_loss(undefined, tensor({1})))};
  rows.push_back(row);
  row.name = "cross_entropy_loss.smoothed";
  row.function = [](const In& x) { return cross_entropy_loss(x[0], classes(), {}, Reduction::Mean, -100, 0.3); };
  row.reference = [](const In& x) {
    const Tensor logp = plain_log_softmax(x[0]);
    const Tensor spread = -(logp * tensor({{1.0}, {0.0}, {1.0}, {1.0}}, kDouble)).sum() / 3;
    return (0.7 * plain_nll(logp, {}).first.sum() + 0.3 * spread) / 3;
  };
  rows.push_back(row);
  row.name = "cross_entropy_loss.probabilities";
  row.samples = {{numbers({4, 3}), numbers({4, 3}, 0, 1, 2)}};
  row.function = [](const In& x) { return cross_entropy_loss(x[0], x[1]); };
  row.reference = [](const In& x) { return -(plain_log_softmax(x[0]) * x[1].to(kDouble)).sum() / 4; };
  rows.push_back(row);
}

using Loss = Tensor (*)(const Tensor&, const Tensor&, int64_t);

void add_pair(Rows& rows, const std::string& name, Loss f, double (*reference)(double, double), double low, double high,
              std::vector<Bad> more) {
  Row row;
  row.name = name;
  row.loss_of_precision = 5;
  row.function = [f](const In& x) {
    return join({f(x[0], x[1], Reduction::Mean), f(x[0], x[1], Reduction::Sum), f(x[0], x[1], Reduction::None)});
  };
  row.samples = {{numbers({3, 4}, low, high), numbers({3, 4}, low, high, 2)}};
  row.reference = [reference](const In& x) {
    const Tensor loss = elementwise(reference)(x);
    return join({loss.sum() / 12, loss.sum(), loss});
  };
  row.bad = {bad<TypeError>("undefined", [f] { f(undefined, ones({2}), Reduction::Mean); }),
             bad<TypeError>("no target", [f] { f(ones({2}) * 0.5, undefined, Reduction::Mean); }),
             bad<ShapeError>("shapes", [f] { f(ones({2}) * 0.5, ones({3}) * 0.5, Reduction::Mean); }),
             bad<ValueError>("reduction", [f] { f(ones({2}) * 0.5, ones({2}) * 0.5, 9); }),
             bad<DtypeError>("integers", [f] { f(ones({2}, kLong), ones({2}, kLong), Reduction::Mean); })};
  row.bad.insert(row.bad.end(), more.begin(), more.end());
  rows.push_back(row);
}

}  // namespace

void add_loss_rows(Rows& rows) {
  add_class_losses(rows);
  add_pair(
      rows, "mse_loss", [](const Tensor& x, const Tensor& y, int64_t r) { return mse_loss(x, y, r); },
      [](double a, double b) { return (a - b) * (a - b); }, -2, 2, {});
  add_pair(
      rows, "l1_loss", [](const Tensor& x, const Tensor& y, int64_t r) { return l1_loss(x, y, r); },
      [](double a, double b) { return std::abs(a - b); }, -2, 2, {});
  add_pair(
      rows, "smooth_l1_loss", [](const Tensor& x, const Tensor& y, int64_t r) { return smooth_l1_loss(x, y, r, 0.7); },
      [](double a, double b) { return std::abs(a - b) < 0.7 ? (a - b) * (a - b) / 1.4 : std::abs(a - b) - 0.35; }, -2,
      2, {ON(ValueError, "beta", smooth_l1_loss(ones({2}), ones({2}), Reduction::Mean, -1))});
  add_pair(
      rows, "huber_loss", [](const Tensor& x, const Tensor& y, int64_t r) { return huber_loss(x, y, r, 0.7); },
      [](double a, double b) { return std::abs(a - b) < 0.7 ? (a - b) * (a - b) / 2 : 0.7 * (std::abs(a - b) - 0.35); },
      -2, 2, {ON(ValueError, "delta", huber_loss(ones({2}), ones({2}), Reduction::Mean, 0))});
  add_pair(
      rows, "binary_cross_entropy",
      [](const Tensor& x, const Tensor& y, int64_t r) { return binary_cross_entropy(x, y, {}, r); },
      [](double a, double b) { return -(b * std::log(a) + (1 - b) * std::log(1 - a)); }, 0.1, 0.9,
      {ON(ValueError, "range", binary_cross_entropy(ones({2}) * 2, ones({2})))});
  add_pair(
      rows, "binary_cross_entropy_with_logits",
      [](const Tensor& x, const Tensor& y, int64_t r) { return binary_cross_entropy_with_logits(x, y, {}, {}, r); },
      [](double a, double b) { return std::max(a, 0.0) - a * b + std::log1p(std::exp(-std::abs(a))); }, -2, 2, {});
  add_pair(
      rows, "kl_div", [](const Tensor& x, const Tensor& y, int64_t r) { return kl_div(x, y, r); },
      [](double a, double b) { return b * (std::log(b) - a); }, 0.1, 0.9, {});
  Row row;
  row.name = "binary_cross_entropy_with_logits.weights";
  row.function = [](const In& x) { return binary_cross_entropy_with_logits(x[0], x[1], x[2], x[3]); };
  row.samples = {{numbers({3, 4}), numbers({3, 4}, 0, 1, 2), numbers({4}, 0.5, 2, 3), numbers({4}, 0.5, 2, 4)}};
  row.reference = [](const In& x) {
    const Tensor a = x[0].to(kDouble), b = x[1].to(kDouble), positive = ((-a).exp() + 1).log(),
                 negative = (a.exp() + 1).log();
    return ((x[3].to(kDouble) * b * positive + (1 - b) * negative) * x[2].to(kDouble)).sum() / 12;
  };
  row.loss_of_precision = 6;
  row.bad = {ON(ShapeError, "target", binary_cross_entropy_with_logits(ones({2}), ones({3}))),
             ON(TypeError, "undefined", binary_cross_entropy_with_logits(undefined, ones({3}))),
             ON(ShapeError, "weight", binary_cross_entropy_with_logits(ones({2}), ones({2}), ones({3})))};
  rows.push_back(row);
}

}  // namespace hearth::op_table
