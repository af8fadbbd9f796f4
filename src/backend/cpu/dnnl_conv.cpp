// Convolutions by oneDNN: the batch is cut into pieces that the sizes alone fix; each piece goes to a blocked layout,
// through one primitive and back, on one thread and mostly within its cache. Sums over pieces are added in order.
#include "backend/cpu/dnnl_conv.h"

#include <atomic>
#include <bit>
#include <cstdlib>
#include <string_view>

#include "backend/cpu/cpu.h"
#include "backend/cpu/dense.h"
#include "backend/cpu/dnnl_conv_plan.h"
#include "backend/cpu/dnnl_matmul.h"
#include "backend/cpu/isa/loops.h"
#include "base/fail.h"
#include "base/threads.h"
#include "base/verbose.h"

namespace hearth::cpu {
namespace {

/// Seconds of one thread for a pass over the whole batch, roughly; half of it moving data between layouts.
double seconds(const ConvShape& s, bool winograd) {
  return s.flops() / (winograd ? 300e9 : 150e9) + 0.5e-9 * static_cast<double>(s.n * (s.x_image() + s.y_image()));
}

/// The batch in a power of two of pieces, at most 16, none below 100 µs. Beyond 2, what each further piece costs (the
/// weights' transform, reading them again, adding their gradients) must stay small.
Chunks cut_batch(ConvPass pass, const ConvShape& s, bool winograd) {
  constexpr double kPiece = 1e-4;
  const double total = seconds(s, winograd), pairs = static_cast<double>(s.c * s.o),
               weights = static_cast<double>(s.weights());
  const double further = winograd ? 25e-9 * pairs : (pass == ConvPass::weight ? 1e-9 : 0.13e-9) * weights;
  const double share = pass == ConvPass::weight ? 0.05 : 0.1;
  const double most = std::min({16.0, total / kPiece, std::max(2.0, share * total / further)});
  const auto wanted = std::max<int64_t>(1, std::min(static_cast<int64_t>(most), s.n));
  const auto pieces = static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(wanted)));
  const int64_t size = (s.n + pieces - 1) / pieces;
  return {s.n, (s.n + size - 1) / size, size};
}

/// Plans of the pieces as the calling thread sees them: all but the last have one size.
struct Pieces {
  Pieces(ConvPass p, const ConvShape& s, bool with_bias)
      : pass(p), shape(s), bias(with_bias), winograd(uses_winograd(p, s)), chunks(cut_batch(p, s, winograd)) {
    whole = plan(chunks.size);
    const int64_t rest = s.n - (chunks.count - 1) * chunks.size;
    last = rest == chunks.size ? whole : plan(rest);
  }
  std::shared_ptr<ConvPlan> plan(int64_t n) const { return conv_plan(pass, shape.with_batch(n), bias, winograd); }
  bool refused() const { return !whole || !last; }
  bool same_weights() const { return whole->w_blocked == last->w_blocked; }

  ConvPass pass;
  const ConvShape& shape;
  bool bias, winograd;
  Chunks chunks;
  std::shared_ptr<ConvPlan> whole, last;
};

/// Blocked copies of the weights for the pieces.
struct PackedWeights {
  PackedWeights(const Pieces& p, const void* w)
      : whole_block(p.whole->w_bytes), last_block(p.same_weights() ? 0 : p.last->w_bytes) {
    whole = pack(*p.whole, p.shape, w, whole_block);
    last = p.same_weights() ? whole : pack(*p.last, p.shape, w, last_block);
  }
  static const void* pack(const ConvPlan& plan, const ConvShape& s, const void* w, const Scratch& block) {
    if (plan.w_bytes == 0) return w;
    reorder_weights(plan, s, w, block.data(), true);
    return block.data();
  }
  Scratch whole_block, last_block;
  const void *whole, *last;
};

/// The places of a piece: blocked copies and the primitive's scratchpad in one block, or the tensors themselves.
struct Places {
  Places(const ConvPlan& plan, char* x_plain, char* y_plain)
      : block(plan.x_bytes + plan.y_bytes + plan.main->scratch_bytes()) {
    auto* at = static_cast<char*>(block.data());
    x = plan.x_bytes > 0 ? at : x_plain;
    y = plan.y_bytes > 0 ? at + plan.x_bytes : y_plain;
    scratch = at + plan.x_bytes + plan.y_bytes;
  }
  Scratch block;
  char *x, *y, *scratch;
};

