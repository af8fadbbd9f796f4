#include "api_fuzz/draw.h"

#include <algorithm>
#include <array>
#include <limits>

namespace hearth::api_fuzz {

namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min(), kMax = std::numeric_limits<int64_t>::max();
constexpr std::array<int64_t, 18> kExtreme = {kMin,
                                              kMin + 1,
                                              -(int64_t{1} << 62),
                                              -(int64_t{1} << 31),
                                              -(int64_t{1} << 31) - 1,
                                              -1000,
                                              -64,
                                              32,
                                              63,
                                              64,
                                              1000,
                                              65536,
                                              (int64_t{1} << 31) - 1,
                                              int64_t{1} << 31,
                                              int64_t{1} << 40,
                                              int64_t{1} << 62,
                                              kMax - 1,
                                              kMax};
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();
constexpr std::array<double, 14> kExtremeReals = {kNaN,   kInf, -kInf,  -0.0,    1e308, -1e308,       5e-324,
                                                  1e-300, 1e38, 9.3e18, -9.3e18, 1e-7,  4294967296.0, -1e10};
constexpr std::array<const char*, 34> kWords = {
    "none",  "mean",   "sum",       "reduce",   "reflect",      "constant", "replicate",   "circular", "linear",
    "lower", "higher", "nearest",   "midpoint", "amax",         "amin",     "prod",        "trunc",    "floor",
    "tanh",  "ij",     "xy",        "reduced",  "complete",     "r",        "fro",         "nuc",      "",
    "L",     "U",      "ij,jk->ik", "i,i->",    "...ij->...ji", "ii->i",    "no such word"};
constexpr std::array<ScalarType, 10> kDtypes = {kFloat, kDouble, kLong, kInt,  kShort,
                                                kChar,  kByte,   kBool, kHalf, kBFloat16};

}  // namespace

Draw::Draw(uint64_t seed) : random_(seed) {
  base_.resize(static_cast<size_t>(chance(0.05) ? pick(6, 9) : pick(0, 4)));
  for (int64_t& size : base_) size = chance(0.06) ? 0 : chance(0.15) ? 1 : pick(2, 6);
  base_dtype_ = usual_dtype();
}

bool Draw::chance(double p) { return std::uniform_real_distribution<double>(0, 1)(random_) < p; }
int64_t Draw::pick(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random_); }
void Draw::say(const std::string& what) { text_ += (text_.empty() ? "" : ", ") + what; }

ScalarType Draw::usual_dtype() {
  return chance(0.5) ? kFloat : chance(0.5) ? kDouble : kDtypes[static_cast<size_t>(pick(0, 9))];
}

std::vector<int64_t> Draw::shape() {
  std::vector<int64_t> sizes = base_;
  const double p = std::uniform_real_distribution<double>(0, 1)(random_);
  if (p < 0.55) return sizes;
  if (p < 0.67) {  // broadcasts with the base
    for (int64_t& size : sizes)
      if (chance(0.4)) size = 1;
    if (!sizes.empty() && chance(0.4)) sizes.erase(sizes.begin());
  } else if (p < 0.77 && sizes.size() >= 2) {
    std::swap(sizes[sizes.size() - 1], sizes[sizes.size() - 2]);
  } else if (p < 0.84) {
    sizes.resize(sizes.empty() ? 0 : 1);
  } else if (p < 0.9 && !sizes.empty()) {
    sizes = {sizes[static_cast<size_t>(pick(0, static_cast<int64_t>(sizes.size()) - 1))]};
  } else {
    sizes.resize(static_cast<size_t>(pick(0, 5)));
    for (int64_t& size : sizes) size = chance(0.1) ? 0 : pick(1, 7);
  }
  return sizes;
}

Tensor Draw::filled(const std::vector<int64_t>& sizes, ScalarType dtype) {
  const NoGradGuard no_grad;
  Tensor t = empty(sizes, kDouble);
  double* x = t.data_ptr<double>();
  const bool counts = chance(0.3), positive = chance(0.3), special = chance(0.1);
  for (int64_t i = 0; i < t.numel(); ++i) {
    x[i] = std::uniform_real_distribution<double>(positive ? 0 : -3, 3)(random_);
    if (counts) x[i] = static_cast<double>(pick(positive ? 0 : -2, 4));
    if (special && chance(0.3)) x[i] = kExtremeReals[static_cast<size_t>(pick(0, 13))];
  }
  Tensor y = t.to(dtype);
  if (dtype == kLong && special)
    for (int64_t i = 0; i < y.numel(); ++i)
      if (chance(0.3)) y.data_ptr<int64_t>()[i] = kExtreme[static_cast<size_t>(pick(0, 17))];
  return y;
}

/// Other strides: transposed, every second element, expanded, or windows that overlap.
Tensor Draw::laid_out(Tensor t) {
  if (t.dim() == 0 || !chance(0.4)) return t;
  switch (pick(0, 4)) {
    case 0: return t.transpose(0, -1);
    case 1: return t.slice(pick(0, t.dim() - 1), 0, std::nullopt, 2);
    case 2: return t.narrow(0, 0, 1).expand(t.sizes());
    case 3: {
      const int64_t n = t.numel();
      return n < 3 ? t : t.reshape({-1}).as_strided({n - 2, 3}, {1, 1});
    }
    default: return t.select(-1, 0);
  }
}

