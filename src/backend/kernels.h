#pragma once

// All that a device provides. Every entry gets tensors on its own device, already checked and promoted by the op:
// shapes fit, dtypes are as stated here, `out` is allocated, has the final shape and overlaps no input, unless it is
// exactly that input (same memory, same strides). Kernels know no gradient, allocate only scratch memory, and give the
// same bits for any number of threads. Any tensor may be strided, 0-dim or empty.

#include <cstdint>
#include <vector>

#include "backend/op_kinds.h"
#include "hearth/scalar.h"
#include "hearth/tensor.h"

namespace hearth {

struct GeneratorImpl;

/// Up to four numbers that go with an op: clamp's bounds, elu's slopes, a scalar operand.
struct Args {
  Scalar s[4];
};

/// Geometry of a convolution or pooling over 1 to 3 spatial dimensions.
struct ConvParams {
  std::vector<int64_t> stride, padding, dilation;
  int64_t groups = 1;
};
struct PoolParams {
  std::vector<int64_t> kernel, stride, padding, dilation;
  bool ceil_mode = false;
  bool count_include_pad = true;  // average pooling
  int64_t divisor_override = 0;   // average pooling; 0: none
};

/// One direction of one recurrent layer over packed rows. Step t has rows[t] of them, one for each sequence that still
/// runs; rows never grow with t. Below: N their sum, B = rows[0], H hidden units, G gates (1; 4 for lstm, 3 for gru).
struct Recurrence {
  RecurrentOp op;
  std::vector<int64_t> rows;
  bool reverse = false;  // the last step first
};
/// What the recurrence leaves for its backward; all undefined where nobody needs a gradient.
struct RecurrenceTape {
  Tensor gates;   // [N, G H], activated; of a plain rnn: y itself
  Tensor before;  // [N, H]: h before each step
  Tensor cell;    // [N, H]. lstm: c before each step. gru: the hidden part of the candidate
  Tensor tanh_c;  // [N, H], lstm: tanh of c after each step
};
struct AttentionArgs {
  double scale = 1;
  bool causal = false;  // query i sees the keys 0 to i
};

/// How one dimension is resampled: place j of the result is the sum over t of [first[j], first[j + 1]) of weight[t]
/// times place index[t] of the source.
struct Taps {
  std::vector<int64_t> first, index;
  std::vector<double> weight;
};
enum class GridMode { bilinear, nearest, bicubic };
enum class GridPadding { zeros, border, reflection };
struct GridParams {
  GridMode mode = GridMode::bilinear;
  GridPadding padding = GridPadding::zeros;
  bool align_corners = false;
};

struct Kernels {
  const char* device;

  // --- memory
  /// out = x, cast to out's dtype (float to integer truncates, as C++ does; NaN to integer is 0's business of the CPU);
  /// x broadcasts to out.
  void (*copy)(const Tensor& out, const Tensor& x);
  void (*fill)(const Tensor& out, const Scalar& value);
  /// out[i] = start + i * step; out is 1-dim.
  void (*arange)(const Tensor& out, const Scalar& start, const Scalar& step);
  /// out[i] from start to end, both included, symmetric as PyTorch's linspace; out is 1-dim.
  void (*linspace)(const Tensor& out, const Scalar& start, const Scalar& end);

  // --- pointwise: every input broadcasts to out (right-aligned); all inputs share one dtype
  /// out has x's dtype, or bool for predicates (isnan …).
  void (*unary)(UnaryOp op, const Tensor& out, const Tensor& x, const Args& args);
  /// out has the inputs' dtype, or bool for comparisons and logical ops. An undefined b means that args.s[0] is the
  /// second operand; an undefined a that args.s[0] is the first. args.s[1] is alpha (add, sub).
  void (*binary)(BinaryOp op, const Tensor& out, const Tensor& a, const Tensor& b, const Args& args);
  /// where: a is bool, b and c of out's dtype. The others: all of out's dtype, args.s[0] is `value`.
  void (*ternary)(TernaryOp op, const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& c, const Args& args);

