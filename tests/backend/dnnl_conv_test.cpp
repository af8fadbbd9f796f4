#include "backend/cpu/dnnl_conv.h"

#include <thread>

#include "backend/cpu/reference_conv.h"
#include "backend/dnnl_cases.h"

namespace hearth::dnnl_test {
namespace {

struct Case {
  int64_t n, c, o, groups;
  std::vector<int64_t> in, kernel, stride, padding, dilation;
  ScalarType dtype = kFloat;

  std::vector<int64_t> out() const {
    std::vector<int64_t> sizes;
    for (size_t i = 0; i < in.size(); ++i)
      sizes.push_back((in[i] + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1) / stride[i] + 1);
    return sizes;
  }
  bool possible() const {
    for (size_t i = 0; i < in.size(); ++i)
      if (in[i] + 2 * padding[i] < dilation[i] * (kernel[i] - 1) + 1) return false;
    return true;
  }
  ConvParams params() const { return {stride, padding, dilation, groups}; }
  static std::vector<int64_t> with(int64_t a, int64_t b, const std::vector<int64_t>& rest) {
    std::vector<int64_t> sizes{a, b};
    sizes.insert(sizes.end(), rest.begin(), rest.end());
    return sizes;
  }
  std::vector<int64_t> x_sizes() const { return with(n, c, in); }
  std::vector<int64_t> w_sizes() const { return with(o, c / groups, kernel); }
  std::vector<int64_t> y_sizes() const { return with(n, o, out()); }
  std::string text() const {
    std::string s = toString(dtype);
    for (const auto& v : {x_sizes(), w_sizes(), stride, padding, dilation}) {
      s += " [";
      for (const int64_t i : v) s += " " + std::to_string(i);
      s += " ]";
    }
    return s;
  }
};

double tolerance(ScalarType dtype) { return dtype == kFloat ? 3e-5 : dtype == kHalf ? 8e-3 : 6e-2; }

std::vector<size_t> channels_last(size_t rank) {
  std::vector<size_t> order{0};
  for (size_t i = 2; i < rank; ++i) order.push_back(i);
  order.push_back(1);
  return order;
}

void check(Engine& engine, const Case& c, bool strided = false) {
  SCOPED_TRACE(c.text());
  const auto make = [&](const std::vector<int64_t>& sizes) {
    const Tensor t = random_tensor(engine, sizes, c.dtype);
    return strided && sizes.size() > 1 ? laid_out(t, channels_last(sizes.size())) : t;
  };
  const Tensor x = make(c.x_sizes()), w = make(c.w_sizes()), g = make(c.y_sizes());
  const Tensor bias = random_tensor(engine, {c.o}, c.dtype);
  const ConvParams p = c.params();
  const auto both = [&](const std::vector<int64_t>& sizes) {
    return std::pair{make(sizes), make_tensor(sizes, kDouble)};
  };
  for (const Tensor& shift : {bias, Tensor()}) {
    const auto [y, expected] = both(c.y_sizes());
    kernels(kCPU).conv(y, x, w, shift, p);
    cpu::reference_conv(expected, wide(x), wide(w), wide(shift), p);
    EXPECT_LT(worst_error(y, expected), tolerance(c.dtype));
  }
  const auto [gx, gx_expected] = both(c.x_sizes());
  kernels(kCPU).conv_backward_input(gx, g, w, p);
  cpu::reference_conv_backward_input(gx_expected, wide(g), wide(w), p);
  EXPECT_LT(worst_error(gx, gx_expected), tolerance(c.dtype));
  for (const bool with_bias : {true, false}) {
    const auto [gw, gw_expected] = both(c.w_sizes());
    const auto [gb, gb_expected] = both({c.o});
    kernels(kCPU).conv_backward_weight(gw, with_bias ? gb : Tensor(), g, x, p);
    cpu::reference_conv_backward_weight(gw_expected, gb_expected, wide(g), wide(x), p);
    EXPECT_LT(worst_error(gw, gw_expected), tolerance(c.dtype));
    if (with_bias) {
      EXPECT_LT(worst_error(gb, gb_expected), tolerance(c.dtype));
    }
  }
}

TEST(DnnlConv, random_geometries) {
  Engine engine(11);
  int done = 0;
  while (done < 150) {
    const size_t rank = static_cast<size_t>(pick(engine, 1, 3));
    Case c{};
    c.n = pick(engine, 1, 5);
    const int64_t kind = pick(engine, 0, 3);
    c.groups = kind == 0 ? pick(engine, 2, 4) : kind == 1 ? pick(engine, 3, 40) : 1;
    const int64_t each = kind == 1 ? 1 : pick(engine, 1, kind == 2 ? 40 : 5);
    c.c = c.groups * each;
    c.o = c.groups * (kind == 1 ? pick(engine, 1, 2) : pick(engine, 1, kind == 2 ? 40 : 5));
    for (size_t i = 0; i < rank; ++i) {
      c.in.push_back(pick(engine, 1, rank == 3 ? 7 : 14));
      c.kernel.push_back(pick(engine, 1, 4));
      c.stride.push_back(pick(engine, 1, 3));
      c.padding.push_back(pick(engine, 0, 2));
      c.dilation.push_back(pick(engine, 1, 2));
    }
    c.dtype = std::array{kFloat, kFloat, kFloat, kBFloat16, kHalf}[static_cast<size_t>(pick(engine, 0, 4))];
    if (!c.possible()) continue;
    check(engine, c, done % 5 == 0);
    ++done;
  }
}

TEST(DnnlConv, shapes_of_known_networks) {
  Engine engine(12);
  const std::vector<int64_t> one{1, 1}, two{2, 2}, none{0, 0}, three{3, 3};
  check(engine, {5, 1, 32, 1, {28, 28}, three, one, none, one});
  check(engine, {7, 32, 64, 1, {26, 26}, three, one, none, one});
  check(engine, {4, 3, 64, 1, {32, 32}, three, one, one, one});
  check(engine, {3, 3, 16, 1, {40, 40}, {7, 7}, two, three, one});
  check(engine, {3, 64, 64, 1, {17, 19}, three, one, one, one});
  check(engine, {2, 64, 32, 1, {16, 16}, three, two, one, one});
  check(engine, {2, 64, 32, 1, {16, 16}, one, two, none, one});
  check(engine, {3, 64, 48, 1, {9, 13}, one, one, none, one});
  check(engine, {2, 64, 64, 64, {20, 20}, three, one, one, one});
  check(engine, {2, 128, 128, 1, {4, 4}, three, one, one, one});
  check(engine, {1, 64, 128, 1, {30, 30}, three, one, one, one});
  check(engine, {1, 32, 64, 1, {26, 26}, three, one, none, one});
  check(engine, {2, 16, 16, 1, {20}, {5}, {2}, {2}, {1}});
  check(engine, {2, 16, 32, 1, {6, 8, 10}, {3, 3, 3}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}});
  check(engine, {2, 16, 16, 1, {20, 20}, three, one, two, two});
  check(engine, {4, 32, 64, 1, {26, 26}, three, one, none, one, kBFloat16});
  check(engine, {3, 64, 48, 1, {9, 13}, one, one, none, one, kBFloat16});
}

TEST(DnnlConv, transposed_with_more_output_than_the_stride_gives) {
  // gx is larger than the smallest input that gives g: what output_padding of a transposed convolution makes.
  Engine engine(13);
  for (const int64_t stride : {1, 2, 3}) {
    for (int64_t extra = 0; extra < std::max<int64_t>(stride, 2); ++extra) {
      const int64_t dilation = 2, out = 6, in = (out - 1) * stride - 2 + 2 * dilation + 1 + extra;
      const Tensor g = random_tensor(engine, {2, 5, out, out}), w = random_tensor(engine, {5, 4, 3, 3});
      const Tensor gx = make_tensor({2, 4, in, in}, kFloat), expected = make_tensor({2, 4, in, in}, kDouble);
      const ConvParams p{{stride, stride}, {1, 1}, {dilation, dilation}, 1};
      kernels(kCPU).conv_backward_input(gx, g, w, p);
      cpu::reference_conv_backward_input(expected, wide(g), wide(w), p);
      EXPECT_LT(worst_error(gx, expected), 1e-5) << stride << " " << extra;
    }
  }
}

TEST(DnnlConv, an_empty_batch_gives_zero_gradients) {
  const Tensor x = make_tensor({0, 3, 8, 8}, kFloat), g = make_tensor({0, 4, 6, 6}, kFloat);
  const Tensor gw = make_tensor({4, 3, 3, 3}, kFloat), gb = make_tensor({4}, kFloat);
  cpu::fill(gw, 7);
  cpu::fill(gb, 7);
  const ConvParams p{{1, 1}, {0, 0}, {1, 1}, 1};
  kernels(kCPU).conv_backward_weight(gw, gb, g, x, p);
  for (const double v : values_of(gw)) EXPECT_EQ(v, 0.0);
  for (const double v : values_of(gb)) EXPECT_EQ(v, 0.0);
  kernels(kCPU).conv(g, x, gw, gb, p);
  kernels(kCPU).conv_backward_input(x, g, gw, p);
}

std::vector<char> all_bits(const Case& c, const Tensor& x, const Tensor& w, const Tensor& g, const Tensor& bias) {
  const Tensor y = make_tensor(c.y_sizes(), kFloat), gx = make_tensor(c.x_sizes(), kFloat),
               gw = make_tensor(c.w_sizes(), kFloat), gb = make_tensor({c.o}, kFloat);
  kernels(kCPU).conv(y, x, w, bias, c.params());
  kernels(kCPU).conv_backward_input(gx, g, w, c.params());
  kernels(kCPU).conv_backward_weight(gw, gb, g, x, c.params());
  std::vector<char> all;
  for (const Tensor& t : {y, gx, gw, gb}) {
    const std::vector<char> bits = bytes_of(t);
    all.insert(all.end(), bits.begin(), bits.end());
  }
  return all;
}

TEST(DnnlConv, same_bits_for_any_number_of_threads_and_beside_other_threads) {
  Engine engine(14);
  const std::vector<int64_t> one{1, 1}, none{0, 0}, three{3, 3};
  const Case cases[] = {{21, 32, 64, 1, {26, 26}, three, one, none, one},
                        {13, 1, 32, 1, {28, 28}, three, one, none, one},
                        {9, 64, 96, 1, {20, 20}, one, one, none, one},
                        {9, 64, 64, 64, {30, 30}, three, one, one, one}};
  for (const Case& c : cases) {
    const Tensor x = random_tensor(engine, c.x_sizes()), w = random_tensor(engine, c.w_sizes()),
                 g = random_tensor(engine, c.y_sizes()), bias = random_tensor(engine, {c.o});
    std::vector<char> first;
    for (const int threads : {1, 2, 3, 4}) {
      const Threads guard(threads);
      const std::vector<char> bits = all_bits(c, x, w, g, bias);
      if (first.empty()) first = bits;
      EXPECT_EQ(first, bits) << threads << " threads, " << c.text();
    }
    std::array<bool, 3> same{};
    std::vector<std::thread> threads;
    for (size_t i = 0; i < same.size(); ++i)
      threads.emplace_back([&, i] { same[i] = all_bits(c, x, w, g, bias) == first; });
    for (std::thread& t : threads) t.join();
    for (const bool s : same) EXPECT_TRUE(s) << c.text();
  }
}

TEST(DnnlConv, winograd_is_close_and_can_be_switched_off) {
  Engine engine(15);
  const std::vector<int64_t> one{1, 1}, three{3, 3};
  const Case c{4, 64, 64, 1, {32, 32}, three, one, one, one};
  const Tensor x = random_tensor(engine, c.x_sizes()), w = random_tensor(engine, c.w_sizes());
  const Tensor y = make_tensor(c.y_sizes(), kFloat), exact = make_tensor(c.y_sizes(), kDouble);
  cpu::reference_conv(exact, wide(x), wide(w), Tensor(), c.params());
  ASSERT_EQ(cpu::conv_algorithm(), cpu::ConvAlgorithm::fastest);
  kernels(kCPU).conv(y, x, w, Tensor(), c.params());
  EXPECT_LT(worst_error(y, exact), 3e-5);
  const std::vector<char> quick = bytes_of(y);
  cpu::set_conv_algorithm(cpu::ConvAlgorithm::direct);
  kernels(kCPU).conv(y, x, w, Tensor(), c.params());
  cpu::set_conv_algorithm(cpu::ConvAlgorithm::fastest);
  EXPECT_LT(worst_error(y, exact), 8e-6);
  kernels(kCPU).conv(y, x, w, Tensor(), c.params());
  EXPECT_EQ(quick, bytes_of(y));
}

TEST(DnnlConv, kept_plans_are_bounded) {
  for (int64_t size = 4; size < 304; ++size) {
    const Tensor x = make_tensor({1, 1, size}, kFloat), w = make_tensor({1, 1, 3}, kFloat),
                 y = make_tensor({1, 1, size - 2}, kFloat);
    cpu::fill(x, 1);
    cpu::fill(w, 2);
    kernels(kCPU).conv(y, x, w, Tensor(), {{1}, {0}, {1}, 1});
    EXPECT_EQ(cpu::data_of<float>(y)[size - 3], 6.0F);
  }
  EXPECT_LE(cpu::dnnl_conv_kept(), 256U);
}

}  // namespace
}  // namespace hearth::dnnl_test
