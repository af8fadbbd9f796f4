// Products that sum over named or given dimensions: einsum, tensordot, Kronecker and cross products.

#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

namespace {

using Labels = std::vector<int>;  // of a tensor's dimensions

bool contains(const Labels& labels, int label) {
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

/// A tensor with a name for each of its dimensions.
struct Operand {
  Tensor x;
  Labels labels;

  int64_t size(int label) const {
    const auto at = std::find(labels.begin(), labels.end(), label);
    return at == labels.end() ? 1 : x.size(at - labels.begin());
  }
  /// x with these dimensions in this order, those it lacks with size 1.
  Tensor arranged(const Labels& order) const {
    std::vector<int64_t> dims;
    for (const int label : order) {
      const auto at = std::find(labels.begin(), labels.end(), label);
      if (at != labels.end()) dims.push_back(at - labels.begin());
    }
    Tensor y = x.permute(dims);
    for (size_t i = 0; i < order.size(); ++i)
      if (!contains(labels, order[i])) y = y.unsqueeze(static_cast<int64_t>(i));
    return y;
  }
  void sum_out(const Labels& kept) {
    std::vector<int64_t> gone;
    Labels rest;
    for (size_t i = 0; i < labels.size(); ++i) {
      if (contains(kept, labels[i])) {
        rest.push_back(labels[i]);
      } else {
        gone.push_back(static_cast<int64_t>(i));
      }
    }
    if (!gone.empty()) x = x.sum(gone);
    labels = std::move(rest);
  }
};

int64_t volume(const Tensor& x, size_t from, size_t to) {
  int64_t n = 1;
  for (size_t d = from; d < to; ++d) n *= x.size(static_cast<int64_t>(d));
  return n;
}

/// a and b with their common labels multiplied, and summed where `kept` lacks them, as one batched matrix product.
Operand contract(Operand a, Operand b, const Labels& kept) {
  Labels wanted_a = kept, wanted_b = kept;
  wanted_a.insert(wanted_a.end(), b.labels.begin(), b.labels.end());
  wanted_b.insert(wanted_b.end(), a.labels.begin(), a.labels.end());
  a.sum_out(wanted_a);
  b.sum_out(wanted_b);
  Labels batch, left, right, summed;
  for (const int label : a.labels) {
    if (!contains(b.labels, label)) {
      left.push_back(label);
      continue;
    }
    // A size of 1 broadcasts: then there is nothing to sum on that side, or it is summed beforehand.
    (contains(kept, label) ? batch : summed).push_back(label);
  }
  for (const int label : b.labels)
    if (!contains(a.labels, label)) right.push_back(label);
  const auto joined = [](std::initializer_list<const Labels*> parts) {
    Labels all;
    for (const Labels* p : parts) all.insert(all.end(), p->begin(), p->end());
    return all;
  };
  Tensor x = a.arranged(joined({&batch, &left, &summed})), y = b.arranged(joined({&batch, &summed, &right}));
  DimVector shape_x(x.sizes()), shape_y(y.sizes()), sizes;
  for (size_t i = 0; i < batch.size(); ++i) shape_x[i] = shape_y[i] = std::max(a.size(batch[i]), b.size(batch[i]));
  for (size_t i = 0; i < summed.size(); ++i)
    shape_x[batch.size() + left.size() + i] = shape_y[batch.size() + i] =
        std::max(a.size(summed[i]), b.size(summed[i]));
  x = x.expand(shape_x);
  y = y.expand(shape_y);
  const size_t n = batch.size(), l = n + left.size(), s = n + summed.size();
  for (size_t i = 0; i < l; ++i) sizes.push_back(shape_x[i]);
  for (size_t i = s; i < shape_y.size(); ++i) sizes.push_back(shape_y[i]);
  const int64_t b_size = volume(x, 0, n), k = volume(y, n, s);
  const Tensor product =
      x.reshape({b_size, volume(x, n, l), k}).bmm(y.reshape({b_size, k, volume(y, s, shape_y.size())}));
  return {product.reshape(sizes), joined({&batch, &left, &right})};
}

constexpr int kEllipsis = 1000;  // its dimensions are kEllipsis + their place from the right

/// "ij", "...ik": the labels of one operand, the ellipsis as `rank` minus the named ones.
Labels parse_labels(std::string_view text, int64_t dots) {
  Labels labels;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '.') {
      if (text.substr(i, 3) != "...") fail("[einsum] found '.' that is no part of an ellipsis \"...\" in \"{}\"", text);
      for (int64_t d = dots - 1; d >= 0; --d) labels.push_back(kEllipsis + static_cast<int>(d));
      i += 2;
      continue;
    }
    if (std::isalpha(static_cast<unsigned char>(text[i])) == 0)
      fail("[einsum] '{}' in \"{}\" is no label; labels are letters", text[i], text);
    labels.push_back(text[i]);
  }
  return labels;
}

