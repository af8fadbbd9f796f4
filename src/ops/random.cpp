// Random numbers. Same seed, same numbers as PyTorch; masks by the million take one draw as the key of a Philox stream.
#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "base/rng.h"
#include "ops/executors.h"

namespace hearth {

namespace {

GeneratorImpl& pick(const std::optional<Generator>& generator) {
  return generator_or_default(generator ? &*generator : nullptr);
}

/// x with its dimensions in the order of memory, in which PyTorch gives a tensor its numbers.
Tensor in_memory_order(const Tensor& x) {
  if (x.is_contiguous()) return x;
  SmallVector<size_t, 5> order;
  for (size_t d = 0; d < x.sizes().size(); ++d) order.push_back(d);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return x.strides()[a] > x.strides()[b]; });
  DimVector sizes, strides;
  for (const size_t d : order) {
    sizes.push_back(x.sizes()[d]);
    strides.push_back(x.strides()[d]);
  }
  return make_alias(x, sizes, strides, x.storage_offset());
}

/// A write of numbers by draw(generator, out): the history of self ends here.
template <class Draw>
Tensor& draw_into(const char* op, const Tensor& self, const std::optional<Generator>& generator, Draw&& draw) {
  checked_impl(op, self);
  const bool recording = autograd::should_record({&self});
  autograd::check_in_place(op, self, recording);
  if (may_overlap_itself(self.sizes(), self.strides()))
    fail("[{}_] the tensor written to has several elements at one place in memory; clone it first", op);
  {
    GeneratorImpl& g = pick(generator);
    const std::lock_guard lock(g.lock);
    draw(g, in_memory_order(self));
  }
  autograd::wrote_in_place(op, self);
  if (recording)
    autograd::rebase_history(self, autograd::make_node(op, {&self}, [](const Tensor&) { return Tensor(); }));
  return const_cast<Tensor&>(self);
}

Tensor& draw_numbers(DrawOp op, const char* name, const Tensor& self, double a, double b,
                     const std::optional<Generator>& generator) {
  const Tensor first = full({}, a, kDouble), second = full({}, b, kDouble);
  return draw_into(name, self, generator,
                   [&](GeneratorImpl& g, const Tensor& out) { kernels(kCPU).draw(op, out, first, second, g); });
}

uint64_t draw_key(const std::optional<Generator>& generator) {
  GeneratorImpl& g = pick(generator);
  const std::lock_guard lock(g.lock);
  return g.random64();
}

TensorOptions without_grad(const TensorOptions& o) { return o.requires_grad(std::nullopt); }
Tensor with_grad(const Tensor& t, const TensorOptions& o) { return t.set_requires_grad(o.requires_grad()); }

}  // namespace

