// Optimizers in double on a small valley: parameters, states and the closures' calls are LibTorch's.
#include <torch/torch.h>

#include <cstdio>
#include <functional>

using torch::Tensor;

/// A long way down, along a bend.
Tensor valley(const Tensor& x, const Tensor& y) {
  return (5 * (y - x.pow(2)).pow(2) + (1 - x).pow(2)).sum() + 0.1 * (x * y.flip(0)).sum();
}

void print(const char* name, int step, const Tensor& x) {
  std::printf("%s step %d", name, step);
  for (int64_t i = 0; i < x.numel(); ++i) std::printf(" %.9g", x[i].item<double>());
  std::printf("\n");
}

/// A bowl that shakes, so that no gradient dies away and roundings are not magnified.
Tensor bowl(const Tensor& x, int step) {
  const Tensor k = torch::arange(x.numel(), torch::kDouble);
  return ((0.15 + 0.1 * k) * x.pow(2) + 0.3 * x * (k + 0.37 * step).sin()).sum();
}

/// Numbers that every step has its part in, with 17 digits: these must be LibTorch's to 1e-10.
template <class Optimizer, class Options>
void follow_exactly(const char* name, Options options) {
  Tensor x = torch::tensor({1.5, -0.7, 0.2, 2.0}, torch::TensorOptions(torch::kDouble).requires_grad(true));
  Optimizer optimizer({x}, options);
  double path = 0;
  for (int step = 1; step <= 1001; ++step) {
    optimizer.zero_grad();
    bowl(x, step).backward();
    optimizer.step();
    for (int64_t i = 0; i < x.numel(); ++i)
      path += x[i].template item<double>() * static_cast<double>(1 + step % 7 + i);
    if (step % 143 == 0)
      std::printf("%s step %d path %.17g x %.17g %.17g\n", name, step, path, x[0].template item<double>(),
                  x[3].template item<double>());
  }
}

template <class Optimizer, class Options>
void follow(const char* name, Options options, int steps, int every) {
  const auto kind = torch::TensorOptions(torch::kDouble).requires_grad(true);
  Tensor x = torch::tensor({1.5, -0.7, 0.2}, kind), y = torch::tensor({-0.4, 0.9, 2.0}, kind);
  Optimizer optimizer({x, y}, options);
  for (int step = 1; step <= steps; ++step) {
    optimizer.step([&] {
      optimizer.zero_grad();
      Tensor loss = valley(x, y);
      loss.backward();
      return loss;
    });
    if (step % every) continue;
    print(name, step, x.detach());
    print(name, step, y.detach());
  }
}

/// L-BFGS down the bowl at rest: where the bowl shakes, its curvatures are of no one bowl and magnify roundings.
void follow_search(const char* name, torch::optim::LBFGSOptions options) {
  Tensor x = torch::tensor({1.5, -0.7, 0.2, 2.0}, torch::TensorOptions(torch::kDouble).requires_grad(true));
  torch::optim::LBFGS lbfgs({x}, options);
  double path = 0;
  for (int step = 1; step <= 1001; ++step) {
    lbfgs.step([&] {
      lbfgs.zero_grad();
      Tensor loss = bowl(x, 1);
      loss.backward();
      return loss;
    });
    for (int64_t i = 0; i < x.numel(); ++i) path += x[i].item<double>() * static_cast<double>(1 + step % 7 + i);
    if (step % 143 == 0) std::printf("%s step %d path %.9g x %.9g\n", name, step, path, x[0].item<double>());
  }
}

void counts(const char* name, torch::optim::LBFGSOptions options) {
  const auto kind = torch::TensorOptions(torch::kDouble).requires_grad(true);
  Tensor x = torch::tensor({1.5, -0.7, 0.2}, kind), y = torch::tensor({-0.4, 0.9, 2.0}, kind);
  torch::optim::LBFGS lbfgs({x, y}, options);
  for (int step = 1; step <= 3; ++step) {
    lbfgs.step([&] {
      lbfgs.zero_grad();
      Tensor loss = valley(x, y);
      loss.backward();
      return loss;
    });
    auto& state = static_cast<torch::optim::LBFGSParamState&>(*lbfgs.state().begin()->second);
    std::printf("%s step %d: %d iterations, %d calls, %d kept, t %.6g, loss %.6g\n", name, step,
                static_cast<int>(state.n_iter()), static_cast<int>(state.func_evals()),
                static_cast<int>(state.old_dirs().size()), state.t(), state.prev_loss());
    print("d", step, state.d());
  }
}

int main() {
  using namespace torch::optim;  // NOLINT
  follow<SGD>("SGD", SGDOptions(1e-3).momentum(0.9).dampening(0.2).weight_decay(0.1), 250, 50);
  follow<Adam>("Adam", AdamOptions(1e-2).betas({0.8, 0.95}).weight_decay(0.1).amsgrad(true), 250, 50);
  follow<AdamW>("AdamW", AdamWOptions(1e-2).betas({0.8, 0.95}).weight_decay(0.1), 250, 50);
  follow<Adagrad>("Adagrad", AdagradOptions(0.1).lr_decay(0.01).weight_decay(0.1).initial_accumulator_value(0.2), 250,
                  50);
  follow<RMSprop>("RMSprop", RMSpropOptions(1e-3).alpha(0.9).weight_decay(0.1), 250, 50);
  follow<RMSprop>("RMSprop.centered", RMSpropOptions(1e-4).momentum(0.9).centered(true), 250, 50);
  follow_exactly<SGD>("SGD", SGDOptions(1e-3).momentum(0.9).nesterov(true).weight_decay(0.1));
  follow_exactly<SGD>("SGD.dampened", SGDOptions(1e-3).momentum(0.9).dampening(0.2));
  follow_exactly<Adam>("Adam", AdamOptions(1e-2).betas({0.8, 0.95}).weight_decay(0.1));
  follow_exactly<Adam>("Adam.amsgrad", AdamOptions(1e-2).betas({0.8, 0.95}).amsgrad(true));
  follow_exactly<AdamW>("AdamW", AdamWOptions(1e-2).betas({0.8, 0.95}).weight_decay(0.1).amsgrad(true));
  follow_exactly<Adagrad>("Adagrad", AdagradOptions(0.1).lr_decay(0.01).weight_decay(0.1));
  follow_exactly<RMSprop>("RMSprop", RMSpropOptions(1e-3).alpha(0.9).weight_decay(0.1));
  follow_exactly<RMSprop>("RMSprop.centered", RMSpropOptions(1e-4).momentum(0.9).centered(true));
  follow<LBFGS>("LBFGS", LBFGSOptions(0.1).max_iter(5).history_size(4), 10, 1);
  follow<LBFGS>("LBFGS.wolfe", LBFGSOptions(1).max_iter(6).line_search_fn("strong_wolfe"), 4, 1);
  follow_search("LBFGS", LBFGSOptions(0.005).max_iter(2).history_size(4).tolerance_change(0));
  follow_search("LBFGS.wolfe", LBFGSOptions(1).max_iter(4).history_size(5).line_search_fn("strong_wolfe"));
  counts("LBFGS", LBFGSOptions(0.5).max_iter(7).history_size(5));
  counts("LBFGS.wolfe", LBFGSOptions(1).max_iter(8).line_search_fn("strong_wolfe"));
}
