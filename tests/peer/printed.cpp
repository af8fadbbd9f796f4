// Tensors as streams show them.
#include <torch/torch.h>

#include <iostream>
#include <limits>

namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();
const double kInf = std::numeric_limits<double>::infinity();

torch::Tensor numbers(torch::IntArrayRef sizes, double step) {
  int64_t count = 1;
  for (const int64_t size : sizes) count *= size;
  return (torch::arange(count, torch::kDouble) * step).sin().reshape(sizes);
}

void show(const torch::Tensor& t) { std::cout << t << "\n\n"; }

void show_shapes() {
  for (const int64_t columns : {1, 7, 8, 9, 10, 11, 25, 100, 1000}) {
    show(numbers({2, columns}, 0.7));
    show(numbers({columns}, 0.7));
    show((numbers({3, columns}, 0.7) * 1000).to(torch::kLong));
  }
  show(numbers({1000, 2}, 0.3));
  show(numbers({3, 2, 4}, 1.1));
  show(numbers({2, 3, 2, 12}, 1.3));
  show(numbers({2, 1, 2, 1, 3}, 1.3));
  for (const auto& sizes : std::vector<std::vector<int64_t>>{{}, {0}, {0, 3}, {3, 0}, {2, 0, 3}, {1, 1, 0}})
    show(torch::zeros(sizes));
}

void show_scales() {
  for (const double scale : {1e-30, 1e-7, 1e-4, 0.1, 1.0, 9.9999, 99.99996, 1e3, 99999.0, 1e5, 1e8, 1e15, 1e30, 1e300})
    show(numbers({2, 5}, 0.9) * scale);
  show(torch::tensor({1e-8, 1.0, 1e8}, torch::kDouble));
  show(torch::tensor({{1e-3, 1.0}, {1e4, 123456.789}}, torch::kDouble));
  show(torch::tensor({1.0, 2.0, 300.0}));
  show(torch::tensor({1e10, 2e10}));
  show(torch::tensor({-0.0, 0.0}));
  show(torch::tensor({kNaN, 1.0, -2.5}, torch::kDouble));
  show(torch::tensor({kInf, -kInf, 1.0}, torch::kDouble));
  show(torch::tensor({kNaN, kInf}, torch::kDouble));
  show(torch::tensor({kNaN, 1e9, 1e-9}, torch::kDouble));
  show(torch::full({2, 2, 2}, kNaN));
  show(torch::full({}, kNaN));
  show(torch::full({}, -kInf));
  show(torch::full({}, 3.14159));
  show(torch::full({}, 12345678.9));
  show(torch::full({}, 1e-9));
}

void show_dtypes() {
  const torch::Tensor x = numbers({2, 12}, 0.8) * 90;
  for (const torch::Dtype dtype : {torch::kFloat, torch::kDouble, torch::kHalf, torch::kBFloat16, torch::kLong,
                                   torch::kInt, torch::kShort, torch::kChar, torch::kByte, torch::kBool}) {
    show(x.abs().to(dtype));
    show(x.abs().to(dtype).select(0, 0).select(0, 1));
    show(torch::empty({0}, dtype));
  }
  show(torch::tensor({std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min(), int64_t{0}}));
  show(torch::tensor({{true, false}, {false, false}}));
  show(x.t());
  show(x.select(0, 1).expand({3, 12}));
  show(torch::Tensor());
  show(x.clone().requires_grad_());
}

}  // namespace

int main() {
  show_shapes();
  show_scales();
  show_dtypes();
}
