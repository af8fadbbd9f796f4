// A LibTorch program of the smallest kind.
#include <torch/torch.h>

int main() {
  torch::manual_seed(0);
  torch::Tensor x = torch::ones({2, 3}, torch::requires_grad());
  (x * x).sum().backward();
  return torch::equal(x.grad(), torch::full({2, 3}, 2.0)) ? 0 : 1;
}
