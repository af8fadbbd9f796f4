// A program of a user: tensors, a gradient, a shape error that crosses the library's boundary and is caught by its
// type.
#include <cstdio>

#include "hearth/error.h"
#include "hearth/ops.h"
#include "hearth/tensor.h"
#include "hearth/version.h"

int main() {
  hearth::manual_seed(0);
  hearth::Tensor weight = hearth::randn({4, 3}).requires_grad_(true);
  hearth::Tensor x = hearth::ones({5, 4});
  hearth::exp(x.matmul(weight)).sum().backward();
  if (weight.grad().sizes() != weight.sizes()) return 1;

  bool caught = false;
  try {
    x.matmul(hearth::ones({5, 4}));
  } catch (const hearth::ShapeError& error) {
    caught = true;
    std::printf("%s\n", error.what());
  }
  std::printf("hearth %s\n", hearth::version());
  return caught ? 0 : 1;
}
