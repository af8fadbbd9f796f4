#pragma once

// Named dimensions. Names lie in a tensor's Meta. A program that names no tensor pays one branch a call: `on()`.
//
// What names a result has is said in three places, and whatever they leave out refuses a named tensor:
//   the executors (ops/executors.cpp)   pointwise ops unify their inputs' names, from the right, as sizes broadcast
//   record                              a table in names.cpp, by the op's name: the input's names, or all of them
//   unified the op itself                       where dimensions move or go: `moved`, `ran`
// Gradients have no names: `Off` makes a thread see none.

#include <atomic>
#include <string>
#include <vector>

#include "autograd/state.h"
#include "hearth/tensor.h"

namespace hearth::names {

using Names = std::vector<Dimname>;

#pragma GCC visibility push(hidden)
extern constinit std::atomic<bool> somebody_named;  // never false again
#pragma GCC visibility pop
inline bool on() { return somebody_named.load(std::memory_order_relaxed) && !autograd::t_state.names_off; }

struct Off : autograd::Scoped<bool> {
  Off() : Scoped(autograd::t_state.names_off, true) {}
};

/// t's names, null if it has none or is undefined.
const Names* of(const Tensor& t);
bool any_named(std::initializer_list<const Tensor*> tensors);
/// Whether names have a say in a call with these inputs.
inline bool concern(std::initializer_list<const Tensor*> inputs) { return on() && any_named(inputs); }
/// Gives t these names; none, or wildcards only, take its names away. Throws ValueError for a wrong number of them, or
/// a name that stands twice.
void set(const char* op, const Tensor& t, Names names);
/// Throws as set does where these names do not fit a tensor of these sizes.
void check(const char* op, IntArrayRef sizes, ArrayRef<Dimname> names);
/// Throws ValueError where a name stands twice.
void check_distinct(const char* op, ArrayRef<Dimname> names);
/// ['N', None]
std::string text(ArrayRef<Dimname> names);
std::string text(Dimname name);
/// t's names, with wildcards for those it lacks.
Names full(const Tensor& t);

/// The names of all inputs, unified from the right; throws ShapeError.
Names unified(const char* op, std::initializer_list<const Tensor*> inputs);
/// Of a matrix product.
Names of_product(const char* op, const Tensor& a, const Tensor& b);

/// The seam in record: names of op's outputs, or NotImplementedError where the table knows no rule for it.
void propagate(const char* op, std::initializer_list<const Tensor*> outputs,
               std::initializer_list<const Tensor*> inputs);
void propagate(const char* op, const Tensor& output, TensorList inputs);
/// For an op without a rule that records nothing.
void refuse(const char* op, std::initializer_list<const Tensor*> inputs);

/// Runs an op on tensors without names and gives the result those that `names()` says; these are found first, so that a
/// mismatch changes nothing.
template <class MakeNames, class Run>
Tensor ran(const char* op, MakeNames&& make_names, Run&& run) {
  Names names = make_names();
  Tensor y;
  {
    const Off off;
    y = run();
  }
  set(op, y, std::move(names));
  return y;
}

/// y, whose dimension i was x's from(i); -1 for a new one.
template <class From>
Tensor moved(const char* op, Tensor y, const Tensor& x, From&& from) {
  if (!on() || !of(x)) return y;
  Names names;
  for (int64_t i = 0; i < y.dim(); ++i) {
    const int64_t d = from(i);
    names.push_back(d < 0 ? Dimname::wildcard() : (*of(x))[static_cast<size_t>(d)]);
  }
  set(op, y, std::move(names));
  return y;
}
/// y has x's names.
Tensor kept(const char* op, Tensor y, const Tensor& x);
/// y has x's names but for those of dims.
Tensor without(const char* op, Tensor y, const Tensor& x, IntArrayRef dims);

/// Values along dim of x and where they are, found without names: x's, but for dim's where it goes.
template <class Run>
std::tuple<Tensor, Tensor> ran_along(const char* op, const Tensor& x, int64_t dim, bool keepdim, Run&& run) {
  std::tuple<Tensor, Tensor> both;
  {
    const Off off;
    both = run();
  }
  for (const Tensor& y : {std::get<0>(both), std::get<1>(both)}) {
    if (keepdim || x.dim() == 0) {
      kept(op, y, x);
    } else {
      without(op, y, x, {dim < 0 ? dim + x.dim() : dim});
    }
  }
  return both;
}

/// Where x has this dimension; throws ValueError.
int64_t position(const char* op, const Tensor& x, Dimname name);
std::vector<int64_t> positions(const char* op, const Tensor& x, DimnameList names);

}  // namespace hearth::names