/// Uniform numbers of [from, to).
//: method only
Tensor& method_uniform_(const Tensor& self, double from /* = 0 */, double to /* = 1 */,
                        std::optional<Generator> generator /* = std::nullopt */) {
  checked_impl("uniform_", self);
  check_floating("uniform_", self);
  if (!(from <= to)) fail("[uniform_] expects to return a [from, to) range, but found from={} > to={}", from, to);
  return draw_into("uniform", self, generator,
                   [&](GeneratorImpl& g, const Tensor& out) { kernels(kCPU).uniform(out, from, to, g); });
}
/// Numbers of the normal distribution.
//: method only
Tensor& method_normal_(const Tensor& self, double mean /* = 0 */, double std /* = 1 */,
                       std::optional<Generator> generator /* = std::nullopt */) {
  checked_impl("normal_", self);
  check_floating("normal_", self);
  if (!(std >= 0)) fail("[normal_] expects std >= 0.0, but found std {}", std);
  return draw_into("normal", self, generator,
                   [&](GeneratorImpl& g, const Tensor& out) { kernels(kCPU).normal(out, mean, std, g); });
}
/// Numbers of the exponential distribution with rate lambd.
//: method only
Tensor& method_exponential_(const Tensor& self, double lambd /* = 1 */,
                            std::optional<Generator> generator /* = std::nullopt */) {
  checked_impl("exponential_", self);
  check_floating("exponential_", self);
  if (!(lambd > 0)) fail("[exponential_] expects lambda > 0.0, but found lambda={}", lambd);
  return draw_numbers(DrawOp::exponential, "exponential", self, lambd, 0, generator);
}
/// Numbers of the Cauchy distribution with this median and half width at half height.
//: method only
Tensor& method_cauchy_(const Tensor& self, double median /* = 0 */, double sigma /* = 1 */,
                       std::optional<Generator> generator /* = std::nullopt */) {
  checked_impl("cauchy_", self);
  check_floating("cauchy_", self);
  if (!(sigma > 0)) fail("[cauchy_] expects sigma > 0.0, but found sigma={}", sigma);
  return draw_numbers(DrawOp::cauchy, "cauchy", self, median, sigma, generator);
}
/// e to the power of normal numbers; mean and std are those of the normal numbers.
//: method only
Tensor& method_log_normal_(const Tensor& self, double mean /* = 1 */, double std /* = 2 */,
                           std::optional<Generator> generator /* = std::nullopt */) {
  checked_impl("log_normal_", self);
  check_floating("log_normal_", self);
  if (!(std > 0)) fail("[log_normal_] expects std > 0.0, but found std={}", std);
  return draw_numbers(DrawOp::log_normal, "log_normal", self, mean, std, generator);
}
/// How many trials of probability p it takes up to the first success, at least 1. Integers too.
//: method only
Tensor& method_geometric_(const Tensor& self, double p, std::optional<Generator> generator /* = std::nullopt */) {
  checked_impl("geometric_", self);
  if (self.scalar_type() == kBool)
    throw DtypeError("[geometric_] self is Bool but must hold numbers; convert it with .to(kLong)", kBool);
  if (!(p > 0 && p < 1)) fail("[geometric_] expects p to be in (0, 1), but got p={}", p);
  return draw_numbers(DrawOp::geometric, "geometric", self, p, 0, generator);
}
/// Integers of [from, to).
//: method only
Tensor& method_random_(const Tensor& self, int64_t from, std::optional<int64_t> to,
                       std::optional<Generator> generator /* = std::nullopt */) {
  checked_impl("random_", self);
  const int64_t end = to.value_or(INT64_MAX);
  if (from >= end) fail("[random_] expects 'from' to be less than 'to', but got from={} >= to={}", from, end);
  const uint64_t range = static_cast<uint64_t>(end) - static_cast<uint64_t>(from) + (to ? 0 : 1);
  return draw_into("random", self, generator,
                   [&](GeneratorImpl& g, const Tensor& out) { kernels(kCPU).random_integers(out, from, range, g); });
}
//: method only
Tensor& method_random_(const Tensor& self, int64_t to, std::optional<Generator> generator /* = std::nullopt */) {
  return self.random_(0, std::optional<int64_t>(to), generator);
}
/// Integers from 0 to the largest that the dtype holds exactly.
//: method only
Tensor& method_random_(const Tensor& self, std::optional<Generator> generator /* = std::nullopt */) {
  checked_impl("random_", self);
  int64_t top = INT64_MAX;
  switch (self.scalar_type()) {
    case kFloat: top = int64_t{1} << 24; break;
    case kDouble: top = int64_t{1} << 53; break;
    case kHalf: top = int64_t{1} << 11; break;
    case kBFloat16: top = int64_t{1} << 8; break;
    case kBool: top = 1; break;
    case kByte: top = 255; break;
    case kChar: top = 127; break;
    case kShort: top = 32767; break;
    case kUInt16: top = 65535; break;
    case kInt: top = INT32_MAX; break;
    case kLong:
    case ScalarType::Undefined: break;
  }
  const uint64_t range = static_cast<uint64_t>(top) + 1;
  return draw_into("random", self, generator,
                   [&](GeneratorImpl& g, const Tensor& out) { kernels(kCPU).random_integers(out, 0, range, g); });
}

