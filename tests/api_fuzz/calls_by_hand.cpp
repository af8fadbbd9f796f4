#include <sstream>

#include "api_fuzz/calls.h"

namespace hearth::api_fuzz {

namespace {

using Results = std::vector<Tensor>;
using Sizes = IntArrayRef;
using Options = const TensorOptions&;

void add_factories(Calls& c) {
  c.function<Tensor(Sizes, Options, std::optional<MemoryFormat>)>("empty", hearth::empty);
  c.function<Tensor(Sizes, Sizes, Options)>("empty_strided", hearth::empty_strided);
  c.function<Tensor(const Tensor&, Options, std::optional<MemoryFormat>)>("empty_like", hearth::empty_like);
  c.function<Tensor(Sizes, Options)>("zeros", hearth::zeros);
  c.function<Tensor(Sizes, Options)>("ones", hearth::ones);
  c.function<Tensor(Sizes, const Scalar&, Options)>("full", hearth::full);
  c.function<Tensor(const Tensor&, const Scalar&, Options, std::optional<MemoryFormat>)>("full_like",
                                                                                         hearth::full_like);
  c.function<Tensor(const Scalar&, Options)>("arange", hearth::arange);
  c.function<Tensor(const Scalar&, const Scalar&, const Scalar&, Options)>("arange", hearth::arange);
  c.function<Tensor(const Scalar&, const Scalar&, const Scalar&, Options)>("range", hearth::range);
  c.function<Tensor(const Scalar&, const Scalar&, int64_t, Options)>("linspace", hearth::linspace);
  c.function<Tensor(const Scalar&, const Scalar&, int64_t, double, Options)>("logspace", hearth::logspace);
  c.function<Tensor(int64_t, int64_t, Options)>("eye", hearth::eye);
  c.function<Tensor(const Scalar&, Options)>("scalar_tensor", hearth::scalar_tensor);
  c.function<Tensor(int64_t, int64_t, int64_t, Options)>("tril_indices", hearth::tril_indices);
  c.function<Tensor(int64_t, int64_t, int64_t, Options)>("triu_indices", hearth::triu_indices);
  c.function<Tensor(int64_t, bool, Options)>("bartlett_window", hearth::bartlett_window);
  c.function<Tensor(int64_t, bool, Options)>("blackman_window", hearth::blackman_window);
  c.function<Tensor(int64_t, bool, double, double, Options)>("hamming_window", hearth::hamming_window);
  c.function<Tensor(int64_t, bool, Options)>("hann_window", hearth::hann_window);
  c.function<Tensor(int64_t, bool, double, Options)>("kaiser_window", hearth::kaiser_window);
}

void add_random(Calls& c) {
  c.function<Tensor(Sizes, Options)>("rand", hearth::rand);
  c.function<Tensor(Sizes, Options)>("randn", hearth::randn);
  c.function<Tensor(const Tensor&, Options, std::optional<MemoryFormat>)>("rand_like", hearth::rand_like);
  c.function<Tensor(const Tensor&, Options, std::optional<MemoryFormat>)>("randn_like", hearth::randn_like);
  c.function<Tensor(int64_t, int64_t, Sizes, Options)>("randint", hearth::randint);
  c.function<Tensor(const Tensor&, int64_t, int64_t, Options)>("randint_like", hearth::randint_like);
  c.function<Tensor(int64_t, Options)>("randperm", hearth::randperm);
  c.function<Tensor(double, double, Sizes, std::optional<Generator>, Options)>("normal", hearth::normal);
  c.function<Tensor(const Tensor&, const Tensor&, std::optional<Generator>)>("normal", hearth::normal);
}

void add_handles(Calls& c) {
  c.method<int64_t(int64_t) const>("size", &Tensor::size);
  c.method<int64_t(int64_t) const>("stride", &Tensor::stride);
  c.method<Tensor(int64_t) const>("operator[]", &Tensor::operator[]);
  c.method<Tensor(const Scalar&) const>("operator[]", &Tensor::operator[]);
  c.method<Tensor(const Tensor&) const>("operator[]", &Tensor::operator[]);
  c.method<Tensor(ArrayRef<indexing::TensorIndex>) const>("index", &Tensor::index);
  c.method<Tensor(ScalarType, bool, bool, std::optional<MemoryFormat>) const>("to", &Tensor::to);
  c.method<Tensor(const TensorOptions&, bool, bool, std::optional<MemoryFormat>) const>("to", &Tensor::to);
  c.method<Tensor(const Tensor&, bool, bool, std::optional<MemoryFormat>) const>("to", &Tensor::to);
  c.method<Tensor() const>("detach", &Tensor::detach);
  c.method<Tensor&() const>("detach_", &Tensor::detach_);
  c.method<Tensor() const>("data", &Tensor::data);
  c.method<void(const Tensor&) const>("set_data", &Tensor::set_data);
  c.method<void() const>("retain_grad", &Tensor::retain_grad);
  c.method<bool(MemoryFormat) const>("is_contiguous", &Tensor::is_contiguous);
  c.method<bool(const Tensor&) const>("is_alias_of", &Tensor::is_alias_of);
  const auto add = [&](const char* name, std::function<void(Draw&, Results&)> call) {
    c.entries.push_back({name, std::move(call)});
  };
  add("index_put_", [](Draw& d, Results& r) {
    Tensor self = d.tensor();
    const auto at = d.indices();
    r.push_back(d.chance(0.5) ? self.index_put_(at, d.tensor()) : self.index_put_(at, d.scalar()));
  });
  add("item", [](Draw& d, Results&) { d.tensor().item(); });
  add("item<int64_t>", [](Draw& d, Results&) { d.tensor().item<int64_t>(); });
  add("item<bool>", [](Draw& d, Results&) { d.tensor().item<bool>(); });
  add("print", [](Draw& d, Results&) {
    std::ostringstream text;
    const Tensor t = d.tensor();
    print(text, t, d.chance(0.8) ? 80 : d.integer());
  });
  add("backward", [](Draw& d, Results&) {
    // Leaves of its own: a gradient with a graph holds its leaf until it is reset.
    const auto leaf = [&] {
      const Tensor t = d.tensor();
      return t.defined() && t.is_floating_point() ? t.detach().clone().requires_grad_() : t;
    };
    const Tensor a = leaf(), b = leaf(), gradient = leaf();
    const bool retain = d.boolean(), create = d.boolean();
    try {
      (a * a + b).backward(gradient, retain, create);
    } catch (const Error&) {
    }
    for (const Tensor& t : {a, b, gradient})
      if (t.defined()) t.mutable_grad().reset();
  });
  add("grad", [](Draw& d, Results& r) {
    const auto inputs = d.tensors();
    Tensor y;
    for (const Tensor& t : inputs) y = y.defined() ? y + t * t : t * t;
    for (const Tensor& t : autograd::grad({y}, inputs, {d.tensor()}, d.boolean(), d.boolean(), d.boolean()))
      r.push_back(t);
  });
  add("assigned part", [](Draw& d, Results& r) {
    const Tensor self = d.tensor();
    const auto at = d.indices();
    self.index(at) = d.tensor();
    r.push_back(self);
  });
  add("operators", [](Draw& d, Results& r) {
    Tensor self = d.tensor();
    const Tensor other = d.tensor();
    const Scalar number = d.scalar();
    switch (d.pick(0, 7)) {
      case 0: self += other; break;
      case 1: self -= number; break;
      case 2: self *= other; break;
      case 3: self /= number; break;
      case 4: self &= other; break;
      case 5: self |= other; break;
      case 6: self ^= other; break;
      default: self = -self; break;
    }
    r.push_back(self);
  });
}

}  // namespace

void add_by_hand(Calls& calls) {
  add_factories(calls);
  add_random(calls);
  add_handles(calls);
}

}  // namespace hearth::api_fuzz