/// One operand with repeated labels taken as its diagonal.
Operand named(const Tensor& x, std::string_view text) {
  const bool dotted = text.find('.') != std::string_view::npos;
  const auto letters = static_cast<int64_t>(std::count_if(text.begin(), text.end(), [](char c) { return c != '.'; }));
  if (dotted ? letters > x.dim() : letters != x.dim())
    fail<ShapeError>("[einsum] \"{}\" names {} dimensions but the tensor has {} (shape {})", text, letters, x.dim(),
                     shape_text(x.sizes()));
  Operand o{x, parse_labels(text, x.dim() - letters)};
  for (size_t i = 0; i < o.labels.size(); ++i)
    for (size_t j = i + 1; j < o.labels.size();) {
      if (o.labels[i] != o.labels[j]) {
        ++j;
        continue;
      }
      if (o.x.size(static_cast<int64_t>(i)) != o.x.size(static_cast<int64_t>(j)))
        fail<ShapeError>("[einsum] label '{}' stands for sizes {} and {} of one tensor", static_cast<char>(o.labels[i]),
                         o.x.size(static_cast<int64_t>(i)), o.x.size(static_cast<int64_t>(j)));
      o.x = o.x.diagonal(0, static_cast<int64_t>(i), static_cast<int64_t>(j)).movedim(-1, static_cast<int64_t>(i));
      o.labels.erase(o.labels.begin() + static_cast<std::ptrdiff_t>(j));
    }
  return o;
}

std::string without_spaces(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ') out += c;
  return out;
}

/// The output's labels where "->" is left out: the ellipsis, then the letters that stand once in `inputs`, by alphabet.
Labels implicit_output(std::string_view inputs, const std::vector<Operand>& operands) {
  int dots = 0;
  for (const Operand& o : operands)
    for (const int label : o.labels)
      if (label >= kEllipsis) dots = std::max(dots, label - kEllipsis + 1);
  Labels out;
  for (int d = dots - 1; d >= 0; --d) out.push_back(kEllipsis + d);
  for (char label = 'A'; label <= 'z'; ++label)
    if (std::isalpha(static_cast<unsigned char>(label)) != 0 && std::count(inputs.begin(), inputs.end(), label) == 1)
      out.push_back(label);
  return out;
}

void check_sizes(const std::vector<Operand>& operands) {
  for (const Operand& a : operands)
    for (const Operand& b : operands)
      for (const int label : a.labels) {
        const int64_t m = a.size(label), n = b.size(label);
        if (m != n && m != 1 && n != 1)
          fail<ShapeError>("[einsum] {} stands for sizes {} and {}, which do not broadcast",
                           label >= kEllipsis ? "the ellipsis" : fmt::format("label '{}'", static_cast<char>(label)), m,
                           n);
      }
}

}  // namespace

