// Writes the files libtorch_*.pt with LibTorch; tools/peer_files.py builds and runs it.
#include <torch/torch.h>

int main(int, char** argv) {
  const std::string folder = std::string(argv[1]) + "/libtorch_";
  torch::nn::Sequential net(torch::nn::Linear(2, 3), torch::nn::BatchNorm1d(3));
  {
    torch::NoGradGuard guard;
    int64_t number = 0;
    for (auto& p : net->parameters()) p.copy_(torch::arange(p.numel()).view(p.sizes()) + 10 * number++);
  }
  torch::save(net, folder + "module.pt");
  torch::save(torch::arange(6).view({2, 3}).t(), folder + "tensor.pt");
  torch::save(std::vector<torch::Tensor>{torch::ones({2}), torch::zeros({1}, torch::kLong)}, folder + "tensors.pt");

  const auto step = [&](torch::optim::Optimizer& optimizer) {
    for (auto& p : net->parameters()) p.mutable_grad() = torch::ones_like(p);
    optimizer.step();
    optimizer.step();
  };
  torch::optim::Adam adam(net->parameters(), torch::optim::AdamOptions(0.125).betas({0.5, 0.75}));
  step(adam);
  torch::save(adam, folder + "adam.pt");
  torch::optim::SGD sgd(net->parameters(), torch::optim::SGDOptions(0.25).momentum(0.5));
  step(sgd);
  torch::save(sgd, folder + "sgd.pt");
}
