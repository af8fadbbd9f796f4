// Operations bound by memory, on 4096x4096 floats.
#include "bench.h"

int main() {
  bench::init();
  torch::NoGradGuard no_grad;
  constexpr int64_t n = 4096;
  auto x = bench::floats({n, n}, 1, -3, 3);
  auto row = bench::floats({n}, 2), weight = bench::floats({n}, 3);
  double size = 4.0 * n * n;
  std::vector<bench::Part> parts;
  torch::Tensor y;
  auto add = [&](const char* name, double bytes, auto&& step) {
    for (int i = 0; i < 3; ++i) step();
    bench::Part p;
    p.name = name;
    p.metric = "seconds per op";
    p.bytes = bytes;
    // The mean of a softmax tells nothing: two of the values do.
    p.check = y.mean().item<float>() + y.flatten()[7].item<float>() + y.flatten()[4000].item<float>();
    bench::measure(p, step, 1.2, 8);
    parts.push_back(p);
  };
  add("gelu", 2 * size, [&] { y = torch::gelu(x); });
  add("softmax", 2 * size, [&] { y = torch::softmax(x, -1); });
  add("layer_norm", 2 * size, [&] { y = torch::layer_norm(x, {n}, weight, row); });
  add("sum_dim0", size, [&] { y = x.sum(0); });
  add("sum_dim1", size, [&] { y = x.sum(1); });
  add("exp", 2 * size, [&] { y = torch::exp(x); });
  add("add_broadcast", 2 * size, [&] { y = x + row; });
  add("relu_inplace", 2 * size, [&] { y = x.relu_(); });
  bench::print("elementwise", parts);
}