/// Sums of products after Einstein's convention: einsum("bij,bjk->bik", {a, b}). Repeated labels of one tensor take its
/// diagonal, "..." stands for dimensions without names, which broadcast; without "->" the labels that come once are the
/// result's. `path`: the order of pairs to contract, by place; from left to right unless given.
//:
Tensor einsum(std::string_view equation, TensorList tensors,
              const std::optional<std::vector<int64_t>>& path /* = std::nullopt */) {
  if (tensors.empty()) fail("[einsum] no tensors are given; give one for each operand of \"{}\"", equation);
  const std::string text = without_spaces(equation);
  const size_t arrow = text.find("->");
  std::string_view left = std::string_view(text).substr(0, arrow);
  std::vector<Operand> operands;
  for (size_t i = 0; i < tensors.size(); ++i) {
    checked_impl("einsum", tensors[i]);
    const size_t comma = left.find(',');
    if (i + 1 < tensors.size() && comma == std::string_view::npos)
      fail("[einsum] \"{}\" has {} operands but {} tensors are given", equation, i + 1, tensors.size());
    if (i + 1 == tensors.size() && comma != std::string_view::npos)
      fail("[einsum] \"{}\" has more operands than the {} tensors given", equation, tensors.size());
    operands.push_back(named(tensors[i], left.substr(0, comma)));
    left = comma == std::string_view::npos ? std::string_view() : left.substr(comma + 1);
  }
  check_sizes(operands);
  const Labels by_default = implicit_output(std::string_view(text).substr(0, arrow), operands);
  Labels out = by_default;
  if (arrow != std::string::npos) {
    const auto dots = std::count_if(by_default.begin(), by_default.end(), [](int l) { return l >= kEllipsis; });
    out = parse_labels(std::string_view(text).substr(arrow + 2), dots);
    for (size_t i = 0; i < out.size(); ++i) {
      const bool known =
          std::any_of(operands.begin(), operands.end(), [&](const Operand& o) { return contains(o.labels, out[i]); });
      if (!known) fail("[einsum] output label '{}' of \"{}\" is in no operand", static_cast<char>(out[i]), equation);
      if (std::count(out.begin(), out.end(), out[i]) > 1)
        fail("[einsum] output label '{}' of \"{}\" stands twice", static_cast<char>(out[i]), equation);
    }
  }
  const size_t steps = operands.size() - 1;
  if (path && path->size() != 2 * steps)
    fail("[einsum] path has {} places but {} contractions need {}", path->size(), steps, 2 * steps);
  for (size_t step = 0; step < steps; ++step) {
    const int64_t count = static_cast<int64_t>(operands.size());
    const int64_t i = path ? (*path)[2 * step] : 0, j = path ? (*path)[2 * step + 1] : 1;
    if (i < 0 || j < 0 || i >= count || j >= count || i == j)
      fail("[einsum] path names operands {} and {} of {}", i, j, count);
    Operand a = operands[static_cast<size_t>(i)], b = operands[static_cast<size_t>(j)];
    operands.erase(operands.begin() + std::max(i, j));
    operands.erase(operands.begin() + std::min(i, j));
    Labels kept = out;
    for (const Operand& o : operands) kept.insert(kept.end(), o.labels.begin(), o.labels.end());
    Operand product = contract(std::move(a), std::move(b), kept);
    if (path) {
      operands.push_back(std::move(product));
    } else {
      operands.insert(operands.begin(), std::move(product));
    }
  }
  operands[0].sum_out(out);
  return operands[0].arranged(out);
}

