#pragma once

// Every public function as a call with drawn arguments, by its type alone.

#include <functional>
#include <tuple>
#include <type_traits>
#include <vector>

#include "api_fuzz/draw.h"

namespace hearth::api_fuzz {

/// What keeps an argument of type T alive, how it is drawn and how it is passed.
template <class T>
struct Argument;

template <class T, T (Draw::*draw)()>
struct Plain {
  using Held = T;
  static Held make(Draw& d) { return (d.*draw)(); }
  static Held& pass(Held& held) { return held; }
};
template <>
struct Argument<Tensor> : Plain<Tensor, &Draw::tensor> {};
template <>
struct Argument<int64_t> : Plain<int64_t, &Draw::integer> {};
template <>
struct Argument<double> : Plain<double, &Draw::real> {};
template <>
struct Argument<bool> : Plain<bool, &Draw::boolean> {};
template <>
struct Argument<Scalar> : Plain<Scalar, &Draw::scalar> {};
template <>
struct Argument<ScalarType> : Plain<ScalarType, &Draw::dtype> {};
template <>
struct Argument<std::vector<int64_t>> : Plain<std::vector<int64_t>, &Draw::integers> {};
template <>
struct Argument<std::vector<double>> : Plain<std::vector<double>, &Draw::reals> {};
template <>
struct Argument<std::vector<Tensor>> : Plain<std::vector<Tensor>, &Draw::tensors> {};
template <>
struct Argument<TensorOptions> : Plain<TensorOptions, &Draw::options> {};
template <>
struct Argument<MemoryFormat> : Plain<MemoryFormat, &Draw::memory_format> {};
template <>
struct Argument<StepOp> : Plain<StepOp, &Draw::step> {};
template <>
struct Argument<StepArgs> : Plain<StepArgs, &Draw::step_args> {};

template <>
struct Argument<Storage> {
  using Held = Storage;
  static Held make(Draw& d) { return Held(d.tensor()); }
  static Held& pass(Held& held) { return held; }
};
template <>
struct Argument<Generator> {
  using Held = Generator;
  static Held make(Draw&) { return Generator(); }
  static Held& pass(Held& held) { return held; }
};
template <>
struct Argument<std::vector<std::vector<Tensor>>> {
  using Held = std::vector<std::vector<Tensor>>;
  static Held make(Draw& d) {
    Held all;
    for (int64_t n = d.pick(0, 3); n > 0; --n) all.push_back(d.tensors());
    return all;
  }
  static Held& pass(Held& held) { return held; }
};

/// Views of something held.
template <class T, class H, H (Draw::*draw)()>
struct Viewed {
  using Held = H;
  static Held make(Draw& d) { return (d.*draw)(); }
  static T pass(Held& held) { return T(held); }
};
template <>
struct Argument<IntArrayRef> : Viewed<IntArrayRef, std::vector<int64_t>, &Draw::integers> {};
template <>
struct Argument<TensorList> : Viewed<TensorList, std::vector<Tensor>, &Draw::tensors> {};
template <>
struct Argument<ArrayRef<Scalar>> : Viewed<ArrayRef<Scalar>, std::vector<Scalar>, &Draw::scalars> {};
template <>
struct Argument<std::string_view> : Viewed<std::string_view, std::string, &Draw::word> {};
template <>
struct Argument<ArrayRef<indexing::TensorIndex>>
    : Viewed<ArrayRef<indexing::TensorIndex>, std::vector<indexing::TensorIndex>, &Draw::indices> {};

template <class T>
struct Argument<std::optional<T>> {
  using Held = std::optional<typename Argument<T>::Held>;
  static Held make(Draw& d) { return d.chance(0.4) ? Held() : Held(Argument<T>::make(d)); }
  static std::optional<T> pass(Held& held) {
    if (!held) return std::nullopt;
    return Argument<T>::pass(*held);
  }
};
template <>
struct Argument<OptionalIntArrayRef> {
  using Held = std::optional<std::vector<int64_t>>;
  static Held make(Draw& d) { return d.chance(0.3) ? Held() : Held(d.integers()); }
  static OptionalIntArrayRef pass(Held& held) { return held ? OptionalIntArrayRef(*held) : OptionalIntArrayRef(); }
};
template <class T>
using ArgumentOf = Argument<std::remove_cv_t<std::remove_reference_t<T>>>;

/// The tensors among a call's results; they are read and differentiated afterwards.
inline void keep(std::vector<Tensor>& results, const Tensor& t) { results.push_back(t); }
inline void keep(std::vector<Tensor>& results, const std::vector<Tensor>& all) {
  results.insert(results.end(), all.begin(), all.end());
}
template <class... T>
void keep(std::vector<Tensor>& results, const std::tuple<T...>& all) {
  std::apply([&](const auto&... one) { (keep(results, one), ...); }, all);
}
template <class T, class = std::enable_if_t<std::is_scalar_v<T>>>
void keep(std::vector<Tensor>&, T) {}

struct Entry {
  std::string name;
  std::function<void(Draw&, std::vector<Tensor>& results)> call;
};

/// f(self…, passed…), its results kept; self is nothing or the object of a method.
template <class R, class F, class... P, class... Self>
void call_with_drawn(F f, Draw& d, std::vector<Tensor>& results, std::tuple<P...>*, const Self&... self) {
  std::tuple<typename ArgumentOf<P>::Held...> held{ArgumentOf<P>::make(d)...};
  std::apply(
      [&](auto&... a) {
        if constexpr (std::is_void_v<R>) {
          std::invoke(f, self..., ArgumentOf<P>::pass(a)...);
        } else {
          keep(results, std::invoke(f, self..., ArgumentOf<P>::pass(a)...));
        }
      },
      held);
}

template <class F>
struct Signature;
template <class R, class... P>
struct Signature<R(P...)> {
  static void call(R (*f)(P...), Draw& d, std::vector<Tensor>& results) {
    call_with_drawn<R>(f, d, results, static_cast<std::tuple<P...>*>(nullptr));
  }
};
template <class R, class... P>
struct Signature<R(P...) const> {
  static void call(R (Tensor::*f)(P...) const, Draw& d, std::vector<Tensor>& results) {
    const Tensor self = d.tensor();
    call_with_drawn<R>(f, d, results, static_cast<std::tuple<P...>*>(nullptr), self);
  }
};

struct Calls {
  template <class F>
  void function(const char* name, F* f) {
    entries.push_back({name, [f](Draw& d, std::vector<Tensor>& r) { Signature<F>::call(f, d, r); }});
  }
  template <class F>
  void method(const char* name, F Tensor::*f) {
    entries.push_back({name, [f](Draw& d, std::vector<Tensor>& r) { Signature<F>::call(f, d, r); }});
  }
  std::vector<Entry> entries;
};

/// Those of the generated list, and those declared by hand: factories, indexing, conversion, printing, autograd.
void add_generated(Calls& calls);
void add_by_hand(Calls& calls);

}  // namespace hearth::api_fuzz
