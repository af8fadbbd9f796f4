// Attention in tiles of kTile queries by kTile keys: the scores of a tile are the most that is ever held. The forward
// pass keeps each row's running maximum and sum (Milakov and Gimelshein, 2018); the backward pass takes the scores anew
// (Dao et al., 2022). A tile's products and their order follow from the sizes alone.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "backend/cpu/dense.h"
#include "backend/cpu/own_gemm.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {
namespace {

constexpr int64_t kTile = 128;
/// From so many heads on each is one task of the backward pass; fewer are cut by tiles, which takes the scores twice.
constexpr int64_t kManyHeads = 16;

/// Rows [L, E] of each head of a [B, H, L, E] tensor.
template <class T>
struct Heads {
  explicit Heads(const Tensor& t) : data(data_of<T>(t)), strides(impl(t)->strides), heads(impl(t)->sizes[1]) {}
  T* at(int64_t head, int64_t first) const {
    return data + head / heads * strides[0] + head % heads * strides[1] + first * strides[2];
  }
  int64_t row() const { return strides[2]; }
  T* data;
  DimVector strides;
  int64_t heads;
};

template <class T>
class Attention {
 public:
  Attention(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask, const AttentionArgs& args)
      : q_(q), k_(k), v_(v), mask_(mask), args_(args) {
    const DimVector& sizes = impl(q)->sizes;
    heads_ = sizes[0] * sizes[1];
    queries_ = sizes[2];
    features_ = sizes[3];
    keys_ = impl(k)->sizes[2];
    values_ = impl(v)->sizes[3];
    most_ = std::max({features_, values_, kTile});
  }

  void forward(const Tensor& out, const Tensor& lse) const {
    const int64_t tiles = (queries_ + kTile - 1) / kTile;
    parallel_for(0, heads_ * tiles, 1, [&](int64_t begin, int64_t end) {
      Scratch s(most_);
      for (int64_t task = begin; task < end; ++task) forward_tile(s, out, lse, task / tiles, task % tiles * kTile);
    });
  }

  void backward(const Tensor& gq, const Tensor& gk, const Tensor& gv, const Tensor& g, const Tensor& out,
                const Tensor& lse) const {
    const Grad grad{Heads<T>(gq), Heads<T>(gk), Heads<T>(gv), Heads<T>(g), Heads<T>(out), data_of<T>(lse)};
    const int64_t rows = (queries_ + kTile - 1) / kTile, cols = (keys_ + kTile - 1) / kTile;
    const bool whole = heads_ >= kManyHeads;
    const auto run = [&](int64_t tasks, bool by_query, bool by_key, int64_t parts) {
      parallel_for(0, tasks, 1, [&](int64_t begin, int64_t end) {
        Scratch s(most_);
        for (int64_t task = begin; task < end; ++task) {
          const int64_t head = task / parts, part = task % parts;
          if (by_key) {
            for (int64_t j = whole ? 0 : part; j < (whole ? cols : part + 1); ++j)
              for (int64_t i = 0; i < rows; ++i) backward_tile(s, grad, head, i * kTile, j * kTile, by_query, true);
          } else {
            for (int64_t j = 0; j < cols; ++j) backward_tile(s, grad, head, part * kTile, j * kTile, true, false);
          }
        }
      });
    };
    if (whole) return run(heads_, true, true, 1);
    run(heads_ * cols, false, true, cols);
    run(heads_ * rows, true, false, rows);
  }

 private:
  struct Scratch {
    explicit Scratch(int64_t most)
        : left(kTile * 2 * most),
          right(kTile * 2 * most),
          scores(kTile * kTile),
          slopes(kTile * kTile),
          sums(kTile * most) {}
    Buffer<T> left, right, scores, slopes, sums;
  };
  struct Grad {
    Heads<T> q, k, v, g, out;
    const T* lse;
  };

  /// c [m, n] = beta c + alpha a b; a [m, depth] and b [depth, n] with any strides.
  void product(Scratch& s, const T* a, int64_t a_row, int64_t a_col, const T* b, int64_t b_row, int64_t b_col, T* c,
               int64_t c_row, int64_t m, int64_t n, int64_t depth, T beta, T alpha) const {
    const GemmLoops<T>& gemm = gemm_loops<T>();
    gemm.pack(a, a_row, a_col, m, depth, gemm.rows, s.left.data());
    gemm.pack(b, b_col, b_row, n, depth, gemm.cols, s.right.data());
    gemm.multiply(s.left.data(), s.right.data(), c, c_row, m, n, depth, {beta, alpha, nullptr, nullptr});
  }

  /// scale q k^T + mask for a tile, rows kTile apart.
  void score(Scratch& s, int64_t head, int64_t i, int64_t j, int64_t m, int64_t n) const {
    T* scores = s.scores.data();
    product(s, q_.at(head, i), q_.row(), 1, k_.at(head, j), 1, k_.row(), scores, kTile, m, n, features_, T(0),
            static_cast<T>(args_.scale));
    constexpr T never = -std::numeric_limits<T>::infinity();
    if (args_.causal)
      for (int64_t r = 0; r < m; ++r)
        for (int64_t c = std::max<int64_t>(0, i + r + 1 - j); c < n; ++c) scores[r * kTile + c] = never;
    if (!mask_.defined()) return;
    const bool choice = impl(mask_)->dtype == kBool;
    const DimVector& strides = impl(mask_)->strides;
    const int64_t heads = impl(mask_)->sizes[1];
    for (int64_t r = 0; r < m; ++r) {
      const int64_t at = head / heads * strides[0] + head % heads * strides[1] + (i + r) * strides[2] + j * strides[3];
      T* row = scores + r * kTile;
      if (choice) {
        const bool* p = data_of<bool>(mask_) + at;
        for (int64_t c = 0; c < n; ++c)
          if (!p[c * strides[3]]) row[c] = never;
      } else {
        const T* p = data_of<T>(mask_) + at;
        for (int64_t c = 0; c < n; ++c) row[c] += p[c * strides[3]];
      }
    }
  }

