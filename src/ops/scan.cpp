// Running sums, products and extremes, and softmax.
#include "ops/reduce.h"

namespace hearth {

namespace {
Tensor scanned(ScanOp op, const Tensor& x, int64_t dim) {
  Tensor y = make_tensor(x.sizes(), x.scalar_type());
  kernels(x.device()).scan(op, y, Tensor(), x, dim);
  return y;
}
/// The in-place form of a running sum or product of bools stays a bool, which a Long is no candidate for.
bool stays_bool(const char* name, const Tensor& x, std::optional<ScalarType> dtype) {
  const autograd::Destination& d = autograd::t_state.destination;
  return x.scalar_type() == kBool && !dtype && d.in_place && d.name == std::string_view(name) && d.target == impl(x);
}
Tensor reverse_cumsum(const Tensor& g, int64_t dim) { return g.flip({dim}).cumsum(dim).flip({dim}); }
}  // namespace
/// Running sums along dim.
//: method inplace out dimname
Tensor cumsum(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype /* = std::nullopt */) {
  checked_impl("cumsum", self);
  if (stays_bool("cumsum", self, dtype)) return cumsum(self, dim, kLong).to(kBool);
  const Tensor x = cast(self, sum_dtype(self, dtype));
  dim = wrap_dim("cumsum", dim, x.dim());
  return autograd::record("cumsum", scanned(ScanOp::cumsum, x, dim), {&x},
                          [&] { return [dim](const Tensor& g) { return g.dim() == 0 ? g : reverse_cumsum(g, dim); }; });
}
/// Running products along dim.
//: method inplace out dimname
Tensor cumprod(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype /* = std::nullopt */) {
  checked_impl("cumprod", self);
  if (stays_bool("cumprod", self, dtype)) return cumprod(self, dim, kLong).to(kBool);
  const Tensor x = cast(self, sum_dtype(self, dtype));
  dim = wrap_dim("cumprod", dim, x.dim());
  return autograd::record("cumprod", scanned(ScanOp::cumprod, x, dim), {&x}, [&] {
    return [dim, x = autograd::Saved(x)](const Tensor& g) {
      const Tensor in = *x;
      if (in.dim() == 0 || in.numel() == 0) return g;
      // d y_j / d x_i for j >= i is the product of all x_k with k <= j and k != i, exact with zeros as well.
      std::vector<Tensor> parts;
      for (int64_t i = 0; i < in.size(dim); ++i) {
        const Tensor before = i > 0 ? in.narrow(dim, 0, i).prod(dim, true) : ones_like(in.narrow(dim, 0, 1));
        const Tensor after = in.narrow(dim, i + 1, in.size(dim) - i - 1);
        const Tensor factors = cat({before, after}, dim).cumprod(dim);
        parts.push_back((g.narrow(dim, i, in.size(dim) - i) * factors).sum(dim, true));
      }
      return cat(parts, dim);
    };
  });
}
/// log of the running sums of exp along dim.
//: method out dimname
Tensor logcumsumexp(const Tensor& self, int64_t dim) {
  checked_impl("logcumsumexp", self);
  check_floating("logcumsumexp", self);
  dim = wrap_dim("logcumsumexp", dim, self.dim());
  Tensor y = scanned(ScanOp::logcumsumexp, self, dim);
  return autograd::record("logcumsumexp", y, {&self}, [&] {
    return [dim, x = autograd::Saved(self), y = autograd::SavedOutput(y)](const Tensor& g) {
      const Tensor in = *x, out = *y;
      if (in.dim() == 0) return g;
      if (GradMode::is_enabled()) return in.exp() * reverse_cumsum(g * (-out).exp(), dim);
      // sum over j >= i of g_j exp(x_i - y_j), each sign of g apart so that logarithms exist.
      const auto part = [&](const Tensor& positive) {
        return ((positive.log() - out).flip({dim}).logcumsumexp(dim).flip({dim}) + in).exp();
      };
      return part(g.clamp_min(0)) - part((-g).clamp_min(0));
    };
  });
}
namespace {
std::tuple<Tensor, Tensor> running_extreme(ScanOp op, const char* name, const Tensor& self, int64_t dim) {
  checked_impl(name, self);
  dim = wrap_dim(name, dim, self.dim());
  Tensor y = make_tensor(self.sizes(), self.scalar_type()), indices = make_tensor(self.sizes(), kLong);
  kernels(self.device()).scan(op, y, indices, self, dim);
  autograd::record(name, {&y, &indices}, {&self}, [&] {
    return [dim, places = indices.detach()](const autograd::Grads& g) {
      if (!g[0].defined()) return autograd::Grads(1);
      return autograd::Grads{zeros_like(g[0]).scatter_add(dim, places, g[0])};
    };
  });
  return {y, indices};
}
}  // namespace
/// Running maxima along dim and where they stand.
//: method dimname
std::tuple<Tensor, Tensor> cummax(const Tensor& self, int64_t dim) {
  return running_extreme(ScanOp::cummax, "cummax", self, dim);
}
//: method dimname
std::tuple<Tensor, Tensor> cummin(const Tensor& self, int64_t dim) {
  return running_extreme(ScanOp::cummin, "cummin", self, dim);
}

namespace {
Tensor softmax_of(const char* name, const Tensor& self, int64_t dim, std::optional<ScalarType> dtype, bool log) {
  checked_impl(name, self);
  const Tensor x = dtype ? cast(self, *dtype) : autocast::raises(self) ? autocast::raised(self) : self;
  check_floating(name, x);
  dim = wrap_dim(name, dim, x.dim());
  Tensor y = make_tensor(x.sizes(), x.scalar_type());
  kernels(x.device()).softmax(y, x, dim, log);
  return autograd::record(name, y, {&x}, [&] {
    return [y = autograd::SavedOutput(y), dim, log](const Tensor& g) -> Tensor {
      const Tensor s = *y;
      if (GradMode::is_enabled())
        return log ? g - s.exp() * g.sum(dim, /*keepdim=*/true) : s * (g - (g * s).sum(dim, /*keepdim=*/true));
      Tensor gx = make_tensor(s.sizes(), s.scalar_type());
      kernels(s.device()).softmax_backward(gx, g, s, dim, log);
      return gx;
    };
  });
}
}  // namespace
/// exp(self) divided by its sum along dim.
//: method out dimname
Tensor softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype /* = std::nullopt */) {
  return softmax_of("softmax", self, dim, dtype, false);
}
/// The logarithm of softmax, exact for small probabilities.
//: method out dimname
Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype /* = std::nullopt */) {
  return softmax_of("log_softmax", self, dim, dtype, true);
}

}  // namespace hearth
