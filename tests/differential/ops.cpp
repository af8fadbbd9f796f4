// The ops under comparison, in LibTorch's API; compiled once against hearth, through the door, and once against
// LibTorch. SIDE is the name of what it defines; HEARTH_SIDE adds the list of ops.
#include <torch/torch.h>

#include <cmath>
#include <functional>
#include <map>

#include "case.h"

namespace differential {

namespace {

using torch::Tensor;
using Tensors = std::vector<Tensor>;
using Call = std::function<Tensors(Tensors&, const Case&)>;

torch::Dtype dtype_of(const std::string& name) {
  static const std::map<std::string, torch::Dtype> names = {
      {"double", torch::kDouble}, {"float", torch::kFloat}, {"half", torch::kHalf},   {"bfloat16", torch::kBFloat16},
      {"int64", torch::kLong},    {"int32", torch::kInt},   {"int16", torch::kShort}, {"int8", torch::kChar},
      {"uint8", torch::kByte},    {"bool", torch::kBool}};
  return names.at(name);
}
std::string name_of(const Tensor& t) {
  for (const char* name : {"double", "float", "half", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"})
    if (t.scalar_type() == dtype_of(name)) return name;
  return "?";
}

Tensor tensor_of(const Value& v) {
  Tensor storage = torch::empty({static_cast<int64_t>(v.storage.size())}, torch::kDouble);
  std::copy(v.storage.begin(), v.storage.end(), storage.data_ptr<double>());
  return storage.to(dtype_of(v.dtype)).as_strided(v.sizes, v.strides, v.offset);
}
Value value_of(const Tensor& t) {
  Value v;
  if (!t.defined()) {
    v.dtype = "undefined";
    return v;
  }
  v.dtype = name_of(t);
  v.sizes.assign(t.sizes().begin(), t.sizes().end());
  const Tensor x = t.detach().to(torch::kDouble).contiguous();
  v.storage.assign(x.data_ptr<double>(), x.data_ptr<double>() + x.numel());
  return v;
}

template <class... T>
Tensors list(const T&... t) {
  return {t...};
}
template <class Tuple>
Tensors values_only(const Tuple& t) {
  return {std::get<0>(t)};
}
template <class Tuple>
Tensors pair(const Tuple& t) {
  return {std::get<0>(t), std::get<1>(t)};
}
Tensors some(const std::vector<Tensor>& t) { return t; }

struct Entry {
  Op op;
  Call call;
};

/// An op's in-place and out forms, by name. A form that a library lacks throws: LibTorch's lack is no difference.
[[noreturn]] void no_such_form() { throw std::runtime_error("no such form"); }
template <class Method, class Function>
Tensors in_place(Method method, Function function, Tensors& x, const Case& c) {
  // Neither a leaf nor what the op's other operands are made of must be written.
  Tensor self = c.gradient ? x[0] * 1 : tensor_of(c.inputs[0]);
  if constexpr (std::is_invocable_v<Method, Tensor&, Tensors&, const Case&>) {
    method(self, x, c);
  } else if constexpr (std::is_invocable_v<Function, Tensor&, Tensors&, const Case&>) {
    function(self, x, c);
  } else {
    no_such_form();
  }
  return {self};
}
/// `out` is empty, and gets the result's shape, or has that shape with its strides reversed.
template <class Function>
Tensors into(Function function, const Call& op, Tensors& x, const Case& c) {
  if constexpr (std::is_invocable_v<Function, Tensor&, Tensors&, const Case&>) {
    const Tensor like = op(x, c).at(0).detach();
    std::vector<int64_t> reversed, order;
    for (int64_t d = like.dim(); d-- > 0;) {
      reversed.push_back(like.size(d));
      order.push_back(d);
    }
    Tensor out = c.inputs[0].storage.size() % 2 == 0 ? torch::empty({0}, like.options())
                                                     : torch::zeros(reversed, like.options()).permute(order);
    function(out, x, c);
    return {out};
  } else {
    no_such_form();
  }
}

// A call that is no candidate where the form is missing.
#define IF_THERE(parameter, ...) \
  [](auto& parameter, auto& x, const Case& c) -> decltype((__VA_ARGS__)) { return (void)x, (void)c, __VA_ARGS__; }
#define ENTRY(title, kind, low, high, whole, gradient, ...)                              \
  {{title, kind, low, high, whole, gradient}, [](Tensors& x, const Case& c) -> Tensors { \
     (void)c;                                                                            \
     return __VA_ARGS__;                                                                 \
   }},
#define PLAIN_(title, kind, low, high, whole, gradient, name, ...) \
  ENTRY(title, kind, low, high, whole, gradient, list(torch::name(x[0] __VA_OPT__(, ) __VA_ARGS__)))
#define IN_PLACE_(title, kind, low, high, whole, gradient, name, ...)                                                 \
  ENTRY(title "_", kind, low, high, whole, gradient,                                                                  \
        in_place(IF_THERE(self, self.name##_(__VA_ARGS__)), IF_THERE(self, name##_(self __VA_OPT__(, ) __VA_ARGS__)), \
                 x, c))
// name_out is found in the tensor's namespace.
#define OUT_(title, kind, low, high, whole, name, ...)                       \
  ENTRY(title "_out", kind, low, high, whole, false,                         \
        into(                                                                \
            IF_THERE(out, name##_out(out, x[0] __VA_OPT__(, ) __VA_ARGS__)), \
            [](Tensors& x, const Case& c) {                                  \
              (void)c;                                                       \
              return list(torch::name(x[0] __VA_OPT__(, ) __VA_ARGS__));     \
            },                                                               \
            x, c))

// An op with its in-place and out forms, with one of them, or alone.
#define FORMS(title, kind, low, high, whole, gradient, ...)       \
  PLAIN_(title, kind, low, high, whole, gradient, __VA_ARGS__)    \
  IN_PLACE_(title, kind, low, high, whole, gradient, __VA_ARGS__) \
  OUT_(title, kind, low, high, whole, __VA_ARGS__)
#define IN_PLACE(title, kind, low, high, whole, gradient, ...) \
  PLAIN_(title, kind, low, high, whole, gradient, __VA_ARGS__) \
  IN_PLACE_(title, kind, low, high, whole, gradient, __VA_ARGS__)
#define OUT(title, kind, low, high, whole, gradient, ...)      \
  PLAIN_(title, kind, low, high, whole, gradient, __VA_ARGS__) \
  OUT_(title, kind, low, high, whole, __VA_ARGS__)
#define AS ENTRY

#define ONE(name, low, high, whole) FORMS(#name, "unary", low, high, whole, true, name)
#define STEP(name, low, high, whole) FORMS(#name, "unary", low, high, whole, false, name)
#define TWO(name, low, high, whole) FORMS(#name, "binary", low, high, whole, true, name, x[1])
#define TEST(name) FORMS(#name, "binary", -3, 3, true, false, name, x[1])
#define SPECIAL(name, low, high)                                                             \
  ENTRY("special_" #name, "unary", low, high, false, true, list(torch::special::name(x[0]))) \
  ENTRY("special_" #name "_out", "unary", low, high, false, false,                           \
        into([](auto& out, auto& x, const Case&) { torch::special::name##_out(out, x[0]); }, \
             [](Tensors& x, const Case&) { return list(torch::special::name(x[0])); }, x, c))

// Names of torch::linalg that LibTorch has only as linalg_NAME.
#ifdef HEARTH_SIDE
#define LINALG(name) torch::linalg::name
#else
#define LINALG(name) torch::linalg_##name
#endif

Tensors truth(bool value) { return {torch::tensor({value ? 1.0 : 0.0})}; }
Tensors operator+(Tensors a, const Tensors& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
/// A symmetric matrix from its eigenvalues and vectors, whose signs are anybody's.
Tensor rebuilt(const std::tuple<Tensor, Tensor>& t) {
  const Tensor& v = std::get<1>(t);
  return torch::matmul(v * std::get<0>(t).unsqueeze(-2), v.transpose(-2, -1));
}
Tensor tall(const Tensor& x) { return x.size(0) < x.size(1) ? x.t() : x; }
/// LibTorch 1.13 has it for four dimensions only, under another name.
Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v) {
  if (q.dim() < 2 || k.dim() < 2) throw std::runtime_error("vectors");
#ifdef HEARTH_SIDE
  return torch::scaled_dot_product_attention(q, k, v);
#else
  return torch::matmul(torch::softmax(torch::matmul(q, k.transpose(-2, -1)) / std::sqrt(double(q.size(-1))), -1), v);
#endif
}
/// A small recurrent layer out of an image [N, C, H, W]: N * C steps of H rows of 3 features, 2 hidden units.
Tensor steps(const Tensor& x) { return x.flatten(0, 1).narrow(2, 0, 3); }
Tensor states(const Tensor& x) { return x.flatten(0, 1).narrow(0, 0, 1).narrow(2, 0, 2).cos(); }
Tensors weights(const Tensor& x, int64_t gates) {
  const Tensor flat = x.flatten().repeat({2}).narrow(0, 0, 16).repeat({5});
  return {flat.narrow(0, 0, gates * 6).reshape({gates * 2, 3}),
          flat.narrow(0, 7, gates * 4).reshape({gates * 2, 2}).sin(), flat.narrow(0, 1, gates * 2),
          flat.narrow(0, 2, gates * 2).sin()};
}

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all = {
#include "ops.inc"
  };
  return all;
}

void take_gradients(Outcome& out, Tensors& inputs, const Tensors& outputs) {
  Tensor loss;
  double weight = 1;
  for (const Tensor& y : outputs) {
    if (!y.is_floating_point() || !y.requires_grad()) continue;
    const Tensor w =
        (torch::arange(y.numel(), torch::kDouble) * 0.37 + weight).sin().reshape(y.sizes()).to(y.scalar_type());
    const Tensor part = (y * w).sum();
    loss = loss.defined() ? loss + part : part;
    weight += 1;
  }
  if (!loss.defined()) return;
  loss.backward();
  for (const Tensor& x : inputs) out.gradients.push_back(value_of(x.requires_grad() ? x.grad() : Tensor()));
}

}  // namespace

Outcome SIDE(const Case& c) {
  static const std::map<std::string, Call> calls = [] {
    std::map<std::string, Call> m;
    for (const Entry& e : entries()) m[e.op.name] = e.call;
    return m;
  }();
  Outcome out;
  try {
    Tensors inputs;
    for (const Value& v : c.inputs) {
      inputs.push_back(tensor_of(v));
      if (c.gradient && inputs.back().is_floating_point()) inputs.back().requires_grad_();
    }
    const Tensors outputs = calls.at(c.op)(inputs, c);
    for (const Tensor& y : outputs) out.outputs.push_back(value_of(y));
    if (c.gradient) take_gradients(out, inputs, outputs);
  } catch (const std::exception& e) {
    out = Outcome();
    out.threw = true;
    out.error = std::string(e.what()).substr(0, 300);
  }
  return out;
}

#ifdef HEARTH_SIDE
const std::vector<Op>& all_ops() {
  static const std::vector<Op> ops = [] {
    std::vector<Op> list;
    for (const Entry& e : entries()) list.push_back(e.op);
    return list;
  }();
  return ops;
}
#endif

}  // namespace differential