  // --- reductions: out has x's rank, with size 1 in each of dims (keepdim form); an empty dims means all of them
  /// out has x's dtype for sum, prod, max, min, mean, norm, var …; bool for any and all; Long for count_nonzero.
  /// args.s[0]: the correction (var, std), the order (norm).
  void (*reduce)(ReduceOp op, const Tensor& out, const Tensor& x, IntArrayRef dims, const Args& args);
  /// Largest or smallest along dim, and where it is (the first of equals; NaN wins). `values` may be undefined.
  void (*reduce_index)(bool largest, const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim);
  /// Running sum, product …; `indices` (Long) only for cummax and cummin.
  void (*scan)(ScanOp op, const Tensor& out, const Tensor& indices, const Tensor& x, int64_t dim);
  void (*softmax)(const Tensor& out, const Tensor& x, int64_t dim, bool log);
  /// gx from the output y and its gradient g.
  void (*softmax_backward)(const Tensor& gx, const Tensor& g, const Tensor& y, int64_t dim, bool log);

  // --- indexing: indices are Long and may be negative; out of range throws IndexError naming `op`, index and size
  void (*index_select)(const Tensor& out, const Tensor& x, int64_t dim, const Tensor& index);
  /// out[…, index[i], …] += alpha * src[…, i, …]
  void (*index_add)(const Tensor& out, int64_t dim, const Tensor& index, const Tensor& src, const Scalar& alpha);
  void (*gather)(const Tensor& out, const Tensor& x, int64_t dim, const Tensor& index);
  /// Writes or combines src into out at index, in index order (deterministic).
  void (*scatter)(ScatterOp op, const Tensor& out, int64_t dim, const Tensor& index, const Tensor& src);
  /// Advanced indexing over leading dimensions: x is [i1, …, ik, rest…], each of the k indices has the same shape
  /// `batch`; out is [batch…, rest…].
  void (*index)(const Tensor& out, const Tensor& x, const std::vector<Tensor>& indices);
  /// The write of it: out[indices] = values or += values; values is [batch…, rest…].
  void (*index_put)(const Tensor& out, const std::vector<Tensor>& indices, const Tensor& values, bool accumulate);
  int64_t (*count_nonzero)(const Tensor& x);
  /// out is Long [count, x.dim()].
  void (*nonzero)(const Tensor& out, const Tensor& x);

  // --- order: NaN counts as the largest; equal values keep their order where stable
  void (*sort)(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim, bool descending, bool stable);
  /// values and indices have size k along dim; sorted asks for their order.
  void (*topk)(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t k, int64_t dim, bool largest,
               bool sorted);

  /// out (Long or Int): how many elements of the row of `sorted` are less than the value (or not greater: right), by
  /// binary search. sorted is [n], or [rows, n] with values [rows, m] seen so; all contiguous and of one dtype.
  void (*searchsorted)(const Tensor& out, const Tensor& sorted, const Tensor& values, bool right);

  // --- random: draws as LibTorch's CPU generator does, element after element in row-major order
  void (*uniform)(const Tensor& out, double low, double high, GeneratorImpl& generator);
  void (*normal)(const Tensor& out, double mean, double std, GeneratorImpl& generator);
  /// a and b in float64: of out's shape, or 0-dim for all.
  void (*draw)(DrawOp op, const Tensor& out, const Tensor& a, const Tensor& b, GeneratorImpl& generator);
  /// Integers of [low, high); high - low as an unsigned number, 0 means 2^64.
  void (*random_integers)(const Tensor& out, int64_t low, uint64_t range, GeneratorImpl& generator);
  void (*randperm)(const Tensor& out, GeneratorImpl& generator);
  /// out[i] = 1 with probability p[i] (p broadcasts, float or double), else 0; Philox stream of `key`.
  void (*bernoulli)(const Tensor& out, const Tensor& p, uint64_t key);
  /// out = x * mask / (1 - p), mask (bool) drawn from the Philox stream of `key` with probability 1 - p of being kept.
  void (*dropout)(const Tensor& out, const Tensor& mask, const Tensor& x, double p, uint64_t key);

