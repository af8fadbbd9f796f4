#include "backend/cpu/dnnl_matmul.h"

#include <thread>

#include "backend/cpu/packed_matmul.h"
#include "backend/cpu/reference_matmul.h"
#include "backend/dnnl_cases.h"

namespace hearth::dnnl_test {
namespace {

double tolerance(ScalarType dtype, int64_t k) {
  if (dtype == kDouble) return 1e-13;
  const double rounding = dtype == kFloat ? 1e-6 : dtype == kHalf ? 2e-3 : 1.6e-2;
  return rounding * (4 + std::sqrt(static_cast<double>(k)) * (dtype == kFloat ? 1.0 : 0.02));
}

/// Product and reference in double; returns the error.
double error_of(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha) {
  const Tensor expected = make_tensor(impl(out)->sizes, kDouble);
  cpu::copy(expected, out);
  cpu::reference_matmul(expected, wide(a), wide(b), wide(bias), beta, alpha);
  kernels(kCPU).matmul(out, a, b, bias, beta, alpha);
  return worst_error(out, expected);
}

TEST(DnnlMatmul, random_shapes_layouts_and_factors) {
  Engine engine(1);
  for (int round = 0; round < 300; ++round) {
    const std::vector<int64_t> lead = round % 3 == 0   ? std::vector<int64_t>{}
                                      : round % 3 == 1 ? std::vector<int64_t>{pick(engine, 1, 9)}
                                                       : std::vector<int64_t>{pick(engine, 1, 4), pick(engine, 1, 5)};
    const int64_t most = round % 10 == 0 ? 200 : 40;
    const int64_t m = pick(engine, 1, most), n = pick(engine, 1, most), k = pick(engine, 1, most);
    const auto dtype = std::array{kFloat, kFloat, kBFloat16, kHalf, kDouble}[static_cast<size_t>(pick(engine, 0, 4))];
    const auto make = [&](int64_t rows, int64_t cols) {
      std::vector<int64_t> sizes = lead;
      sizes.push_back(rows);
      sizes.push_back(cols);
      std::vector<size_t> order(sizes.size());
      for (size_t i = 0; i < order.size(); ++i) order[i] = i;
      const int64_t how = pick(engine, 0, 3);
      if (how == 1) std::swap(order[order.size() - 1], order[order.size() - 2]);
      if (how == 2) std::shuffle(order.begin(), order.end(), engine);
      return laid_out(random_tensor(engine, sizes, dtype), order, how == 3 ? 2 : 1);
    };
    const Tensor a = make(m, k), b = make(k, n), out = make(m, n);
    const Tensor bias = pick(engine, 0, 1) ? random_tensor(engine, {n}, dtype) : Tensor();
    const double beta = bias.defined() || pick(engine, 0, 1) ? 0.0 : -0.5;
    const double alpha = pick(engine, 0, 2) ? 1.0 : 0.25;
    EXPECT_LT(error_of(out, a, b, bias, beta, alpha), tolerance(dtype, k))
        << "round " << round << ": " << lead.size() << " " << m << "x" << n << "x" << k << " " << toString(dtype);
  }
}

TEST(DnnlMatmul, large_and_skinny) {
  Engine engine(2);
  const int64_t shapes[][3] = {{300, 500, 700}, {64, 128, 9216}, {1, 1000, 333}, {1000, 1, 333}, {16, 16, 32768},
                               {513, 1030, 65}, {10, 128, 5000}, {7, 5, 20000},  {1, 1, 100000}, {2000, 3, 2}};
  for (const auto& s : shapes) {
    for (int layout = 0; layout < 4; ++layout) {
      const Tensor a = laid_out(random_tensor(engine, {s[0], s[2]}),
                                layout & 1 ? std::vector<size_t>{1, 0} : std::vector<size_t>{0, 1});
      const Tensor b = laid_out(random_tensor(engine, {s[2], s[1]}),
                                layout & 2 ? std::vector<size_t>{1, 0} : std::vector<size_t>{0, 1});
      const Tensor out = random_tensor(engine, {s[0], s[1]}), bias = random_tensor(engine, {s[1]});
      EXPECT_LT(error_of(out, a, b, bias, 0, 1), tolerance(kFloat, s[2])) << s[0] << "x" << s[1] << "x" << s[2];
      EXPECT_LT(error_of(out, a, b, Tensor(), 2, 0.5), tolerance(kFloat, s[2])) << s[0] << "x" << s[1] << "x" << s[2];
    }
  }
}

/// out = beta * out + alpha * (a @ b) + bias by panels or by dots, whatever the sizes; returns the error.
template <class T>
double error_of_own(Engine& engine, int64_t m, int64_t n, int64_t k, int layout, bool dots) {
  constexpr ScalarType dtype = std::is_same_v<T, float> ? kFloat : kDouble;
  const std::vector<size_t> rows{0, 1}, cols{1, 0};
  const Tensor a = laid_out(random_tensor(engine, {m, k}, dtype), layout & 1 ? cols : rows);
  const Tensor b = laid_out(random_tensor(engine, {k, n}, dtype), layout & 2 ? cols : rows);
  const Tensor out = random_tensor(engine, {m, n}, dtype), bias = random_tensor(engine, {n}, dtype);
  const Tensor row_bias = random_tensor(engine, {m, 1}, dtype), expected = make_tensor({m, n}, kDouble);
  const bool biased = layout & 4;
  cpu::copy(expected, out);
  cpu::reference_matmul(expected, wide(a), wide(b), biased ? wide(bias) : Tensor(), 0.5, 1.5);
  if (biased) {
    for (int64_t i = 0; i < m * n; ++i)
      cpu::data_of<double>(expected)[i] += values_of(row_bias)[static_cast<size_t>(i / n)];
  }
  const cpu::MatmulTask<T> task{m,
                                n,
                                k,
                                cpu::data_of<T>(a),
                                impl(a)->strides[0],
                                impl(a)->strides[1],
                                cpu::data_of<T>(b),
                                impl(b)->strides[0],
                                impl(b)->strides[1],
                                cpu::data_of<T>(out),
                                n,
                                T(0.5),
                                T(1.5),
                                biased ? cpu::data_of<T>(bias) : nullptr,
                                biased ? cpu::data_of<T>(row_bias) : nullptr};
  if constexpr (std::is_same_v<T, double>) {
    if (!dots) cpu::packed_matmul(task);
  }
  if (dots) cpu::dot_matmul(task);
  return worst_error(out, expected);
}

TEST(OwnMatmul, panels_in_every_layout) {
  Engine engine(8);
  const int64_t shapes[][3] = {{1, 1, 1}, {14, 32, 5}, {29, 33, 700}, {257, 129, 300}, {30, 300, 1100}};
  for (const auto& s : shapes) {
    for (int layout = 0; layout < 8; ++layout) {
      EXPECT_LT(error_of_own<double>(engine, s[0], s[1], s[2], layout, false), tolerance(kDouble, s[2])) << layout;
    }
  }
  EXPECT_LT(error_of_own<double>(engine, 1100, 500, 600, 4, false), tolerance(kDouble, 600));
}

TEST(OwnMatmul, dots_of_rows) {
  Engine engine(10);
  const int64_t shapes[][3] = {{1, 1, 1}, {2, 8, 16}, {3, 9, 17}, {24, 37, 1025}, {5, 300, 2500}};
  for (const auto& s : shapes) {
    for (const int layout : {2, 6}) {
      EXPECT_LT(error_of_own<float>(engine, s[0], s[1], s[2], layout, true), tolerance(kFloat, s[2])) << layout;
      EXPECT_LT(error_of_own<double>(engine, s[0], s[1], s[2], layout, true), tolerance(kDouble, s[2])) << layout;
    }
  }
}

TEST(DnnlMatmul, vectors_and_a_few_rows) {
  Engine engine(9);
  const std::vector<size_t> rows{0, 1}, cols{1, 0};
  for (const ScalarType dtype : {kFloat, kDouble}) {
    for (const int64_t k : {64, 65, 1000, 3001}) {
      for (const int64_t m : {1, 2, 3, 7, 16}) {
        const Tensor x = random_tensor(engine, {m, k}, dtype),
                     w = laid_out(random_tensor(engine, {k, 37}, dtype), cols);
        const Tensor bias = random_tensor(engine, {37}, dtype), out = make_tensor({m, 37}, dtype);
        EXPECT_LT(error_of(out, x, w, bias, 0, 1), tolerance(dtype, k)) << m << " " << k;
        EXPECT_LT(error_of(out, x, w, Tensor(), 0.5, 2), tolerance(dtype, k)) << m << " " << k;
      }
      const Tensor a = random_tensor(engine, {53, k}, dtype), v = random_tensor(engine, {k, 1}, dtype);
      const Tensor out = make_tensor({53, 1}, dtype), shift = random_tensor(engine, {1}, dtype);
      EXPECT_LT(error_of(out, a, v, shift, 0, 1), tolerance(dtype, k)) << k;
    }
  }
}

TEST(DnnlMatmul, broadcast_stacks) {
  Engine engine(3);
  const Tensor one = random_tensor(engine, {1, 6, 5});
  for (const bool left : {false, true}) {
    const Tensor many = random_tensor(engine, left ? std::vector<int64_t>{7, 5, 4} : std::vector<int64_t>{7, 4, 6});
    const Tensor spread = make_alias(one, {7, 6, 5}, {0, 5, 1}, 0);
    const Tensor out = make_tensor(left ? IntArrayRef{7, 6, 4} : IntArrayRef{7, 4, 5}, kFloat);
    EXPECT_LT(left ? error_of(out, spread, many, Tensor(), 0, 1) : error_of(out, many, spread, Tensor(), 0, 1), 1e-5);
  }
}

TEST(DnnlMatmul, nothing_to_sum_leaves_bias_or_the_scaled_old_value) {
  Engine engine(4);
  const Tensor a = make_tensor({3, 0}, kFloat), b = make_tensor({0, 4}, kFloat), bias = random_tensor(engine, {4});
  const Tensor out = random_tensor(engine, {3, 4});
  EXPECT_LT(error_of(out, a, b, bias, 0, 1), 1e-6);
  EXPECT_LT(error_of(out, a, b, Tensor(), 0.5, 1), 1e-6);
  EXPECT_LT(error_of(out, a, b, Tensor(), 0, 1), 1e-6);
  for (const double v : values_of(out)) EXPECT_EQ(v, 0.0);
  kernels(kCPU).matmul(make_tensor({0, 4}, kFloat), make_tensor({0, 2}, kFloat), make_tensor({2, 4}, kFloat), Tensor(),
                       0, 1);
}

TEST(DnnlMatmul, old_content_is_not_read_when_beta_is_0) {
  Engine engine(5);
  const Tensor out = make_tensor({20, 30}, kFloat);
  for (int64_t i = 0; i < 600; ++i) cpu::data_of<float>(out)[i] = NAN;
  const Tensor a = random_tensor(engine, {20, 10}), b = random_tensor(engine, {10, 30});
  kernels(kCPU).matmul(out, a, b, Tensor(), 0, 0.5);
  for (const double v : values_of(out)) EXPECT_TRUE(std::isfinite(v));
}

TEST(DnnlMatmul, same_bits_for_any_number_of_threads) {
  Engine engine(6);
  const int64_t shapes[][4] = {{1, 300, 400, 500},  {1, 64, 128, 9216}, {1, 16, 16, 32768},
                               {40, 70, 80, 90},    {3000, 4, 5, 6},    {1, 64, 100, 5000},
                               {1, 900, 800, 1000}, {1, 3, 900, 1200},  {1, 128, 784, 64}};
  for (const auto& s : shapes) {
    const Tensor a = random_tensor(engine, {s[0], s[1], s[3]}), b = random_tensor(engine, {s[0], s[3], s[2]});
    for (const ScalarType dtype : {kFloat, kDouble}) {
      const Tensor left = cpu::dense_as(a, dtype), right = cpu::dense_as(b, dtype);
      const Tensor out = make_tensor({s[0], s[1], s[2]}, dtype);
      std::vector<char> first;
      for (const int threads : {1, 2, 3, 4}) {
        const Threads guard(threads);
        kernels(kCPU).matmul(out, left, right, Tensor(), 0, 1);
        if (first.empty()) first = bytes_of(out);
        EXPECT_EQ(first, bytes_of(out)) << threads << " threads, k " << s[3];
      }
    }
  }
}

TEST(DnnlMatmul, the_cut_covers_everything_and_knows_no_threads) {
  for (const int64_t size : {1, 63, 64, 128, 512, 2048, 5000}) {
    const cpu::MatmulCut cut = cpu::cut_matmul(1, size, size, size, false);
    EXPECT_GE(cut.rows, std::min<int64_t>(size, 16));
    EXPECT_GE(cut.cols, std::min<int64_t>(size, 16));
    if (size <= 64) {
      EXPECT_EQ(cut.rows, size);
      EXPECT_EQ(cut.cols, size);
    }
  }
}

TEST(DnnlMatmul, kept_primitives_are_bounded) {
  for (int64_t k = 1; k <= 400; ++k) {
    const Tensor a = make_tensor({2, k}, kFloat), b = make_tensor({k, 3}, kFloat), out = make_tensor({2, 3}, kFloat);
    cpu::fill(a, 1);
    cpu::fill(b, 2);
    kernels(kCPU).matmul(out, a, b, Tensor(), 0, 1);
    EXPECT_EQ(cpu::data_of<float>(out)[5], static_cast<float>(2 * k));
  }
  EXPECT_LE(cpu::dnnl_matmul_kept(), 256U);
}

TEST(DnnlMatmul, several_threads_of_the_program_at_once) {
  Engine engine(7);
  const Tensor a = random_tensor(engine, {200, 150}), b = random_tensor(engine, {150, 170});
  const Tensor expected = make_tensor({200, 170}, kFloat);
  kernels(kCPU).matmul(expected, a, b, Tensor(), 0, 1);
  std::vector<std::thread> threads;
  std::array<bool, 4> same{};
  for (size_t i = 0; i < same.size(); ++i) {
    threads.emplace_back([&, i] {
      bool all = true;
      for (int round = 0; round < 20; ++round) {
        const Tensor out = make_tensor({200, 170}, kFloat);
        kernels(kCPU).matmul(out, a, b, Tensor(), 0, 1);
        all = all && bytes_of(out) == bytes_of(expected);
      }
      same[i] = all;
    });
  }
  for (std::thread& t : threads) t.join();
  for (const bool s : same) EXPECT_TRUE(s);
}

}  // namespace
}  // namespace hearth::dnnl_test
