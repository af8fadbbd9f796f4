// Pictures in folders, one a class: decoded, cut and turned at random, and learnt. image_folder FOLDER; without it some
// are drawn: bright stripes that lie or stand.
#include "hearth/data/image_folder.h"

#include <cstdio>
#include <filesystem>

#include "hearth/data.h"
#include "hearth/data/vision.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "support.h"

using namespace hearth;

namespace {
void draw(const std::string& root) {
  for (const char* kind : {"lying", "standing"}) {
    std::filesystem::create_directory(root + "/" + kind);
    for (int64_t i = 0; i < 60; ++i) {
      Tensor picture = (rand({3, 32, 32}) * 80).to(kByte);
      const bool lies = kind[0] == 'l';
      for (int64_t at = i % 6; at < 32; at += 6) picture.narrow(lies ? 1 : 2, at, 1).fill_(200);
      io::write_png(picture, root + "/" + kind + "/" + std::to_string(i) + ".png");
    }
  }
}
}  // namespace

int main(int argc, char** argv) {
  manual_seed(0);
  data::datasets::ImageFolderOptions options;
  options.transform = [](Tensor picture) {  // its random numbers are the sample's own, whichever thread makes it
    Tensor x = picture.to(kFloat) / 255;
    return rand({1}).item<float>() < 0.5 ? x.flip({2}) : x;
  };
  const support::ScratchFolder drawn;
  if (argc < 2) draw(drawn.path());
  data::datasets::ImageFolder pictures(argc > 1 ? argv[1] : drawn.path(), options);
  const auto classes = static_cast<int64_t>(pictures.classes().size());
  const auto loader = data::make_data_loader<data::samplers::RandomSampler>(pictures.map(data::transforms::Stack<>()),
                                                                            data::DataLoaderOptions(20).workers(2));

  nn::Sequential net(nn::Conv2d(nn::Conv2dOptions(3, 8, 3)), nn::ReLU(), nn::AdaptiveAvgPool2d(1), nn::Flatten(),
                     nn::Linear(8, classes));
  optim::Adam adam(net->parameters(), optim::AdamOptions(2e-2));
  double accuracy = 0;
  for (int epoch = 1; epoch <= 15; ++epoch) {
    double right = 0, seen = 0;
    for (auto& batch : *loader) {
      adam.zero_grad();
      const Tensor scores = net->forward(batch.data);
      cross_entropy_loss(scores, batch.target).backward();
      adam.step();
      right += scores.argmax(1).eq(batch.target).sum().item<double>();
      seen += static_cast<double>(batch.data.size(0));
    }
    accuracy = right / seen;
    if (epoch % 5 == 0) std::printf("epoch %2d  accuracy %.3f\n", epoch, accuracy);
  }
  return accuracy > 0.9 ? 0 : 1;
}