char* bytes_at(const Tensor& t, int64_t elements) {
  return static_cast<char*>(impl(t)->data()) + elements * static_cast<int64_t>(elementSize(impl(t)->dtype));
}

bool forward_pieces(const Tensor& y, const Tensor& x, const Tensor& w, const Tensor& bias, const ConvShape& s) {
  const Pieces pieces(ConvPass::forward, s, bias.defined());
  if (pieces.refused()) return false;
  const PackedWeights weights(pieces, impl(w)->data());
  parallel_chunks(pieces.chunks, [&](int64_t, int64_t begin, int64_t end) {
    const auto plan = pieces.plan(end - begin);
    const bool whole = end - begin == pieces.chunks.size;
    char *from = bytes_at(x, begin * s.x_image()), *to = bytes_at(y, begin * s.y_image());
    const Places at(*plan, from, to);
    if (plan->x_reorder) plan->x_reorder->run({from, at.x});
    const void* kernel = whole ? weights.whole : weights.last;
    if (bias.defined()) {
      plan->main->run({at.x, kernel, at.y, impl(bias)->data()}, at.scratch);
    } else {
      plan->main->run({at.x, kernel, at.y}, at.scratch);
    }
    if (plan->y_reorder) plan->y_reorder->run({at.y, to});
  });
  return true;
}

/// Into how many parts the output channels of a single image are cut: a batch of one has nothing else to share out.
int64_t channel_parts(const ConvShape& s) {
  if (s.n != 1 || s.groups != 1) return 1;
  int64_t parts = 1;
  while (parts < 16 && s.o % (32 * parts) == 0 && seconds(s, false) > 8e-5 * static_cast<double>(parts)) parts *= 2;
  return parts;
}

/// A single image, part by part of its output channels.
bool forward_by_channels(const Tensor& y, const Tensor& x, const Tensor& w, const Tensor& bias, const ConvShape& s,
                         int64_t parts) {
  ConvShape part = s;
  part.o = s.o / parts;
  const Pieces probe(ConvPass::forward, part, bias.defined());
  if (probe.refused()) return false;
  const auto slice = [&](const Tensor& t, size_t dim, int64_t i) {
    DimVector sizes = impl(t)->sizes;
    sizes[dim] = part.o;
    return make_alias(t, sizes, impl(t)->strides, impl(t)->offset + i * part.o * impl(t)->strides[dim]);
  };
  parallel_chunks({s.o, parts, part.o}, [&](int64_t i, int64_t, int64_t) {
    forward_pieces(slice(y, 1, i), x, slice(w, 0, i), bias.defined() ? slice(bias, 0, i) : bias, part);
  });
  return true;
}

bool forward(const Tensor& y, const Tensor& x, const Tensor& w, const Tensor& bias, const ConvShape& s) {
  const int64_t parts = channel_parts(s);
  return parts > 1 ? forward_by_channels(y, x, w, bias, s, parts) : forward_pieces(y, x, w, bias, s);
}

bool backward_input(const Tensor& gx, const Tensor& g, const Tensor& w, const ConvShape& s) {
  const Pieces pieces(ConvPass::input, s, false);
  if (pieces.refused()) return false;
  const PackedWeights weights(pieces, impl(w)->data());
  parallel_chunks(pieces.chunks, [&](int64_t, int64_t begin, int64_t end) {
    const auto plan = pieces.plan(end - begin);
    const bool whole = end - begin == pieces.chunks.size;
    char *to = bytes_at(gx, begin * s.x_image()), *from = bytes_at(g, begin * s.y_image());
    const Places at(*plan, to, from);
    if (plan->y_reorder) plan->y_reorder->run({from, at.y});
    plan->main->run({at.x, whole ? weights.whole : weights.last, at.y}, at.scratch);
    if (plan->x_reorder) plan->x_reorder->run({at.x, to});
  });
  return true;
}

/// sums[0] += sums[1] + …, each `size` floats, in order.
void add_in_order(float* sums, int64_t count, int64_t size) {
  parallel_for(0, size, grain_for(0.1 * static_cast<double>(count)), [&](int64_t begin, int64_t end) {
    for (int64_t i = 1; i < count; ++i) loops().f32.axpy(1.0F, sums + i * size + begin, sums + begin, end - begin);
  });
}