Tensor Draw::described(Tensor t) {
  say(t.defined() ? std::string(toString(t.scalar_type())) + to_string(t.sizes()) + " strides " +
                        to_string(t.strides()) + (t.requires_grad() ? " grad" : "")
                  : "undefined");
  made_.push_back(t);
  return t;
}

Tensor Draw::tensor() {
  if (chance(0.02)) return described(Tensor());
  if (!made_.empty() && chance(0.08)) {  // the same memory again
    const Tensor other = made_[static_cast<size_t>(pick(0, static_cast<int64_t>(made_.size()) - 1))];
    if (other.defined()) return described(chance(0.5) ? other : laid_out(other.detach()));
  }
  const ScalarType type = chance(0.85) ? base_dtype_ : chance(0.5) ? kLong : kDtypes[static_cast<size_t>(pick(0, 9))];
  Tensor t = filled(shape(), type);
  // Before the layout: a view that is itself a leaf and gives its base a history holds it, as in LibTorch, for good.
  if (t.is_floating_point() && chance(0.2)) {
    t.requires_grad_();
    if (chance(0.7)) t = t * 1;  // no leaf: may be written to
  }
  try {
    t = laid_out(t);
  } catch (const Error&) {  // an empty one has no such layout
  }
  return described(t);
}

int64_t Draw::integer() {
  const int64_t x = chance(0.8) ? pick(-3, 5) : kExtreme[static_cast<size_t>(pick(0, 17))];
  say(std::to_string(x));
  return x;
}
double Draw::real() {
  const double x = chance(0.3)   ? static_cast<double>(pick(-2, 3))
                   : chance(0.8) ? std::uniform_real_distribution<double>(-1, 2)(random_)
                                 : kExtremeReals[static_cast<size_t>(pick(0, 13))];
  say(std::to_string(x));
  return x;
}
bool Draw::boolean() {
  const bool x = chance(0.5);
  say(x ? "true" : "false");
  return x;
}
Scalar Draw::scalar() {
  if (chance(0.45)) return real();
  return chance(0.9) ? Scalar(integer()) : Scalar(boolean());
}
ScalarType Draw::dtype() {
  const ScalarType t = chance(0.03) ? ScalarType::Undefined : kDtypes[static_cast<size_t>(pick(0, 9))];
  say(toString(t));
  return t;
}
std::string Draw::word() {
  const std::string w = kWords[static_cast<size_t>(pick(0, 33))];
  say('"' + w + '"');
  return w;
}
std::vector<int64_t> Draw::integers() {
  std::vector<int64_t> all;
  if (chance(0.25)) {  // a shape
    all = shape();
  } else {
    const bool extreme = chance(0.2);
    for (int64_t n = chance(0.9) ? pick(0, 4) : pick(5, 12); n > 0; --n)
      all.push_back(extreme && chance(0.4) ? kExtreme[static_cast<size_t>(pick(0, 17))] : pick(-1, 4));
  }
  say(to_string(IntArrayRef(all)));
  return all;
}
std::vector<double> Draw::reals() {
  std::vector<double> all;
  for (int64_t n = pick(0, 4); n > 0; --n) all.push_back(real());
  return all;
}
std::vector<Tensor> Draw::tensors() {
  std::vector<Tensor> all;
  say("{");
  for (int64_t n = pick(0, 4); n > 0; --n) all.push_back(tensor());
  text_ += "}";
  return all;
}
std::vector<Scalar> Draw::scalars() {
  std::vector<Scalar> all;
  for (int64_t n = pick(0, 4); n > 0; --n) all.push_back(scalar());
  return all;
}
TensorOptions Draw::options() {
  TensorOptions o;
  if (chance(0.5)) o = o.dtype(dtype());
  if (chance(0.1)) o = o.requires_grad(boolean());
  if (chance(0.02)) o = o.device(kCUDA);
  if (chance(0.05)) o = o.memory_format(memory_format());
  return o;
}
MemoryFormat Draw::memory_format() {
  say("memory format");
  return static_cast<MemoryFormat>(pick(0, 3));
}
std::vector<indexing::TensorIndex> Draw::indices() {
  std::vector<indexing::TensorIndex> all;
  const auto bound = [&]() -> std::optional<int64_t> {
    if (chance(0.4)) return std::nullopt;
    return integer();
  };
  for (int64_t n = pick(0, 4); n > 0; --n) {
    switch (pick(0, 5)) {
      case 0: all.emplace_back(indexing::None); break;
      case 1: all.emplace_back(indexing::Ellipsis); break;
      case 2: all.emplace_back(integer()); break;
      case 3: all.emplace_back(boolean()); break;
      case 4: {
        const auto start = bound(), stop = bound(), step = bound();
        all.emplace_back(indexing::Slice(start, stop, step));
        break;
      }
      default: all.emplace_back(tensor());
    }
  }
  return all;
}
StepOp Draw::step() { return static_cast<StepOp>(pick(0, static_cast<int64_t>(StepOp::lamb))); }
StepArgs Draw::step_args() {
  StepArgs a;
  for (double* x : {&a.lr, &a.lr_grad, &a.decay, &a.shrink, &a.beta1, &a.beta2, &a.rest1, &a.eps, &a.scale})
    *x = real();
  for (bool* x : {&a.maximize, &a.nesterov, &a.first, &a.plain}) *x = boolean();
  return a;
}

}  // namespace hearth::api_fuzz
