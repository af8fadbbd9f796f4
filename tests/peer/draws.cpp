// Distributions from one seed, windows and triangles of indices.
#include <torch/torch.h>

#include <iostream>
#include <string>

namespace {

void show(const std::string& what, const torch::Tensor& t) {
  const torch::Tensor x = t.detach().to(torch::kDouble).contiguous();
  std::cout << what << " " << t.sizes() << ":";
  for (int64_t i = 0; i < x.numel(); ++i) std::cout << " " << x.data_ptr<double>()[i];
  std::cout << "\n";
}

void show_draws(torch::Dtype dtype) {
  const std::string name = dtype == torch::kFloat ? "float " : "double ";
  const auto drawn = [&](const char* what, auto&& draw) {
    torch::manual_seed(11);
    torch::Tensor t = torch::zeros({3, 7}, dtype);
    draw(t);
    show(name + what, t);
  };
  drawn("cauchy_", [](torch::Tensor& t) { t.cauchy_(); });
  drawn("cauchy_(1, 0.5)", [](torch::Tensor& t) { t.cauchy_(1, 0.5); });
  drawn("log_normal_", [](torch::Tensor& t) { t.log_normal_(); });
  drawn("log_normal_(0, 0.5)", [](torch::Tensor& t) { t.log_normal_(0, 0.5); });
  drawn("geometric_", [](torch::Tensor& t) { t.geometric_(0.2); });
  drawn("exponential_", [](torch::Tensor& t) { t.exponential_(2); });
  drawn("transposed", [](torch::Tensor& t) { t.t().cauchy_(); });
  drawn("uniform_, sliced", [](torch::Tensor& t) { t.narrow(1, 2, 3).t().uniform_(); });
  drawn("random_, transposed", [](torch::Tensor& t) { t.t().random_(0, 50); });
  drawn("normal_, transposed", [](torch::Tensor& t) { t.narrow(1, 0, 2).t().normal_(); });
  for (const double rate : {0.0, 0.3, 4.0, 9.9, 10.0, 35.5, 1e4, 1e9})
    drawn("poisson", [rate](torch::Tensor& t) { t = torch::poisson(t + rate); });
  for (const double count : {0.0, 1.0, 9.0, 25.0, 400.0, 1e5})
    for (const double p : {0.0, 0.01, 0.3, 0.5, 0.8, 1.0})
      drawn("binomial", [count, p](torch::Tensor& t) { t = torch::binomial(t + count, t + p); });
}

void show_windows(const torch::TensorOptions& options, const std::string& name) {
  for (const int64_t n : {0, 1, 2, 3, 8, 9}) {
    const std::string length = name + std::to_string(n);
    show("bartlett " + length, torch::bartlett_window(n, options));
    show("blackman " + length, torch::blackman_window(n, options));
    show("hamming " + length, torch::hamming_window(n, options));
    show("hann " + length, torch::hann_window(n, options));
    show("kaiser " + length, torch::kaiser_window(n, options));
    for (const bool periodic : {false, true}) {
      show("bartlett " + length, torch::bartlett_window(n, periodic, options));
      show("blackman " + length, torch::blackman_window(n, periodic, options));
      show("hamming " + length, torch::hamming_window(n, periodic, options));
      show("hamming of alpha " + length, torch::hamming_window(n, periodic, 0.6, options));
      show("hamming of both " + length, torch::hamming_window(n, periodic, 0.6, 0.3, options));
      show("hann " + length, torch::hann_window(n, periodic, options));
      show("kaiser " + length, torch::kaiser_window(n, periodic, options));
      show("kaiser of beta " + length, torch::kaiser_window(n, periodic, 3.5, options));
    }
  }
}

}  // namespace

int main() {
  std::cout.precision(7);
  show_draws(torch::kFloat);
  show_draws(torch::kDouble);
  torch::manual_seed(3);
  show("geometric_ of integers", torch::zeros({12}, torch::kLong).geometric_(0.1));
  show_windows(torch::kFloat, "float ");
  show_windows(torch::kDouble, "double ");
  for (const int64_t offset : {-2, -1, 0, 1, 3}) {
    show("tril_indices", torch::tril_indices(3, 4, offset));
    show("triu_indices", torch::triu_indices(4, 3, offset));
  }
  show("tril_indices of nothing", torch::tril_indices(0, 4));
  const torch::Tensor x = torch::tensor({{0.0, -0.5, 3.0}, {1e-310, -1024.0, 0.1}}, torch::kDouble);
  const auto [mantissa, exponent] = torch::frexp(x);
  show("mantissa", mantissa);
  show("exponent", exponent);
  show("angle", torch::angle(x));
  show("fliplr", torch::fliplr(x));
  show("flipud", torch::flipud(x));
  std::cout << torch::result_type(x, torch::ones({}, torch::kLong)) << " "
            << torch::result_type(torch::ones({2}, torch::kInt), 1.5) << " " << torch::result_type(1, 2.5) << " "
            << torch::promote_types(torch::kByte, torch::kChar) << " " << torch::can_cast(torch::kFloat, torch::kInt)
            << torch::can_cast(torch::kInt, torch::kBool) << torch::can_cast(torch::kBool, torch::kHalf) << "\n";
}