namespace {
void check_probability(const char* op, double p) {
  if (!(p >= 0 && p <= 1)) fail("[{}] probability has to be between 0 and 1, but got {}", op, p);
}
Tensor bernoulli_of(const Tensor& p, const std::optional<Generator>& generator, ScalarType dtype) {
  Tensor y = make_tensor(p.sizes(), dtype);
  kernels(kCPU).bernoulli(y, p, draw_key(generator));
  return y;
}
}  // namespace
/// 1 with the probability that self holds, else 0.
//: method
Tensor bernoulli(const Tensor& self, std::optional<Generator> generator /* = std::nullopt */) {
  checked_impl("bernoulli", self);
  check_floating("bernoulli", self);
  const Tensor p = isReducedFloatingType(self.scalar_type()) ? self.detach().to(kFloat) : self.detach();
  if (p.numel() > 0 && !logical_and(p.ge(0), p.le(1)).all().item<bool>())
    fail("[bernoulli] a probability is not in [0, 1]");
  Tensor y = bernoulli_of(p, generator, self.scalar_type());
  return autograd::record("bernoulli", y, {&self}, [] { return [](const Tensor& g) { return zeros_like(g); }; });
}
//: method
Tensor bernoulli(const Tensor& self, double p, std::optional<Generator> generator /* = std::nullopt */) {
  checked_impl("bernoulli", self);
  check_probability("bernoulli", p);
  return bernoulli_of(full({}, p, kDouble).expand(self.sizes()), generator, self.scalar_type());
}
//: method only
Tensor& method_bernoulli_(const Tensor& self, double p /* = 0.5 */,
                          std::optional<Generator> generator /* = std::nullopt */) {
  checked_impl("bernoulli_", self);
  check_probability("bernoulli_", p);
  const uint64_t key = draw_key(generator);
  return draw_into("bernoulli", self, generator,
                   [&](GeneratorImpl&, const Tensor&) { kernels(kCPU).bernoulli(self, full({}, p, kDouble), key); });
}

namespace {
/// A tensor like x, drawn with the parameters a and b, which have no gradient.
Tensor counts(DrawOp op, const char* name, const Tensor& x, const Tensor& a, const Tensor& b,
              const std::optional<Generator>& generator) {
  Tensor y = make_tensor(x.sizes(), x.scalar_type());
  {
    GeneratorImpl& g = pick(generator);
    const std::lock_guard lock(g.lock);
    kernels(kCPU).draw(op, y, a.detach().to(kDouble), b.detach().to(kDouble), g);
  }
  return autograd::record(name, y, {&x}, [] { return [](const Tensor& g) { return zeros_like(g); }; });
}
void check_range(const char* op, const char* what, const Tensor& x, double most) {
  if (!logical_and(x.ge(0), x.le(most)).all().item<bool>())
    fail("[{}] a {} is not in [0, {}]; check what computes it", op, what, most);
}
}  // namespace
/// Numbers of the Poisson distributions whose rates self holds, up to 2^53.
//:
Tensor poisson(const Tensor& self, std::optional<Generator> generator /* = std::nullopt */) {
  checked_impl("poisson", self);
  check_floating("poisson", self);
  check_range("poisson", "rate", self.detach(), 0x1p53);
  return counts(DrawOp::poisson, "poisson", self, self, full({}, 0, kDouble), generator);
}
/// Successes among `count` trials of probability prob, element by element; both of one shape and floating dtype.
//:
Tensor binomial(const Tensor& count, const Tensor& prob, std::optional<Generator> generator /* = std::nullopt */) {
  checked_impl("binomial", count);
  checked_impl("binomial", prob);
  check_floating("binomial", prob);
  if (count.scalar_type() != prob.scalar_type())
    throw DtypeError(fmt::format("[binomial] count is {} but prob is {}; convert one with .to()", count.scalar_type(),
                                 prob.scalar_type()),
                     count.scalar_type(), prob.scalar_type());
  const DimVector sizes = broadcast_sizes("binomial", count.sizes(), prob.sizes());
  const Tensor p = prob.expand(sizes);
  check_range("binomial", "count", count.detach(), 0x1p53);
  check_range("binomial", "probability", prob.detach(), 1);
  return counts(DrawOp::binomial, "binomial", p, count.expand(sizes), p, generator);
}

