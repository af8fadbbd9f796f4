#include "backend/cpu/binary.h"

#include "backend/cpu/cpu.h"

namespace hearth::cpu {
namespace {

/// One operand of the kernel: a tensor's memory, or a number of the dtype kept here.
struct Source {
  Source(const Tensor& t, const Scalar& scalar, ScalarType dtype) {
    if (t.defined()) {
      const TensorImpl& in = *impl(t);
      operand = Operand(t);
      one = in.numel == 1;
      contiguous = in.contiguous;
      numel = in.numel;
      return;
    }
    visit_all("binary", dtype, [&](auto tag) {
      using T = typename decltype(tag)::type;
      const T number = scalar_as<T>(scalar);
      std::memcpy(value, &number, sizeof number);
    });
    operand = Operand::value(value);
    one = true;
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  Operand operand;
  bool one = false, contiguous = true;
  int64_t numel = 1;
  alignas(8) char value[8];
};

/// Whether b holds a zero: found before anything is written.
void check_divisor(BinaryOp op, const Tensor& out, const Source& b, ScalarType dtype) {
  if (isFloatingType(dtype)) return;
  const char* name = nullptr;
  switch (op) {
    case BinaryOp::div_floor:
    case BinaryOp::div_trunc: name = "div"; break;
    case BinaryOp::remainder: name = "remainder"; break;
    case BinaryOp::fmod: name = "fmod"; break;
    default: return;
  }
  if (impl(out)->numel == 0) return;
  const Strided<2> it({Operand(out), b.operand});
  const auto size = static_cast<int64_t>(elementSize(dtype));
  bool zero = false;
  for_runs(it, 0, it.numel, [&](const Fixed<char*, 2>& p, int64_t n) {
    const int64_t step = it.strides[1][0], count = step == 0 ? 1 : n;
    for (int64_t i = 0; i < count; ++i) {
      uint64_t element = 0;
      std::memcpy(&element, p[1] + i * step, static_cast<size_t>(size));
      zero = zero || element == 0;
    }
  });
  if (zero) {
    fail<ValueError>("[{}] ZeroDivisionError: a divisor of dtype {} is 0; mask the zeros or divide as floats", name,
                     toString(dtype));
  }
}

/// Nanoseconds that one float takes.
double cost(BinaryOp op) {
  switch (op) {
    case BinaryOp::pow:
    case BinaryOp::atan2:
    case BinaryOp::hypot:
    case BinaryOp::xlog1py:
    case BinaryOp::fmod:
    case BinaryOp::remainder:
    case BinaryOp::div_floor:
    case BinaryOp::gcd:
    case BinaryOp::lcm: return 5;
    case BinaryOp::zeta:
    case BinaryOp::gammainc:
    case BinaryOp::gammaincc:
    case BinaryOp::chebyshev_polynomial_t:
    case BinaryOp::chebyshev_polynomial_u:
    case BinaryOp::chebyshev_polynomial_v:
    case BinaryOp::chebyshev_polynomial_w:
    case BinaryOp::hermite_polynomial_h:
    case BinaryOp::hermite_polynomial_he:
    case BinaryOp::laguerre_polynomial_l:
    case BinaryOp::legendre_polynomial_p: return 100;
    case BinaryOp::gelu_backward:
    case BinaryOp::gelu_tanh_backward:
    case BinaryOp::silu_backward:
    case BinaryOp::mish_backward:
    case BinaryOp::elu_backward:
    case BinaryOp::logaddexp:
    case BinaryOp::logaddexp2:
    case BinaryOp::xlogy:
    case BinaryOp::bce_with_logits:
    case BinaryOp::bce_with_logits_backward: return 0.6;
    default: return 0.15;
  }
}

/// Operands that don't line up: inner runs, each operand gathered where its step is not its size.
void binary_strided(BinaryOp op, BinaryRun run, const Tensor& out, const Source& a, const Source& b, int64_t in_size,
                    int64_t grain, const Numbers& numbers) {
  const auto out_size = static_cast<int64_t>(elementSize(impl(out)->dtype));
  const Strided<3> it({Operand(out), a.operand, b.operand});
  const int64_t step = it.strides[0][0], step_a = it.strides[1][0], step_b = it.strides[2][0];
  const bool value_a = step_a == 0 || a.one, value_b = step_b == 0 || b.one;
  const OneValue one = value_b ? OneValue::b : value_a ? OneValue::a : OneValue::none;
  parallel_runs(it, grain, [&](const Fixed<char*, 3>& p, int64_t n) {
    if (step == out_size && (one == OneValue::b || step_b == in_size) && (one == OneValue::a || step_a == in_size)) {
      return run(op, p[1], p[2], p[0], n, one, numbers);
    }
    Piece u, v, y;
    for (int64_t i = 0; i < n; i += kPiece) {
      const int64_t m = std::min(kPiece, n - i);
      const char* left = one == OneValue::a ? p[1] : gathered(p[1] + i * step_a, step_a, in_size, m, u);
      const char* right = one == OneValue::b ? p[2] : gathered(p[2] + i * step_b, step_b, in_size, m, v);
      char* to = step == out_size ? p[0] + i * step : y.bytes.data();
      run(op, left, right, to, m, one, numbers);
      if (step != out_size) scattered(y, p[0] + i * step, step, out_size, m);
    }
  });
}

/// Two single numbers, where setting up vectors would take longer than the arithmetic; the loops' own formulas.
bool binary_single(BinaryOp op, float a, float b, const Args& args, float* y) {
  switch (op) {
    case BinaryOp::add: *y = a + args.s[1].toFloat() * b; return true;
    case BinaryOp::sub: *y = a - args.s[1].toFloat() * b; return true;
    case BinaryOp::mul: *y = a * b; return true;
    case BinaryOp::div: *y = a / b; return true;
    default: return false;
  }
}

/// The everyday case without a single detour: same-shape contiguous floats, or one of them a single number.
bool binary_tiny(BinaryOp op, const TensorImpl& o, const Tensor& a, const Tensor& b, const Args& args) {
  if (o.dtype != kFloat || !o.contiguous || o.numel > kTiny || !a.defined() || o.numel == 0) return false;
  const TensorImpl& left = *impl(a);
  if (left.dtype != kFloat || !left.contiguous || left.numel != o.numel) return false;
  if (o.numel == 1) {
    const bool number = !b.defined();
    if (!number && (impl(b)->dtype != kFloat || impl(b)->numel != 1)) return false;
    const float right = number ? args.s[0].toFloat() : *static_cast<const float*>(impl(b)->data());
    if (binary_single(op, *static_cast<const float*>(left.data()), right, args, static_cast<float*>(o.data()))) {
      return true;
    }
  }
  const double s[4] = {0, args.s[1].toDouble(), args.s[2].toDouble(), args.s[3].toDouble()};
  auto* y = static_cast<float*>(o.data());
  const auto* x = static_cast<const float*>(left.data());
  const auto& run = loops().f32.binary;
  if (!b.defined()) {
    const float number = args.s[0].toFloat();
    return run(op, x, &number, y, o.numel, OneValue::b, s);
  }
  const TensorImpl& right = *impl(b);
  if (!right.contiguous || (right.numel != o.numel && right.numel != 1)) return false;
  return run(op, x, static_cast<const float*>(right.data()), y, o.numel,
             right.numel == o.numel ? OneValue::none : OneValue::b, s);
}

}  // namespace

void binary(BinaryOp op, const Tensor& out, const Tensor& a, const Tensor& b, const Args& args) {
  const TensorImpl& o = *impl(out);
  if (binary_tiny(op, o, a, b, args)) return;
  if (!a.defined() && !b.defined()) fail<TypeError>("[binary] both operands are undefined; give at least one tensor");
  const ScalarType dtype = impl(a.defined() ? a : b)->dtype;
  const BinaryRun run = binary_run(op, o.dtype, dtype);
  const Source left(a, args.s[0], dtype), right(b, args.s[0], dtype);
  check_divisor(op, out, right, dtype);
  const Numbers numbers(args);
  const auto out_size = static_cast<int64_t>(elementSize(o.dtype)), in_size = static_cast<int64_t>(elementSize(dtype));
  const int64_t n = o.numel;
  const int64_t grain = n <= kTiny ? n : grain_for(cost(op) * dtype_cost(dtype));
  const bool plain_a = left.one || (left.contiguous && left.numel == n);
  const bool plain_b = right.one || (right.contiguous && right.numel == n);
  const bool one_a = left.one && left.numel != n, one_b = right.one && right.numel != n;
  if (n == 0) return;
  // An undefined operand of a one-element output: the number is as long as the output.
  if (!o.contiguous || !plain_a || !plain_b || (one_a && one_b)) {
    return binary_strided(op, run, out, left, right, in_size, grain, numbers);
  }
  const OneValue one = one_b ? OneValue::b : one_a ? OneValue::a : OneValue::none;
  auto* to = static_cast<char*>(o.data());
  const char *pa = left.operand.data, *pb = right.operand.data;
  const bool stream = n * out_size >= kStreamBytes && to != pa && to != pb;
  parallel_for(0, n, grain, [&](int64_t begin, int64_t end) {
    write_run(to, out_size, begin, end, stream, [&](char* y, int64_t first, int64_t count) {
      run(op, one_a ? pa : pa + first * in_size, one_b ? pb : pb + first * in_size, y, count, one, numbers);
    });
  });
}

}  // namespace hearth::cpu
