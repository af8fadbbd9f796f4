#include <cmath>

#include "backend/cpu/cpu.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {
namespace {

/// y = op(a, b, c) over contiguous runs.
using TernaryRun = void (*)(TernaryOp op, const void* a, const void* b, const void* c, void* y, int64_t n,
                            const Numbers& numbers);

template <class T>
void where_run(TernaryOp, const void* a, const void* b, const void* c, void* y, int64_t n, const Numbers&) {
  const auto* condition = static_cast<const uint8_t*>(a);
  const auto *u = static_cast<const T*>(b), *v = static_cast<const T*>(c);
  auto* out = static_cast<T*>(y);
  if constexpr (sizeof(T) >= 4) {  // a blend of bits, whatever they mean
    using Same = std::conditional_t<sizeof(T) == 4, float, double>;
    loops_of<Same>().where(condition, static_cast<const Same*>(b), static_cast<const Same*>(c), static_cast<Same*>(y),
                           n);
  } else {
    for (int64_t i = 0; i < n; ++i) out[i] = condition[i] ? u[i] : v[i];
  }
}

template <class T>
void masked_run(TernaryOp, const void* a, const void* b, const void*, void* y, int64_t n, const Numbers& numbers) {
  const auto* mask = static_cast<const uint8_t*>(b);
  if constexpr (std::is_floating_point_v<T>) {
    loops_of<T>().masked_scale(static_cast<const T*>(a), mask, static_cast<T*>(y), n, static_cast<T>(numbers.d[0]));
  } else {
    const auto* in = static_cast<const T*>(a);
    auto* out = static_cast<T*>(y);
    using M = Math<T>;
    const M scale = static_cast<M>(scalar_as<M>(numbers.raw.s[0]));
    for (int64_t i = 0; i < n; ++i)
      out[i] = static_cast<T>(static_cast<M>(static_cast<M>(in[i]) * M(mask[i] != 0) * scale));
  }
}

template <class T>
void float_run(TernaryOp op, const void* a, const void* b, const void* c, void* y, int64_t n, const Numbers& numbers) {
  loops_of<T>().ternary(op, static_cast<const T*>(a), static_cast<const T*>(b), static_cast<const T*>(c),
                        static_cast<T*>(y), n, numbers.d);
}

template <ScalarType dtype>
void half_run(TernaryOp op, const void* a, const void* b, const void* c, void* y, int64_t n, const Numbers& numbers) {
  alignas(64) float u[kPiece], v[kPiece], w[kPiece];
  for (int64_t i = 0; i < n; i += kPiece) {
    const int64_t m = std::min(kPiece, n - i);
    halves_to_float(dtype, static_cast<const uint16_t*>(a) + i, u, m);
    halves_to_float(dtype, static_cast<const uint16_t*>(b) + i, v, m);
    halves_to_float(dtype, static_cast<const uint16_t*>(c) + i, w, m);
    loops().f32.ternary(op, u, v, w, u, m, numbers.d);
    float_to_halves(dtype, u, static_cast<uint16_t*>(y) + i, m);
  }
}

/// Arithmetic wraps; addcdiv truncates and its divisor is checked before.
template <class T>
void integer_run(TernaryOp op, const void* pa, const void* pb, const void* pc, void* py, int64_t n,
                 const Numbers& numbers) {
  const auto *a = static_cast<const T*>(pa), *b = static_cast<const T*>(pb), *c = static_cast<const T*>(pc);
  auto* y = static_cast<T*>(py);
  const auto value = static_cast<uint64_t>(op == TernaryOp::clamp ? 0 : numbers.raw.s[0].toLong());
  switch (op) {
    case TernaryOp::addcmul:
      for (int64_t i = 0; i < n; ++i) {
        y[i] = static_cast<T>(static_cast<uint64_t>(a[i]) +
                              value * static_cast<uint64_t>(b[i]) * static_cast<uint64_t>(c[i]));
      }
      return;
    case TernaryOp::clamp:
      for (int64_t i = 0; i < n; ++i) y[i] = std::min(std::max(a[i], b[i]), c[i]);
      return;
    case TernaryOp::addcdiv:
    case TernaryOp::lerp:
    case TernaryOp::where:
    case TernaryOp::masked_scale: break;
  }
  fail<DtypeError>("[{}] is not defined for integers ({}); convert the tensors to a floating dtype",
                   op == TernaryOp::addcdiv ? "addcdiv" : "lerp", toString(scalar_type_of<T>()));
}

TernaryRun run_for(TernaryOp op, ScalarType dtype) {
  if (op == TernaryOp::where) {
    return visit_width(dtype, [](auto tag) -> TernaryRun { return where_run<typename decltype(tag)::type>; });
  }
  if (op == TernaryOp::masked_scale) {
    return visit_numbers("masked_scale", dtype,
                         [](auto tag) -> TernaryRun { return masked_run<typename decltype(tag)::type>; });
  }
  if (dtype == kFloat) return float_run<float>;
  if (dtype == kDouble) return float_run<double>;
  if (dtype == kHalf) return half_run<ScalarType::Half>;
  if (dtype == kBFloat16) return half_run<ScalarType::BFloat16>;
  if (dtype == kBool && op == TernaryOp::clamp) return integer_run<uint8_t>;
  return visit_integral("ternary", dtype,
                        [](auto tag) -> TernaryRun { return integer_run<typename decltype(tag)::type>; });
}

}  // namespace