/// Elements are zeroed with probability p and the others divided by 1 - p, where train is true.
//: inplace
Tensor dropout(const Tensor& self, double p, bool train) {
  checked_impl("dropout", self);
  if (!(p >= 0 && p <= 1)) fail("[dropout] probability has to be between 0 and 1, but got {}", p);
  if (!train || p == 0 || self.numel() == 0) return self;
  check_floating("dropout", self);
  if (p == 1) return self * 0;
  Tensor y = make_tensor(self.sizes(), self.scalar_type()), mask = make_tensor(self.sizes(), kBool);
  kernels(kCPU).dropout(y, mask, self, p, draw_key(std::nullopt));
  return autograd::record("dropout", y, {&self}, [&] {
    return [mask = autograd::Saved(mask), scale = 1 / (1 - p)](const Tensor& g) {
      const Tensor keep = *mask;
      if (GradMode::is_enabled()) return g * keep * scale;
      Tensor gx = make_tensor(g.sizes(), g.scalar_type());
      kernels(kCPU).ternary(TernaryOp::masked_scale, gx, g, keep, Tensor(), {{scale}});
      return gx;
    };
  });
}
/// Whole channels (dimension 1) are zeroed with probability p.
//: inplace
Tensor feature_dropout(const Tensor& self, double p, bool train) {
  checked_impl("feature_dropout", self);
  check_probability("feature_dropout", p);
  if (!train || p == 0 || self.numel() == 0) return self;
  if (self.dim() < 2)
    fail<ShapeError>("[feature_dropout] channels are dimension 1, but the shape is {}", shape_text(self.sizes()));
  DimVector sizes(static_cast<size_t>(self.dim()), 1);
  sizes[0] = self.size(0);
  sizes[1] = self.size(1);
  const Tensor keep = bernoulli_of(full({}, 1 - p, kDouble).expand(sizes), std::nullopt, self.scalar_type());
  return self * (p == 1 ? keep : keep / (1 - p));
}

/// num_samples indices of each row, drawn with probabilities in proportion to the row.
//: method
Tensor multinomial(const Tensor& self, int64_t num_samples, bool replacement /* = false */,
                   std::optional<Generator> generator /* = std::nullopt */) {
  checked_impl("multinomial", self);
  check_floating("multinomial", self);
  if (self.dim() < 1 || self.dim() > 2)
    fail<ShapeError>("[multinomial] a vector or a matrix of weights is expected, but the shape is {}",
                     shape_text(self.sizes()));
  const int64_t categories = self.size(-1);
  if (num_samples <= 0) fail("[multinomial] cannot sample n_sample <= 0 samples (got {})", num_samples);
  if (!replacement && num_samples > categories)
    fail("[multinomial] cannot sample {} of {} categories without replacement", num_samples, categories);
  const NoGradGuard no_grad;
  const Tensor weights = self.detach();
  if (!logical_and(weights.isfinite(), weights.ge(0)).all().item<bool>())
    fail("[multinomial] probability tensor contains either inf, nan or element < 0");
  if (weights.sum(-1).eq(0).any().item<bool>())
    fail("[multinomial] invalid multinomial distribution (sum of probabilities <= 0)");
  if (!replacement || num_samples == 1) {  // the race of exponential clocks, as PyTorch runs it
    Tensor q = empty_like(weights).exponential_(1, generator);
    q = weights / q;
    if (num_samples == 1) return q.argmax(-1, /*keepdim=*/true);
    return std::get<1>(q.topk(num_samples, -1));
  }
  const Tensor rows = weights.reshape({-1, categories}).to(kDouble).contiguous();
  const Tensor cumulative = (rows / rows.sum(-1, true)).cumsum(-1).contiguous();
  Tensor out = make_tensor({rows.size(0), num_samples}, kLong);
  Tensor u = empty({rows.size(0), num_samples}, kDouble).uniform_(0, 1, generator);
  for (int64_t r = 0; r < rows.size(0); ++r) {
    const double* c = cumulative.data_ptr<double>() + r * categories;
    for (int64_t s = 0; s < num_samples; ++s) {
      const double draw = u.data_ptr<double>()[r * num_samples + s];
      int64_t i = std::lower_bound(c, c + categories, draw) - c;
      i = std::min(i, categories - 1);
      while (i > 0 && rows.data_ptr<double>()[r * categories + i] == 0) --i;
      out.data_ptr<int64_t>()[r * num_samples + s] = i;
    }
  }
  return self.dim() == 1 ? out.squeeze(0) : out;
}