  // --- matrix products
  /// out = beta * out + alpha * (a @ b) + bias. a [B…, M, K], b [B…, K, N], out [B…, M, N] with equal leading
  /// dimensions (0 or more; a stride of 0 broadcasts); bias, if defined, is [N] and is added to each row (then beta
  /// is 0). Any dtype but bool.
  void (*matmul)(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha);

  // --- linear algebra: float or double, [B…, rows, columns] with equal leading dimensions, contiguous. `info` [B…]
  // (Int) is 0, or says for each matrix where it failed (the 1-based place of a leading minor or pivot)
  /// The factor of a positive definite x: lower, or upper. Only x's lower triangle is read, or its upper.
  void (*cholesky)(const Tensor& out, const Tensor& info, const Tensor& x, bool upper);
  /// x = P L U: L and U packed in lu; pivots [B…, min(m, n)] (Int, from 1) are the row swaps, in order.
  void (*lu_factor)(const Tensor& lu, const Tensor& pivots, const Tensor& info, const Tensor& x);
  /// out [B…, n, k] solves a out = b for a triangular a [B…, n, n].
  void (*solve_triangular)(const Tensor& out, const Tensor& a, const Tensor& b, bool upper, bool unit);
  /// x [m, n] = q r; q [m, k], r [k, n] with k = min(m, n), or m if q is square. q may be undefined.
  void (*qr)(const Tensor& q, const Tensor& r, const Tensor& x);
  /// qr without forming q: r on and above the diagonal of packed, below it the vectors v of the reflectors
  /// 1 - tau v v^T, whose first element is 1; tau [B…, min(m, n)].
  void (*geqrf)(const Tensor& packed, const Tensor& tau, const Tensor& x);
  /// x = P L D L^T P^T by Bunch and Kaufman, as LAPACK packs it: ld has L below blocks of D of size 1 or 2; pivots
  /// [B…, n] (Int, from 1) are the row swapped with, negative for both rows of a block of 2. Only x's lower triangle
  /// is read.
  void (*ldl_factor)(const Tensor& ld, const Tensor& pivots, const Tensor& info, const Tensor& x);
  /// out solves x out = b by ldl_factor's result.
  void (*ldl_solve)(const Tensor& out, const Tensor& ld, const Tensor& pivots, const Tensor& b);
  /// Eigenvalues [B…, n], rising, and vectors as columns (may be undefined) of a symmetric x.
  void (*eigh)(const Tensor& values, const Tensor& vectors, const Tensor& x, bool upper);
  /// x = u diag(s) vh, s [B…, k] falling; u [m, k or m], vh [k or n, n], both undefined where only s is wanted.
  void (*svd)(const Tensor& u, const Tensor& s, const Tensor& vh, const Tensor& x);

  // --- convolution over 1 to 3 spatial dimensions: x [N, C, …], w [O, C / groups, k…], y [N, O, …]; bias [O] or
  // undefined
  void (*conv)(const Tensor& y, const Tensor& x, const Tensor& w, const Tensor& bias, const ConvParams& params);
  void (*conv_backward_input)(const Tensor& gx, const Tensor& g, const Tensor& w, const ConvParams& params);
  /// gw and, if defined, gbias [O].
  void (*conv_backward_weight)(const Tensor& gw, const Tensor& gbias, const Tensor& g, const Tensor& x,
                               const ConvParams& params);