  /// Row r becomes exp(row - center).
  void exponentials(T* row, int64_t n, T center) const {
    for (int64_t c = 0; c < n; ++c) row[c] -= center;
    const double none[4] = {};
    loops_of<T>().unary(UnaryOp::exp, row, row, n, none);
  }

  void forward_tile(Scratch& s, const Tensor& out, const Tensor& lse, int64_t head, int64_t i) const {
    constexpr T never = -std::numeric_limits<T>::infinity();
    const int64_t m = std::min(kTile, queries_ - i);
    std::vector<T> top(static_cast<size_t>(m), never), total(static_cast<size_t>(m), T(0));
    T *sums = s.sums.data(), *scores = s.scores.data();
    std::fill(sums, sums + m * values_, T(0));
    const int64_t last = args_.causal ? std::min(keys_, i + m) : keys_;
    for (int64_t j = 0; j < last; j += kTile) {
      const int64_t n = std::min(kTile, last - j);
      score(s, head, i, j, m, n);
      for (int64_t r = 0; r < m; ++r) {
        const auto at = static_cast<size_t>(r);
        T* row = scores + r * kTile;
        const T high = loops_of<T>().max(row, n);
        if (high == never) {  // nothing of this tile counts
          std::fill(row, row + n, T(0));
          continue;
        }
        const T next = high > top[at] || high != high ? high : top[at], shrink = std::exp(top[at] - next);
        exponentials(row, n, next);
        total[at] = total[at] * shrink + static_cast<T>(loops_of<T>().sum(row, n));
        top[at] = next;
        if (shrink != T(1))
          for (int64_t c = 0; c < values_; ++c) sums[r * values_ + c] *= shrink;
      }
      product(s, scores, kTile, 1, v_.at(head, j), v_.row(), 1, sums, values_, m, values_, n, T(1), T(1));
    }
    const Heads<T> to(out);
    for (int64_t r = 0; r < m; ++r) {
      const auto at = static_cast<size_t>(r);
      T* row = to.at(head, i + r);
      for (int64_t c = 0; c < values_; ++c) row[c] = sums[r * values_ + c] / total[at];
      data_of<T>(lse)[head * queries_ + i + r] = top[at] + std::log(total[at]);
    }
  }

  void backward_tile(Scratch& s, const Grad& grad, int64_t head, int64_t i, int64_t j, bool by_query,
                     bool by_key) const {
    if (args_.causal && j >= std::min(keys_, i + kTile)) return;
    const int64_t m = std::min(kTile, queries_ - i), n = std::min(kTile, keys_ - j);
    T *scores = s.scores.data(), *slopes = s.slopes.data();
    const T *g = grad.g.at(head, i), *q = q_.at(head, i), *k = k_.at(head, j);
    const int64_t g_row = grad.g.row();
    score(s, head, i, j, m, n);
    product(s, g, g_row, 1, v_.at(head, j), 1, v_.row(), slopes, kTile, m, n, values_, T(0), T(1));
    for (int64_t r = 0; r < m; ++r) {
      T *row = scores + r * kTile, *slope = slopes + r * kTile;
      exponentials(row, n, grad.lse[head * queries_ + i + r]);
      const auto mean = static_cast<T>(loops_of<T>().dot(g + r * g_row, grad.out.at(head, i + r), values_));
      const auto scale = static_cast<T>(args_.scale);
      for (int64_t c = 0; c < n; ++c) slope[c] = row[c] * (slope[c] - mean) * scale;
    }
    if (by_key) {
      product(s, scores, 1, kTile, g, g_row, 1, grad.v.at(head, j), grad.v.row(), n, values_, m, T(1), T(1));
      product(s, slopes, 1, kTile, q, q_.row(), 1, grad.k.at(head, j), grad.k.row(), n, features_, m, T(1), T(1));
    }
    if (by_query)
      product(s, slopes, kTile, 1, k, k_.row(), 1, grad.q.at(head, i), grad.q.row(), m, features_, n, T(1), T(1));
  }

  Heads<T> q_, k_, v_;
  const Tensor& mask_;
  AttentionArgs args_;
  int64_t heads_, queries_, keys_, features_, values_, most_;
};

}  // namespace

void attention(const Tensor& out, const Tensor& lse, const Tensor& q, const Tensor& k, const Tensor& v,
               const Tensor& mask, const AttentionArgs& args) {
  if (impl(q)->dtype == kDouble) {
    Attention<double>(q, k, v, mask, args).forward(out, lse);
  } else {
    Attention<float>(q, k, v, mask, args).forward(out, lse);
  }
}

void attention_backward(const Tensor& gq, const Tensor& gk, const Tensor& gv, const Tensor& g, const Tensor& out,
                        const Tensor& lse, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask,
                        const AttentionArgs& args) {
  for (const Tensor* t : {&gq, &gk, &gv}) fill(*t, 0);
  if (impl(q)->dtype == kDouble) {
    Attention<double>(q, k, v, mask, args).backward(gq, gk, gv, g, out, lse);
  } else {
    Attention<float>(q, k, v, mask, args).backward(gq, gk, gv, g, out, lse);
  }
}

}  // namespace hearth::cpu
