#pragma once

// One row an op: what it takes, what it gives, and what it refuses. op_table_test.cpp runs every row through the same
// checks: values against a double reference, layouts, dtypes, all forms, first and second derivatives, bad inputs.

#include <functional>
#include <string>
#include <typeindex>
#include <vector>

#include "hearth/hearth.h"

namespace hearth::op_table {

using In = std::vector<Tensor>;
using Function = std::function<Tensor(const In&)>;

/// A call that must throw `error` (or a class derived from it), with a message that opens with "[".
struct Bad {
  std::string what;
  std::function<void()> call;
  bool (*is_expected)(const Error&);
};
template <class E>
Bad bad(std::string what, std::function<void()> call) {
  return {std::move(what), std::move(call), [](const Error& e) {
            if constexpr (std::is_same_v<E, Error>) {
              return (void)e, true;
            } else {
              return dynamic_cast<const E*>(&e) != nullptr;
            }
          }};
}

struct Row {
  /// The public name, perhaps with ".variant" behind it.
  std::string name;
  /// The free function; of several results, all that carry gradients, flattened and joined (see join()).
  Function function;
  /// The same in doubles by other means; null where `function` itself is the plainest statement there is: then only
  /// the other checks run, and the samples say why.
  Function reference = nullptr;
  /// Inputs in double. Each is also tried transposed and sliced, and in every dtype.
  std::vector<In> samples = {};

  Function method = nullptr;
  Function in_place = nullptr;  // writes into and returns x[0]
  std::function<Tensor(Tensor& out, const In&)> out = nullptr;

  std::vector<ScalarType> dtypes = {kFloat, kHalf, kBFloat16};
  std::vector<ScalarType> integer_dtypes = {};
  /// Which inputs have a gradient; empty: all floating ones.
  std::vector<bool> differentiable = {};
  bool gradient = true;          // false: the result carries none (comparisons, indices)
  bool second = true;            // a second derivative that is not zero everywhere, or is, but is there
  bool layouts = true;           // inputs may be strided at will
  double tolerance = 1e-12;      // of values in double
  double loss_of_precision = 1;  // how many times worse than one rounding the low dtypes may be
  std::vector<Bad> bad = {};
};

using Rows = std::vector<Row>;
void add_pointwise_rows(Rows& rows);
void add_activation_rows(Rows& rows);
void add_compare_rows(Rows& rows);
void add_reduce_rows(Rows& rows);
void add_shape_rows(Rows& rows);
void add_index_rows(Rows& rows);
void add_matmul_rows(Rows& rows);
void add_conv_rows(Rows& rows);
void add_norm_rows(Rows& rows);
void add_optim_rows(Rows& rows);
void add_resample_rows(Rows& rows);
void add_layer_rows(Rows& rows);
void add_loss_rows(Rows& rows);
void add_margin_loss_rows(Rows& rows);
void add_sequence_rows(Rows& rows);
void add_recurrent_rows(Rows& rows);
void add_random_rows(Rows& rows);
void add_copy_rows(Rows& rows);
void add_alias_rows(Rows& rows);
void add_rearrange_rows(Rows& rows);
void add_special_rows(Rows& rows);
void add_search_rows(Rows& rows);
void add_contraction_rows(Rows& rows);
void add_linalg_rows(Rows& rows);

/// Numbers of [low, high) in double, the same each time for the same seed; never closer than `apart` to a multiple of
/// 0.5, where kinks tend to be.
Tensor numbers(IntArrayRef sizes, double low = -2, double high = 2, uint64_t seed = 1, double apart = 0.01);
/// Several results as one vector, so that one reference and one gradient check covers them.
Tensor join(const std::vector<Tensor>& parts);
/// Elementwise, by a scalar function of doubles.
Function elementwise(double (*f)(double));
Function elementwise(double (*f)(double, double));
/// Shapes that every elementwise row is tried on: several dimensions, 0-dim, empty, one element.
std::vector<In> unary_samples(double low = -2, double high = 2);
/// Pairs that broadcast in different ways.
std::vector<In> binary_samples(double low = -2, double high = 2, double low2 = -2, double high2 = 2);

}  // namespace hearth::op_table

// The forms of an op of one or two tensors, by its name alone.
#define HEARTH_UNARY_FORMS(op)                                 \
  row.function = [](const In& x) { return hearth::op(x[0]); }; \
  row.method = [](const In& x) { return x[0].op(); };          \
  row.in_place = [](const In& x) { return x[0].op##_(); };     \
  row.out = [](Tensor& out, const In& x) { return hearth::op##_out(out, x[0]); }
#define HEARTH_BINARY_FORMS(op)                                      \
  row.function = [](const In& x) { return hearth::op(x[0], x[1]); }; \
  row.method = [](const In& x) { return x[0].op(x[1]); };            \
  row.in_place = [](const In& x) { return x[0].op##_(x[1]); };       \
  row.out = [](Tensor& out, const In& x) { return hearth::op##_out(out, x[0], x[1]); }