  // --- pooling over 1 to 3 spatial dimensions: x [N, C, …]
  /// indices (Long): the place of the maximum within the channel's plane, flattened; undefined if nobody needs it.
  void (*max_pool)(const Tensor& y, const Tensor& indices, const Tensor& x, const PoolParams& params);
  /// gx is overwritten.
  void (*max_pool_backward)(const Tensor& gx, const Tensor& g, const Tensor& indices);
  void (*avg_pool)(const Tensor& y, const Tensor& x, const PoolParams& params);
  void (*avg_pool_backward)(const Tensor& gx, const Tensor& g, const PoolParams& params);
  /// Cell i of y covers floor(i * in / out) to ceil((i + 1) * in / out).
  void (*adaptive_avg_pool)(const Tensor& y, const Tensor& x);
  void (*adaptive_avg_pool_backward)(const Tensor& gx, const Tensor& g);
  /// The same cells' maxima; max_pool_backward is its gradient.
  void (*adaptive_max_pool)(const Tensor& y, const Tensor& indices, const Tensor& x);
  /// Cells of `kernel` at places that samples [N, C, dimensions] (of [0, 1), x's dtype) move about.
  void (*fractional_max_pool)(const Tensor& y, const Tensor& indices, const Tensor& x, const Tensor& samples,
                              const std::vector<int64_t>& kernel);

  // --- resampling: float or double
  /// out and x differ in `dim` alone.
  void (*resample)(const Tensor& out, const Tensor& x, int64_t dim, const Taps& taps);
  /// x [N, C, H, W] at grid [N, h, w, 2], y [N, C, h, w]; or with a depth: [N, C, D, H, W], [N, d, h, w, 3].
  void (*grid_sample)(const Tensor& y, const Tensor& x, const Tensor& grid, const GridParams& params);
  /// gx and ggrid may be undefined.
  void (*grid_sample_backward)(const Tensor& gx, const Tensor& ggrid, const Tensor& g, const Tensor& x,
                               const Tensor& grid, const GridParams& params);
  /// The windows of x [N, C, H, W] as columns [N, C * kernel, windows], of any dtype, and their sum back.
  void (*im2col)(const Tensor& columns, const Tensor& x, const PoolParams& params);
  void (*col2im)(const Tensor& x, const Tensor& columns, const PoolParams& params);

  // --- norms: x [N, C, …]; weight, bias [C] or undefined; statistics in float, or double for double
  /// Training: mean and invstd [C] are written from the batch; running ones, if defined, move by momentum towards the
  /// batch's (unbiased variance). Otherwise mean and invstd are read.
  void (*batch_norm)(const Tensor& y, const Tensor& mean, const Tensor& invstd, const Tensor& running_mean,
                     const Tensor& running_var, const Tensor& x, const Tensor& weight, const Tensor& bias,
                     bool training, double momentum, double eps);
  /// Each of gx, gweight, gbias may be undefined.
  void (*batch_norm_backward)(const Tensor& gx, const Tensor& gweight, const Tensor& gbias, const Tensor& g,
                              const Tensor& x, const Tensor& weight, const Tensor& mean, const Tensor& invstd,
                              bool training);
  /// x as [rows, cols], both contiguous; weight, bias [cols] or undefined; mean, invstd [rows] are written.
  void (*layer_norm)(const Tensor& y, const Tensor& mean, const Tensor& invstd, const Tensor& x, const Tensor& weight,
                     const Tensor& bias, double eps);
  void (*layer_norm_backward)(const Tensor& gx, const Tensor& gweight, const Tensor& gbias, const Tensor& g,
                              const Tensor& x, const Tensor& weight, const Tensor& mean, const Tensor& invstd);

  /// x [N, C, …] by groups of C / groups channels; weight, bias [C] or undefined; mean, invstd [N * groups] are
  /// written.
  void (*group_norm)(const Tensor& y, const Tensor& mean, const Tensor& invstd, const Tensor& x, const Tensor& weight,
                     const Tensor& bias, int64_t groups, double eps);
  void (*group_norm_backward)(const Tensor& gx, const Tensor& gweight, const Tensor& gbias, const Tensor& g,
                              const Tensor& x, const Tensor& weight, const Tensor& mean, const Tensor& invstd,
                              int64_t groups);

