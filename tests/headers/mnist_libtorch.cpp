// A training program as people write it for LibTorch, unchanged: convolutions on MNIST, a data loader, SGD, save and
// load. It knows nothing of hearth; the door must let it in, within the budget for headers.
// mnist_libtorch FOLDER [EPOCHS]
#include <torch/torch.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

struct Net : torch::nn::Module {
  Net()
      : conv1(torch::nn::Conv2dOptions(1, 10, /*kernel_size=*/5)),
        conv2(torch::nn::Conv2dOptions(10, 20, /*kernel_size=*/5)),
        fc1(320, 50),
        fc2(50, 10) {
    register_module("conv1", conv1);
    register_module("conv2", conv2);
    register_module("conv2_drop", conv2_drop);
    register_module("fc1", fc1);
    register_module("fc2", fc2);
  }

  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(torch::max_pool2d(conv1->forward(x), 2));
    x = torch::relu(torch::max_pool2d(conv2_drop->forward(conv2->forward(x)), 2));
    x = x.view({-1, 320});
    x = torch::relu(fc1->forward(x));
    x = torch::dropout(x, /*p=*/0.5, /*training=*/is_training());
    x = fc2->forward(x);
    return torch::log_softmax(x, /*dim=*/1);
  }

  torch::nn::Conv2d conv1;
  torch::nn::Conv2d conv2;
  torch::nn::Dropout2d conv2_drop;
  torch::nn::Linear fc1;
  torch::nn::Linear fc2;
};

template <typename DataLoader>
void train(size_t epoch, Net& model, torch::Device device, DataLoader& data_loader, torch::optim::Optimizer& optimizer,
           size_t dataset_size) {
  model.train();
  size_t batch_idx = 0;
  for (auto& batch : data_loader) {
    auto data = batch.data.to(device), targets = batch.target.to(device);
    optimizer.zero_grad();
    auto output = model.forward(data);
    auto loss = torch::nll_loss(output, targets);
    AT_ASSERT(!std::isnan(loss.template item<float>()));
    loss.backward();
    optimizer.step();
    if (batch_idx++ % 50 == 0) {
      std::printf("\rTrain Epoch: %zu [%5zu/%5zu] Loss: %.4f", epoch,
                  batch_idx * static_cast<size_t>(batch.data.size(0)), dataset_size,
                  static_cast<double>(loss.template item<float>()));
    }
  }
}

template <typename DataLoader>
double test(Net& model, torch::Device device, DataLoader& data_loader, size_t dataset_size) {
  torch::NoGradGuard no_grad;
  model.eval();
  double test_loss = 0;
  int64_t correct = 0;
  for (const auto& batch : data_loader) {
    auto data = batch.data.to(device), targets = batch.target.to(device);
    auto output = model.forward(data);
    test_loss += static_cast<double>(
        torch::nll_loss(output, targets, /*weight=*/{}, torch::Reduction::Sum).template item<float>());
    auto pred = output.argmax(1);
    correct += pred.eq(targets).sum().template item<int64_t>();
  }
  const double accuracy = static_cast<double>(correct) / static_cast<double>(dataset_size);
  std::printf("\nTest set: Average loss: %.4f | Accuracy: %.3f\n", test_loss / static_cast<double>(dataset_size),
              accuracy);
  return accuracy;
}

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: mnist_libtorch FOLDER [EPOCHS]\n";
    return 2;
  }
  const std::string root = argv[1];
  const size_t epochs = argc > 2 ? static_cast<size_t>(std::atoi(argv[2])) : 3;
  torch::manual_seed(1);
  torch::DeviceType device_type = torch::cuda::is_available() ? torch::kCUDA : torch::kCPU;
  torch::Device device(device_type);

  auto model = std::make_shared<Net>();
  model->to(device);

  auto train_dataset = torch::data::datasets::MNIST(root)
                           .map(torch::data::transforms::Normalize<>(0.1307, 0.3081))
                           .map(torch::data::transforms::Stack<>());
  const size_t train_size = train_dataset.size().value();
  auto train_loader = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(std::move(train_dataset),
                                                                                              /*batch_size=*/64);

  auto test_dataset = torch::data::datasets::MNIST(root, torch::data::datasets::MNIST::Mode::kTest)
                          .map(torch::data::transforms::Normalize<>(0.1307, 0.3081))
                          .map(torch::data::transforms::Stack<>());
  const size_t test_size = test_dataset.size().value();
  auto test_loader = torch::data::make_data_loader(std::move(test_dataset), /*batch_size=*/1000);

  torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(0.01).momentum(0.5));
  double accuracy = 0;
  for (size_t epoch = 1; epoch <= epochs; ++epoch) {
    train(epoch, *model, device, *train_loader, optimizer, train_size);
    accuracy = test(*model, device, *test_loader, test_size);
  }

  torch::save(model, "mnist_libtorch.pt");
  auto restored = std::make_shared<Net>();
  torch::load(restored, "mnist_libtorch.pt");
  for (const auto& weight : model->named_parameters()) {
    TORCH_CHECK(torch::equal(weight.value(), restored->named_parameters()[weight.key()]), weight.key(), " differs");
  }
  std::cout << "saved and loaded " << model->parameters().size() << " tensors, the first of "
            << model->parameters()[0].sizes() << std::endl;
  return accuracy > 0.9 ? 0 : 1;
}
