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

#define ONE(name, low, high, whole) \
  {{#name, "unary", low, high, whole, true}, [](Tensors& x, const Case&) { return list(torch::name(x[0])); }},
#define STEP(name, low, high, whole) \
  {{#name, "unary", low, high, whole, false}, [](Tensors& x, const Case&) { return list(torch::name(x[0])); }},
#define TWO(name, low, high, whole) \
  {{#name, "binary", low, high, whole, true}, [](Tensors& x, const Case&) { return list(torch::name(x[0], x[1])); }},
#define TEST(name) \
  {{#name, "binary", -3, 3, true, false}, [](Tensors& x, const Case&) { return list(torch::name(x[0], x[1])); }},
#define SPECIAL(name, low, high)                        \
  {{"special_" #name, "unary", low, high, false, true}, \
   [](Tensors& x, const Case&) { return list(torch::special::name(x[0])); }},
#define AS(title, kind, low, high, whole, gradient, ...)                                 \
  {{title, kind, low, high, whole, gradient}, [](Tensors& x, const Case& c) -> Tensors { \
     (void)c;                                                                            \
     return __VA_ARGS__;                                                                 \
   }},

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
