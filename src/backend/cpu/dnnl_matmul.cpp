// Matrix products by oneDNN's matmul on plain layouts, a primitive for each tile of the result.
#include "backend/cpu/dnnl_matmul.h"

#include <algorithm>
#include <array>
#include <bit>

#include "backend/cpu/cpu.h"
#include "backend/cpu/dense.h"
#include "backend/cpu/dnnl_common.h"
#include "backend/cpu/isa/loops.h"
#include "backend/cpu/operand.h"
#include "base/fail.h"
#include "base/threads.h"
#include "base/verbose.h"

namespace hearth::cpu {
namespace {

using dnnl::memory;

/// Work below this is not worth a second thread: about 10 µs.
constexpr int64_t kChunkFlops = 1'500'000;
/// Matrices below this go through one primitive for many, as one costs 200 ns to start.
constexpr int64_t kTinyFlops = 400'000;

/// What all tiles of a product share.
struct Product {
  int64_t m, n, k, batches;
  memory::data_type type;
  int64_t itemsize;
  Operand a, b, out;
  const void* bias;
  float alpha, beta;
  const float* row_bias = nullptr;  // [m], added to each column
};

std::shared_ptr<DnnlRunner> make_runner(const Product& p, int64_t count, int64_t m, int64_t n, int64_t k,
                                        int64_t a_step, int64_t b_step, int64_t out_step, bool bias, float beta) {
  const auto desc = [&](int64_t rows, int64_t cols, int64_t step, int64_t row, int64_t col) {
    return count == 1 ? memory::desc({rows, cols}, p.type, memory::dims{row, col})
                      : memory::desc({count, rows, cols}, p.type, memory::dims{step, row, col});
  };
  const memory::desc a = desc(m, k, a_step, p.a.row, p.a.col), b = desc(k, n, b_step, p.b.row, p.b.col),
                     out = desc(m, n, out_step, p.out.row, 1),
                     shift = count == 1 ? memory::desc({1, n}, p.type, memory::dims{n, 1})
                                        : memory::desc({1, 1, n}, p.type, memory::dims{n, n, 1});
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (p.alpha != 1.0F) attr.set_output_scales(0, {p.alpha});
  if (beta != 0.0F) {
    dnnl::post_ops ops;
    ops.append_sum(beta);
    attr.set_post_ops(ops);
  }
  try {
    const dnnl::matmul::primitive_desc pd(bias ? dnnl::matmul::desc(a, b, shift, out) : dnnl::matmul::desc(a, b, out),
                                          attr, dnnl_engine());
    log_once("matmul: {}x{}x{} by {}", m, n, k, pd.impl_info_str());
    std::vector<DnnlRunner::Arg> args{{DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, b}, {DNNL_ARG_DST, out}};
    if (bias) args.push_back({DNNL_ARG_BIAS, shift});
    return std::make_shared<DnnlRunner>(dnnl::matmul(pd), args, pd.scratchpad_desc().get_size());
  } catch (const dnnl::error& e) {
    fail<Error>("[matmul] oneDNN makes no product of {}x{}x{}: {}", m, n, k, e.what());
  }
}

thread_local DnnlTable<DnnlRunner> t_runners;

/// The tile of `count` matrices [m, k] @ [k, n] at these places.
void run_tile(const Product& p, int64_t count, int64_t m, int64_t n, int64_t k, const char* a, const char* b, char* out,
              const void* bias, float beta) {
  const int64_t a_step = count > 1 ? p.a.step() : 0, b_step = count > 1 ? p.b.step() : 0,
                out_step = count > 1 ? p.out.step() : 0;
  DnnlKey key;
  key << m << n << k << p.a.row << p.a.col << p.b.row << p.b.col << p.out.row
      << (count << 2 | (p.itemsize == 2 ? 2 : 0) | (bias ? 1 : 0))
      << (static_cast<int64_t>(std::bit_cast<uint32_t>(p.alpha)) << 32 | std::bit_cast<uint32_t>(beta));
  if (count > 1) key << a_step << b_step << out_step;
  const auto runner = t_runners.get(
      key, [&] { return make_runner(p, count, m, n, k, a_step, b_step, out_step, bias != nullptr, beta); });
  if (bias) {
    runner->run({a, b, out, bias});
  } else {
    runner->run({a, b, out});
  }
}

const char* at(const void* base, int64_t elements, int64_t itemsize) {
  return static_cast<const char*>(base) + elements * itemsize;
}

/// Whether oneDNN takes a stack of such matrices as one tensor: no dimension may lie within what another spans.
bool is_stack(const Operand& o, int64_t count, int64_t rows, int64_t cols) {
  std::array<std::pair<int64_t, int64_t>, 3> dims = {{{o.step(), count}, {o.row, rows}, {o.col, cols}}};
  std::ranges::sort(dims);
  int64_t span = 1;
  for (const auto& [stride, size] : dims) {
    if (stride == 0) continue;
    if (stride < span) return false;
    span = stride * size;
  }
  return true;
}

/// Stacks of matrices too small to be worth a primitive each.
void run_tiny(const Product& p, int64_t flops) {
  const bool stacked =
      is_stack(p.a, p.batches, p.m, p.k) && is_stack(p.b, p.batches, p.k, p.n) && is_stack(p.out, p.batches, p.m, p.n);
  const int64_t group =
      !stacked ? 1 : std::min(p.batches, std::max<int64_t>(1, kChunkFlops / std::max<int64_t>(flops, 5000)));
  const int64_t a_step = p.a.step(), b_step = p.b.step(), out_step = p.out.step(),
                chunks = (p.batches + group - 1) / group;
  parallel_chunks({p.batches, chunks, group}, [&](int64_t, int64_t begin, int64_t end) {
    run_tile(p, end - begin, p.m, p.n, p.k, at(p.a.data, begin * a_step, p.itemsize),
             at(p.b.data, begin * b_step, p.itemsize), const_cast<char*>(at(p.out.data, begin * out_step, p.itemsize)),
             p.bias, p.beta);
  });
}

/// Tiles of each matrix, several in a chunk where they are small.
void run_tiles(const Product& p, const MatmulCut& cut) {
  const int64_t row_tiles = (p.m + cut.rows - 1) / cut.rows, col_tiles = (p.n + cut.cols - 1) / cut.cols;
  const int64_t tiles = p.batches * row_tiles * col_tiles;
  const int64_t group = std::max<int64_t>(1, kChunkFlops / (2 * cut.rows * cut.cols * p.k));
  const auto body = [&](int64_t, int64_t begin, int64_t end) {
    for (int64_t tile = begin; tile < end; ++tile) {
      const int64_t i = tile % row_tiles * cut.rows, j = tile / row_tiles % col_tiles * cut.cols,
                    batch = tile / (row_tiles * col_tiles);
      const int64_t m = std::min(cut.rows, p.m - i), n = std::min(cut.cols, p.n - j);
      char* out = const_cast<char*>(at(p.out.data, p.out.offset(batch) + i * p.out.row + j, p.itemsize));
      if (p.row_bias)
        for (int64_t r = 0; r < m; ++r)
          std::fill_n(reinterpret_cast<float*>(out) + r * p.out.row, n, p.row_bias[i + r]);
      run_tile(p, 1, m, n, p.k, at(p.a.data, p.a.offset(batch) + i * p.a.row, p.itemsize),
               at(p.b.data, p.b.offset(batch) + j * p.b.col, p.itemsize), out,
               p.bias ? at(p.bias, j, p.itemsize) : nullptr, p.row_bias ? 1.0F : p.beta);
    }
  };
  parallel_chunks({tiles, (tiles + group - 1) / group, std::min(group, tiles)}, body);
}

/// Few results, each a long sum: partial products of pieces of k, added in order. Float only.
void run_split(const Product& p, const MatmulCut& cut) {
  const int64_t pieces = (p.k + cut.depth - 1) / cut.depth, size = p.m * p.n;
  const Tensor partial = make_tensor({pieces, p.m, p.n}, kFloat);
  Product part = p;
  part.out = Operand(partial);
  part.alpha = 1;
  auto* sums = data_of<float>(partial);
  for (int64_t batch = 0; batch < p.batches; ++batch) {
    parallel_chunks({p.k, pieces, cut.depth}, [&](int64_t piece, int64_t begin, int64_t end) {
      run_tile(part, 1, p.m, p.n, end - begin, at(p.a.data, p.a.offset(batch) + begin * p.a.col, p.itemsize),
               at(p.b.data, p.b.offset(batch) + begin * p.b.row, p.itemsize),
               reinterpret_cast<char*>(sums + piece * size), nullptr, 0);
    });
    for (int64_t i = 1; i < pieces; ++i) loops().f32.axpy(1.0F, sums + i * size, sums, size);
    auto* out = reinterpret_cast<float*>(p.out.data) + p.out.offset(batch);
    const auto* bias = static_cast<const float*>(p.bias);
    for (int64_t i = 0; i < p.m; ++i) {
      for (int64_t j = 0; j < p.n; ++j) {
        float& y = out[i * p.out.row + j];
        y = p.alpha * sums[i * p.n + j] + (p.beta != 0 ? p.beta * y : 0.0F) + (bias ? bias[j] : 0.0F);
      }
    }
  }
}

/// out, a and b have oneDNN's dtypes and layouts.
void multiply(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha,
              const float* row_bias = nullptr) {
  const DimVector& sizes = impl(out)->sizes;
  const size_t rank = sizes.size();
  Product p{sizes[rank - 2],
            sizes[rank - 1],
            impl(a)->sizes[rank - 1],
            1,
            dnnl_type(impl(out)->dtype),
            impl(out)->dtype == kFloat ? 4 : 2,
            Operand(a),
            Operand(b),
            Operand(out),
            bias.defined() ? impl(bias)->data() : nullptr,
            static_cast<float>(alpha),
            static_cast<float>(beta),
            row_bias};
  p.batches = impl(out)->numel / (p.m * p.n);
  // One b for all of a stack whose rows follow each other: one tall matrix.
  if (p.batches > 1 && !row_bias && p.b.step() == 0 && p.a.col == 1 && p.a.step() == p.m * p.a.row &&
      p.out.step() == p.m * p.out.row) {
    p.m *= p.batches;
    p.batches = 1;
  }
  const int64_t flops = 2 * p.m * p.n * p.k;
  if (p.batches > 1 && !row_bias && flops < kTinyFlops && p.a.step() > 0 && p.b.step() > 0 && p.out.step() > 0)
    return run_tiny(p, flops);
  // Partial sums are floats: the halves don't get any.
  const MatmulCut cut =
      cut_matmul(p.batches, p.m, p.n, p.itemsize == 4 ? p.k : std::min<int64_t>(p.k, 4095), p.b.col != 1);
  if (cut.depth < p.k && p.itemsize == 4 && !row_bias) return run_split(p, cut);
  run_tiles(p, cut);
}

}  // namespace

MatmulCut cut_matmul(int64_t batches, int64_t m, int64_t n, int64_t k, bool b_columns) {
  const auto even = [](int64_t size, int64_t parts, int64_t unit) {
    return std::min(size, ((size + parts - 1) / parts + unit - 1) / unit * unit);
  };
  MatmulCut cut{m, n, k};
  // Few results: pieces of the sums.
  if (batches < 4 && m * n <= (b_columns ? 16384 : 8192) && k >= 4096) {
    const int64_t least = std::max<int64_t>(2048, kChunkFlops / (2 * m * n)), pieces = std::min<int64_t>(16, k / least);
    if (pieces > 1) cut.depth = even(k, pieces, 64);
    return cut;
  }
  const double products = static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  const int64_t most = products >= 5e8 ? 512 : 256;
  cut.rows = even(m, (m + most - 1) / most, 16);
  cut.cols = even(n, (n + most - 1) / most, 64);
  const auto tiles = [&] { return ((m + cut.rows - 1) / cut.rows) * ((n + cut.cols - 1) / cut.cols); };
  while (batches * tiles() < 4 && cut.rows * cut.cols * k >= kChunkFlops) {
    // Each tile makes its own copy of columns that don't lie in rows, so those are cut first; else rows are cheaper.
    if (cut.cols >= 64 && (b_columns || cut.rows < 64)) {
      cut.cols = even(cut.cols, 2, 32);
    } else if (cut.rows >= 64) {
      cut.rows = even(cut.rows, 2, 16);
    } else {
      break;
    }
  }
  return cut;
}

size_t dnnl_matmul_kept() { return t_runners.size(); }

void dnnl_matmul_rows(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias) {
  prepare_dnnl();
  multiply(out, a, b, Tensor(), 0, 1, data_of<float>(bias));
}

bool dnnl_matmul(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha) {
  const ScalarType dtype = impl(out)->dtype;
  if (dtype != kFloat && !isReducedFloatingType(dtype)) {
    log_once("matmul: {} by our own loops: oneDNN has none", toString(dtype));
    return false;
  }
  if (impl(out)->numel == 0 || impl(a)->numel == 0) return false;
  prepare_dnnl();
  if (dtype == kHalf || (dtype == kBFloat16 && !dnnl_has_bf16())) {
    const DenseOut work(out, kFloat, beta != 0);
    if (!dnnl_matmul(work.tensor(), dense_as(a, kFloat), dense_as(b, kFloat), dense_as(bias, kFloat), beta, alpha))
      return false;
    work.store();
    return true;
  }
  if (bias.defined() && alpha != 1.0) {  // oneDNN would scale the bias too
    copy(out, bias);
    return dnnl_matmul(out, a, b, Tensor(), 1.0, alpha);
  }
  const Operand target(out);
  const size_t rank = impl(out)->sizes.size();
  if (target.col != 1 || target.row < impl(out)->sizes[rank - 1]) {
    if (target.row == 1 && !bias.defined() && has_plain_matrices(out)) {  // the transposed product
      return dnnl_matmul(transposed_matrices(out), transposed_matrices(b), transposed_matrices(a), Tensor(), beta,
                         alpha);
    }
    const Tensor work = make_tensor(impl(out)->sizes, dtype);
    if (beta != 0) copy(work, out);
    dnnl_matmul(work, a, b, bias, beta, alpha);
    copy(out, work);
    return true;
  }
  const Tensor left = has_plain_matrices(a) ? a : dense(a), right = has_plain_matrices(b) ? b : dense(b);
  multiply(out, left, right, dense(bias), beta, alpha);
  return true;
}

}  // namespace hearth::cpu
