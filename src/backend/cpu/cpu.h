#pragma once

// The kernels of the CPU, one function an entry of the table; backend/kernels.h says what each does.

#include "backend/kernels.h"

namespace hearth::cpu {

void copy(const Tensor& out, const Tensor& x);
void fill(const Tensor& out, const Scalar& value);
void arange(const Tensor& out, const Scalar& start, const Scalar& step);
void linspace(const Tensor& out, const Scalar& start, const Scalar& end);
void unary(UnaryOp op, const Tensor& out, const Tensor& x, const Args& args);
void binary(BinaryOp op, const Tensor& out, const Tensor& a, const Tensor& b, const Args& args);
void ternary(TernaryOp op, const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& c, const Args& args);
void reduce(ReduceOp op, const Tensor& out, const Tensor& x, IntArrayRef dims, const Args& args);
void reduce_index(bool largest, const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim);
void scan(ScanOp op, const Tensor& out, const Tensor& indices, const Tensor& x, int64_t dim);
void softmax(const Tensor& out, const Tensor& x, int64_t dim, bool log);
void softmax_backward(const Tensor& gx, const Tensor& g, const Tensor& y, int64_t dim, bool log);
void index_select(const Tensor& out, const Tensor& x, int64_t dim, const Tensor& index);
void index_add(const Tensor& out, int64_t dim, const Tensor& index, const Tensor& src, const Scalar& alpha);
void gather(const Tensor& out, const Tensor& x, int64_t dim, const Tensor& index);
void scatter(ScatterOp op, const Tensor& out, int64_t dim, const Tensor& index, const Tensor& src);
void index(const Tensor& out, const Tensor& x, const std::vector<Tensor>& indices);
void index_put(const Tensor& out, const std::vector<Tensor>& indices, const Tensor& values, bool accumulate);
int64_t count_nonzero(const Tensor& x);
void nonzero(const Tensor& out, const Tensor& x);
void sort(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim, bool descending, bool stable);
void topk(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t k, int64_t dim, bool largest,
          bool sorted);
void searchsorted(const Tensor& out, const Tensor& sorted, const Tensor& values, bool right);
void uniform(const Tensor& out, double low, double high, GeneratorImpl& generator);
void normal(const Tensor& out, double mean, double std, GeneratorImpl& generator);
void draw(DrawOp op, const Tensor& out, const Tensor& a, const Tensor& b, GeneratorImpl& generator);
void random_integers(const Tensor& out, int64_t low, uint64_t range, GeneratorImpl& generator);
void randperm(const Tensor& out, GeneratorImpl& generator);
void bernoulli(const Tensor& out, const Tensor& p, uint64_t key);
void dropout(const Tensor& out, const Tensor& mask, const Tensor& x, double p, uint64_t key);
void matmul(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha);
void cholesky(const Tensor& out, const Tensor& info, const Tensor& x, bool upper);
void lu_factor(const Tensor& lu, const Tensor& pivots, const Tensor& info, const Tensor& x);
void solve_triangular(const Tensor& out, const Tensor& a, const Tensor& b, bool upper, bool unit);
void qr(const Tensor& q, const Tensor& r, const Tensor& x);
void geqrf(const Tensor& packed, const Tensor& tau, const Tensor& x);
void ldl_factor(const Tensor& ld, const Tensor& pivots, const Tensor& info, const Tensor& x);
void ldl_solve(const Tensor& out, const Tensor& ld, const Tensor& pivots, const Tensor& b);
void eigh(const Tensor& values, const Tensor& vectors, const Tensor& x, bool upper);
void svd(const Tensor& u, const Tensor& s, const Tensor& vh, const Tensor& x);
void conv(const Tensor& y, const Tensor& x, const Tensor& w, const Tensor& bias, const ConvParams& params);
void conv_backward_input(const Tensor& gx, const Tensor& g, const Tensor& w, const ConvParams& params);
void conv_backward_weight(const Tensor& gw, const Tensor& gbias, const Tensor& g, const Tensor& x,
                          const ConvParams& params);
void max_pool(const Tensor& y, const Tensor& indices, const Tensor& x, const PoolParams& params);
void max_pool_backward(const Tensor& gx, const Tensor& g, const Tensor& indices);
void avg_pool(const Tensor& y, const Tensor& x, const PoolParams& params);
void avg_pool_backward(const Tensor& gx, const Tensor& g, const PoolParams& params);
void adaptive_avg_pool(const Tensor& y, const Tensor& x);
void adaptive_avg_pool_backward(const Tensor& gx, const Tensor& g);
void adaptive_max_pool(const Tensor& y, const Tensor& indices, const Tensor& x);
void fractional_max_pool(const Tensor& y, const Tensor& indices, const Tensor& x, const Tensor& samples,
                         const std::vector<int64_t>& kernel);
void resample(const Tensor& out, const Tensor& x, int64_t dim, const Taps& taps);
void grid_sample(const Tensor& y, const Tensor& x, const Tensor& grid, const GridParams& params);
void grid_sample_backward(const Tensor& gx, const Tensor& ggrid, const Tensor& g, const Tensor& x, const Tensor& grid,
                          const GridParams& params);
void im2col(const Tensor& columns, const Tensor& x, const PoolParams& params);
void col2im(const Tensor& x, const Tensor& columns, const PoolParams& params);
void batch_norm(const Tensor& y, const Tensor& mean, const Tensor& invstd, const Tensor& running_mean,
                const Tensor& running_var, const Tensor& x, const Tensor& weight, const Tensor& bias, bool training,
                double momentum, double eps);
void batch_norm_backward(const Tensor& gx, const Tensor& gweight, const Tensor& gbias, const Tensor& g, const Tensor& x,
                         const Tensor& weight, const Tensor& mean, const Tensor& invstd, bool training);
void layer_norm(const Tensor& y, const Tensor& mean, const Tensor& invstd, const Tensor& x, const Tensor& weight,
                const Tensor& bias, double eps);
void layer_norm_backward(const Tensor& gx, const Tensor& gweight, const Tensor& gbias, const Tensor& g, const Tensor& x,
                         const Tensor& weight, const Tensor& mean, const Tensor& invstd);
void recurrence(const Recurrence& r, const Tensor& y, const Tensor& h, const Tensor& c, const Tensor& x,
                const Tensor& w, const Tensor& bias_n, const RecurrenceTape& tape);
void recurrence_backward(const Recurrence& r, const Tensor& gx, const Tensor& gz, const Tensor& gh, const Tensor& gc,
                         const Tensor& g, const Tensor& w, const RecurrenceTape& tape);
void attention(const Tensor& out, const Tensor& lse, const Tensor& q, const Tensor& k, const Tensor& v,
               const Tensor& mask, const AttentionArgs& args);
void attention_backward(const Tensor& gq, const Tensor& gk, const Tensor& gv, const Tensor& g, const Tensor& out,
                        const Tensor& lse, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask,
                        const AttentionArgs& args);
void ctc_loss(const Tensor& out, const Tensor& x, const Tensor& target, const std::vector<int64_t>& input_lengths,
              const std::vector<int64_t>& target_lengths, int64_t blank);
void ctc_loss_backward(const Tensor& gx, const Tensor& g, const Tensor& x, const Tensor& target,
                       const std::vector<int64_t>& input_lengths, const std::vector<int64_t>& target_lengths,
                       int64_t blank, bool zero_infinity);
void group_norm(const Tensor& y, const Tensor& mean, const Tensor& invstd, const Tensor& x, const Tensor& weight,
                const Tensor& bias, int64_t groups, double eps);
void group_norm_backward(const Tensor& gx, const Tensor& gweight, const Tensor& gbias, const Tensor& g, const Tensor& x,
                         const Tensor& weight, const Tensor& mean, const Tensor& invstd, int64_t groups);
void nll_loss(const Tensor& out, const Tensor& total_weight, const Tensor& x, const Tensor& target,
              const Tensor& weight, int64_t ignore_index);
void nll_loss_backward(const Tensor& gx, const Tensor& g, const Tensor& target, const Tensor& weight,
                       int64_t ignore_index);
void fused_step(StepOp op, const std::vector<Tensor>& params, const std::vector<Tensor>& grads,
                const std::vector<std::vector<Tensor>>& states, const StepArgs& args);
double total_norm(const std::vector<Tensor>& xs, double p);
void scale_all(const std::vector<Tensor>& xs, double factor);

}  // namespace hearth::cpu