/// The sum over dims_self of self with dims_other of other.
//: out
Tensor tensordot(const Tensor& self, const Tensor& other, IntArrayRef dims_self, IntArrayRef dims_other) {
  checked_impl("tensordot", self);
  checked_impl("tensordot", other);
  if (dims_self.size() != dims_other.size())
    fail("[tensordot] {} dimensions of self but {} of other; give as many", dims_self.size(), dims_other.size());
  if (!dims_self.empty() && (self.dim() == 0 || other.dim() == 0))
    fail<ShapeError>("[tensordot] a 0-dim tensor has no dimension to sum over; the shapes are {} and {}",
                     shape_text(self.sizes()), shape_text(other.sizes()));
  Operand a{self, Labels(static_cast<size_t>(self.dim()))}, b{other, Labels(static_cast<size_t>(other.dim()))};
  int next = 0;
  for (int& label : a.labels) label = next++;
  for (int& label : b.labels) label = next++;
  Labels out = a.labels;
  out.insert(out.end(), b.labels.begin(), b.labels.end());
  for (size_t i = 0; i < dims_self.size(); ++i) {
    const auto d = static_cast<size_t>(wrap_dim("tensordot", dims_self[i], self.dim()));
    const auto e = static_cast<size_t>(wrap_dim("tensordot", dims_other[i], other.dim()));
    if (std::ranges::find(out, a.labels[d]) == out.end() || std::ranges::find(out, b.labels[e]) == out.end())
      fail("[tensordot] a dimension is named twice in {} or {}", shape_text(dims_self), shape_text(dims_other));
    const int64_t m = self.sizes()[d], n = other.sizes()[e];
    if (m != n && m != 1 && n != 1)
      throw ShapeError(fmt::format("[tensordot] dimension {} of self has size {}, dimension {} of other {}",
                                   dims_self[i], m, dims_other[i], n),
                       self.sizes().vec(), other.sizes().vec());
    out.erase(std::remove_if(out.begin(), out.end(), [&](int l) { return l == a.labels[d] || l == b.labels[e]; }),
              out.end());
    b.labels[e] = a.labels[d];
  }
  const Operand y = contract(a, b, out);
  return y.arranged(out);
}

/// The sum over the last dimension of both; a product if one is 0-dim.
//: method out
Tensor inner(const Tensor& self, const Tensor& other) {
  checked_impl("inner", self);
  checked_impl("inner", other);
  if (self.dim() == 0 || other.dim() == 0) return self * other;
  if (self.size(-1) != other.size(-1))
    throw ShapeError(fmt::format("[inner] the last dimensions must be equal, but the shapes are {} and {}",
                                 shape_text(self.sizes()), shape_text(other.sizes())),
                     self.sizes().vec(), other.sizes().vec());
  return tensordot(self, other, -1, -1);
}

/// The Kronecker product: blocks of other, weighted by the elements of self.
//: method out
Tensor kron(const Tensor& self, const Tensor& other) {
  checked_impl("kron", self);
  checked_impl("kron", other);
  const int64_t rank = std::max(self.dim(), other.dim());
  DimVector a, b, joined;
  for (int64_t d = 0; d < rank; ++d) {
    const int64_t i = d - (rank - self.dim()), j = d - (rank - other.dim());
    a.push_back(i < 0 ? 1 : self.size(i));
    a.push_back(1);
    b.push_back(1);
    b.push_back(j < 0 ? 1 : other.size(j));
    joined.push_back(a[a.size() - 2] * b.back());
  }
  return (self.reshape(a) * other.reshape(b)).reshape(joined);
}

/// The cross product of vectors of 3 along dim (the first dimension of size 3 unless given).
//: method out
Tensor cross(const Tensor& self, const Tensor& other, std::optional<int64_t> dim /* = std::nullopt */) {
  checked_impl("cross", self);
  checked_impl("cross", other);
  if (self.dim() != other.dim())
    throw ShapeError(fmt::format("[cross] the tensors must have as many dimensions, but the shapes are {} and {}",
                                 shape_text(self.sizes()), shape_text(other.sizes())),
                     self.sizes().vec(), other.sizes().vec());
  const DimVector sizes = broadcast_sizes("cross", self.sizes(), other.sizes());
  const Tensor a = self.expand(sizes), b = other.expand(sizes);
  int64_t d = dim ? wrap_dim("cross", *dim, a.dim()) : 0;
  while (!dim && d < a.dim() && a.size(d) != 3) ++d;
  if (d >= a.dim() || a.size(d) != 3)
    fail<ShapeError>("[cross] no dimension of size 3 in shape {}{}", shape_text(sizes),
                     dim ? fmt::format(" at dim {}", *dim) : std::string());
  return a.roll(-1, d) * b.roll(-2, d) - a.roll(-2, d) * b.roll(-1, d);
}

