#include "backend/cpu/cpu.h"

namespace hearth::cpu {
namespace {

// A missing entry is an error of -Wmissing-field-initializers: the compiler keeps the list.
constexpr Kernels kTable = {
    .device = "cpu",
    .copy = copy,
    .fill = fill,
    .arange = arange,
    .linspace = linspace,
    .unary = unary,
    .binary = binary,
    .ternary = ternary,
    .reduce = reduce,
    .reduce_index = reduce_index,
    .scan = scan,
    .softmax = softmax,
    .softmax_backward = softmax_backward,
    .index_select = index_select,
    .index_add = index_add,
    .gather = gather,
    .scatter = scatter,
    .index = index,
    .index_put = index_put,
    .count_nonzero = count_nonzero,
    .nonzero = nonzero,
    .sort = sort,
    .topk = topk,
    .uniform = uniform,
    .normal = normal,
    .exponential = exponential,
    .random_integers = random_integers,
    .randperm = randperm,
    .bernoulli = bernoulli,
    .dropout = dropout,
    .matmul = matmul,
    .conv = conv,
    .conv_backward_input = conv_backward_input,
    .conv_backward_weight = conv_backward_weight,
    .max_pool = max_pool,
    .max_pool_backward = max_pool_backward,
    .avg_pool = avg_pool,
    .avg_pool_backward = avg_pool_backward,
    .adaptive_avg_pool = adaptive_avg_pool,
    .adaptive_avg_pool_backward = adaptive_avg_pool_backward,
    .adaptive_max_pool = adaptive_max_pool,
    .fractional_max_pool = fractional_max_pool,
    .resample = resample,
    .grid_sample = grid_sample,
    .grid_sample_backward = grid_sample_backward,
    .im2col = im2col,
    .col2im = col2im,
    .batch_norm = batch_norm,
    .batch_norm_backward = batch_norm_backward,
    .layer_norm = layer_norm,
    .layer_norm_backward = layer_norm_backward,
    .group_norm = group_norm,
    .group_norm_backward = group_norm_backward,
    .nll_loss = nll_loss,
    .nll_loss_backward = nll_loss_backward,
    .sgd = sgd,
    .adam = adam,
};

}  // namespace

const Kernels& table() { return kTable; }

}  // namespace hearth::cpu