void ternary(TernaryOp op, const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& c, const Args& args) {
  const TensorImpl& o = *impl(out);
  const TernaryRun run = run_for(op, o.dtype);
  const Numbers numbers(args);
  if (o.numel == 0) return;
  const Tensor& third = op == TernaryOp::masked_scale ? a : c;  // masked_scale has two operands
  const Fixed<const Tensor*, 3> inputs = {&a, &b, &third};
  const auto size = static_cast<int64_t>(elementSize(o.dtype));
  const int64_t size_a = static_cast<int64_t>(elementSize(impl(a)->dtype)),
                size_b = static_cast<int64_t>(elementSize(impl(b)->dtype));
  const int64_t grain = grain_for(0.25 * dtype_cost(o.dtype));
  auto* to = static_cast<char*>(o.data());
  bool plain = o.contiguous, aliased = false;
  for (const Tensor* t : inputs) {
    plain = plain && impl(*t)->contiguous && impl(*t)->numel == o.numel;
    aliased = aliased || impl(*t)->data() == to;
  }
  if (plain) {
    const char *pa = static_cast<char*>(impl(a)->data()), *pb = static_cast<char*>(impl(b)->data()),
               *pc = static_cast<char*>(impl(third)->data());
    return parallel_for(0, o.numel, grain, [&](int64_t begin, int64_t end) {
      write_run(to, size, begin, end, o.numel * size >= kStreamBytes && !aliased, [&](char* y, int64_t i, int64_t n) {
        run(op, pa + i * size_a, pb + i * size_b, pc + i * size, y, n, numbers);
      });
    });
  }
  const Strided<4> it({Operand(out), Operand(a), Operand(b), Operand(third)});
  const int64_t step = it.strides[0][0], step_a = it.strides[1][0], step_b = it.strides[2][0],
                step_c = it.strides[3][0];
  parallel_runs(it, grain, [&](const Fixed<char*, 4>& p, int64_t n) {
    if (step == size && step_a == size_a && step_b == size_b && step_c == size) {
      return run(op, p[1], p[2], p[3], p[0], n, numbers);
    }
    Piece u, v, w, y;
    for (int64_t i = 0; i < n; i += kPiece) {
      const int64_t m = std::min(kPiece, n - i);
      const char* x1 = gathered(p[1] + i * step_a, step_a, size_a, m, u);
      const char* x2 = gathered(p[2] + i * step_b, step_b, size_b, m, v);
      const char* x3 = gathered(p[3] + i * step_c, step_c, size, m, w);
      run(op, x1, x2, x3, step == size ? p[0] + i * step : y.bytes.data(), m, numbers);
      if (step != size) scattered(y, p[0] + i * step, step, size, m);
    }
  });
}

}  // namespace hearth::cpu