/// beta * self + alpha * the outer product of vec1 and vec2
//: method inplace out
Tensor addr(const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta /* = 1 */,
            const Scalar& alpha /* = 1 */) {
  checked_impl("addr", self);
  const Tensor product = outer(vec1, vec2);
  static_cast<void>(broadcast_sizes("addr", self.sizes(), product.sizes()));
  if (self.dim() > 2)
    fail<ShapeError>("[addr] self must broadcast to shape {}, but has shape {}", shape_text(product.sizes()),
                     shape_text(self.sizes()));
  const Tensor scaled = alpha.equal(1) ? product : product * alpha;
  return beta.equal(0) ? scaled.expand(product.sizes()).clone() : beta.equal(1) ? self + scaled : self * beta + scaled;
}

namespace linalg {
/// The product of matrices, in the order that takes the fewest multiplications.
//: linalg
Tensor multi_dot(TensorList tensors) {
  const size_t n = tensors.size();
  if (n < 2) fail("[multi_dot] at least 2 tensors are expected, {} given", n);
  std::vector<Tensor> m;
  for (size_t i = 0; i < n; ++i) {
    checked_impl("multi_dot", tensors[i]);
    const int64_t rank = tensors[i].dim();
    const bool end = i == 0 || i + 1 == n;
    if (rank != 2 && !(end && rank == 1))
      fail<ShapeError>(
          "[multi_dot] tensor {} has shape {}; matrices are expected, only the first and last may be vectors", i,
          shape_text(tensors[i].sizes()));
    m.push_back(rank == 2 ? tensors[i] : i == 0 ? tensors[i].unsqueeze(0) : tensors[i].unsqueeze(1));
    if (i > 0 && m[i - 1].size(1) != m[i].size(0))
      throw ShapeError(fmt::format("[multi_dot] tensor {} of shape {} and tensor {} of shape {} can't be multiplied",
                                   i - 1, shape_text(m[i - 1].sizes()), i, shape_text(m[i].sizes())),
                       m[i - 1].sizes().vec(), m[i].sizes().vec());
  }
  // cost[i][j]: the least for the product of i … j (Cormen et al., "Introduction to Algorithms", 15.2)
  std::vector<std::vector<double>> cost(n, std::vector<double>(n, 0));
  std::vector<std::vector<size_t>> cut(n, std::vector<size_t>(n, 0));
  for (size_t span = 1; span < n; ++span)
    for (size_t i = 0; i + span < n; ++i) {
      cost[i][i + span] = INFINITY;
      for (size_t k = i; k < i + span; ++k) {
        const double c = cost[i][k] + cost[k + 1][i + span] +
                         static_cast<double>(m[i].size(0)) * static_cast<double>(m[k].size(1)) *
                             static_cast<double>(m[i + span].size(1));
        if (c < cost[i][i + span]) {
          cost[i][i + span] = c;
          cut[i][i + span] = k;
        }
      }
    }
  const std::function<Tensor(size_t, size_t)> product = [&](size_t i, size_t j) -> Tensor {
    return i == j ? m[i] : product(i, cut[i][j]).mm(product(cut[i][j] + 1, j));
  };
  Tensor y = product(0, n - 1);
  if (tensors[n - 1].dim() == 1) y = y.squeeze(-1);
  if (tensors[0].dim() == 1) y = y.squeeze(0);
  return y;
}
}  // namespace linalg
//:
Tensor chain_matmul(TensorList matrices) {
  if (matrices.size() == 1) return matrices[0];
  return linalg::multi_dot(matrices);
}

}  // namespace hearth