/// Partial gradients of a piece each: [pieces, weights as they are blocked] and [pieces, o].
bool backward_weight(const Tensor& gw, const Tensor& gbias, const Tensor& g, const Tensor& x, const ConvShape& s) {
  const Pieces pieces(ConvPass::weight, s, gbias.defined());
  if (pieces.refused()) return false;
  if (!pieces.same_weights()) {
    log_once("convolution: [{}, {}, {}] by our own loops: pieces of unlike layouts", s.n, s.c, s.o);
    return false;
  }
  const ConvPlan& first = *pieces.whole;
  const bool straight = first.w_bytes == 0 && pieces.chunks.count == 1;
  const int64_t size = static_cast<int64_t>(first.w_blocked.get_size() + 63) / 64 * 16;  // floats, whole lines
  const int64_t shifts = (s.o + 15) / 16 * 16;
  const Scratch block((static_cast<size_t>(size + shifts) * sizeof(float)) * static_cast<size_t>(pieces.chunks.count));
  auto* sums = static_cast<float*>(block.data());
  float* bias_sums = sums + size * pieces.chunks.count;
  auto* out = data_of<float>(gw);
  parallel_chunks(pieces.chunks, [&](int64_t piece, int64_t begin, int64_t end) {
    const auto plan = pieces.plan(end - begin);
    char *in = bytes_at(x, begin * s.x_image()), *up = bytes_at(g, begin * s.y_image());
    const Places at(*plan, in, up);
    if (plan->x_reorder) plan->x_reorder->run({in, at.x});
    if (plan->y_reorder) plan->y_reorder->run({up, at.y});
    float* sum = straight ? out : sums + piece * size;
    if (gbias.defined()) {
      plan->main->run({at.x, sum, at.y, bias_sums + piece * shifts}, at.scratch);
    } else {
      plan->main->run({at.x, sum, at.y}, at.scratch);
    }
  });
  if (pieces.chunks.count > 1) add_in_order(sums, pieces.chunks.count, size);
  if (gbias.defined()) {
    add_in_order(bias_sums, pieces.chunks.count, shifts);
    std::memcpy(impl(gbias)->data(), bias_sums, static_cast<size_t>(s.o) * sizeof(float));
  }
  if (first.w_bytes > 0) {
    reorder_weights(first, s, sums, out, false);
  } else if (!straight) {
    std::memcpy(out, sums, static_cast<size_t>(s.weights()) * sizeof(float));
  }
  return true;
}

// --- 1x1, stride 1: a matrix product for each image, in plain layouts

bool goes_by_products(const ConvShape& s) { return s.pointwise() && s.dtype == kFloat && product(s.out) >= 64; }

/// [n, channels, …] as [n, channels, pixels]; weights [o, c, 1…] as n times the same [o, c].
Tensor images(const Tensor& t, const ConvShape& s, int64_t channels) {
  const int64_t pixels = product(s.out);
  return make_alias(t, {s.n, channels, pixels}, {channels * pixels, pixels, 1}, impl(t)->offset);
}
Tensor spread_weights(const Tensor& w, const ConvShape& s, bool transposed) {
  return transposed ? make_alias(w, {s.n, s.c, s.o}, {0, 1, s.c}, impl(w)->offset)
                    : make_alias(w, {s.n, s.o, s.c}, {0, s.c, 1}, impl(w)->offset);
}

void products_weight(const Tensor& gw, const Tensor& gbias, const Tensor& g, const Tensor& x, const ConvShape& s) {
  const int64_t pixels = product(s.out), size = s.weights();
  const Chunks chunks = cut_batch(ConvPass::weight, s, false);
  const Tensor partial = make_tensor({chunks.count, s.o, s.c}, kFloat);
  const auto matrix = [&](const Tensor& t, int64_t n, int64_t rows, int64_t row, int64_t cols, int64_t col,
                          int64_t step) {
    return make_alias(t, {rows, cols}, {row, col}, impl(t)->offset + n * step);
  };
  parallel_chunks(chunks, [&](int64_t piece, int64_t begin, int64_t end) {
    const Tensor sum = matrix(partial, piece, s.o, s.c, s.c, 1, size);
    for (int64_t n = begin; n < end; ++n) {
      matmul(sum, matrix(g, n, s.o, pixels, pixels, 1, s.y_image()), matrix(x, n, pixels, 1, s.c, pixels, s.x_image()),
             Tensor(), n > begin ? 1 : 0, 1);
    }
  });
  auto* sums = data_of<float>(partial);
  add_in_order(sums, chunks.count, size);
  std::memcpy(impl(gw)->data(), sums, static_cast<size_t>(size) * sizeof(float));
  if (!gbias.defined()) return;
  const auto* up = data_of<float>(g);
  auto* out = data_of<float>(gbias);
  parallel_for(0, s.o, grain_for(0.1 * static_cast<double>(s.n * pixels)), [&](int64_t begin, int64_t end) {
    for (int64_t o = begin; o < end; ++o) {
      double sum = 0;
      for (int64_t n = 0; n < s.n; ++n) sum += loops().f32.sum(up + (n * s.o + o) * pixels, pixels);
      out[o] = static_cast<float>(sum);
    }
  });
}

