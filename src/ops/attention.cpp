// Scaled dot-product attention.
#include <cmath>
#include <limits>

#include "base/fail.h"
#include "ops/autocast.h"
#include "ops/executors.h"

namespace hearth {

namespace {

using autograd::Grads;
using autograd::Saved;
using autograd::SavedOutput;

/// The plain form, which holds the scores: for second derivatives, dropout, gradients of the mask and halves.
Tensor composed(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask, double dropout_p, bool causal,
                double scale) {
  constexpr double never = -std::numeric_limits<double>::infinity();
  const double root = std::sqrt(scale);
  Tensor scores = scale < 0 ? matmul(q, k.transpose(-2, -1)) * scale : matmul(q * root, (k * root).transpose(-2, -1));
  if (causal) scores = scores.masked_fill(ones({q.size(-2), k.size(-2)}, kBool).tril().logical_not(), never);
  if (mask.defined())
    scores = mask.scalar_type() == kBool ? scores.masked_fill(mask.logical_not(), never) : scores + mask;
  return matmul(dropout(scores.softmax(-1), dropout_p, dropout_p > 0), v);
}

/// As [B, H, rows, features], elements of a row side by side.
Tensor as_heads(const Tensor& t, IntArrayRef lead) {
  DimVector sizes(lead);
  sizes.push_back(t.size(-2));
  sizes.push_back(t.size(-1));
  Tensor x = t.expand(sizes);
  if (x.size(-1) > 1 && x.stride(-1) != 1) x = x.contiguous();
  while (x.dim() < 4) x = x.unsqueeze(0);
  return x.dim() == 4 ? x : x.reshape({-1, x.size(-3), x.size(-2), x.size(-1)});
}

struct Problem {
  DimVector lead;
  bool fused = false;
};

Problem check(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask, double dropout_p, bool causal) {
  const char* op = "scaled_dot_product_attention";
  for (const Tensor* t : {&q, &k, &v}) {
    checked_impl(op, *t);
    check_floating(op, *t);
    if (t->scalar_type() != q.scalar_type())
      throw DtypeError(fmt::format("[{}] query, key and value must have one dtype, but are {}, {} and {}", op,
                                   q.scalar_type(), k.scalar_type(), v.scalar_type()),
                       t->scalar_type(), q.scalar_type());
    if (t->dim() < 2)
      throw ShapeError(fmt::format("[{}] expected [*, length, features], but got {}", op, shape_text(t->sizes())),
                       t->sizes().vec());
  }
  if (k.size(-1) != q.size(-1) || v.size(-2) != k.size(-2))
    throw ShapeError(fmt::format("[{}] query {}, key {} and value {} do not fit: query and key need the same features, "
                                 "key and value the same length",
                                 op, shape_text(q.sizes()), shape_text(k.sizes()), shape_text(v.sizes())),
                     q.sizes().vec(), k.sizes().vec());
  if (!(dropout_p >= 0 && dropout_p <= 1)) fail("[{}] dropout_p is {} but must be a probability", op, dropout_p);
  if (mask.defined() && causal) fail("[{}] give attn_mask or is_causal, not both", op);
  if (mask.defined() && mask.scalar_type() != kBool && mask.scalar_type() != q.scalar_type())
    throw DtypeError(
        fmt::format("[{}] attn_mask is {} but must be Bool or the query's {}", op, mask.scalar_type(), q.scalar_type()),
        mask.scalar_type(), q.scalar_type());
  const auto lead = [](const Tensor& t) { return t.sizes().slice(0, t.sizes().size() - 2); };
  Problem p;
  p.lead = broadcast_sizes(op, broadcast_sizes(op, lead(q), lead(k)), lead(v));
  if (mask.defined()) {
    DimVector scores = p.lead;
    scores.push_back(q.size(-2));
    scores.push_back(k.size(-2));
    if (IntArrayRef(broadcast_sizes(op, mask.sizes(), scores)) != IntArrayRef(scores))
      throw ShapeError(fmt::format("[{}] attn_mask of shape {} does not broadcast to the scores {}", op,
                                   shape_text(mask.sizes()), shape_text(scores)),
                       mask.sizes().vec(), IntArrayRef(scores).vec());
  }
  p.fused = dropout_p == 0 && !isReducedFloatingType(q.scalar_type()) && !autograd::needs_grad(mask) &&
            q.size(-1) > 0 && v.size(-1) > 0 && k.size(-2) > 0;
  return p;
}

Tensor fused(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& attn_mask,
             const AttentionArgs& args, const DimVector& lead) {
  const Tensor q = as_heads(query, lead), k = as_heads(key, lead), v = as_heads(value, lead);
  Tensor mask = attn_mask;
  if (mask.defined()) {
    DimVector scores = lead;
    scores.push_back(q.size(2));
    scores.push_back(k.size(2));
    mask = mask.detach().expand(scores);
    while (mask.dim() < 4) mask = mask.unsqueeze(0);
    if (mask.dim() > 4) mask = mask.reshape({-1, mask.size(-3), mask.size(-2), mask.size(-1)});
  }
  Tensor out = make_tensor({q.size(0), q.size(1), q.size(2), v.size(3)}, q.scalar_type()),
         lse = make_tensor({q.size(0), q.size(1), q.size(2)}, q.scalar_type());
  kernels(q.device()).attention(out, lse, q, k, v, mask, args);
  return autograd::record("scaled_dot_product_attention", out, {&q, &k, &v}, [&] {
    return [q = Saved(q), k = Saved(k), v = Saved(v), mask = Saved(mask), out = SavedOutput(out), lse,
            args](const Tensor& g) {
      const Tensor a = *q, b = *k, c = *v, m = *mask;
      if (GradMode::is_enabled()) {
        // Aliases, so that each gradient counts one input's own part.
        const std::vector<Tensor> in{a.alias(), b.alias(), c.alias()};
        std::vector<Tensor> wanted;
        for (const Tensor& t : in)
          if (t.requires_grad()) wanted.push_back(t);
        const Tensor y = composed(in[0], in[1], in[2], m, 0, args.causal, args.scale);
        std::vector<Tensor> got = autograd::grad({y}, wanted, {g}, true, true);
        Grads grads(3);
        for (size_t i = 0, at = 0; i < 3; ++i)
          if (in[i].requires_grad()) grads[i] = got[at++];
        return grads;
      }
      Grads grads{make_tensor(a.sizes(), a.scalar_type()), make_tensor(b.sizes(), a.scalar_type()),
                  make_tensor(c.sizes(), a.scalar_type())};
      kernels(a.device()).attention_backward(grads[0], grads[1], grads[2], g.contiguous(), *out, lse, a, b, c, m, args);
      return grads;
    };
  });
}

}  // namespace

/// softmax(scale * query key^T + attn_mask) value. query [*, L, E], key [*, S, E], value [*, S, D]; leading dimensions
/// broadcast. attn_mask broadcasts to [*, L, S]: bool (true takes part) or added. is_causal: query i sees keys 0 to i.
/// scale: 1 / sqrt(E) unless given. Takes O(L + S) memory, but for dropout, halves, a mask's gradient and second
/// derivatives.
//:
Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                    const Tensor& attn_mask /* = {} */, double dropout_p /* = 0 */,
                                    bool is_causal /* = false */, std::optional<double> scale /* = std::nullopt */) {
  if (autocast::lowers({&query, &key, &value}))
    return scaled_dot_product_attention(
        autocast::lowered(query), autocast::lowered(key), autocast::lowered(value),
        attn_mask.defined() && attn_mask.scalar_type() == kFloat ? autocast::lowered(attn_mask) : attn_mask, dropout_p,
        is_causal, scale);
  const Problem problem = check(query, key, value, attn_mask, dropout_p, is_causal);
  const double factor = scale ? *scale : 1 / std::sqrt(static_cast<double>(std::max<int64_t>(1, query.size(-1))));
  if (!problem.fused || query.numel() == 0 || checked_numel("attention", problem.lead) == 0)
    return composed(query, key, value, attn_mask, dropout_p, is_causal, factor);
  const Tensor out = fused(query, key, value, attn_mask, {factor, is_causal}, problem.lead);
  DimVector sizes = problem.lead;
  sizes.push_back(query.size(-2));
  sizes.push_back(value.size(-1));
  return out.reshape(sizes);
}

}  // namespace hearth
