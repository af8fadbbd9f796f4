// A function of tensors once more: in float, from memory with gaps, for one sample, for none. For programs that print
// what both libraries compute.
#pragma once

#include <torch/torch.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <vector>

namespace variants {

using torch::Tensor;
using Tensors = std::vector<Tensor>;
using Function = std::function<Tensor(const Tensors&)>;

struct Result {
  Tensor value;
  Tensors grads;  // of the inputs, then of the parameters; undefined ones are left out
};

/// Both libraries' sums of many terms may differ in the last bits; what is told of them here doesn't.
inline double sum_of(const Tensor& t) {
  const Tensor flat = t.detach().to(torch::kDouble).reshape({-1});
  return (flat * (torch::arange(flat.numel(), torch::kDouble) * 0.61).cos()).sum().item<double>();
}
inline void print(const char* name, const char* what, const Tensor& t) {
  std::printf("%s %s", name, what);
  for (const auto s : t.sizes()) std::printf(" %d", static_cast<int>(s));
  const double sum = sum_of(t);
  std::isnan(sum) ? std::printf(" : nan\n") : std::printf(" : %.9g\n", sum);
}

struct Options {
  int64_t batch = 0;          // the dimension that counts the samples; -1: there is none
  size_t differentiable = 9;  // so many of the inputs, the first ones, get gradients where they are floating
  bool none = true;           // false: LibTorch refuses to be called without samples, or crashes
  std::function<Tensors()> parameters = [] { return Tensors(); };
};

inline Result run(const Function& f, const Tensors& inputs, const Options& o) {
  Tensors x, leaves;
  for (const Tensor& t : inputs) {
    x.push_back(t.detach());
    if (!t.is_floating_point() || x.size() > o.differentiable) continue;
    x.back().requires_grad_();
    leaves.push_back(x.back());
  }
  Result r{f(x), {}};
  if (!r.value.requires_grad()) return r;
  for (const Tensor& p : o.parameters()) leaves.push_back(p);
  const Tensor weights =
      (torch::arange(r.value.numel(), torch::kDouble) * 0.37).sin().view(r.value.sizes()).to(r.value.scalar_type());
  for (const Tensor& g : torch::autograd::grad({(r.value * weights).sum()}, leaves, {}, false, false, true))
    if (g.defined()) r.grads.push_back(g);
  return r;
}

inline bool near(const Tensor& a, const Tensor& b, double tolerance) {
  const Tensor x = a.detach().to(torch::kDouble), y = b.detach().to(torch::kDouble);
  return a.sizes() == b.sizes() && torch::allclose(x, y, tolerance, tolerance * (1 + y.abs().max().item<double>()));
}
inline bool near(const Result& a, const Result& b, double tolerance) {
  bool same = a.grads.size() == b.grads.size() && near(a.value, b.value, tolerance);
  for (size_t i = 0; same && i < a.grads.size(); ++i) same = near(a.grads[i], b.grads[i], tolerance);
  return same;
}

/// The first `count` samples of every input that has as many as the first one.
inline Tensors samples(const Tensors& inputs, int64_t dim, int64_t count) {
  Tensors some;
  for (const Tensor& t : inputs)
    some.push_back(t.dim() > dim && t.size(dim) == inputs[0].size(dim) ? t.narrow(dim, 0, count).clone() : t);
  return some;
}

/// f takes inputs of any floating dtype.
inline void check(const char* name, const Function& f, const Tensors& inputs, const Options& o = Options()) {
  const Result whole = run(f, inputs, o);
  Tensors low, gaps;
  for (const Tensor& t : inputs) {
    low.push_back(t.is_floating_point() ? t.to(torch::kFloat) : t);
    gaps.push_back(torch::stack({t, t}, -1).select(-1, 0));
  }
  std::printf("%s gaps %s\n", name, near(run(f, gaps, o), whole, 1e-9) ? "as without" : "differ");
  std::printf("%s float %s\n", name, near(run(f, low, o), whole, 2e-3) ? "as double" : "differs");
  for (const int64_t count : {1, 0}) {
    if (o.batch < 0 || (count == 0 && !o.none)) continue;
    const char* what = count == 1 ? "one" : "none";
    try {
      const Result r = run(f, samples(inputs, o.batch, count), o);
      print(name, what, r.value);
      for (const Tensor& g : r.grads) print(name, what, g);
    } catch (const std::exception&) {
      std::printf("%s %s : refused\n", name, what);
    }
  }
  run(f, inputs, o);  // modules are left in double
}

}  // namespace variants