ConvAlgorithm algorithm_from_environment() {
  const char* text = std::getenv("HEARTH_CONV");
  const std::string_view name = text != nullptr ? text : "";
  if (name == "direct") return ConvAlgorithm::direct;
  if (!name.empty() && name != "fastest")
    fail("[conv] HEARTH_CONV is '{}' but must be fastest or direct; unset it for fastest", text);
  return ConvAlgorithm::fastest;
}
std::atomic<ConvAlgorithm>& algorithm_setting() {
  static std::atomic<ConvAlgorithm> setting{algorithm_from_environment()};
  return setting;
}

bool takes(const Tensor& out, const Tensor& a, const Tensor& b) {
  const ScalarType dtype = impl(a)->dtype;
  if (dtype != kFloat && !isReducedFloatingType(dtype)) {
    log_once("convolution: {} by our own loops: oneDNN has none", toString(dtype));
    return false;
  }
  if (impl(out)->numel == 0 || impl(a)->numel == 0 || impl(b)->numel == 0) return false;
  prepare_dnnl();
  return true;
}

/// The dtype that the work is done in.
ScalarType working_type(ScalarType dtype) { return dtype == kBFloat16 && dnnl_has_bf16() ? kBFloat16 : kFloat; }

}  // namespace

bool dnnl_conv(const Tensor& y, const Tensor& x, const Tensor& w, const Tensor& bias, const ConvParams& params) {
  if (!takes(y, x, w)) return false;
  const ScalarType type = working_type(impl(x)->dtype);
  const Tensor in = dense_as(x, type), kernel = dense_as(w, type), shift = dense_as(bias, type);
  const DenseOut out(y, type);
  const ConvShape s(in, kernel, out.tensor(), params);
  if (goes_by_products(s)) {
    dnnl_matmul_rows(images(out.tensor(), s, s.o), spread_weights(kernel, s, false), images(in, s, s.c), shift);
  } else if (!forward(out.tensor(), in, kernel, shift, s)) {
    return false;
  }
  out.store();
  return true;
}

bool dnnl_conv_backward_input(const Tensor& gx, const Tensor& g, const Tensor& w, const ConvParams& params) {
  if (!takes(gx, g, w)) return false;
  const ScalarType type = working_type(impl(g)->dtype);
  const Tensor up = dense_as(g, type), kernel = dense_as(w, type);
  const DenseOut out(gx, type);
  const ConvShape s(out.tensor(), kernel, up, params);
  if (goes_by_products(s)) {
    dnnl_matmul_rows(images(out.tensor(), s, s.c), spread_weights(kernel, s, true), images(up, s, s.o), Tensor());
  } else if (!backward_input(out.tensor(), up, kernel, s)) {
    return false;
  }
  out.store();
  return true;
}

bool dnnl_conv_backward_weight(const Tensor& gw, const Tensor& gbias, const Tensor& g, const Tensor& x,
                               const ConvParams& params) {
  if (!takes(gw, g, x)) return false;
  const ScalarType type = working_type(impl(x)->dtype);
  const Tensor up = dense_as(g, type), in = dense_as(x, type);
  const DenseOut out(gw, kFloat), shift(gbias, kFloat);
  const ConvShape s(in, gw, up, params);
  if (goes_by_products(s)) {
    products_weight(out.tensor(), shift.tensor(), up, in, s);
  } else if (!backward_weight(out.tensor(), shift.tensor(), up, in, s)) {
    return false;
  }
  out.store();
  if (gbias.defined()) shift.store();
  return true;
}

void set_conv_algorithm(ConvAlgorithm algorithm) { algorithm_setting().store(algorithm, std::memory_order_relaxed); }
ConvAlgorithm conv_algorithm() { return algorithm_setting().load(std::memory_order_relaxed); }

size_t dnnl_conv_kept() { return conv_plans_kept(); }

}  // namespace hearth::cpu