  // --- recurrent layers: contiguous float or double; Recurrence above names the sizes
  /// x [N, G H]: the inputs' part with its biases; w [G H, H] of the hidden part; bias_n [H] or undefined: gru's bias
  /// inside the reset gate. h and c (lstm) [B, H] hold the first state and get the last; y [N, H] each step's h.
  void (*recurrence)(const Recurrence& r, const Tensor& y, const Tensor& h, const Tensor& c, const Tensor& x,
                     const Tensor& w, const Tensor& bias_n, const RecurrenceTape& tape);
  /// gx [N, G H] of the inputs' part; for gru, gz [N, G H] of the hidden part (for the others it is gx too). gh and gc
  /// [B, H] hold the last state's gradients and get the first's; g [N, H] is that of y.
  void (*recurrence_backward)(const Recurrence& r, const Tensor& gx, const Tensor& gz, const Tensor& gh,
                              const Tensor& gc, const Tensor& g, const Tensor& w, const RecurrenceTape& tape);

  // --- attention, never holding the scores: q [B, H, L, E], k [B, H, S, E], v [B, H, S, D], out [B, H, L, D]; float or
  // double, elements of a row side by side
  /// softmax(scale q k^T + mask) v. mask: undefined, or strided [B, H, L, S]: bool (true takes part) or added. lse
  /// [B, H, L] gets the logarithm of each row's sum of exponentials. A row without any key is NaN.
  void (*attention)(const Tensor& out, const Tensor& lse, const Tensor& q, const Tensor& k, const Tensor& v,
                    const Tensor& mask, const AttentionArgs& args);
  /// gq, gk, gv contiguous; out and lse as attention gave them, g the gradient of out.
  void (*attention_backward)(const Tensor& gq, const Tensor& gk, const Tensor& gv, const Tensor& g, const Tensor& out,
                             const Tensor& lse, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask,
                             const AttentionArgs& args);

  // --- losses
  /// x [N, C] log-probabilities, target Long [N]; weight [C] or undefined. out: [N] unreduced (0 where target is
  /// ignore_index, else -w * x); total_weight (0-dim, x's dtype): the sum of the weights that counted. A target out of
  /// range throws IndexError with its position.
  void (*nll_loss)(const Tensor& out, const Tensor& total_weight, const Tensor& x, const Tensor& target,
                   const Tensor& weight, int64_t ignore_index);
  /// gx [N, C] = -w * g at each target; g [N].
  void (*nll_loss_backward)(const Tensor& gx, const Tensor& g, const Tensor& target, const Tensor& weight,
                            int64_t ignore_index);

  // --- optimizers: one pass over all parameters; the lists have equal lengths, the tensors of one parameter equal
  // shapes and dtypes, all contiguous float or double. states[k][i] is the k-th state of the i-th parameter; a state
  // that the word may go without is an empty list.
  void (*fused_step)(StepOp op, const std::vector<Tensor>& params, const std::vector<Tensor>& grads,
                     const std::vector<std::vector<Tensor>>& states, const StepArgs& args);
  /// Connectionist temporal classification: x [T, N, C] log-probabilities, target Long [N, S] contiguous and checked.
  /// out [N]: the negative log-likelihood of each sequence, infinite where it does not fit.
  void (*ctc_loss)(const Tensor& out, const Tensor& x, const Tensor& target, const std::vector<int64_t>& input_lengths,
                   const std::vector<int64_t>& target_lengths, int64_t blank);
  /// gx [T, N, C]: exp(x) - (the posterior of each label), times g [N]; 0 past a sequence's end, and for infinite
  /// losses with zero_infinity.
  void (*ctc_loss_backward)(const Tensor& gx, const Tensor& g, const Tensor& x, const Tensor& target,
                            const std::vector<int64_t>& input_lengths, const std::vector<int64_t>& target_lengths,
                            int64_t blank, bool zero_infinity);

  /// (sum |x|^p)^(1/p) over all elements of all tensors; the largest magnitude (NaN wins) for infinite p.
  double (*total_norm)(const std::vector<Tensor>& xs, double p);
  /// Every tensor times factor, in place.
  void (*scale_all)(const std::vector<Tensor>& xs, double factor);
};

// Each device's table, defined in its folder.
namespace cpu {
const Kernels& table();
}

/// The kernels of a device; an absent device throws NotImplementedError with a plain sentence.
const Kernels& kernels(Device device);

}  // namespace hearth