Tensor rand(IntArrayRef size, const TensorOptions& options) { return rand(size, std::optional<Generator>(), options); }
Tensor rand(IntArrayRef size, std::optional<Generator> generator, const TensorOptions& options) {
  return with_grad(empty(size, without_grad(options)).uniform_(0, 1, generator), options);
}
Tensor rand_like(const Tensor& self, const TensorOptions& options, std::optional<MemoryFormat> format) {
  return with_grad(empty_like(self, without_grad(options), format).uniform_(), options);
}
Tensor randn(IntArrayRef size, const TensorOptions& options) {
  return randn(size, std::optional<Generator>(), options);
}
Tensor randn(IntArrayRef size, std::optional<Generator> generator, const TensorOptions& options) {
  return with_grad(empty(size, without_grad(options)).normal_(0, 1, generator), options);
}
Tensor randn_like(const Tensor& self, const TensorOptions& options, std::optional<MemoryFormat> format) {
  return with_grad(empty_like(self, without_grad(options), format).normal_(), options);
}
Tensor randint(int64_t high, IntArrayRef size, const TensorOptions& options) {
  return randint(0, high, size, std::nullopt, options);
}
Tensor randint(int64_t low, int64_t high, IntArrayRef size, const TensorOptions& options) {
  return randint(low, high, size, std::nullopt, options);
}
Tensor randint(int64_t high, IntArrayRef size, std::optional<Generator> generator, const TensorOptions& options) {
  return randint(0, high, size, std::move(generator), options);
}
Tensor randint(int64_t low, int64_t high, IntArrayRef size, std::optional<Generator> generator,
               const TensorOptions& options) {
  const TensorOptions o = options.has_dtype() ? options : options.dtype(kLong);
  return with_grad(empty(size, without_grad(o)).random_(low, std::optional<int64_t>(high), generator), o);
}
Tensor randint_like(const Tensor& self, int64_t high, const TensorOptions& options) {
  return randint_like(self, 0, high, options);
}
Tensor randint_like(const Tensor& self, int64_t low, int64_t high, const TensorOptions& options) {
  return empty_like(self, options).random_(low, std::optional<int64_t>(high));
}
Tensor randperm(int64_t n, const TensorOptions& options) { return randperm(n, std::nullopt, options); }
Tensor randperm(int64_t n, std::optional<Generator> generator, const TensorOptions& options) {
  if (n < 0) fail("[randperm] n is {}; it must not be negative", n);
  const TensorOptions o = options.has_dtype() ? options : options.dtype(kLong);
  Tensor t = empty({n}, without_grad(o));
  draw_into("randperm", t, generator, [&](GeneratorImpl& g, const Tensor& out) { kernels(kCPU).randperm(out, g); });
  return with_grad(t, o);
}
Tensor normal(double mean, double std, IntArrayRef size, std::optional<Generator> generator,
              const TensorOptions& options) {
  return with_grad(empty(size, without_grad(options)).normal_(mean, std, generator), options);
}
Tensor normal(const Tensor& mean, double std, std::optional<Generator> generator) {
  return empty_like(mean).normal_(0, std, generator) + mean.detach();
}
Tensor normal(double mean, const Tensor& std, std::optional<Generator> generator) {
  return empty_like(std).normal_(0, 1, generator) * std.detach() + mean;
}
Tensor normal(const Tensor& mean, const Tensor& std, std::optional<Generator> generator) {
  const DimVector sizes = broadcast_sizes("normal", mean.sizes(), std.sizes());
  return empty(sizes, mean.options()).normal_(0, 1, generator) * std.detach() + mean.detach();
}

}  // namespace hearth
